"""English text, the noise put on Arabic, vocabularies, and batches."""

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mojaz_models import batches, noise, text, tiny, vocabulary
from mojaz_models.batches import Mixture, Pairs
from mojaz_models.dataset import Encoder, Side, encode
from mojaz_server.pipeline.normalize import fold, normalize

SENTENCE = "أعلنت الوزارة، مساء أمس، أن مستشفى المدينة استقبل إصابات كثيرة في الأيام الأخيرة."


@given(st.text())
def test_english_is_idempotent(line: str) -> None:
    assert text.english(text.english(line)) == text.english(line)


def test_english_quotes_and_spaces() -> None:
    assert text.english("“It’s  over” — he\xa0said…") == '"It\'s over" - he said...'


def test_shares_of_scripts() -> None:
    assert text.share(text.ARABIC, "نص abc") == pytest.approx(2 / 5)
    assert text.share(text.LATIN, "") == 0


def test_noise_is_the_same_for_the_same_seed_and_stays_normalized() -> None:
    made = [noise.noisy(SENTENCE, random.Random(seed)) for seed in range(300)]
    assert made == [noise.noisy(SENTENCE, random.Random(seed)) for seed in range(300)]
    assert all(normalize(line) == line for line in made)


def test_noise_is_what_newsrooms_do() -> None:
    made = Counter(noise.noisy(SENTENCE, random.Random(seed)) for seed in range(500))
    assert 0.03 < made[SENTENCE] / 500 < 0.5  # some sentences stay clean, most do not
    assert any("اعلنت" in line for line in made)
    assert any("الوزارة،مساء" in line or "الوزاره،مساء" in line for line in made)
    assert any(len(line.split()) < len(SENTENCE.split()) for line in made)
    close = sum(fold(line).replace(" ", "") == fold(SENTENCE).replace(" ", "") for line in made.elements())
    assert close > 300  # mostly the same letters


def test_noise_leaves_short_and_empty_text_alone() -> None:
    assert {noise.noisy("", random.Random(seed)) for seed in range(50)} == {""}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vocabulary") / "spm.model"
    path.write_bytes(vocabulary.train(tiny.SENTENCES, 480))
    return path


def test_a_vocabulary_has_tags_bytes_and_its_ends(model: Path) -> None:
    pieces = vocabulary.load(model)
    assert vocabulary.names(pieces)[:8] == ["</s>", "<unk>", *vocabulary.TAGS]
    assert pieces.is_byte(vocabulary.FIRST_PIECE - 1)
    assert not pieces.is_byte(vocabulary.FIRST_PIECE)
    assert pieces.encode("2024", out_type=str)[-4:] == ["2", "0", "2", "4"]
    assert pieces.decode(pieces.encode("☃ قال")) == "☃ قال"  # what it has never seen goes through as bytes
    english = vocabulary.english(pieces)
    assert 0 < len(english) < pieces.vocab_size()
    assert not any(vocabulary.holds_arabic(pieces.id_to_piece(i)) for i in english)


def test_a_model_forgets_the_files_that_it_was_trained_on(tmp_path: Path) -> None:
    import sentencepiece

    (tmp_path / "sentences.txt").write_text("\n".join(tiny.SENTENCES), encoding="utf8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(tmp_path / "sentences.txt"), model_prefix=str(tmp_path / "m"), vocab_size=280, minloglevel=2
    )
    model = (tmp_path / "m.model").read_bytes()
    assert str(tmp_path).encode() in model
    clean = vocabulary.anonymous(model)
    assert str(tmp_path).encode() not in clean
    before, after = sentencepiece.SentencePieceProcessor(), sentencepiece.SentencePieceProcessor()
    before.load_from_serialized_proto(model)
    after.load_from_serialized_proto(clean)
    assert [before.encode(s) for s in tiny.SENTENCES] == [after.encode(s) for s in tiny.SENTENCES]
    assert vocabulary.anonymous(clean) == clean


def side(model: Path, sentences: list[str]) -> Side:
    return Side(*encode(vocabulary.load(model), sentences))


def test_sentences_come_back_from_flat_arrays(model: Path) -> None:
    pieces = vocabulary.load(model)
    both = Side.joined([side(model, tiny.SENTENCES[::2]), side(model, tiny.SENTENCES[1::2])])
    assert len(both) == len(tiny.SENTENCES)
    assert pieces.decode(both.sentence(0).tolist()) == tiny.SENTENCES[0]
    assert pieces.decode(both.sentence(len(both) - 1).tolist()) == tiny.SENTENCES[-1]


def test_encoding_in_processes_is_encoding(model: Path) -> None:
    with Encoder(model, 1) as encoder:
        clean, noisy = encoder(tiny.SENTENCES), encoder(tiny.SENTENCES, 1.0, seed=3)
        again, empty = encoder(tiny.SENTENCES, 1.0, seed=3), encoder([])
    assert (clean.tokens == side(model, tiny.SENTENCES).tokens).all()
    assert (noisy.tokens == again.tokens).all()
    assert len(noisy) == len(clean)
    assert len(noisy.tokens) != len(clean.tokens)
    assert len(empty) == 0


def mixture(model: Path, tokens: int, weight: float = 1.0) -> Mixture:
    source, target = side(model, tiny.SENTENCES[::2] * 20), side(model, tiny.SENTENCES[1::2] * 20)
    return Mixture([Pairs("all", source, target, [2], weight)], 480, tokens, seed=5)


def test_an_epoch_has_every_pair_as_often_as_its_weight_says(model: Path) -> None:
    for weight, most, least in ((1.0, 1, 1), (2.0, 2, 2), (1.5, 2, 1)):
        counts = Counter(int(row) for _, rows in mixture(model, 400, weight).epoch() for row in rows)
        assert (max(counts.values()), min(counts.values())) == (most, least)
        assert counts.total() == int(weight * len(counts))


def test_batches_are_tagged_padded_and_of_the_size_asked_for(model: Path) -> None:
    found = mixture(model, 400)
    drawn = found.batches()
    for _ in range(20):
        source, target = next(drawn)
        assert (source[:, 0] == 2).all()
        assert source.dtype == target.dtype == np.int64
        assert len(source) * max(source.shape[1], target.shape[1]) < 600
        for row in (*source[:, 1:], *target):
            words = row[row != found.pad]
            assert words[-1] == vocabulary.END
            assert (row[len(words) :] == found.pad).all()


def test_batches_are_the_same_for_the_same_seed(model: Path) -> None:
    first, second = (mixture(model, 300).batches() for _ in range(2))
    for _ in range(5):
        assert all((a == b).all() for a, b in zip(next(first), next(second), strict=True))


def test_pairs_that_cannot_be_trained_on_are_left_out(model: Path) -> None:
    long = " ".join(["قال"] * (batches.LONGEST + 10))
    source = side(model, ["قال الوزير", "", long, "قال"])
    target = side(model, ["The minister said", "Nothing", "Too long", "The minister said " * 10])
    assert Pairs("some", source, target, [2]).good.tolist() == [0]
    with pytest.raises(ValueError, match="no sentence"):
        next(Mixture([Pairs("none", source, target, [2], weight=0)], 480, 100).batches())
