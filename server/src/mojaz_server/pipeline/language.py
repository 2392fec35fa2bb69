"""Is it Arabic? Told by letters, the article ال and small words; and is it the Arabic of the press or of the street?"""

import re
import unicodedata
from collections import Counter

from mojaz_server.errors import NotArabic
from mojaz_server.pipeline.normalize import blank, fold
from mojaz_server.pipeline.wordlists import words

_LETTERS = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a\u0671]")
_SCRIPT = re.compile("[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c7]")
_KEYBOARD = str.maketrans("یکھہۀۃ", "يكهههه")  # the same letters as other keyboards type them
_ARTICLE = re.compile("(?:[وف]?[بك]?ال|[وف]?لل).{2}")
_SIGNS = {  # letters that only this language has; the first that fits is named
    "Urdu": "ٹڈڑںےہھۓ",
    "Uighur": "ۇۈېۋ",
    "Kurdish": "ەێڵڕۆ",
    "Pashto": "ټډړږښګڼېۍ",
    "Persian": "پچژگکی",
}
_LIMIT = 100_000  # code points that are looked at: enough to tell
_LEAST_ARABIC = 0.3


def arabic_share(text: str) -> float:
    """Share of the letters that are letters of Arabic, 0 to 1; 0 if there are no letters."""
    text = unicodedata.normalize("NFKC", text)
    letters = sum(map(len, _LETTERS.findall(text)))
    return len(_ARABIC.findall(text)) / letters if letters else 0.0


def is_foreign(sentence: str) -> bool:
    """A sentence with letters, less than 30 % of them Arabic."""
    return _LETTERS.search(sentence) is not None and arabic_share(sentence) < _LEAST_ARABIC


def require_arabic(text: str, field: str) -> None:
    """Raise NotArabic, naming what the text seems to be, unless it is Arabic or has a good part of Arabic in it."""
    text = unicodedata.normalize("NFKC", blank(text[:_LIMIT]))
    found = "".join(_LETTERS.findall(text))
    if not found:
        raise NotArabic(field, "must be Arabic text; it has no letters")
    script = len(_SCRIPT.findall(found)) / len(found)
    if script < _LEAST_ARABIC:
        raise NotArabic(field, f"must be Arabic text; it seems to be in {_script(found)} script")
    if language := _other_language(text):
        raise NotArabic(field, f"must be Arabic text; it seems to be {language}")


def is_dialect(text: str) -> bool:
    """True if words of spoken Arabic are frequent: at least three different ones, and one word in thirty."""
    parts = _words(text[:_LIMIT])
    dialect = words("language", "dialect")
    spoken = [word for word in parts if word in dialect]
    return len(set(spoken)) >= 3 and len(spoken) * 30 >= len(parts)


def _other_language(text: str) -> str:
    """Name of the language of the Arabic script that a text seems to be in; empty if that is Arabic."""
    parts = _words(text)
    letters = _SCRIPT.findall(text)
    foreign = _ARABIC.sub("", "".join(letters))
    own = words("language", "arabic")
    arabic = sum(1 for word in parts if word in own or _ARTICLE.match(word)) / max(len(parts), 1)
    small = {name: _share(parts, name) for name in ("Persian", "Urdu", "Kurdish", "Uighur", "Pashto")}
    best = max(small, key=lambda name: small[name])
    # Names bring a few such letters into Arabic, and some newsrooms type ی and ک throughout: then the small words decide.
    few = len(foreign) < 0.02 * len(letters) or (len(letters) < 20 and len(foreign) < 2)
    if few and small[best] < max(0.08 if foreign else 0.15, arabic):
        return ""
    if arabic >= 0.12 and arabic > small[best] and len(foreign) < 0.3 * len(letters):
        return ""
    signs = {name: sum(letter in own for letter in foreign) for name, own in _SIGNS.items()}
    for name in ("Urdu", "Uighur", "Kurdish", "Pashto"):
        if signs[name] > 0.1 * len(foreign) and small[name] >= 0.5 * small[best]:
            return name
    return best if small[best] else "Persian or another language of the Arabic script"


def _share(parts: list[str], name: str) -> float:
    return sum(map(words("language", name.lower()).__contains__, parts)) / max(len(parts), 1)


def _words(text: str) -> list[str]:
    return _LETTERS.findall(fold(text.translate(_KEYBOARD)))


def _script(letters: str) -> str:
    commonest = Counter(letters[:2000]).most_common(1)[0][0]
    return unicodedata.name(commonest, "an unknown").split(" ")[0].capitalize()
