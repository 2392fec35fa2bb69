"""Runs in the peers' environment, which has matplotlib: python plot.py RESULTS.json PAGE.svg."""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams |= {"svg.hashsalt": "mojaz", "font.size": 9}  # the same figures give the same file
from matplotlib import pyplot  # noqa: E402

records = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["records"]
figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
for name in ("Mojaz", "LibreTranslate"):
    for axes, measure in ((left, "sentences"), (right, "p50")):
        found = sorted(
            (r["at"], r["value"]) for r in records if (r["contender"], r["measure"]) == (name, measure) and r["part"] != "digests"
        )
        if found:
            axes.plot(*zip(*found, strict=True), marker="o", label=name)
for r in records:
    if r["measure"] == "sentences" and not r["at"]:
        left.axhline(r["value"], linestyle=":", color="grey")
        left.annotate(r["contender"], (1, r["value"]), fontsize=7, va="bottom")
left.set(xscale="log", xlabel="callers at once", ylabel="sentences per second", ylim=(0, None), title="Throughput")
right.set(xscale="log", yscale="log", xlabel="callers at once", ylabel="ms, median", title="Waiting for one sentence")
for axes in (left, right):
    axes.set_xticks([1, 4, 16, 64], ["1", "4", "16", "64"])
    axes.minorticks_off()
    if axes.lines:
        axes.legend(fontsize=7)
figure.savefig(sys.argv[2], metadata={"Date": None})
