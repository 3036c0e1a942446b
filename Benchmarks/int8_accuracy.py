#!/usr/bin/env python3
"""Quantises fp32 checkpoints by every calibration method and compares them on Fashion-MNIST.

    Benchmarks/int8_accuracy.py [--limit N] [--samples N] CKPT…

Each checkpoint is evaluated in fp32 and, by each method, in int8, every layer quantised, on the first
N test images (all 10,000 if not given). Writes results/ISA/int8-accuracy.md; exits with 1 where the
default method loses more than 0.5 points (AlexNet: 0.3, or agrees on less than 99 % of the images).
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import runs

INFER = runs.ROOT / ".build" / "release" / "cnn-infer"
DATA = ["--dataset", "fashion-mnist"]
METHODS = ["minmax", "percentile", "mse", "entropy"]


def call(*arguments):
    """What cnn-infer prints."""
    return subprocess.run(
        [str(INFER), *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout


def default_method():
    """The method that `quantize` takes when none is named, from its own help."""
    words = call("quantize", "--help").split()
    place = words.index("--method")
    return next(
        words[i + 1].rstrip(")") for i in range(place, len(words)) if words[i] == "(default:")


def quantize(checkpoint, target, method, samples):
    """Quantises, and gives the layer of the worst signal-to-noise ratio with its decibels."""
    text = call("quantize", checkpoint, "-o", target, *DATA, "--method", method,
                "--samples", samples, "--evaluate", "none")
    rows = [line.split() for line in text.split("\n\n")[0].splitlines()[1:]]
    rows = [(row[0], float(row[-1])) for row in rows if row[-1] != "exact"]
    return min(rows, key=lambda row: row[1])


def evaluate(checkpoint, limit, *more):
    """What `evaluate` says, accuracies in percent."""
    found = json.loads(call("evaluate", checkpoint, *DATA, "--limit", limit, "--json", *more))
    found["accuracy"] *= 100
    return found


def measure(checkpoint, best, arguments, scratch):
    """A row of the table, and whether the network passes."""
    name = json.loads(call("inspect", checkpoint, "--json"))["network"]
    accuracies = {}
    for method in METHODS:
        target = scratch / "int8.h5"
        noisiest = quantize(checkpoint, target, method, arguments.samples)
        if method == best:
            found = evaluate(target, arguments.limit, "--against", checkpoint)
            fp32 = found["accuracy"] - 100 * found["accuracyDifference"]
            agreement, worst = found["agreement"], noisiest
        else:
            found = evaluate(target, arguments.limit)
        accuracies[method] = found["accuracy"]
        print(name, method, f"{found['accuracy']:.2f} %", flush=True)
    lost = fp32 - accuracies[best]
    fine = lost <= 0.3 and agreement >= 0.99 if name == "alexnet" else lost <= 0.5
    row = [f"`{name}`", f"{fp32:.2f} %"]
    row += [f"{accuracies[m]:.2f} % ({accuracies[m] - fp32:+.2f})" for m in METHODS]
    row += [f"{agreement:.2%}", f"{worst[0]}, {worst[1]:.1f} dB"]
    return row, fine


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=512)
    parser.add_argument("checkpoints", nargs="+")
    arguments = parser.parse_args()
    best, rows, good = default_method(), [], True
    with tempfile.TemporaryDirectory() as scratch:
        for checkpoint in arguments.checkpoints:
            row, fine = measure(checkpoint, best, arguments, pathlib.Path(scratch))
            rows.append(row)
            good = good and fine
    heading = ["network", "fp32"] + METHODS + [f"agreement, {best}", f"noisiest layer, {best}"]
    text = (
        "# Accuracy in int8\n\n"
        f"The first {arguments.limit:,} test images of Fashion-MNIST, every layer in int8, calibrated\n"
        f"with {arguments.samples} training images by each method; in brackets the points won or lost.\n"
        f"`{best}` is the default. Networks other than the shipped were trained briefly: it is the\n"
        f"difference that counts. Written by `Benchmarks/int8_accuracy.py` on {runs.machine()}.\n\n")
    runs.fill(runs.results() / "int8-accuracy.md", "int8-accuracy", text + runs.table(heading, rows))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
