"""Which sets are made of the news pairs, and how many pairs of each: other figures, names, words; sentences joined or read again.

Every maker changes both sides in the same way, or gives up on a pair in which it cannot tell what belongs to what."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from mojaz_models.errors import RecipeError
from mojaz_models.made.amounts import amounts
from mojaz_models.made.figures import Months, figures
from mojaz_models.made.named import Pools, name, nameable
from mojaz_models.made.negated import Negated
from mojaz_models.made.phrases import phrases
from mojaz_models.made.placed import exchange, quotable, quote, rename, switch
from mojaz_models.made.places import NAMES, Pair, Terms
from mojaz_models.made.rare import rare
from mojaz_models.made.replaced import Replaced
from mojaz_models.text import LATIN, words

Maker = Callable[[Pair, random.Random], Pair | None]
Row = tuple[str, str, str]
"""Arabic, English, class."""

MAKERS = (
    "figures", "months", "renamed", "switched", "joined",
    "rare", "phrases", "named", "quoted", "exchanged", "replaced", "amounts", "negated",
)  # fmt: skip
LONGEST_JOINED = 70
"""Arabic words of joined sentences at most."""
_OFTEN = {"amounts": 3}
"""How many pairs of such a set may be made of the same pair, where few pairs have what it changes."""
_HEADED = re.compile(r"(?:and|of|in|to|for|by|with|from|that) ")
_TAG = re.compile(r">>|<<|</?[A-Za-z][^<>]*>|[\t\n]")


def sets(
    pairs: Sequence[Pair],
    most: Mapping[str, int],
    known: Sequence[Row],
    spare: Mapping[str, Sequence[Pair]],
    rng: random.Random,
    tell: Callable[[str], None] = print,
) -> Iterator[tuple[str, list[Pair]]]:
    """(name, pairs) of each set that `most` names, with at most so many pairs. `known` are terms, `spare` further names by class;
    `tell` learns how many pairs were refused. Raises RecipeError for an empty class of names."""
    for kind, number in most.items():
        if kind == "joined":
            made = list(joined(pairs, number, rng))
        elif kind == "rare":
            made = rare(pairs, number)
        elif kind == "phrases":
            made = list(phrases(pairs, number))
        else:
            made = make(pairs, _maker(kind, pairs, known, spare), number, rng, _OFTEN.get(kind, 1))
        kept = [pair for pair in made if not any(map(_TAG.search, pair))]
        if len(kept) < len(made):
            tell(f"{kind}: {len(made) - len(kept):,} pairs refused, with a tag or a tab inside")
        yield kind, kept


def _maker(kind: str, pairs: Sequence[Pair], known: Sequence[Row], spare: Mapping[str, Sequence[Pair]]) -> Maker:
    """The maker of a set, with the tables that it needs."""
    plain = [row for row in known if not _HEADED.match(row[1])]
    terms = Terms.of([row for row in plain if not row[1].startswith("the ")], spare)
    for sort in NAMES:
        if kind == "renamed" and not terms.names[sort]:
            raise RecipeError(f"pack.made.renamed: there is no name of the class {sort}")
    makers: dict[str, Callable[[], Maker]] = {
        "figures": lambda: figures,
        "amounts": lambda: amounts,
        "months": Months,
        "negated": partial(Negated, pairs),
        "replaced": partial(Replaced, pairs),
        "renamed": lambda: partial(rename, terms=terms),
        "switched": lambda: partial(switch, terms=terms),
        "exchanged": lambda: partial(exchange, terms=terms),
        "quoted": lambda: partial(quote, terms=quotable(plain)),
        "named": lambda: partial(name, terms=nameable(plain), pools=Pools.of(pairs, plain, spare)),
    }
    return makers[kind]()


def make(pairs: Sequence[Pair], maker: Maker, most: int, rng: random.Random, often: int = 1) -> list[Pair]:
    """At most `most` pairs that `maker` makes of `pairs`, at most `often` of the same pair."""
    made: list[Pair] = []
    for _ in range(often):
        order = list(range(len(pairs)))
        rng.shuffle(order)
        for at in order:
            if len(made) == most:
                return made
            if (pair := maker(pairs[at], rng)) is not None:
                made.append(pair)
    return made


def joined(pairs: Sequence[Pair], most: int, rng: random.Random) -> Iterator[Pair]:
    """Two or three sentences as one, up to LONGEST_JOINED words: long sources are rarer in references than in the news."""
    for _ in range(most):
        first, *more = rng.sample(pairs, rng.choice((2, 2, 3)))
        arabic, english = first
        for a, e in more:
            if words(arabic) + words(a) <= LONGEST_JOINED:
                arabic, english = f"{arabic} {a}", f"{english} {e}"
        if LATIN.search(english):
            yield arabic, english
