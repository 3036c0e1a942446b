"""Writes a state dict of torchvision's names, types and shapes with hashed values, without torch.

    python make_torchvision_state.py MODEL TARGET.safetensors

The names are those of ../Golden/torchvision-keys.tsv; the values are what
Tests/ParityTests/Golden/make_golden.py gave to torchvision's own models, so that their outputs,
which are golden values there, are expected of whoever reads the file.
"""

import pathlib
import sys

import numpy as np
from safetensors.numpy import save_file

KEYS = pathlib.Path(__file__).parent.parent / "Golden" / "torchvision-keys.tsv"


def hashed(name, count):
    """`count` floats of [-1, 1), a function of the name: FNV-1a of it, then a 32-bit mixer."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
    for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    x ^= x >> np.uint32(15)
    return x.view(np.int32).astype(np.float64) / 2**31


def tensor(key, kind, shape):
    node, role = key.rsplit(".", 1)
    if kind != "float32":
        return np.array(7, dtype=kind).reshape(shape)
    values = hashed(key, int(np.prod(shape)))
    if role == "weight" and len(shape) > 1:
        values *= np.sqrt(6 / (values.size // shape[0]))
    elif role in ("weight", "running_var"):
        values = 1 + 0.5 * values
        if role == "weight" and node.startswith("layer"):
            values *= 0.5
    else:
        values *= 0.1
    return values.astype(np.float32).reshape(shape)


def main(model, target):
    state = {}
    for line in KEYS.read_text().splitlines():
        if line.startswith(f"{model}\t"):
            _, key, kind, shape = line.split("\t")
            state[key] = tensor(key, kind, [int(side) for side in shape.split("x") if side])
    save_file(state, target, metadata={"format": "pt"})
    print(len(state), "tensors")


if __name__ == "__main__":
    main(*sys.argv[1:])
