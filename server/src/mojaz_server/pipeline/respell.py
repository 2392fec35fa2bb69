"""Spells a name alike in all sentences of a digest, and as news does where the model did not know it.

A name that the table of spellings knows is written in one of its spellings, one that it does not know as most sentences have it.
Where neither says clearly which is right nothing is changed: check/consistency.py flags it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mojaz_server.pipeline.check.equivalents import ENGLISH_WORD
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.lexicon import english_stem, english_stems, translations
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.pair import Paired, rewritten
from mojaz_server.pipeline.records import Calibration, Correction
from mojaz_server.pipeline.romanize import by_letter, lookup
from mojaz_server.pipeline.spelled import Use, differ, spelled
from mojaz_server.pipeline.step import step
from mojaz_server.pipeline.terms import stems, words

MOST = 400
"""Sentences that are looked at."""
_SEEN = 5  # times that news must have had a name
_SHARE = 0.4  # of a word's uses in which it is a name
_USUAL = 0.5  # of a name's spellings that are the usual one, if none of the digest's is known
_MEANT = 0.1  # strength in the lexicon from which a word is a translation
_SURELY_ALIKE = 0.75
_CLEARER = 0.1  # how much more a spelling must sound like the Arabic than one that is as frequent


@step
def respell(made: Sequence[Paired], options: TranslateOptions, calibration: Calibration | None) -> tuple[Paired, ...]:
    """The translations of one article with their names spelled alike. What the glossary has stays as it is."""
    found = corrections([(each.pair.source, each.pair.target) for each in made], options.glossary)
    return tuple(
        replace(rewritten(each, corrected(each.pair.target, own), options, calibration), respelled=own) if own else each
        for each, own in zip(made, found, strict=True)
    )


def corrections(pairs: Sequence[tuple[str, str]], glossary: Glossary) -> list[tuple[Correction, ...]]:
    """For each (Arabic, English) of one digest the names to be written otherwise, in the order of the English. The first MOST
    pairs are looked at; what the glossary has stays."""
    found: list[list[Correction]] = [[] for _ in pairs]
    uses: defaultdict[str, list[Use]] = defaultdict(list)
    for number, (source, target) in enumerate(pairs[:MOST]):
        fixed = [match.span for match in glossary.match(source)]
        for use in spelled(number, source, target):
            if not any(use.source.overlaps(span) for span in fixed):
                uses[use.key].append(use)
    for every in uses.values():
        for use, right in _wrong(every):
            if not _is_meant(use, *pairs[use.sentence]):
                found[use.sentence].append(Correction(use.source, use.target, use.spelling, right))
    return [tuple(sorted(each, key=lambda correction: correction.target)) for each in found]


def corrected(target: str, found: Iterable[Correction]) -> str:
    """The English with its names as they should be."""
    for correction in sorted(found, key=lambda each: -each.target.start):
        target = target[: correction.target.start] + correction.right + target[correction.target.end :]
    return target


def _wrong(uses: Sequence[Use]) -> list[tuple[Use, str]]:
    """The uses of one name that are to be written otherwise, and how."""
    known = lookup(uses[0].key)
    votes = Counter(use.spelling for use in uses)
    if known is None or known.seen < _SEEN or known.share < _SHARE:
        return _outvoted(uses, votes)
    written = {spelling.text.lower(): spelling.probability for spelling in known.written}
    good = [spelling for spelling in votes if spelling.lower() in written]
    if not good:
        usual = known.written[0]
        return [(use, usual.text) for use in uses if usual.probability >= _USUAL and differ(use.spelling, usual.text)]
    right = max(good, key=lambda spelling: (votes[spelling], written[spelling.lower()]))
    people = {use.after for use in uses if use.spelling == right}
    return [
        (use, right)
        for use in uses
        if differ(use.spelling, right)
        and (use.spelling not in good or (votes[use.spelling] < votes[right] and _same_person(use, people)))
    ]


def _same_person(use: Use, people: set[str]) -> bool:
    """Whether a name may be that of one of the people: Mohammed bin Salman and Mohamed Salah are two."""
    return use.after in people or not use.after or "" in people


def _outvoted(uses: Sequence[Use], votes: Counter[str]) -> list[tuple[Use, str]]:
    """The uses of a name of which news knows little that are spelled in another way than most, or less like the Arabic."""
    if len(votes) < 2:
        return []
    like = {use.spelling: use.likeness for use in uses}
    probable = {spelling.text.lower(): spelling.probability for spelling in by_letter(uses[0].key)}
    right = max(votes, key=lambda spelling: (votes[spelling], like[spelling], probable.get(spelling.lower(), 0.0)))
    return [
        (use, right)
        for use in uses
        if differ(use.spelling, right)
        and like[right] >= like[use.spelling]
        and (votes[use.spelling] < votes[right] or like[use.spelling] + _CLEARER <= like[right])
    ]


def _is_meant(use: Use, source: str, target: str) -> bool:
    """Whether the English may well be meant as it stands: it translates a word of the Arabic, or is an English word or known name
    that does not sound much like this one, or this one has its translation elsewhere ("Syrian" for سوريا)."""
    here, stem = words(source), english_stem(use.spelling)
    if any(translations(word.key).get(stem, 0.0) > 0.0 for word in here):
        return True
    if stem in english_stems() and use.likeness < _SURELY_ALIKE:
        return True
    rest = target[: use.target.start] + target[use.target.end :]
    meanings = translations(use.key)
    told = sum(meanings.get(english_stem(word), 0.0) >= _MEANT for word in ENGLISH_WORD.findall(rest))
    return told >= sum(use.key in stems(word.key) for word in here)
