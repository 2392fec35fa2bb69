"""START READING HERE: the way of an article to its digest.

    split -> summarize -> headline -> pair (normalize, divide, translate, enforce, check, stand in, rescue)
        -> respell -> assemble (facts, notes, timing)

Each step is a function named like its file; this module alone knows their order. Steps that compute run in threads: the event
loop belongs to the network. The model is reached through the `Translator` that the caller gives; whatever is ready is told to
`emit` at once. Names are spelled alike when all sentences are there: what was told before may be spelled otherwise in the digest.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from mojaz_server.pipeline.assemble import assemble
from mojaz_server.pipeline.headline import Draft, headline, headline_style
from mojaz_server.pipeline.language import require_arabic
from mojaz_server.pipeline.options import DigestOptions, TranslateOptions
from mojaz_server.pipeline.pair import Paired, Style, pair
from mojaz_server.pipeline.records import (
    Article,
    Choice,
    Digest,
    Headline,
    Length,
    Line,
    Pair,
    Paragraph,
    Sentence,
    TranslatedParagraph,
)
from mojaz_server.pipeline.respell import respell
from mojaz_server.pipeline.split import split
from mojaz_server.pipeline.step import step
from mojaz_server.pipeline.summarize import summarize
from mojaz_server.pipeline.translate import Translator

WINDOW = 64  # sentences of one article that wait for the model at once: a long one does not fill the queue alone


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a digest is, in sentences."""

    done: int
    total: int


Part = Progress | Headline | Line | TranslatedParagraph
Emit = Callable[[Part], None]


@step
async def digest(
    article: Article,
    options: DigestOptions,
    translator: Translator,
    *,
    default_lines: int,
    emit: Emit = lambda part: None,
) -> Digest:
    """Digest one article. Raises NotArabic if there is no Arabic in it, and what the translator raises."""
    began = time.monotonic()
    paragraphs, choices, draft = await asyncio.to_thread(_read, article, options.length, default_lines)
    desk = _Desk(paragraphs, translator, options.translate, emit)
    try:
        async with asyncio.TaskGroup() as group:
            await desk.order(group, draft, choices, whole=options.full_translation)
            group.create_task(desk.tell_headline(draft))
            for choice in choices:
                group.create_task(desk.tell_line(choice))
            async for index in _by_and_by(range(len(paragraphs)) if options.full_translation else ()):
                group.create_task(desk.tell_paragraph(index))
    except ExceptionGroup as failed:  # the first failure stands for the call; the group has cancelled the rest
        raise failed.exceptions[0] from None
    made = await asyncio.to_thread(respell, desk.made(), options.translate, translator.calibration)
    pairs = dict(zip(desk.indexes, (paired.pair for paired in made[1:]), strict=True))
    return await asyncio.to_thread(
        assemble,
        article,
        paragraphs,
        options,
        _headline(draft, made[0].pair),
        tuple(_line(choice, pairs[choice.index]) for choice in choices),
        tuple(_paragraphs(paragraphs, pairs)) if options.full_translation else (),
        made,
        translator.model,
        began,
    )


def _read(article: Article, length: Length, default_lines: int) -> tuple[tuple[Paragraph, ...], tuple[Choice, ...], Draft]:
    """All that needs no model: what the article is made of, which sentences tell it, and its headline."""
    require_arabic(article.body, "article.body")
    paragraphs = split(article.body)
    return paragraphs, summarize(paragraphs, article.title, length, default_lines), headline(article, paragraphs)


class _Desk:
    """Has each sentence of one article translated once, however many parts of the digest need it."""

    def __init__(self, paragraphs: Sequence[Paragraph], translator: Translator, options: TranslateOptions, emit: Emit) -> None:
        self._paragraphs = paragraphs
        self._sentences = [sentence for paragraph in paragraphs for sentence in paragraph.sentences]
        self._first = list(accumulate((len(paragraph.sentences) for paragraph in paragraphs), initial=0))
        self._translator, self._options, self._emit = translator, options, emit
        self._window = asyncio.Semaphore(WINDOW)
        self._tasks: dict[int, asyncio.Task[Paired]] = {}
        self._head: asyncio.Task[Paired]
        self._done = 0

    async def order(self, group: asyncio.TaskGroup, draft: Draft, choices: Sequence[Choice], *, whole: bool) -> None:
        """Queue the work, what the reader sees first at the head: headline, lines by rank, the rest."""
        self._head = group.create_task(self._pair(draft.sentence, headline_style))
        wanted = [choice.index for choice in sorted(choices, key=lambda choice: choice.rank)]
        wanted += range(len(self._sentences)) if whole else ()
        async for index in _by_and_by(dict.fromkeys(wanted)):
            self._tasks[index] = group.create_task(self._pair(self._sentences[index]))

    @property
    def indexes(self) -> tuple[int, ...]:
        """The sentences that were translated, in the order of `made`."""
        return tuple(self._tasks)

    def made(self) -> tuple[Paired, ...]:
        """Every translation that was made, the headline's first."""
        return (self._head.result(), *(task.result() for task in self._tasks.values()))

    async def _pair(self, sentence: Sentence, style: Style = str) -> Paired:
        async with self._window:
            paired = await pair(sentence, self._translator, self._options, style)
        self._done += 1
        self._emit(Progress(self._done, len(self._tasks) + 1))
        return paired

    async def tell_headline(self, draft: Draft) -> None:
        self._emit(_headline(draft, (await self._head).pair))

    async def tell_line(self, choice: Choice) -> None:
        self._emit(_line(choice, (await self._tasks[choice.index]).pair))

    async def tell_paragraph(self, index: int) -> None:
        first, count = self._first[index], len(self._paragraphs[index].sentences)
        pairs = [(await self._tasks[i]).pair for i in range(first, first + count)]
        self._emit(_paragraph(index, self._paragraphs[index], pairs))


async def _by_and_by(indexes: Iterable[int]) -> AsyncIterator[int]:
    """These, with the loop free for others after each window: an article can have 100,000 sentences of a letter."""
    for number, index in enumerate(indexes, 1):
        yield index
        if number % WINDOW == 0:
            await asyncio.sleep(0)


def _headline(draft: Draft, made: Pair) -> Headline:
    return Headline(
        made.source,
        made.target,
        draft.origin,
        draft.span,
        made.score,
        made.checks,
        made.withheld,
        made.confidence,
        made.links,
    )


def _line(choice: Choice, made: Pair) -> Line:
    return Line(choice.rank, made, choice.salience)


def _paragraphs(paragraphs: Sequence[Paragraph], made: Mapping[int, Pair]) -> Iterator[TranslatedParagraph]:
    """The paragraphs of the full translation; `made` has the pair of every sentence by its index."""
    pairs = (made[index] for index in range(len(made)))
    for index, paragraph in enumerate(paragraphs):
        yield _paragraph(index, paragraph, list(islice(pairs, len(paragraph.sentences))))


def _paragraph(index: int, paragraph: Paragraph, pairs: Sequence[Pair]) -> TranslatedParagraph:
    return TranslatedParagraph(index, paragraph.kind, paragraph.span, tuple(pairs))
