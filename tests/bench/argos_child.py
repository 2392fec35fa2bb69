"""Runs in the peers' environment: JSON list of texts on stdin, {"seconds", "texts"} on stdout, translated by Argos Translate."""

import json
import sys
import time

import sentencizer
from argostranslate import translate

sentencizer.remove()
texts = json.load(sys.stdin)
languages = {language.code: language for language in translate.get_installed_languages()}
translation = languages["ar"].get_translation(languages["en"])
translation.translate(texts[0] + " ")  # loads the model
began = time.perf_counter()
made = [translation.translate(text) for text in texts]
json.dump({"seconds": time.perf_counter() - began, "texts": made}, sys.stdout)
