"""The batcher on a real CTranslate2 model: what waits together is translated together, and a failure hits only the guilty."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from mojaz_server.engine.batcher import Batcher
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Output, Translator
from mojaz_server.errors import EngineFailed, ServerFull, Unavailable
from mojaz_server.pipeline.records import Priority

POISON = "سم"


class Watched(Translator):
    """A real model that keeps the batches it was given, and fails on one word as a broken model would."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        self.batches: list[list[str]] = []

    def translate_batch(self, texts: Sequence[str], beam: int = 0) -> list[Output]:
        self.batches.append(list(texts))
        if POISON in texts:
            raise EngineFailed("poisoned")
        return super().translate_batch(texts, beam)


@asynccontextmanager
async def batching(tiny: Path, batch_tokens: int = 1024, max_queued: int = 1000) -> AsyncIterator[tuple[Batcher, Watched]]:
    model = Watched(Bundle.load(tiny))
    batcher = Batcher(workers=1, batch_tokens=batch_tokens, max_queued=max_queued)
    batcher.start(model)
    yield batcher, model
    await batcher.close()


async def ask(batcher: Batcher, texts: list[str], beam: int = 1, priority: Priority = Priority.INTERACTIVE) -> list[object]:
    return await asyncio.gather(*(batcher.translate(text, beam, priority) for text in texts), return_exceptions=True)


async def until_queued(batcher: Batcher, many: int) -> None:
    async with asyncio.timeout(10):
        while batcher.queued < many:  # noqa: ASYNC110  # the batcher has no event for this, and needs none
            await asyncio.sleep(0)


async def test_sentences_of_different_callers_share_a_batch(tiny: Path) -> None:
    async with batching(tiny) as (batcher, model):
        one, two = await asyncio.gather(ask(batcher, ["خبر"] * 5), ask(batcher, ["نفط"] * 5))
        assert len(one) == len(two) == 5
        assert max(map(len, model.batches)) >= 9, "all but the first wait together and must be merged"
        assert len(model.batches) <= 2


async def test_a_batch_alone_and_a_batch_together_say_the_same(tiny: Path) -> None:
    texts = ["قال وزير الخارجية", "ارتفعت أسعار النفط بنسبة 3.5%", "خبر", "أعلنت وزارة الصحة مقتل 12 شخصا"]
    async with batching(tiny) as (batcher, _):
        together = await ask(batcher, texts, beam=4)
        for text, found in zip(texts, together, strict=True):
            (alone,) = await ask(batcher, [text], beam=4)
            assert alone.text == found.text  # type: ignore[attr-defined]


async def test_a_batch_keeps_to_its_size_padding_counted(tiny: Path) -> None:
    async with batching(tiny, batch_tokens=60) as (batcher, model):
        await ask(batcher, [" ".join(["كلمة"] * n) for n in range(1, 12)] * 3)
        for batch in model.batches:
            assert len(batch) == 1 or max(map(batcher.count, batch)) * len(batch) <= 60


async def test_beams_are_never_mixed(tiny: Path) -> None:
    async with batching(tiny) as (batcher, model):
        await asyncio.gather(ask(batcher, ["خبر"] * 4, beam=1), ask(batcher, ["نفط"] * 4, beam=2))
        assert all(len(set(batch)) == 1 for batch in model.batches)


async def test_a_sentence_that_fails_fails_alone(tiny: Path) -> None:
    async with batching(tiny) as (batcher, _):
        found = await ask(batcher, ["خبر", POISON, "نفط", "وزير"])
        assert [isinstance(each, EngineFailed) for each in found] == [False, True, False, False]
        assert not any(isinstance(each, Exception) for each in await ask(batcher, ["بعد ذلك"]))


async def test_bulk_waits_for_interactive(tiny: Path) -> None:
    async with batching(tiny, batch_tokens=1) as (batcher, model):
        bulk = asyncio.create_task(ask(batcher, ["جملة"] * 20, priority=Priority.BULK))
        await until_queued(batcher, 10)
        await ask(batcher, ["عاجل"])
        assert [batch[0] for batch in model.batches].index("عاجل") < 20
        await bulk


async def test_a_full_queue_is_told_and_a_closed_one_too(tiny: Path) -> None:
    async with batching(tiny, batch_tokens=1, max_queued=3) as (batcher, _):
        waiting = asyncio.create_task(ask(batcher, ["خبر"] * 10))
        await until_queued(batcher, 4)
        with pytest.raises(ServerFull) as caught:
            batcher.admit()
        assert caught.value.retry_after > 0
        await waiting
        batcher.admit()
    with pytest.raises(Unavailable):
        await batcher.translate("خبر", 1, Priority.INTERACTIVE)


async def test_a_cancelled_sentence_is_never_translated(tiny: Path) -> None:
    async with batching(tiny, batch_tokens=1) as (batcher, model):
        first = asyncio.create_task(ask(batcher, ["خبر"] * 20))
        await until_queued(batcher, 10)
        late = asyncio.create_task(batcher.translate("ملغى", 1, Priority.INTERACTIVE))
        while "ملغى" not in [job.text for job in batcher._waiting]:  # noqa: ASYNC110
            await asyncio.sleep(0)
        late.cancel()
        await first
        with pytest.raises(asyncio.CancelledError):
            await late
        assert ["ملغى"] not in model.batches
        assert batcher.queued == 0
