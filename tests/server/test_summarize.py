"""Choosing key sentences: lengths are kept, nothing is said twice, any Arabic body gets a line."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mojaz_server.pipeline.records import Choice, Length
from mojaz_server.pipeline.split import split
from mojaz_server.pipeline.summarize import summarize

DEFAULT = Length()
BODY = """أعلنت وزارة الصحة في العاصمة اليوم الثلاثاء تسجيل 320 إصابة جديدة بالمرض خلال أسبوع واحد، وقررت إغلاق المدارس عشرة أيام.
إجراءات مشددة
وقال الوزير في مؤتمر صحافي إن المستشفيات استقبلت نحو مئة مريض وإن 12 منهم في حالة حرجة.
وأضاف: "لا داعي للقلق".
من جهته، دعا اتحاد الأطباء الحكومة إلى شراء أجهزة تنفس جديدة وتوظيف 200 ممرض قبل نهاية الشهر.
وكانت البلاد شهدت موجة مماثلة قبل عامين.
Read more on our website.
اقرأ أيضا: كيف تحمي نفسك من المرض"""


def chosen(body: str, length: Length = DEFAULT, title: str = "") -> tuple[tuple[Choice, ...], list[str]]:
    paragraphs = split(body)
    sentences = [s.text for p in paragraphs for s in p.sentences]
    choices = summarize(paragraphs, title, length, 3)
    return choices, [sentences[c.index] for c in choices]


def test_an_article() -> None:
    choices, texts = chosen(BODY)
    assert [t.split()[0] for t in texts] == ["أعلنت", "وقال", "من"]
    assert next(c.rank for c in choices if c.index == 0) == 1
    assert sorted(c.rank for c in choices) == [1, 2, 3]
    assert all(0 < c.salience < 1 for c in choices)


@pytest.mark.parametrize("lines", [1, 2, 4, 50])
def test_lines(lines: int) -> None:
    assert len(chosen(BODY, Length(lines=lines))[0]) == min(lines, 5)


@pytest.mark.parametrize("words", [20, 40, 60])
def test_words_are_not_exceeded(words: int) -> None:
    _, texts = chosen(BODY, Length(words=words))
    assert 0 < sum(len(t.split()) for t in texts) <= words


def test_share_is_not_exceeded_but_one_line_is_given() -> None:
    assert 0 < sum(len(t.split()) for t in chosen(BODY, Length(share=0.5))[1]) <= 0.5 * len(BODY.split())
    assert len(chosen(BODY, Length(words=1))[0]) == len(chosen(BODY, Length(share=0.01))[0]) == 1


def test_nothing_twice() -> None:
    first = BODY.splitlines()[0]
    _, texts = chosen(f"{first}\n{first}\n{first.replace('اليوم ', '')}\n{BODY}", Length(lines=9))
    assert sum(t.startswith("أعلنت وزارة") for t in texts) == 1


@pytest.mark.parametrize("body", ["خبر", "عاجل\nعاجل", "اقرأ أيضا: خبر", "شاهد الفيديو", "عنوان قصير\nREAD MORE", "نعم. لا."])
def test_any_arabic_body_gets_a_line(body: str) -> None:
    assert len(chosen(body)[0]) >= 1


def test_nothing_to_choose() -> None:
    assert summarize((), "", Length(), 3) == ()


def test_title_counts() -> None:
    plain = chosen(BODY, Length(lines=5))[0]
    titled = chosen(BODY, Length(lines=5), "اتحاد الأطباء يطالب بأجهزة تنفس وممرضين")[0]
    union = 4
    assert next(c.salience for c in titled if c.index == union) > next(c.salience for c in plain if c.index == union)


@settings(max_examples=100)
@given(st.text(st.sampled_from('ابت وقال.\n؟"« a<5')), st.integers(1, 5))
def test_any_text(body: str, lines: int) -> None:
    choices, texts = chosen(body, Length(lines=lines), body)
    assert len(choices) <= lines
    assert [c.index for c in choices] == sorted({c.index for c in choices})
    assert bool(choices) == any(any(c.isalnum() for c in s.text) for p in split(body) for s in p.sentences) or texts


@pytest.mark.parametrize("length", [Length(lines=3), Length(share=1.0)])
def test_two_thousand_sentences(length: Length) -> None:
    body = "\n".join(f"{BODY.splitlines()[0]} رقم {i} بلدة{i % 97} حي{i}." for i in range(2000))
    paragraphs = split(body)
    start = time.process_time()
    assert summarize(paragraphs, "", length, 3)
    assert time.process_time() - start < 4
