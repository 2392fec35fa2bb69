"""The batcher on a real CTranslate2 model: what waits together is translated together, and a failure hits only the guilty."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from mojaz_server.call import Call, current_call
from mojaz_server.engine.batcher import Batcher
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.echo import Echo
from mojaz_server.engine.translator import Output, Translator
from mojaz_server.errors import DeadlineExceeded, EngineFailed, Unavailable
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


class Held(Echo):
    """A model without weights that works only when it is let: `batches` are those that it has begun."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.turns = threading.Semaphore(0)
        self.seconds = 0.0

    def translate_batch(self, texts: Sequence[str], beam: int = 0) -> list[Output]:
        self.batches.append(list(texts))
        self.turns.acquire()
        time.sleep(self.seconds)
        return super().translate_batch(texts, beam)

    @property
    def served(self) -> list[str]:
        return [text for batch in self.batches for text in batch]


@asynccontextmanager
async def held(batch_tokens: int = 8) -> AsyncIterator[tuple[Batcher, Held]]:
    """A batcher whose worker is busy with one sentence, so that what is asked now waits."""
    model, batcher = Held(), Batcher(workers=1, batch_tokens=batch_tokens)
    batcher.start(model)
    busy = asyncio.create_task(ask(batcher, ["مشغول"]))
    while not model.batches:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    yield batcher, model
    model.turns.release(10_000)
    await busy
    await batcher.close()


def caller(
    name: str, batcher: Batcher, texts: list[str], priority: Priority = Priority.INTERACTIVE
) -> asyncio.Task[list[object]]:
    """What another caller asks, in the background."""

    async def asked() -> list[object]:
        current_call.set(Call(name))
        return await ask(batcher, texts, priority=priority)

    return asyncio.create_task(asked())


@asynccontextmanager
async def batching(tiny: Path, batch_tokens: int = 1024) -> AsyncIterator[tuple[Batcher, Watched]]:
    model = Watched(Bundle.load(tiny))
    batcher = Batcher(workers=1, batch_tokens=batch_tokens)
    batcher.start(model)
    yield batcher, model
    await batcher.close()


def numbered(word: str, many: int) -> list[str]:
    """Sentences that differ: equal ones are translated once."""
    return [f"{word} {k}" for k in range(many)]


async def ask(batcher: Batcher, texts: list[str], beam: int = 1, priority: Priority = Priority.INTERACTIVE) -> list[object]:
    return await asyncio.gather(*(batcher.translate(text, beam, priority) for text in texts), return_exceptions=True)


async def until_queued(batcher: Batcher, many: int) -> None:
    async with asyncio.timeout(10):
        while batcher.queued < many:  # noqa: ASYNC110  # the batcher has no event for this, and needs none
            await asyncio.sleep(0)


async def test_sentences_of_different_callers_share_a_batch(tiny: Path) -> None:
    async with batching(tiny) as (batcher, model):
        one, two = await asyncio.gather(ask(batcher, numbered("خبر", 5)), ask(batcher, numbered("نفط", 5)))
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


async def test_a_batch_keeps_to_its_size(tiny: Path) -> None:
    async with batching(tiny, batch_tokens=60) as (batcher, model):
        await ask(batcher, [f"{' '.join(['كلمة'] * n)} {k}" for n in range(1, 12) for k in range(3)])
        for batch in model.batches:
            assert len(batch) == 1 or sum(map(batcher.count, batch)) <= 60


async def test_beams_are_never_mixed(tiny: Path) -> None:
    async with batching(tiny) as (batcher, model):
        await asyncio.gather(ask(batcher, numbered("خبر", 4), beam=1), ask(batcher, numbered("نفط", 4), beam=2))
        assert all(len({text.split()[0] for text in batch}) == 1 for batch in model.batches)


async def test_a_sentence_that_fails_fails_alone(tiny: Path) -> None:
    async with batching(tiny) as (batcher, _):
        found = await ask(batcher, ["خبر", POISON, "نفط", "وزير"])
        assert [isinstance(each, EngineFailed) for each in found] == [False, True, False, False]
        assert not any(isinstance(each, Exception) for each in await ask(batcher, ["بعد ذلك"]))


async def test_an_archive_delays_no_editor() -> None:
    async with held() as (batcher, model):
        archive = caller("archive", batcher, numbered("قديم", 400))
        await until_queued(batcher, 400)
        editor = caller("editor", batcher, numbered("عاجل", 4))
        await until_queued(batcher, 404)
        model.turns.release(10_000)
        await editor
        assert len([text for text in model.served if text.startswith("قديم")]) <= 12
        await archive


async def test_bulk_waits_for_interactive_and_does_not_starve() -> None:
    async with held() as (batcher, model):
        bulk = caller("archive", batcher, numbered("قديم", 100), Priority.BULK)
        await until_queued(batcher, 100)
        people = caller("editors", batcher, numbered("عاجل", 100))
        await until_queued(batcher, 200)
        model.turns.release(10_000)
        await asyncio.gather(bulk, people)
        words = [text.split()[0] for text in model.served[1:]]
        assert words[:16] == ["عاجل"] * 16, "people first"
        assert 4 <= words[:100].count("قديم") <= 16, "and a tenth of the work for the archive"


async def test_an_equal_sentence_is_hastened_by_one_who_is_served_sooner() -> None:
    async with held() as (batcher, model):
        bulk = caller("archive", batcher, numbered("قديم", 100), Priority.BULK)
        await until_queued(batcher, 100)
        editor = caller("editor", batcher, ["قديم 99"])
        await asyncio.sleep(0.01)
        assert batcher.queued == 100
        model.turns.release(2)
        await editor
        assert model.batches[1][0] == "قديم 99"
        model.turns.release(10_000)
        assert len(await bulk) == 100
        assert model.served.count("قديم 99") == 1


async def test_what_cannot_be_ready_in_time_is_refused_at_once_and_costs_nothing() -> None:
    async with held() as (batcher, model):
        model.seconds = 0.05
        model.turns.release(3)
        await ask(batcher, ["أول", "ثان"])
        current_call.set(Call("archive"))
        archive = asyncio.create_task(ask(batcher, numbered("قديم", 200)))
        await until_queued(batcher, 190)
        current_call.set(Call("archive", time.monotonic() + 0.5))
        with pytest.raises(DeadlineExceeded, match="work"):
            await batcher.translate("متأخر", 1, Priority.INTERACTIVE)
        current_call.set(Call("editor", time.monotonic() + 30))
        editor = asyncio.create_task(batcher.translate("عاجل", 1, Priority.INTERACTIVE))
        model.seconds = 0.0
        model.turns.release(10_000)
        assert (await editor).text
        await archive
        assert "متأخر" not in model.served


async def test_a_sentence_whose_deadline_has_passed_in_the_queue_is_never_translated() -> None:
    async with held() as (batcher, model):
        current_call.set(Call("late", time.monotonic() + 0.02))
        late = asyncio.create_task(ask(batcher, ["متأخر"]))
        await until_queued(batcher, 1)
        await asyncio.sleep(0.03)
        model.turns.release(10_000)
        (found,) = await late
        assert isinstance(found, DeadlineExceeded)
        assert "متأخر" not in model.served


async def test_a_closed_queue_is_told(tiny: Path) -> None:
    async with batching(tiny) as (batcher, _):
        pass
    with pytest.raises(Unavailable):
        await batcher.translate("خبر", 1, Priority.INTERACTIVE)


async def test_a_cancelled_sentence_is_never_translated() -> None:
    async with held() as (batcher, model):
        rest = asyncio.create_task(ask(batcher, numbered("خبر", 20)))
        late = asyncio.create_task(batcher.translate("ملغى", 1, Priority.INTERACTIVE))
        await until_queued(batcher, 21)
        late.cancel()
        with pytest.raises(asyncio.CancelledError):
            await late
        assert batcher.queued == 20
        model.turns.release(10_000)
        await rest
        assert "ملغى" not in model.served
