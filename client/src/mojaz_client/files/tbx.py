"""TBX, the format of term bases, in its older and its newer form: the first English term of a concept is the one to use."""

from collections.abc import Iterable, Iterator
from typing import TextIO
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from mojaz_client.errors import FieldInvalid
from mojaz_client.files.markup import elements, language
from mojaz_client.files.tmx import SOURCE_LANGUAGE, TARGET_LANGUAGE, one_line
from mojaz_client.records import GlossaryEntry

_CONCEPTS, _LANGUAGES, _TERMS = ("termEntry", "conceptEntry"), ("langSet", "langSec"), ("tig", "ntig", "termSec")
_STATUS, _CATEGORY, _SWITCH = "administrativeStatus", "subjectField", "x-doNotTranslate"
_NOT_TO_BE_USED = ("deprecated", "superseded")


def read_tbx(data: bytes) -> Iterator[tuple[int, GlossaryEntry]]:
    """The entries, each with its line: further Arabic terms of a concept are forms, further English ones stand in the note."""
    for line, concept in elements([data], *_CONCEPTS):
        told = {item.get("type"): one_line(item.text) for item in concept.iter("descrip")}
        arabic, english = (_terms(concept, code) for code in (SOURCE_LANGUAGE, TARGET_LANGUAGE))
        keep = told.get(_SWITCH) == "yes"
        if not arabic or not (english or keep):
            problem = f"line {line}: the concept has no {'English' if arabic else 'Arabic'} term"
            raise FieldInvalid(problem, field="glossary")
        notes = [one_line(note.text) for note in concept.iter("note")]
        if english[1:]:
            notes.append(f"also: {', '.join(english[1:])}")
        target = english[0] if english else ""
        yield line, GlossaryEntry(arabic[0], target, told.get(_CATEGORY, ""), "; ".join(notes), keep, tuple(arabic[1:]))


def _terms(concept: Element, code: str) -> list[str]:
    """The terms of one language, without those that are no longer to be used."""
    sections = [section for section in concept.iter() if section.tag in _LANGUAGES and language(section) == code]
    groups = [group for section in sections for group in section.iter() if group.tag in _TERMS and _is_used(group)]
    return [one_line("".join(term.itertext())) for group in groups for term in group.iter("term")]


def _is_used(group: Element) -> bool:
    return not any(
        note.get("type") == _STATUS and (note.text or "").strip().startswith(_NOT_TO_BE_USED) for note in group.iter("termNote")
    )


def write_tbx(stream: TextIO, entries: Iterable[GlossaryEntry]) -> None:
    """A glossary as TBX (ISO 30042:2008)."""
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<martif type="TBX" xml:lang="en">\n<martifHeader><fileDesc>')
    stream.write("<sourceDesc><p>Glossary from Mojaz</p></sourceDesc></fileDesc></martifHeader>\n<text><body>\n")
    for entry in entries:
        told = [(_CATEGORY, entry.category), (_SWITCH, "yes" if entry.do_not_translate else "")]
        head = "".join(f'<descrip type="{kind}">{escape(value)}</descrip>' for kind, value in told if value)
        head += f"<note>{escape(entry.note)}</note>" if entry.note else ""
        sides = ((SOURCE_LANGUAGE, (entry.source, *entry.forms)), (TARGET_LANGUAGE, tuple(filter(None, [entry.target]))))
        stream.write(f"<termEntry>{head}{''.join(_language(code, terms) for code, terms in sides if terms)}</termEntry>\n")
    stream.write("</body></text>\n</martif>\n")


def _language(code: str, terms: Iterable[str]) -> str:
    told = "".join(f"<tig><term>{escape(term)}</term></tig>" for term in terms)
    return f'<langSet xml:lang="{code}">{told}</langSet>'
