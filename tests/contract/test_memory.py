"""What the server remembers of its translations and how fairly it serves, through a real socket."""

import asyncio
from pathlib import Path

import pytest
from mojaz_client import Article, AsyncClient, Client, DeadlineExceeded
from serving import serving

STORY = "\n".join(f"قال وزير الخارجية رقم {i} إن المحادثات ستستأنف يوم الاثنين في العاصمة." for i in range(40))


async def test_a_story_sent_again_costs_only_its_new_sentences(started) -> None:  # type: ignore[no-untyped-def]
    async with started() as (_, client):
        first = await client.digest(Article(body=STORY), full_translation=True)
        misses = (await client.info()).cache.misses
        changed = STORY.replace("رقم 7 ", "رقم 107 ").replace("رقم 8 ", "رقم 108 ")
        again = await client.digest(Article(body=changed), full_translation=True)
        assert again.timing.cached >= 38 - sum(pair.withheld for p in first.paragraphs for pair in p.pairs)
        assert again.timing.compute_ms < first.timing.compute_ms
        same = [k for k in range(40) if k not in (7, 8)]
        assert [again.paragraphs[k].pairs[0].target for k in same] == [first.paragraphs[k].pairs[0].target for k in same]
        cache = (await client.info()).cache
        assert cache.sentences > 0
        assert 0 < cache.bytes <= cache.limit_bytes
        assert cache.misses - misses < misses


async def test_the_same_text_in_one_request_is_translated_once(started) -> None:  # type: ignore[no-untyped-def]
    async with started() as (_, client):
        answer = await client.translate(["قال الوزير إن المحادثات ستستأنف."] * 30)
        assert len({one.target for one in answer}) == 1
        cache = (await client.info()).cache
        assert cache.shared + cache.hits >= 29


async def test_without_a_cache_nothing_is_kept(started) -> None:  # type: ignore[no-untyped-def]
    async with started(cache_mib=0) as (_, client):
        for _ in range(2):
            assert (await client.digest(Article(body=STORY))).timing.cached == 0
        cache = (await client.info()).cache
        assert (cache.limit_bytes, cache.sentences, cache.hits) == (0, 0, 0)


def test_translations_survive_a_restart(tiny: Path, tmp_path: Path) -> None:
    flags = ("--model", str(tiny), "--cache-file", str(tmp_path / "cache.sqlite"))
    found = []
    for _ in range(2):
        with serving(*flags) as running, Client(running.address) as client:
            found.append(client.digest(Article(body=STORY), full_translation=True))
    assert [p.pairs for p in found[0].paragraphs] == [p.pairs for p in found[1].paragraphs]
    assert found[1].timing.cached > found[0].timing.cached


def test_a_damaged_file_does_not_keep_the_server_from_serving(tiny: Path, tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    file.write_bytes(b"no database" * 1000)
    with serving("--model", str(tiny), "--cache-file", str(file)) as running, Client(running.address) as client:
        assert client.digest(Article(body=STORY)).lines
        assert client.info().cache.failures > 0
    assert file.read_bytes() == b"no database" * 1000, "a file that is none of ours is left as it is"


async def test_a_deadline_that_cannot_be_met_is_told_at_once(started) -> None:  # type: ignore[no-untyped-def]
    async with started() as (server, client):
        pace = server._engines._current.batcher._pace
        pace.note(8, pieces=1, seconds=1000.0)  # a model so slow that no machine is too slow for this test
        with pytest.raises(DeadlineExceeded, match="cannot be ready in time"):
            await client.translate(["قال الوزير إن المحادثات ستستأنف."], beam_size=8, timeout=100.0)
        assert server._engines.queued == 0
        assert (await client.translate(["قال الوزير إن المحادثات ستستأنف."], beam_size=1, timeout=100.0))[0].target is not None


async def test_an_archive_on_another_connection_delays_no_editor(started) -> None:  # type: ignore[no-untyped-def]
    texts = [line.replace("رقم", f"رقم {k}") for k in range(5) for line in STORY.split("\n")]
    async with started(workers=1, threads=1, batch_tokens=64) as (server, client):
        other = server.address.replace("127.0.0.1", "localhost")  # gRPC shares a connection to the same name
        editor = AsyncClient(other)
        archive = asyncio.create_task(client.translate(texts, segments=True, beam_size=8))
        async with asyncio.timeout(120):
            while server._engines.queued < 150:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        assert len(await editor.translate(["قال الوزير إن المحادثات ستستأنف."], beam_size=8)) == 1
        assert server._engines.queued > 50, "the archive is not nearly done when the editor is"
        archive.cancel()
        await asyncio.gather(archive, return_exceptions=True)
        await editor.close()
