"""Carelessly typed words get their usual spelling; words that are words of their own keep theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mojaz_server.pipeline.normalize import fold, normalize
from mojaz_server.pipeline.orthography import as_read, restored
from mojaz_server.pipeline.tables import rows


@pytest.mark.parametrize(
    ("typed", "usual"),
    [
        ("اعلنت القوات الاميركية انها اسقطت طائرة", "أعلنت القوات الأميركية أنها أسقطت طائرة"),
        ("الحكومه العراقيه", "الحكومة العراقية"),
        ("إنتظار الإجتماع", "انتظار الاجتماع"),
        ("العراق،الى ايران", "العراق،إلى إيران"),
        ("على الطاوله", "على الطاولة"),
    ],
)
def test_usual_spelling(typed: str, usual: str) -> None:
    assert restored(typed) == usual


@pytest.mark.parametrize("typed", ["قال علي", "تشغيل آلي", "كأن شيئا لم يكن", "الزعيم الكازستاني زنكلوان", "Iran 25", ""])
def test_a_word_of_its_own_stays(typed: str) -> None:
    assert restored(typed) == typed


def test_the_model_reads_what_a_reader_sees_in_its_usual_spelling() -> None:
    assert as_read("<b>اعلـنت</b>&nbsp;٢٥") == "أعلنت 25"


@given(st.text(st.sampled_from("اأإآبلعنيىهةوؤئ ") | st.characters()).map(normalize))
def test_the_same_letters_and_idempotent(text: str) -> None:
    once = restored(text)
    assert fold(once) == fold(text)
    assert restored(once) == once


def test_every_row_is_one_word_in_several_spellings() -> None:
    for row in rows("orthography.tsv"):
        assert len({fold(spelling) for spelling in row}) == 1
        assert len(set(row)) == len(row)
