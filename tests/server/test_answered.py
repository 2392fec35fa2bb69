"""The loop of a stream: as many in the making as it may have, and none read that nobody takes the answers of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from mojaz_server.errors import Unavailable
from mojaz_server.rpc.service import answered

MANY = 50


class Asked:
    """A caller's requests, how many of them were read and how many are held until their answer is taken."""

    def __init__(self) -> None:
        self.read = self.held = 0

    async def requests(self) -> AsyncIterator[int]:
        for number in range(MANY):
            self.read += 1
            yield number

    @asynccontextmanager
    async def answer(self, number: int) -> AsyncIterator[int]:
        self.held += 1
        yield -number
        self.held -= 1


async def settled() -> None:
    for _ in range(100):
        await asyncio.sleep(0)


async def test_a_reader_who_does_not_read_is_waited_for() -> None:
    asked = Asked()
    answers = answered(asked.requests(), asked.answer, 4, asyncio.Event())
    await anext(answers)
    await settled()
    assert (asked.read, asked.held) == (4, 4)
    for taken in range(2, 11):
        await anext(answers)
        await settled()
        assert (asked.read, asked.held) == (taken + 3, 4)
    rest = [answer async for answer in answers]
    assert (asked.read, asked.held, len(rest)) == (MANY, 0, MANY - 10)


async def test_a_closing_server_answers_what_it_read_and_says_so() -> None:
    asked, closing = Asked(), asyncio.Event()
    answers = answered(asked.requests(), asked.answer, 4, closing)
    await anext(answers)
    await settled()
    closing.set()
    taken = 1
    with pytest.raises(Unavailable):
        async for _ in answers:
            taken += 1
    assert taken == asked.read < MANY
    assert not asked.held
