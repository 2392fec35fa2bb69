"""The command line without a server: inputs, exit codes, and the pages that people read."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from mojaz_client import (
    Article,
    Check,
    CheckKind,
    Digest,
    FactKind,
    FieldInvalid,
    Headline,
    HeadlineOrigin,
    KeyFact,
    Line,
    Note,
    NoteKind,
    SentencePair,
    Span,
    Timing,
    Translation,
)
from mojaz_client.cli.bidi import LRI, PDI, RLI, Bidi, one_line, wrap
from mojaz_client.cli.inputs import InputFormat, read_articles, read_lines
from mojaz_client.cli.markdown import digest_markdown
from mojaz_client.cli.page import Layout, Page
from mojaz_client.cli.results import Format, Results
from mojaz_client.cli.translate import _line
from rich.cells import cell_len

ARABIC = "افتتح الوزير أمس جسراً جديداً في المدينة بعد ثلاث سنوات من العمل وقال إن الكلفة بلغت 115 مليون دولار."
ENGLISH = "The minister yesterday opened a new bridge in the city after three years of work [and] said it cost $115 million."


def digest() -> Digest:
    check = Check(CheckKind.NUMBER_LOST, "115 is not in the English\x1b[31m")
    lines = (
        Line(2, SentencePair(ARABIC, Span(0, len(ARABIC)), ENGLISH, checks=(check,))),
        Line(1, SentencePair(ARABIC, Span(0, len(ARABIC)), "", withheld=True)),
    )
    return Digest(
        "a.txt",
        Headline("جسر جديد", "A new bridge", HeadlineOrigin.GIVEN),
        lines,
        (),
        (KeyFact(FactKind.NUMBER, "115 مليون", Span(0, 9), "115 million", value="115000000"),),
        (Note(NoteKind.FEWER_LINES, "The article has two sentences."),),
        "tiny@1",
        Timing(10, 800, 900),
        "وكالة",
    )


def mojaz(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "mojaz_client.cli", *arguments], input=data, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--server", "127.0.0.1:1", "health"], 3, b"mojaz-server --address"),
        (["--server", "127.0.0.1:1", "digest", "-"], 3, b"make serve"),
        (["--server", "127.0.0.1:1", "translate", "--lines", "-"], 3, b"127.0.0.1:1"),
        (["digest", "--lines", "1", "--words", "2", "-"], 2, b"one of"),
        (["digest", "no-such-file.txt"], 2, b"no-such-file.txt"),
        (["frobnicate"], 2, b"frobnicate"),
    ],
)
def test_exit_code_and_message(arguments: list[str], code: int, said: bytes) -> None:
    done = mojaz(*arguments, data="نص".encode())
    assert done.returncode == code
    assert said in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"grpc" not in done.stderr


def test_input_that_is_no_utf8_names_file_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes("نص".encode() + b"\xff")
    done = mojaz("--server", "127.0.0.1:1", "digest", str(path))
    assert done.returncode == 4
    assert f"{path}: is not UTF-8: byte 4 is 0xFF".encode() in done.stderr


def test_help_documents_the_exit_codes() -> None:
    done = mojaz("--help")
    assert done.returncode == 0
    assert b"3 no server" in b" ".join(done.stdout.split())


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("bidi", Bidi)
@pytest.mark.parametrize("width", [56, 80, 120])
def test_page_fits_keeps_every_word_and_stays_harmless(layout: Layout, bidi: Bidi, width: int) -> None:
    stream = io.StringIO()
    Page(stream, bidi, layout, width).write(digest())
    page = stream.getvalue()
    assert all(cell_len(line) <= width for line in page.splitlines())
    assert "\x1b" not in page
    for line in page.splitlines():
        assert line.count(RLI) + line.count(LRI) == line.count(PDI)
    assert (RLI in page) is (bidi is Bidi.ISOLATE)
    words = set(page.replace(RLI, " ").replace(LRI, " ").replace(PDI, " ").split())
    assert set(ARABIC.split()) | set(ENGLISH.split()) | {"⚠", "tiny@1", "115000000"} <= words


def test_wrap_cuts_at_spaces_and_long_words_anywhere() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrap("", 5) == [""]
    assert one_line("a\u202eb\x1b[0m\nc\u2028d") == "ab[0m c d"


def test_markdown_escapes_and_marks_direction() -> None:
    text = digest_markdown(digest())
    assert text.startswith("# A new bridge\n")
    assert f'<p dir="rtl" lang="ar">{ARABIC}</p>' in text
    assert r"\[and\]" in text


@pytest.mark.parametrize(("many", "count"), [(False, 1), (True, 0), (True, 1), (True, 3)])
def test_json_is_one_object_or_an_array(many: bool, count: int) -> None:
    stream = io.StringIO()
    with Results(stream, Format.JSON, many, lambda stream, record: None) as results:
        for _ in range(count):
            results.add(digest())
    data = json.loads(stream.getvalue())
    assert (len(data) if many else data["article_id"]) == (count if many else "a.txt")


def test_lines_end_at_line_feeds_only(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes("\ufeffأ\r\n\nب\u2028ج\x85د\rه\nآخر".encode())
    assert [line.decode() for line in read_lines(path)] == ["أ", "", "ب\u2028ج\x85د\rه", "آخر"]
    path.write_bytes(b"")
    assert list(read_lines(path)) == []
    long = "ط" * 200_000
    path.write_text(f"\ufeff{long}\n{long}\n", encoding="utf-8")
    assert [line.decode() for line in read_lines(path)] == [long, long]


def test_translated_line_is_one_line() -> None:
    stream = io.StringIO()
    _line(stream, Translation("a\nb\r\nc\u2028d\x85e"))
    _line(stream, None)
    assert stream.getvalue() == "a b c d e\n\n"


def test_articles_of_every_format(tmp_path: Path) -> None:
    text, lines = tmp_path / "a.txt", tmp_path / "a.jsonl"
    text.write_bytes("\ufeffعنوان\r\nنص أول.\r\nنص ثان.".encode())
    (found,) = read_articles(text, InputFormat.AUTO, "", True)
    assert found.article == Article("نص أول.\nنص ثان.", id=str(text), title="عنوان")
    lines.write_text('{"id": "1", "body": "نص"}\n\n{"bodi": 1}\nnot json\n', encoding="utf-8")
    first, second, third = read_articles(lines, InputFormat.AUTO, "", False)
    assert first.checked() == Article("نص", id="1")
    assert (second.place, third.place) == (f"{lines}:3", f"{lines}:4")
    assert isinstance(second.error, FieldInvalid)
    assert isinstance(third.error, FieldInvalid)
