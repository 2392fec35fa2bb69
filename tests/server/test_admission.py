"""What is in work is bounded by what requests bring, however many there are and from however many callers."""

from contextlib import ExitStack

import pytest
from mojaz_server.admission import BULKY, CHARS_PER_TOKEN, Admission
from mojaz_server.call import Call, current_call
from mojaz_server.errors import ServerFull


def admission(limit: int = 100, seconds: float = 7.0) -> Admission:
    return Admission(limit, lambda: seconds)


def enter(held: ExitStack, door: Admission, caller: str, tokens: int) -> None:
    current_call.set(Call(caller))
    held.enter_context(door.admitted((tokens - 1) * CHARS_PER_TOKEN))


def test_a_full_server_says_when_to_come_back_until_there_is_room() -> None:
    door = admission()
    with ExitStack() as held:
        enter(held, door, "one", 100)
        with pytest.raises(ServerFull, match="limit is 100") as caught:
            enter(held, door, "one", 1)
        assert (caught.value.retry_after, door.refused) == (7.0, 1)
    assert door.tokens == 0
    with ExitStack() as held:
        enter(held, door, "one", 1)


def test_calls_that_come_at_once_are_counted_before_anything_is_queued() -> None:
    door, let_in = admission(1000), 0
    with ExitStack() as held, pytest.raises(ServerFull):
        while True:
            enter(held, door, "one", 90)
            let_in += 1
    assert let_in == 12


def test_the_largest_request_is_let_in_as_soon_as_there_is_any_room() -> None:
    door = admission()
    with ExitStack() as held:
        enter(held, door, "one", 99)
        enter(held, door, "one", 5000)
        assert door.tokens == 5099


def test_many_empty_texts_are_not_free() -> None:
    door = admission()
    with door.admitted(0, texts=100), pytest.raises(ServerFull), door.admitted(0):
        pass


def test_there_is_room_for_a_caller_with_less_than_the_others_but_not_without_end() -> None:
    door = admission()
    with ExitStack() as held:
        enter(held, door, "archive", 120)
        enter(held, door, "editor", 10)
        enter(held, door, "editor", 10)
        with pytest.raises(ServerFull):
            enter(held, door, "archive", 10)
        with pytest.raises(ServerFull):
            for number in range(1000):
                enter(held, door, f"caller {number}", 10)
        assert door.tokens == 200


def test_few_archives_come_in_at_once() -> None:
    door = admission()
    with ExitStack() as held:
        for _ in range(BULKY):
            held.enter_context(door.bulky())
        with pytest.raises(ServerFull):
            held.enter_context(door.bulky())
    with door.bulky():
        pass
