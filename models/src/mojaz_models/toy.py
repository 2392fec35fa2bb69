"""Toy corpora in the form of the real ones, from templates: a recipe can be tried from data to bundle without any corpus."""

import hashlib
import json
import lzma
import random
from pathlib import Path

from mojaz_models.corpora import REGISTER

_WHO = {
    "الرئيس": "the president", "وزير الخارجية": "the foreign minister", "رئيس الوزراء": "the prime minister",
    "المتحدث باسم الجيش": "the army spokesman", "وزير المالية": "the finance minister",
    "رئيس البرلمان": "the speaker of parliament",
    "السفير": "the ambassador", "مدير المستشفى": "the hospital director",
}  # fmt: skip
_DID = {
    "أعلن": "announced", "أكد": "confirmed", "نفى": "denied", "ناقش": "discussed", "رفض": "rejected", "انتقد": "criticised",
}  # fmt: skip
_WHAT = {
    "الاتفاق الجديد": "the new agreement", "وقف إطلاق النار": "the ceasefire", "قرار المحكمة": "the court's decision",
    "خطة الحكومة": "the government's plan", "نتائج الانتخابات": "the election results", "زيادة الأسعار": "the price increase",
    "إغلاق الحدود": "the closure of the border", "مشروع القانون": "the bill",
}  # fmt: skip
_WHEN = {
    "يوم الاثنين": "on Monday", "يوم الثلاثاء": "on Tuesday", "يوم الجمعة": "on Friday", "مساء الأحد": "on Sunday evening",
    "في كانون الثاني": "in January", "في أيلول": "in September", "في تموز": "in July",
}  # fmt: skip
_WHERE = {
    "في بيروت": "in Beirut", "في دمشق": "in Damascus", "في القاهرة": "in Cairo", "في عمان": "in Amman", "في بغداد": "in Baghdad",
    "في الرباط": "in Rabat",
}  # fmt: skip
_COUNTS = {"قتيلا": "dead", "جريحا": "wounded", "معتقلا": "detained", "نائبا": "lawmakers present"}
_LICENCE = "Apache-2.0 (written by a program)"


def generate(folder: Path, pairs: int = 6000, seed: int = 1) -> Path:
    """Write toy corpora, development sets and their register into `folder`, the same for the same seed. Returns `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    found = list(dict.fromkeys(_sentence(rng) for _ in range(pairs * 2)))[: pairs + 80]
    dev, train = found[:80], found[80:]
    terms = [(a, e) for table in (_WHO, _WHAT, _WHEN, _WHERE) for a, e in table.items()]
    cities = [(a.removeprefix("في "), e.removeprefix("in ")) for a, e in _WHERE.items()]
    files = {
        "news_references.tsv.xz": [f"toy\t{a}\t{e}" for a, e in train],
        "news_terms.tsv.xz": [f"{a}\t{e}\tTERM" for a, e in terms] + [f"{a}\t{e}\tLOC" for a, e in cities],
        "news_en.tsv.xz": [f"toy\t{e}" for _, e in train],
        "articles_ar.jsonl.xz": [json.dumps(_article(train[i : i + 4]), ensure_ascii=False) for i in range(0, len(train), 4)],
        "news_dev.tsv": [f"{a}\t{e}" for a, e in dev],
    }
    for name, lines in files.items():
        body = "".join(line + "\n" for line in lines).encode()
        (folder / name).write_bytes(lzma.compress(body) if name.endswith(".xz") else body)
    (folder / REGISTER).write_text(_register(folder, files), encoding="utf8")
    return folder


def _sentence(rng: random.Random) -> tuple[str, str]:
    who, did, what, when, where = (rng.choice(list(table.items())) for table in (_WHO, _DID, _WHAT, _WHEN, _WHERE))
    if rng.random() < 0.3:
        count, kind = rng.randint(11, 99), rng.choice(list(_COUNTS.items()))
        return f"{did[0]} {who[0]} سقوط {count} {kind[0]} {where[0]}.", f"{_upper(who[1])} {did[1]} {count} {kind[1]} {where[1]}."
    return f"{did[0]} {who[0]} {what[0]} {where[0]} {when[0]}.", f"{_upper(who[1])} {did[1]} {what[1]} {where[1]} {when[1]}."


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _article(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {"set": "toy", "title": pairs[0][0].rstrip("."), "text": " ".join(a for a, _ in pairs)}


def _register(folder: Path, files: dict[str, list[str]]) -> str:
    columns = {
        "news_references": "columns = 3\narabic = 2\nenglish = 3",
        "news_terms": "columns = 3\narabic = 1\nenglish = 2",
        "news_en": "columns = 2\nenglish = 2",
        "articles_ar": 'form = "jsonl"',
        "news_dev": "columns = 2\narabic = 1\nenglish = 2",
    }
    entries = []
    for file in files:
        name, digest = file.split(".")[0], hashlib.sha256((folder / file).read_bytes()).hexdigest()
        use = "dev" if name == "news_dev" else "train"
        head = f'[[corpus]]\nid = "{name}"\nfile = "{file}"\nuse = "{use}"\nlicence = "{_LICENCE}"\nsha256 = "{digest}"\n'
        entries.append(head + columns[name] + "\n")
    return "\n".join(entries)
