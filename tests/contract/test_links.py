"""Word links through the services: only if they are asked for, and with offsets of the texts as they were sent."""

import asyncio

from mojaz_client import AsyncClient, Client, Digest, Segment, WordLink

PAIR = Segment("أعلنت الحكومة السورية أن 115 شخصا قتلوا.", "The Syrian government said 115 people were killed.")


def spelled(source: str, target: str, links: tuple[WordLink, ...]) -> list[tuple[str, str]]:
    found = [(link.source_span.of(source), link.target_span.of(target)) for link in links]
    assert all(word and not any(map(str.isspace, word)) for pair in found for word in pair)
    return found


def test_links_are_there_only_if_asked_for(client: Client, article: str) -> None:
    plain = client.digest(article, full_translation=True)
    assert not plain.headline.links
    assert not any(pair.links for paragraph in plain.paragraphs for pair in paragraph.pairs)
    assert client.translate([PAIR.source])[0].pairs[0].links == ()
    assert client.check([PAIR])[0].links == ()


def test_the_links_of_a_checked_pair(client: Client) -> None:
    first, second = client.check([PAIR, Segment("2024", "2024")], links=True)
    found = spelled(PAIR.source, PAIR.target, first.links)
    assert {("الحكومة", "government"), ("السورية", "Syrian"), ("115", "115"), ("شخصا", "people")} <= set(found)
    assert spelled("2024", "2024", second.links) == [("2024", "2024")]


def test_the_same_links_asynchronously(client: Client, server: object) -> None:
    async def ask() -> tuple[WordLink, ...]:
        async with AsyncClient(client.address) as asynchronous:
            return (await asynchronous.check([PAIR], links=True))[0].links

    assert asyncio.run(ask()) == client.check([PAIR], links=True)[0].links


def test_spans_of_a_digest_count_in_its_body(client: Client, article: str) -> None:
    """The tiny model's English is noise that links to little; that what links are there have their place is what counts."""
    digest = client.digest(article, full_translation=True, links=True)
    for pair in (pair for paragraph in digest.paragraphs for pair in paragraph.pairs):
        for source, _ in spelled(article, pair.target, pair.links):
            assert source in pair.source
        assert all(pair.span.start <= link.source_span.start < link.source_span.end <= pair.span.end for link in pair.links)
    last = [part for part in client.stream_digest(article, links=True) if isinstance(part, Digest)][-1]
    assert [line.pair.links for line in last.lines] == [line.pair.links for line in client.digest(article, links=True).lines]


def test_links_of_many_texts(client: Client) -> None:
    text = "قال الوزير ذلك في 2019. غادر الوفد في 2024."
    (whole,) = client.translate([text], links=True)
    (outcome,) = client.translate_many([text], links=True)
    assert outcome.translation is not None
    assert outcome.translation.pairs == whole.pairs
    for pair in whole.pairs:
        spelled(text, pair.target, pair.links)
