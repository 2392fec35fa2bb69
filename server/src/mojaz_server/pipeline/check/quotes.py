"""Compares the quotation marks of a sentence with those of its English."""

import re
from collections.abc import Iterator

from mojaz_server.pipeline.records import Check, CheckKind, Span

_ARABIC = re.compile("[\"«»“”„‟″＂]|''|‘‘|’’|((?<=\\s)['‘](?=\\w))")
_ENGLISH = re.compile("[\"«»“”„‟″＂]|''|``|(?:(?<=\\s)|^)['‘`](?=\\w)|(?<=[\\w.,!?])['’](?=\\s|$)")
_PAIR = re.compile(r"[\"“„«‟]([^\"“”„«»‟]{1,2000})[\"”»“]")
_QUOTATION_WORDS = 4  # fewer words between the marks are a name or a nickname, and English often drops those marks


def quotations(text: str) -> list[Span]:
    """The quotations of several words in a text of either language, with their marks."""
    return [Span(*pair.span()) for pair in _PAIR.finditer(text) if len(pair[1].split()) >= _QUOTATION_WORDS]


def compare_quotes(source: str, target: str) -> Iterator[Check]:
    """A quotation of several words whose marks are missing from the English, or marks of the English that Arabic has not."""
    arabic, english = _ARABIC.search(source), _ENGLISH.search(target)
    if arabic and not english:
        for span in quotations(source)[:1]:
            yield Check(CheckKind.QUOTE_LOST, "The quotation has no quotation marks in the English", span)
    if english and not arabic:
        pair_found = _PAIR.search(target)
        if pair_found and len(pair_found[1].split()) >= _QUOTATION_WORDS:
            message = "The English puts words in quotation marks that the Arabic does not quote"
            yield Check(CheckKind.QUOTE_INVENTED, message, None, Span(*pair_found.span()))
