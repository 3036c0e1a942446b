#!/usr/bin/env python3
"""Fits the constants of inference's cost model, which chooses an algorithm for each convolution.

    Benchmarks/fit_convolution_costs.py [--measure [--networks NAME …] [--rounds 3]] [ISA …]

--measure times every convolution of the networks by every algorithm on this machine, which should be
quiet, and writes results/ISA/convolution-costs.json: about 20 minutes. Then, as without --measure from
the committed data of the processors named (this one's if none is), the script prints the constants of
Sources/Inference/Convolution/ConvolutionCosts.swift and those that fit best, and the regret of both: how much
longer the chosen algorithms take than the fastest measured. Writes results/ISA/convolution-costs.md.
It changes no source: constants that win on every kind of processor are copied by hand.
"""
import argparse
import json
import subprocess
import sys

import runs
from comparison import settings
from cost_model import Model, cost, fitted, loading

BATCHES = [1, 8]
# What a plan expects when nothing else is said.
RUNS = 1000
SHAPE = ["inputChannels", "outputChannels", "height", "width", "kernelHeight", "kernelWidth",
         "strideWidth", "groups", "images"]


def measure(networks, rounds):
    """Rows of one network, batch and shape each with the median time of each algorithm; plans' times."""
    for product in ["cnn-train", "cnn-infer"]:
        subprocess.run(["swift", "build", "-c", "release", "--product", product], cwd=runs.ROOT, check=True)
    rows, plans = {}, {}
    for network in networks:
        path = runs.SCRATCH / f"{network}-costs.h5"
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([runs.TRAIN, "--model", network, "--max-steps", "0", "--quiet", "-o", path], check=True)
        for batch in BATCHES * rounds:
            command = [settings.INFER, "benchmark-convolutions", path, "--batch-size", str(batch)]
            lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
            add(network, batch, [json.loads(line) for line in lines], rows, plans)
        path.unlink()
        print(f"{network} measured", file=sys.stderr)
    for row in rows.values():
        row["milliseconds"] = {tile: round(median(times), 5) for tile, times in row["milliseconds"].items()}
    return list(rows.values()), [
        {"network": network, "tile": tile, "milliseconds": round(median(times), 3)}
        for (network, tile), times in plans.items()]


def add(network, batch, lines, rows, plans):
    """Counts a run's times into the rows, once each for the layers of one shape."""
    swift = Model.of_sources()
    tiles = [0, 1, 2, 4, 6, None]
    for tile, line in zip(tiles, lines, strict=True):
        if tile is not None and batch == 1:
            plans.setdefault((network, tile), []).append(line["planMilliseconds"])
        counts = {}
        for layer in line["convolutions"]:
            shape = {key: layer[key] for key in SHAPE}
            key = (network, batch, *shape.values())
            counts[key] = counts.get(key, 0) + 1
            row = rows.setdefault(key, {
                "network": network, "batch": batch, "threads": line["threads"], **shape,
                "milliseconds": {}})
            found = str(layer["outputTile"])
            if tile is None:
                row["chosen"] = found
                continue
            expected = cost(row, int(found), line["isa"], swift)
            if abs(layer["cost"] / expected - 1) > 1e-9:
                raise SystemExit(
                    f"error: {layer['name']} of {network} costs {layer['cost']}, not {expected}: "
                    "make Benchmarks/cost_model.py the model of ConvolutionCosts.swift")
            # Where an algorithm does not apply, the plan has the matrix product instead.
            if found == str(tile):
                row["milliseconds"].setdefault(found, []).append(layer["milliseconds"])
        for key, count in counts.items():
            rows[key]["layers"] = count


def median(times):
    return sorted(times)[len(times) // 2]


def choice(row, isa, model):
    """The tile of least cost, as a plan chooses; the matrix product where costs are equal."""
    passes = RUNS * (row["batch"] // row["images"])
    return min(
        row["milliseconds"],
        key=lambda tile: cost(row, int(tile), isa, model) + loading(row, int(tile), isa, model) / passes)


def regrets(rows, isa, models):
    """Lines of a table: for each network and batch, how much longer the choices take than the best."""
    lines = []
    for key in dict.fromkeys((row["network"], row["batch"]) for row in rows):
        group = [row for row in rows if (row["network"], row["batch"]) == key]
        lines.append([f"`{key[0]}`", str(key[1]), *excesses(group, isa, models)])
    return [*lines, ["all", "", *excesses(rows, isa, models)]]


def excesses(rows, isa, models):
    best = sum(row["layers"] * min(row["milliseconds"].values()) for row in rows)
    cells = [f"{best:.2f}"]
    for model in models:
        chosen = [choice(row, isa, model) for row in rows]
        time = sum(row["layers"] * row["milliseconds"][tile] for row, tile in zip(rows, chosen))
        cells.append(f"{time / best - 1:+.2%}")
    return cells


def report(isa):
    path = runs.ALL_RESULTS / isa / "convolution-costs.json"
    if not path.exists():
        raise SystemExit(f"error: no measurements of {isa}: {path}: run this with --measure on such a machine")
    data = json.loads(path.read_text())
    rows, swift = data["rows"], Model.of_sources()
    fit = fitted(swift, rows, data["plans"], isa)
    changed = sum(row["layers"] for row in rows if choice(row, isa, swift) != choice(row, isa, fit))
    # A plan's choices were made with the constants of that day.
    same = sum(row["layers"] for row in rows if choice(row, isa, swift) == row["chosen"])
    layers = sum(row["layers"] for row in rows)
    names = [[f"`{name}`", f"{swift[name]:g}", f"{fit[name]:.3g}"] for name in swift]
    text = (
        "# The cost model of convolutions\n\n"
        f"Written by `Benchmarks/fit_convolution_costs.py`. Machine: {data['machine']}, "
        f"{rows[0]['threads']} threads.\n\n"
        "Regret: how much longer the model's choices take than the fastest algorithm measured for each\n"
        f"layer. Of {layers} layers, the fitted constants choose differently for {changed}; the plans that\n"
        f"were measured chose as the constants of the sources do for {same}.\n\n"
        + runs.table(["network", "batch", "best ms", "regret of the sources", "regret of the fit"],
                     regrets(rows, isa, [swift, fit]))
        + "\nAs ratios of work; `transform` is for a tile F(m × m, r × r), of its input and its output.\n\n"
        + runs.table(["constant", "sources", "fit"], names))
    runs.fill(path.with_suffix(".md"), "convolution-costs", text)
    print(text)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--networks", nargs="+", default=settings.NETWORKS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("isas", nargs="*", metavar="ISA")
    options = parser.parse_args()
    if options.measure:
        rows, plans = measure(options.networks, options.rounds)
        head = json.dumps({"machine": runs.machine()})[1:-1]
        lists = [f'"{name}": [\n' + ",\n".join(map(json.dumps, values)) + "\n]"
                 for name, values in [("plans", plans), ("rows", rows)]]
        target = runs.results() / "convolution-costs.json"
        target.write_text("{" + ",\n".join([head, *lists]) + "}\n")
    for isa in options.isas or [runs.isa()]:
        report(isa)


if __name__ == "__main__":
    main()
