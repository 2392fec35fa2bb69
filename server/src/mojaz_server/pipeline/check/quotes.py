"""Compares the quotation marks of a sentence with those of its English."""

import re
from collections.abc import Iterator

from mojaz_server.pipeline.check.equivalents import ENGLISH_WORD, arabic_terms, english_stem, equivalents
from mojaz_server.pipeline.records import Check, CheckKind, Span
from mojaz_server.pipeline.salience import stem
from mojaz_server.pipeline.terms import fold, words

_ARABIC = re.compile("[\"«»“”„‟″＂]|''|‘‘|’’|((?<=\\s)['‘](?=\\w))")
_ENGLISH = re.compile("[\"«»“”„‟″＂]|''|``|(?:(?<=\\s)|^)['‘`](?=\\w)|(?<=[\\w.,!?])['’](?=\\s|$)")
_PAIR = re.compile(r"[\"“„«‟]([^\"“”„«»‟]{1,2000})[\"”»“]")
_DOUBLE = re.compile('["«»“”„‟″＂]')
_LONGEST_TITLE = 7  # words
_TITLED = frozenset(
    stem(fold(word))
    for word in [
        "صحيفة",
        "موقع",
        "وكالة",
        "شركة",
        "قناة",
        "معهد",
        "مراسل",
        "برنامج",
        "فيلم",
        "صفحة",
        "منظمة",
        "حركة",
        "مجلة",
        "جريدة",
        "مؤسسة",
        "مجموعة",
        "نادي",
        "حزب",
        "مركز",
        "تطبيق",
        "إذاعة",
        "شبكة",
        "جمعية",
        "كتاب",
        "رواية",
        "مسلسل",
        "أغنية",
        "ألبوم",
        "مهرجان",
        "سفينة",
        "منصة",
        "اتحاد",
        "مجلس",
        "قناته",
    ]
)
_FEWEST_TOLD, _MOST_INSIDE = (
    3,
    0.35,
)  # words of a quotation found in the English; the share of them that may stand inside other marks
_QUOTATION_WORDS = 4  # fewer words between the marks are a name or a nickname, and English often drops those marks


def quotations(text: str, fewest: int = _QUOTATION_WORDS) -> list[Span]:
    """The quotations of several words in a text of either language, with their marks."""
    return [Span(*pair.span()) for pair in _PAIR.finditer(text) if len(pair[1].split()) >= fewest]


def compare_quotes(source: str, target: str) -> Iterator[Check]:
    """A quotation of several words whose marks are missing from the English, or marks of the English that Arabic has not."""
    arabic, english = _ARABIC.search(source), _ENGLISH.search(target)
    if arabic and not english:
        said = [span for span in quotations(source, _QUOTATION_WORDS - 1) if not _is_title(span, source)]
        for span in said[:1]:
            yield Check(CheckKind.QUOTE_LOST, f"The quotation ({_short(span, source)}) has no marks in the English", span)
    elif arabic:
        yield from _unmarked(source, target)
    if english and not arabic:
        pair_found = _PAIR.search(target)
        if pair_found and len(pair_found[1].split()) >= _QUOTATION_WORDS:
            message = "The English puts words in quotation marks that the Arabic does not quote"
            yield Check(CheckKind.QUOTE_INVENTED, message, None, Span(*pair_found.span()))


def _unmarked(source: str, target: str) -> Iterator[Check]:
    """The quotations of the Arabic whose words stand outside all quotation marks of the English."""
    found = quotations(source)
    marks = [match.start() for match in _DOUBLE.finditer(target)]
    if not found or len(marks) % 2:  # marks without a partner: where a quotation ends cannot be said
        return
    quoted = list(zip(marks[::2], marks[1::2], strict=True))
    places: dict[str, list[bool]] = {}
    for word in ENGLISH_WORD.finditer(target):
        places.setdefault(english_stem(word[0]), []).append(any(start < word.start() < end for start, end in quoted))
    terms = arabic_terms(source)
    for span in found:
        rows = [equivalents().get(term.stem) for term in terms if span.start < term.start < span.end]
        inside = [any(all_) for row in rows if row and (all_ := [i for english in row.english for i in places.get(english, ())])]
        if len(inside) >= _FEWEST_TOLD and sum(inside) <= _MOST_INSIDE * len(inside):
            yield Check(CheckKind.QUOTE_LOST, f"The quotation ({_short(span, source)}) has no marks in the English", span)


def _is_title(span: Span, source: str) -> bool:
    """Whether the marks hold the name of a paper, a firm or the like, which English writes without them."""
    before = [word.key.removeprefix("ل") for word in words(source[max(0, span.start - 24) : span.start])]
    return len(span.of(source).split()) < _LONGEST_TITLE and any(stem(key) in _TITLED for key in before[-2:])


def _short(span: Span, text: str) -> str:
    found = " ".join(span.of(text).split())
    return found if len(found) <= 50 else f"{found[:47]}..."
