"""Translations that somebody else made, through TranslationService.CheckTranslation."""

import asyncio

import pytest
from mojaz_client import AsyncClient, CheckKind, Client, FieldInvalid, FieldMissing, LimitExceeded, Segment

GOOD = Segment("قتل 115 شخصا في 3 كانون الثاني/يناير 2020.", "On 3 January 2020, 115 people were killed.")
BAD = {
    CheckKind.NUMBER_LOST: Segment("قتل 115 شخصا في الهجوم.", "Many people were killed in the attack."),
    CheckKind.NUMBER_INVENTED: Segment("قتل أشخاص في الهجوم.", "Some 40 people were killed in the attack."),
    CheckKind.NUMBER_CHANGED: Segment("قتل 115 شخصا في الهجوم.", "The attack killed 150 people."),
    CheckKind.UNIT_CHANGED: Segment("بلغت الصفقة 5 مليارات دولار.", "The deal reached 5 billion euros."),
    CheckKind.NAME_CHANGED: Segment("زار الرئيس دمشق والتقى الوزراء.", "The president visited Beirut and met ministers."),
    CheckKind.NEGATION_INVENTED: Segment("وافق المجلس على القرار.", "The council did not approve the decision."),
    CheckKind.CLAUSE_LOST: Segment(
        "أعلن الوزير أن المحادثات ستبدأ الأسبوع المقبل، وأن الوفد غادر المدينة إلى تركيا، وأن الحكومة تنتظر رد المعارضة.",
        "The minister announced that the talks will begin next week, and that the government awaits the opposition's response.",
    ),
    CheckKind.DATE_CHANGED: Segment("وقع الهجوم في 3 شباط.", "The attack was on 3 July."),
    CheckKind.NEGATION_LOST: Segment("لم يوافق المجلس على القرار.", "The council approved the decision."),
    CheckKind.QUOTE_LOST: Segment(
        'قال الوزير: "لن نقبل بهذا القرار ولن ننسحب من المدينة".', "The minister said they would not accept it or withdraw."
    ),
    CheckKind.UNTRANSLATED: Segment("قال الوزير ذلك أمس.", "The minister قال that yesterday."),
    CheckKind.LENGTH_RATIO: Segment("قال الوزير إن المحادثات ستستأنف قريبا وإن الوفد غادر المدينة مساء أمس الأحد.", "He said."),
    CheckKind.REPETITION: Segment(
        "قال الوزير ذلك أمس في المدينة.", "The minister said the minister said the minister said the minister said."
    ),
}


def kinds(client: Client, segment: Segment) -> set[CheckKind]:
    (found,) = client.check([segment])
    return {failed.kind for failed in found.checks}


@pytest.mark.parametrize("kind", BAD, ids=str)
def test_what_is_wrong_is_found(client: Client, kind: CheckKind) -> None:
    assert kind in kinds(client, BAD[kind])


def test_a_good_translation_has_nothing_to_look_at(client: Client) -> None:
    assert kinds(client, GOOD) == set()
    assert kinds(client, Segment("2024", "2024")) == set()


def test_answers_are_one_for_one_with_spans_of_both_sides(client: Client) -> None:
    segments = [GOOD, BAD[CheckKind.NUMBER_LOST], GOOD, BAD[CheckKind.NUMBER_INVENTED]]
    found = client.check(segments)
    assert [bool(one.checks) for one in found] == [False, True, False, True]
    (lost,) = [failed for failed in found[1].checks if failed.kind is CheckKind.NUMBER_LOST]
    assert lost.source_span is not None
    assert lost.source_span.of(segments[1].source) == "115"
    (invented,) = [failed for failed in found[3].checks if failed.kind is CheckKind.NUMBER_INVENTED]
    assert invented.target_span is not None
    assert invented.target_span.of(segments[3].target) == "40"


def test_a_name_is_spelled_in_one_way_in_a_request(client: Client) -> None:
    segments = [
        Segment("قال زيلينسكي إن الحرب مستمرة.", "Zelensky said the war goes on."),
        Segment("التقى زيلينسكي نظيره في كييف.", "Zelensky met his counterpart in Kyiv."),
        Segment("وأضاف زيلينسكي أن بلاده بحاجة إلى الدعم.", "Zalinsky added that his country needs support."),
    ]
    one, two, three = client.check(segments)
    assert not one.checks
    assert not two.checks
    assert [failed.kind for failed in three.checks] == [CheckKind.NAME_INCONSISTENT]


def test_no_translation_at_all_is_a_failed_check(client: Client) -> None:
    assert CheckKind.LENGTH_RATIO in kinds(client, Segment("قال الوزير ذلك أمس.", ""))


def test_terms_of_the_glossary_are_required(client: Client) -> None:
    segments = [
        Segment("دخلت قسد المدينة.", "The militia entered the city."),
        Segment("دخلت قسد المدينة.", "The SDF entered the city."),
    ]
    missed, kept = client.check(segments, glossary={"قسد": "SDF"})
    assert [failed.kind for failed in missed.checks] == [CheckKind.TERM_MISSED]
    assert kept.checks == ()


@pytest.mark.parametrize(
    ("segments", "glossary", "kind", "field"),
    [
        ([], None, FieldMissing, "segments"),
        ([GOOD, Segment(" ", "x")], None, FieldMissing, "segments[1].source"),
        ([Segment("The minister said so.", "قال الوزير ذلك.")], None, FieldInvalid, "segments[0].source"),
        ([GOOD] * 1001, None, LimitExceeded, "segments"),
        ([Segment("كلمة " * 60_000, "")], None, LimitExceeded, "segments"),
        ([GOOD], {"كلمة": " "}, FieldMissing, "glossary[0].target"),
    ],
)
def test_bad_requests_are_named(
    client: Client, segments: list[Segment], glossary: dict[str, str] | None, kind: type[Exception], field: str
) -> None:
    with pytest.raises((FieldMissing, FieldInvalid, LimitExceeded)) as caught:
        client.check(segments, glossary=glossary)
    assert type(caught.value) is kind
    assert caught.value.field == field


def test_the_async_client_asks_the_same(client: Client) -> None:
    async def ask() -> list[bool]:
        async with AsyncClient(client.address) as other:
            return [bool(found.checks) for found in await other.check([GOOD, BAD[CheckKind.NUMBER_LOST]])]

    assert asyncio.run(ask()) == [False, True]
