"""Digests and translations as Markdown for editors' documents; Arabic paragraphs carry their direction."""

import html
import re
from collections.abc import Iterable, Sequence

from mojaz_client.cli.bidi import one_line
from mojaz_client.cli.page import new_facts, of_duplicate, other_value, remarks
from mojaz_client.records import Check, Digest, Duplicate, SentencePair, Translation

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_BLOCK = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])")


def digest_markdown(digest: Digest, duplicates: Sequence[Duplicate] = ()) -> str:
    """One digest, headline first, and the articles that repeat the digested one."""
    headline = digest.headline
    parts = [f"# {_escape(headline.target) or '(withheld)'}", _arabic(headline.source), *_flags(headline.checks)]
    origin = " · ".join(_escape(part) for part in (digest.source, digest.byline, digest.article_id) if part)
    if origin:
        parts.append(f"*{origin}*")
    for number, line in enumerate(digest.lines, 1):
        parts += [f"## {number} ({remarks(line)})", *_pair(line.pair)]
    if digest.paragraphs:
        parts.append("## Full translation")
        parts += [part for paragraph in digest.paragraphs for pair in paragraph.pairs for part in _pair(pair)]
    if digest.facts:
        rows = ["| Line | Kind | Arabic | English | Value |", "|---|---|---|---|---|"]
        rows += [
            f"| {fact.line_index + 1} | {fact.kind} | "
            + " | ".join(map(_escape, (fact.source, fact.target, other_value(fact))))
            + " |"
            for fact in digest.facts
        ]
        parts += ["## Key facts", "\n".join(rows)]
    if digest.notes:
        parts += ["## Notes", "\n".join(f"- {_escape(note.message)}" for note in digest.notes)]
    if duplicates:
        parts.append(f"## Duplicates ({len(duplicates)})")
        parts += [part for duplicate in duplicates for part in _duplicate(duplicate)]
    parts.append(f"*{_escape(digest.model)}, {digest.timing.total_ms / 1000:.1f} s*")
    return "\n\n".join(parts) + "\n"


def translation_markdown(translation: Translation) -> str:
    """One translation, sentence by sentence, the Arabic above its English."""
    parts = [part for pair in translation.pairs for part in _pair(pair)]
    parts += [f"- {_escape(note)}" for note in translation.notes]
    return "\n\n".join(parts) + "\n"


def _duplicate(duplicate: Duplicate) -> list[str]:
    parts = [f"**{_escape(of_duplicate(duplicate))}**"]
    for addition in duplicate.additions:
        facts = new_facts(addition)
        parts += [_arabic(addition.source), *([_escape(facts)] if facts else [])]
    return parts


def _pair(pair: SentencePair) -> list[str]:
    target = "*(withheld: the English was garbage)*" if pair.withheld else _escape(pair.target)
    return [_arabic(pair.source), target, *_flags(pair.checks)]


def _flags(checks: Iterable[Check]) -> list[str]:
    return [f"⚠ *{_escape(check.message)}*" for check in checks]


def _arabic(text: str) -> str:
    return f'<p dir="rtl" lang="ar">{html.escape(one_line(text), quote=False)}</p>'


def _escape(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", one_line(text))
    return _BLOCK.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", escaped)
