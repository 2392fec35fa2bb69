"""Runs in the peers' environment: the command libretranslate with sentencizer.py's change."""

import sentencizer
from libretranslate.main import main

sentencizer.remove()
main()
