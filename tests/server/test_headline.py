"""A headline says what the lead says, in the lead's words: golden leads, and what holds for every text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mojaz_server.pipeline.compress import MOST, compress, cuts, text_of
from mojaz_server.pipeline.headline import Draft, headline, headline_style
from mojaz_server.pipeline.normalize import fold, readable
from mojaz_server.pipeline.phrases import Kind, phrases, words_of
from mojaz_server.pipeline.records import Article, HeadlineOrigin
from mojaz_server.pipeline.split import split

PARTS = (
    "قال", "أعلن", "الوزير", "وزير الصحة", "إن", "أن", "إلى أن", "الحكومة", "ستغلق", "لم تغلق", "المدارس", "في العاصمة", "،",
    "في", "اليوم الثلاثاء", "أمس", "(رويترز)", "- الوكالة -", "320", "12 مريضا", "الذي زار", "بالمدينة", "إلا", "وأضاف", "حسب",
    '"لا"', "\n", "<b>",
)  # fmt: skip


def made(body: str) -> Draft:
    return headline(Article(body), split(body))


def allowed(lead: str) -> set[str]:
    words = words_of(lead)
    return {text_of(words, cut) for cut in cuts(words)}


def is_subsequence(text: str, of: str) -> bool:
    words = iter(fold(w).strip(" .،؛:,;-") for w in of.split())
    return all(any(word == w for w in words) for word in (fold(w).strip(" .،؛:,;-") for w in text.split()) if word)


def test_who_says_it_stands_before_a_colon() -> None:
    lead = "قال وزير الصحة في مؤتمر صحافي اليوم الثلاثاء إن الحكومة ستغلق المدارس عشرة أيام."
    assert "وزير الصحة: الحكومة ستغلق المدارس عشرة أيام" in allowed(lead)


@pytest.mark.parametrize(
    "lead",
    [
        "نفى وزير الصحة في مؤتمر صحافي أن الحكومة ستغلق المدارس عشرة أيام.",
        "لم يقل وزير الصحة في العاصمة إن الحكومة ستغلق المدارس عشرة أيام.",
        "توقع وزير الصحة أن الحكومة ستغلق المدارس عشرة أيام.",
    ],
)
def test_what_nobody_asserts_is_not_put_after_a_colon(lead: str) -> None:
    assert not [text for text in allowed(lead) if ":" in text]
    assert all(text.startswith(lead.split(maxsplit=1)[0]) for text in allowed(lead))


def test_no_accusative_without_what_governs_it() -> None:
    lead = "قالت الشرطة إن مسلحين هاجموا المركز في شمال البلاد."
    assert {text for text in allowed(lead) if ":" in text} == {"الشرطة: إن مسلحين هاجموا المركز في شمال البلاد"}


def test_notes_of_time_and_brackets_go() -> None:
    lead = "افتتحت شركة النقل (حافلات)، اليوم الثلاثاء 5 مارس 2024، خطا جديدا بين المدينتين."
    assert "افتتحت شركة النقل خطا جديدا بين المدينتين" in allowed(lead)
    assert not [text for text in allowed(lead) if "الثلاثاء" in text or "2024" in text]


def test_a_bracket_that_a_preposition_wants_stays() -> None:
    texts = allowed("افتتحت شركة النقل الوطنية فرعا في (المدينة) الأسبوع الأول من الصيف.")
    assert not [text for text in texts if "في" in text.split() and "(المدينة)" not in text]


def test_a_day_to_come_stays() -> None:
    assert not [t for t in allowed("تبدأ الجامعة الخميس المقبل استقبال الطلبة الجدد في العاصمة.") if "المقبل" not in t]


@pytest.mark.parametrize("kept", ["إلا بعد موافقة البرلمان", "إذا رفض البرلمان الاتفاق", "دون موافقة البرلمان", "وفق مصدر أمني"])
def test_what_limits_a_statement_stays_with_it(kept: str) -> None:
    lead = f"لن تغلق الحكومة المدارس العامة {kept}، كما قال الوزير."
    assert allowed(lead)
    assert all(kept.split(maxsplit=1)[0] in text for text in allowed(lead))


def test_what_is_left_out_takes_what_belongs_to_it_along() -> None:
    """The man was not arrested in the north: no place comes to stand beside a verb that it does not belong to."""
    lead = "اعتقلت الشرطة رجلا بتهمة القتل في شمال البلاد قبل عامين."
    assert not [text for text in allowed(lead) if "في شمال" in text and "بتهمة القتل" not in text]


def test_the_predicate_is_never_cut_off() -> None:
    lead = "أعلنت الوزارة أن المستشفيات في المدن الكبيرة استقبلت مئة مريض."
    assert all("استقبلت" in text or "المستشفيات في المدن الكبيرة" not in text for text in allowed(lead))


@pytest.mark.parametrize(
    ("lead", "wanted"),
    [
        ("خلصت أشغال الندوة الدولية حول الإعلام والثقافة إلى رفض الخطاب المتطرف، كما دعت إلى الحوار.", "إلى رفض"),
        ("دعا سعيد، أستاذ القانون بجامعة العاصمة باحث في العلوم، إلى تضمين المقرر مادة جديدة.", "إلى تضمين"),
        ("أدخلت القوات في المدينة، خلال الساعات الماضية، أسلحة وذخائر لقواعدها العسكرية الجديدة.", "أسلحة"),
        ("هدد محامي الممثلة الشهيرة سعاد، التي قالت إنها ظلمت في العمل، بالكشف عن دليل جديد.", "بالكشف"),
        ("أقام المستشفى الكبير ومركز الأبحاث بالعاصمة فعاليات متنوعة بحضور المدير.", "فعاليات"),
    ],
)
def test_what_the_verb_wants_is_there(lead: str, wanted: str) -> None:
    assert allowed(lead)
    assert all(wanted in text for text in allowed(lead))


def test_the_report_begins_after_the_dateline() -> None:
    lead = "القاهرة (رويترز) - افتتحت شركة النقل خطا جديدا بين المدينتين."
    assert made(lead).sentence.text == "افتتحت شركة النقل خطا جديدا بين المدينتين"


def test_where_it_comes_from() -> None:
    body = "عنوان\n\nافتتحت شركة النقل خطا جديدا بين المدينتين."
    draft = made(body)
    assert draft.origin is HeadlineOrigin.LEAD
    assert draft.span is not None
    assert draft.span.of(body) == draft.sentence.text == draft.sentence.span.of(body)
    body = "افتتحت شركة النقل، اليوم الثلاثاء، خطا جديدا بين المدينتين."
    draft = made(body)
    assert draft.origin is HeadlineOrigin.COMPRESSED
    assert draft.span is not None
    assert draft.span.of(body) == body
    given = headline(Article(body, title="خط جديد"), split(body))
    assert (given.sentence.text, given.origin, given.span) == ("خط جديد", HeadlineOrigin.GIVEN, None)


def test_phrases() -> None:
    lead = "قال الوزير، أمس الأحد، إن خمسة من العمال أصيبوا في المصنع"
    sentence = words_of(lead)
    found = [(part.kind, " ".join(w.text for w in sentence[part.start : part.end])) for part in phrases(sentence)]
    assert found == [
        (Kind.FIRST, "قال الوزير،"),
        (Kind.TIME, "أمس الأحد،"),
        (Kind.THAT, "إن خمسة من العمال أصيبوا"),
        (Kind.PREPOSITION, "في المصنع"),
    ]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=40))
def test_every_headline_is_words_of_the_body_in_their_order(parts: list[str]) -> None:
    body = "خبر " + " ".join(parts)
    draft = made(body)
    assert draft.sentence.text.strip()
    assert is_subsequence(readable(draft.sentence.text), readable(body))
    assert draft.span is not None
    if draft.origin is HeadlineOrigin.LEAD:
        assert draft.span.of(body) == draft.sentence.text


@pytest.mark.parametrize(
    "lead",
    [
        "أعلنت الوزارة عن فتح تحقيق في أنشطة شركات، متهمة بالغش، رغم علمها أنه سيعاد بيعها في السوق.",
        "أكد الوزير على ضرورة أن تغلق الحكومة المدارس العامة في العاصمة.",
        "أعلن الحزب الذي قال إن الحكومة ستسقط قريبا عن موعد مؤتمره.",
    ],
)
def test_what_another_word_governs_is_not_said_by_the_speaker(lead: str) -> None:
    assert not [text for text in allowed(lead) if ":" in text]


def test_a_cause_is_not_joined_to_the_wrong_effect() -> None:
    lead = "هبطت المؤشرات حول العالم، في أعقاب تهديد الرئيس، دونالد ترامب، بفرض مزيد من الرسوم على السلع."
    assert not [text for text in allowed(lead) if "بفرض" in text and "تهديد" not in text]


@pytest.mark.parametrize(
    ("lead", "gone", "left"),
    [
        ("اتهم تقرير صادر عن بعثة أممية إلى المدينة، الحكومة بمساعدة الحراس، على ارتكاب جرائم.", "الحكومة", "على ارتكاب"),
        ("اختار الفريق لاعب الوسط الدولي سميرا، لحمل شارة القائد خلفا لزميله، المنتقل إلى ناد آخر.", "خلفا", "المنتقل"),
        ("انخفضت الأسعار الثلاثاء بعدما أظهر تقرير أن الإنتاج بلغ مستوى مرتفعا في الصيف.", "بعدما أظهر تقرير", "أن الإنتاج"),
        ("شن الجيش الجمعة أولى غاراته على مواقع المسلحين في الشمال.", "أولى", "غاراته"),
        ("شن الجيش الجمعة أول غارة على مواقع المسلحين في الشمال.", "أول", "غارة"),
        ("تراجع المؤشر في منتصف تداولات اليوم بنحو عشرين نقطة عن مستواه السابق.", "اليوم", "تداولات"),
    ],
)
def test_nothing_comes_to_belong_to_something_else(lead: str, gone: str, left: str) -> None:
    assert not [text for text in allowed(lead) if left in text and gone not in text]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=40))
def test_phrases_are_all_the_words(parts: list[str]) -> None:
    sentence = words_of(" ".join(parts))
    found = phrases(sentence)
    assert [i for part in found for i in range(part.start, part.end)] == list(range(len(sentence)))


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=40))
@example(["قال", "قال", "قال", "قال", "(رويترز)", "320", "(رويترز)"])
def test_no_cut_is_too_long_or_ends_on_a_preposition(parts: list[str]) -> None:
    sentence = words_of(" ".join(parts))
    for cut in cuts(sentence):
        assert len(cut.kept) <= MOST
        assert list(cut.kept) == sorted(set(cut.kept))
        assert cut.rest is None or sentence[cut.kept[-1]].bare not in ("في", "من", "الي", "علي", "لا", "لم", "320")


def test_a_sentence_of_very_many_phrases_is_cut_all_the_same() -> None:
    sentence = words_of("قال الوزير " + "، في المدينة ، في القرية" * 200)
    assert len(list(cuts(sentence))) < 1000
    assert compress(sentence, []) is None or compress(sentence, [])


def test_a_quotation_that_goes_on_has_no_lonely_mark() -> None:
    body = (
        '"لن نغادر أرضنا مهما طال الحصار. سنبقى هنا حتى يعود كل من رحل إلى بيته. هذه رسالتنا إلى العالم الذي نسي المدينة وأهلها."'
    )
    draft = headline(Article(body), split(body))
    assert draft.span and draft.span.of(body) == draft.sentence.text
    assert draft.sentence.text.startswith("لن نغادر") and '"' not in draft.sentence.text


@pytest.mark.parametrize(
    ("english", "styled"),
    [
        ("the army withdraws from the city.", "The army withdraws from the city"),
        ("Talks resume in the U.S.", "Talks resume in the U.S."),
        ("Will the talks resume?", "Will the talks resume?"),
        ("12 dead in fire ...", "12 dead in fire ..."),
        ("", ""),
    ],
)
def test_style_of_english_headlines(english: str, styled: str) -> None:
    assert headline_style(english) == styled
