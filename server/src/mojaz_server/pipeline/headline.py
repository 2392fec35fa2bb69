"""The Arabic headline: the article's own title, else the lead cut at a clause boundary."""

from collections.abc import Sequence
from dataclasses import dataclass

from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.language import arabic_share
from mojaz_server.pipeline.records import Article, HeadlineOrigin, Paragraph, ParagraphKind, Sentence, Span

MOST_WORDS = 18


@dataclass(frozen=True, slots=True)
class Draft:
    """A headline before its translation; the span of `sentence` counts from the title or from the body, as `origin` says."""

    sentence: Sentence
    origin: HeadlineOrigin


def headline(article: Article, paragraphs: Sequence[Paragraph]) -> Draft:
    """The headline of an article that has at least one sentence."""
    if arabic_share(article.title) > 0:
        return Draft(Sentence(article.title, Span(0, len(article.title))), HeadlineOrigin.GIVEN)
    return Draft(_cut(_lead(paragraphs)), HeadlineOrigin.LEAD)


def _lead(paragraphs: Sequence[Paragraph]) -> Sentence:
    """The first sentence that has Arabic in it, of running text if there is any."""
    texts = [p for p in paragraphs if p.kind is ParagraphKind.TEXT] or paragraphs
    sentences = [s for p in texts for s in p.sentences] or [s for p in paragraphs for s in p.sentences]
    return next((s for s in sentences if arabic_share(s.text) > 0), sentences[0])


def _cut(sentence: Sentence) -> Sentence:
    """The sentence's first clauses, at most `MOST_WORDS` words, as they stand in the body."""
    first = divide(" ".join(sentence.text.split()), lambda text: len(text.split()), MOST_WORDS)[0]
    end = _end_of(sentence.text, len("".join(first.split())))
    text = sentence.text[:end].rstrip(" \t\r\n.،؛:,;")
    return Sentence(text, Span(sentence.span.start, sentence.span.start + len(text)))


def _end_of(text: str, letters: int) -> int:
    """Where the first `letters` characters that are not space end in a text."""
    for place, character in enumerate(text):
        letters -= not character.isspace()
        if letters <= 0:
            return place + 1
    return len(text)
