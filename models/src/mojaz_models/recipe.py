"""Recipes: one TOML file is one reproducible model. Every key must be known; an error names the file and the key."""

import dataclasses
import tomllib
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mojaz_server.engine.bundle import Decoding

from mojaz_models.errors import RecipeError
from mojaz_models.spec import Shape
from mojaz_models.vocabulary import TAGS, TO_ENGLISH

SENTENCES = ("ar", "en")
"""Packed sets that hold sentences, not pairs."""


@dataclass(frozen=True, slots=True)
class Pack:
    """How the corpora become training sets (see packing.py). Counts are of pairs or sentences after cleaning."""

    seed: int = 8
    near: tuple[str, ...] = ()
    """Sets of the parallel corpus whose language is near the news."""
    far: tuple[str, ...] = ()
    """Sets that make up `far`; without them, all that are not near."""
    caps: dict[str, int] = field(default_factory=dict)
    """Most pairs taken of a set, because some repeat themselves; sets named *.short have `short_cap`."""
    short_cap: int = 2500
    headlines: int = 40_000
    arabic: int = 200_000
    arabic_caps: dict[str, int] = field(default_factory=dict)
    """Most sentences of each set of Arabic articles; a set that is not named here is not used."""
    english: int = 260_000
    english_caps: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    """Most rows of each glossary."""
    made: dict[str, int] = field(default_factory=dict)
    """Most pairs of each set that is made of news pairs; made/sets.py lists them."""
    persons: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """Glossaries whose names take the place of others in the sets `renamed` and `named`."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The SentencePiece model: `model` (a file, relative to the recipe) if given, else trained on the packed sets in `data`."""

    size: int
    data: tuple[str, ...] = ("news", "terms")
    model: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """Start from word statistics (lexical.py): pairs for the translation table, English text for the neighbourhoods."""

    pairs: tuple[str, ...]
    english: tuple[str, ...]
    mix: float = 0.75
    """Share of the statistics in a vector; the rest is noise."""


@dataclass(frozen=True, slots=True)
class Optimizer:
    """Muon for the matrices inside the network, AdamW for embeddings and vectors. `warm` is in steps."""

    momentum: float = 0.95
    weight_decay: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.98
    warm: int = 100
    clip: float = 1.0
    smoothing: float = 0.1


@dataclass(frozen=True, slots=True)
class Data:
    """A training set: a packed set, as a phase sees it."""

    pack: str
    weight: float = 1.0
    """Passes over it in one epoch."""
    noise: float = 0.0
    """Share of its Arabic sentences that get the orthographic noise of newsrooms (noise.py)."""
    most_words: int = 0
    """Longest Arabic sentence, in words; 0 is no limit."""
    tags: tuple[str, ...] = ()
    """Pieces put before every source beside the recipe's `tag`, such as >>bt<< before what a model wrote."""
    masked: float = 0.0
    """For a set of sentences, not of pairs: share of their words that is hidden from the source (text infilling)."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the training, `share` of its length. `tokens` is (source + target) / 2 of a batch, in pieces."""

    name: str
    share: float
    tokens: int
    rate: float
    data: tuple[str, ...]
    cool: bool = False
    """Whether the learning rate falls linearly to a hundredth of `rate` over the phase."""


@dataclass(frozen=True, slots=True)
class Averaging:
    """The released weights: the mean of every `every`-th step of the last `last` of the last phase, if it cools."""

    last: float = 0.25
    every: int = 10


@dataclass(frozen=True, slots=True)
class Watch:
    """What happens while it trains. Times in seconds; the development loss is taken on every `dev_every`-th pair of `dev`."""

    dev: str = "news_dev"
    dev_every: int = 6
    report_s: float = 120
    checkpoint_s: float = 600


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole recipe. Its length is `minutes`, from reading to the last step, or `pieces` read, (source + target) / 2: the
    former ends on time and makes another model on another machine, the latter makes the same steps everywhere."""

    name: str
    version: str
    licence: str
    description: str
    vocabulary: Vocabulary
    network: Shape
    data: dict[str, Data]
    phase: tuple[Phase, ...]
    corpora: tuple[str, ...]
    """Corpora (corpora.toml) that it trains on; their `use` must be train."""
    minutes: float = 0
    pieces: int = 0
    threads: int = 0
    """Threads of PyTorch; 0 is all processors."""
    seed: int = 1
    dropout: float = 0.0
    english_only: bool = True
    """Whether the softmax leaves out pieces with Arabic letters."""
    tag: str = TO_ENGLISH
    """The piece before every source: what the network is asked for."""
    reverse: bool = False
    """Whether it learns the other way, from the second column of its pairs to the first: English to Arabic."""
    initial: str = ""
    """Weights to begin with, of the same shape and vocabulary (relative to the recipe); without them, `start` or chance."""
    toy: bool = False
    """Whether it may be tried on toy corpora (toy.py) when none are given."""
    start: Start | None = None
    pack: Pack = Pack()
    optimizer: Optimizer = Optimizer()
    averaging: Averaging = Averaging()
    watch: Watch = Watch()
    decoding: Decoding = field(default_factory=Decoding)


def load(path: Path) -> Recipe:
    """Read a recipe. Raises RecipeError that names the file and the key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf8"))
    except OSError as error:
        raise RecipeError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: {error}") from error
    recipe: Recipe = strict(Recipe, values, str(path))
    _check(recipe, path)
    return recipe


def _check(recipe: Recipe, path: Path) -> None:
    total = sum(phase.share for phase in recipe.phase)
    if abs(total - 1) > 1e-6:
        raise RecipeError(f"{path}: phase.share: the shares make {total:g}, not 1")
    if (recipe.minutes > 0) == (recipe.pieces > 0):
        raise RecipeError(f"{path}: minutes: give either minutes or pieces")
    for at, phase in enumerate(recipe.phase):
        for name in phase.data:
            if name not in recipe.data:
                raise RecipeError(f"{path}: phase[{at}].data: there is no data.{name}")
    tags = {"tag": (recipe.tag,), **{f"data.{name}.tags": data.tags for name, data in recipe.data.items()}}
    for key, found in tags.items():
        for tag in found:
            if tag not in TAGS:
                raise RecipeError(f"{path}: {key}: {tag!r} is no tag of the vocabulary; those are {', '.join(TAGS)}")
    for name, data in recipe.data.items():
        if (data.masked > 0) != (data.pack in SENTENCES) or data.masked >= 1:
            raise RecipeError(
                f"{path}: data.{name}.masked: above 0 and below 1 for sentences ({', '.join(SENTENCES)}), 0 for pairs"
            )
    if recipe.reverse and recipe.english_only:
        raise RecipeError(f"{path}: english_only: a network that writes Arabic (reverse = true) needs all pieces")
    shape = recipe.network
    if shape.width % shape.heads or shape.width % 2:
        raise RecipeError(f"{path}: network.width: {shape.width} is no even multiple of {shape.heads} heads")


def strict(kind: Any, value: Any, place: str, key: str = "") -> Any:
    """`value` of a TOML file as a dataclass, tuple, dict or plain value of type `kind`.

    Raises RecipeError that names `place` (the file) and the key."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _table(kind, value, place, key)
    if origin is types.UnionType:  # X | None: a table that may be left out
        return strict(arguments[0], value, place, key)
    if origin is tuple and isinstance(value, list):
        return tuple(strict(arguments[0], v, place, f"{key}[{i}]") for i, v in enumerate(value))
    if origin is dict and isinstance(value, dict):
        return {k: strict(arguments[1], v, place, f"{key}.{k}") for k, v in value.items()}
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if origin is None and type(value) is kind:
        return value
    raise RecipeError(f"{place}: {key}: {value!r} is not {_words(kind)}")


def _table(kind: Any, value: Any, place: str, key: str) -> Any:
    if not isinstance(value, dict):
        raise RecipeError(f"{place}: {key}: {value!r} is not a table")
    hints, found = typing.get_type_hints(kind), {f.name: f for f in dataclasses.fields(kind)}
    prefix = f"{key}." if key else ""
    for name in value:
        if name not in found:
            raise RecipeError(f"{place}: {prefix}{name}: unknown key; known are {', '.join(sorted(found))}")
    for name, member in found.items():
        optional = member.default is not dataclasses.MISSING or member.default_factory is not dataclasses.MISSING
        if name not in value and not optional:
            raise RecipeError(f"{place}: {prefix}{name}: missing")
    return kind(**{name: strict(hints[name], v, place, prefix + name) for name, v in value.items()})


def _words(kind: Any) -> str:
    known = {str: "a string", int: "an integer", float: "a number", bool: "true or false"}
    return known.get(kind) or ("a table" if typing.get_origin(kind) is dict else "a list")
