"""Dividing long sentences: nothing lost, every part fits, cuts at clauses."""

from hypothesis import given
from hypothesis import strategies as st
from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.normalize import normalize


def words(text: str) -> int:
    return len(text.split())


SENTENCE = "أعلنت الوزارة خطة جديدة لدعم المزارعين في القرى الجبلية، فيما قالت النقابة إن الدعم لا يكفي حاجات الموسم المقبل"


def test_a_sentence_that_fits_is_whole() -> None:
    assert divide(SENTENCE, words, 40) == (SENTENCE,)


def test_cut_at_the_clause() -> None:
    assert [part.split()[0] for part in divide(SENTENCE, words, 14)] == ["أعلنت", "فيما"]


def test_no_part_ends_with_a_preposition() -> None:
    text = "وصل الوفد الكبير صباح اليوم إلى المدينة الساحلية القديمة بعد رحلة طويلة من الجنوب عبر الطريق الصحراوي الجديد"
    assert all(part.split()[-1] not in ("إلى", "من", "بعد", "عبر") for part in divide(text, words, 10))


def test_one_word_over_the_limit() -> None:
    parts = divide("ا" * 50, len, 20)
    assert "".join(parts) == "ا" * 50
    assert max(map(len, parts)) <= 20


@given(st.text().map(normalize), st.integers(1, 30))
def test_nothing_lost_and_all_fits(text: str, limit: int) -> None:
    for count in (words, len, lambda part: len(part.encode("utf-8", "replace"))):
        parts = divide(text, count, limit)
        assert "".join("".join(parts).split()) == "".join(text.split())
        assert all(count(part) <= limit or len(part) <= 1 for part in parts)


def test_two_thousand_words() -> None:
    parts = divide("وقال " + "كلمة " * 1999, words, 60)
    assert max(map(words, parts)) <= 60
    assert min(map(words, parts)) >= 40
