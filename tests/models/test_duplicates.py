"""The evaluation of near-duplicates: copies are planted as asked for, what is found is counted, and it is the same each time."""

import json
import lzma
import random
import sys
from pathlib import Path

import pytest
from mojaz_models.evaluate import duplicates
from mojaz_models.evaluate.duplicates import FEWEST_WORDS, KINDS, measure, plant


def made(number: int, vocabulary: int = 2_000) -> list[str]:
    """Articles of words drawn at random, which share nothing."""
    rng = random.Random(number)
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    known = ["".join(rng.choices(letters, k=rng.randint(3, 7))) for _ in range(vocabulary)]
    sentences = [[" ".join(rng.choices(known, k=15)) + "." for _ in range(rng.randint(12, 16))] for _ in range(number)]
    return ["\n".join(one) for one in sentences]


def test_every_kind_is_planted_and_found() -> None:
    planted = plant(made(40), 4, random.Random(1))
    assert len(planted) == 40 + 4 * len(KINDS)
    assert {one.kind for one in planted} == {"", *KINDS}
    assert all(len(one.body.split()) >= FEWEST_WORDS for one in planted if not one.kind)
    result = measure(planted)
    assert {kind: share.total for kind, share in result.joined.items()} == dict.fromkeys(KINDS, 4)
    assert result.elsewhere == []
    assert all(result.joined[kind].kept == 4 for kind in KINDS if kind != "one sentence replaced")


def test_the_command_prints_the_same_each_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "articles.jsonl.xz"
    rows = [json.dumps({"text": text}, ensure_ascii=False) for text in [*made(30), None]]
    path.write_bytes(lzma.compress("".join(row + "\n" for row in rows).encode()))
    monkeypatch.setattr(sys, "argv", ["duplicates", str(path), "--stories", "30", "--copies", "2", "--show", "1"])
    shown = []
    for _ in range(2):
        duplicates.main()
        shown.append(capsys.readouterr().out.splitlines())
    assert shown[0][:-1] == shown[1][:-1]
    assert shown[0][0] == f"{30 + 2 * len(KINDS)} articles, {2 * len(KINDS)} of them copies (seed 20)"
    assert "times that of normalizing" in shown[0][-1]
