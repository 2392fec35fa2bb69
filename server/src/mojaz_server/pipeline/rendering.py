"""How the entries of a glossary stand in an English text: which are there, which are missed, and what the English has instead."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from mojaz_server.pipeline.glossary import Entry, Glossary, Match
from mojaz_server.pipeline.lexicon import english_stem, translations, whole_translations
from mojaz_server.pipeline.records import Span, WordLink
from mojaz_server.pipeline.sounds import alike
from mojaz_server.pipeline.terms import find_written, proclitics, stems, words
from mojaz_server.pipeline.wordlists import words as listed

_WORD = re.compile(r"[^\W\d_](?:[\w.'’-]*\w)?")
_POSSESSIVE = re.compile("['’]s?$")
_PARTED = re.compile(r"[,;:()\[\]\"“”«»]|\.\s")
_SOUNDS = 0.65  # from which a target is the Arabic word in Latin letters, and not its meaning
_READS = 0.05  # strength of a translation that counts as a reading of the word


def missed(source: str, target: str, glossary: Glossary) -> tuple[Match, ...]:
    """The entries in a raw Arabic text whose English is nowhere in `target`, those left out that are another word there."""
    return tuple(
        match
        for match in glossary.match(source)
        if not find_written(match.entry.english, target) and not _is_other_word(match, source, _low_words(target))
    )


def written(source: str, target: str, glossary: Glossary) -> tuple[tuple[Match, Span], ...]:
    """The entries in a raw Arabic text whose English is in `target`, with every place where it stands."""
    return tuple((match, span) for match in glossary.match(source) for span in find_written(match.entry.english, target))


def doubtful(source: str, target: str, glossary: Glossary) -> tuple[Match, ...]:
    """The entries that `target` has less often than the raw Arabic text."""
    matches = glossary.match(source)
    wanted = Counter(match.entry.english for match in matches)
    rare = {english for english, times in wanted.items() if len(find_written(english, target)) < times}
    return tuple(match for match in matches if match.entry.english in rare)


def rendering(match: Match, links: Sequence[WordLink], source: str, target: str) -> Span | None:
    """Where `target` has the words that stand for a matched entry; None if that is in doubt, if it is its English already, or if
    they show that the Arabic is another word here."""
    place = _linked(match, links, source, target)
    if place is None or _is_partial(place, links, target) or find_written(match.entry.english, place.of(target)):
        return None
    told = place.of(target)
    begins = not target[: place.start].strip()
    seen = _low_words(told.lower()) if told[0].islower() or begins else []
    return None if _is_other_word(match, source, seen) else place


def _linked(match: Match, links: Sequence[WordLink], source: str, target: str) -> Span | None:
    """The stretch of `target` that is linked with the matched words and with nothing else, without what Arabic glues to them."""
    own = [link for link in links if _touch(link.source, match.span)]
    others = [link.target for link in links if not _touch(link.source, match.span)]
    if not own or not all(_is_told(word, own) for word in _content(match.span, source)):
        return None
    place = _trimmed(Span(min(link.target.start for link in own), max(link.target.end for link in own)), target)
    if place is None or _PARTED.search(place.of(target)) or any(_touch(other, place) for other in others):
        return None
    return place


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and one.end > other.start


def _content(span: Span, source: str) -> Iterator[Span]:
    """The words of a stretch that do not only hold others together."""
    for word in words(span.of(source)):
        if word.key not in listed("links", "light"):
            yield Span(span.start + word.start, span.start + word.end)


def _is_told(word: Span, links: Sequence[WordLink]) -> bool:
    return any(_touch(link.source, word) for link in links)


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
        and not any(_touch(link.target, span) for link in links)
        for span in beside
    )


def _low_words(text: str) -> list[str]:
    """The words of an English text in small letters, and the first whatever its letters."""
    found = _WORD.findall(text)
    return [word.lower() for at, word in enumerate(found) if at == 0 or word[0].islower()]


def _is_other_word(match: Match, source: str, told: Sequence[str]) -> bool:
    """Whether the English has the word that a form of an entry is elsewhere: "happy" where "سعيد" is the name of a man."""
    found = words(match.span.of(source))
    if len(found) != 1:
        return False
    key, form = found[0].key, _form(found[0].key, match.entry)
    if words(form)[0].key in listed("links", "light"):
        return True  # "علي" is Ali, but for every Ali there are a hundred "على" that newsrooms type so
    if proclitics(key, form).endswith("ال") and key.endswith("يه") and match.entry.english[:1].isupper():
        return True  # "السورية" is an adjective where "سورية" is the country
    readings = _other_readings(key, form, match.entry)
    return any(english_stem(word) in readings for word in told)


def _form(key: str, entry: Entry) -> str:
    """The form of an entry that a folded Arabic word is."""
    forms = [form for form in (entry.source, *entry.forms) if len(words(form)) == 1]
    return next(form for form in forms if words(form)[0].key in stems(key))


def _other_readings(key: str, form: str, entry: Entry) -> set[str]:
    """English stems of what a folded Arabic word is if it is not the entry."""
    own = words(form)[0].key
    known = translations(own)
    readings = set[str]()
    if len(proclitics(key, form).removesuffix("ال")) > 0:
        readings |= {e for e, strength in whole_translations(key).items() if strength >= _READS and strength > known.get(e, 0.0)}
    target = entry.english.split()
    if entry.english[:1].isupper() and any(alike(own, word) >= _SOUNDS for word in target):
        readings |= {e for e, strength in known.items() if strength >= _READS and alike(own, e) < _SOUNDS}
    return readings - {english_stem(word) for word in target}
