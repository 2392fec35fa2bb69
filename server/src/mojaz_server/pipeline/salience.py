"""How much each sentence of an article tells: features of place, centrality, headline and form, weighed by salience.json."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from math import log, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mojaz_server.pipeline.normalize import fold
from mojaz_server.pipeline.wordlists import words

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_MONEY = re.compile("[0-9%] ?(?:%|مليون|مليار|الف|ألف|دولار|يورو|بالمئه|بالمئة|بالمائة|في المئة)")
_LATIN = re.compile("[A-Za-z]{3}")
_FIRST_PERSON = frozenset(("انا", "نحن", "اننا", "لدينا", "علينا", "لنا", "كنا", "نريد", "نعمل"))
_SUFFIX = re.compile("(?:هما|تهم|تها|ات|ون|ين|ان|وا|ها|هم|نا|يه|يا|ه|ي|ت|ا)$")
CENTRAL = 1000  # sentences compared with each other; those after them in a longer text can only be chosen by their form
_UNKNOWN = (6.5, 0.0)  # a stem that is not in data/stems.tsv: rare, of average worth
_LINKED = 0.1  # cosine from which two sentences speak for each other


class Salience(NamedTuple):
    """What is known of the sentences of an article: `scores` (n), 0 to 1, and the cosines of the first CENTRAL of them."""

    scores: Vector
    cosines: Matrix


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A folded word without its clitics and endings, at least three letters left: lighter than a root, enough to compare."""
    if len(word) > 4 and word[0] in "وف":
        word = word[1:]
    if len(word) > 4:
        if word.startswith("لل"):
            word = word[2:]
        elif word[0] in "بك" and word.startswith("ال", 1):
            word = word[3:]
        elif word.startswith("ال"):
            word = word[2:]
        elif word[0] in "بل" and len(word) > 5:
            word = word[1:]
    return without_ending(word)


def without_ending(word: str) -> str:
    """A folded word without its ending, if three letters are left."""
    shorter = _SUFFIX.sub("", word)
    return shorter if len(shorter) >= 3 else word


def stems(text: str) -> list[str]:
    """Stems of the content words of a readable text, in order."""
    return _stems(fold(text))


def _stems(folded: str) -> list[str]:
    stopwords = words("salience", "stopwords")
    return [stem(word) for word in _WORD.findall(folded) if len(word) > 1 and word not in stopwords]


def cosines(sentences: Sequence[Sequence[str]]) -> Matrix:
    """TF-IDF cosines between sentences given as stems; IDF within the article. They are added up stem by stem: most are in few
    sentences, and a product of matrices would keep the cores busy that the engine works on."""
    counts = [Counter(sentence) for sentence in sentences]
    frequency = Counter(term for found in counts for term in found)
    rarity = {term: 1 + log((1 + len(sentences)) / often) for term, often in frequency.items()}
    shared: dict[str, tuple[list[int], list[float]]] = {term: ([], []) for term, often in frequency.items() if often > 1}
    for row, found in enumerate(counts):
        worth = {term: (1 + log(times)) * rarity[term] for term, times in found.items()}
        norm = sqrt(sum(value * value for value in worth.values()))
        for term in worth.keys() & shared.keys():
            shared[term][0].append(row)
            shared[term][1].append(worth[term] / norm)
    similar = np.zeros((len(sentences), len(sentences)))
    for rows, values in shared.values():
        here = np.array(rows)
        similar[here[:, None], here] += np.multiply.outer(values, values)
    np.fill_diagonal(similar, [1.0 if found else 0.0 for found in counts])
    return similar


def centrality(similar: Matrix) -> Vector:
    """LexRank: the stationary share of a walk over similar sentences, times their number (mean 1)."""
    links = np.where(similar >= _LINKED, similar, 0.0)
    np.fill_diagonal(links, 1.0)
    walk = links / links.sum(axis=1, keepdims=True)
    rank = np.full(len(similar), 1.0)
    for _ in range(30):
        rank = 0.15 + 0.85 * np.einsum("i,ij->j", rank, walk)
    return rank


FEATURES = (
    "first", "second", "third", "fourth", "early", "depth", "last", "central", "lead", "centroid", "title", "title_weighed",
    "frequent", "worth", "best_worth", "rare", "length", "short", "very_short", "very_long", "numbers", "money", "quoted",
    "opens_quote", "colon", "question", "dependent", "continuing", "turning", "background", "news", "first_person", "latin",
    "commas", "novel", "followed",
)  # fmt: skip


def features(sentences: Sequence[str], title: str) -> tuple[Matrix, Matrix]:
    """For each readable sentence a row of FEATURES and again of FEATURES less their mean in the article, and the cosines."""
    folded = list(map(fold, sentences))
    terms = list(map(_stems, folded))
    similar = cosines(terms[:CENTRAL])
    content = _content(terms, frozenset(stems(title)))
    forms = np.array([_form(*each) for each in zip(sentences, folded, strict=True)], dtype=np.float64)
    followed = np.append(forms[1:, _CONTINUING], 0.0)  # who goes on in the next sentence has begun in this one
    positions = np.array([_position(i, len(sentences)) for i in range(len(sentences))], dtype=np.float64)
    rows = np.hstack([positions, _relations(similar, len(sentences)), content, forms, _novel(terms)[:, None], followed[:, None]])
    return np.hstack([rows, rows - rows.mean(axis=0)]), similar


def _relations(similar: Matrix, n: int) -> Matrix:
    """Centrality and likeness to the first sentence, 0 beyond the first CENTRAL sentences."""
    found = np.zeros((n, 3))
    found[: len(similar)] = np.stack([centrality(similar) - 1.0, similar[0], similar.mean(axis=0)], axis=1)
    found[0, 1] = 0.0
    return found


def _content(terms: Sequence[Sequence[str]], headline: frozenset[str]) -> Matrix:
    """Likeness to the headline and the worth of the words."""
    frequency = Counter(term for sentence in terms for term in sentence)
    mean = max(sum(frequency.values()) / max(len(frequency), 1), 1.0)
    told = sum(known(term)[0] for term in headline)
    rows = []
    for sentence in terms:
        distinct = set(sentence)
        shared = headline & distinct
        worth = sorted((known(term)[1] for term in distinct), reverse=True) or [0.0]
        rows.append(
            (
                len(shared) / sqrt(max(len(headline), 1) * max(len(distinct), 1)),
                sum(known(term)[0] for term in shared) / max(told, 1.0),
                log(1 + sum(frequency[term] for term in sentence) / max(len(sentence), 1) / mean),
                sum(worth) / len(worth),
                sum(worth[:4]) / len(worth[:4]),
                sum(known(term)[0] for term in distinct) / max(len(distinct), 1) / 5,
            )
        )
    return np.array(rows)


def _novel(terms: Sequence[Sequence[str]]) -> Vector:
    """Share of a sentence's stems that no sentence before it has; 0 for the first, which cannot help it."""
    seen: set[str] = set()
    found = []
    for sentence in terms:
        distinct = set(sentence)
        found.append(len(distinct - seen) / max(len(distinct), 1) if seen else 0.0)
        seen |= distinct
    return np.array(found)


def known(term: str) -> tuple[float, float]:
    return _table().get(term, _UNKNOWN)


@cache
def _table() -> dict[str, tuple[float, float]]:
    """data/stems.tsv: for frequent stems how rare they are in news and how often headlines take them up."""
    lines = files("mojaz_server.pipeline").joinpath("data", "stems.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {term: (float(rarity), float(worth)) for term, rarity, worth in rows}


# Added to the fitted log-odds of the sentence in place i, as bonus / i: the fit has one desk's taste, others keep nearer to
# the lead. Found on the development sets: P@3 on digest_dev 61.7 -> 63.9, ROUGE-1 on bbc_ar_dev 57.9 -> 59.6, easc 50.0 -> 50.3.
_LEAD_BONUS = 2.0
_CONTINUING = 11  # column of "continuing" in _form


def _position(i: int, n: int) -> list[float]:
    return [i == 0, i == 1, i == 2, i == 3, 1 / (1 + i), i / n, n > 3 and i == n - 1]


def _form(sentence: str, folded: str) -> list[float]:
    parts = folded.replace('"', " ").replace(",", " ").replace("،", " ").split()
    head = parts[0] if parts else ""
    size = len(parts)
    inside = sum(len(part) for part in sentence.split('"')[1::2]) / max(len(sentence), 1)
    return [
        log(1 + size) - 3.3,
        size < 12,
        size < 7,
        size > 45,
        min(len(_NUMBER.findall(sentence)), 3) / 3,
        bool(_MONEY.search(sentence)),
        inside,
        sentence.startswith('"'),
        sentence.endswith(":"),
        sentence.rstrip('" ')[-1:] in ("؟", "?"),
        head in words("salience", "dependent"),
        head in words("salience", "continuing"),
        " ".join(parts[:2]) in words("salience", "turning") or head in words("salience", "turning"),
        head in words("salience", "background"),
        any(part in words("salience", "news") for part in parts[:4]),
        any(part in _FIRST_PERSON for part in parts),
        bool(_LATIN.search(sentence)),
        min(sentence.count("،"), 4) / 4,
    ]


@cache
def weights(table: str) -> Vector:
    """The weights of FEATURES with the constant last, as fitted by mojaz_models.salience. KeyError if one is missing.

    Table "titled" is for articles with a headline; without one, "untitled", the place in the article counts for more.
    """
    rows = json.loads(files("mojaz_server.pipeline").joinpath("data", "salience.json").read_text("utf-8"))[table]
    return np.array([rows[name][part] for part in (0, 1) for name in FEATURES] + rows["constant"])


def salience(sentences: Sequence[str], title: str) -> Salience:
    """Score readable sentences (at least one) of an article whose headline is `title` (may be empty)."""
    rows, similar = features(sentences, title)
    fitted = weights("titled" if title else "untitled")
    lead = _LEAD_BONUS / np.arange(1, len(sentences) + 1)
    return Salience(1 / (1 + np.exp(-(np.einsum("ij,j->i", rows, fitted[:-1]) + fitted[-1] + lead))), similar)
