"""Fits what the server knows of salience: data/stems.tsv from headlines, data/salience.json from editors' digests.

    python -m mojaz_models.salience CORPORA_FOLDER TESTSETS_FOLDER

Reads articles_ar.jsonl.xz (worth of words) and digest_train.jsonl.xz (weights) in the corpora folder; leaves out every article
whose id or headline occurs in the test sets. Needs numpy only, about five minutes of one core.
"""

import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from math import log
from pathlib import Path
from typing import Any

import mojaz_server.pipeline
import numpy as np
import numpy.typing as npt
from mojaz_server.pipeline.normalize import readable
from mojaz_server.pipeline.salience import FEATURES, features, stems

_DATA = Path(mojaz_server.pipeline.__file__).parent / "data"
_STEMS = 6000
_PRIOR = 20  # articles' worth of the average word mixed into each word's rate
_RIDGE = 30.0  # chosen by five-fold cross-validation on the training digests, as was the redundancy of summarize.py

Array = npt.NDArray[np.float64]


def articles(path: Path) -> Iterator[dict[str, Any]]:
    """JSON lines, compressed by xz or not."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def worth_of_stems(rows: Iterator[dict[str, Any]]) -> list[tuple[str, float, float]]:
    """For frequent stems log(articles / articles with it) and the log odds that the headline takes it up."""
    articles_with: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    count = 0
    for row in rows:
        body, title = row.get("text") or "", row.get("title") or ""
        if len(body) < 600 or not title:
            continue
        count += 1
        found = set(stems(readable(body[:6000])))
        articles_with.update(found)
        taken.update(found & set(stems(readable(title))))
    rate = taken.total() / articles_with.total()
    return [
        (stem, log(count / times), log((taken[stem] + _PRIOR * rate) / (times + _PRIOR) / rate))
        for stem, times in articles_with.most_common(_STEMS)
    ]


def fit(matrices: Sequence[Array], ranks: Sequence[Sequence[int]], ridge: float = _RIDGE) -> Array:
    """Ridge logistic regression of "the editor chose it" by Newton's method; (columns + 1), the constant last.

    The editor's first choice weighs double, so that a digest of one line is right too.
    """
    raw = np.vstack(matrices)
    labels = [_labels(len(matrix), rank) for matrix, rank in zip(matrices, ranks, strict=True)]
    chosen, weight = (np.concatenate(column) for column in zip(*labels, strict=True))
    scale, mean = raw.std(axis=0) + 1e-9, raw.mean(axis=0)
    rows = np.hstack([(raw - mean) / scale, np.ones((len(raw), 1))])
    penalty = np.append(np.full(raw.shape[1], ridge), 1e-6)
    found = np.zeros(rows.shape[1])
    for _ in range(12):
        likely = 1 / (1 + np.exp(-rows @ found))
        gradient = rows.T @ (weight * (likely - chosen)) + penalty * found
        curvature = (rows * (weight * likely * (1 - likely))[:, None]).T @ rows + np.diag(penalty)
        found -= np.linalg.solve(curvature, gradient)
    slopes = found[:-1] / scale
    return np.append(slopes, found[-1] - slopes @ mean)


def _labels(n: int, rank: Sequence[int]) -> tuple[Array, Array]:
    """For n sentences 1.0 where the editor chose, and how much each counts."""
    chosen, weight = np.zeros(n), np.ones(n)
    chosen[list(rank)] = 1.0
    weight[list(rank)] = [2.0, 1.0, *[0.8] * len(rank)][: len(rank)]
    return chosen, weight


def digest_features(rows: Sequence[dict[str, Any]], *, titled: bool) -> list[Array]:
    """Features of the sentences of digest articles, as the server computes them, with their headlines or as if they had none."""
    return [features([readable(s) for s in row["sentences"]], readable(row["title"] or "") if titled else "")[0] for row in rows]


def main(corpora: Path, testsets: Path) -> None:
    """Write both files into the server's data folder."""
    held_out = {row.get(key) for path in testsets.glob("*.jsonl") for row in articles(path) for key in ("id", "title")} - {None}
    kept = (
        r for r in articles(corpora / "articles_ar.jsonl.xz") if r.get("id") not in held_out and r.get("title") not in held_out
    )
    table = worth_of_stems(islice(kept, 0, None, 3))
    head = (
        "# stem, log of articles per article that has it, log odds that a headline takes it up; made by mojaz_models.salience\n"
    )
    lines = (f"{stem}\t{rarity:.2f}\t{worth:.2f}\n" for stem, rarity, worth in table)
    (_DATA / "stems.tsv").write_text(head + "".join(lines), encoding="utf-8")
    write_weights(
        [r for r in articles(corpora / "digest_train.jsonl.xz") if r["id"] not in held_out and r["title"] not in held_out]
    )


def write_weights(digests: Sequence[dict[str, Any]]) -> None:
    """Fit on digests and write data/salience.json: for each feature a weight of its value and of the value less its mean."""
    note = f"logistic regression, ridge {_RIDGE}, {len(digests)} digests; [weight of the value, of the value less its mean]"
    tables = [_table(digests, titled=True), _table(digests, titled=False)]
    text = f'{{\n  "made_by": "mojaz_models.salience: {note}",\n  "titled": {tables[0]},\n  "untitled": {tables[1]}\n}}\n'
    (_DATA / "salience.json").write_text(text, encoding="utf-8")


def _table(digests: Sequence[dict[str, Any]], *, titled: bool) -> str:
    matrices = digest_features(digests, titled=titled)
    weights = [round(float(w), 4) for w in fit(matrices, [d["rank"] for d in digests])]
    table = {name: [weights[i], weights[i + len(FEATURES)]] for i, name in enumerate(FEATURES)} | {"constant": [weights[-1]]}
    rows = ",\n".join(f'    "{name}": {json.dumps(pair)}' for name, pair in table.items())
    return f"{{\n{rows}\n  }}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
