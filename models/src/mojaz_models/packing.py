"""Corpora -> the sets that a training run reads: cleaned, normalized as in serving, capped, test sentences taken out.

Sets of pairs (Arabic, tab, English): news, near, far, terms, names, what is made of the news (made/), and a set for each
development corpus. Pairs of Arabic: heads (first sentences, headline). Sentences: ar, en. Each is one xz file, made the same way,
byte by byte, by the same recipe."""

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mojaz_server.pipeline.normalize import normalize

from mojaz_models.corpora import Corpora
from mojaz_models.dataset import read_pairs, write_lines
from mojaz_models.errors import RecipeError
from mojaz_models.made.sets import MAKERS
from mojaz_models.made.sets import sets as made_sets
from mojaz_models.recipe import Pack, Recipe
from mojaz_models.text import ARABIC, LATIN, STOPS, english, share, words

Row = tuple[str, str] | tuple[str]
LEADS = "aljazeera_gaza_leads"
"""The set of articles that has a summary and no text."""
NO_HEADLINES = ("arabic_newspapers_2012", "hespress_2020")
_PLAIN = re.compile(r"[A-Z][A-Za-z' -]{2,}")
_ARABIC_NAME = re.compile("[\u0621-\u064a ]+")


@dataclass(frozen=True, slots=True)
class Packed:
    """A set as written: `digest` is the SHA-256 of its text, which is the same wherever it is made."""

    name: str
    rows: int
    bytes: int
    digest: str


def pack(recipe: Recipe, corpora: Corpora, out: Path, tell: Callable[[str], None] = print) -> list[Packed]:
    """Write the sets of a recipe and `sets.json`, which lists them, into `out`. Raises CorpusError and RecipeError."""
    _allowed(recipe, corpora)
    out.mkdir(parents=True, exist_ok=True)
    held, rng, options = held_out(corpora), random.Random(recipe.pack.seed), recipe.pack
    sets = _Sets(recipe, corpora, options, rng)
    written = []
    # The order is that of the draws from `rng`: another order makes other sets.
    for names, make in ((("news",), sets.references), (("near", "far"), sets.parallel), (("terms", "names"), sets.terms),
                        (("heads",), sets.headlines), (("ar",), sets.arabic), (("en",), sets.english)):  # fmt: skip
        for name, rows in zip(names, make(), strict=True):
            written.append(_write(out, name, rows, held))
            tell(_told(written[-1]))
    if options.made:
        news = list(zip(*read_pairs(out / "news.xz"), strict=True))
        for name, pairs in made_sets(news, options.made, sets.known_terms(), sets.spare_names(), rng, tell):
            written.append(_write(out, name, pairs, held))
            tell(_told(written[-1]))
    for name, corpus in corpora.known.items():
        if corpus.use == "dev" and corpus.form == "tsv" and corpus.english:
            written.append(_write(out, name, _tsv(corpora, name), set(), unique=False))
    listed = {p.name: {"rows": p.rows, "sha256": p.digest} for p in written}
    (out / "sets.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf8")
    return written


def held_out(corpora: Corpora) -> set[str]:
    """Every sentence of the development corpora, normalized: what must not be trained on."""
    held: set[str] = set()
    for name, corpus in corpora.known.items():
        if corpus.use == "dev" and corpus.form == "jsonl":
            held |= {normalize(s) for article in corpora.objects(name) for s in article["sentences"]}
        elif corpus.use == "dev":
            for row in corpora.rows(name):
                held.add(normalize(row[corpus.arabic - 1]))
                if corpus.english:
                    held.add(english(row[corpus.english - 1]))
    return held


class _Sets:
    """One method for each group of sets. A corpus that the recipe does not name gives an empty set."""

    def __init__(self, recipe: Recipe, corpora: Corpora, options: Pack, rng: random.Random) -> None:
        self._named, self._corpora, self._options, self._rng = set(recipe.corpora), corpora, options, rng

    def references(self) -> list[list[Row]]:
        """News sentences with reference translations, and the digests' lines and headlines."""
        rows: list[tuple[str, str]] = [(r[1], r[2]) for r in self._rows("news_references")]
        for digest in self._objects("digest_train"):
            rows += [(digest["sentences"][i], line) for i, line in zip(digest["rank"], digest["lines_en"], strict=False)]
            rows.append((digest["headline_ar"], digest["headline_en"]))
        return [[_pair(a, e) for a, e in rows]]

    def parallel(self) -> list[list[Row]]:
        """(near, far): public pairs that are whole sentences, in the right script and of like lengths."""
        options = self._options
        near: list[Row] = []
        far: list[Row] = []
        sets: dict[str, list[tuple[str, str]]] = {}
        for name, arabic, other in self._rows("parallel"):
            sets.setdefault(name, []).append((arabic, other))
        for name, pairs in sets.items():
            self._rng.shuffle(pairs)
            if options.far and name not in (*options.near, *options.far):
                continue
            good = [pair for pair in (_pair(a, e) for a, e in pairs) if _alike(*pair)]
            most = options.caps.get(name, options.short_cap if name.endswith(".short") else len(good))
            (near if name in options.near else far).extend(good[:most])
        return [near, far]

    def terms(self) -> list[list[Row]]:
        """(terms, names): news words and phrases, without those with an open slot; rows of the glossaries."""
        terms: list[Row] = [_pair(r[0], r[1]) for r in self._rows("news_terms") if "…" not in r[1]]
        names: list[Row] = []
        for glossary, most in self._options.names.items():
            rows = list(self._rows(glossary))
            self._rng.shuffle(rows)
            names += [_pair(r[0], r[1]) for r in rows[:most]]
        return [terms, names]

    def known_terms(self) -> list[tuple[str, str, str]]:
        """(Arabic, English, class) of the news terms without an open slot."""
        rows = ((normalize(r[0]), english(r[1]), r[2]) for r in self._rows("news_terms") if "…" not in r[1])
        return [row for row in rows if len(row[1]) > 2]

    def spare_names(self) -> dict[str, list[tuple[str, str]]]:
        """Names that can take the place of others, by class: of one or two words on both sides, in plain letters."""
        return {kind: [n for g in found for n in self._glossary(g)]
                for kind, found in (("PER", self._options.persons), ("LOC", self._options.places))}  # fmt: skip

    def _glossary(self, name: str) -> Iterable[tuple[str, str]]:
        for row in self._rows(name):
            arabic, other = _pair(row[0], row[1])
            other = other.title() if other.islower() else other
            if _PLAIN.fullmatch(other) and _ARABIC_NAME.fullmatch(arabic) and words(arabic) == words(other) <= 2:
                yield arabic, other

    def headlines(self) -> list[list[Row]]:
        """(first sentences of an article, its headline), both Arabic: 12 to 80 words, 4 to 16 words."""
        out: list[Row] = []
        for article in self._objects("articles_ar"):
            title = normalize(article.get("title") or "")
            if article["set"] not in NO_HEADLINES and 4 <= words(title) <= 16:
                lead = _lead(article, title)
                if 12 <= words(lead) <= 80:
                    out.append((lead, title))
        self._rng.shuffle(out)
        return [out[: self._options.headlines]]

    def arabic(self) -> list[list[Row]]:
        """Arabic news sentences."""
        found: dict[str, dict[str, None]] = {}
        for article in self._objects("articles_ar"):
            for sentence in _sentences(article):
                if 5 <= words(sentence) <= 45 and share(ARABIC, sentence) > 0.7:
                    found.setdefault(article["set"], {})[sentence] = None
        out: list[Row] = []
        for name, kept in found.items():
            sentences = list(kept)
            self._rng.shuffle(sentences)
            out += [(s,) for s in sentences[: self._options.arabic_caps.get(name, 0)]]
        self._rng.shuffle(out)
        return [out[: self._options.arabic]]

    def english(self) -> list[list[Row]]:
        """English news sentences."""
        found: dict[str, list[str]] = {}
        for name, line in self._rows("news_en"):
            sentence = english(line)
            if share(LATIN, sentence) > 0.7 and words(sentence) <= 45:
                found.setdefault(name, []).append(sentence)
        out: list[Row] = []
        for name, sentences in found.items():
            most = min(len(sentences), self._options.english_caps.get(name, 0))
            out += [(s,) for s in self._rng.sample(sentences, most)]
        self._rng.shuffle(out)
        return [out[: self._options.english]]

    def _rows(self, name: str) -> Iterable[list[str]]:
        return self._corpora.rows(name) if name in self._named else ()

    def _objects(self, name: str) -> Iterable[dict[str, Any]]:
        return self._corpora.objects(name) if name in self._named else ()


def _allowed(recipe: Recipe, corpora: Corpora) -> None:
    for name in recipe.corpora:
        if corpora[name].use != "train":
            raise RecipeError(f"corpora: {name} is {corpora[name].use} in {corpora.register.name} and cannot be trained on")
    for key in ("names", "persons", "places"):
        for name in getattr(recipe.pack, key):
            if name not in recipe.corpora:
                raise RecipeError(f"pack.{key}: {name} is not among the recipe's corpora")
    for name in recipe.pack.made:
        if name not in MAKERS:
            raise RecipeError(f"pack.made.{name}: unknown; known are {', '.join(MAKERS)}")


def _told(packed: Packed) -> str:
    return f"{packed.name:12} {packed.rows:9,} rows {packed.bytes / 2**20:6.1f} MiB {packed.digest[:12]}"


def _pair(arabic: str, other: str) -> tuple[str, str]:
    return normalize(arabic), english(other)


def _alike(arabic: str, other: str) -> bool:
    """Whether a pair is of a length to train on, of like length on both sides, and in the right scripts."""
    m, n = words(arabic), words(other)
    if not (m and n) or m > 80 or n > 95 or (max(m, n) > 6 and not 0.45 < (m + 1) / (n + 1) < 2):
        return False
    return share(ARABIC, arabic) >= 0.45 and share(LATIN, other) >= 0.55


def _parts(body: str) -> Iterable[str]:
    return (s for paragraph in body.split("\n") for s in STOPS.split(paragraph.strip()))


def _lead(article: dict[str, Any], title: str) -> str:
    """First sentences of an article up to some 35 words, never over 80."""
    body = article.get("summary") if article["set"] == LEADS else article.get("text")
    lead: list[str] = []
    for sentence in _parts(body or ""):
        have = sum(map(words, lead))
        if have > 35 or have + words(sentence) > 80:
            break
        lead.append(normalize(sentence))
    return " ".join(s for s in lead if s and s != title)


def _sentences(article: dict[str, Any]) -> Iterable[str]:
    yield normalize(article.get("title") or "")
    if article["set"] == LEADS:
        yield normalize(article.get("summary") or "")
    for sentence in _parts(article.get("text") or ""):
        yield normalize(sentence)


def _tsv(corpora: Corpora, name: str) -> list[Row]:
    corpus = corpora[name]
    return [_pair(row[corpus.arabic - 1], row[corpus.english - 1]) for row in corpora.rows(name)]


def _write(out: Path, name: str, rows: Sequence[Row], held: set[str], *, unique: bool = True) -> Packed:
    """Write a set without doubles, empty sides and held-out sentences."""
    if unique:
        rows = [row for row in dict.fromkeys(rows) if all(row) and held.isdisjoint(row)]
    lines = ["\t".join(row) for row in rows]
    write_lines(out / f"{name}.xz", lines)
    digest = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
    return Packed(name, len(rows), (out / f"{name}.xz").stat().st_size, digest)
