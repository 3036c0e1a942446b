#!/usr/bin/env python3
"""Trains LeNet and AlexNet on the whole of Fashion-MNIST and writes the course notes' comparison.

    Benchmarks/lenet_alexnet.py [--write] [NAME …]

--write only writes the table, from the logs there are; with names, only those networks train anew.
"""
import json
import subprocess
import sys

import runs

RECIPES = {
    "lenet": "--lr 0.9 --epochs 10",
    "alexnet": "--momentum 0.9 --epochs 1",
}
INFER = runs.ROOT / ".build" / "release" / "cnn-infer"


def main():
    if "--write" not in sys.argv:
        runs.build()
        for name in sys.argv[1:] or RECIPES:
            runs.train(f"compare-{name}", ["--model", name, *RECIPES[name].split()])
    write()


def describe(name):
    """The network as `cnn-infer inspect --json` tells it."""
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "cnn-infer"], cwd=runs.ROOT, check=True
    )
    path = runs.SCRATCH / f"{name}-initial.h5"
    runs.SCRATCH.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [runs.TRAIN, "--model", name, "--max-steps", "0", "-o", path], cwd=runs.ROOT, check=True
    )
    text = subprocess.run([INFER, "inspect", path, "--json"], check=True, capture_output=True).stdout
    path.unlink()
    return json.loads(text)


def column(name):
    facts = describe(name)
    types = [layer["type"] for layer in facts["layers"]]
    log = runs.read(runs.results() / "runs" / f"compare-{name}.jsonl")
    if not log:
        raise SystemExit(f"no log of {name}: run without --write first")
    pre = facts["preprocessing"]
    weighted = [t for t in types if t in ("Conv2d", "Linear")]
    activation = next(t for t in types if t in ("ReLU", "Sigmoid", "Tanh"))
    pooling = next(t for t in types if "Pool" in t)
    return [
        f"{pre['channels']}×{pre['height']}×{pre['width']}",
        f"{len(weighted)} layers with weights ({weighted.count('Conv2d')} convolutions)",
        f"{facts['parameters']:,}", f"{facts['macs']:,}", activation, pooling,
        f"`{RECIPES[name]}`", f"{log[-1]['trainLoss']:.3f}", f"{log[-1]['testAccuracy']:.3f}",
        f"{sum(row['seconds'] for row in log):.0f} s ({log[-1]['imagesPerSecond']:.0f} images/s)",
    ]


def write():
    heading = [
        "input", "depth", "parameters", "MACs an image", "activation", "pooling", "recipe",
        "training loss", "test accuracy", "training time",
    ]
    lenet, alexnet = column("lenet"), column("alexnet")
    rows = [list(row) for row in zip(heading, lenet, alexnet)]
    text = (
        "# LeNet and AlexNet\n\n"
        "Both on all 60,000 training and 10,000 test images of Fashion-MNIST, batches of 128.\n"
        "Written by `Benchmarks/lenet_alexnet.py`.\n\n"
        f"{runs.circumstances()}\n\n"
    )
    runs.fill(
        runs.results() / "lenet-alexnet.md", "lenet-alexnet",
        text + runs.table(["", "LeNet (1998)", "AlexNet (2012)"], rows))


if __name__ == "__main__":
    main()
