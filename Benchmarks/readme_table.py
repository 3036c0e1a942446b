#!/usr/bin/env python3
"""Writes the README's table of speed from the results of every kind of processor.

    Benchmarks/readme_table.py [--check]

Each kind has a row for AlexNet on one image, in fp32 and in int8, and for a training step in fp32 and
in bf16, where results/ISA has them. Speedups are of medians, in parentheses of minima. --check writes nothing and exits with 1 where the README differs.
"""
import json
import sys

import runs
from comparison import settings
from comparison.rows import rows_of

README = runs.ROOT / "README.md"
NETWORK = "alexnet"
ENGINES = {"torch": "PyTorch", "tensorflow": "TensorFlow"}
HEADING = ["processor", "AlexNet", "this package", "best peer", "speedup", "all networks"]


def write():
    runs.fill(README, "speed", text())


def text():
    rows = []
    for folder in sorted(path for path in runs.ALL_RESULTS.iterdir() if path.is_dir()):
        for name, function in [("compare-fp32", inference), ("compare-int8", inference),
                               ("train-compare", training)]:
            path = folder / f"{name}.json"
            if path.exists():
                data = json.loads(path.read_text())
                processor = f"{plain(data['machine'])}, `{folder.name}`"
                rows += [[processor, *row] for row in function(data)]
    return runs.table(HEADING, rows)


def plain(machine):
    """A processor's name without trademarks."""
    for mark in ["(R)", "(TM)", " Processor"]:
        machine = machine.replace(mark, "")
    return machine


def inference(data):
    """AlexNet's row: the median time for one image on all threads."""
    rows = [row for group in data["groups"] for row in rows_of(group) if row.ratio()]
    chosen = [row for row in rows if row.network == NETWORK and row.batch == 1]
    if not chosen:
        return []
    row = max(chosen, key=lambda row: row.threads)
    peer = row.best_peer()
    name = settings.CONTENDERS[data["precision"]][peer]
    return [[
        f"classify one image, {data['precision']}", f"{row.milliseconds(settings.OURS):.1f} ms",
        f"{row.milliseconds(peer):.1f} ms ({name})", f"{times(row.ratio())} ({times(row.ratio(min))})",
        span([(row.network, row.ratio()) for row in rows])]]


def training(data):
    """AlexNet's rows: training images per second, by precision."""
    cells = []
    for precision in dict.fromkeys(row["precision"] for row in data["rows"]):
        ratios, chosen = [], None
        for row in data["rows"]:
            if row["precision"] != precision:
                continue
            rates = row["imagesPerSecond"]
            peer = max(rates.keys() - {"ours"}, key=rates.get)
            ratios.append((row["network"], rates["ours"] / rates[peer]))
            if row["network"] == NETWORK:
                chosen = rates["ours"], rates[peer], peer
        if chosen:
            ours, best, peer = chosen
            cells.append([
                f"train, {precision}", f"{ours:.0f} images/s", f"{best:.0f} images/s ({ENGINES[peer]})",
                times(ours / best), span(ratios)])
    return cells


def span(ratios):
    """The least and the greatest speedup, with their networks."""
    low, high = (choose(ratios, key=lambda one: one[1]) for choose in (min, max))
    return f"{times(low[1])} (`{low[0]}`) to {times(high[1])} (`{high[0]}`)"


def times(ratio):
    return f"{ratio:.2f}×"


def main():
    if "--check" not in sys.argv[1:]:
        write()
    elif f"<!-- speed -->\n{text()}<!-- end of speed -->\n" not in README.read_text():
        raise SystemExit("error: README.md has another table of speed: run Benchmarks/readme_table.py")


if __name__ == "__main__":
    main()
