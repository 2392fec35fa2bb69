"""Going on where an earlier run stopped: which articles have their digest in the output file already."""

import json
from dataclasses import replace
from pathlib import Path

from mojaz_client.cli.inputs import Input
from mojaz_client.errors import FieldInvalid
from mojaz_client.records import Article


class Written:
    """The articles whose digests a JSON Lines file has, known by Digest.article_id. An article goes by its own id; by its place
    if it has none, or one that an earlier article has. So the same inputs have the same names in every run."""

    def __init__(self, ids: set[str]) -> None:
        self._ids = ids
        self._seen: set[str] = set()

    def missing(self, item: Input) -> Article | None:
        """The article under the name by which it will be known, or None if the file has its digest. Raises the input's error."""
        article = item.checked()
        name = item.place if not article.id or article.id in self._seen else article.id
        self._seen.add(name)
        return None if name in self._ids else replace(article, id=name)


def read_written(path: Path) -> Written:
    """What `path` has; a last line that was not written to its end is cut off the file. A file that is not there has nothing.

    Raises:
        FieldInvalid: a line that is no digest with an article_id, so that the file is not what an earlier run wrote.
    """
    ids: set[str] = set()
    if not path.exists():
        return Written(ids)
    whole = 0
    with path.open("rb+") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                break
            ids.add(_article_id(line, f"{path}:{number}"))
            whole += len(line)
        file.truncate(whole)
    return Written(ids)


def _article_id(line: bytes, place: str) -> str:
    try:
        data = json.loads(line)
        found = data.get("article_id") if isinstance(data, dict) else None
    except ValueError:
        found = None
    if not found or not isinstance(found, str):
        raise FieldInvalid(
            f"{place}: is no digest with an article_id; name the file of an earlier run, or a new one", field="output"
        )
    return found
