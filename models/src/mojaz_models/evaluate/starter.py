"""How often the entries of the starter glossary stand in sentences, and how often their English does in a translation.

`python -m mojaz_models.evaluate.starter FOLDER OUTPUTS` reads SET.tsv (Arabic, tab, English) of FOLDER and SET.txt (a translation
a line) of OUTPUTS for each test set and prints a table; `--misses` lists the entries whose English a reference has not.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.starter import starter

from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.testsets import rows

TEST_SETS = ("news_dev", "flores_dev")


def kept_entries(pairs: Sequence[tuple[str, str]], glossary: Glossary) -> tuple[Share, Counter[tuple[str, str]]]:
    """Of the entries that stand in the Arabic of pairs, those whose English is in the pair's English; the others, counted."""
    missed: Counter[tuple[str, str]] = Counter()
    total = 0
    for source, target in pairs:
        for match in glossary.match(source):
            total += 1
            if match.entry.find(target) is None:
                missed[match.span.of(source), match.entry.english] += 1
    return Share(total - missed.total(), total), missed


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and the misses if they are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("outputs", type=Path)
    parser.add_argument("--misses", action="store_true")
    chosen = parser.parse_args(arguments)
    print(f"{'set':12} {'entries':>8} {'in sentences':>13} {'reference':>10} {'model alone':>12}")
    for name in TEST_SETS:
        pairs = list(rows(chosen.folder / f"{name}.tsv"))
        made = (chosen.outputs / f"{name}.txt").read_text("utf-8").splitlines()
        reference, missed = kept_entries(pairs, starter())
        model, _ = kept_entries([(source, english) for (source, _), english in zip(pairs, made, strict=True)], starter())
        different = len({match.entry.source for source, _ in pairs for match in starter().match(source)})
        print(f"{name:12} {different:8} {reference.total:13} {reference.percent:8.1f} % {model.percent:10.1f} %")
        if chosen.misses:
            print("".join(f"  {count:3} {form} = {english}\n" for (form, english), count in missed.most_common()), end="")


if __name__ == "__main__":
    main()
