"""The Arabic that is measured with: sentences of a file that the caller names, or those of this repository.

The latter are samples and test cases, made to be hard: the server tries many of them again, which real news seldom needs. Each is
different, so that no cache can answer.
"""

import itertools
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mojaz_client import Article
from mojaz_server.pipeline.language import arabic_share
from mojaz_server.pipeline.split import split

ROOT = Path(__file__).parent.parent.parent
WORDS = range(8, 41)
PER_ARTICLE = 12
"""Sentences of an article, four to a paragraph."""


_given: list[str] = []


def use(path: Path) -> None:
    """Take the lines of a file instead of the sentences of this repository."""
    _given[:] = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if len(line.split()) in WORDS]


@cache
def _sentences() -> tuple[str, ...]:
    """Sentences of the samples and of the test cases that are news and of a usual length."""
    found: dict[str, None] = {}
    for path in sorted([ROOT / "docs/samples/dam.txt", *(ROOT / "tests/cases").rglob("*.t[sx][vt]")]):
        for line in path.read_text(encoding="utf-8").splitlines():
            for cell in re.split(r"[\t|]", line):
                for paragraph in split(cell):
                    found |= dict.fromkeys(sentence.text.strip() for sentence in paragraph.sentences)
    return tuple(text for text in found if len(text.split()) in WORDS and arabic_share(text) > 0.95)


def sentences(seed: int) -> Iterator[str]:
    """Sentences without end, no two alike: each round names another number. Another seed (up to 99, so that the number stays one
    as news have it) gives others in another order."""
    chance = random.Random(seed)
    if _given:
        yield from chance.sample(_given, len(_given))
    for number in itertools.count(1):
        texts = list(_sentences())
        chance.shuffle(texts)
        for i, text in enumerate(texts):  # every other one joined to its neighbour: lengths vary as in news
            clauses = (text, texts[i - 1]) if i % 2 else (text,)
            yield f"{'، فيما '.join(clause.rstrip('.') for clause in clauses)} وفق البيان رقم {seed}{number:02}."


def take(count: int, seed: int) -> list[str]:
    return list(itertools.islice(sentences(seed), count))


def articles(count: int, seed: int, words: int = 0) -> list[Article]:
    """Articles of PER_ARTICLE sentences, or of as many as have so many words."""
    source = sentences(seed)
    return [Article(_body(source, words), id=str(i)) for i in range(count)]


def _body(source: Iterator[str], words: int) -> str:
    texts: list[str] = []
    have = 0
    while have < words if words else len(texts) < PER_ARTICLE:
        texts.append(next(source))
        have += len(texts[-1].split())
    return "\n".join(" ".join(texts[at : at + 4]) for at in range(0, len(texts), 4))
