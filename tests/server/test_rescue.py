"""A second try: what it takes, what it keeps, and when it is not made. The engine here says what it is told to say."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from glossaries import glossary_of
from mojaz_server.engine.batcher import Batcher
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import ALTERNATIVES, Translator
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.pair import pair
from mojaz_server.pipeline.records import CheckKind, Priority, Sentence, Span
from mojaz_server.pipeline.translate import Hypothesis

KILLED = "قتل 115 شخصا في الهجوم."
LONG = "قال الوزير إن 115 شخصا قتلوا في الهجوم على المدينة، وأضاف أن 40 آخرين أصيبوا بجروح خطيرة في المكان نفسه أمس."


class Scripted:
    """Answers a segment with the translations written down for it, the first one as its own."""

    model, max_pieces, calibration = "scripted@1", 90, None

    def __init__(self, script: Mapping[str, Sequence[str]]) -> None:
        self.script, self.asked, self.own = script, list[str](), next(iter(script), "")

    def count(self, text: str) -> int:
        return len(text.split())

    async def translate(self, text: str, beam: int, priority: Priority) -> Hypothesis:
        return _hypothesis(self.script.get(text, self.script[self.own])[0])

    async def alternatives(self, text: str, priority: Priority) -> list[Hypothesis]:
        self.asked.append(text)
        return list(map(_hypothesis, self.script[text][1:]))


def _hypothesis(text: str) -> Hypothesis:
    return Hypothesis(text, -0.5, True, 0, len(text.split()), 1.0, 10.0)


def paired(
    source: str, script: Mapping[str, Sequence[str]], glossary: Mapping[str, str] | None = None
) -> tuple[str, set[CheckKind], Scripted]:
    engine = Scripted(script)
    sentence = Sentence(source, Span(0, len(source)))
    found = asyncio.run(pair(sentence, engine, TranslateOptions(glossary_of(glossary or {}))))
    return found.pair.target, {failed.kind for failed in found.pair.checks}, engine


def test_what_passes_is_not_tried_again() -> None:
    target, checks, engine = paired(KILLED, {KILLED: ["115 people were killed in the attack."]})
    assert (target, checks, engine.asked) == ("115 people were killed in the attack.", set(), [])


def test_the_likeliest_that_passes_wins() -> None:
    script = {
        KILLED: [
            "15 people were killed in the attack.",
            "1115 were killed.",
            "115 people died in the attack.",
            "The attack killed 115 people.",
        ]
    }
    target, checks, _ = paired(KILLED, script)
    assert (target, checks) == ("115 people died in the attack.", set())


def test_what_is_no_better_changes_nothing_and_stays_flagged() -> None:
    script = {KILLED: ["15 people were killed in the attack.", "1115 people were killed in the attack."]}
    target, checks, _ = paired(KILLED, script)
    assert target == "15 people were killed in the attack."
    assert checks == {CheckKind.NUMBER_CHANGED}


def test_a_long_sentence_is_tried_clause_by_clause() -> None:
    first, second = LONG.split("، ")
    script = {
        LONG: [
            "The minister said 15 people were killed and 4 wounded.",
            "The minister said 15 people were killed and 40 wounded there.",
        ],
        f"{first}،": ["", "The minister said 115 people were killed in the attack on the city,"],
        second: [
            "",
            "and added that 41 others were hurt in the same place yesterday.",
            "and added that 40 others were hurt in the same place yesterday.",
        ],
    }
    target, checks, engine = paired(LONG, script)
    assert "115 people" in target
    assert "40 others" in target
    assert checks == set()
    assert engine.asked == [LONG, f"{first}،", second]


def test_no_part_is_longer_than_the_model_can_read() -> None:
    class Short(Scripted):
        max_pieces = 30

        async def alternatives(self, text: str, priority: Priority) -> list[Hypothesis]:
            self.asked.append(text)
            return [_hypothesis("nothing")]

        async def translate(self, text: str, beam: int, priority: Priority) -> Hypothesis:
            return _hypothesis("nothing")

    engine, text = Short({}), "كلمة " * 500 + "115"
    asyncio.run(pair(Sentence(text, Span(0, len(text))), engine, TranslateOptions()))
    assert engine.asked
    assert max(map(engine.count, engine.asked)) <= 30


def test_a_loop_is_replaced_and_not_withheld() -> None:
    script = {KILLED: ["killed killed killed killed killed killed killed 115", "115 people were killed in the attack."]}
    assert paired(KILLED, script)[0] == "115 people were killed in the attack."


def test_a_term_of_the_glossary_is_looked_for_among_the_hypotheses() -> None:
    source = "دخلت قسد المدينة أمس."
    script = {
        source: [
            "The militia entered the city yesterday.",
            "The forces entered the city yesterday.",
            "The SDF entered the city yesterday.",
        ]
    }
    target, checks, _ = paired(source, script, {"قسد": "SDF"})
    assert (target, checks) == ("The SDF entered the city yesterday.", set())


def test_a_name_that_may_be_another_word_is_not_looked_for_among_the_hypotheses() -> None:
    source, said = "سمح فتح الصمامات بتحرير الضغط.", "The valves allow the pressure to be freed."
    target, checks, engine = paired(source, {source: [said, f"Fatah: {said}"]}, {"فتح": "Fatah"})
    assert (target, checks, engine.asked) == (said, set(), [])


def test_such_a_name_is_looked_for_beside_a_name() -> None:
    source = "سجل كريم بنزيما هدفا أمس."
    script = {source: ["Benzema scored a goal yesterday.", "Karim Benzema scored a goal yesterday."]}
    assert paired(source, script, {"كريم": "Karim"})[:2] == ("Karim Benzema scored a goal yesterday.", set())


@pytest.mark.parametrize("texts", [["خبر"], ["قال وزير الخارجية", "ارتفعت أسعار النفط", "خبر"]])
async def test_a_real_model_has_several_translations_the_likeliest_first(tiny: Path, texts: list[str]) -> None:
    batcher = Batcher(workers=1, batch_tokens=1024)
    batcher.start(Translator(Bundle.load(tiny)))
    found = await asyncio.gather(*(batcher.alternatives(text, Priority.INTERACTIVE) for text in texts))
    await batcher.close()
    for several in found:
        assert len(several) == ALTERNATIVES
        assert len({one.text for one in several}) > 1
        assert [one.score for one in several] == sorted((one.score for one in several), reverse=True)
