"""Requests that no client of ours would send: any value of any field of the contract, mixed with likely ones, for hypothesis."""

from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import strategies as st

ARABIC = "قال وزير الخارجية إن المحادثات ستستأنف يوم الاثنين. وأضاف أن الوفد غادر العاصمة في 3 آذار 2024."
_LIKELY = (
    ARABIC,
    "بيروت",
    "قال «الوزير»: ارتفعت الأسعار 3.5% أمس.\nوأضاف أنه سيغادر غدا.",
    "ar",
    "ar-SY",
    "The talks will resume on Monday.",
    "جو بايدن",
    "Joe Biden",
    "g@1",
    "g",
    "1",
)
# Letters that text tools stumble over: marks, joiners, direction marks, tatweel, ligatures, figures, controls, the last ones
_ODD = (
    "\u0640\u064b\u0651\u0670\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\ufdfa\ufefb\ufc5e\ufe70\u0660\u06f0\u066b\u066c"
    "٪،؛؟«»\x00\x07\x1b\r\n\t\u2028\u2029\u00a0\ue000\ufffd\uffff\U0001f600\U0001f1f1\U0010ffff"
)
_LETTERS = 'ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئ     .،؟!"()0123456789abcXYZ'

plain = st.text(st.sampled_from(_LETTERS), max_size=60)
odd = st.text(st.sampled_from(_LETTERS + _ODD), max_size=60)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
long = st.builds(
    lambda text, times: text * times, st.sampled_from([ARABIC, "كلمة ", "ا", "«", "1,", "."]) | odd, st.integers(1, 60)
)
texts = st.one_of(
    st.sampled_from(_LIKELY), st.lists(st.sampled_from(_LIKELY) | odd, max_size=4).map("".join), plain, odd, anything, long
)


def mostly(usual: st.SearchStrategy[Any], rarely: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nine times of ten the one: a request of many fields would otherwise nearly always be refused for one of them."""
    return st.integers(0, 9).flatmap(lambda drawn: rarely if drawn == 9 else usual)


def _numbers(low: int, high: int) -> st.SearchStrategy[int]:
    return mostly(st.integers(0, 5), st.sampled_from([low, -1, high]) | st.integers(low, high))


_SCALARS: dict[int, st.SearchStrategy[Any]] = {
    FieldDescriptor.TYPE_STRING: texts,
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_INT32: _numbers(-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_INT64: _numbers(-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_FLOAT: mostly(st.floats(0, 1, width=32), st.floats(width=32)),
    FieldDescriptor.TYPE_ENUM: mostly(st.integers(0, 2), st.integers(-1, 30) | st.sampled_from([2**31 - 1, -(2**31)])),
}
_article = st.just(ARABIC) | st.lists(texts, min_size=1, max_size=3).map(lambda parts: f"{ARABIC[:30]} {' '.join(parts)}")
_stored = st.lists(st.sampled_from(["g", "g@1", "\u202e", "g@0"]), max_size=1)
_WORDS = ("الوزير", "بيروت", "المحادثات", "آذار", "العاصمة", "جو بايدن", "ناتو")
# Fields that are mostly set, and mostly to this, so that the request is worked on
_LIKELY_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "Article.body": mostly(_article, texts),
    "Article.language_code": mostly(st.sampled_from(["", "ar", "ar-SY"]), texts),
    "Article.published_time": mostly(st.integers(-(10**11), 10**11), st.integers(-(2**63), 2**63 - 1)).map(
        lambda s: Timestamp(seconds=s)
    ),
    "DigestOptions.glossaries": mostly(st.just([]), _stored),
    "TranslateOptions.glossaries": mostly(st.just([]), _stored),
    "SuggestOptions.glossaries": mostly(st.just([]), _stored),
    "CheckTranslationRequest.glossaries": mostly(st.just([]), _stored),
    "TranslateTextRequest.texts": st.lists(mostly(_article, texts), min_size=1, max_size=4),
    "TranslateStreamRequest.text": mostly(_article, texts),
    "Segment.source": mostly(_article, texts),
    "Segment.target": texts,
    "GlossaryEntry.source": mostly(st.sampled_from(_WORDS) | plain, texts),
    "GlossaryEntry.target": mostly(st.sampled_from(["Minister", "Beirut", "talks", "Joe Biden", "NATO"]), texts),
    "GlossaryEntry.forms": mostly(st.just([]), st.lists(st.sampled_from(_WORDS) | texts, max_size=3)),
    "GlossaryEntry.do_not_translate": mostly(st.just(False), st.just(True)),
    "CreateGlossaryRequest.name": mostly(st.sampled_from(["g", "h", "مسرد"]), texts),
    "GetGlossaryRequest.name": mostly(st.sampled_from(["g", "g@1", "h@2", "مسرد"]), texts),
    "DeleteGlossaryRequest.name": mostly(st.sampled_from(["h", "g@7"]), texts),
}
_NEEDED = ("article", "segments", "entries")  # messages without which there is nothing to do


def messages(kind: type[Message]) -> st.SearchStrategy[Any]:
    """Messages of a kind, each field set or not."""
    return _messages(kind.DESCRIPTOR)


def _messages(descriptor: Descriptor) -> st.SearchStrategy[Any]:
    likely = {field.name: _values(field) for field in descriptor.fields if _is_likely(field)}
    others = {field.name: _values(field) for field in descriptor.fields if field.name not in likely}
    some = mostly(st.fixed_dictionaries(likely, optional=others), st.fixed_dictionaries({}, optional=likely | others))
    return some.map(lambda values: GetMessageClass(descriptor)(**values))


def _is_likely(field: FieldDescriptor) -> bool:
    return _key(field) in _LIKELY_VALUES or field.name in _NEEDED


def _key(field: FieldDescriptor) -> str:
    return f"{field.containing_type.name}.{field.name}"


def _values(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    if _key(field) in _LIKELY_VALUES:
        return _LIKELY_VALUES[_key(field)]
    one = _messages(field.message_type) if field.message_type else _SCALARS[field.type]
    return st.lists(one, min_size=int(field.name in _NEEDED), max_size=4) if field.is_repeated else one
