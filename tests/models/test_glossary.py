"""What the measurement of glossaries asks for, and what it counts."""

import asyncio
from pathlib import Path

import pytest
from mojaz_models.evaluate.glossary import homographs, other, outcomes, read_terms, respelled, row, usual
from mojaz_models.evaluate.testsets import TestSet
from mojaz_server.engine.bundle import Bundle
from mojaz_server.pipeline.glossary import Glossary

SET = TestSet(
    "dev",
    ["وصل الوزير إلى بيروت", "وقع الاتفاق في مجلس الأمن", "كان الطفل سعيد بالهدية", "قال سعيد ذلك"],
    [
        "The minister arrived in Beirut",
        "The agreement was signed in the Security Council",
        "The child was happy",
        "Saeed said so",
    ],
)


@pytest.fixture
def terms(tmp_path: Path) -> dict[str, tuple[str, str]]:
    path = tmp_path / "terms.tsv"
    path.write_text(
        "بيروت\tBeirut\tLOC\nمجلس الأمن\tthe Security Council\tORG\nحلف الناتو\tNATO\tORG\nقال\tsaid\tPHRASE\n", encoding="utf-8"
    )
    return read_terms([path])


def test_cases_stand_in_source_and_reference(terms: dict[str, tuple[str, str]]) -> None:
    assert terms["مجلس الأمن"] == ("Security Council", "ORG")
    cases = usual(SET, terms)
    assert {(case.entry.source, case.entry.target) for case in cases} == {("بيروت", "Beirut"), ("مجلس الأمن", "Security Council")}
    for before, after in zip(cases, other(cases), strict=True):
        assert after.entry.target != before.entry.target
        assert after.reference == before.reference.replace(before.entry.target, after.entry.target)
        assert Glossary.of([after.entry]).match(after.source)


def test_another_spelling_is_another() -> None:
    assert [respelled(name) for name in ("Houthi", "Beirut", "Oslo", "Qom")] == ["Huthi", "Bayrut", "Osloe", "Qome"]


def test_homographs_are_sentences_with_the_other_word(tmp_path: Path) -> None:
    path = tmp_path / "homographs.tsv"
    path.write_text("# names\nسعيد\tSaeed\thappy|glad\n", encoding="utf-8")
    assert [case.source for case in homographs(SET, path)] == [SET.sources[2]]


def test_the_row_of_a_bundle(tiny: Path, terms: dict[str, tuple[str, str]]) -> None:
    found = asyncio.run(outcomes(Bundle.load(tiny), usual(SET, terms)))
    cells = row("usual English", found)
    assert cells[:2] == ("usual English", "2")
    assert all(each.alone_ms > 0 and each.extra_ms >= 0 for each in found)
    assert int(cells[5]) + int(cells[6]) + round(float(cells[4]) * 2 / 100) == 2
