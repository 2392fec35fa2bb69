"""A tiny real bundle for tests: its words are noise, but tags, suppression, beam search and limits work as in a trained one."""

from pathlib import Path

import numpy as np
from mojaz_server.engine.bundle import Decoding
from numpy.typing import NDArray

from mojaz_models import spec, vocabulary
from mojaz_models.manifest import Data, Manifest, write_manifest

SHAPE = spec.Shape(width=32, inner=64, heads=2, encoder=1, decoder=1)
PIECES = 480

# Written for this file; enough letters and words for a vocabulary of both languages.
SENTENCES = """
قال وزير الخارجية إن المحادثات ستستأنف يوم الاثنين في العاصمة
The foreign minister said the talks would resume on Monday in the capital
ارتفعت أسعار النفط بنسبة 3.5% في تعاملات اليوم بعد قرار خفض الإنتاج
Oil prices rose 3.5% in today's trading after the decision to cut output
أعلنت وزارة الصحة مقتل 12 شخصا وإصابة 47 آخرين في الغارة
The health ministry announced that 12 people were killed and 47 wounded in the raid
وصل الرئيس إلى بيروت في كانون الثاني 2024 على رأس وفد رفيع
The president arrived in Beirut in January 2024 at the head of a high-level delegation
نفى المتحدث باسم الجيش وقوع أي انفجار قرب المطار
The army spokesman denied that any explosion had occurred near the airport
طالبت الأمم المتحدة بوقف فوري لإطلاق النار وإدخال المساعدات
The United Nations called for an immediate ceasefire and the entry of aid
فاز المنتخب بهدفين مقابل هدف واحد في المباراة النهائية
The national team won by two goals to one in the final match
تتوقع الأرصاد أمطارا غزيرة وثلوجا على المرتفعات حتى مساء الجمعة
Forecasters expect heavy rain and snow on high ground until Friday evening
وقعت الحكومة اتفاقا مع البنك الدولي بقيمة 150 مليون دولار
The government signed an agreement with the World Bank worth 150 million dollars
خرج آلاف المتظاهرين إلى الشوارع احتجاجا على ارتفاع الضرائب
Thousands of protesters took to the streets against higher taxes
يبدأ العام الدراسي في الأول من أيلول وتستمر الامتحانات أسبوعين
The school year begins on 1 September and the examinations last two weeks
وقالت "الوكالة الوطنية" إن القاضي أفرج عن أربعة صحفيين؛ ثم أغلق الملف!
The "National Agency" said the judge had released four journalists; he then closed the file!
""".strip().split("\n")


def build_tiny(folder: Path, seed: int = 1) -> Path:
    """Write a tiny bundle into `folder` (made if missing) in well under a second: the same bytes for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spm.model").write_bytes(vocabulary.train(SENTENCES, PIECES))
    names = vocabulary.names(vocabulary.load(folder / "spm.model"))
    spec.save(_weights(len(names), np.random.default_rng(seed)), SHAPE, names, folder)
    write_manifest(
        folder,
        Manifest(
            name="tiny",
            version=str(seed),
            licence="Apache-2.0",
            description="Random weights for tests: the output is noise.",
            files={},
            decoding=Decoding(no_repeat_ngram_size=2),
            data=[Data("none", "Apache-2.0")],
        ),
    )
    return folder


def _weights(pieces: int, rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    """Token vectors are short, so that the place in the sentence and the source decide and outputs vary;
    the vector of `</s>` points to late positions, so that most translations end by themselves after a dozen pieces."""
    width = SHAPE.width
    found = spec.random_weights(pieces, SHAPE, rng, embedding=0.15)
    embed = found["embed.weight"]
    embed[vocabulary.UNKNOWN : vocabulary.FIRST_PIECE] *= 0.1  # bytes, tags and <unk> are never the best choice
    positions = spec.sinusoids(spec.LONGEST, width)
    late = positions[30] - positions[2]
    embed[vocabulary.END] = 3 * width**-0.5 * late / np.linalg.norm(late)
    for part in ("encoder_attn.q_proj", "encoder_attn.k_proj"):
        found[f"decoder.0.{part}.weight"] *= 4  # look at one place of the source ...
    found["decoder.0.encoder_attn.out_proj.weight"] *= 2  # ... and mind it
    for part in ("self_attn.out_proj", "fc2"):
        found[f"decoder.0.{part}.weight"] *= 0.2
    found["decoder_layer_norm.weight"] *= 3  # sharper choices than random vectors would make
    return found
