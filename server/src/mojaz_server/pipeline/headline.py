"""The Arabic headline: the article's own title, else words of the lead with others left out, else its first clauses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.compress import Cut, compress, text_of
from mojaz_server.pipeline.language import arabic_share
from mojaz_server.pipeline.normalize import readable
from mojaz_server.pipeline.phrases import Word, words_of
from mojaz_server.pipeline.records import Article, HeadlineOrigin, Paragraph, ParagraphKind, Sentence, Span
from mojaz_server.pipeline.salience import stems
from mojaz_server.pipeline.step import step

MOST_WORDS = 18  # of a lead that is cut at a clause boundary
FOLLOWING = 10  # sentences after the lead that tell what the article goes on about
_LONGEST = 120  # words of a lead that are looked at
_INITIAL = re.compile(r"(?:\b[A-Z]|\.)\.$")
_OPENING, _CLOSING = tuple('"«“'), frozenset('"»”')


@dataclass(frozen=True, slots=True)
class Draft:
    """A headline before its translation.

    The span of `sentence` counts from what it is the text of: the title, the body or, if words were left out, itself.
    `span` is where the body says it: the words themselves or the sentence that they were taken from; None for a title.
    """

    sentence: Sentence
    origin: HeadlineOrigin
    span: Span | None


@step
def headline(article: Article, paragraphs: Sequence[Paragraph]) -> Draft:
    """The headline of an article that has at least one sentence."""
    if arabic_share(article.title) > 0:
        return Draft(Sentence(article.title, Span(0, len(article.title))), HeadlineOrigin.GIVEN, None)
    lead = lead_of(paragraphs)
    words = words_of(lead.text)[:_LONGEST]
    cut = compress(words, _context(paragraphs, lead))
    if cut is None:
        first = first_clauses(lead)
        return Draft(first, HeadlineOrigin.LEAD, first.span)
    return _compressed(lead, words, cut)


def headline_style(english: str) -> str:
    """The English of a headline begins with a capital and has no stop; "in the U.S." keeps its own."""
    bare = english if _INITIAL.search(english) else english.removesuffix(".").rstrip()
    return bare[:1].upper() + bare[1:]


def _context(paragraphs: Sequence[Paragraph], lead: Sentence) -> list[str]:
    """Stems of the sentences after the lead."""
    after = [s.text for p in paragraphs for s in p.sentences if s.span.start >= lead.span.end]
    return stems(readable(" ".join(after[:FOLLOWING])))


def _compressed(lead: Sentence, words: Sequence[Word], cut: Cut) -> Draft:
    text = text_of(words, cut)
    start = words[cut.kept[0]].span.start
    if lead.text[start:].startswith(text):  # nothing left out inside: the words stand in the body as they are
        span = Span(lead.span.start + start, lead.span.start + start + len(text))
        return Draft(Sentence(text, span), HeadlineOrigin.LEAD, span)
    return Draft(Sentence(text, Span(0, len(text))), HeadlineOrigin.COMPRESSED, lead.span)


def lead_of(paragraphs: Sequence[Paragraph]) -> Sentence:
    """The first sentence that has Arabic in it, of running text if there is any."""
    texts = [p for p in paragraphs if p.kind is ParagraphKind.TEXT] or paragraphs
    sentences = [s for p in texts for s in p.sentences] or [s for p in paragraphs for s in p.sentences]
    return next((s for s in sentences if arabic_share(s.text) > 0), sentences[0])


def first_clauses(sentence: Sentence) -> Sentence:
    """The sentence's first clauses, at most `MOST_WORDS` words, as they stand in the body."""
    first = divide(" ".join(sentence.text.split()), lambda text: len(text.split()), MOST_WORDS)[0]
    text = sentence.text[: _end_of(sentence.text, len("".join(first.split())))].rstrip(" \t\r\n.،؛:,;")
    if text[:1] in _OPENING and not _CLOSING.intersection(text[1:]):  # a quotation that goes on after the cut
        text = text[1:].lstrip()
    start = sentence.span.start + sentence.text.index(text)
    return Sentence(text, Span(start, start + len(text)))


def _end_of(text: str, letters: int) -> int:
    """Where the first `letters` characters that are not space end in a text."""
    for place, character in enumerate(text):
        letters -= not character.isspace()
        if letters <= 0:
            return place + 1
    return len(text)
