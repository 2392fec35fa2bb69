"""Rare words in the place of words of their form ("the strategic pesticides" for "the strategic lines"), so that each is read in
many sentences. What in a pair is the translation of what, the server's lexicon says."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from mojaz_server.pipeline import terms
from mojaz_server.pipeline.lexicon import english_stem, translations

from mojaz_models.made.places import Pair
from mojaz_models.spellings import bare

STRENGTH = 0.7
"""How strongly the lexicon must link two words."""
FEWEST, MOST = 4, 60
"""A rare word is seen so often with its English."""
_ARABIC = re.compile("[\u0621-\u064a]{4,}")
_ENGLISH = re.compile(r"(?<![\w'-])[a-z]{4,}(?![\w'-])")
_ADJECTIVE = re.compile("(?:al|ic|ive|ous|ary|ory|ant|ent|ian|ful|ible|able|istic)$")
_VERBAL = re.compile("(?:ed|ing|ly|en|est)$")
_ENDINGS = ("ية", "ي", "ات", "ون", "ة", "ى", "ء")
_FORMS = {("adjective", "ية"), ("adjective", "ي"), ("several", "ات"), ("noun", "ية"), ("noun", "ة")}
_FORMS_WITH_ARTICLE = {("several", "ون"), ("noun", ""), ("noun", "ون")}
_SHORTEST = 4
_NOUN = re.compile("(?:ion|ment|ness|ity|ance|ence|ship|age|ure|ism|dom|cy|logy|phy|our|or|er|ty|ry)$")


@dataclass(frozen=True, slots=True)
class Link:
    """A word of each side: where they stand, the Arabic without what is before its stem, and their form."""

    start: int
    end: int
    core: str
    english: str
    form: str


class Replaced:
    """Replaces words of pairs by others. `pairs` say which words there are of each form, and how rare they are."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        counts = Counter(word.key for arabic, _ in pairs for word in terms.words(arabic))
        self._core = cache(partial(bare, counts=counts))
        seen = Counter((link.form, link.core, link.english) for pair in pairs for link in self._links(pair))
        rare: defaultdict[str, list[Pair]] = defaultdict(list)
        for (form, core, english), times in sorted(seen.items()):
            if FEWEST <= times <= MOST:
                rare[form].append((core, english))
        self.rare: Mapping[str, Sequence[Pair]] = rare

    def __call__(self, pair: Pair, rng: random.Random) -> Pair | None:
        """A pair with one to three words replaced."""
        links = list(self._links(pair))
        if not links:
            return None
        arabic, english = pair
        chosen = rng.sample(links, min(len(links), rng.choice((1, 2, 3))))
        for link in sorted(chosen, key=lambda link: -link.start):
            core, word = rng.choice(self.rare.get(link.form) or [(link.core, link.english)])
            arabic = arabic[: link.end - len(link.core)] + core + arabic[link.end :]
            english = _put(english, link.english, word)
        return (arabic, english) if (arabic, english) != pair else None

    def _links(self, pair: Pair) -> Iterator[Link]:
        """Words that are each other's only translation, of a form that can be told."""
        arabic, english = pair
        there = Counter(_ENGLISH.findall(english))
        stems: defaultdict[str, set[str]] = defaultdict(set)
        for word in there:
            stems[english_stem(word)].add(word)
        taken = Counter[str]()
        found = []
        for match in _ARABIC.finditer(arabic):
            known = translations(terms.fold(match[0]))
            words = [word for stem, strength in known.items() if strength >= STRENGTH for word in stems.get(stem, ())]
            taken.update(words)
            if len(words) == 1 and there[words[0]] == 1 and arabic.count(match[0]) == 1:
                found.append((match, words[0]))
        for match, word in found:
            core = self._core(match[0])
            if taken[word] == 1 and match[0].endswith(core) and (form := _form(match[0], core, word)):
                yield Link(match.start(), match.end(), core, word, form)


def _put(english: str, old: str, new: str) -> str:
    """A sentence with another word, and the form of "a" that goes before it."""
    n = "n" if new[0] in "aeio" else ""
    return re.sub(rf"(?:\b([Aa])n? )?(?<![\w'-]){old}(?![\w'-])", lambda m: f"{m[1]}{n} {new}" if m[1] else new, english)


def _form(raw: str, core: str, english: str) -> str:
    """What two words must share to stand in each other's place; "" for verbs and what cannot be told. Nouns without the article
    may be followed by an owner: they have a form of their own."""
    if len(core) < _SHORTEST or _VERBAL.search(english) or raw.startswith("لل"):
        return ""
    state = "the" if raw.endswith("ال" + core) else ""
    number = "several" if english.endswith("s") and not english.endswith(("ss", "us", "is", "ics")) else "one"
    sort = "adjective" if _ADJECTIVE.search(english) else "noun" if number == "one" and _NOUN.search(english) else ""
    ending = next((end for end in _ENDINGS if core.endswith(end)), "")
    form = (sort or number, ending)
    return f"{' '.join(form)} {state}" if form in _FORMS or (state and form in _FORMS_WITH_ARTICLE) else ""
