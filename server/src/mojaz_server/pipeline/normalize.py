"""Text as it is read: `normalize` as the model sees it, `blank` as the splitter sees it, `fold` as words are compared."""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

MARKS = "\u064b-\u0652\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"  # diacritics, tatweel, direction, zero width
_MARKS = re.compile(f"[{MARKS}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ASCII = (
    {a: str(i % 10) for i, a in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
    | {"٪": "%", "٫": ".", "٬": ",", "’": "'", "‘": "'", "–": "-", "—": "-", "…": "...", "\xa0": " "}
    | dict.fromkeys("«»“”„‟", '"')
)
_NOT_ASCII = re.compile(
    f"[{''.join(_ASCII)}]"
)  # searched for: str.translate looks up every letter, which takes five times as long
_FOLDED = tuple(zip("أإآٱىةؤئ", "اااايهوي", strict=True))
_LOOSE = re.compile("[\u0653-\u0655]")  # hamza or madda that stands loose

_CONTROL = re.compile(
    "\r\n|[\r\u2028\u2029\x85\x0b\x0c]|[\x00-\x08\x0e-\x1f\x7f-\x9f\t\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_MARKUP = re.compile(
    r"<!--|</?(?P<tag>[A-Za-z][A-Za-z0-9:-]*)(?:[\s/][^<>]*)?>|<[!?][^<>]*>|&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
)
_BLOCKS = re.compile(
    "address|article|aside|blockquote|br|d[dlt]|div|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table"
    "|t[dhr]|ul"
)
_HIDDEN = {tag: re.compile(rf"</{tag}[^<>]*>", re.I) for tag in ("script", "style")}


def normalize(text: str) -> str:
    """NFKC without diacritics, tatweel and direction marks; ASCII digits and quotes; single spaces. Idempotent.

    The model is trained on text of this form. Lone surrogates, which cannot be encoded, become U+FFFD.
    """
    text = _once(_SURROGATE.sub("\ufffd", text))
    # A mark that went may have kept two letters from composing: a second pass composes them, after which nothing changes.
    while not unicodedata.is_normalized("NFKC", text):
        text = _once(text)
    return text


def _once(text: str) -> str:
    text = _NOT_ASCII.sub(lambda found: _ASCII[found[0]], _MARKS.sub("", unicodedata.normalize("NFKC", text)))
    return " ".join(text.split())


def fold(text: str) -> str:
    """Normalized text without the differences that newsrooms type at random: hamzas, ى/ي, ة/ه. For comparing only."""
    folded = normalize(text)
    for letter, plain in _FOLDED:
        folded = folded.replace(letter, plain)
    return (
        normalize(_LOOSE.sub("", folded)) if _LOOSE.search(folded) else folded
    )  # what goes may have kept letters from composing


def blank(text: str) -> str:
    """A copy of exactly the same length in which all that is not to be read is blank, so that its offsets are those of `text`.

    Tags, comments, scripts, control, direction and zero-width characters become spaces; tags of blocks and all kinds of line
    break become a line feed and spaces; an HTML entity becomes its character and spaces.
    """
    return _CONTROL.sub(_control, _replaced(text, padded=True))


def readable(text: str) -> str:
    """`normalize` of what a reader of the text sees: without markup and control characters, entities resolved."""
    return normalize(_CONTROL.sub(_shown, _replaced(text, padded=False)))


def _control(match: re.Match[str]) -> str:
    if len(match[0]) == 2:
        return " \n"
    return "\n" if match[0] in "\r\u2028\u2029\x85\x0b\x0c" else " "


def _shown(match: re.Match[str]) -> str:
    # Direction and zero-width marks stand inside words; all other control characters part them.
    return "" if match[0] in "\xad\u061c" or (match[0] >= "\u200b" and match[0] not in "\u2028\u2029") else " "


def _replaced(text: str, *, padded: bool) -> str:
    if "<" not in text and "&" not in text:
        return text
    out, at = [], 0
    for start, end, character in _markup(text):
        out += [text[at:start], character.ljust(end - start) if padded else character]
        at = end
    return "".join([*out, text[at:]])


def _markup(text: str) -> Iterator[tuple[int, int, str]]:
    """Each piece of markup as (start, end, what a reader sees of it)."""
    at = 0
    unclosed: set[str] = set()  # what was looked for in vain once is not looked for again: linear time
    while match := _MARKUP.search(text, at):
        at = match.end()
        tag = (match["tag"] or "").lower()
        if match[0].startswith("&"):
            character = unescape(match[0])
            if character == match[0]:
                continue  # no such entity
            yield match.start(), at, character if len(character) == 1 and not character.isspace() else " "
            continue
        if match[0] == "<!--":
            end = -1 if "<!--" in unclosed else text.find("-->", at)
            if end < 0:
                unclosed.add("<!--")
            else:
                at = end + 3
        elif tag in _HIDDEN and match[0][1] != "/" and tag not in unclosed:
            if close := _HIDDEN[tag].search(text, at):
                at = close.end()
            else:
                unclosed.add(tag)
        yield match.start(), at, "\n" if _BLOCKS.fullmatch(tag) else ""
