"""Suggests entries for a newsroom's glossary: names that its articles repeat and no glossary has, as the model spells them.

    unlisted words of all articles -> the frequent ones -> a few sentences of each, translated -> spelled -> counted

Only sentences that tell something are translated, so that an archive costs little more than its frequent names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.pair import pair
from mojaz_server.pipeline.records import Article, Sentence, Span
from mojaz_server.pipeline.spelled import in_a_row, spelled
from mojaz_server.pipeline.split import split
from mojaz_server.pipeline.terms import stems, without, words
from mojaz_server.pipeline.together import together
from mojaz_server.pipeline.translate import Translator
from mojaz_server.pipeline.unlisted import unlisted

_EACH = 6  # sentences that are translated for a word
_SEEN = 3  # one in so many of them must have a spelling, or it is a chance likeness of a usual word
_MOSTLY = 0.5  # share of a word's uses in which it must look like a name
_PROCLITICS = ("و", "ف", "ب", "ل", "ك")
_SURE = 0.8  # how much a word that is no likely name must sound like its English to belong to one


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that stands `count` times in `articles` articles; how often the model spelled it how, the usual spelling first."""

    source: str
    count: int
    articles: int
    spellings: tuple[tuple[str, int], ...]

    @property
    def target(self) -> str:
        """The usual spelling."""
        return self.spellings[0][0]


class Reading:
    """What was read of a newsroom's articles: sentences with the words in them that may be names."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        self._texts: list[tuple[int, str]] = []
        self._likely: defaultdict[str, list[int]] = defaultdict(list)
        self._keys: Counter[str] = Counter()
        self.articles = 0

    def read(self, article: Article) -> None:
        """Read one more article."""
        texts = [article.title] if article.title.strip() else []
        texts += [sentence.text for paragraph in split(article.body) for sentence in paragraph.sentences]
        for text in texts:
            self._keys.update(word.key for word in words(text))
            for word in unlisted(text, self.glossary):
                self._likely[word.key].append(len(self._texts))
            self._texts.append((self.articles, text))
        self.articles += 1

    def plain(self, key: str) -> str:
        """A folded word without proclitics, if it stands without them somewhere."""
        found = [form for form in stems(key)[1:] if self._keys[form] and not key.endswith("ال" + form)]
        return min(found, key=len) if key.startswith(_PROCLITICS) and found else key

    def telling(self, least: int, most: int) -> tuple[list[str], int]:
        """The sentences to translate: some of each of the `most` most frequent words of those that stand there `least` times or
        more; and how many such words are left out."""
        merged: defaultdict[str, list[int]] = defaultdict(list)
        for key, places in self._likely.items():
            if len(places) >= _MOSTLY * self._keys[key]:
                merged[self.plain(key)] += places
        frequent = sorted((places for places in merged.values() if len(places) >= least), key=len, reverse=True)
        chosen = {place for places in frequent[:most] for place in _spread(places)}
        return list(dict.fromkeys(self._texts[place][1] for place in sorted(chosen))), max(len(frequent) - most, 0)

    def count(self, sources: Iterable[str]) -> Mapping[str, tuple[int, int]]:
        """How often each of some names stands in the articles, and in how many; the longer one where two overlap."""
        glossary = self.glossary | Glossary.of(Entry(source, source) for source in sources)
        times: Counter[str] = Counter()
        seen: defaultdict[str, set[int]] = defaultdict(set)
        for article, text in self._texts:
            for match in glossary.match(text):
                times[match.entry.source] += 1
                seen[match.entry.source].add(article)
        return {source: (times[source], len(seen[source])) for source in times}


async def suggest(
    reading: Reading, translator: Translator, options: TranslateOptions, *, least: int, most: int
) -> tuple[list[Suggestion], int]:
    """The names that stand at least `least` times in what was read, the most frequent first, and how many frequent words were
    left out because there were more than `most`. Raises what the translator raises."""
    texts, left_out = reading.telling(least, most)
    made = await together(pair(Sentence(text, Span(0, len(text))), translator, options) for text in texts)
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    surfaces: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, paired in zip(texts, made, strict=True):
        for key, surface, english in _named(text, paired.pair.target, reading):
            spellings[key][english] += 1
            surfaces[key][surface] += 1
    names = {surfaces[key].most_common(1)[0][0]: tuple(found.most_common()) for key, found in spellings.items()}
    counted = reading.count(names)
    found = [Suggestion(name, *counted[name], names[name]) for name in names if counted.get(name, (0, 0))[0] >= least]
    found = [each for each in found if _SEEN * sum(times for _, times in each.spellings) >= min(each.count, _EACH)]
    return sorted(found, key=lambda suggestion: -suggestion.count), left_out


def _spread(places: Sequence[int]) -> Sequence[int]:
    """A few of many sentences, from the first to the last."""
    different = list(dict.fromkeys(places))
    step = max(len(different) // _EACH, 1)
    return different[::step][:_EACH]


def _named(text: str, english: str, reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Key, Arabic and English of the names in a sentence that no glossary has, proclitics left out."""
    likely = {word.start for word in unlisted(text, reading.glossary)}
    uses = (use for use in spelled(0, text, english, likely) if use.likeness >= _SURE or use.source.start in likely)
    for place, spelling in in_a_row(uses, text, english):
        if any(place.start <= begin < place.end for begin in likely):
            name = place.of(text)
            first, *others = words(name)
            plain = reading.plain(first.key)
            beginning = without(first.span, len(first.key) - len(plain), name)
            surface = " ".join(span.of(name) for span in (beginning, *(word.span for word in others)))
            yield " ".join([plain, *(word.key for word in others)]), surface, spelling
