"""Translates JSON texts from stdin with transformers: python transformers_child.py MODEL BEAM THREADS BATCH."""

import json
import sys
import time

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

folder, beam, threads, batch = sys.argv[1], *map(int, sys.argv[2:])
torch.set_num_threads(threads)
texts = json.load(sys.stdin)
tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForSeq2SeqLM.from_pretrained(folder).eval()


def translate(group: list[str]) -> list[str]:
    inputs = tokenizer(group, return_tensors="pt", padding=True)
    with torch.inference_mode():
        made = model.generate(**inputs, num_beams=beam, max_new_tokens=2 * inputs["input_ids"].shape[1] + 16)
    return tokenizer.batch_decode(made, skip_special_tokens=True)


texts.sort(key=lambda text: len(tokenizer(text)["input_ids"]))
translate(texts[:1])
began = time.perf_counter()
made = [text for at in range(0, len(texts), batch) for text in translate(texts[at : at + batch])]
json.dump({"seconds": time.perf_counter() - began, "texts": made}, sys.stdout)
