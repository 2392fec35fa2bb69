"""A sentence that is too long for the model, divided at the boundaries of its clauses; nothing is dropped."""

import math
import re
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from mojaz_server.pipeline.normalize import fold
from mojaz_server.pipeline.wordlists import words

_VERB = re.compile("و(?:[اأ]?ق[او]ل|ي|ت|س|[اأ]ك|[اأ]ض|[اأ]ش|[اأ]ع|[اأ]ف|ذكر|نقل|كان|لم|لن|قد|هو|هي)")
_CLOSE = "\"')]"


def divide(text: str, count: Callable[[str], int], limit: int) -> tuple[str, ...]:
    """Parts of a normalized sentence, each at most `limit` pieces by `count`, about equally long.

    A text that fits is returned whole. The parts joined by spaces are the text, but for spaces where a single word was cut.
    A single character over the limit is left as it is.
    """
    if count(text) <= limit:
        return (text,)
    tokens = [part for word in text.split() for part in _characters(word, count, limit)]
    costs = [count(token) for token in tokens]
    # Pieces of words do not always add up to those of the text (joining may cost): parts that still do not fit are cut again.
    parts = _parts(tokens, costs, limit)
    return tuple(fitting for part in parts for fitting in _fitted(part, count, limit))


def _fitted(part: str, count: Callable[[str], int], limit: int) -> tuple[str, ...]:
    tokens = part.split()
    if len(tokens) < 2 or (size := count(part)) <= limit:
        return (part,)
    costs = [count(token) for token in tokens]
    tighter = min(limit * sum(costs) // max(size, 1), sum(costs) - 1)
    return tuple(fitting for smaller in _parts(tokens, costs, max(tighter, 1)) for fitting in _fitted(smaller, count, limit))


def _characters(word: str, count: Callable[[str], int], limit: int) -> list[str]:
    """A word over the limit, halved until its parts fit."""
    if len(word) < 2 or count(word) <= limit:
        return [word]
    middle = len(word) // 2
    return _characters(word[:middle], count, limit) + _characters(word[middle:], count, limit)


def _parts(tokens: Sequence[str], costs: Sequence[int], limit: int) -> list[str]:
    """Greedy from the left: each cut is the best boundary near an equal share of what is left."""
    sums = [0, *accumulate(costs)]
    weakness = _weaknesses(tokens)
    parts, start = [], 0
    while start < len(tokens):
        left = sums[-1] - sums[start]
        shares = math.ceil(left / limit)
        end = len(tokens) if shares <= 1 else _cut(start, sums, weakness, limit, left / shares)
        parts.append(" ".join(tokens[start:end]))
        start = end
    return parts


def _cut(start: int, sums: Sequence[int], weakness: Sequence[float], limit: int, share: float) -> int:
    best, lowest = start + 1, math.inf
    for end in range(start + 1, len(sums) - 1):
        size = sums[end] - sums[start]
        if size > limit:
            break
        deviation = (size - share) / share
        loss = weakness[end] + 2.0 * deviation * deviation
        if end - start < 3 or len(sums) - 1 - end < 3:
            loss += 3.0  # a part of one or two words cannot be translated well
        if sums[-1] - sums[end] > limit * max(math.ceil((sums[-1] - sums[start]) / limit) - 1, 1):
            loss += 1.0  # one part more would be needed
        if loss < lowest:
            best, lowest = end, loss
    return best


def _weaknesses(tokens: Sequence[str]) -> list[float]:
    """For each token how bad a cut before it is: 0 at a full stop, 1 between any two words, more inside quotes or after في."""
    found, quoted, depth = [1.0], False, 0
    for before, after in pairwise(tokens):
        quoted ^= before.count('"') % 2 == 1
        depth = max(depth + before.count("(") - before.count(")"), 0)
        found.append(_weakness(before, after) + (0.35 if quoted or depth else 0.0))
    return [*found, 1.0]


def _weakness(before: str, after: str) -> float:
    bare, head = before.rstrip(_CLOSE), fold(after.lstrip("\"'(["))
    for stops, weakness in ((".!?؟", 0.0), ("؛;", 0.05), (":", 0.1 if after.startswith('"') else 0.2), ("،,-", 0.2)):
        if bare and bare[-1] in stops:
            return weakness
    light = 0.6 if fold(bare) in words("clauses", "light") else 0.0
    if head in words("clauses", "heads"):
        return 0.4 + light
    if _VERB.match(head):
        return 0.45 + light
    if head in words("clauses", "relatives"):
        return 0.6 + light
    return (0.75 if head.startswith("و") else 1.0) + light
