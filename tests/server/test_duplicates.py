"""Near-duplicates: copies are found whatever was done to them, and what only looks alike is not."""

import random

import pytest
from mojaz_models.noise import noisy
from mojaz_server.pipeline.additions import additions
from mojaz_server.pipeline.duplicates import Entry, Remembered
from mojaz_server.pipeline.normalize import normalize
from mojaz_server.pipeline.records import Article

BRIDGE = (
    "افتتح وزير النقل في مدينة صور صباح اليوم جسراً جديداً فوق نهر الليطاني بعد ثلاث سنوات من العمل، في حضور عدد من النواب.",
    "وقال الوزير في كلمة ألقاها إن كلفة المشروع بلغت 115 مليون دولار، وإن الجسر سيخفف الازدحام عن أهالي القرى الحدودية.",
    "وأضاف أن الوزارة ستبدأ في الربيع المقبل أعمال صيانة الطريق الساحلي الذي تضرر خلال العواصف، وأن 340 عاملاً سيشاركون فيها.",
    "وشكر رئيس البلدية المهندسين والعمال، ودعا المزارعين إلى استخدام الطريق الجديد لنقل محاصيلهم إلى أسواق العاصمة.",
    "وكانت السيول قد جرفت الجسر القديم قبل أربعة أعوام فانقطعت الطريق بين ضفتي النهر، واضطر التلاميذ إلى عبوره في القوارب.",
)
LIBRARY = (
    "أعلنت المكتبة الوطنية فتح قسم للمخطوطات النادرة أمام الباحثين ابتداء من مطلع الشهر المقبل، بعد ترميم استمر عامين كاملين.",
    "وأوضحت مديرة القسم أن المجموعة تضم رسائل في الفلك والطب والرياضيات كتبها علماء من بغداد ودمشق والقاهرة.",
    "ويمكن للزوار الاطلاع على نسخ رقمية من الكتب عبر موقع المكتبة، فيما تبقى الأصول في خزائن تحفظها من الرطوبة والضوء.",
)
FARMERS = "من جهتها طالبت جمعية المزارعين بإعفاء الشاحنات الصغيرة من رسوم العبور خلال السنة الأولى."
STEEL = "نفى متحدث باسم شركة المقاولات أن تكون أسعار الحديد سبباً في تأخر تسليم المشروع، ووعد بنشر تقرير مفصل خلال أسبوع."
WEATHER = (
    "توقعت مصلحة الأرصاد الجوية أن يكون الطقس يوم {day} غائماً جزئياً مع ارتفاع طفيف في درجات الحرارة على الساحل وفي الداخل. "
    "وتتراوح الحرارة على الساحل بين {a} و{b} درجة وفوق الجبال بين {c} و{d} درجة، والرياح غربية سرعتها {e} كيلومتراً في الساعة. "
    "وتبلغ الرطوبة على الساحل {f} بالمئة والبحر متوسط ارتفاع الموج، والرؤية جيدة تسوء أحياناً فوق المرتفعات."
)
PRAYER = (
    "مواقيت الصلاة في العاصمة وضواحيها ليوم {day} بحسب دائرة الأوقاف التي تذكر المصلين بفروق التوقيت بين المدن: "
    "صلاة الفجر عند الساعة 4:{a} وصلاة الظهر عند الساعة 12:{b} وصلاة العصر عند الساعة 3:{c} وصلاة المغرب عند الساعة 6:{d} "
    "وصلاة العشاء عند الساعة 8:{e}، ويضاف إليها دقيقتان للمناطق الغربية."
)
MARKET = (
    "أغلق مؤشر السوق المالية في جلسة {day} عند {a} نقطة بعد تداول {b} مليون سهم قيمتها {c} مليون دينار عبر {d} صفقة. "
    "وتصدر قطاع المصارف التداول بنسبة {e} بالمئة تلاه قطاع الاتصالات بنسبة {f} بالمئة، فيما انخفضت أسهم الشركات الأخرى."
)
TELEGRAM = (
    "بعث رئيس الجمهورية برقية تهنئة إلى رئيس {country} بمناسبة ذكرى استقلال بلاده متمنياً له دوام الصحة والسعادة "
    "ولحكومة بلاده وشعبها الصديق اطراد التقدم والازدهار، وأشاد رئيس الجمهورية بهذه المناسبة بتميز العلاقات التي تربط "
    "بين البلدين والشعبين الصديقين والتي يحرص الجميع على تنميتها في المجالات كافة."
)
DAYS = ("الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس")
HASTY = str.maketrans("أإآ", "ااا", "ًٌٍَُِّْ")
DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
UNPUNCTUATED = tuple(s.replace("،", "").replace(".", "") for s in BRIDGE)

COPIES = {
    "whole": BRIDGE,
    "cut to two sentences": BRIDGE[:2],
    "a paragraph added": (*BRIDGE, FARMERS),
    "a credit added": (*BRIDGE, "(وكالات)"),
    "the rest in another order": (BRIDGE[0], BRIDGE[3], BRIDGE[1], BRIDGE[2]),
    "one sentence replaced": (*BRIDGE[:3], FARMERS, BRIDGE[4]),
    "no hamzas, no diacritics": tuple(s.translate(HASTY) for s in BRIDGE),
    "tatweel and other digits": tuple(s.replace("جسر", "جســر").translate(DIGITS) for s in BRIDGE),
    "no punctuation": UNPUNCTUATED,
    "markup": tuple(f"<p>{s}</p>" for s in BRIDGE),
    "digits for number words": tuple(s.replace("ثلاث سنوات", "3 سنوات") for s in BRIDGE),
    "one line": (" ".join(BRIDGE),),
}


def story(*sentences: str) -> Article:
    return Article("\n".join(sentences))


def placed(*articles: Article) -> list[str]:
    """For each article the request id of its original, "" if it is none's duplicate; ids are places."""
    remembered = Remembered(10**6)
    places = [remembered.place(Entry.of(str(i), article)) for i, article in enumerate(articles)]
    return [place.original.request_id if place.original else "" for place in places]


def filled(form: str, number: int) -> Article:
    """A report of one day: the form with the figures of that day."""
    rng = random.Random(number)
    return Article(form.format(day=DAYS[number % len(DAYS)], **{key: rng.randint(10, 59) for key in "abcdef"}))


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_found(kind: str) -> None:
    assert placed(story(*LIBRARY), story(*BRIDGE), story(*COPIES[kind])) == ["", "", "1"]


@pytest.mark.parametrize("seed", range(20))
def test_typing_errors_make_no_other_story(seed: int) -> None:
    rng = random.Random(seed)
    assert placed(story(*BRIDGE), story(*(noisy(normalize(s), rng) for s in BRIDGE))) == ["", "0"]


@pytest.mark.parametrize("form", [WEATHER, PRAYER, MARKET])
def test_a_form_filled_in_anew_is_another_story(form: str) -> None:
    days = [filled(form, number) for number in range(40)]
    assert placed(*days) == [""] * 40
    assert placed(*days, *days)[40:] == [str(i) for i in range(40)], "but the same day printed twice is one"


def test_telegrams_to_two_presidents_are_two_stories() -> None:
    articles = [Article(TELEGRAM.format(country=country)) for country in ("بوليفيا", "تشاد", "سنغافورة", "تشاد")]
    assert placed(*articles) == ["", "", "", "1"]


def test_what_only_shares_its_background_is_another_story() -> None:
    assert placed(story(*BRIDGE), story(STEEL, *BRIDGE[2:])) == ["", ""]


def test_an_article_in_a_round_up_is_another_story() -> None:
    assert placed(story(*LIBRARY, *BRIDGE), story(*BRIDGE)) == ["", ""]


def test_a_fuller_article_is_digested_and_known_to_extend_the_brief() -> None:
    remembered = Remembered(10**6)
    brief = Entry.of("brief", story(*BRIDGE[:2]))
    assert remembered.place(brief).original is None
    full = remembered.place(Entry.of("full", story(*BRIDGE)))
    assert full.original is None
    assert full.part is brief
    third = remembered.place(Entry.of("third", story(*BRIDGE, "(وكالات)")))
    assert third.original and third.original.request_id == "full", "the one that has more of it"


@pytest.mark.parametrize("body", ["", "خبر قصير جداً.", "خبر قصير جداً. " * 8, "\n\n  \n", "12 34 56 78", "<br>\ud800"])
def test_the_too_short_are_never_compared(body: str) -> None:
    assert placed(*[Article(body)] * 3) == ["", "", ""]


def test_five_thousand_copies_are_one_story() -> None:
    remembered = Remembered(10**6)
    first = Entry.of("0", story(*BRIDGE))
    remembered.place(first)
    assert all(remembered.place(Entry("n", first.article, first.shingles)).original is first for _ in range(5_000))
    assert len(remembered) == 1


def test_memory_is_bounded_and_what_had_no_copy_for_longest_goes_first() -> None:
    remembered = Remembered(11 * len(filled(MARKET, 0).body))

    def is_known(number: int) -> bool:
        return remembered.place(Entry.of("", filled(MARKET, number))).original is not None

    assert not any(is_known(number) for number in range(10))
    assert is_known(0)
    assert not any(is_known(number) for number in range(10, 15))
    assert is_known(0)
    assert not is_known(1)
    assert not any(is_known(number) for number in range(15, 300))
    assert is_known(299)
    assert len(remembered) <= 12
    assert set().union(*remembered._postings.values()) <= set(remembered._entries), "what is forgotten leaves the index"


def test_nothing_repeats_an_article_that_failed() -> None:
    remembered = Remembered(10**6)
    first, second, third = (Entry.of(str(i), story(*BRIDGE)) for i in range(3))
    remembered.place(first)
    first.failed = True
    assert remembered.place(second).original is None
    assert remembered.place(third).original is second
    assert len(remembered) == 1


def added(*copy: str) -> list[tuple[str, tuple[str, ...]]]:
    article = story(*copy)
    found = additions(Entry.of("copy", article), Entry.of("original", story(*BRIDGE)))
    assert all(addition.sentence.span.of(article.body) == addition.sentence.text for addition in found)
    return [(addition.sentence.text, addition.facts) for addition in found]


def test_what_a_copy_adds() -> None:
    assert added(*BRIDGE) == []
    assert added(*BRIDGE[:2]) == []
    assert added(*UNPUNCTUATED) == []
    assert added(BRIDGE[0], FARMERS, *BRIDGE[1:]) == [(FARMERS, ())]


def test_another_figure_or_name_in_a_known_sentence_is_an_addition() -> None:
    other = BRIDGE[1].replace("115", "118")
    assert added(BRIDGE[0], other, *BRIDGE[2:]) == [(other, ("118 مليون",))]
    named = BRIDGE[3].replace("أسواق العاصمة", "أسواق العاصمة بيروت")
    assert added(*BRIDGE[:3], named, BRIDGE[4]) == [(named, ("بيروت",))]
