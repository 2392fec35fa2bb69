"""What newsrooms send by mistake: a digest that is right for it, or an error that names the field, the limit and what to do."""

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from mojaz.v1 import article_pb2, digest_pb2, digest_pb2_grpc
from mojaz_client import Article, Client, FieldInvalid, FieldMissing, InvalidArgument, LimitExceeded, NotArabic
from serving import Serving

REFUSED = {
    "empty": (Article(body=""), FieldMissing, "article.body", "empty"),
    "only spaces": (Article(body=" \n\t\u00a0 "), FieldMissing, "article.body", "empty"),
    "only latin": (Article(body="The minister said on Monday that talks would resume."), NotArabic, "article.body", "Latin"),
    "only digits": (Article(body="2024 15 88"), NotArabic, "article.body", "letters"),
    "persian": (
        Article(body="رئیس جمهور ایران گفت که مذاکرات با کشورهای همسایه ادامه پیدا می‌کند و این گفتگوها مهم است."),
        NotArabic,
        "article.body",
        "Persian",
    ),
    "urdu": (
        Article(body="وزیر اعظم نے کہا ہے کہ حکومت عوام کے مسائل حل کرنے کے لیے کام کر رہی ہے اور یہ سلسلہ جاری رہے گا۔"),
        NotArabic,
        "article.body",
        "Urdu",
    ),
    "too long": (Article(body="كلمة " * 1_000_000), LimitExceeded, "article.body", "200,000"),
    "title too long": (Article(body="خبر قصير.", title="ع" * 2000), LimitExceeded, "article.title", "1,000"),
    "another language": (Article(body="خبر قصير.", language_code="fa"), FieldInvalid, "article.language_code", "ar"),
    "lone surrogate": (Article(body="خبر \ud800 قصير"), FieldInvalid, "article.body", "surrogate"),
}


@pytest.mark.parametrize("case", REFUSED, ids=list(REFUSED))
def test_refused_with_field_and_reason(client: Client, case: str) -> None:
    article, kind, field, hint = REFUSED[case]
    with pytest.raises(InvalidArgument) as caught:
        client.digest(article)
    assert type(caught.value) is kind
    assert caught.value.field == field
    assert hint.lower() in str(caught.value).lower()


OPTIONS = {
    "lines": ({"lines": 51}, LimitExceeded, "options.max_lines"),
    "negative lines": ({"lines": -1}, FieldInvalid, "options.max_lines"),
    "share": ({"share": 1.5}, FieldInvalid, "options.share"),
    "beam": ({"beam_size": 9}, LimitExceeded, "options.beam_size"),
    "glossary": ({"glossary": {f"كلمة{i}": "word" for i in range(1001)}}, LimitExceeded, "options.glossary"),
    "empty target": ({"glossary": {"كلمة": " "}}, FieldMissing, "options.glossary[0].target"),
}


@pytest.mark.parametrize("case", OPTIONS, ids=list(OPTIONS))
def test_options_over_a_limit(client: Client, article: str, case: str) -> None:
    options, kind, field = OPTIONS[case]
    with pytest.raises(kind) as caught:
        client.digest(article, **options)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_html_and_invisible_marks_are_ignored_and_said(client: Client) -> None:
    body = "<p>أعلنت <b>الوزارة</b>\u202b بدء المشروع&nbsp;الجديد.\x00</p>\n<script>alert('x')</script>"
    digest = client.digest(body, full_translation=True)
    assert "markup_ignored" in [note.kind.value for note in digest.notes]
    (line,) = digest.lines
    assert line.pair.source == body[line.pair.span.start : line.pair.span.end]
    assert "script" not in line.pair.source


def test_one_word(client: Client) -> None:
    digest = client.digest("بيروت")
    assert [line.pair.source for line in digest.lines] == ["بيروت"]
    assert digest.headline.source == "بيروت"


def test_a_sentence_of_2000_words_without_a_stop(client: Client) -> None:
    body = " ".join(f"كلمة{i % 97}" for i in range(2000))
    digest = client.digest(body, full_translation=True)
    assert " ".join(pair.source for p in digest.paragraphs for pair in p.pairs).split() == body.split()
    assert max(len(pair.source.split()) for p in digest.paragraphs for pair in p.pairs) < 100


def test_a_long_sentence_is_translated_in_parts_and_the_digest_says_so(client: Client) -> None:
    digest = client.digest(" ".join(f"كلمة{i % 97}" for i in range(110)))
    assert "sentence_divided" in [note.kind.value for note in digest.notes]


def test_ten_thousand_lines_of_one_word(client: Client) -> None:
    words = ["خبر", "بيروت", "وزير", "سلام", "نفط"]
    body = "\n".join(words[i % 5] for i in range(10_000))
    digest = client.digest(body)
    assert 1 <= len(digest.lines) <= 3
    for line in digest.lines:
        assert body[line.pair.span.start : line.pair.span.end] == line.pair.source


def test_dialect_and_foreign_parts_are_noted(client: Client) -> None:
    body = "مش عارف ليه الناس دي كلها عايزة تروح هناك دلوقتي.\nWe do not know what happened there on Monday."
    kinds = [note.kind.value for note in client.digest(body).notes]
    assert "dialect_suspected" in kinds
    assert "not_arabic_in_part" in kinds


def test_fewer_lines_than_asked_for_is_said(client: Client) -> None:
    digest = client.digest("خبر واحد قصير فقط لا غير.", lines=5)
    assert len(digest.lines) == 1
    assert "fewer_lines" in [note.kind.value for note in digest.notes]


ONE = "أعلنت وزارة الصحة تسجيل 320 إصابة جديدة بالمرض خلال أسبوع."
UNUSUAL = {
    "one sentence": ONE,
    "the same paragraph five times": "\n".join([ONE] * 5),
    "nothing but headings": "انفجار في الميناء\nعشرات الجرحى\nالحكومة تجتمع\nتحقيق عاجل",
    "football results": "نتائج الجولة العاشرة\nالأهلي 2 - 1 الزمالك\nالاتحاد 0 - 0 الهلال\nالوحدة 1 - 4 الفيحاء",
    "a live report": '10:45 وصول الوفد الأول\n11:20 الرئيس: "لن نغادر من دون اتفاق".\n12:05 انقطاع الكهرباء عن القاعة',
    "a column": "لا أعرف متى بدأت أخاف من الهاتف. كنت أنتظر رنينه كل مساء، ثم صرت أتمنى ألا يرن. نحن جيل تعلم الصبر.",
    "all quotation": '"لن نغادر أرضنا مهما طال الحصار. سنبقى هنا حتى يعود كل من رحل إلى بيته. هذه رسالتنا إلى العالم كله."',
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_article_gets_a_headline_and_lines_of_its_own_words(client: Client, name: str) -> None:
    body = UNUSUAL[name]
    digest = client.digest(body)
    assert digest.headline.source
    assert 1 <= len(digest.lines) <= 3
    sources = [line.pair.source for line in digest.lines]
    assert len(set(sources)) == len(sources)
    assert all(body[line.pair.span.start : line.pair.span.end] == line.pair.source for line in digest.lines)


@pytest.mark.parametrize("time", [{"seconds": -(2**63)}, {"seconds": 253_402_300_800}, {"nanos": -1}, {"nanos": 10**9}])
def test_a_time_that_is_none_is_told_by_its_field(server: Serving, time: dict[str, int]) -> None:
    """Our own client cannot send it."""
    article = article_pb2.Article(body="وصل الرئيس أمس.", published_time=Timestamp(**time))
    with grpc.insecure_channel(server.address) as channel:
        stub = digest_pb2_grpc.DigestServiceStub(channel)
        with pytest.raises(grpc.RpcError) as caught:
            stub.DigestArticle(digest_pb2.DigestArticleRequest(article=article))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "article.published_time" in caught.value.details()
