"""How the entries of a glossary stand in an English text: which are there, which are missed, and what the English has instead."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mojaz_server.pipeline.glossary import Entry, Glossary, Match
from mojaz_server.pipeline.lexicon import english_stem, translations, whole_translations
from mojaz_server.pipeline.records import Span, WordLink
from mojaz_server.pipeline.romanize import lookup
from mojaz_server.pipeline.sounds import alike, arabic_sounds, latin_sounds
from mojaz_server.pipeline.terms import find_written, has_arabic, proclitics, stems, tokens, words
from mojaz_server.pipeline.word_forms import find_forms
from mojaz_server.pipeline.wordlists import words as listed

_WORD = re.compile(r"[^\W\d_](?:[\w.'’-]*\w)?")
_POSSESSIVE = re.compile("['’]s?$")
_PARTED = re.compile(r"[,;:()\[\]\"“”«»]|\.\s")
_COMPOUND = re.compile(r"-(?!(?:[ae](?:[dlnrstz]|[st]h))-)[a-z]|^(?!(?:[ae](?:[dlnrstz]|[st]h))-)[a-z][\w'’]*-")
_SOUNDS = 0.65  # from which a target is the Arabic word in Latin letters, and not its meaning
_READS = 0.1  # strength of a translation that counts as a reading of the word
_WHOLE = 0.2  # of a reading of the word as it stands, where the entry would have a clitic before it
_NAME = 0.5  # share of the uses of a word in which it is a name, for it to be one
_EVERYWHERE = ""  # reading of a word that is hardly ever the entry


def missed(source: str, target: str, glossary: Glossary) -> tuple[Match, ...]:
    """The entries in a raw Arabic text whose English is nowhere in `target`, in any form; those left out that are another word
    there, or may be and stand beside no name."""
    matches = glossary.match(source)
    return tuple(
        match
        for match in matches
        if not standing(match.entry, target)
        and not _is_other_word(match, source, target)
        and not _forms(match.entry, matches, source, target)
    )


def written(source: str, target: str, glossary: Glossary) -> tuple[tuple[Match, Span], ...]:
    """The entries in a raw Arabic text whose English is in `target`, with every place where it stands."""
    return tuple((match, span) for match in glossary.match(source) for span in standing(match.entry, target))


@lru_cache(maxsize=1 << 12)  # enforcing and every check of a translation ask for the same
def standing(entry: Entry, target: str) -> tuple[Span, ...]:
    """Where the English of an entry, or what may stand in its place, is written in `target`."""
    return tuple(sorted({span for english in entry.accepted for span in find_written(english, target)}))


def doubtful(source: str, target: str, glossary: Glossary) -> tuple[Match, ...]:
    """The entries that `target` has less often than the raw Arabic text, other forms of their English counted."""
    matches = glossary.match(source)
    wanted = Counter(match.entry for match in matches)
    told = {entry: len(standing(entry, target)) for entry in wanted}
    rare = {
        entry
        for entry, times in wanted.items()
        if told[entry] < times and told[entry] + _forms(entry, matches, source, target) < times
    }
    return tuple(match for match in matches if match.entry in rare)


def _forms(entry: Entry, matches: Sequence[Match], source: str, target: str) -> int:
    """How often `target` has another form of an entry's English that no word beside the entry stands for: "pro-Iranian" where
    the Arabic has "الموالية لإيران", but not where it has "الإيرانية" as well."""
    told = _told_otherwise(entry, target)
    if not told:
        return 0
    stems = {english_stem(word) for span in told for word in _WORD.findall(span.of(target))}
    own = [match.span for match in matches if match.entry == entry]
    others = [word for word in words(source) if not any(word.span.overlaps(span) for span in own)]
    return max(0, len(told) - sum(any(translations(word.key).get(stem, 0.0) >= _READS for stem in stems) for word in others))


def _told_otherwise(entry: Entry, target: str) -> set[Span]:
    """Where `target` has the English of an entry in another form. A person's name has none."""
    if entry.category == "person" or entry.do_not_translate:
        return set()
    return {span for english in entry.accepted for span in find_forms(english, target)}


def rendering(match: Match, links: Sequence[WordLink], source: str, target: str) -> Span | None:
    """Where `target` has the words that stand for a matched entry; None if that is in doubt, if it is its English already, be it
    in another form, if they are part of a word, or if they show that the Arabic is another word here."""
    place = _linked(match, links, source, target)
    if place is None or _is_partial(place, links, target) or _is_compound(place.of(target), match.entry):
        return None
    if standing(match.entry, place.of(target)) or _told_otherwise(match.entry, place.of(target)):
        return None
    readings = _other_readings(match, source)
    if not readings:
        return place
    if _EVERYWHERE in readings:
        return None
    key, told = words(match.span.of(source))[0].key, place.of(target)
    return place if told[0].isupper() and any(_sounds(key, word) for word in told.split()) else None


def is_ambiguous(match: Match, source: str) -> bool:
    """Whether the Arabic may as well be another word, so that only English of the same sound shows that it is the entry."""
    return bool(_other_readings(match, source))


def _linked(match: Match, links: Sequence[WordLink], source: str, target: str) -> Span | None:
    """The stretch of `target` that is linked with the matched words and with nothing else, without what Arabic glues to them."""
    own = [link for link in links if link.source.overlaps(match.span)]
    others = [link.target for link in links if not link.source.overlaps(match.span)]
    if not own or not all(_is_told(word, own) for word in _content(match.span, source)):
        return None
    place = _trimmed(Span(min(link.target.start for link in own), max(link.target.end for link in own)), target)
    if place is None or _PARTED.search(place.of(target)) or any(place.overlaps(other) for other in others):
        return None
    return place


def _content(span: Span, source: str) -> Iterator[Span]:
    """The words of a stretch that do not only hold others together."""
    for word in words(span.of(source)):
        if word.key not in listed("links", "light"):
            yield word.span.moved(span.start)


def _is_told(word: Span, links: Sequence[WordLink]) -> bool:
    return any(link.source.overlaps(word) for link in links)


def _trimmed(place: Span, target: str) -> Span | None:
    """The stretch without light words at its ends, which stand for clitics, and without a possessive."""
    found = list(_WORD.finditer(target, place.start, place.end))
    light = listed("links", "light")
    while found and found[0][0].lower() in light:
        found.pop(0)
    while found and found[-1][0].lower() in light:
        found.pop()
    if not found:
        return None
    return Span(found[0].start(), found[-1].start() + len(_POSSESSIVE.sub("", found[-1][0])))


def _is_partial(place: Span, links: Sequence[WordLink], target: str) -> bool:
    """Whether a capitalised word that nothing is linked with stands beside the stretch: it may belong to the same name."""
    if not place.of(target)[0].isupper():
        return False
    before = re.search(r"([^\W\d_][\w'’-]*) $", target[: place.start])
    after = re.match(r" ([^\W\d_][\w'’-]*)", target[place.end :])
    beside = [Span(*before.span(1))] if before else []
    beside += [Span(place.end + after.start(1), place.end + after.end(1))] if after else []
    return any(
        span.of(target)[0].isupper()
        and span.of(target).lower() not in listed("links", "light")
        and not any(link.target.overlaps(span) for link in links)
        for span in beside
    )


def _is_compound(told: str, entry: Entry) -> bool:
    """Whether a hyphenated word, no name, would give way as a whole to what stands for a part of it: "Hezbollah-backed"."""
    return "-" not in entry.english and " " not in told and _COMPOUND.search(told) is not None


def _is_other_word(match: Match, source: str, target: str) -> bool:
    """Whether the Arabic is the word that a form of an entry is elsewhere: the English has that ("happy" where "سعيد" is the name
    of a man), or no name stands beside it."""
    readings = _other_readings(match, source)
    if not readings:
        return False
    if _EVERYWHERE in readings or not _beside_a_name(match.span, source):
        return True
    return any(english_stem(word) in readings for word in _WORD.findall(target))


def _beside_a_name(span: Span, source: str) -> bool:
    """Whether the word before or after a stretch is usually a name: "كريم" in "كريم بنزيما"."""
    found = words(source)
    before = [word.key for word in found if word.end < span.start and source[word.end : span.start].isspace()]
    after = [word.key for word in found if word.start > span.end and source[span.end : word.start].isspace()]
    return any((known := lookup(form)) is not None and known.share >= _NAME for key in (*before, *after) for form in stems(key))


def _other_readings(match: Match, source: str) -> set[str]:
    """English stems of what the matched word is if it is not the entry. A phrase of several words is no other word."""
    found = tokens(match.span.of(source))
    if len(found) != 1 or not has_arabic(match.span.of(source)):
        return set()
    key, form = found[0].key, _form(found[0].key, match.entry)
    own, target = words(form)[0].key, match.entry.english.split()
    known, clitics = translations(own), proclitics(key, form)
    if own in listed("links", "light"):
        return {_EVERYWHERE}  # "علي" is Ali, but for every Ali there are a hundred "على" that newsrooms type so
    if clitics.endswith("ال") and key.endswith("يه") and match.entry.english[:1].isupper():
        return {_EVERYWHERE}  # "السورية" is an adjective where "سورية" is the country
    if clitics.removesuffix("ال") and any(
        strength >= _WHOLE and strength > 2 * known.get(english, 0.0) for english, strength in whole_translations(key).items()
    ):
        return {_EVERYWHERE}  # "وسام" is a medal, and hardly ever "and Sam"
    if not (match.entry.english[:1].isupper() and any(_sounds(own, word) for word in target)):
        return set()
    readings = {english for english, strength in known.items() if strength >= _READS and not _sounds(own, english)}
    readings -= {english_stem(word) for word in target}
    return {_EVERYWHERE} if readings and clitics.endswith(("ال", "لل")) else readings  # a man is "أمين", a secretary "الأمين"


def _sounds(key: str, word: str) -> bool:
    """Whether an English word is a folded Arabic one in Latin letters."""
    return alike(key, word) >= _SOUNDS or arabic_sounds(key) == latin_sounds(word) != ""


def _form(key: str, entry: Entry) -> str:
    """The form of an entry that a folded Arabic word is."""
    return next(term for term in entry.terms if len(found := tokens(term)) == 1 and found[0].key in stems(key))
