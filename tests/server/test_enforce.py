"""The English of a glossary takes the place of the model's where that is beyond doubt, and nowhere else."""

import pytest
from glossaries import glossary_of
from hypothesis import given, settings
from hypothesis import strategies as st
from mojaz_server.pipeline.check import check
from mojaz_server.pipeline.enforce import enforce
from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.records import CheckKind, Translated
from mojaz_server.pipeline.rendering import missed

MAYOR = "قال رئيس بلدية طنجة إن المدينة ستستقبل الوفد."


@pytest.mark.parametrize(
    ("source", "target", "terms", "expected"),
    [
        ("وصل الوزير إلى بيروت أمس", "The minister arrived in Beirut on Thursday", {"بيروت": "Beyrouth"}, "Beyrouth on"),
        ("وصل الوزير إلى بيروت وطنجة", "The minister arrived in Beirut and Tangier", {"طنجة": "Tanger"}, "Beirut and Tanger"),
        ("زار الرئيس ميقاتي بيروت", "President Mikati's visit to Beirut", {"ميقاتي": "Miqati"}, "President Miqati's visit"),
        ("وصل مبعوث الأمم المتحدة", "The UN's envoy arrived", {"الأمم المتحدة": "United Nations"}, "The United Nations' envoy"),
        ("قال قائد الحرس إن السفينة", "The Guards' commander said the ship", {"الحرس": "IRGC"}, "The IRGC's commander"),
        (
            "الجيش دخل المدينة",
            "The army entered the city",
            {"الجيش": "the Lebanese Armed Forces"},
            "The Lebanese Armed Forces entered",
        ),
        ("عقد البرلمان جلسة", "A parliament held a session", {"البرلمان": "assembly"}, "An assembly held"),
        ("اتهمت محكمة شركة غوغل", "The Google court accused Google", {"غوغل": "Alphabet"}, "The Alphabet court accused Alphabet"),
        ("دخلت الحكومة المبنى", "Government entered the building", {"الحكومة": "cabinet"}, "Cabinet entered"),
        ("قال الأمريكيون ذلك في واشنطن", "Americans said that in Washington", {"واشنطن": "WASHINGTON"}, "in WASHINGTON"),
    ],
)
def test_the_wanted_english_is_written(source: str, target: str, terms: dict[str, str], expected: str) -> None:
    made = enforce(source, target, glossary_of(terms))
    assert expected in made
    assert enforce(source, made, glossary_of(terms)) == made


@pytest.mark.parametrize(
    ("source", "target", "terms"),
    [
        ("كان الطفل سعيد بالهدية", "The child was happy with the gift", {"سعيد": "Saeed"}),
        ("منح الرئيس الجندي وسام الشجاعة", "The president gave the soldier a medal of courage", {"سام": "Sam"}),
        ("وقع الاتفاق على الحدود", "The agreement was signed on the border", {"علي": "Ali"}),
        ("قال الأمين العام إن الحرب انتهت", "The secretary-general said the war was over", {"أمين": "Amin"}),
        ("أعلنت الحكومة السورية ذلك", "The Syrian government announced it", {"سورية": "Syria"}),
    ],
)
def test_another_word_is_left_alone_and_not_flagged(source: str, target: str, terms: dict[str, str]) -> None:
    assert enforce(source, target, glossary_of(terms)) == target
    assert missed(source, target, glossary_of(terms)) == ()


@pytest.mark.parametrize(
    ("source", "target", "terms"),
    [
        ("هاجمت فصائل موالية لإيران القاعدة", "Pro-Iranian factions attacked the base", {"إيران": "Iran"}),
        ("هاجمت فصائل موالية لإيران القاعدة", "Pro-Iranian factions attacked the base", {"موالية لإيران": "pro-Iran"}),
        ("التقى وزير خارجية فرنسا نظيره", "The French foreign minister met his counterpart", {"فرنسا": "France"}),
        ("زار رئيس كوريا الجنوبية طوكيو", "The South Korean president visited Tokyo", {"كوريا الجنوبية": "South Korea"}),
        ("طلبت النيابة العامة سجنه", "Prosecutors demanded that he be jailed", {"النيابة العامة": "prosecution"}),
        ("قتل عناصر تنظيم الجهاد أمس", "Members of the jihadist group were killed", {"الجهاد": "Jihad"}),
        ("حضر الرئيس افتتاح المعرض", "The president came to open the exhibition", {"افتتاح": "opening"}),
    ],
)
def test_another_form_of_the_english_stays_and_is_not_missed(source: str, target: str, terms: dict[str, str]) -> None:
    assert enforce(source, target, glossary_of(terms)) == target
    assert missed(source, target, glossary_of(terms)) == ()


def test_another_form_that_stands_for_another_word_is_not_the_term() -> None:
    source, target = "قال الوزير الإيراني إن إيران سترد", "The Iranian minister said they would respond"
    assert [match.entry.english for match in missed(source, target, glossary_of({"إيران": "Iran"}))] == ["Iran"]


def test_a_part_of_a_hyphenated_word_does_not_give_way() -> None:
    source, target = "قصفت طائرات ميليشيا حزب الله البلدة", "Planes of a Hezbollah-backed militia shelled the town"
    assert enforce(source, target, glossary_of({"حزب الله": "Hizbullah"})) == target
    target = "Planes of Deir el-Zour shelled the town"
    assert "Deir ez-Zor" in enforce("قصفت طائرات دير الزور البلدة", target, glossary_of({"دير الزور": "Deir ez-Zor"}))


def test_a_name_that_is_also_a_word_is_respelled_where_the_english_has_the_name() -> None:
    glossary = glossary_of({"سعيد": "Saied"})
    assert enforce("قال الرئيس سعيد إن تونس بخير", "President Saeed said Tunisia was well", glossary).startswith(
        "President Saied said"
    )


def test_what_is_already_there_stays(article: str) -> None:
    target = "The resistance fighters entered Damascus."
    assert enforce(
        "دخل مقاتلو المقاومة دمشق", target, glossary_of({"المقاومة": "Resistance", "دمشق": "Damascus"})
    ) == target.replace("resistance", "Resistance")
    assert enforce(article, target, Glossary.EMPTY) is target
    assert enforce(MAYOR, target, glossary_of({"القاهرة": "Cairo"})) is target


def test_capitals_count() -> None:
    glossary = glossary_of({"الولايات المتحدة": "US"})
    assert missed("قالت الولايات المتحدة ذلك", "They told us that", glossary)
    assert not missed("قالت الولايات المتحدة ذلك", "The US said that", glossary)


def test_what_is_not_to_be_translated_is_kept_in_its_script() -> None:
    glossary = Glossary.of([Entry("طنجة", "", do_not_translate=True), Entry("OpenAI", "", do_not_translate=True)])
    made = enforce(MAYOR, "The mayor of Tangier said the city would host the delegation.", glossary)
    assert made == "The mayor of طنجة said the city would host the delegation."
    assert not {c.kind for c in check(MAYOR, Translated(made, 0.0), glossary)} & {CheckKind.UNTRANSLATED, CheckKind.TERM_MISSED}
    assert [m.entry.source for m in missed("أعلنت شركة OpenAI ذلك", "The company Open AI said so", glossary)] == ["OpenAI"]


def test_wanted_english_is_no_stranger() -> None:
    source = "وصل الوزير إلى بيروت أمس"
    glossary = glossary_of({"بيروت": "Paris"})
    assert not check(source, Translated("The minister arrived in Paris yesterday", 0.0), glossary)


@given(st.text(max_size=40), st.text(max_size=60), st.text(min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_any_text_is_safe(source: str, target: str, term: str) -> None:
    glossary = glossary_of({"بيروت": term, "the": "x", "سعيد": "Saeed"})
    enforce(f"بيروت {source} سعيد", f"{target} Beirut happy", glossary)
