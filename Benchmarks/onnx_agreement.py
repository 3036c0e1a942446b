#!/usr/bin/env python3
"""Holds exported ONNX files in ONNX Runtime beside cnn-infer, at the networks' full sizes.

    Benchmarks/.venv-tests/bin/python Benchmarks/onnx_agreement.py [CKPT…]

Without checkpoints every variant is taken with its initial weights, in fp32. Each is exported with
its preprocessing in the graph, both programs read the same PNGs of Fashion-MNIST's test part, and
the logits are compared: 4 images for fp32, 1,000 for a quantised checkpoint, of which the same class
is wanted for 995. A checkpoint in fp32 that is given is also quantised, by the default method, and
compared in int8. Writes results/ISA/onnx-agreement.md, or onnx-agreement-trained.md for given
checkpoints, and exits with 1 where a network fails.
"""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from PIL import Image

import runs

INFER = runs.ROOT / ".build" / "release" / "cnn-infer"
DATA = pathlib.Path("/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz")


def call(*arguments):
    """What cnn-infer prints."""
    return subprocess.run(
        [str(INFER), *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout


def variants():
    """The names that cnn-train knows: the first column of its table, below the heading."""
    listing = subprocess.run(
        [str(runs.TRAIN), "--list-models"], check=True, capture_output=True, text=True).stdout
    return [line.split()[0] for line in listing.splitlines()[1:] if line.strip()]


def images(folder, count):
    """The first test images as PNGs, and their bytes."""
    pixels = np.frombuffer(gzip.open(DATA).read(16 + count * 784)[16:], np.uint8)
    pixels = pixels.reshape(count, 28, 28)
    folder.mkdir()
    for index, image in enumerate(pixels):
        Image.fromarray(image).save(folder / f"{index:05}.png")
    return pixels


def ours(checkpoint, folder, classes):
    """cnn-infer's logits, an image a row."""
    lines = call(folder, "--model", checkpoint, "--json", "--top-k", classes).splitlines()
    logits = np.empty((len(lines), classes), np.float32)
    for row, line in zip(logits, lines):
        for prediction in json.loads(line)["predictions"]:
            row[prediction["index"]] = prediction["logit"]
    return logits


def theirs(model, pixels, channels):
    """ONNX Runtime's logits of the graph that prepares the bytes itself."""
    onnx.checker.check_model(str(model), full_check=True)
    options = onnxruntime.SessionOptions()
    # Without VNNI, uint8·int8 sums saturate in 16 bits unless asked not to.
    options.add_session_config_entry("session.x64quantprecision", "1")
    session = onnxruntime.InferenceSession(
        str(model), options, providers=["CPUExecutionProvider"])
    batches = np.array_split(pixels, max(1, len(pixels) // 50))
    planes = [np.repeat(batch[:, None], channels, axis=1) for batch in batches]
    return np.concatenate([session.run(["logits"], {"image": x})[0] for x in planes])


def network(checkpoint):
    """The name of a checkpoint's network."""
    return json.loads(call("inspect", checkpoint, "--json"))["network"]


def int8(checkpoint, target):
    """The checkpoint quantised."""
    call("quantize", checkpoint, "-o", target, "--dataset", "fashion-mnist", "--evaluate", "none")
    return target


def compare(name, checkpoint, scratch):
    """A row of the table, and whether the network passes."""
    facts = json.loads(call("inspect", checkpoint, "--json"))
    quantized = facts["precision"] != "fp32"
    classes = facts["layers"][-1]["outputShape"][-1]
    model = scratch / "model.onnx"
    call("export", checkpoint, "--format", "onnx", "--with-preprocessing", "-o", model)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        folder = pathlib.Path(folder) / "images"
        pixels = images(folder, 1000 if quantized else 4)
        expected = ours(checkpoint, folder, classes)
    found = theirs(model, pixels, facts["preprocessing"]["channels"])
    spread = float(np.ptp(expected, axis=1).max())
    error = float(np.abs(found - expected).max())
    same = float((found.argmax(axis=1) == expected.argmax(axis=1)).mean())
    good = same >= 0.995 if quantized else error <= 1e-4 * spread
    row = [name, facts["precision"], str(len(pixels)), f"{same:.1%}", f"{error / spread:.1e}",
           "yes" if good else "NO"]
    print(*row, flush=True)
    return row, good


def main(paths):
    rows, good = [], True
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        if paths:
            cases = []
            for path in paths:
                name = network(path)
                cases.append((name, lambda path=path: path))
                if json.loads(call("inspect", path, "--json"))["precision"] == "fp32":
                    cases.append((name, lambda path=path: int8(path, scratch / "int8.h5")))
        else:
            def initial(name):
                target = scratch / "initial.h5"
                subprocess.run(
                    [str(runs.TRAIN), "--model", name, "--max-steps", "0", "--quiet",
                     "-o", str(target)], check=True)
                return target

            cases = [(name, lambda name=name: initial(name)) for name in variants()]
        for name, checkpoint in cases:
            row, passes = compare(name, checkpoint(), scratch)
            rows.append(row)
            good = good and passes
    heading = ["network", "precision", "images", "same class", "largest error ÷ spread", "agrees"]
    text = (
        f"ONNX Runtime {onnxruntime.__version__} beside cnn-infer on {runs.machine()}.\n\n"
        + runs.table(heading, rows))
    name = "onnx-agreement-trained" if paths else "onnx-agreement"
    runs.fill(runs.results() / f"{name}.md", name, text)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
