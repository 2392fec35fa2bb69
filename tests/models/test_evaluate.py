"""The evaluation of bundles, on a real tiny one: its table, what it keeps, comparison, speed, and test sets that are refused."""

import lzma
import shutil
from pathlib import Path

import pytest
from mojaz_models import spec
from mojaz_models.cli import main
from mojaz_models.errors import CorpusError
from mojaz_models.evaluate import speed, translation
from mojaz_models.evaluate.table import table
from mojaz_models.evaluate.testsets import TestSet, read_test_sets
from mojaz_models.manifest import read_manifest, verify
from mojaz_models.tiny import SENTENCES, build_tiny


def test_one_bundle(copy: Path, pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = read_manifest(copy).files
    options = ["evaluate", str(copy), "--pairs", str(pairs), "--write"]
    assert main([*options, "--robustness", "--outputs", str(tmp_path / "kept")]) == 0
    shown = capsys.readouterr().out
    labels = ("BLEU", "chrF", "figures kept, % of", "months kept, % of", "chrF with typing noise", "English terms copied, % of",
              "empty", "looping", "pieces a second, 1 thread", "processor time for a piece, ms", "peak memory, MiB")  # fmt: skip
    assert [label for label in labels if f"\n{label}" not in shown] == []
    assert "tiny@1" in shown
    assert "tok:13a" in shown
    assert max(map(len, shown.splitlines())) <= 140
    scores = {(s.test_set, s.metric): s for s in verify(copy).scores}
    assert set(scores) == {("pairs", "BLEU"), ("pairs", "chrF"), ("pairs", "figures kept, %")}
    assert "12 sentences, beam 4" in scores["pairs", "chrF"].signature
    assert read_manifest(copy).files == before
    kept = (tmp_path / "kept/tiny@1.pairs.tsv").read_text(encoding="utf8").splitlines()
    assert [line.split("\t")[0] for line in kept] == SENTENCES[::2]
    assert main(options) == 0
    assert len(verify(copy).scores) == 3


def test_two_bundles_are_compared_in_pairs(tiny: Path, pairs: Path, tmp_path: Path) -> None:
    other = build_tiny(tmp_path / "other", seed=2)
    results = translation.evaluate([tiny, other], read_test_sets(pairs=[pairs]))
    assert [r.model for r in results] == ["tiny@1", "tiny@2"]
    assert results[0].chrf is not None and results[0].chrf.p is None
    assert results[1].chrf is not None and results[1].chrf.p is not None
    lines = table(results).splitlines()
    assert lines[0].split()[-3:] == ["tiny@1", "tiny@2", "difference"]
    (line,) = [line for line in lines if line.startswith("chrF")]
    assert f"{results[1].chrf.value - results[0].chrf.value:+.2f} (p {results[1].chrf.p:.3f})" in line


def test_sentences_without_english(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "unlabelled.txt"
    path.write_text("\n".join([*SENTENCES[::2], ""]), encoding="utf8")
    assert main(["evaluate", str(tiny), "--lines", str(path), "--most", "5"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("unlabelled, 5 sentences")
    assert "\nempty" in shown
    assert "BLEU" not in shown


def test_a_list_of_terms(tiny: Path, pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("وزير الخارجية\tforeign minister\nالأمم المتحدة\tUnited Nations|UN\n", encoding="utf8")
    assert main(["evaluate", str(tiny), "--pairs", str(pairs), "--terms", str(terms)]) == 0
    assert "terms kept, % of 2 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("سطر أول\tA line\nThe minister arrived\tوصل الوزير\n", "line 2: the sides are swapped"),
        ("سطر\n", "line 1: there is no tab"),
        ("سطر\tline\n\tx\n", "line 2: there is no Arabic"),
        ("سطر\tline\nسطر\t \n", "line 2: there is no English"),
        ("", "is empty"),
    ],
)
def test_a_test_set_of_another_form(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "set.tsv").write_text(content, encoding="utf8")
    with pytest.raises(CorpusError, match=rf"set\.tsv.*{message}"):
        read_test_sets(tmp_path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "set.tsv").write_bytes("سطر\tline\n".encode() * 2 + "سطر\tline\n".encode("cp1256"))
    with pytest.raises(CorpusError, match=r"set\.tsv, line 3: not UTF-8"):
        read_test_sets(tmp_path)


def test_a_test_set_cut_off(tmp_path: Path) -> None:
    rows = "".join(f"الجملة رقم {n} من {n * n}\tSentence {n} of {n * n}\n" for n in range(5000)).encode()
    whole = lzma.compress(rows)
    (tmp_path / "set.tsv.xz").write_bytes(whole)
    assert read_test_sets(pairs=[tmp_path / "set.tsv.xz"], most=2) == [
        TestSet("set", ["الجملة رقم 0 من 0", "الجملة رقم 1 من 1"], ["Sentence 0 of 0", "Sentence 1 of 1"])
    ]
    (tmp_path / "set.tsv.xz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CorpusError, match=r"set\.tsv\.xz, line \d+: the file is cut off here"):
        read_test_sets(pairs=[tmp_path / "set.tsv.xz"])


def test_what_editors_of_other_systems_write(tmp_path: Path) -> None:
    (tmp_path / "set.tsv").write_bytes("\ufeffسطر\tone\u2028line\r\nسطر\tlast".encode())
    assert read_test_sets(tmp_path) == [TestSet("set", ["سطر", "سطر"], ["one\u2028line", "last"])]


def test_two_sets_of_one_name(tmp_path: Path, pairs: Path) -> None:
    (tmp_path / "other").mkdir()
    again = shutil.copy(pairs, tmp_path / "other/pairs.txt")
    with pytest.raises(CorpusError, match="two test sets are called pairs"):
        read_test_sets(pairs=[pairs], unlabelled=[Path(again)])


def test_nothing_to_measure_on(capsys: pytest.CaptureFixture[str], tiny: Path) -> None:
    assert main(["evaluate", str(tiny)]) == 3
    assert "--pairs" in capsys.readouterr().err


def test_a_damaged_bundle_is_not_measured(copy: Path, pairs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "model.bin").write_bytes(b"damaged")
    assert main(["evaluate", str(copy), "--pairs", str(pairs)]) == 5
    assert "model.bin" in capsys.readouterr().err


def test_speed_against_a_larger_model(tiny: Path) -> None:
    larger = spec.Shape(width=128, inner=512, heads=4, encoder=3, decoder=3)
    ours, theirs = speed.against_base(tiny, SENTENCES[::2], base=larger)
    assert ours.pieces == theirs.pieces > 0
    assert theirs.bytes > ours.bytes
    assert theirs.work > ours.work
    assert f"{theirs.seconds / ours.seconds:.2f} times as fast" in speed.table([ours, theirs], 1)
