"""Near-duplicates over one stream and on the command line: one digest a story, and what each copy adds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from mojaz_client import Article, AsyncClient, Client, FieldInvalid, FieldMissing, LimitExceeded, NotArabic, NoteKind

LEAD = "قررت بلدية المدينة القديمة إغلاق الشوارع المحيطة بالمرفأ أمام السيارات خلال عطلة نهاية الأسبوع لإتاحة المجال أمام المشاة."
PRICE = "وقال رئيس البلدية إن التجربة ستكلف 250 ألف دينار وتستمر ثلاثة أشهر، ثم يقرر المجلس تمديدها أو العودة عنها."
SHOPS = "ورحب أصحاب 40 مقهى بالقرار فيما احتج تجار الجملة لأن 120 شاحنة لن تصل إلى المستودعات إلا قبل شروق الشمس."
BUSES = "وستضع شركة النقل حافلات كهربائية صغيرة في خدمة كبار السن، تنطلق كل ربع ساعة من ساحة البرج."
BODY = "\n".join([LEAD, PRICE, SHOPS])
CUT = f"{LEAD}\n{PRICE}"
CHANGED = "\n".join([LEAD, PRICE.replace("250", "270"), SHOPS])
FULLER = "\n".join([LEAD, PRICE, SHOPS, BUSES])
OTHER = (
    "فازت روائية شابة بجائزة الكتاب العربي عن روايتها الأولى التي تروي حكاية ثلاث نساء من قرية جبلية هاجرن إلى البرازيل. "
    "وقالت لجنة التحكيم إن الرواية تجمع بين لغة شاعرية وبناء محكم، وإنها تعيد الاعتبار إلى أصوات بقيت طويلاً على هامش التاريخ."
)


def test_one_digest_a_story(client: Client) -> None:
    bodies = [BODY, OTHER, CUT, FULLER, CHANGED, OTHER]
    articles = [Article(body, id=f"a{i}", title=f"عنوان {i}", source="وكالة") for i, body in enumerate(bodies)]
    found = sorted(client.digest_many(articles, deduplicate=True, lines=1), key=lambda outcome: outcome.index)
    assert [outcome.digest is not None for outcome in found] == [True, True, False, False, False, False]
    duplicates = [outcome.duplicate for outcome in found if outcome.duplicate]
    assert [duplicate.duplicate_of for duplicate in duplicates] == ["0", "0", "0", "1"]
    assert [duplicate.duplicate_of_article_id for duplicate in duplicates] == ["a0", "a0", "a0", "a1"]
    assert [duplicate.article_id for duplicate in duplicates] == ["a2", "a3", "a4", "a5"]
    cut, fuller, changed, other = duplicates
    assert (cut.additions, cut.containment, cut.title, cut.source) == ((), 1.0, "عنوان 2", "وكالة")
    assert [addition.source for addition in fuller.additions] == [BUSES]
    assert fuller.additions[0].span.of(FULLER) == BUSES
    assert 0.6 < fuller.containment < 1
    assert [addition.facts for addition in changed.additions] == [("270 ألف",)]
    assert not other.additions


def test_it_is_off_unless_asked_for(client: Client) -> None:
    assert all(outcome.digest for outcome in client.digest_many([BODY] * 3, lines=1))


def test_the_same_id_twice_is_no_duplicate_by_itself(client: Client) -> None:
    found = client.digest_many([Article(BODY, id="x"), Article(OTHER, id="x"), Article(BODY, id="x")], deduplicate=True, lines=1)
    assert sum(outcome.digest is not None for outcome in found) == 2


def test_a_fuller_article_after_a_brief(client: Client) -> None:
    found = list(client.digest_many([Article(LEAD + PRICE, id="brief"), FULLER + OTHER], deduplicate=True, lines=1))
    notes = {outcome.index: [note.kind for note in outcome.digest.notes] for outcome in found if outcome.digest}
    assert NoteKind.EXTENDS not in notes[0]
    assert NoteKind.EXTENDS in notes[1]


def test_bad_articles_get_their_errors_and_hide_nothing(client: Client, article: str) -> None:
    english = "The council has closed the streets around the port to cars for the weekend so that people may walk there. " * 3
    bodies = [english, english, "", "\n \n", BODY, english, "قصير جدا", "قصير جدا", BODY, article, article]
    found = sorted(client.digest_many(bodies, deduplicate=True, lines=1), key=lambda outcome: outcome.index)
    kinds = [type(outcome.error or outcome.duplicate or outcome.digest).__name__ for outcome in found]
    assert kinds == [
        *["NotArabic"] * 2,
        *["FieldMissing"] * 2,
        "Digest",
        "NotArabic",
        *["Digest"] * 2,
        "Duplicate",
        "Digest",
        "Duplicate",
    ]
    assert isinstance(found[0].error, NotArabic) and isinstance(found[2].error, FieldMissing)


def test_options_of_a_duplicate_are_checked_too(client: Client) -> None:
    outcomes = list(client.digest_many([BODY] * 3, deduplicate=True, beam_size=-1))
    assert all(isinstance(outcome.error, FieldInvalid | LimitExceeded) for outcome in outcomes)


def test_two_streams_know_nothing_of_each_other(client: Client) -> None:
    for _ in range(2):
        (outcome,) = client.digest_many([BODY], deduplicate=True, lines=1)
        assert outcome.digest


async def test_five_hundred_copies_cost_one_digest(server: object) -> None:
    async with AsyncClient(server.address) as client:  # type: ignore[attr-defined]
        outcomes = [outcome async for outcome in client.digest_many((BODY for _ in range(500)), deduplicate=True, lines=1)]
    assert sum(outcome.digest is not None for outcome in outcomes) == 1
    assert sum(outcome.duplicate is not None for outcome in outcomes) == 499


async def test_the_memory_of_a_stream_is_a_setting(started) -> None:  # type: ignore[no-untyped-def]
    async with started(max_remembered_chars=len(BODY) + 100) as (_, client):
        assert (await client.info()).limits.max_remembered_chars == len(BODY) + 100
        articles = [BODY, BODY, OTHER, BODY, BODY]
        outcomes = sorted(
            [outcome async for outcome in client.digest_many(articles, deduplicate=True, lines=1)], key=lambda each: each.index
        )
    assert [outcome.duplicate is not None for outcome in outcomes] == [False, True, False, False, True]


def mojaz(server: object, *arguments: str, data: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mojaz_client.cli", "--server", server.address, "digest", "--deduplicate", *arguments]  # type: ignore[attr-defined]
    return subprocess.run(command, input=data, capture_output=True, text=True, check=False, encoding="utf-8")


@pytest.fixture
def archive() -> str:
    rows = [{"body": BODY}, {"body": OTHER, "id": "book"}, {"body": FULLER, "title": "حافلات"}, {"body": ""}, {"body": CUT}]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_cli_json_names_the_original(server: object, archive: str) -> None:
    done = mojaz(server, "--input-format", "jsonl", "--format", "jsonl", "--lines", "1", "-", data=archive)
    assert done.returncode == 1, "the empty article failed"
    assert "stdin:4" in done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["article_id"] for row in rows] == ["stdin:1", "book", "stdin:3", "stdin:5"]
    assert [row.get("duplicate_of_article_id") for row in rows] == [None, None, "stdin:1", "stdin:1"]
    assert [addition["source"] for addition in rows[2]["additions"]] == [BUSES]
    assert "additions" not in rows[3]


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_cli_prints_each_story_with_its_duplicates(server: object, tmp_path: Path, form: str) -> None:
    paths = []
    for name, body in (("one", BODY), ("two", OTHER), ("three", FULLER), ("four", CUT), ("five", CHANGED)):
        paths.append(tmp_path / f"{name}.txt")
        paths[-1].write_text(body, encoding="utf-8")
    done = mojaz(server, "--format", form, "--bidi", "plain", "--lines", "1", *map(str, paths))
    assert (done.returncode, done.stderr) == (0, "")
    page = done.stdout
    order = [page.index(f"{name}.txt") for name in ("one", "three", "four", "five", "two")]
    assert order == sorted(order), "duplicates stand below their original, before the next story"
    assert "Duplicates (3)" in page
    assert BUSES in page
    assert "270 ألف" in page
    assert PRICE not in page.replace(PRICE, "", 1), "what is not new is not repeated"
