"""A headline out of one sentence by leaving out phrases: its words are words of the sentence, in their order.

What may be left out is fixed by rules (see `cuts`), so that no phrase comes to stand beside another that it does not belong to;
which of the headlines that are left reads most like one is told by data/headline.json, fitted by mojaz_models.headlines.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, pairwise

from mojaz_server.pipeline.normalize import readable
from mojaz_server.pipeline.phrases import Kind, Phrase, Word, is_definite, is_indefinite, is_verb, phrases, preposition, takes
from mojaz_server.pipeline.salience import known, stem
from mojaz_server.pipeline.wordlists import words

LEAST, MOST = 6, 20  # words of a headline
_LEAST_WHOLE = 3  # words of a headline that is the sentence to its end
_LEAST_LAST = {Kind.THAT: 4, Kind.RELATIVE: 4, Kind.VERB: 2, Kind.COMMA: 2, Kind.AND: 3, Kind.CLAUSE: 3}
"""Words of the phrase that a headline ends on: less of a clause says nothing."""
_CUTS = 150  # headlines that are compared
_STEPS = 1500  # phrases that are tried: a sentence of very many short phrases has no end of ways through it
_WANTED = ("عن", "علي", "الي")
_OF_SUBJECT = (Kind.FIRST, Kind.PREPOSITION, Kind.TIME, Kind.BRACKET)
_COMPLEMENTS = ("عن", "علي", "الي", "من", "ب")
_LONGEST_ASIDE = 16  # words between two commas that may be left out
_LEAST_GOVERNED = 0.15  # share of a noun's uses before "that" from which a "that" after it is its own
_LONGEST_SPEAKER = 9
_DATELINE = 6  # words before the dash after which a report begins

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Cut:
    """A headline to be: the words `kept`, in order; `speaker` of them are who says the rest (0: nobody); `intro` words left out
    before it; `holes` are the kinds of the phrases left out inside it, `rest` the first phrase left out after it."""

    kept: tuple[int, ...]
    speaker: int
    intro: int
    holes: tuple[Kind, ...]
    last: Phrase
    rest: Phrase | None


def cuts(sentence: Sequence[Word]) -> Iterator[Cut]:
    """The headlines that a sentence allows, of LEAST to MOST words."""
    start = _dateline(sentence)
    for at in dict.fromkeys((start, _after_opening(sentence, start))):
        body = sentence[at:]
        parts = phrases(body)
        for cut in _Walk(body, parts).cuts():
            kept = tuple(at + i for i in cut.kept)
            yield Cut(kept, cut.speaker, at - start, cut.holes, cut.last, cut.rest)


def _dateline(sentence: Sequence[Word]) -> int:
    """Where the report begins after "city (agency) - "."""
    for i, word in enumerate(sentence[:_DATELINE]):
        if i and word.text in ("-", "–", "—", "ـ"):
            told = any(is_verb(before.bare) or preposition(before.bare) for before in sentence[:i])
            again = any(other.text == word.text for other in sentence[i + 1 : i + 25])
            return 0 if told or again or i + 1 == len(sentence) else i + 1
    return 0


def _after_opening(sentence: Sequence[Word], start: int) -> int:
    """Where the main clause begins after an opening such as "in a statement," or "after years of war,"; `start` if none."""
    parts = phrases(sentence[start:])
    if len(parts) < 2 or not _is_opening(sentence, start):
        return start
    for part in parts[1:]:
        if part.after_comma:
            head = sentence[start + part.start].bare
            return start + part.start if is_verb(head) and not head.startswith(("و", "ف")) else start
    return start


def _is_opening(sentence: Sequence[Word], start: int) -> bool:
    bare, two = sentence[start].bare, " ".join(word.bare for word in sentence[start : start + 2])
    if not words("headline", "conditions").isdisjoint((bare, two)):
        return False
    return bool(preposition(bare)) or bare in words("headline", "days") or bare in words("clauses", "heads")


class _Walk:
    """All ways through the phrases of a sentence: keep the next one, stop, or leave some out and go on where that is safe."""

    def __init__(self, sentence: Sequence[Word], parts: Sequence[Phrase]) -> None:
        self._sentence, self._parts, self._steps = sentence, parts, 0
        self._that = next((i for i, part in enumerate(parts) if part.kind is Kind.THAT), len(parts))
        clause = next((i for i, part in enumerate(parts) if part.kind in (Kind.RELATIVE, Kind.AND)), len(parts))
        self._owed = self._that if self._that < clause else 0  # the phrase without which the main clause is not whole
        self._object = self._after_subject()

    def _after_subject(self) -> int:
        """The phrase after the first or second comma if it is what the verb wants, an object or its preposition; else 0."""
        for at in [i for i, part in enumerate(self._parts) if part.after_comma][:2]:
            part = self._parts[at]
            if any(before.kind not in _OF_SUBJECT for before in self._parts[:at]):
                return 0
            wanted = part.kind is Kind.PREPOSITION and preposition(self._sentence[part.start].bare) in _COMPLEMENTS
            if wanted or (self._is_aside(part) and part.kind is Kind.COMMA):
                return at
        return 0

    def cuts(self) -> Iterator[Cut]:
        if self._parts:
            yield from islice(self._from((0,)), _CUTS)

    def _from(self, path: tuple[int, ...]) -> Iterator[Cut]:
        last = path[-1]
        after = last + 1
        size = sum(self._parts[i].end - self._parts[i].start for i in path)
        self._steps += 1
        if size > MOST + 4 or self._steps > _STEPS:
            return
        if after == len(self._parts) or self._may_stop(path):
            yield from self._shaped(path)
        for following in range(after, min(after + 8, len(self._parts))):
            if (following == after and self._parts[after].kind is not Kind.TIME) or self._may_go_on(last, following):
                yield from self._from((*path, following))
            if self._parts[following].bound:
                break

    def _may_stop(self, path: Sequence[int]) -> bool:
        last = self._parts[path[-1]]
        if last.end - last.start < _LEAST_LAST.get(last.kind, 1) or is_verb(self._sentence[last.end - 1].bare):
            return False
        return not (self._is_owed(path) or self._is_limited(path[-1] + 1) or self._goes_on(path))

    def _is_owed(self, path: Sequence[int]) -> bool:
        """Whether the main clause still wants its "that", its object or its predicate."""
        following = self._parts[path[-1] + 1]
        if following.kind in (Kind.THAT, Kind.VERB) or path[-1] < max(self._owed, self._object):
            return True
        if following.kind in (Kind.TIME, Kind.BRACKET, Kind.REST) and not (len(path) > 1 and self._whole_after(path[-1])):
            return True
        kept = [self._parts[i] for i in path]
        beyond = next((part for part in self._parts[path[-1] + 1 :] if part.kind not in (Kind.TIME, Kind.BRACKET)), following)
        if self._has_object(beyond) and not any(map(self._has_object, kept)):
            return True
        ahead = self._parts[path[-1] + 1 : path[-1] + 4]
        wanted = self._completes(following) or any(part.after_comma and self._completes(part) for part in ahead)
        return (
            wanted and not any(map(self._completes, kept)) and all(part.kind in _OF_SUBJECT or part.after_comma for part in kept)
        )

    def _completes(self, part: Phrase) -> bool:
        """Whether a phrase has a preposition that verbs want: the first one of a clause is taken to be the verb's."""
        return part.kind is Kind.PREPOSITION and preposition(self._sentence[part.start].bare) in _WANTED

    def _has_object(self, part: Phrase) -> bool:
        """Whether in a phrase something indefinite follows something definite: the two do not belong together."""
        pairs = pairwise(word.bare for word in self._sentence[part.start : part.end])
        return any(is_definite(before) and is_indefinite(after) for before, after in pairs)

    def _goes_on(self, path: Sequence[int]) -> bool:
        """Whether after the last comma that is kept something stands that a second comma closes, with the sentence beyond it."""
        opens = next((self._parts[i] for i in reversed(path) if self._parts[i].after_comma), None)
        closes = next((part for part in self._parts[path[-1] + 1 :] if part.after_comma), None)
        if opens is None or closes is None:
            return False
        if opens.kind is Kind.PREPOSITION:
            return closes.kind is Kind.COMMA and self._is_aside(closes)
        return self._is_aside(opens) and closes.kind in (Kind.PREPOSITION, Kind.COMMA, Kind.REST)

    def _is_limited(self, start: int) -> bool:
        """Whether in the same clause, from phrase `start` on, something limits what is said before."""
        for part in self._parts[start:]:
            if part.bound:
                return True
            if part.kind in (Kind.AND, Kind.CLAUSE, Kind.COMMA, Kind.RELATIVE):
                return False
        return False

    def _is_aside(self, part: Phrase) -> bool:
        """Whether a phrase after a comma names again what stands before it: no verb or participle that goes on."""
        bare = self._sentence[part.start].bare
        tells = is_verb(bare) or bare.startswith(("و", "ف")) or (bare.endswith(("ا", "ين")) and not bare.startswith("ال"))
        return part.after_comma and (part.kind is Kind.RELATIVE or (part.kind is Kind.COMMA and not tells))

    def _whole_after(self, last: int) -> bool:
        """Whether after a note of time or bracket the sentence does not go on with what the verb wants."""
        beyond = next((part for part in self._parts[last + 1 :] if part.kind not in (Kind.TIME, Kind.BRACKET)), None)
        return beyond is None or (beyond.kind is not Kind.REST and beyond.kind not in (Kind.THAT, Kind.VERB) and not beyond.bound)

    def _may_go_on(self, last: int, following: int) -> bool:
        """Whether what stands between two phrases may be left out with neither meaning something else beside the other."""
        left, beyond = self._parts[last + 1 : following], self._parts[following]
        if beyond.kind in (Kind.TIME, Kind.BRACKET):
            return False
        kinds = {part.kind for part in left}
        if kinds <= {Kind.TIME, Kind.BRACKET}:
            return not self._is_news(left)
        # Nothing but "that" is known to go on with the main verb: after an aside a preposition or a noun may belong to either.
        reported = following == self._that and self._speaks(self._parts[0]) and self._is_reported()
        return reported and self._may_leave(left) and not self._is_told_of(left[0])

    def _may_leave(self, left: Sequence[Phrase]) -> bool:
        """Whether phrases are an aside or say where and when: no clause of their own, nothing that limits, not too long."""
        kinds = {part.kind for part in left}
        if kinds & {Kind.THAT, Kind.AND, Kind.CLAUSE, Kind.VERB} or any(part.bound or self._speaks(part) for part in left):
            return False
        if left[-1].end - left[0].start > _LONGEST_ASIDE:
            return False
        return all(not part.after_comma or part.kind is Kind.TIME or self._is_aside(part) for part in left[1:])

    def _is_reported(self) -> bool:
        """Whether the first "that" follows the verb of the main clause, not a noun such as "need" or "hope"."""
        at = self._parts[self._that].start
        word, before = self._sentence[at], self._sentence[at - 1]
        if before.stops or self._that_is_in(at):
            return True
        return stem(before.bare) not in _wanting() and takes(before.bare, word.bare) < _LEAST_GOVERNED

    def _is_told_of(self, part: Phrase) -> bool:
        """Whether a phrase is itself what is told: "announced the opening of", "about"."""
        return self._sentence[part.start].bare.startswith(("بال", "لل")) or self._sentence[part.start].bare == "عن"

    def _is_news(self, left: Sequence[Phrase]) -> bool:
        return any(self._sentence[i].bare in words("headline", "future") for part in left for i in range(part.start, part.end))

    def _speaks(self, part: Phrase) -> bool:
        return any(self._sentence[i].bare.lstrip("و") in words("headline", "speech") for i in range(part.start, part.end))

    def _shaped(self, path: Sequence[int]) -> Iterator[Cut]:
        """The cut of a path as it stands and, if it reports what somebody says, as "speaker: what"."""
        kept = tuple(i for part in path for i in range(self._parts[part].start, self._parts[part].end))
        holes = tuple(self._parts[i].kind for i in range(path[-1]) if i not in path)
        after = path[-1] + 1
        rest = self._parts[after] if after < len(self._parts) else None
        if not self._told(kept) or self._opens_quote(kept):
            return
        if (LEAST if rest else _LEAST_WHOLE) <= len(kept) <= MOST:
            yield Cut(kept, 0, 0, holes, self._parts[path[-1]], rest)
        if self._that in path and self._sentence[0].bare in words("headline", "speech") and self._is_reported():
            at = self._parts[self._that].start
            speaker = [i for i in kept if 0 < i < at]
            said = self._said(at, kept)
            if any(self._sentence[i].bare in words("headline", "speech") for i in speaker):
                return  # who says it is told of in a clause of their own
            if speaker and preposition(self._sentence[speaker[0]].bare):
                return
            if said and speaker and len(speaker) <= _LONGEST_SPEAKER and LEAST + 1 <= len(speaker) + len(said) <= MOST:
                yield Cut((*speaker, *said), len(speaker), 0, holes, self._parts[path[-1]], rest)

    def _said(self, at: int, kept: Sequence[int]) -> list[int]:
        """What is said, without "that" at word `at`; nothing if the words would not be right without it."""
        first = at + 1 if preposition(self._sentence[at].bare) == "ان" else at + 2
        if first >= len(self._sentence):
            return []
        if self._is_accusative(first):
            first = first - 1 if self._that_is_in(first - 1) else len(self._sentence)
        return [i for i in kept if i >= first]

    def _is_accusative(self, i: int) -> bool:
        """Whether a word shows by its ending that it stands after "that"."""
        bare = self._sentence[i].bare
        if bare.startswith(("ال", "هذا")) and not bare.endswith("ين"):
            return False
        return bare.endswith(("ين", "ا")) and not bare.endswith(("ما", "ها", "نا")) and not is_verb(bare)

    def _that_is_in(self, i: int) -> bool:
        return "إ" in self._sentence[i].text

    def _told(self, kept: Sequence[int]) -> bool:
        """Whether there is a verb, if the sentence has one: after "that" or, without it, anywhere."""
        start = self._parts[self._that].start if self._that < len(self._parts) else -1
        start = start if start in kept else -1
        return _predicates(self._sentence, (i for i in kept if i > start)) or not _predicates(
            self._sentence, range(start + 1, len(self._sentence))
        )

    def _opens_quote(self, kept: Sequence[int]) -> bool:
        """Whether a quotation begins that does not end, or the other way round."""
        return sum(readable(self._sentence[i].text).count('"') for i in kept) % 2 == 1


@cache
def _wanting() -> frozenset[str]:
    return frozenset(stem(word) for word in words("headline", "wanting"))


def _predicates(sentence: Sequence[Word], places: Iterable[int]) -> bool:
    return any(is_verb(sentence[i].bare) or sentence[i].bare in words("headline", "predicates") for i in places)


class Reader:
    """What of a sentence and its article the features of its cuts are made of."""

    def __init__(self, sentence: Sequence[Word], context: Sequence[str]) -> None:
        """`context`: stems of the sentences that follow."""
        self.sentence = sentence
        stopwords = words("salience", "stopwords")
        self._stems = [stem(w.bare) if len(w.bare) > 1 and w.bare not in stopwords else "" for w in sentence]
        later = set(context)
        self._worth = [known(s)[1] if s else 0.0 for s in self._stems]
        self._again = [float(s in later) if s else 0.0 for s in self._stems]
        self._rare = [known(s)[0] if s else 0.0 for s in self._stems]
        self._all = max(sum(self._rare), 1e-9), max(sum(self._again), 1e-9)

    def features(self, cut: Cut) -> Features:
        """The features of a cut by name."""
        kept, sentence = cut.kept, self.sentence
        size, content = len(kept), max(sum(bool(self._stems[i]) for i in kept), 1)
        last = sentence[kept[-1]].bare
        lead = sentence[kept[0] if cut.speaker == 0 else kept[0] - 1].bare
        ends = cut.rest.kind.value if cut.rest else "end"
        following = kept[-1] + 1
        found = {
            f"size {size}": 1.0,
            "size": size / 10,
            f"cut {ends}": 1.0,
            f"last {cut.last.kind.value}": 1.0,
            f"last {cut.last.kind.value}, cut {ends}": 1.0,
            f"last size {min(cut.last.end - cut.last.start, 5)}": 1.0,
            "worth": sum(self._worth[i] for i in kept) / content,
            "worth in all": sum(self._worth[i] for i in kept) / 5,
            "again": sum(self._again[i] for i in kept) / content,
            "again of all": sum(self._again[i] for i in kept) / self._all[1],
            "rare": sum(self._rare[i] for i in kept) / content,
            "rare of all": sum(self._rare[i] for i in kept) / self._all[0],
            "stop words": 1 - content / size,
            "numbers": min(sum(any(c.isdigit() for c in sentence[i].bare) for i in kept), 2),
            "quotes": float(any('"' in sentence[i].text or "«" in sentence[i].text for i in kept)),
            "commas": float(sum(sentence[i].stops for i in kept[:-1])),
        }
        if cut.rest:
            comma = sentence[kept[-1]].stops
            found["cut comma"] = float(comma)
            if not comma:
                found["cut takes"] = takes(last, sentence[following].bare) if following < len(sentence) else 0.0
                found[f"cut {preposition(sentence[following].bare) if following < len(sentence) else ''}"] = 1.0
            found[f"{lead} cut {ends}"] = 1.0
        found[f"{lead} said" if cut.speaker else f"{lead} kept"] = 1.0
        if cut.speaker:
            found["speaker"] = 1.0
            found[f"speaker {cut.speaker}"] = 1.0
        elif lead in words("headline", "speech"):
            found["reports"] = 1.0
        if cut.intro:
            found["intro"] = 1.0
        for kind in cut.holes:
            found[f"hole {kind.value}"] = found.get(f"hole {kind.value}", 0.0) + 1.0
        return found


@cache
def weights() -> dict[str, float]:
    """The weights of features by name, from data/headline.json."""
    text = files("mojaz_server.pipeline").joinpath("data", "headline.json").read_text("utf-8")
    return {name: float(weight) for name, weight in json.loads(text)["weights"].items()}


def compress(sentence: Sequence[Word], context: Sequence[str]) -> Cut | None:
    """The cut that reads most like a headline; None if the sentence allows none."""
    reader, known = Reader(sentence, context), weights()
    found = [(sum(known.get(name, 0.0) * x for name, x in reader.features(cut).items()), cut) for cut in cuts(sentence)]
    return max(found, key=lambda pair: pair[0], default=(0.0, None))[1]


def text_of(sentence: Sequence[Word], cut: Cut) -> str:
    """The headline of a cut: its words with a colon after the speaker, without the commas of what was left out."""
    shown = [sentence[i].text for i in cut.kept]
    open_comma = False
    for n, (i, after) in enumerate(zip(cut.kept, (*cut.kept[1:], -1), strict=True)):
        if after != i + 1 and not open_comma:
            shown[n] = shown[n].rstrip("،,؛;:")
        open_comma ^= shown[n].endswith("،")
    if cut.speaker:
        shown[cut.speaker - 1] = shown[cut.speaker - 1].rstrip("،,؛;:") + ":"
    return " ".join(shown).rstrip(" .،؛:,;-")
