"""What makes no sense alone comes with what it needs, or not at all."""

import pytest
from mojaz_server.pipeline.companions import companions, leans, runs
from mojaz_server.pipeline.records import Length
from mojaz_server.pipeline.split import split
from mojaz_server.pipeline.summarize import summarize

ALONE = [
    "وقال وزير الخارجية إن بلاده ترحب بالاتفاق.",
    "وأضاف المتحدث باسم الجيش أن القوات تقدمت.",
    'وقالت الوزارة في بيان: "لم نتلق أي طلب".',
    "هذا العام ارتفعت صادرات البلاد من التمور.",
    "وأكد رئيس الوزراء أنه لن يستقيل.",
    "",
]
LEANING = [
    "وأضاف أن القوات تقدمت عشرة كيلومترات.",
    'وتابع: "لن نقبل بأقل من ذلك".',
    'وقال "سنعود قريبا إلى بيوتنا".',
    "وأوضحت في حديث إلى التلفزيون أن الخطة جاهزة.",
    "وهو أول اتفاق من نوعه بين البلدين.",
    "ولذلك أغلقت المدارس أبوابها.",
    "وَأَضَافَ أنّ الخطة جاهزة.",
]


@pytest.mark.parametrize("text", ALONE)
def test_stands_alone(text: str) -> None:
    assert not leans(text)


@pytest.mark.parametrize("text", LEANING)
def test_leans(text: str) -> None:
    assert leans(text)


def test_a_chain_goes_back_to_who_speaks() -> None:
    texts = ["قال الوزير إن الخطة جاهزة.", "وأضاف أن التمويل مؤمن.", "وتابع أن العمل يبدأ غدا.", "ورحبت النقابة بالخطة."]
    assert companions(texts, range(4)) == [{0}, {0, 1}, {0, 1, 2}, {3}]


def test_the_first_line_has_nothing_to_lean_on() -> None:
    assert companions(["وأضاف أن التمويل مؤمن."], [0]) == [{0}]


QUOTED = (
    'رفضت النقابة الخطة جملة وتفصيلا في اجتماع عقدته ليلا. وقال رئيسها: "لن نقبل بخطة تسرح ثلث العمال وتترك أسرهم من دون دخل في '
    "هذا الغلاء الذي لم تعرفه البلاد منذ عشرين عاما. سنعلن الإضراب الشامل ابتداء من صباح الأحد في المصانع كلها ولن نعود عنه حتى "
    'تسحب الحكومة خطتها". ودعت الحكومة إلى الحوار.'
)


def test_the_sentences_of_one_quotation_are_one_run() -> None:
    (paragraph,) = split(QUOTED)
    assert runs(paragraph) == [0, 1, 1, 3]


@pytest.mark.parametrize("lines", [1, 2, 3, 4])
def test_a_quotation_is_never_cut(lines: int) -> None:
    paragraphs = split(QUOTED)
    chosen = {c.index for c in summarize(paragraphs, "", Length(lines=lines), 3)}
    assert len(chosen & {1, 2}) != 1
    assert 0 < len(chosen) <= lines


def test_a_leaning_line_brings_the_one_before_it() -> None:
    body = "قال الوزير إن الخطة جاهزة تماما.\nوأضاف أن الحكومة أقرت 300 مليون دولار لبناء مستشفى جديد في المدينة."
    title = "الحكومة تقر 300 مليون دولار لبناء مستشفى جديد"
    assert [c.index for c in summarize(split(body), title, Length(lines=1), 3)] == [0]
    assert [c.rank for c in summarize(split(body), title, Length(lines=2), 3)] in ([1, 2], [2, 1])


def test_all_quotation_gives_a_line_all_the_same() -> None:
    long = "سنعلن الإضراب الشامل ابتداء من صباح الأحد في المصانع كلها ولن نعود عنه حتى تسحب الحكومة خطتها. "
    chosen = summarize(split(f'"{long * 3}وهذا قرارنا".'), "", Length(lines=1), 3)
    assert len(chosen) == 1
