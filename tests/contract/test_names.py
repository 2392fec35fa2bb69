"""Names through a real server with the embedded model: spelled alike in the digest, however a sentence alone had them."""

from pathlib import Path

from mojaz_client import Client, Digest, NoteKind
from serving import serving

ARTICLE = """وقال الرئيس يوري موسيفيني إن النمو سيتباطأ. وحذر موسيفيني من الديون.
وزار موسيفيني القاهرة."""


def test_a_name_is_spelled_alike_in_the_digest_that_ends_a_stream(root: Path) -> None:
    with serving("--model", str(root / "models/bundles/mojaz-ar-en")) as server, Client(server.address) as client:
        parts = list(client.stream_digest(ARTICLE, full_translation=True, links=True))
        translated = client.translate([ARTICLE])[0]
    digest = parts[-1]
    assert isinstance(digest, Digest)
    pairs = [pair for paragraph in digest.paragraphs for pair in paragraph.pairs]
    assert len(pairs) == 3
    assert all("Museveni" in pair.target for pair in pairs)
    assert {line.pair for line in digest.lines} <= set(pairs)
    assert any("موسيفيني" in ARTICLE[link.source_span.start : link.source_span.end] for pair in pairs[:1] for link in pair.links)
    (note,) = (note for note in digest.notes if note.kind is NoteKind.NAMES_RESPELLED)
    assert "Museveni (the model wrote" in note.message
    assert translated.target.count("Museveni") == 3
