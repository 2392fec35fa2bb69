"""Notes for editors: terms of the text that take a side, and what the newsroom's own glossary says about its entries. Nothing is
rewritten."""

from collections.abc import Iterator, Sequence

from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.records import Note, NoteKind, Span

Part = tuple[str, Span | None]
"""Some Arabic of a text, and where it stands there, if it does."""


def notes_on_terms(parts: Sequence[Part], glossary: Glossary, loaded: Glossary) -> tuple[Note, ...]:
    """One note for each term, in the order in which they come, with every place where it stands in the text as received."""
    return (
        *_notes(parts, loaded, NoteKind.LOADED_TERM, '"{}" ({}) is a loaded term: {}.'),
        *_notes(parts, glossary, NoteKind.GLOSSARY_NOTE, '"{}" ({}): {}.'),
    )


def _notes(parts: Sequence[Part], glossary: Glossary, kind: NoteKind, form: str) -> Iterator[Note]:
    found: dict[Entry, tuple[str, set[Span]]] = {}
    for text, place in parts:
        for span, entry in glossary.match(text):
            if entry.note:
                _, spans = found.setdefault(entry, (span.of(text), set()))
                spans.update([span.moved(place.start)] if place else [])
    for entry, (written, spans) in found.items():
        yield Note(kind, form.format(entry.english, written, entry.note.rstrip(".")), tuple(sorted(spans)))
