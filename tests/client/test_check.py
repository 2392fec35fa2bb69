"""mojaz check: segments from two files or a TMX file, what is printed, and the exit code that scripts go by."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from mojaz_client import Client, FieldInvalid, Segment
from mojaz_client.cli.segments import read_segments

UNIT = '<tu><tuv xml:lang="{}"><seg>{}</seg></tuv><tuv xml:lang="{}"><seg>{}</seg></tuv></tu>'


def tmx(*units: str) -> str:
    return f'<?xml version="1.0"?><tmx version="1.4"><header srclang="ar"/><body>{"".join(units)}</body></tmx>'


def mojaz(client: Client, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mojaz_client.cli", "--server", client.address, "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Three lines of which the second has a wrong figure; an empty line; Windows line ends and a byte order mark."""
    arabic, english = tmp_path / "ar.txt", tmp_path / "en.txt"
    arabic.write_bytes("\ufeffقال الوزير ذلك.\r\nقتل 12 شخصا.\r\n\r\nوصل الوفد.\r\n".encode())
    english.write_text("The minister said that.\n21 people were killed.\n\nThe delegation arrived.\n", encoding="utf8")
    return arabic, english


def test_flagged_lines_are_printed_and_counted(client: Client, files: tuple[Path, Path]) -> None:
    found = mojaz(client, *files, "--bidi", "plain")
    assert found.returncode == 1
    assert found.stdout.splitlines() == [
        "line 2",
        "  قتل 12 شخصا.",
        "  21 people were killed.",
        "  ⚠ 12 is not in the English: it has 21",
        "",
        "1 of 3 segments to look at: number_changed 1",
    ]


def test_objects_for_scripts(client: Client, files: tuple[Path, Path], tmp_path: Path) -> None:
    output = tmp_path / "found.jsonl"
    assert mojaz(client, *files, "--format", "jsonl", "--output", output).returncode == 1
    (found,) = map(json.loads, output.read_text(encoding="utf8").splitlines())
    assert (found["place"], found["source"]) == ("line 2", "قتل 12 شخصا.")
    assert [failed["kind"] for failed in found["checks"]] == ["CHECK_KIND_NUMBER_CHANGED"]


def test_a_clean_translation_exits_with_0(client: Client, files: tuple[Path, Path]) -> None:
    files[1].write_text("The minister said that.\n12 people were killed.\n\nThe delegation arrived.\n", encoding="utf8")
    found = mojaz(client, *files)
    assert (found.returncode, found.stdout) == (0, "0 of 3 segments to look at\n")


def test_many_segments_go_in_several_requests(client: Client, tmp_path: Path) -> None:
    arabic, english = tmp_path / "ar.txt", tmp_path / "en.txt"
    arabic.write_text("قتل 12 شخصا.\n" * 250, encoding="utf8")
    english.write_text("12 people were killed.\n" * 249 + "13 people were killed.\n", encoding="utf8")
    found = mojaz(client, arabic, english)
    assert found.stdout.startswith("line 250\n")
    assert "1 of 250 segments" in found.stdout


def test_a_translation_memory_without_its_markup(tmp_path: Path) -> None:
    path = tmp_path / "m.tmx"
    bold = 'قتل <bpt i="1">&lt;b></bpt>12<ept i="1">&lt;/b></ept> <hi>شخصا</hi>'
    path.write_text(tmx(UNIT.format("ar-LB", bold, "EN_us", "12 people were killed")), encoding="utf-16")
    path.write_text(path.read_text(encoding="utf-16").replace("?>", ' encoding="utf-16"?>', 1), encoding="utf-16")
    assert [placed.segment for placed in read_segments(path, None)] == [Segment("قتل 12 شخصا", "12 people were killed")]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("ا\nب\n", "a\n", r"en.txt has 1 lines, .*ar.txt more; give one translation for each line"),
        ("ا\n", "a\nb\n", r"ar.txt has 1 lines, .*en.txt more"),
        ("ا\n\n", "a\nb\n", r"ar.txt, line 2: is empty and has a translation"),
        ("ا\n", b"\xff\n", r"en.txt, line 1: is not UTF-8: byte 0 is 0xFF"),
        ("plain text", None, "ar.txt, line 1: is not XML: syntax error"),
        (tmx(), None, "ar.txt: has no translation units"),
        (tmx(UNIT.format("ar", "ا", "fr", "a")), None, "ar.txt, line 1: unit 1 needs ar and en, has ar, fr"),
        (tmx(UNIT.format("ar", "ا", "en", "a"))[:-30], None, "is not XML"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, first: str, second: str | bytes | None, said: str) -> None:
    arabic, english = tmp_path / "ar.txt", tmp_path / "en.txt"
    arabic.write_text(first, encoding="utf8")
    if second is not None:
        english.write_bytes(second if isinstance(second, bytes) else second.encode())
    with pytest.raises(FieldInvalid, match=said):
        list(read_segments(arabic, english if second is not None else None))
