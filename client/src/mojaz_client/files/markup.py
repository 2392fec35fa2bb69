"""Elements of XML with their lines. Files come from anywhere: what declares entities, which can blow up a reader, is refused."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from mojaz_client.errors import FieldInvalid

LANGUAGE = "xml:lang"


def elements(chunks: Iterable[bytes], *tags: str) -> Iterator[tuple[int, Element]]:
    """The elements of these names, none inside another, with their lines, as they come. Names are as written, prefix included.

    Raises:
        FieldInvalid: it is no XML or declares an entity; the message begins with "line N: ".
    """
    reader = _Reader(tags)
    try:
        for chunk in chunks:
            reader.parser.Parse(chunk, False)
            yield from reader.taken()
        reader.parser.Parse(b"", True)
        yield from reader.taken()
    except expat.ExpatError as error:
        problem = f"line {error.lineno}: is not XML: {expat.ErrorString(error.code)}"
    else:
        return
    raise FieldInvalid(problem, field="file")


def language(element: Element) -> str:
    """The language of an element without its region, in small letters."""
    given = element.get(LANGUAGE) or element.get("lang") or ""
    return given.lower().replace("_", "-").split("-")[0]


class _Reader:
    """Builds the elements that are wanted and forgets the rest."""

    def __init__(self, tags: tuple[str, ...]) -> None:
        self._tags, self._builder, self._depth, self._line = tags, TreeBuilder(), 0, 0
        self._found: list[tuple[int, Element]] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._refuse

    def taken(self) -> list[tuple[int, Element]]:
        found, self._found = self._found, []
        return found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._depth and tag not in self._tags:
            return
        if not self._depth:
            self._builder, self._line = TreeBuilder(), self.parser.CurrentLineNumber
        self._depth += 1
        self._builder.start(tag, attributes)

    def _end(self, tag: str) -> None:
        if not self._depth:
            return
        self._depth -= 1
        self._builder.end(tag)
        if not self._depth:
            self._found.append((self._line, self._builder.close()))

    def _data(self, text: str) -> None:
        if self._depth:
            self._builder.data(text)

    def _refuse(self, name: str, *_: object) -> None:
        raise FieldInvalid(f"line {self.parser.CurrentLineNumber}: declares the entity {name}; write its text out", field="file")
