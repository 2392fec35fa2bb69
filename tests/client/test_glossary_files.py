"""Glossaries from files: every format is read and written, and what cannot be read is told with its line."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mojaz_client import FieldInvalid, GlossaryEntry
from mojaz_client.files.glossary import GlossaryFormat, read_glossary, write_glossary

ENTRIES = [
    GlossaryEntry("مجلس الأمن", "Security Council", "organisation"),
    GlossaryEntry("شهيد", "martyr", "term", "keep; attribute it", forms=("شهداء", "شهيدين")),
    GlossaryEntry("#وسم", 'the "tag", <b> & co; and so on'),
    GlossaryEntry("BBC", do_not_translate=True),
]
PORT = [GlossaryEntry("ميناء", "port")]
TMX = '<?xml version="1.0"?>{}<tmx version="1.4"><header srclang="ar"/><body>\n{}</body></tmx>'
UNIT = '<tu><tuv xml:lang="ar-EG"><seg>ميناء</seg></tuv><tuv xml:lang="EN-us"><seg>port</seg></tuv></tu>\n'
BOMB = '<!DOCTYPE tmx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
TBX = """<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<tbx xmlns="urn:iso:std:iso:30042:ed-2"><text><body>
<conceptEntry><langSec xml:lang="en"><termSec><term>harbour</term>
<termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote>
</termSec><termSec><term>port</term></termSec><termSec><term>seaport</term></termSec></langSec>
<langSec xml:lang="fr"><termSec><term>port</term></termSec></langSec>
<langSec xml:lang="ar"><termSec><term>ميناء</term></termSec><termSec><term>مرفأ</term></termSec></langSec></conceptEntry>
</body></text></tbx>"""


def read(path: Path, content: str | bytes) -> list[GlossaryEntry]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [placed.entry for placed in read_glossary(path)]


@pytest.mark.parametrize("form", GlossaryFormat)
def test_what_is_written_is_read_again(form: GlossaryFormat, tmp_path: Path) -> None:
    stream = io.StringIO()
    write_glossary(stream, ENTRIES, form)
    assert read(tmp_path / f"terms.{form}", stream.getvalue()) == ENTRIES


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"], exclude_characters="|#"), min_size=1
)


@pytest.mark.parametrize("form", [GlossaryFormat.CSV, GlossaryFormat.TMX, GlossaryFormat.TBX])
@given(source=TEXT, target=TEXT, note=TEXT)
def test_any_text_survives(
    form: GlossaryFormat, source: str, target: str, note: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    entry, stream = GlossaryEntry(source, target, note=note), io.StringIO()
    write_glossary(stream, [entry], form)
    assert read(tmp_path_factory.getbasetemp() / f"any.{form}", stream.getvalue()) == [entry]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("comments and blank lines.tsv", "# terms\n\nميناء\tport\n"),
        ("windows.tsv", "\ufeffميناء\tport\r\n"),
        ("old mac.tsv", "ميناء\tport\r"),
        ("commas.csv", 'ميناء,"port"\n'),
        ("semicolons.csv", "ميناء;port\r\n"),
        ("told.csv", "\ufeffsep=;\r\nميناء;port\r\n"),
        ("header.csv", "Note;English;Arabic\n;port;ميناء\n"),
        ("tabs.csv", "ميناء\tport\n"),
        ("spreadsheet.txt", "source\ttarget\r\nميناء\tport\r\n".encode("utf-16")),
        ("memory.tmx", TMX.format('<!DOCTYPE tmx SYSTEM "tmx14.dtd">', UNIT)),
        ("memory in utf-16.tmx", TMX.format("", UNIT).replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")),
    ],
)
def test_what_newsrooms_have_is_read(name: str, content: str | bytes, tmp_path: Path) -> None:
    assert read(tmp_path / name, content) == PORT


def test_a_term_base_has_forms_and_other_english(tmp_path: Path) -> None:
    assert read(tmp_path / "base.tbx", TBX) == [GlossaryEntry("ميناء", "port", note="also: seaport", forms=("مرفأ",))]


def test_a_cell_may_have_line_breaks_and_the_next_line_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('source,target,note\n\nميناء,port,"one\ntwo"\nجسر,bridge,\n', encoding="utf-8")
    assert [placed.line for placed in read_glossary(path)] == [3, 5]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.tsv", "ميناء\tport\nجسر bridge\n", r"a\.tsv, line 2: is not Arabic and English"),
        ("a.tsv", "ميناء\t\n", "line 1: is not Arabic and English"),
        ("a.tsv", "\tport\n", "line 1: is not Arabic and English"),
        ("a.tsv", "ميناء\tport\t\t\t\t\textra\n", "line 1: has more cells than columns; the columns are source, target"),
        ("a.tsv", "ميناء\tport\t\t\t\tmaybe\n", "line 1: do_not_translate is 'maybe'; write yes or nothing"),
        ("a.tsv", "source\ttarget\tcolour\nميناء\tport\tred\n", "line 1: column 'colour' is unknown; the columns are"),
        ("a.tsv", "source\ttarget\ttarget\n", "line 1: column 'target' is given twice"),
        ("a.tsv", "# nothing\n", r"a\.tsv: has no entries"),
        ("a.tsv", "", "has no entries"),
        ("a.tsv", "ميناء\tport\nجسر\tb\n".encode("cp1256"), "line 1: is not UTF-8: byte 0 is 0xE3; save the file as UTF-8"),
        ("a.tsv", "ميناء\tport\n".encode("utf-16-le"), "line 1: is not UTF-8: "),
        ("a.tsv", "ab\tport\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        ("a.tsv", b"\xff\xfea\x00\x00\xd8a\x00", "line 1: is not UTF-16"),
        ("a.csv", b"PK\x03\x04 and so on", "line 1: is a spreadsheet's own file; save the sheet as CSV"),
        ("a.csv", 'ميناء,port\nجسر,"bridge\nطريق,road\n', "line 2: is not CSV: unexpected end of data"),
        ("a.csv", "ميناء,port\nجسر," + "b" * 200_000 + "\n", "line 2: is not CSV: field larger"),
        ("a.tmx", TMX.format("", UNIT)[:-30], "a.tmx, line 2: is not XML: unclosed token"),
        ("a.tmx", TMX.format("", UNIT.replace("EN-us", "fr")), "line 2: unit 1 needs ar and en, has ar, fr"),
        ("a.tmx", TMX.format(BOMB, UNIT.replace("port", "&b;")), "line 1: declares the entity a; write its text out"),
        ("a.tmx", "ميناء\tport\n", "a.tmx, line 1: is not XML"),
        ("a.tmx", "<tmx/>", "a.tmx: has no entries"),
        ("a.tbx", TBX.replace('"ar"', '"fa"'), "a.tbx, line 3: the concept has no Arabic term"),
        ("a.tbx", TBX.replace('"en"', '"de"'), "line 3: the concept has no English term"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(name: str, content: str | bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(FieldInvalid, match=said):
        read(tmp_path / name, content)
