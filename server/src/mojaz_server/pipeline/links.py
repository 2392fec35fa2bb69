"""Which words of an Arabic text each word of its English comes from. Any pair can be asked of; the model is not.

Evidence for a link of two words: the lexicon, equal figures and months, names and glossary terms, words that sound alike. It
counts for more near the diagonal and beside other links. The best are taken first, each word once; then words beside them
join in.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from mojaz_server.pipeline import terms
from mojaz_server.pipeline.check.months import arabic_months, english_months
from mojaz_server.pipeline.check.reading import arabic_figures, english_figures
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.lexicon import english_stem, translations
from mojaz_server.pipeline.names import names
from mojaz_server.pipeline.normalize import blank
from mojaz_server.pipeline.records import Span, WordLink
from mojaz_server.pipeline.remembered import remembered
from mojaz_server.pipeline.sounds import alike
from mojaz_server.pipeline.wordlists import words

_RUN = re.compile(r"(?:[^\s—–/…،؛؟\"«»“”()\[\]|]|(?<=\d)/(?=\d))+")
_INVISIBLE = re.compile("[\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_OUTER = re.compile(r"[^\w%$€£°]+")
_LATIN = re.compile("[A-Za-zÀ-ɏ]+")
_SLANT = 2.0  # how much less a link across the whole sentence is worth, in nats
_PHRASE = 0.25  # worth of a link inside a figure, name or term that both sides have
_OUTSIDE = 0.05  # what is left of a link between a word of such a phrase and one outside it
_SOUND = 0.65  # from which words sound alike
_NEAR = 3  # words on either side that support a link
_SUPPORT = 4.0
_TURNS = 2
_LEAST = 0.02  # worth of a link that is taken
_SHARE = 0.05  # of the best of each of its words that a link must be worth
_ATTACHED_WITHIN = 3  # words before its noun or verb at which the English of a proclitic stands
_BEFORE = (
    ("و", ("and",)),
    ("[وف]?ب", ("with", "by", "in", "at", "on")),
    ("[وف]?ل", ("to", "for", "of")),
    ("[وف]?ك", ("as", "like")),
    ("[وف]?س[يتنا]", ("will",)),
)
_AFTER = (
    ("ه", ("his", "its", "he", "it")),
    ("ها", ("its", "her", "their", "she", "it")),
    ("هم", ("their", "they")),
    ("نا", ("our", "we")),
)
_EQUAL = 3  # equal figures on either side of a place that are looked at
_SENTENCE = 5_000  # code points of a text in which names and terms are looked for: each costs a look at the whole English
_BAND = 60  # words from the diagonal that are looked at: linear time for long texts

Worth = dict[tuple[int, int], float]
"""What is known for a link of source word i and target word j."""


@dataclass(frozen=True, slots=True)
class _Word:
    span: Span
    key: tuple[str, ...]
    latin: tuple[str, ...]

    @property
    def low(self) -> str:
        """An English word in small letters."""
        return " ".join(self.latin).lower()

    @property
    def content(self) -> bool:
        """Whether it is no word that only holds others together."""
        return words("links", "light").isdisjoint((self.low, *self.key))

    @property
    def attached(self) -> frozenset[str]:
        """English for the proclitics and pronouns that an Arabic word may have."""
        return _told_by_clitics(self.key)


@lru_cache(maxsize=1 << 14)
def _told_by_clitics(keys: tuple[str, ...]) -> frozenset[str]:
    found = {word for key in keys for start, told in _BEFORE for word in told if re.match(start, key) and len(key) > 3}
    found |= {word for key in keys for end, told in _AFTER for word in told if key.endswith(end) and len(key) > 3}
    return frozenset(found)


def links(source: str, target: str, glossary: Glossary) -> tuple[WordLink, ...]:
    """The links of a raw Arabic text and its English, in the order of the English; spans are whole words of each."""
    here, there = _words(source), _words(target)
    known = _known(here, there)
    phrases = [(_inside(here, left), _inside(there, right)) for left, right in _phrases(source, target, glossary)]
    known = _within_phrases(known, phrases)
    chosen = _chosen(_supported(_slanted(known, len(here), len(there))))
    chosen |= set(_gaps(chosen, here, there))
    chosen |= set(_attached(chosen, here, there))
    return tuple(WordLink(here[i].span, there[j].span) for i, j in sorted(chosen, key=lambda link: link[::-1]))


@remembered
def _words(text: str) -> tuple[_Word, ...]:
    """The words of a raw text, without the punctuation around them; invisible characters part no words."""
    spans: list[list[int]] = []
    for run in _RUN.finditer(blank(text)):
        if spans and _INVISIBLE.fullmatch(text, spans[-1][1], run.start()):
            spans[-1][1] = run.end()
        else:
            spans.append([*run.span()])
    return tuple(word for start, end in spans if (word := _word(text, start, end)))


def _word(text: str, start: int, end: int) -> _Word | None:
    if opening := _OUTER.match(text, start, end):
        start = opening.end()
    while end > start and _OUTER.fullmatch(text[end - 1]) and not terms.is_mark(text[end - 1]):
        end -= 1
    raw = text[start:end]
    if not any(char.isalnum() for char in raw):
        return None
    return _Word(Span(start, end), terms.folded(raw), tuple(_LATIN.findall(raw)))


def _known(here: Sequence[_Word], there: Sequence[_Word]) -> Worth:
    """What the lexicon and the sound of words say for links near the diagonal."""
    known: Worth = {}
    places: dict[str, list[int]] = defaultdict(list)
    for j, word in enumerate(there):
        for latin in word.latin:
            if word.low in words("links", "articles"):
                continue
            places[english_stem(latin)].append(j)
    capitals = [j for j, word in enumerate(there) if any(latin[0].isupper() for latin in word.latin)]
    for i, word in enumerate(here):
        middle = i * len(there) / len(here)
        for key in word.key:
            strengths = translations(key)
            for stem in strengths.keys() & places.keys():
                near, strength = places[stem], strengths[stem]
                for j in near[bisect_left(near, middle - _BAND) : bisect_right(near, middle + _BAND)]:
                    known[i, j] = max(strength, known.get((i, j), 0.0))
        band = range(max(0, int(middle) - _BAND), min(len(there), int(middle) + _BAND + 1))
        for j in band if word.latin else capitals[bisect_left(capitals, band.start) : bisect_left(capitals, band.stop)]:
            if (sound := _sound(word, there[j])) > known.get((i, j), 0.0):
                known[i, j] = sound
    return known


def _sound(word: _Word, other: _Word) -> float:
    """What is said for a link by the same letters or, of a name, by its sound."""
    best, letters = 0.0, [latin.lower() for latin in word.latin]
    for latin in other.latin:
        if letters and latin.lower() in letters:
            return 0.9
        if latin[0].isupper():
            best = max((alike(key, latin) for key in word.key), default=best)
    return 0.6 * (best - _SOUND) / (1 - _SOUND) + 0.1 if best >= _SOUND else 0.0


def _phrases(source: str, target: str, glossary: Glossary) -> Iterator[tuple[Span, Span]]:
    """Spans of both texts that stand for the same: figures, months, names, terms of the glossary."""
    share = len(target) / max(len(source), 1)
    figures: dict[str, list[Span]] = defaultdict(list)
    for figure in english_figures(target):
        for value in figure.values:
            figures[value].append(figure.span)
    for figure in arabic_figures(source):
        for value in figure.values:
            for there in _nearest(figures.get(value, []), figure.start * share):
                yield figure.span, there
    months: dict[tuple[int, bool], list[Span]] = defaultdict(list)
    for month in english_months(target):
        months[month.number, month.hijri].append(month.span)
    for month in arabic_months(source):
        for there in _nearest(months.get((month.number, month.hijri), []), month.start * share):
            yield month.span, there
    if len(source) <= _SENTENCE:
        yield from ((name.span, name.target) for name in names(source, target) if name.target)
        for span, entry in glossary.match(source):
            if found := entry.find(target):
                yield span, found


def _nearest(spans: Sequence[Span], place: float) -> Sequence[Span]:
    """The few of many equal spans in order that are next to a place."""
    at = bisect_left(spans, place, key=lambda span: span.start)
    return spans[max(0, at - _EQUAL) : at + _EQUAL]


def _inside(text: Sequence[_Word], span: Span) -> range:
    """The words that a span of the text touches."""
    first = bisect_right(text, span.start, key=lambda word: word.span.end)
    return range(first, bisect_left(text, span.end, key=lambda word: word.span.start))


def _within_phrases(known: Worth, phrases: Sequence[tuple[range, range]]) -> Worth:
    """Words of a phrase that both sides have are likelier linked with each other, and less likely with others."""
    partners: tuple[dict[int, set[int]], dict[int, set[int]]] = (defaultdict(set), defaultdict(set))
    worth: Worth = {}
    for here, there in phrases:
        for i in here:
            partners[0][i].update(there)
        for j in there:
            partners[1][j].update(here)
        for a, i in enumerate(here):
            for b, j in enumerate(there):
                worth[i, j] = _PHRASE if len(here) != len(there) or a == b else _PHRASE / 3
    for (i, j), value in known.items():
        outside = (i in partners[0] and j not in partners[0][i]) or (j in partners[1] and i not in partners[1][j])
        worth[i, j] = value * _OUTSIDE if outside else value + worth.get((i, j), 0.0)
    return worth


def _slanted(known: Worth, here: int, there: int) -> Worth:
    return {
        (i, j): value * exp(-_SLANT * abs((i + 0.5) / here - (j + 0.5) / there)) for (i, j), value in known.items() if value > 0
    }


def _supported(worth: Worth) -> Worth:
    """Worth with the support of neighbours: of the words beside, links that run beside this one."""
    first = worth
    for _ in range(_TURNS):
        best_here, best_there = _best(worth)
        sure: dict[int, list[int]] = defaultdict(list)
        for i, j in sorted(worth):
            if worth[i, j] >= 0.7 * max(best_here[i], best_there[j]):
                sure[i].append(j)
        worth = {(i, j): value * (1 + _SUPPORT * _beside(i, j, sure, first)) for (i, j), value in first.items()}
    return worth


def _beside(i: int, j: int, sure: Mapping[int, Sequence[int]], worth: Worth) -> float:
    """How many of the words beside i and j are linked with each other, nearer ones counting more."""
    found = 0.0
    for k in range(i - _NEAR, i + _NEAR + 1):
        for other in sure.get(k, ()) if k != i else ():
            if 0 < abs(other - j) <= _NEAR:
                found += min(1.0, 3 * worth[k, other]) / (abs(k - i) + abs(other - j))
    return found


def _best(worth: Worth) -> tuple[dict[int, float], dict[int, float]]:
    """The best worth of each source word and of each target word."""
    here: dict[int, float] = defaultdict(float)
    there: dict[int, float] = defaultdict(float)
    for (i, j), value in worth.items():
        here[i], there[j] = max(here[i], value), max(there[j], value)
    return here, there


def _chosen(worth: Worth) -> set[tuple[int, int]]:
    """The best links, each word once; then links of words left over that touch those of their partner."""
    chosen: set[tuple[int, int]] = set()
    here: set[int] = set()
    there: set[int] = set()
    best_here, best_there = _best(worth)
    worthy = ((i, j) for (i, j), value in worth.items() if value >= max(_LEAST, _SHARE * best_here[i], _SHARE * best_there[j]))
    ranked = sorted(worthy, key=lambda link: (-worth[link], link))
    for joining in (False, True):
        for i, j in ranked:
            free = (i not in here) + (j not in there)
            beside = joining and any(link in chosen for link in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)))
            if free >= (1 if beside else 2):
                chosen.add((i, j))
                here.add(i)
                there.add(j)
    return chosen


def _gaps(chosen: set[tuple[int, int]], here: Sequence[_Word], there: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Links of single words left over between words that are linked with each other."""
    linked_here, linked_there = {i for i, _ in chosen}, {j for _, j in chosen}
    for i, j in sorted(chosen):
        for a in (1, -1):
            for b in (1, -1):
                if i + a in linked_here or j + b in linked_there or not (0 <= i + a < len(here) and 0 <= j + b < len(there)):
                    continue
                if not (here[i + a].content and there[j + b].content):
                    continue
                if any((i + 2 * a, j + c) in chosen for c in (2 * b, 3 * b, -b)):
                    yield i + a, j + b


def _attached(chosen: set[tuple[int, int]], here: Sequence[_Word], there: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Links of English words for what Arabic writes together with the next word or the last: and, with, for, will, his ..."""
    linked = {j for _, j in chosen}
    for i, j in sorted(chosen):
        for word in here[i].attached:
            before = (k for k in range(j - 1, max(-1, j - 1 - _ATTACHED_WITHIN), -1) if k not in linked)
            found = next((k for k in before if there[k].low == word), None)
            if found is not None:
                yield i, found
