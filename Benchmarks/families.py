#!/usr/bin/env python3
"""Trains one network of each family at full size on Fashion-MNIST until its loss is below 1.0.

    Benchmarks/families.py [NAME …]

Each run goes over the first 12,800 training images again and again, 100 steps an epoch, and ends
with the first epoch whose mean training loss is below 1.0. Logs go to results/ISA/runs, the table of
all logs that are there to results/ISA/families.md.
"""
import sys

import runs

# The recipes: found by hand, each the shortest of a few.
RECIPES = {
    "lenet": "--optimizer adam --lr 0.005",
    "alexnet": "--momentum 0.9",
    "vgg11-small": "--optimizer adam --lr 0.0005",
    "nin": "--optimizer adam --lr 0.0003",
    "googlenet": "--optimizer adam --lr 0.001",
    "resnet18": "--lr 0.05",
    "densenet": "--lr 0.1",
}
COMMON = "--limit-train 12800 --limit-test 2000 --epochs 100"
LIMIT = 1.0


def main():
    names = sys.argv[1:] or list(RECIPES)
    runs.build()
    for name in names:
        arguments = ["--model", name, *RECIPES[name].split(), *COMMON.split()]
        runs.train(f"family-{name}", arguments, stop=lambda row: row["trainLoss"] < LIMIT)
    write()


def write():
    rows = []
    for name, recipe in RECIPES.items():
        log = runs.read(runs.results() / "runs" / f"family-{name}.jsonl")
        if not log:
            continue
        last = log[-1]
        if last["trainLoss"] >= LIMIT:
            raise SystemExit(f"{name} ended with a training loss of {last['trainLoss']}")
        seconds = sum(row["seconds"] for row in log)
        images = 12_800 * len(log)
        rows.append([
            f"`{name}`", f"`{recipe}`", f"{100 * len(log)}", f"{seconds:.0f} s",
            f"{images / seconds:.0f}", f"{last['trainLoss']:.3f}", f"{last['testAccuracy']:.3f}",
        ])
    heading = ["network", "recipe", "steps", "time", "images/s", "training loss", "test accuracy"]
    text = (
        "# Every family learns\n\n"
        "Steps of 128 images and training time until the mean training loss of an epoch of 100\n"
        "steps is below 1.0, at full size on the first 12,800 images of Fashion-MNIST; accuracy on\n"
        "the first 2,000 test images. Written by `Benchmarks/families.py`.\n\n"
        f"{runs.circumstances()}\n\n"
    )
    runs.fill(runs.results() / "families.md", "families", text + runs.table(heading, rows))


if __name__ == "__main__":
    main()
