"""Fitting of headline weights on made-up articles: what is learnt, and that test articles are left out."""

from mojaz_models.headlines import Example, examples, fit, governed, table, verbs

LEADS = [
    (
        f"قال وزير {what} في مؤتمر صحافي إن الوزارة ستفتح {n} مراكز في العاصمة قبل نهاية العام.",
        f"وزير {what}: الوزارة ستفتح {n} مراكز",
    )
    for what in ("الصحة", "النقل", "المالية", "الثقافة", "الزراعة", "الطاقة", "البيئة", "العمل")
    for n in range(3, 11)
]


def test_the_form_of_the_headlines_is_learnt() -> None:
    weights = fit(table([Example(lead, (), title) for lead, title in LEADS]), steps=60)
    assert weights["speaker"] > weights["reports"]


def test_articles_of_the_test_sets_are_left_out() -> None:
    rows = [{"text": lead, "title": title} for lead, title in LEADS[:4]]
    held_out = {LEADS[0][1], LEADS[1][0]}
    assert [e.title for e in examples(rows, held_out)] == [title for _, title in LEADS[2:4]]


def test_verbs_and_their_prepositions() -> None:
    sentences = ["أسفر الحادث عن إصابات"] * 5 + ["تمكن من الفرار"] * 30
    assert verbs(sentences) == ["اسفر", "تمكن"]
    assert governed(sentences) == [("تمكن", "من", 1.0)]
