"""Manifests, the tiny bundle and release."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from mojaz_models import catalog, manifest, publish
from mojaz_models.cli import main
from mojaz_models.errors import BundleError, ReleaseError
from mojaz_models.evaluate import translation
from mojaz_models.evaluate.measures import Faults
from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.testsets import read_test_sets
from mojaz_models.manifest import read_manifest, verify, write_manifest
from mojaz_models.tiny import SENTENCES, build_tiny
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Translator
from mojaz_server.pipeline.normalize import normalize


def test_a_tiny_bundle_is_the_same_for_the_same_seed(tiny: Path, tmp_path: Path) -> None:
    same, other = build_tiny(tmp_path / "same"), build_tiny(tmp_path / "other", seed=2)
    assert read_manifest(same).files == read_manifest(tiny).files
    assert read_manifest(other).files["model.bin"] != read_manifest(tiny).files["model.bin"]


def test_the_engine_reads_the_manifest(tiny: Path) -> None:
    ours, theirs = read_manifest(tiny), Bundle.load(tiny)
    assert theirs.id == ours.model
    assert theirs.tag == ">>en<<"
    assert theirs.decoding.max_source_pieces == ours.decoding.max_source_pieces


def test_tiny_translations_vary_end_and_hold_no_arabic(tiny: Path) -> None:
    translator = Translator(Bundle.load(tiny))
    sources = [normalize(s) for s in SENTENCES[::2]]
    for beam in (1, 4):
        outputs = translator.translate_batch(sources, beam)
        assert len({output.text for output in outputs}) > 6
        assert sum(output.ended for output in outputs) > 6
        assert not any("\u0600" <= c <= "\u06ff" for output in outputs for c in output.text)


def test_a_manifest_is_read_as_it_was_written(copy: Path) -> None:
    scores = [manifest.Score("set", "BLEU", 12.5, "signature")]
    written = write_manifest(copy, replace(read_manifest(copy), version="7", scores=scores))
    assert read_manifest(copy) == replace(written, data=tuple(written.data), scores=tuple(scores))
    assert verify(copy).model == "tiny@7"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: (f / "model.bin").unlink(), "model.bin is missing"),
        (lambda f: (f / "model.bin").write_bytes(b"x"), "model.bin is not the file"),
        (lambda f: (f / "manifest.json").unlink(), "no manifest.json"),
        (lambda f: (f / "manifest.json").write_text("{"), "manifest.json"),
        (lambda f: (f / "manifest.json").write_text('{"format": 2}'), "format 1"),
        (lambda f: (f / "manifest.json").write_text('{"format": 1}'), "files"),
    ],
)
def test_a_broken_bundle_is_named(copy: Path, change: object, message: str) -> None:
    change(copy)  # type: ignore[operator]
    with pytest.raises(BundleError, match=message):
        verify(copy)


def test_long_sources_are_divided_as_in_serving(tiny: Path) -> None:
    translator = Translator(Bundle.load(tiny))
    long = "، ".join(SENTENCES[::2] * 4)
    assert translator.count(normalize(long)) > translator.bundle.decoding.max_source_pieces
    first, second, third = translation.translate(translator, [long, "", SENTENCES[0]])
    assert first.pieces > third.pieces > 0
    assert second.text == ""


def test_a_first_release_goes_into_the_catalogue(copy: Path, pairs: Path, tmp_path: Path) -> None:
    into, listed = tmp_path / "bundles/tiny", tmp_path / "catalog.toml"
    catalog.write(listed, [catalog.Entry("other", "1", "hub:a/b", "MIT", about='with "quotes" and \\')])
    options = ["--into", str(into), "--pairs", str(pairs), "--catalog", str(listed)]
    assert main(["publish", str(copy), *options]) == 0
    assert main(["publish", str(copy), *options]) == 0  # no worse than itself
    released = verify(into)
    entries = catalog.read(listed)
    assert [e.name for e in entries] == ["tiny", "other"]
    assert entries[1].about == 'with "quotes" and \\'
    assert entries[0].source == "bundle:bundles/tiny"
    assert entries[0].files["model.bin"] == released.files["model.bin"]
    assert entries[0].files["manifest.json"].sha256 == manifest.sha256(into / "manifest.json")
    assert [s.value for s in entries[0].score] == [s.value for s in released.scores]
    assert read_manifest(copy).scores == ()  # the candidate is left as it was
    kept = (tmp_path / "outputs/tiny/pairs.txt").read_text(encoding="utf8").splitlines()
    assert len(kept) == len(SENTENCES) // 2
    assert not set(kept) & set(SENTENCES)


def test_a_worse_model_is_not_released(pairs: Path, tmp_path: Path) -> None:
    made = [build_tiny(tmp_path / str(seed), seed) for seed in (1, 2, 3, 4)]
    sets = read_test_sets(pairs=[pairs])
    scored = sorted((r.chrf.value if r.chrf else 0, r.model) for folder in made for r in translation.evaluate([folder], sets))
    best, worst = (tmp_path / scored[at][1].removeprefix("tiny@") for at in (-1, 0))
    publish.publish(best, tmp_path / "released", sets, tmp_path / "catalog.toml")
    before = json.loads((tmp_path / "released/manifest.json").read_text())
    with pytest.raises(ReleaseError, match=r"(BLEU|chrF) on pairs falls from"):
        publish.publish(worst, tmp_path / "released", sets, tmp_path / "catalog.toml")
    assert json.loads((tmp_path / "released/manifest.json").read_text()) == before


def result(**changes: object) -> translation.Result:
    kept = Share(90, 100)
    counted = Faults(200, kept, kept, kept, kept, empty=0, looping=0, unended=0, arabic=0)
    counted = replace(counted, **changes)  # type: ignore[arg-type]
    return translation.Result("tiny@1", "set", None, None, counted, 100.0, 10.0, 1, 100.0, [])


@pytest.mark.parametrize(
    ("worse", "message"),
    [
        ({"figures": Share(83, 100)}, "figures lost on set rises from 10 to 17: .*up to 16 may be chance"),
        ({"terms": Share(80, 100)}, "terms lost on set rises from 10 to 20"),
        ({"looping": 3}, "looping on set rises from 0 to 3"),
        ({"empty": 3}, "empty on set rises from 0 to 3"),
        ({"unended": 3}, "unended on set rises from 0 to 3"),
    ],
)
def test_a_model_that_fails_more_often_is_not_released(worse: dict[str, object], message: str) -> None:
    with pytest.raises(ReleaseError, match=message):
        publish.refuse_regression([result(), result(**worse)])


def test_a_little_more_may_be_chance() -> None:
    publish.refuse_regression([result(), result(figures=Share(84, 100), looping=2)])
    publish.refuse_regression([result(), result(figures=Share(99, 100))])


def test_a_model_too_large_is_not_released(copy: Path, pairs: Path, tmp_path: Path) -> None:
    with (copy / "model.bin").open("ab") as file:
        file.truncate(publish.LARGEST + 1)
    write_manifest(copy, read_manifest(copy))
    with pytest.raises(ReleaseError, match="at most 60"):
        publish.publish(copy, tmp_path / "released", read_test_sets(pairs=[pairs]), tmp_path / "catalog.toml")


def test_the_tiny_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tiny", str(tmp_path / "made"), "--seed", "3"]) == 0
    assert verify(Path(capsys.readouterr().out.strip())).version == "3"
