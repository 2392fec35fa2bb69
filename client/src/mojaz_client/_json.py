"""Records as the contract's own JSON (protobuf JSON with the names of proto/mojaz/v1), and articles from it."""

from typing import Any

from google.protobuf import json_format
from mojaz.v1 import article_pb2

from mojaz_client._wire import MESSAGES, read, write
from mojaz_client.errors import FieldInvalid
from mojaz_client.records import Article


def to_dict(record: Any) -> dict[str, Any]:
    """Any record of the contract as a dict for `json.dumps`; fields that hold their default are left out."""
    message = write(record, MESSAGES[type(record)]())
    data: dict[str, Any] = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return data


def article_from_dict(data: object) -> Article:
    """The article of a JSON object {"body": ..., "id": ..., "title": ..., "published_time": "2024-01-03T09:00:00Z", ...}.

    Raises:
        FieldInvalid: it is no object, has a field that an article has not, or a value of the wrong type.
    """
    if not isinstance(data, dict):
        raise FieldInvalid(f"an article is a JSON object, not {type(data).__name__}", field="article")
    try:
        return read(json_format.ParseDict(data, article_pb2.Article()), Article)
    except json_format.ParseError as error:
        problem = str(error).splitlines()[0]
    raise FieldInvalid(f"article: {problem}", field="article")
