"""One digest a story: copies wait for the original, and none is lost when that fails."""

import asyncio

import pytest
from mojaz_server.errors import EngineFailed
from mojaz_server.pipeline.deduplicate import Deduplicator
from mojaz_server.pipeline.records import Article, Digest, Duplicate, Headline, HeadlineOrigin, NoteKind, Timing

BODY = (
    "عقدت لجنة التراث اجتماعها السنوي في قصر الثقافة بمدينة حلب وناقشت خطة ترميم الأسواق القديمة التي تضررت من الزلزال الأخير. "
    "واتفق الأعضاء على البدء بسوق النحاسين لأنه الأكثر تضرراً، على أن تنتهي أعماله قبل حلول فصل الشتاء المقبل. "
)
MORE = (
    "وستتولى جامعة حلب تدريب عشرات الحرفيين الشباب على أساليب النحت والنقش التقليدية، فيما تقدم البلدية المواد والمعدات اللازمة. "
    "ودعا رئيس اللجنة أصحاب المحال إلى تسجيل خسائرهم في مكتب خاص افتتح بجوار القلعة، ووعد بصرف التعويضات خلال أشهر قليلة. "
    "ويعود تاريخ السوق إلى العهد المملوكي وكانت تعبره قوافل الحرير القادمة من بلاد فارس والهند في طريقها إلى موانئ المتوسط. "
)


def digest_of(article: Article) -> Digest:
    return Digest(article, Headline("", "", HeadlineOrigin.LEAD, None, 0.0), (), (), (), (), "none@1", Timing())


class Desk:
    """Makes digests when told to, and counts them."""

    def __init__(self, failures: int = 0) -> None:
        self.started = 0
        self.first = asyncio.Event()
        self.go = asyncio.Event()
        self._failures = failures

    async def make(self, article: Article) -> Digest:
        self.started += 1
        self.first.set()
        number = self.started
        await self.go.wait()
        if number <= self._failures:
            raise EngineFailed(f"digest {number}")
        return digest_of(article)


async def results(desk: Desk, *bodies: str) -> list[Digest | Duplicate | BaseException]:
    deduplicator = Deduplicator(10**6)

    async def one(number: int, article: Article) -> Digest | Duplicate:
        return await deduplicator.deduplicate(str(number), article, lambda: desk.make(article))

    tasks = [asyncio.create_task(one(number, Article(body, id=f"a{number}"))) for number, body in enumerate(bodies)]
    await desk.first.wait()
    desk.go.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_copies_wait_for_one_digest() -> None:
    desk = Desk()
    first, *others = await results(desk, *[BODY] * 20)
    assert desk.started == 1
    assert isinstance(first, Digest)
    for other in others:
        assert isinstance(other, Duplicate)
        assert (other.original_request_id, other.original.id, other.containment, other.additions) == ("0", "a0", 1.0, ())


async def test_a_copy_takes_the_place_of_an_original_that_failed() -> None:
    desk = Desk(failures=2)
    found = await results(desk, *[BODY] * 5)
    assert [type(each) for each in found].count(EngineFailed) == 2
    assert [type(each) for each in found].count(Digest) == 1
    digested = next(i for i, each in enumerate(found) if isinstance(each, Digest))
    assert {each.original_request_id for each in found if isinstance(each, Duplicate)} == {str(digested)}
    assert desk.started == 3


async def test_a_fuller_article_says_what_it_extends() -> None:
    brief, full = await results(Desk(), BODY, BODY + MORE)
    assert isinstance(brief, Digest) and not brief.notes
    assert isinstance(full, Digest)
    assert [(note.kind, "a0" in note.message) for note in full.notes] == [(NoteKind.EXTENDS, True)]


@pytest.mark.parametrize("body", ["", "قصير", "x " * 10])
async def test_what_is_too_short_is_always_digested(body: str) -> None:
    desk = Desk()
    found = await results(desk, *[body] * 3)
    assert all(isinstance(each, Digest) for each in found)
    assert desk.started == 3
