"""Texts through TranslationService."""

import pytest
from mojaz_client import Client, FieldMissing, LimitExceeded, NotArabic


def test_each_text_comes_back_sentence_by_sentence(client: Client) -> None:
    texts = ["قال الوزير إن المحادثات ستستأنف. وأضاف أن الوفد غادر.\nانتهى الاجتماع.", "ارتفعت الأسعار."]
    first, second = client.translate(texts)
    assert [pair.source for pair in first.pairs] == [
        "قال الوزير إن المحادثات ستستأنف.",
        "وأضاف أن الوفد غادر.",
        "انتهى الاجتماع.",
    ]
    assert [texts[0][p.span.start : p.span.end] for p in first.pairs] == [p.source for p in first.pairs]
    assert first.target.count("\n") == 1
    assert len(second.pairs) == 1
    assert all(pair.score <= 0 for pair in first.pairs)


def test_the_english_of_any_model_holds_no_arabic_letter(client: Client, article: str) -> None:
    (translation,) = client.translate([article], beam_size=2)
    assert not [c for c in translation.target if "\u0600" <= c <= "\u06ff"]


def test_segments_are_answered_one_for_one(client: Client) -> None:
    texts = ["قال. ثم ذهب.", "", "  ", "2024", "OK", "نعم\u2028لا"]
    translations = client.translate(texts, segments=True)
    assert len(translations) == len(texts)
    assert len(translations[0].pairs) == 1
    assert [t.target for t in translations[1:5]] == ["", "", "2024", "OK"]
    assert all("\n" not in t.target and "\u2028" not in t.target for t in translations)


def test_bad_texts_are_named(client: Client) -> None:
    with pytest.raises(FieldMissing) as caught:
        client.translate([])
    assert caught.value.field == "texts"
    with pytest.raises(FieldMissing) as caught:
        client.translate(["نص", " "])
    assert caught.value.field == "texts[1]"
    with pytest.raises(NotArabic) as caught_language:
        client.translate(["نص عربي", "plain English words"])
    assert caught_language.value.field == "texts[1]"
    with pytest.raises(LimitExceeded) as caught_limit:
        client.translate(["نص"] * 1001)
    assert caught_limit.value.field == "texts"


def test_a_stream_answers_every_text_and_a_bad_one_does_not_end_it(client: Client) -> None:
    texts = ["قال الوزير ذلك.", "only English here", "", "ارتفعت الأسعار اليوم."] * 10
    outcomes = sorted(client.translate_many(texts), key=lambda outcome: outcome.index)
    assert [outcome.text for outcome in outcomes] == texts
    for outcome in outcomes:
        expected = {1: NotArabic, 2: FieldMissing}.get(outcome.index % 4)
        assert (outcome.error is None) == (expected is None)
        assert (outcome.translation is None) == (expected is not None)
        if expected:
            assert type(outcome.error) is expected
            assert outcome.error.field == "text"
