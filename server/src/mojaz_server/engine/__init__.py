"""The model: the only package that imports ctranslate2 and sentencepiece."""
