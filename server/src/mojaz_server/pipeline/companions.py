"""Which sentences make sense only together: one that begins with "he added" or a pronoun needs the one before it, a quotation
that runs over several sentences all of them."""

from collections.abc import Sequence
from itertools import pairwise

from mojaz_server.pipeline.normalize import fold
from mojaz_server.pipeline.records import Paragraph
from mojaz_server.pipeline.split import quotations
from mojaz_server.pipeline.wordlists import words

_SOON = 7  # words from the head in which "he said on Monday that" comes to its "that"


def leans(text: str) -> bool:
    """Whether a readable sentence begins with a pronoun, or with a verb of saying whose speaker is not named in it."""
    parts = fold(text).replace(",", " ").replace("،", " ").split()
    if not parts:
        return False
    head = parts[0].strip(':"«“')
    if head in words("salience", "pronouns"):
        return True
    if head not in words("salience", "continuing"):
        return False
    if parts[0].endswith(":") or len(parts) == 1:
        return True
    following = parts[1].lstrip(":")
    if following[:1] in {"", '"', "«", "“"} or following in words("salience", "that"):
        return True
    return following in words("salience", "adverbs") and any(part in words("salience", "that") for part in parts[2:_SOON])


def runs(paragraph: Paragraph) -> list[int]:
    """For each sentence of a paragraph the first one of the quotation that it shares with others; its own place if none."""
    start = paragraph.span.start
    text = [" "] * (paragraph.span.end - start)
    for sentence in paragraph.sentences:
        text[sentence.span.start - start : sentence.span.end - start] = sentence.text
    quoted = quotations("".join(text))
    found = list(range(len(paragraph.sentences)))
    for i, (before, after) in enumerate(pairwise(paragraph.sentences), start=1):
        if any(q.start < before.span.end - start and after.span.start - start < q.end for q in quoted):
            found[i] = found[i - 1]
    return found


def companions(texts: Sequence[str], runs_of: Sequence[int]) -> list[frozenset[int]]:
    """For each sentence those that must stand with it, itself included; `runs_of` are the same for sentences of one quotation."""
    members: dict[int, set[int]] = {}
    for place, run in enumerate(runs_of):
        members.setdefault(run, set()).add(place)
    found: list[frozenset[int]] = []
    for place, run in enumerate(runs_of):
        together = members[run] | {place}
        before = min(together) - 1
        if before >= 0 and leans(texts[before + 1]):
            together |= found[before]
        found.append(frozenset(together))
    return found
