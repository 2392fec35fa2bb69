"""What a caller may ask of a translation and of a digest; every option has a default."""

from dataclasses import dataclass

from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.records import Length, Priority

DEFAULT_LENGTH = Length()


@dataclass(frozen=True, slots=True)
class TranslateOptions:
    """How to translate: `glossary` says what has to be translated its own way; `beam` 0 is the model's own; `links`: say which
    words of the Arabic each English word comes from; `loaded` has the terms on which editors want a note."""

    glossary: Glossary = Glossary.EMPTY
    beam: int = 0
    priority: Priority = Priority.INTERACTIVE
    segments: bool = False
    links: bool = False
    loaded: Glossary = Glossary.EMPTY


@dataclass(frozen=True, slots=True)
class DigestOptions:
    """How to digest an article."""

    length: Length = DEFAULT_LENGTH
    full_translation: bool = False
    translate: TranslateOptions = TranslateOptions()
