"""Quotas of callers: counted exactly, with the time given, and forgotten when there is nothing to remember."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from mojaz_server import call, errors
from mojaz_server.rpc import quota as quota_module
from mojaz_server.rpc.quota import Quota, item_by_item


def begun(quota: Quota, caller: str, now: float) -> int:
    """How many calls the caller may begin, one after the other."""
    for count in range(10_000):
        if quota.begin(caller, now):
            return count
    raise AssertionError("no limit")


def test_calls_at_once_are_limited_for_each_caller() -> None:
    quota = Quota(2, 0)
    with quota.call("desk", 0.0), quota.call("desk", 0.0):
        with pytest.raises(errors.QuotaExceeded) as caught, quota.call("desk", 0.0):
            pass
        assert caught.value.retry_after > 0
        with quota.call("wire", 0.0):
            pass
    with quota.call("desk", 0.0):
        pass
    assert not quota._running


def test_a_minutes_calls_come_back_one_by_one() -> None:
    quota = Quota(0, 6)
    assert begun(quota, "desk", 100.0) == 6
    assert begun(quota, "wire", 100.0) == 6
    wait = quota.begin("desk", 104.0)
    assert wait == pytest.approx(6.0)
    assert quota.begin("desk", 104.0 + wait) == 0.0
    assert quota.begin("desk", 104.0 + wait) == pytest.approx(10.0)
    assert begun(quota, "desk", 400.0) == 6


@pytest.mark.parametrize("per_minute", [1, 7, 1000, 1_000_000])
def test_who_waits_as_told_is_served_whatever_the_rounding(per_minute: int) -> None:
    quota, now = Quota(0, per_minute), 12345.678
    quota._left["desk"] = 0.0, now
    for _ in range(1000):
        now += quota.begin("desk", now)
        assert quota.begin("desk", now) == 0.0


def test_a_refused_call_takes_nothing() -> None:
    quota = Quota(1, 2)
    with quota.call("desk", 0.0):
        for _ in range(10):
            with pytest.raises(errors.QuotaExceeded), quota.call("desk", 0.0):
                pass
    with quota.call("desk", 0.0):
        pass
    for _ in range(10):
        with pytest.raises(errors.QuotaExceeded, match="2 calls in a minute"), quota.call("desk", 0.0):
            pass
    assert not quota._running


def test_callers_without_a_debt_are_forgotten() -> None:
    quota = Quota(1, 10)
    for i in range(5000):
        with quota.call(f"caller {i}", i / 10):
            pass
    assert len(quota._left) <= 601, "those of the last minute"
    with quota.call("late", 10_000.0):
        assert [*quota._left] == ["late"]
    assert not quota._running


def test_no_number_of_callers_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota_module, "_MOST_CALLERS", 100)
    quota = Quota(0, 10)
    for i in range(1000):
        quota.begin(f"caller {i}", 0.0)
    assert len(quota._left) <= 101


async def endless() -> AsyncIterator[int]:
    for i in range(10**9):
        yield i


class Answering:
    """A method that answers every request when it is told to, and counts what it has in the making."""

    def __init__(self) -> None:
        self.making = 0
        self.allowed = asyncio.Semaphore(0)

    async def __call__(self, requests: AsyncIterator[int], context: object) -> AsyncIterator[int]:
        done: asyncio.Queue[int] = asyncio.Queue()

        async def read() -> None:
            async for request in requests:
                self.making += 1
                done.put_nowait(request)

        reader = asyncio.create_task(read())
        try:
            while True:
                await self.allowed.acquire()
                request = await done.get()
                self.making -= 1
                yield request
        finally:
            reader.cancel()


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_stream_has_as_many_items_in_the_making_as_its_caller_may_have_calls() -> None:
    quota, method = Quota(3, 0), Answering()
    call.current_call.set(call.Call("desk"))
    with quota.call("desk", 0.0):
        async with contextlib.aclosing(item_by_item(method, quota, lambda: 0.0)(endless(), None)) as answers:  # type: ignore[arg-type]
            method.allowed.release()
            await anext(answers)
            for _ in range(5):
                method.allowed.release()
                await anext(answers)
                await settled()
                assert method.making <= 3
                assert quota._running["desk"] <= 3
            with pytest.raises(errors.QuotaExceeded), quota.call("desk", 0.0):
                pass
        assert quota._running["desk"] == 1
    assert not quota._running


async def test_a_stream_goes_on_with_one_item_while_other_calls_have_the_places() -> None:
    quota, method = Quota(2, 0), Answering()
    call.current_call.set(call.Call("desk"))
    with quota.call("desk", 0.0), quota.call("desk", 0.0):
        async with contextlib.aclosing(item_by_item(method, quota, lambda: 0.0)(endless(), None)) as answers:  # type: ignore[arg-type]
            for i in range(5):
                method.allowed.release()
                assert await anext(answers) == i
                await settled()
                assert method.making <= 1
    assert not quota._running


async def test_a_stream_waits_for_its_next_call_of_the_minute() -> None:
    quota, method, now = Quota(0, 60_000), Answering(), 0.0
    call.current_call.set(call.Call("desk"))
    quota._left["desk"] = 3.0, now

    def clock() -> float:
        return now

    with quota.call("desk", 0.0):
        async with contextlib.aclosing(item_by_item(method, quota, clock)(endless(), None)) as answers:  # type: ignore[arg-type]
            for i in range(3):
                method.allowed.release()
                assert await anext(answers) == i
            method.allowed.release()
            fourth = asyncio.ensure_future(anext(answers))
            await asyncio.sleep(0.01)
            assert not fourth.done(), "the clock stands still"
            now = 0.001
            assert await fourth == 3
    assert not quota._running
