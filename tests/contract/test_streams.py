"""Many articles over one stream: every one answered once, in any order, errors beside digests."""

from collections.abc import Iterator

from mojaz_client import Article, AsyncClient, Client, FieldMissing

BODY = "قال وزير الخارجية إن المحادثات ستستأنف يوم الاثنين. وأضاف أن الوفد غادر العاصمة."


def test_a_bad_article_does_not_end_the_stream(client: Client) -> None:
    articles = [Article(body=BODY if i % 3 else "", id=str(i)) for i in range(30)]
    outcomes = list(client.digest_many(articles, lines=1))
    assert sorted(outcome.index for outcome in outcomes) == list(range(30))
    for outcome in outcomes:
        if outcome.index % 3:
            assert outcome.error is None and outcome.digest is not None
            assert outcome.digest.article_id == str(outcome.index)
        else:
            assert outcome.digest is None and isinstance(outcome.error, FieldMissing)


def test_the_source_is_read_as_answers_come_not_ahead(client: Client) -> None:
    read = 0

    def articles() -> Iterator[Article]:
        nonlocal read
        for i in range(500):
            read = i + 1
            yield Article(body=BODY)

    answers = client.digest_many(articles(), lines=1)
    next(answers)
    assert read < 200, "the client must not read a whole archive before the first answer is taken"
    assert 1 + sum(1 for _ in answers) == 500


async def test_async_and_sync_answer_alike(server: object, client: Client) -> None:
    address = server.address  # type: ignore[attr-defined]
    async with AsyncClient(address) as other:
        one, two = await other.digest(BODY), client.digest(BODY)
        assert one.headline.source == two.headline.source
        assert [(line.rank, line.pair.span) for line in one.lines] == [(line.rank, line.pair.span) for line in two.lines]
        outcomes = [outcome async for outcome in other.digest_many([Article(body=BODY)] * 3)]
        assert sorted(outcome.index for outcome in outcomes) == [0, 1, 2]


async def test_streams_that_are_given_up_halfway_harm_nobody(server: object, article: str) -> None:
    async with AsyncClient(server.address) as client:  # type: ignore[attr-defined]
        for _ in range(20):
            parts = client.stream_digest(Article(body=article), full_translation=True)
            await anext(parts)
            await parts.aclose()  # type: ignore[attr-defined]
            outcomes = client.digest_many([Article(body=article)] * 5)
            await anext(outcomes)
            await outcomes.aclose()  # type: ignore[attr-defined]
        assert (await client.digest(BODY)).lines
