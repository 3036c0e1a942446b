"""Makes the checkpoints that a version leaves for all later ones to read, and their scores.

    python make.py BIN

BIN holds cnn-train and cnn-infer of the version, built from its own commit:

    git worktree add .local/released COMMIT
    .local/released/Scripts/install.sh --prefix .local/installed

Run it once when a version is released, with the packages of Scripts/requirements-tests.txt, and commit
the new folder, which bears the version's name. A folder that exists is never made again: its point is
that an older version wrote it.

For each operation that the version has: a network whose point is that operation, with hashed weights, in
float32 and quantised to int8; and one checkpoint in the middle of its training. scores.json holds the
logits of input.png by the portable kernels, the same on every processor.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

SHAPE = {"channels": 3, "height": 9, "width": 7}
CLASSES = 5


def node(name, kind, inputs=None, **attributes):
    return {"name": name, "type": kind, **({"inputs": inputs} if inputs else {}), **attributes}


def conv(name, outputs, inputs=None, **attributes):
    attributes = {"kernelSize": 3, "padding": 1, **attributes}
    return node(name, "Conv2d", inputs, outputChannels=outputs, **attributes)


# By the operation's name in JSON: the nodes before flatten and the last linear layer.
BODIES = {
    "Conv2d": [
        conv("grouped", 6, groups=3, stride=[2, 1], bias=False),
        conv("dilated", 4, kernelSize=[2, 3], padding=[1, 2], dilation=[1, 2]),
    ],
    "Linear": [],
    "MaxPool2d": [
        conv("conv", 4),
        node("maxpool", "MaxPool2d", kernelSize=3, stride=2, padding=1, ceilMode=True),
    ],
    "AvgPool2d": [
        conv("conv", 4),
        node("padded", "AvgPool2d", kernelSize=[3, 2], stride=1, padding=1),
        node("inner", "AvgPool2d", kernelSize=3, stride=2, padding=1, countIncludesPadding=False),
    ],
    "AdaptiveAvgPool2d": [conv("conv", 4), node("mean", "AdaptiveAvgPool2d", outputSize=[4, 3])],
    "BatchNorm2d": [
        conv("conv", 4, bias=False),
        node("norm", "BatchNorm2d", epsilon=1e-3),
        node("relu", "ReLU"),
        node("alone", "BatchNorm2d"),
    ],
    "LocalResponseNorm": [
        conv("conv", 7),
        node("norm", "LocalResponseNorm", size=5, alpha=0.5, beta=0.75, k=1),
    ],
    "ReLU": [conv("conv", 4), node("relu", "ReLU")],
    "Sigmoid": [conv("conv", 4), node("sigmoid", "Sigmoid")],
    "Tanh": [conv("conv", 4), node("tanh", "Tanh")],
    "Dropout": [conv("conv", 4), node("dropout", "Dropout", probability=0.3)],
    "Flatten": [conv("conv", 2, stride=2)],
    "Add": [
        conv("first", 4),
        conv("left", 4, ["first"]),
        node("sum", "Add", ["first", "left"]),
        node("relu", "ReLU"),
    ],
    "Concat": [
        conv("first", 3),
        conv("left", 2, ["first"], kernelSize=1, padding=0),
        node("joined", "Concat", ["left", "first"]),
    ],
}


def network(kind):
    body = BODIES[kind] + [node("flatten", "Flatten")]
    if kind == "Linear":
        body.append(node("hidden", "Linear", outputFeatures=6, bias=False))
    return {"name": kind.lower(), "input": SHAPE, "nodes": body + [scores(CLASSES)]}


def trained_network():
    body = [
        conv("conv", 2, stride=2, bias=False), node("norm", "BatchNorm2d"), node("relu", "ReLU"),
        node("flatten", "Flatten"),
    ]
    return {"name": "trained", "input": {**SHAPE, "channels": 1}, "nodes": body + [scores(10)]}


def scores(classes):
    return node("scores", "Linear", outputFeatures=classes)


def hashed(name, count):
    """`count` numbers of [-1, 1): what Tests/TestSupport/HashedValues.swift gives for the name."""
    seed = np.uint32(0x811C9DC5)
    with np.errstate(over="ignore"):
        for byte in name.encode():
            seed = (seed ^ np.uint32(byte)) * np.uint32(0x01000193)
        x = seed + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
        for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
            x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
        x ^= x >> np.uint32(15)
    return x.astype(np.int32) / 2.0**31


def values(key, shape):
    numbers = hashed(key, int(np.prod(shape))).reshape(shape)
    role = key.split(".")[-1]
    if role == "weight" and len(shape) > 1:
        return numbers * np.sqrt(6 / np.prod(shape[1:]))
    if role in ("bias", "running_mean"):
        return numbers * 0.3
    return 1 + 0.5 * numbers


class Programs:
    def __init__(self, folder, scratch):
        self.folder = pathlib.Path(folder).resolve()
        self.scratch = scratch
        self.environment = {**os.environ, "CNN_ISA": "scalar"}

    def run(self, program, *arguments):
        command = [self.folder / program, *map(str, arguments)]
        result = subprocess.run(
            command, cwd=self.scratch, env=self.environment, check=True, capture_output=True)
        return result.stdout.decode()


def write_images(scratch, target):
    for part in ("train", "test"):
        for label in range(CLASSES):
            folder = scratch / "data" / part / f"class{label}"
            folder.mkdir(parents=True)
            for number in range(4):
                write_image(folder / f"{number}.png", label)
    write_image(target / "input.png", 1)


def write_image(path, label):
    """Noise in which a band of rows, brighter in one colour, says the class."""
    shape = (SHAPE["height"], SHAPE["width"], 3)
    pixels = (hashed(f"image {path.name} {path.parent.name}", int(np.prod(shape))) + 1) * 78
    pixels = pixels.reshape(shape)
    pixels[label : label + 3, :, label % 3] += 99
    Image.fromarray(pixels.astype(np.uint8)).save(path)


def logits(programs, target, name):
    """The logits of input.png, by class."""
    text = programs.run(
        "cnn-infer", target / "input.png", "--model", target / name, "--json", "--top-k", 10)
    found = {row["index"]: row["logit"] for row in json.loads(text)["predictions"]}
    return [found[index] for index in range(len(found))]


def shapes(programs):
    """The parameters' names and shapes, from the initial weights that the trainer writes."""
    programs.run("cnn-train", "--model", "net.json", "--max-steps", 0, "-o", "initial.h5", "--quiet")
    programs.run("cnn-infer", "export", "initial.h5", "--format", "safetensors", "-o", "initial")
    data = (programs.scratch / "initial").read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return {key: row["shape"] for key, row in header.items() if key != "__metadata__"}


def make(programs, target, kind):
    """The operation's two checkpoints.

    Returns: Their rows of scores.json.
    """
    scratch, name = programs.scratch, kind.lower()
    (scratch / "net.json").write_text(json.dumps(network(kind)))
    tensors = {
        key: values(key, shape).astype(np.float32) for key, shape in shapes(programs).items()}
    save_file(tensors, scratch / "net.safetensors")
    (scratch / "labels").write_text("".join(f"class{index}\n" for index in range(CLASSES)))
    programs.run(
        "cnn-infer", "import", "net.safetensors", "--model", "net.json", "--labels", "labels",
        "--mean", "0.5,0.4,0.3", "--std", "0.25,0.3,0.35", "-o", target / f"{name}-fp32.h5")
    programs.run(
        "cnn-infer", "quantize", target / f"{name}-fp32.h5", "-o", target / f"{name}-int8.h5",
        "--data", "data", "--evaluate", "none")
    return [
        {
            "file": f"{name}-{precision}.h5",
            "operation": kind,
            "precision": precision,
            "logits": logits(programs, target, f"{name}-{precision}.h5"),
        }
        for precision in ("fp32", "int8")
    ]


def make_trained(programs, target):
    """A checkpoint in its second epoch, with an average of the weights and Adam's moments."""
    (programs.scratch / "net.json").write_text(json.dumps(trained_network()))
    # An installed data set, for a folder's path would be written down.
    programs.run(
        "cnn-train", "--model", "net.json", "--dataset", "fashion-mnist", "--limit-train", 20,
        "--limit-test", 4, "--optimizer", "adam", "--lr", 0.02, "--batch-size", 4, "--ema", 0.9,
        "--seed", 7, "--max-steps", 8, "--quiet", "-o", "trained.h5")
    shutil.copy(programs.scratch / "trained.h5", target)
    return {
        "file": "trained.h5", "epoch": 1, "step": 8,
        "logits": logits(programs, target, "trained.h5")}


def main():
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(sys.argv[1], pathlib.Path(folder))
        version = programs.run("cnn-infer", "--version").split()[-1]
        target = pathlib.Path(__file__).resolve().parent / version
        target.mkdir()
        write_images(programs.scratch, target)
        rows = [row for kind in BODIES for row in make(programs, target, kind)]
        record = {"checkpoints": rows, "trained": make_trained(programs, target)}
        (target / "scores.json").write_text(json.dumps(record, indent=1) + "\n")


main()
