"""The embedded model, through the real server: floors below which a release must not fall. Scores stand in the model's card."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from mojaz_client import Client, Confidence, Digest
from serving import serving

ROOT = Path(__file__).parent.parent.parent
CASES = [line.split("\t") for line in (ROOT / "tests/cases/quality/news.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
LEAST_WORDS_FOUND = 0.9
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(scope="module")
def embedded() -> Iterator[Client]:
    """A client of a server on the model that the repository ships."""
    with serving("--model", str(ROOT / "models/bundles/mojaz-ar-en")) as server, Client(server.address) as client:
        yield client


@pytest.fixture(scope="module")
def digest(embedded: Client, article: str) -> Digest:
    return embedded.digest(article, lines=5, full_translation=True)


def test_the_words_that_matter_are_in_the_english(embedded: Client) -> None:
    translations = embedded.translate([arabic for arabic, _ in CASES], segments=True)
    found = wanted = 0
    for (_, words), translation in zip(CASES, translations, strict=True):
        english = f" {re.sub(r'[^a-z0-9-]+', ' ', translation.target.lower())} "
        for forms in words.split("|"):
            wanted += 1
            found += any(f" {form} " in english for form in forms.split("/"))
    assert found / wanted >= LEAST_WORDS_FOUND, f"{found} of {wanted}"


def test_english_is_english(digest: Digest) -> None:
    pairs = [pair for paragraph in digest.paragraphs for pair in paragraph.pairs]
    for pair in pairs:
        assert not re.search("[\u0600-\u06ff\ufffd]", pair.target)
        assert pair.withheld or re.search("[a-z]", pair.target)
    assert sum(pair.withheld for pair in pairs) <= 1


def test_a_figure_that_is_not_in_the_english_is_flagged(digest: Digest) -> None:
    pairs = [pair for paragraph in digest.paragraphs for pair in paragraph.pairs]
    figures = [(pair, figure) for pair in pairs for figure in FIGURE.findall(pair.source)]
    assert figures
    for pair, figure in figures:
        kept = re.sub(r"\D", "", figure) in re.sub(r"\D", "", pair.target)
        flagged = any(figure in check.message for check in pair.checks)
        assert kept or flagged or pair.withheld, (figure, pair.target)


def test_the_digest_says_what_the_article_is_about(digest: Digest) -> None:
    english = " ".join(line.pair.target for line in digest.lines).lower()
    for word in ("dam", "water", "project", "compensation"):
        assert re.search(rf"\b{word}", english), (word, english)


def test_confidence_tells_plain_news_from_strange_words(embedded: Client) -> None:
    plain, strange = "قال وزير الخارجية إن المحادثات ستستأنف غدا.", "تشقلب الدعسوق المفلطح على صهوة الخيتعور فاستبرق."
    (good,), (bad,) = (translation.pairs for translation in embedded.translate([plain, strange]))
    assert good.confidence is Confidence.HIGH
    assert bad.confidence is Confidence.LOW
