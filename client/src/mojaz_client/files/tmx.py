"""TMX, the format of translation memories: its units, and glossaries in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from mojaz_client.errors import FieldInvalid
from mojaz_client.files.markup import elements, language
from mojaz_client.records import GlossaryEntry

SOURCE_LANGUAGE, TARGET_LANGUAGE = "ar", "en"
_CODES = ("bpt", "ept", "ph", "it", "ut")  # what TMX puts round markup of the document; not text
_CATEGORY, _FORM, _SWITCH = "x-category", "x-form", "x-do-not-translate"  # types of <prop>


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its number and the line on which it begins, both from 1."""

    number: int
    line: int
    source: str
    target: str
    element: Element


def units(chunks: Iterable[bytes]) -> Iterator[Unit]:
    """The units of a file that comes in pieces. Raises FieldInvalid for a unit without Arabic or English, and if it is no XML."""
    for number, (line, element) in enumerate(elements(chunks, "tu"), 1):
        texts = {language(variant): _text(variant) for variant in element.iter("tuv")}
        if not texts.keys() >= {SOURCE_LANGUAGE, TARGET_LANGUAGE}:
            languages = ", ".join(sorted(texts)) or "none"
            problem = f"line {line}: unit {number} needs {SOURCE_LANGUAGE} and {TARGET_LANGUAGE}, has {languages}"
            raise FieldInvalid(problem, field="segments")
        yield Unit(number, line, texts[SOURCE_LANGUAGE], texts[TARGET_LANGUAGE], element)


def _text(variant: Element) -> str:
    segment = variant.find("seg")
    return "" if segment is None else _plain(segment)


def _plain(element: Element) -> str:
    inside = "".join(("" if child.tag in _CODES else _plain(child)) + (child.tail or "") for child in element)
    return (element.text or "") + inside


def read_tmx(data: bytes) -> Iterator[tuple[int, GlossaryEntry]]:
    """The entries of a glossary, each with its line."""
    for unit in units([data]):
        props: dict[str, list[str]] = {}
        for prop in unit.element.iter("prop"):
            props.setdefault(prop.get("type", ""), []).append(one_line(prop.text))
        note = "; ".join(one_line(note.text) for note in unit.element.iter("note"))
        keep = props.get(_SWITCH) == ["yes"]
        category, forms = "; ".join(props.get(_CATEGORY, ())), tuple(props.get(_FORM, ()))
        yield unit.line, GlossaryEntry(one_line(unit.source), one_line(unit.target), category, note, keep, forms)


def one_line(text: str | None) -> str:
    """Text of XML, where blanks and line breaks mean the same."""
    return " ".join((text or "").split())


def write_tmx(stream: TextIO, entries: Iterable[GlossaryEntry]) -> None:
    """A glossary as TMX 1.4."""
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n')
    stream.write(
        f'<header creationtool="mojaz" creationtoolversion="1" segtype="phrase" o-tmf="mojaz" adminlang="{TARGET_LANGUAGE}" '
        f'srclang="{SOURCE_LANGUAGE}" datatype="plaintext"/>\n<body>\n'
    )
    for entry in entries:
        props = [(_CATEGORY, entry.category)] if entry.category else []
        props += [(_FORM, form) for form in entry.forms]
        props += [(_SWITCH, "yes")] if entry.do_not_translate else []
        note = f"<note>{escape(entry.note)}</note>" if entry.note else ""
        told = "".join(f"<prop type={quoteattr(kind)}>{escape(value)}</prop>" for kind, value in props)
        sides = ((SOURCE_LANGUAGE, entry.source), (TARGET_LANGUAGE, entry.target))
        pair = "".join(f'<tuv xml:lang="{code}"><seg>{escape(text)}</seg></tuv>' for code, text in sides)
        stream.write(f"<tu>{note}{told}{pair}</tu>\n")
    stream.write("</body>\n</tmx>\n")
