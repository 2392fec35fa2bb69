"""Runs in the peers' environment: takes Argos Translate's sentence splitter out of the way.

Its models are downloaded at the first use, which a benchmark must not do. Every text here is one sentence, and splitting costs
nothing: that is in favour of Argos Translate and LibreTranslate.
"""

from argostranslate import sbd


def remove() -> None:
    sbd.MiniSBDSentencizer.__init__ = lambda self, pkg: setattr(self, "pkg", pkg)
    sbd.MiniSBDSentencizer.split_sentences = lambda self, text: [text]
