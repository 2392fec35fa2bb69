"""Golden cases of names that the model made up, and names that several sentences of a digest spell in different ways."""

import time
from pathlib import Path

import pytest
from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.respell import corrected, corrections

CASES = Path(__file__).parents[1] / "cases" / "names"


def cases(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def english(*pairs: tuple[str, str], glossary: Glossary = Glossary.EMPTY) -> list[str]:
    return [corrected(target, found) for (_, target), found in zip(pairs, corrections(pairs, glossary), strict=True)]


@pytest.mark.parametrize(("source", "target", "expected"), cases("respelled.tsv"))
def test_a_name_is_written_as_news_does(source: str, target: str, expected: str) -> None:
    assert english((source, target)) == [target if expected == "=" else expected]


def test_an_unknown_name_is_written_as_most_sentences_have_it() -> None:
    assert english(
        ("قال دلزنجوف إن الاتفاق قريب", "Dalzanjov said a deal was near"),
        ("وأضاف دلزنجوف أن المحادثات مستمرة", "Delzengouf added that talks were going on"),
        ("وغادر دلزنجوف العاصمة", "Dalzanjov left the capital"),
    ) == ["Dalzanjov said a deal was near", "Dalzanjov added that talks were going on", "Dalzanjov left the capital"]


def test_two_people_of_one_given_name_keep_their_own_spelling() -> None:
    pairs = [
        ("قال محمد صلاح إن الفريق جاهز", "Mohamed Salah said the team was ready"),
        ("وأشاد محمد صلاح بالمدرب", "Mohamed Salah praised the coach"),
        ("وصل محمد حمدان إلى الرياض", "Mohammed Hamdan arrived in Riyadh"),
    ]
    assert english(*pairs) == [target for _, target in pairs]


def test_the_glossary_has_the_last_word() -> None:
    pair = ("قال كوسبي إنه بريء", "Kosby said he was innocent")
    assert english(pair) == ["Cosby said he was innocent"]
    assert english(pair, glossary=Glossary.of([Entry("كوسبي", "Kosby")])) == [pair[1]]


def test_a_correction_points_at_what_was_written() -> None:
    source, target = "وقال كوسبي إنه بريء", "And Kosbai said he was innocent"
    ((found,),) = corrections([(source, target)], Glossary.EMPTY)
    assert (found.source.of(source), found.target.of(target), found.written, found.right) == (
        "كوسبي",
        "Kosbai",
        "Kosbai",
        "Cosby",
    )


@pytest.mark.parametrize("pair", [("", ""), ("كوسبي", ""), ("", "Cosby"), ("123", "123"), ("قال كوسبي", "he said")])
def test_nothing_to_respell(pair: tuple[str, str]) -> None:
    assert english(pair) == [pair[1]]


def test_work_grows_with_the_text_and_no_faster() -> None:
    def seconds(sentences: int) -> float:
        pairs = [
            (f"قال كوسبي رقم {n} إن ولاية بنسلفانيا بعيدة", f"Kosbai {n} said Benslavania was far") for n in range(sentences)
        ]
        began = time.process_time()
        assert len(corrections(pairs, Glossary.EMPTY)) == sentences
        return time.process_time() - began

    seconds(10)
    assert seconds(400) < 100 * max(seconds(20), 0.001)
