"""Records and messages mirror each other completely, and nothing is lost between them."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from mojaz.v1 import article_pb2, digest_pb2, glossary_pb2, info_pb2, translation_pb2
from mojaz_client import (
    Article,
    CheckKind,
    Digest,
    FieldInvalid,
    KeyFact,
    Priority,
    SentencePair,
    article_from_dict,
    records,
    to_dict,
)
from mojaz_client._calls import article_message, digest_options, texts_request, translate_options
from mojaz_client._wire import ENUMS, MESSAGES, RECORDS, read, write

FILES = (article_pb2, digest_pb2, glossary_pb2, info_pb2, translation_pb2)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def messages() -> list[type[Message]]:
    """Every message of the contract that is not a request, a response or an option of one."""
    envelopes = ("Request", "Response", "Options")
    names = [(file, name) for file in FILES for name in file.DESCRIPTOR.message_types_by_name]
    return [getattr(file, name) for file, name in names if not name.endswith(envelopes)]


def test_every_message_has_its_record() -> None:
    assert set(messages()) <= set(RECORDS)


@pytest.mark.parametrize("message", RECORDS, ids=lambda message: message.DESCRIPTOR.name)
def test_record_has_the_fields_of_its_message(message: type[Message]) -> None:
    assert {field.name for field in fields(RECORDS[message])} == set(message.DESCRIPTOR.fields_by_name)


def test_every_enum_has_every_name_of_the_contract() -> None:
    for file in FILES:
        for name, descriptor in file.DESCRIPTOR.enum_types_by_name.items():
            prefix = descriptor.values[0].name.removesuffix("UNSPECIFIED")
            known = {value.name.removeprefix(prefix) for value in descriptor.values} - {"UNSPECIFIED"}
            assert known == set(ENUMS[name].__members__) - {"UNKNOWN"}, name


def filled(message: Message, depth: int = 0) -> Message:
    """The message with something in every field."""
    for descriptor in message.DESCRIPTOR.fields:
        value = _something(descriptor)
        target = getattr(message, descriptor.name)
        if descriptor.message_type and descriptor.message_type.name == "Timestamp":
            target.FromDatetime(datetime(2024, 1, 3, 9, 30, tzinfo=UTC))
        elif descriptor.message_type:
            filled(target.add() if descriptor.is_repeated else target, depth + 1)
        elif descriptor.is_repeated:
            target.append(value)
        else:
            setattr(message, descriptor.name, value)
    return message


def _something(descriptor: Any) -> Any:
    if descriptor.enum_type:
        return 1
    kinds = {descriptor.TYPE_STRING: "نصّ \U0001f4f0", descriptor.TYPE_BOOL: True}
    return kinds.get(descriptor.type, 7)


@pytest.mark.parametrize("message", RECORDS, ids=lambda message: message.DESCRIPTOR.name)
def test_round_trip_keeps_everything(message: type[Message]) -> None:
    full, empty = filled(message()), message()
    assert write(read(full, RECORDS[message]), message()) == full
    assert read(write(read(empty, RECORDS[message]), message()), RECORDS[message]) == read(empty, RECORDS[message])


@given(body=TEXT, title=TEXT, moment=st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)))
def test_articles_come_back_as_they_were(body: str, title: str, moment: datetime | None) -> None:
    article = Article(body, title=title, published_time=moment)
    assert read(article_message(article), Article) == article
    assert article_from_dict(to_dict(article)) == article


def test_absent_spans_are_none_and_present_ones_are_not() -> None:
    fact = read(digest_pb2.KeyFact(source="115", target_span=article_pb2.Span()), KeyFact)
    assert fact.target_span == records.Span(0, 0)
    assert read(digest_pb2.KeyFact(source="115"), KeyFact).target_span is None
    assert write(fact, digest_pb2.KeyFact()).HasField("target_span")


def test_kind_of_a_newer_server_is_unknown() -> None:
    assert read(article_pb2.Check(kind=999), records.Check).kind is CheckKind.UNKNOWN  # type: ignore[arg-type]


def test_span_counts_code_points() -> None:
    pair = read(article_pb2.SentencePair(span=article_pb2.Span(start=2, end=5)), SentencePair)
    assert pair.span.of("\U0001f4f0 خبر عاجل") == "خبر"


@pytest.mark.parametrize("surrogate", ["\ud800", "\udfff", "\udcff"])
def test_lone_surrogate_names_its_field_and_place(surrogate: str) -> None:
    with pytest.raises(FieldInvalid, match=r"article\.title: character 3") as caught:
        article_message(Article("نص", title=f"خبر{surrogate}"))
    assert caught.value.field == "article.title"
    with pytest.raises(FieldInvalid) as caught:
        digest_options(glossary={"ألف": "a", "باء": surrogate})
    assert caught.value.field == "options.glossary[1].target"
    with pytest.raises(FieldInvalid) as caught:
        texts_request(["نص", surrogate], translate_options())
    assert caught.value.field == "texts[1]"


def test_digest_options_reach_the_wire() -> None:
    options = digest_options(words=40, full_translation=True, glossary={"ميناء": "port"}, beam_size=2, priority=Priority.BULK)
    entry = article_pb2.GlossaryEntry(source="ميناء", target="port")
    assert options == digest_pb2.DigestOptions(
        max_words=40, full_translation=True, glossary=[entry], beam_size=2, priority=article_pb2.PRIORITY_BULK
    )
    assert digest_options().WhichOneof("length") is None
    assert digest_options(lines=0).WhichOneof("length") == "max_lines"


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"lines": 1, "share": 0.5}, "options.length"),
        ({"beam_size": 2**40}, "options.beam_size"),
        ({"lines": "two"}, "options.max_lines"),
        ({"priority": "urgent"}, "options.priority"),
        ({"glossary": {"نص": 3}}, "options.glossary[0].target"),
    ],
)
def test_option_that_cannot_be_sent_is_named(options: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldInvalid) as caught:
        digest_options(**options)
    assert caught.value.field == field
    assert caught.value.__context__ is None


def test_one_bare_text_is_not_a_sequence_of_texts() -> None:
    with pytest.raises(FieldInvalid, match="one str"):
        texts_request("نص", translate_options())


@pytest.mark.parametrize(
    "data", [[], "نص", None, {"bodi": "x"}, {"body": 3}, {"body": "\ud800"}, {"published_time": "yesterday"}]
)
def test_article_that_is_none_is_refused(data: object) -> None:
    with pytest.raises(FieldInvalid, match="article"):
        article_from_dict(data)


def test_json_uses_the_names_of_the_contract() -> None:
    digest = read(filled(digest_pb2.Digest()), Digest)
    data = to_dict(digest)
    assert set(data) == set(digest_pb2.Digest.DESCRIPTOR.fields_by_name)
    assert data["headline"]["origin"] == "HEADLINE_ORIGIN_GIVEN"
    assert set(MESSAGES) == set(RECORDS.values())
