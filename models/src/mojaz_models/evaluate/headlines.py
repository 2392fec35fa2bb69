"""How near the headlines of untitled articles come to true ones, against the lead's first words, with bootstrap intervals.

    python -m mojaz_models.evaluate.headlines TESTSETS_FOLDER [BUNDLE]

headline_dev: the publisher's headline; digest_dev: the editor's (`headline_ar`). ROUGE of Arabic folded words. With a bundle also
the English of digest_dev's headlines against `headline_en`, in lower case.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Translator
from mojaz_server.pipeline.headline import first_clauses, headline, lead_of
from mojaz_server.pipeline.records import Article, HeadlineOrigin
from mojaz_server.pipeline.split import split

from mojaz_models.evaluate.rouge import SIGNATURE, rouge
from mojaz_models.evaluate.selection import cells, interval
from mojaz_models.evaluate.translation import translate
from mojaz_models.salience import articles

FIRST_WORDS = (10, 14, 18, 22)
MEASURES = ("R1", "R2", "RL")


def headlines(body: str) -> tuple[dict[str, str], HeadlineOrigin]:
    """The headlines of an untitled body by system, "same" as many first words as the server's has; and where that comes from."""
    paragraphs = split(body)
    lead, own = lead_of(paragraphs), headline(Article(body), paragraphs)
    found = {f"first {n}": _first(lead.text, n) for n in FIRST_WORDS}
    found["clauses"] = first_clauses(lead).text
    found["mojaz"] = own.sentence.text
    found["same"] = _first(lead.text, len(own.sentence.text.split()))
    return found, own.origin


def _first(text: str, words: int) -> str:
    return " ".join(text.split()[:words])


def _testset(folder: Path, name: str, body: Callable[[dict[str, Any]], str], true: str) -> list[tuple[str, list[str]]]:
    found = articles(folder / name)
    return [(body(row), row[true] if isinstance(row[true], list) else [row[true]]) for row in found]


def table(folder: Path) -> Iterator[str]:
    """The benchmark's lines as they are printed."""
    yield f"ROUGE: {SIGNATURE}"
    yield from _compared("headline_dev", _testset(folder, "headline_dev.jsonl", lambda row: str(row["text"]), "references"))
    yield from _compared(
        "digest_dev", _testset(folder, "digest_dev.jsonl", lambda row: "\n".join(row["sentences"]), "headline_ar")
    )


def _compared(testset: str, rows: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    made, origins = zip(*(headlines(body) for body, _ in rows), strict=True)
    scores = {system: [rouge(own[system], true) for own, (_, true) in zip(made, rows, strict=True)] for system in made[0]}
    for system, values in scores.items():
        words = sum(len(own[system].split()) for own in made) / len(made)
        yield f"{testset}  {system:9}{words:5.1f} words  " + cells(MEASURES, values)
    for system in ("same", "clauses", "first 18"):
        parts = []
        for measure, place in (("R1", 0), ("RL", 2)):
            gains = [own[place] - other[place] for own, other in zip(scores["mojaz"], scores[system], strict=True)]
            low, high = interval(gains)
            parts.append(f"{measure} {100 * sum(gains) / len(gains):+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]")
        yield f"{testset}  mojaz less {system}: " + "  ".join(parts)
    compressed = origins.count(HeadlineOrigin.COMPRESSED)
    yield f"{testset}  words left out inside: {compressed} of {len(rows)}"


def english(folder: Path, bundle: Path) -> Iterator[str]:
    """How near a model's English comes to the editor's: of the publisher's title, of an untitled article's headline, and of the
    editor's own Arabic."""
    rows = list(articles(folder / "digest_dev.jsonl"))
    arabic = {
        "title": [str(row["title"]) for row in rows],
        "untitled": [headlines("\n".join(row["sentences"]))[0]["mojaz"] for row in rows],
        "editor's": [str(row["headline_ar"]) for row in rows],
    }
    translator = Translator(Bundle.load(bundle))
    for name, sources in arabic.items():
        made = [output.text.lower() for output in translate(translator, sources)]
        scores = [rouge(text, [str(row["headline_en"]).lower()]) for text, row in zip(made, rows, strict=True)]
        yield f"digest_dev, English of {name:9}" + cells(MEASURES, scores)


def main() -> None:
    folder, *bundle = map(Path, sys.argv[1:])
    for line in (*table(folder), *(english(folder, bundle[0]) if bundle else ())):
        print(line, flush=True)


if __name__ == "__main__":
    main()
