"""A term that the English lacks is brought in by a stand-in; what gives no sure result changes nothing."""

import asyncio
from collections.abc import Callable

import pytest
from glossaries import glossary_of
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.pair import Paired, pair
from mojaz_server.pipeline.records import CheckKind, Priority, Sentence, Span
from mojaz_server.pipeline.translate import Hypothesis

SOURCE = "قال المتحدث إن الوفد غادر وطبرجل أمس."
ALONE = "The spokesman said the delegation left yesterday."


class Engine:
    """Translates by a function and remembers what it was asked."""

    model, max_pieces, calibration = "told@1", 90, None

    def __init__(self, tell: Callable[[str], str]) -> None:
        self.tell, self.asked = tell, list[str]()

    def count(self, text: str) -> int:
        return len(text.split())

    async def translate(self, text: str, beam: int, priority: Priority) -> Hypothesis:
        self.asked.append(text)
        return Hypothesis(self.tell(text), -0.5, True, 0, 8, 1.0, 10.0)

    async def alternatives(self, text: str, priority: Priority) -> list[Hypothesis]:
        return [await self.translate(text, 0, priority)]


def paired(engine: Engine, terms: dict[str, str], source: str = SOURCE) -> Paired:
    sentence = Sentence(source, Span(7, 7 + len(source)))
    return asyncio.run(pair(sentence, engine, TranslateOptions(glossary_of(terms))))


def test_the_stand_in_gives_way_to_the_term() -> None:
    engine = Engine(lambda text: "The spokesman said the delegation left Paris yesterday." if "وباريس" in text else ALONE)
    found = paired(engine, {"طبرجل": "Tabarjal"})
    assert found.pair.target == "The spokesman said the delegation left Tabarjal yesterday."
    assert CheckKind.TERM_MISSED not in {check.kind for check in found.pair.checks}
    assert found.pair.source == SOURCE
    assert len(engine.asked) == 2
    assert found.translated.compute_ms == 20.0


def test_the_term_in_english_is_tried_too() -> None:
    engine = Engine(lambda text: "The spokesman said the delegation left Tabarjal yesterday." if "و Tabarjal" in text else ALONE)
    assert "Tabarjal" in paired(engine, {"طبرجل": "Tabarjal"}).pair.target


@pytest.mark.parametrize("told", ["left Pariss", "left Paris and Paris", "left"])
def test_a_stand_in_that_is_lost_spoiled_or_doubled_changes_nothing(told: str) -> None:
    engine = Engine(lambda text: ALONE.replace("left", told) if "باريس" in text else ALONE)
    assert paired(engine, {"طبرجل": "Tabarjal"}).pair.target == ALONE


def test_the_second_stand_in_is_tried_where_the_first_fails() -> None:
    engine = Engine(lambda text: ALONE.replace("left", "left London") if "ولندن" in text else ALONE)
    assert "left Tabarjal" in paired(engine, {"طبرجل": "Tabarjal"}).pair.target


BOTH = "قال المتحدث إن الوفد غادر طبرجل إلى شرورة أمس."
TERMS = {"طبرجل": "Tabarjal", "شرورة": "Sharurah"}


def test_a_stand_in_that_came_back_is_kept_while_the_others_are_tried_again() -> None:
    told = {
        "باريس إلى لندن": "left Paris for the city",
        "باريس إلى طوكيو": "left Paris for the town",
        "باريس إلى Sharurah": "left Paris for Sharurah",
    }
    engine = Engine(lambda text: ALONE.replace("left", next((told[key] for key in told if key in text), "left")))
    found = paired(engine, TERMS, BOTH)
    assert "left Tabarjal for Sharurah yesterday" in found.pair.target
    assert len(engine.asked) == 4


def test_of_several_terms_those_that_could_be_written_are() -> None:
    engine = Engine(lambda text: ALONE.replace("left", "left Paris for the city" if "باريس" in text else "left"))
    found = paired(engine, TERMS, BOTH)
    assert "left Tabarjal for the city" in found.pair.target
    assert [check.message for check in found.pair.checks if check.kind is CheckKind.TERM_MISSED] == [
        "شرورة is not translated as Sharurah"
    ]


def test_a_term_that_is_lost_while_another_is_brought_in_is_brought_in_too() -> None:
    def tell(text: str) -> str:
        return ALONE.replace("left", " ".join(["left", *(name for word, name in told.items() if word in text)]))

    told = {"باريس": "Paris", "لندن": "London", "طوكيو": "Tokyo"}
    engine = Engine(lambda text: ALONE.replace("left", "left Sharurah") if text == BOTH else tell(text))
    target = paired(engine, TERMS, BOTH).pair.target
    assert "Tabarjal" in target
    assert "Sharurah" in target


def test_what_is_still_missed_is_flagged_where_it_stands() -> None:
    found = paired(Engine(lambda text: ALONE), {"طبرجل": "Tabarjal"})
    (check,) = [check for check in found.pair.checks if check.kind is CheckKind.TERM_MISSED]
    assert check.source and (" " * 7 + SOURCE)[check.source.start : check.source.end] == "وطبرجل"


def test_no_term_costs_nothing() -> None:
    engine = Engine(lambda text: ALONE)
    assert paired(engine, {"القاهرة": "Cairo"}).pair.target == ALONE
    assert engine.asked == [SOURCE]


def test_a_name_that_may_be_another_word_has_no_stand_in() -> None:
    engine = Engine(lambda text: "The child was pleased.")
    paired(engine, {"سعيد": "Saeed"}, "كان الطفل سعيد")
    assert not [text for text in engine.asked if "سعيد" not in text]
