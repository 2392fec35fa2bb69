"""A digest as a page to read in a terminal: headline, numbered bilingual lines with what to check, key facts, notes."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import zip_longest
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mojaz_client.cli.bidi import Bidi, arabic, english, one_line, wrap
from mojaz_client.records import (
    Addition,
    Check,
    Confidence,
    Digest,
    Duplicate,
    Headline,
    KeyFact,
    Line,
    Paragraph,
    ParagraphKind,
    SentencePair,
)

PLAIN_WIDTH = 100  # of a page that goes to a file
STACKED_WIDTH = 100  # longer lines are hard to read
COLUMNS_WIDTH = 180
COLUMNS_FROM = 110  # cells of a terminal that has room for both languages side by side
_GUTTER = 4
_GAP = 4
_WITHHELD = "[the English is withheld: it was garbage]"


class Layout(StrEnum):
    """Where the English stands: below the Arabic or beside it."""

    STACKED = "stacked"
    COLUMNS = "columns"


class Page:
    """Writes digests to a stream; colours only if it is a terminal and NO_COLOR is not set."""

    def __init__(self, stream: TextIO, bidi: Bidi = Bidi.ISOLATE, layout: Layout | None = None, width: int | None = None) -> None:
        self._console = console_on(stream, width)
        self._bidi = bidi
        room = self._console.width
        self._columns = layout is Layout.COLUMNS if layout else room >= COLUMNS_FROM
        self._width = max(20, min(room, COLUMNS_WIDTH if self._columns else STACKED_WIDTH))

    def write(self, digest: Digest, duplicates: Sequence[Duplicate] = ()) -> None:
        """Writes one digest, and the articles that repeat the digested one."""
        self._print(Text("─" * self._width, "dim"))
        self._headline(digest.headline)
        origin = " · ".join(one_line(part) for part in (digest.source, digest.byline, digest.article_id) if part)
        if origin:
            for piece in wrap(origin, self._width - _GUTTER):
                self._print(self._row("", piece, "dim"))
        for number, line in enumerate(digest.lines, 1):
            self._print(Text())
            self._pair(line.pair, f"{number}.", f" [{remarks(line)}]")
        if digest.paragraphs:
            self._section("Full translation")
            for paragraph in digest.paragraphs:
                self._paragraph(paragraph)
        self._facts(digest.facts)
        self._notes([note.message for note in digest.notes])
        self._duplicates(duplicates)
        timing = digest.timing
        took = f"{timing.total_ms / 1000:.1f} s (queue {timing.queue_ms / 1000:.1f} s, model {timing.compute_ms / 1000:.1f} s)"
        self._print(Text())
        self._lines(f"{one_line(digest.model)} · {took}", "dim")

    def _headline(self, headline: Headline) -> None:
        if headline.withheld:
            self._both(headline.source, "", "", "bold", _WITHHELD)
        else:
            self._both(headline.source, headline.target, "", "bold")
        self._checks(headline.checks)

    def _pair(self, pair: SentencePair, gutter: str, remark: str = "", style: str = "") -> None:
        if pair.withheld:
            self._both(pair.source, "", gutter, style, _WITHHELD + remark)
        else:
            self._both(pair.source, pair.target, gutter, style, remark)
        self._checks(pair.checks)

    def _both(self, source: str, target: str, gutter: str, style: str, remark: str = "") -> None:
        """One text in both languages, its number before its first line and a dim remark behind its English."""
        inner = self._width - _GUTTER
        if not self._columns:
            lines = wrap(source, inner)
            for i, line in enumerate(lines):
                self._print(
                    self._row(gutter if i == 0 else "", arabic(line, self._bidi).rjust(_padded(line, inner, self._bidi)), style)
                )
            if target or remark:
                self._english(target + remark, remark, inner, style)
            return
        half = (inner - _GAP) // 2
        left, right = self._marked(target + remark, remark, half, style), wrap(source, half)
        for i, (there, here) in enumerate(zip_longest(left, right)):
            cell = there or Text()
            row = Text((gutter if i == 0 else "").ljust(_GUTTER), "bold cyan")
            row.append_text(cell)
            row.append(" " * (half - cell_len(cell.plain) + _GAP))
            line = here or ""
            row.append(arabic(line, self._bidi).rjust(_padded(line, half, self._bidi)), style)
            self._print(row)

    def _english(self, text: str, remark: str, width: int, style: str) -> None:
        for line in self._marked(text, remark, width, style):
            self._print(Text(" " * _GUTTER).append_text(line))

    def _marked(self, text: str, remark: str, width: int, style: str) -> list[Text]:
        """English lines, the remark at their end dim if it was not wrapped."""
        lines = [Text(english(line, self._bidi), style) for line in wrap(text, width)]
        if remark and remark.strip() in lines[-1].plain:
            at = lines[-1].plain.rindex(remark.strip())
            lines[-1].stylize("dim", at)
        return lines

    def _checks(self, checks: Iterable[Check]) -> None:
        for check in checks:
            message = one_line(check.message) or check.kind.replace("_", " ")
            for i, line in enumerate(wrap(message, self._width - _GUTTER - 2)):
                self._print(self._row("", f"{'⚠' if i == 0 else ' '} {english(line, self._bidi)}", "yellow"))

    def _paragraph(self, paragraph: Paragraph) -> None:
        styles = {ParagraphKind.SUBHEADING: "bold", ParagraphKind.BOILERPLATE: "dim"}
        self._print(Text())
        for pair in paragraph.pairs:
            self._pair(pair, "", style=styles.get(paragraph.kind, ""))

    def _facts(self, facts: Sequence[KeyFact]) -> None:
        if not facts:
            return
        self._section("Key facts")
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for name in ("line", "kind", "Arabic", "English", "value"):
            table.add_column(name, overflow="fold", justify="right" if name in ("line", "Arabic") else "left")
        part = max(12, (self._width - 24) // 3)
        for fact in facts:
            source = "\n".join(arabic(line, self._bidi) for line in wrap(fact.source, part))
            target = "\n".join(english(line, self._bidi) for line in wrap(fact.target or "not found", part))
            table.add_row(
                str(fact.line_index + 1),
                fact.kind.value,
                Text(source),
                Text(target, "" if fact.target else "yellow"),
                Text(one_line(f"{other_value(fact)} {fact.counted_target}".strip())),
            )
        self._console.print(table, width=self._width)

    def _notes(self, notes: Sequence[str]) -> None:
        if notes:
            self._section("Notes")
        for note in notes:
            for i, line in enumerate(wrap(note, self._width - 2)):
                self._print(Text(f"{'•' if i == 0 else ' '} {english(line, self._bidi)}"))

    def _duplicates(self, duplicates: Sequence[Duplicate]) -> None:
        if duplicates:
            self._section(f"Duplicates ({len(duplicates)})")
        for duplicate in duplicates:
            for i, line in enumerate(wrap(of_duplicate(duplicate), self._width - 2)):
                self._print(Text(f"{'•' if i == 0 else ' '} {english(line, self._bidi)}"))
            for addition in duplicate.additions:
                self._both(addition.source, "", "  +", "", new_facts(addition))

    def _section(self, title: str) -> None:
        self._print(Text())
        self._print(Text(title, "bold cyan"))

    def _lines(self, text: str, style: str) -> None:
        for line in wrap(text, self._width):
            self._print(Text(line, style))

    def _row(self, gutter: str, text: str, style: str) -> Text:
        return Text(gutter.ljust(_GUTTER), "bold cyan").append(text, style)

    def _print(self, text: Text) -> None:
        text.rstrip()
        self._console.print(text, no_wrap=True, overflow="ignore", crop=False)


def remarks(line: Line) -> str:
    """What is said behind a line: its rank, and how far its English can be trusted."""
    known = line.pair.confidence is not Confidence.UNKNOWN and not line.pair.withheld
    return f"rank {line.rank}" + (f", {line.pair.confidence} confidence" if known else "")


def of_duplicate(duplicate: Duplicate) -> str:
    """What is said of a duplicate: where it stands, whose it is, its headline, how much of it the original has."""
    named = " · ".join(part for part in (duplicate.article_id, duplicate.source, duplicate.title) if part)
    return f"{named} ({duplicate.containment:.0%} in common{', adds' if duplicate.additions else ''})"


def other_value(fact: KeyFact) -> str:
    """The value of a fact, unless the English of the line says just that."""
    return "" if fact.value == fact.target else fact.value


def new_facts(addition: Addition) -> str:
    """What is said below a sentence that a duplicate adds: the figures and names that are new in it, if there are any."""
    return f"[new: {', '.join(addition.facts)}]" if addition.facts else ""


def console_on(stream: TextIO, width: int | None = None) -> Console:
    """A console that prints text as it is: as wide as the terminal, or PLAIN_WIDTH where there is none."""
    return _Console(
        file=stream, width=width or (None if stream.isatty() else PLAIN_WIDTH), highlight=False, markup=False, emoji=False
    )


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would exit with 1 by itself


def _padded(line: str, width: int, bidi: Bidi) -> int:
    """The length for str.rjust that gives `width` cells: marks above letters and isolates take none."""
    return width + len(arabic(line, bidi)) - cell_len(line)
