"""The orthographic noise of newsrooms, put on clean Arabic so that the model learns to read through it."""

import random
import re

_NO_HAMZA = str.maketrans("إأآ", "ااا")


def noisy(text: str, rng: random.Random) -> str:
    """Arabic as typed in a hurry: hamzas dropped, ta marbuta and alef maqsura confused, words and stops glued, slips.

    `text` is normalized; the result is too, and is the same for the same state of `rng`."""
    text = _hamzas(text, rng)
    text = _endings(text, rng)
    text = _stops(text, rng)
    if rng.random() < 0.15:
        text = _slip(text, rng)
    if rng.random() < 0.1:
        text = text.replace('"', "")
    text = text.rstrip(".") if rng.random() < 0.1 else text
    return " ".join(text.split())


def _hamzas(text: str, rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.35:
        return text.translate(_NO_HAMZA)
    if draw < 0.55:
        return "".join(c.translate(_NO_HAMZA) if rng.random() < 0.5 else c for c in text)
    return text


def _endings(text: str, rng: random.Random) -> str:
    if rng.random() < 0.25:
        text = re.sub(r"ة\b", lambda _: "ه" if rng.random() < 0.6 else "ة", text)
    draw = rng.random()
    if draw < 0.25:
        return re.sub(r"ى\b", lambda _: "ي" if rng.random() < 0.6 else "ى", text)
    if draw < 0.4:
        return re.sub(r"ي\b", lambda _: "ى" if rng.random() < 0.5 else "ي", text)
    return text


def _stops(text: str, rng: random.Random) -> str:
    if rng.random() < 0.2:
        text = re.sub(r"([،,.]) ", lambda m: m[1] if rng.random() < 0.6 else m[0], text)
    if rng.random() < 0.15:
        return re.sub(r" ([،,.])", r"\1", text) if rng.random() < 0.5 else re.sub(r"([،,.])", r" \1", text)
    return text


def _slip(text: str, rng: random.Random) -> str:
    """Now and then a word is glued to the next, or loses or swaps a letter inside."""
    words = text.split(" ")
    for _ in range(1 + len(words) // 25):
        if len(words) < 5:
            break
        i = rng.randrange(len(words) - 1)
        word, draw = words[i], rng.random()
        if draw < 0.4:
            words[i : i + 2] = [word + words[i + 1]]
        elif len(word) > 3:
            j = rng.randrange(1, len(word) - 1)
            words[i] = word[:j] + word[j + 1 :] if draw < 0.7 else word[:j] + word[j + 1] + word[j] + word[j + 2 :]
    return " ".join(words)
