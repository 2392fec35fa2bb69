"""The cache in front of the real batcher: what it answers, what it forgets, and that its file never costs a translation."""

import asyncio
import logging
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from mojaz_server.engine.batcher import Batcher
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.cache import Cache
from mojaz_server.engine.cached import Cached
from mojaz_server.engine.translator import Output, Translator
from mojaz_server.pipeline.records import Priority
from mojaz_server.pipeline.translate import Hypothesis

NOW = Priority.INTERACTIVE
NEWS = ["قال وزير الخارجية", "ارتفعت أسعار النفط بنسبة 3.5%", "أعلنت وزارة الصحة مقتل 12 شخصا"]


class Counting(Translator):
    """A real model that counts the sentences it was given."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        self.asked = 0

    def translate_batch(self, texts: Sequence[str], beam: int = 0) -> list[Output]:
        self.asked += len(texts)
        return super().translate_batch(texts, beam)

    def alternatives_batch(self, texts: Sequence[str]) -> list[list[Output]]:
        self.asked += len(texts)
        return super().alternatives_batch(texts)


@asynccontextmanager
async def caching(model: Counting, mib: int = 1, file: str = "") -> AsyncIterator[Cached]:
    batcher, cache = Batcher(workers=1, batch_tokens=1024), Cache(mib, file)
    batcher.start(model)
    yield Cached(batcher, cache, await cache.load(model.fingerprint))
    await batcher.close()
    await cache.close()


@pytest.fixture
def model(tiny: Path) -> Counting:
    return Counting(Bundle.load(tiny))


async def ask(cache: Cache, texts: Sequence[str], beam: int = 1) -> list[Hypothesis]:
    return await asyncio.gather(*(cache.translate(text, beam, NOW) for text in texts))


def said(found: Sequence[Hypothesis]) -> list[tuple[str, float, int, int]]:
    return [(each.text, each.score, each.unknown, each.pieces) for each in found]


async def whole(cache: Cache, texts: Sequence[str] = NEWS) -> list[str]:
    """Texts whose translation by this model ends; where decoding was cut, nothing is kept."""
    return [text for text, found in zip(texts, await ask(cache, texts), strict=True) if found.ended]


async def test_a_story_sent_again_costs_only_what_changed(model: Counting) -> None:
    async with caching(model) as cache:
        story = await whole(cache, [f"{text} {k}" for text in NEWS for k in range(8)])
        assert len(story) > 8
        before, first = model.asked, await ask(cache, story)
        assert model.asked == before
        assert all(each.cached and each.queue_ms == each.compute_ms == 0 for each in first)
        await ask(cache, [*story[:-2], "جملة جديدة", "جملة أخرى"])
        assert model.asked == before + 2


async def test_a_hit_says_what_the_model_said(model: Counting) -> None:
    async with caching(model) as cache:
        fresh = [each for each in await ask(cache, NEWS, beam=4) if each.ended]
        again = [each for each in await ask(cache, NEWS, beam=4) if each.cached]
        assert fresh
        assert said(again) == said(fresh)
        several = await cache.alternatives(NEWS[0], NOW)
        assert said(await cache.alternatives(NEWS[0], NOW)) == said(several)
        counts = cache._cache.counts()
        assert counts.hits >= len(again)
        assert counts.hits + counts.misses == 2 * len(NEWS) + 2


async def test_another_beam_or_a_word_more_is_no_hit(model: Counting) -> None:
    async with caching(model) as cache:
        (text, *_) = await whole(cache)
        asked = model.asked
        for other, beam in ((text, 2), (text + " أمس", 1), (text + " ", 1)):
            await cache.translate(other, beam, NOW)
        await cache.alternatives(text, NOW)
        assert model.asked == asked + 4
        own = model.bundle.decoding.beam_size
        await cache.translate(text, own, NOW)
        assert model.asked == asked + 5
        if (await cache.translate(text, own, NOW)).cached:
            assert (await cache.translate(text, 0, NOW)).cached, "0 is the model's own beam"


async def test_equal_sentences_at_once_are_translated_once(model: Counting) -> None:
    async with caching(model) as cache:
        found = await ask(cache, [NEWS[0]] * 50)
        assert model.asked == 1
        assert len({each.text for each in found}) == 1
        assert cache._batcher.shared == 49
        assert sum(each.compute_ms for each in found) < 1.01 * 50 * found[0].compute_ms


async def test_one_who_leaves_does_not_take_the_sentence_from_the_others(model: Counting) -> None:
    async with caching(model) as cache:
        one = asyncio.create_task(cache.translate(NEWS[0], 1, NOW))
        two = asyncio.create_task(cache.translate(NEWS[0], 1, NOW))
        await asyncio.sleep(0)
        one.cancel()
        assert (await two).text is not None
        assert model.asked == 1
        assert one.cancelled() or one.cancelling()


async def test_switched_off_it_keeps_nothing(model: Counting) -> None:
    async with caching(model, mib=0) as cache:
        await ask(cache, NEWS)
        await ask(cache, NEWS)
        assert model.asked == 2 * len(NEWS)
        assert (cache._cache.counts().sentences, cache._cache.counts().limit_bytes) == (0, 0)


async def test_memory_is_bounded_and_what_was_used_last_is_kept(model: Counting) -> None:
    async with caching(model) as cache:
        (favourite, *_) = await whole(cache)
        for k in range(60):
            await ask(cache, [f"{text} {k} {n}" for text in NEWS for n in range(30)])
            assert (await cache.translate(favourite, 1, NOW)).cached
            assert cache._cache.counts().bytes <= 2**20
        assert cache._cache.counts().sentences < 60 * 30 * len(NEWS), "nothing was forgotten; the test is too small"


async def test_a_file_survives_a_restart_for_the_same_model_only(tiny: Path, tmp_path: Path) -> None:
    from mojaz_models.tiny import build_tiny

    file = tmp_path / "cache.sqlite"
    async with caching(Counting(Bundle.load(tiny)), file=str(file)) as cache:
        story = await whole(cache)
        first, several = await ask(cache, story), await cache.alternatives(story[0], NOW)
    assert file.stat().st_mode & 0o077 == 0, "only the owner may read it"
    again = Counting(Bundle.load(tiny))
    async with caching(again, file=str(file)) as cache:
        assert said(await ask(cache, story)) == said(first)
        if all(each.ended for each in several):
            assert said(await cache.alternatives(story[0], NOW)) == said(several)
            assert again.asked == 0
    other = Counting(Bundle.load(build_tiny(tmp_path / "other", seed=2)))
    async with caching(other, file=str(file)) as cache:
        await ask(cache, story)
        assert other.asked == len(story)


async def test_the_file_is_bounded(model: Counting, tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    async with caching(model, file=str(file)) as cache:
        for k in range(60):
            await ask(cache, [f"{text} {k} {n}" for text in NEWS for n in range(60)])
            await cache._cache._shelf._write_new()  # type: ignore[union-attr]
    assert 2**18 < file.stat().st_size < 2 * 2**20


def damage_header(file: Path) -> None:
    file.write_bytes(b"no database" * 100)


def damage_pages(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2 :] = os.urandom(len(content) - len(content) // 2)
    file.write_bytes(content)


def damage_rows(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("UPDATE made SET hypotheses = CAST(replace(hypotheses, '[', '[ ') AS BLOB)")


@pytest.mark.parametrize("damage", [damage_header, damage_pages, damage_rows])
async def test_a_damaged_file_is_counted_and_logged_and_costs_no_translation(
    damage: object, model: Counting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "cache.sqlite"
    async with caching(model, file=str(file)) as cache:
        story = await whole(cache, [f"{text} {k}" for text in NEWS for k in range(60)])
        first = await ask(cache, story)
    damage(file)  # type: ignore[operator]
    with caplog.at_level(logging.ERROR):
        async with caching(model, file=str(file)) as cache:
            assert [each.text for each in await ask(cache, story)] == [each.text for each in first]
            assert cache._cache.counts().failures > 0
            assert (await ask(cache, story))[0].cached, "memory goes on"


async def test_a_full_disk_is_counted_and_costs_no_translation(model: Counting, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        async with caching(model, file="/dev/full") as cache:
            story = await whole(cache)
            await cache._cache._shelf._write_new()  # type: ignore[union-attr]
            assert (await ask(cache, story))[0].cached
            assert cache._cache.counts().failures > 0
    assert "cache file" in caplog.text


async def test_a_disk_that_fills_up_is_written_again_when_there_is_room(model: Counting, tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    async with caching(model, file=str(file)) as cache:
        database = cache._cache._shelf._open()  # type: ignore[union-attr]
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {pages}")
        many = [f"{text} {k}" for text in NEWS for k in range(60)]
        await ask(cache, many)
        await cache._cache._shelf._write_new()  # type: ignore[union-attr]
        assert cache._cache.counts().failures == 1
        database.execute("PRAGMA max_page_count = 1000000")
        more = [f"{text} أمس {k}" for text in NEWS for k in range(60)]
        kept = await whole(cache, more)
    again = Counting(model.bundle)
    async with caching(again, file=str(file)) as cache:
        await ask(cache, kept)
        assert again.asked == 0


async def test_the_file_is_written_in_a_thread_of_its_own(model: Counting, tmp_path: Path) -> None:
    """A disk that does not answer delays no translation."""
    stuck = threading.Event()
    async with caching(model, file=str(tmp_path / "cache.sqlite")) as cache:
        cache._cache._shelf._thread.submit(stuck.wait)  # type: ignore[union-attr]
        async with asyncio.timeout(30):
            await ask(cache, NEWS)
        stuck.set()
