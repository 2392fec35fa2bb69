"""Protobuf messages <-> records, both ways and pure. Records mirror messages name by name, so one rule serves them all."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from mojaz.v1 import article_pb2, digest_pb2, glossary_pb2, info_pb2, translation_pb2

from mojaz_client import records
from mojaz_client.errors import FieldInvalid

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

M = TypeVar("M", bound=Message)
R = TypeVar("R", bound="DataclassInstance")

# Message -> record. All but one have the same name.
RECORDS: dict[type[Message], type[Any]] = {
    article_pb2.Article: records.Article,
    article_pb2.Span: records.Span,
    article_pb2.GlossaryEntry: records.GlossaryEntry,
    article_pb2.Check: records.Check,
    article_pb2.SentencePair: records.SentencePair,
    article_pb2.WordLink: records.WordLink,
    article_pb2.Timing: records.Timing,
    digest_pb2.Progress: records.Progress,
    digest_pb2.Digest: records.Digest,
    digest_pb2.Headline: records.Headline,
    digest_pb2.Line: records.Line,
    digest_pb2.Paragraph: records.Paragraph,
    digest_pb2.KeyFact: records.KeyFact,
    digest_pb2.Note: records.Note,
    digest_pb2.Addition: records.Addition,
    digest_pb2.Duplicate: records.Duplicate,
    translation_pb2.Translation: records.Translation,
    translation_pb2.Segment: records.Segment,
    translation_pb2.CheckedSegment: records.CheckedSegment,
    glossary_pb2.Glossary: records.Glossary,
    glossary_pb2.Suggestion: records.Suggestion,
    glossary_pb2.Spelling: records.Spelling,
    info_pb2.GetServerInfoResponse: records.ServerInfo,
    info_pb2.Model: records.Model,
    info_pb2.Score: records.Score,
    info_pb2.Limits: records.Limits,
    info_pb2.Compute: records.Compute,
    info_pb2.Cache: records.Cache,
}
MESSAGES: dict[type[Any], type[Message]] = {record: message for message, record in RECORDS.items()}
ENUMS: dict[str, type[StrEnum]] = {
    kind.__name__: kind
    for kind in (
        records.Priority,
        records.CheckKind,
        records.Confidence,
        records.HeadlineOrigin,
        records.ParagraphKind,
        records.FactKind,
        records.NoteKind,
    )
}


def read(message: Message, record: type[R]) -> R:
    """The record of a message. A part that is not there is None where the record allows it, else the message's default."""
    by_name = message.DESCRIPTOR.fields_by_name
    values: dict[str, Any] = {}
    for field in fields(record):
        descriptor, value = by_name[field.name], getattr(message, field.name)
        if descriptor.is_repeated:
            values[field.name] = tuple(_read_value(descriptor, item) for item in value)
        elif descriptor.message_type and field.default is None and not message.HasField(field.name):
            values[field.name] = None
        else:
            values[field.name] = _read_value(descriptor, value)
    return record(**values)


def _read_value(descriptor: Any, value: Any) -> Any:
    if descriptor.enum_type:
        return read_enum(descriptor.enum_type, value)
    if isinstance(value, Timestamp):
        return value.ToDatetime(tzinfo=UTC)
    if isinstance(value, Message):
        return read(value, RECORDS[type(value)])
    return value


def read_enum(descriptor: EnumDescriptor, number: int) -> StrEnum:
    """The member for a number on the wire; UNKNOWN for one that this client does not know."""
    kind = ENUMS[descriptor.name]
    known = descriptor.values_by_number.get(number)
    name = known.name.removeprefix(_prefix(descriptor)) if known else "UNKNOWN"
    return kind.__members__.get(name) or kind["UNKNOWN"]


def write(record: Any, message: M, path: str = "") -> M:
    """Fills a message from its record and returns it.

    `path` is where the record stands in the request, for errors ("article").

    Raises:
        FieldInvalid: text with a lone surrogate (it has no UTF-8), a value of the wrong type or out of range.
    """
    for field in fields(record):
        value = getattr(record, field.name)
        if value is None or value in ("", ()):
            continue  # what a message has by itself
        _write_field(
            message, message.DESCRIPTOR.fields_by_name[field.name], value, f"{path}.{field.name}" if path else field.name
        )
    return message


def set_field(message: Message, name: str, value: object, path: str) -> None:
    """Sets one field of a request by name; `path` is where it stands in the request. Raises FieldInvalid as `write` does."""
    _write_field(message, message.DESCRIPTOR.fields_by_name[name], value, path)


def _write_field(message: Message, descriptor: Any, value: Any, path: str) -> None:
    target = getattr(message, descriptor.name)
    if descriptor.is_repeated:
        _write_items(target, descriptor, value, path)
    elif isinstance(value, datetime):
        target.FromDatetime(value)
    elif is_dataclass(value):
        write(value, target, path).SetInParent()  # an empty message is still there
    else:
        try:
            setattr(message, descriptor.name, _scalar(descriptor, value, path))
        except (TypeError, ValueError) as error:
            problem = str(error)
        else:
            return
        raise FieldInvalid(f"{path}: is {value!r}, which cannot be sent: {problem}", field=path)


def _write_items(target: Any, descriptor: Any, values: Iterable[Any], path: str) -> None:
    for i, value in enumerate(values):
        if is_dataclass(value):
            write(value, target.add(), f"{path}[{i}]")
        else:
            target.append(_scalar(descriptor, value, f"{path}[{i}]"))


def _scalar(descriptor: Any, value: Any, path: str) -> Any:
    if descriptor.enum_type:
        return write_enum(descriptor.enum_type, value)
    return text(value, path) if descriptor.type == descriptor.TYPE_STRING else value


def write_enum(descriptor: EnumDescriptor, member: str) -> int:
    """The number on the wire; 0 for UNKNOWN, whose number is gone."""
    known = descriptor.values_by_name.get(_prefix(descriptor) + ENUMS[descriptor.name](member).name)
    return known.number if known else 0


def text(value: str, path: str) -> str:
    """The text itself, if it can be sent."""
    if not isinstance(value, str):
        raise FieldInvalid(f"{path}: is {type(value).__name__}, not str", field=path)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        at, code = error.start, ord(value[error.start])
    else:
        return value
    raise FieldInvalid(f"{path}: character {at} is a lone surrogate (U+{code:04X}), which is no text", field=path)


def _prefix(descriptor: EnumDescriptor) -> str:
    """CheckKind -> CHECK_KIND_."""
    first: str = descriptor.values[0].name
    return first.removesuffix("UNSPECIFIED")
