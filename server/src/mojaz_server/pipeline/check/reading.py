"""Reads the figures of a sentence, Arabic or English: digits and number words with their thousands and millions."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from mojaz_server.pipeline.check.compose import Join, Piece, compose
from mojaz_server.pipeline.check.figures import DIGITS, NUMBER, Figure, readings
from mojaz_server.pipeline.remembered import remembered
from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.terms import fold, stems, words

_ENGLISH_PIECE = re.compile(f"(?P<number>{NUMBER.pattern})|(?P<word>[A-Za-z]+)")
_ARABIC_NEXT = re.compile(r"\s*(?:ال\u0640*)?\s*")
_ARABIC_ALSO = re.compile(r"\s*و\u0640?\s*")
_ENGLISH_NEXT = re.compile(r"[\s-]*|\s+a\s+")
_ENGLISH_ALSO = re.compile(r",?[\s-]+(?:and|&)[\s-]+(?:an?\s+)?|,\s+")
# "الاثنين" is Monday and "الأحد" Sunday; "في المئة" is per cent.
_ARTICLE_KEEPS_OUT = {"اثنين", "احد", "مئه", "مائه", "ميه", "ميئه"}
_DECADE = re.compile("(.{3,}ين)(?:ي?ات|ي|يه)")
_PLURALS = {fold(word) for word in ("آلاف", "ملايين", "مليارات", "بلايين", "تريليونات")}
_SUFFIX = {"k", "m", "mn", "b", "bn", "trn", "tn"}  # scales only right after digits


@cache
def _lexicon(language: str) -> dict[str, tuple[str, str]]:
    """Number words of a language: key -> (kind, value)."""
    found: dict[str, tuple[str, str]] = {}
    for row_language, kind, value, forms in rows("number_words.tsv"):
        if row_language == language:
            for form in forms.split():
                key = fold(form)
                found.setdefault(key, ("scales" if key in _PLURALS else kind, value))
    return found


@remembered
def arabic_figures(text: str) -> tuple[Figure, ...]:
    """The figures of a raw Arabic text, in order; offsets are those of `text`."""
    plain = text.translate(DIGITS)
    return tuple(compose(_arabic_pieces(plain), plain))


@remembered
def english_figures(text: str) -> tuple[Figure, ...]:
    """The figures of an English text, in order."""
    plain = text.translate(DIGITS)
    return tuple(compose(_english_pieces(plain), plain))


def _arabic_pieces(plain: str) -> Iterator[Piece]:
    found = [(m.start(), m.end(), "digits", readings(m[0])[0][0], False) for m in NUMBER.finditer(plain)]
    for word in words(plain):
        known = _arabic_word(word.key)
        if known is not None:
            found.append((word.start, word.end, *known))
    end = -1
    for start, stop, kind, value, also in sorted(found):
        gap = plain[end:start] if end >= 0 else "."
        blank = _ARABIC_NEXT.fullmatch(gap) is not None
        yield Piece(
            start, stop, kind, value, Join(blank and not also, (blank and also) or _ARABIC_ALSO.fullmatch(gap) is not None)
        )
        end = stop


@lru_cache(maxsize=1 << 14)
def _arabic_word(key: str) -> tuple[str, str, bool] | None:
    """(kind, value, whether it begins with the conjunction و) of a number word, or None."""
    lexicon = _lexicon("ar")
    decade = _DECADE.fullmatch(key)
    if decade and (known := _arabic_word(decade[1])):  # "الخمسينيات"
        return "ordinal", known[1], known[2]
    for stem in (*stems(key), *_short(key)):
        if stem in lexicon:
            prefix = key[: len(key) - len(stem)]
            if prefix.endswith(("ال", "لل")) and stem in _ARTICLE_KEEPS_OUT:
                return None
            return (*lexicon[stem], prefix.startswith("و"))
    return None


def _short(key: str) -> tuple[str, ...]:
    """Stems too short for `stems`: "بست" and "الست" are six; "لست" is "I am not"."""
    if key.startswith("ال"):
        return (key[2:],)
    return (key[1:],) if key[0] in "وفبلك" and key != "لست" else ()


def _english_pieces(plain: str) -> Iterator[Piece]:
    lexicon, end, after_digits = _lexicon("en"), -1, False
    for match in _ENGLISH_PIECE.finditer(plain):
        word = match[0].lower()
        if match.lastgroup == "word" and word not in lexicon:
            continue
        gap = plain[end : match.start()] if end >= 0 else "."
        following = _ENGLISH_NEXT.fullmatch(gap) is not None
        if match.lastgroup == "number":
            yield Piece(match.start(), match.end(), "digits", readings(match[0])[0][0], Join(following, False))
            end, after_digits = match.end(), True
        elif word not in _SUFFIX or (after_digits and len(gap) <= (len(word) > 1)):
            yield Piece(match.start(), match.end(), *lexicon[word], Join(following, _ENGLISH_ALSO.fullmatch(gap) is not None))
            end, after_digits = match.end(), False
