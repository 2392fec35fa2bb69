"""Stored glossaries through a real socket: versions, layers, limits, bad entries, kill -9 and a start after it."""

import subprocess
import sys
from pathlib import Path

import pytest
from mojaz_client import (
    AsyncClient,
    CheckKind,
    Client,
    FieldInvalid,
    FieldMissing,
    GlossaryEntry,
    GlossaryNotFound,
    LimitExceeded,
    Segment,
)
from serving import serving

COUNCIL = GlossaryEntry("مجلس الأمن", "Security Council", "organisation", "the UN's", forms=("المجلس الأمني",))
BBC = GlossaryEntry("BBC", do_not_translate=True)
SEGMENT = Segment("قال مجلس الأمن ذلك.", "The Council said that.")


def missed(client: Client, *glossaries: str, glossary: dict[str, str] | None = None) -> list[str]:
    """What the checks say of terms in the one segment."""
    (found,) = client.check([SEGMENT], glossary=glossary, glossaries=glossaries)
    return [failed.message for failed in found.checks if failed.kind is CheckKind.TERM_MISSED]


def test_a_glossary_is_stored_and_given_back_as_it_came(client: Client) -> None:
    stored = client.create_glossary("desk-1", [COUNCIL, BBC], description="ours")
    assert (stored.name, stored.version, stored.entry_count, stored.description) == ("desk-1", 1, 2, "ours")
    assert stored.in_memory and stored.create_time
    assert client.get_glossary("desk-1") == (stored, (COUNCIL, BBC))
    assert stored in client.list_glossaries()


def test_the_same_name_makes_the_next_version_and_keeps_the_old(client: Client) -> None:
    for english in ("one", "two"):
        client.create_glossary("versions", {"مجلس الأمن": english})
    assert [stored.version for stored in client.list_glossaries("versions")] == [2, 1]
    assert [stored.version for stored in client.list_glossaries() if stored.name == "versions"] == [2]
    assert missed(client, "versions") == ["مجلس الأمن is not translated as two"]
    assert missed(client, "versions@1") == ["مجلس الأمن is not translated as one"]
    assert client.delete_glossary("versions@2") == 1
    assert missed(client, "versions") == ["مجلس الأمن is not translated as one"]
    assert client.create_glossary("versions", {"مجلس الأمن": "three"}).version == 3  # 2 is never used again
    assert client.delete_glossary("versions") == 2
    with pytest.raises(GlossaryNotFound, match="versions"):
        client.get_glossary("versions")


def test_inline_goes_first_then_the_order_of_names(client: Client) -> None:
    client.create_glossary("first", {"مجلس الأمن": "first"})
    client.create_glossary("second", {"مجلس الأمن": "second", "الأمن": "security", "مجلس": "council"})
    assert missed(client, "first", "second") == ["مجلس الأمن is not translated as first"]
    assert missed(client, "second", "first") == ["مجلس الأمن is not translated as second"]
    assert missed(client, "second", glossary={"مجلس الأمن": "mine"}) == ["مجلس الأمن is not translated as mine"]
    assert missed(client, "second", glossary={"مجلس": "mine"}) == ["مجلس الأمن is not translated as second"]  # the longest
    assert missed(client) == []


@pytest.mark.parametrize("call", ["digest", "translate", "check"])
def test_an_unknown_glossary_is_told_by_every_call(call: str, client: Client, article: str) -> None:
    asked = {"digest": article, "translate": ["قال الوزير"], "check": [SEGMENT]}[call]
    with pytest.raises(GlossaryNotFound, match="nobody@7") as caught:
        getattr(client, call)(asked, glossaries=["nobody@7"])
    assert caught.value.field == ("glossaries[0]" if call == "check" else "options.glossaries[0]")


def test_the_glossary_of_a_digest_is_checked(client: Client, article: str) -> None:
    client.create_glossary("water", {"وزارة الموارد المائية": "Ministry of Water Resources"})
    digest = client.digest(article, lines=1, glossaries=["water"])
    assert CheckKind.TERM_MISSED in {failed.kind for line in digest.lines for failed in line.pair.checks}


@pytest.mark.parametrize(
    ("name", "entries", "kind", "field", "said"),
    [
        ("", [COUNCIL], FieldMissing, "name", "give the glossary a name"),
        ("a b", [COUNCIL], FieldInvalid, "name", "64 letters"),
        ("a@1", [COUNCIL], FieldInvalid, "name", "64 letters"),
        ("x" * 65, [COUNCIL], FieldInvalid, "name", "64 letters"),
        ("bad", [], FieldMissing, "entries", "at least one entry"),
        ("bad", [GlossaryEntry("", "x")], FieldMissing, "entries[0].source", "is empty"),
        ("bad", [COUNCIL, GlossaryEntry("جسر", " ")], FieldMissing, "entries[1].target", "is empty"),
        ("bad", [GlossaryEntry("جسر", "كوبري")], FieldInvalid, "entries[0].target", "Arabic letters"),
        ("bad", [GlossaryEntry("bridge", "جسر")], FieldInvalid, "entries[0].source", "are the columns swapped"),
        ("bad", [GlossaryEntry("...", "dots")], FieldInvalid, "entries[0].source", "has no letters"),
        ("bad", [GlossaryEntry("و", "and")], FieldInvalid, "entries[0].source", "single letter"),
        ("bad", [GlossaryEntry("على", "on")], FieldInvalid, "entries[0].source", "holds others together"),
        ("bad", [GlossaryEntry("جسر", "bridge", forms=("هو",))], FieldInvalid, "entries[0].forms[0]", "holds others together"),
        ("bad", [GlossaryEntry("جسر", "bridge", forms=(" ",))], FieldMissing, "entries[0].forms[0]", "is empty"),
        ("bad", [GlossaryEntry("جسر\nطويل", "bridge")], FieldInvalid, "entries[0].source", "control character"),
        ("bad", [GlossaryEntry("جسر", "x" * 1001)], LimitExceeded, "entries[0].target", "1,000"),
        ("bad", [GlossaryEntry("BBC", "Beeb", do_not_translate=True)], FieldInvalid, "entries[0].target", "leave it empty"),
        ("bad", [COUNCIL, GlossaryEntry("مجلِس الأمن", "UNSC")], FieldInvalid, "entries[1].target", "keep one"),
        ("bad", [COUNCIL, GlossaryEntry("المجلس الأمني", "UNSC")], FieldInvalid, "entries[1].target", "entries[0]"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_stored(
    name: str, entries: list[GlossaryEntry], kind: type[Exception], field: str, said: str, client: Client
) -> None:
    with pytest.raises(kind) as caught:
        client.create_glossary(name, entries)
    assert caught.value.field == field  # type: ignore[attr-defined]
    assert said in str(caught.value)
    assert not any(stored.name == "bad" for stored in client.list_glossaries())


def test_what_works_although_it_looks_odd(client: Client) -> None:
    """Repeated entries, entries whose English is the Arabic's own letters, spellings apart in a hamza, a circle of terms."""
    twice = client.create_glossary("odd", [COUNCIL, COUNCIL, GlossaryEntry("قسد", "SDF"), GlossaryEntry("سلمى", "Salma")])
    assert twice.entry_count == 3
    circle = [GlossaryEntry("الأول", "the second"), GlossaryEntry("الثاني", "the first"), GlossaryEntry("الاول", "Al-Awwal")]
    assert client.create_glossary("odd", circle).entry_count == 3


async def test_limits_are_told_and_streams_in_parts_are_counted_together(started) -> None:  # type: ignore[no-untyped-def]
    async with started(max_stored_entries=3, max_stored_chars=3_000_000) as (_, client):
        with pytest.raises(LimitExceeded, match="limit of this server is 3"):
            await client.create_glossary("large", {f"كلمة{i}": "word" for i in range(4)})
    async with started(max_stored_chars=2_500_000) as (_, client):
        many = [GlossaryEntry(f"كلمة{i}", "w" * 900, note="n" * 900) for i in range(1200)]
        assert (await client.create_glossary("parts", many)).entry_count == 1200
        assert (await client.get_glossary("parts"))[1] == tuple(many)
        with pytest.raises(LimitExceeded, match="2,500,000"):
            await client.create_glossary("parts", [*many, *(GlossaryEntry(f"جملة{i}", "w" * 900) for i in range(1200))])
        assert [stored.version for stored in await client.list_glossaries("parts")] == [1]


async def test_the_starter_glossary_can_be_left_out(started, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    from mojaz_server.pipeline.glossary import Entry, Glossary

    monkeypatch.setattr("mojaz_server.rpc.service.starter", lambda: Glossary.of([Entry("مجلس الأمن", "UN Security Council")]))

    async def wanted(client: AsyncClient, **options: object) -> list[str]:
        (made,) = await client.translate([SEGMENT.source], **options)  # type: ignore[arg-type]
        checks = [check for pair in made.pairs for check in pair.checks if check.kind is CheckKind.TERM_MISSED]
        return [check.message.rpartition(" as ")[2] for check in checks]

    async with started() as (_, client):
        assert await wanted(client) == ["UN Security Council"]
        assert await wanted(client, starter_glossary=False) == []
        assert await wanted(client, glossary={"مجلس الأمن": "Council"}) == ["Council"]  # what comes first wins
        assert CheckKind.TERM_MISSED not in {failed.kind for failed in (await client.check([SEGMENT]))[0].checks}
    async with started(starter_glossary=False) as (_, client):
        assert await wanted(client) == []


def test_what_was_answered_survives_kill_9(tiny: Path, tmp_path: Path) -> None:
    flags = ("--model", str(tiny), "--glossary-folder", str(tmp_path / "kept"))
    with serving(*flags) as running, Client(running.address) as client:
        assert not client.create_glossary("desk", [COUNCIL, BBC]).in_memory
        stored = client.create_glossary("desk", {"مجلس الأمن": "UNSC"})
        running.process.kill()
        running.process.wait(timeout=60)
    with serving(*flags) as running, Client(running.address) as client:
        assert client.list_glossaries() == [stored]
        assert client.get_glossary("desk@1")[1] == (COUNCIL, BBC)
        assert missed(client, "desk") == ["مجلس الأمن is not translated as UNSC"]


def test_a_folder_that_cannot_be_used_ends_the_start(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "glossaries.sqlite3").write_bytes(b"no database" * 1000)
    for folder in (tmp_path / "file", tmp_path):
        command = [Path(sys.executable).parent / "mojaz-server", "--model", tiny, "--glossary-folder", folder]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (ended.returncode, "--glossary-folder" in ended.stderr, "Traceback" in ended.stderr) == (2, True, False)


def test_the_command_line_stores_shows_exports_and_removes(client: Client, tmp_path: Path) -> None:
    def mojaz(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mojaz_client.cli", "--server", client.address, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    terms = tmp_path / "terms.csv"
    terms.write_text("\ufeffsource;target\r\nمجلس الأمن;Security Council\r\nمجلس الأمن;Security Council\r\n", encoding="utf-8")
    added = mojaz("glossary", "add", "cli", terms, "--description", "ours")
    assert (added.returncode, added.stdout) == (0, "stored cli@1: 1 entries\n")
    assert "1 entries were there twice" in added.stderr and "kept in memory" in added.stderr
    assert "cli@1" in mojaz("glossary", "list").stdout
    assert "مجلس الأمن → Security Council" in mojaz("glossary", "show", "cli", "--bidi", "plain").stdout
    exported = tmp_path / "out.tmx"
    assert mojaz("glossary", "export", "cli", "--format", "tmx", "--output", exported).returncode == 0
    assert mojaz("glossary", "add", "cli", exported).stdout == "stored cli@2: 1 entries\n"
    text = tmp_path / "text.txt"
    text.write_text("قال مجلس الأمن ذلك.", encoding="utf-8")
    assert "not translated as Security Council" in mojaz("translate", text, "--glossaries", "cli").stderr
    terms.write_text("# ours\nمجلس الأمن\tSecurity Council\nفي\tin\n", encoding="utf-8")
    refused = mojaz("glossary", "add", "cli", terms)
    assert refused.returncode == 4
    assert f"{terms}, line 3, source: is 'في'" in refused.stderr
    assert mojaz("glossary", "remove", "cli").stdout == "removed 2 versions of cli\n"
    assert mojaz("glossary", "show", "cli").returncode == 4
