"""One bidirectional stream driven by an event loop, in bounded memory."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from typing import Any

import grpc

from mojaz_client._calls import WINDOW, Batch
from mojaz_client.errors import DeadlineExceeded, MojazError, error_from_call
from mojaz_client.records import Outcome, TranslationOutcome


class _End:
    """The last event of a stream: why it ended, None if it ended well."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


async def exchange(
    method: Callable[[], Any],
    batch: Batch[Any, Any, Any, Any],
    items: Iterable[Any] | AsyncIterable[Any],
    timeout: float,  # noqa: ASYNC109
    address: str,
) -> AsyncIterator[Any]:
    """The outcomes of all items; `timeout` is in seconds for each answer."""
    call = method()
    events: asyncio.Queue[Any] = asyncio.Queue()
    window = asyncio.Semaphore(WINDOW)
    tasks = (
        asyncio.create_task(_send(call, batch, items, events, window)),
        asyncio.create_task(_receive(call, batch, events, address)),
    )
    try:
        while not isinstance(event := await _next_event(events, batch, timeout), _End):
            window.release()
            yield event
        if event.error:
            raise event.error
        batch.finish()
    finally:
        call.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(
    call: Any,
    batch: Batch[Any, Any, Any, Any],
    items: Iterable[Any] | AsyncIterable[Any],
    events: asyncio.Queue[Any],
    window: asyncio.Semaphore,
) -> None:
    try:
        source = aiter(items) if isinstance(items, AsyncIterable) else _each(items)
        while await window.acquire():
            try:
                item = await anext(source)
            except StopAsyncIteration:
                break
            message = batch.send(item)
            if isinstance(message, Outcome | TranslationOutcome):
                await events.put(message)
            else:
                await call.write(message)
        await call.done_writing()
    except (grpc.RpcError, asyncio.InvalidStateError):
        pass  # the stream is over: the receiving half knows why
    except Exception as error:  # the caller's own iterable failed: that is the caller's to see
        await events.put(_End(error))


async def _each(items: Iterable[Any]) -> AsyncIterator[Any]:
    for item in items:
        yield item


async def _receive(call: Any, batch: Batch[Any, Any, Any, Any], events: asyncio.Queue[Any], address: str) -> None:
    end = _End()
    try:
        async for answer in call:
            await events.put(batch.receive(answer))
    except grpc.RpcError as error:
        end = _End(error_from_call(error, address))
    except MojazError as error:
        end = _End(error)
    await events.put(end)


async def _next_event(events: asyncio.Queue[Any], batch: Batch[Any, Any, Any, Any], timeout: float) -> Any:  # noqa: ASYNC109
    while True:
        open_before = batch.waiting
        try:
            async with asyncio.timeout(timeout):
                return await events.get()
        except TimeoutError:
            silent = open_before > 0  # what is open now and was open then has waited all that time
        if silent:
            raise DeadlineExceeded(f"no answer for {timeout:g} s, {batch.waiting} items are open")
