"""A glossary through the real server with the embedded model: in digests and translations, offsets those of the text sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mojaz_client import CheckKind, Client, GlossaryEntry, NoteKind
from serving import serving

ROOT = Path(__file__).parents[2]
TEXT = "وصل وزير الخارجية إلى بيروت ولدمشق أمس، وقال إن المقاومة لن تتوقف بعد استشهاد قائدها."
GLOSSARY = {"بيروت": "Beyrouth", "دمشق": "Damas", "وزير الخارجية": "Top Diplomat"}


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    own = tmp_path_factory.mktemp("lists") / "loaded.tsv"
    own.write_text("استشهاد\tmartyrdom\tloaded\t\tsay how he died\n", encoding="utf-8")
    bundle = ROOT / "models/bundles/mojaz-ar-en"
    with serving("--model", str(bundle), "--loaded-terms", str(own)) as server, Client(server.address) as client:
        yield client


def test_terms_are_in_the_english_of_a_translation(embedded: Client) -> None:
    plain, made = (embedded.translate([TEXT], glossary=terms, starter_glossary=False)[0] for terms in ({}, GLOSSARY))
    assert not any(english in plain.target for english in GLOSSARY.values())
    assert all(english in made.target for english in GLOSSARY.values())
    assert not [check for pair in made.pairs for check in pair.checks if check.kind is CheckKind.TERM_MISSED]
    assert [pair.source for pair in made.pairs] == [pair.source for pair in plain.pairs]
    assert made.notes == ('"martyrdom" (استشهاد) is a loaded term: say how he died.',)


def test_links_point_at_the_terms(embedded: Client) -> None:
    (pair,) = embedded.translate([TEXT], glossary=GLOSSARY, links=True)[0].pairs
    linked = {(link.source_span.of(TEXT), link.target_span.of(pair.target)) for link in pair.links}
    assert ("بيروت", "Beyrouth") in linked


def test_a_digest_has_the_terms_and_the_notes_with_their_places(embedded: Client) -> None:
    body = f"بيروت: {TEXT}\nوأضاف الوزير أن الاجتماع سيعقد غدا."
    entries = [GlossaryEntry("بيروت", "Beyrouth", note="house spelling"), GlossaryEntry("القاهرة", "Le Caire", note="not here")]
    digest = embedded.digest(body, glossary=entries, full_translation=True)
    assert "Beyrouth" in digest.paragraphs[0].pairs[0].target
    notes = {note.kind: note for note in digest.notes}
    assert notes[NoteKind.GLOSSARY_NOTE].message == '"Beyrouth" (بيروت): house spelling.'
    assert {span.of(body) for span in notes[NoteKind.GLOSSARY_NOTE].spans} == {"بيروت"}
    assert [span.of(body) for span in notes[NoteKind.LOADED_TERM].spans] == ["استشهاد"]


def test_an_irrelevant_glossary_changes_nothing(embedded: Client) -> None:
    plain, made = (embedded.translate([TEXT], glossary=terms)[0] for terms in ({}, {"القاهرة": "Le Caire", "سعيد": "Saeed"}))
    assert made.pairs == plain.pairs


def test_a_name_that_is_another_word_here_changes_nothing(embedded: Client) -> None:
    text = "كان الأطفال سعداء، وبدا الطفل سعيد بوسام الشجاعة على صدره."
    plain, made = (embedded.translate([text], glossary=terms)[0] for terms in ({}, {"سام": "Sam", "صدر": "Sadr"}))
    assert made.target == plain.target
