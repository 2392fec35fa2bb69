"""Streams: each answer finds its item, whatever the order; and outcomes come back into order in bounded memory."""

import itertools
import random
import threading
from collections.abc import Iterable, Iterator

import pytest
from mojaz.v1 import digest_pb2, error_pb2, translation_pb2
from mojaz_client import Article, Client, NotArabic, TranslationOutcome, UnexpectedAnswer
from mojaz_client._calls import digest_batch, digest_options, read_digest, require_digest, translate_options, translation_batch
from mojaz_client.cli.order import AHEAD, in_order


def test_answers_find_their_items_in_any_order() -> None:
    batch = digest_batch(digest_options(lines=2))
    articles = [Article(f"نص {i}") for i in range(5)]
    requests = [batch.send(article) for article in articles]
    random.Random(1).shuffle(requests)
    for waiting, request in zip(range(4, -1, -1), requests, strict=True):
        assert isinstance(request, digest_pb2.DigestArticlesRequest)
        digest = digest_pb2.Digest(article_id=request.article.body)
        outcome = batch.receive(digest_pb2.DigestArticlesResponse(request_id=request.request_id, digest=digest))
        assert outcome.digest
        assert outcome.article is articles[outcome.index]
        assert outcome.digest.article_id == outcome.article.body
        assert batch.waiting == waiting
    batch.finish()


def test_item_that_cannot_be_sent_fails_alone() -> None:
    batch = translation_batch(translate_options())
    outcome = batch.send("\ud800")
    assert isinstance(outcome, TranslationOutcome)
    assert (outcome.index, outcome.translation, batch.waiting) == (0, None, 0)
    assert outcome.error and outcome.error.field == "text"
    request = batch.send("نص")
    assert isinstance(request, translation_pb2.TranslateStreamRequest)
    assert request.request_id == "1"


def test_errors_of_items_are_exceptions_of_the_tree() -> None:
    batch = translation_batch(translate_options())
    batch.send("text")
    error = error_pb2.Error(reason=error_pb2.ERROR_REASON_NOT_ARABIC, message="not Arabic", field="text")
    outcome = batch.receive(translation_pb2.TranslateStreamResponse(request_id="0", error=error))
    assert isinstance(outcome.error, NotArabic)


def test_answers_against_the_contract_are_noticed() -> None:
    batch = translation_batch(translate_options())
    batch.send("نص")
    with pytest.raises(UnexpectedAnswer, match="1 items"):
        batch.finish()
    with pytest.raises(UnexpectedAnswer, match="'9'"):
        batch.receive(translation_pb2.TranslateStreamResponse(request_id="9"))
    assert isinstance(batch.receive(translation_pb2.TranslateStreamResponse(request_id="0")).error, UnexpectedAnswer)
    with pytest.raises(UnexpectedAnswer):
        read_digest(digest_pb2.DigestArticleResponse())
    with pytest.raises(UnexpectedAnswer):
        require_digest(None)


def test_closed_client_says_so() -> None:
    client = Client("127.0.0.1:1")
    client.close()
    with pytest.raises(ValueError, match="closed"):
        client.info()


def shuffled(texts: Iterable[str]) -> Iterator[TranslationOutcome]:
    """Finishes 64 at a time, in a random order."""
    chance = random.Random(7)
    numbered = enumerate(texts)
    while block := [TranslationOutcome(i, text) for i, text in itertools.islice(numbered, 64)]:
        chance.shuffle(block)
        yield from block


def test_outcomes_are_put_in_order() -> None:
    texts = [str(i) for i in range(1000)]
    assert [outcome.text for outcome in in_order(texts, shuffled)] == texts
    assert list(in_order([], shuffled)) == []


def test_one_slow_item_stops_the_reading() -> None:
    """With the first outcome held back, no more than AHEAD items are read."""
    pulled = itertools.count()
    taken: list[str] = []
    first_may_finish = threading.Event()

    def work(texts: Iterable[str]) -> Iterator[TranslationOutcome]:
        results: list[TranslationOutcome] = []

        def pull() -> None:
            for i, text in enumerate(texts):
                results.append(TranslationOutcome(i, text))

        reader = threading.Thread(target=pull, daemon=True)
        reader.start()
        reader.join(0.5)
        assert reader.is_alive()
        assert len(results) == AHEAD
        yield from results[1:]
        first_may_finish.set()
        yield results[0]

    results = in_order((str(next(pulled)) for _ in range(10_000)), work)
    for outcome in itertools.islice(results, AHEAD):
        taken.append(outcome.text)
    assert first_may_finish.is_set()
    assert taken == [str(i) for i in range(AHEAD)]
    results.close()  # type: ignore[attr-defined]
