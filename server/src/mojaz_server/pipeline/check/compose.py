"""Puts the pieces of a written number together: "ثلاثة وعشرون ألفا" and "twenty-three thousand" are both 23000."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from mojaz_server.pipeline.check.figures import Figure, Form, below, plus, readings, times


class Join(NamedTuple):
    """How a piece hangs on the piece before it: right after it (`next`), by "and" (`also`), or not at all."""

    next: bool
    also: bool


class Piece(NamedTuple):
    """A piece of a number at [start, end): its kind (see data/number_words.tsv, or digits), its value, its tie to the left."""

    start: int
    end: int
    kind: str
    value: str
    join: Join


_SCALES = {"scale", "scales", "scaled"}  # "ألف", "آلاف", "ألفا": they multiply what stands right before them
_LOOSE = _SCALES | {"hundred", "part"}  # alone they often change: "a million", "hundred"
_BELOW_HUNDRED = {"unit", "ordinal", "teen", "tenth", "ten"}


@dataclass(slots=True)
class _Number:
    """A number being put together: `total` of the groups already multiplied by a scale, and the open `group` below a thousand."""

    pieces: list[Piece] = field(default_factory=list)
    total: str = "0"
    group: str | None = None
    scale: str = ""
    opened: int = 0  # the piece that opened the group

    @property
    def last(self) -> Piece:
        return self.pieces[-1]

    def take(self, piece: Piece) -> bool:
        """Take one more piece if it belongs to this number."""
        fits = not self.pieces or self._fits(piece)
        if fits:
            self._add(piece)
            self.pieces.append(piece)
        return fits

    def splits_before(self, piece: Piece) -> bool:
        """Whether a scale as large as the one before belongs to the open group alone, which then is a figure of its own."""
        if piece.kind not in _SCALES or not piece.join.next or self.group is None or not self.scale or not self.opened:
            return False
        return not below(piece.value, self.scale)

    def _fits(self, piece: Piece) -> bool:
        last, join = self.last, piece.join
        if piece.kind == "part":
            return join.also and last.kind in _SCALES | {"unit", "digits", "scale2"}
        if piece.kind in _SCALES:
            return self._fits_scale(piece)
        if piece.kind == "scale2":
            return join.also and bool(self.scale) and self.group is None and below(piece.value, self.scale)
        if last.kind in _SCALES | {"scale2"}:
            return (join.also or (join.next and piece.kind != "digits")) and below(piece.value, self.scale)
        return self._fits_group(piece)

    def _fits_scale(self, piece: Piece) -> bool:
        last, join = self.last, piece.join
        if last.kind == "part" and self.scale == piece.value:  # "مليون ونصف المليون"
            return join.next
        if last.kind == "digits" and re.fullmatch("(?:19|20)..", last.value) and len(piece.value) > 4:
            return False  # "2016 و2017 و2018 مليار يورو": a year before a bare scale
        smaller = join.also and last.kind in _SCALES | {"scale2"} and below(piece.value, self.scale)
        return (join.next and last.kind != "ordinal") or smaller

    def _fits_group(self, piece: Piece) -> bool:
        last, join = self.last, piece.join
        if piece.kind == "tenth" and last.kind in {"unit", "ordinal"}:  # "خمسة عشر"
            return join.next
        if piece.kind == "ten" and last.kind in {"unit", "ordinal"}:  # "خمسة وعشرون"
            return join.also
        if piece.kind == "hundred":  # "ثلاث مئة", "three hundred"
            return piece.value == "100" and last.kind in {"unit", "teen"} and join.next
        if last.kind == "hundred":
            return piece.kind in _BELOW_HUNDRED and (join.also or join.next)
        return last.kind == "ten" and piece.kind in {"unit", "ordinal"} and join.next and len(piece.value) == 1  # "twenty-three"

    def _add(self, piece: Piece) -> None:
        if piece.kind in _SCALES:
            self._multiply(piece.value)
        elif piece.kind == "scale2":
            self.total, self.scale = plus(self.total, times("2", piece.value)), piece.value
        elif piece.kind == "part" and self.pieces and self.last.kind not in {"unit", "digits"}:
            self.total = plus(self.total, times(self.scale, piece.value))
        elif piece.kind == "hundred" and self.pieces and self.last.kind in {"unit", "teen"}:
            self.group = times(self.group or "1", "100")
        elif self.group is not None:
            self.group = plus(self.group, piece.value)
        else:
            self.group, self.opened = piece.value, len(self.pieces)

    def _multiply(self, scale: str) -> None:
        if self.group is not None:
            self.total, self.group = plus(self.total, times(self.group, scale)), None
        elif self.pieces and self.last.kind in _SCALES and not below(scale, self.scale):  # "ألف مليار"
            self.total = times(self.total, scale)
        elif not self.pieces or self.last.kind != "part":
            self.total = plus(self.total, scale)
        self.scale = scale

    def figure(self, text: str) -> Figure | None:
        """The finished figure; None for an indefinite plural ("آلاف") or a share alone ("نصف")."""
        kinds = [piece.kind for piece in self.pieces]
        if kinds in (["scales"], ["part"]):
            return None
        value = plus(self.total, self.group) if self.group is not None else self.total
        values = (times("2", value), value) if kinds == ["scaled"] else (value,)
        figure = Figure(self.pieces[0].start, self.last.end, self._form(), values, scale=self.scale)
        if len(kinds) > 1:
            figure = replace(figure, parts=tuple(piece.value for piece in self.pieces))
        if "digits" in kinds:
            figure = self._with_digits(figure, text)
        return figure

    def _form(self) -> Form:
        kinds = {piece.kind for piece in self.pieces}
        if "digits" in kinds:
            return Form.DIGITS
        small = kinds <= {"unit", "part"} and all(piece.value in {"1", "2", "0.5", "0.25"} for piece in self.pieces)
        return Form.LOOSE if small or "ordinal" in kinds or kinds <= _LOOSE else Form.WORDS

    def _with_digits(self, figure: Figure, text: str) -> Figure:
        raw = "".join(text[piece.start : piece.end] for piece in self.pieces if piece.kind == "digits")
        first = self.pieces[0]
        if first.kind != "digits":
            return replace(figure, digits="".join(filter(str.isdigit, raw)))
        values, parts = readings(text[first.start : first.end])
        if len(self.pieces) == 1:
            return replace(figure, values=values, parts=parts, digits="".join(filter(str.isdigit, raw)))
        scaled = tuple(times(value, self.scale) for value in values[1:]) if self.scale and len(self.pieces) == 2 else ()
        return replace(figure, values=(figure.value, *scaled), digits="".join(filter(str.isdigit, raw)))


def _put_together(pieces: list[Piece]) -> _Number:
    number = _Number()
    for piece in pieces:
        number.take(piece)
    return number


def compose(pieces: Iterable[Piece], text: str) -> list[Figure]:
    """The figures that pieces of numbers make, in order; `text` is the sentence with ASCII digits."""
    figures: list[Figure | None] = []
    number = _Number()
    for piece in pieces:
        if number.splits_before(piece):  # "60 ألف و70 ألف" are two figures
            kept, rest = number.pieces[: number.opened], number.pieces[number.opened :]
            figures.append(_put_together(kept).figure(text))
            number = _put_together(rest)
        if not number.take(piece):
            figures.append(number.figure(text))
            number = _Number()
            number.take(piece)
    if number.pieces:
        figures.append(number.figure(text))
    return [figure for figure in figures if figure is not None]
