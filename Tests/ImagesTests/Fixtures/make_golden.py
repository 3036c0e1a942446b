"""Writes resize.json: what torchvision makes of synthetic images, for the tests of preprocessing.

Computed in double precision, so that the tests' tolerance is our own rounding; the script checks that
single precision agrees. At most 600 values of a tensor are kept, at a fixed step.

    python3 make_golden.py

Needs torch, torchvision and numpy.
"""

import json
import pathlib

import numpy
import torch
import torchvision
from torchvision.transforms import functional as F

IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
# Image width, height, samples a pixel, bits; tensor channels, height, width; shorter side or None;
# mean and deviation; background; invert.
CASES = [
    (28, 28, 1, 8, 1, 224, 224, None, None, None, False),
    (28, 28, 1, 8, 1, 96, 96, None, ([0.2860], [0.3530]), None, False),
    (28, 28, 1, 8, 1, 28, 28, None, None, None, False),
    (28, 28, 1, 8, 1, 27, 29, None, None, None, False),
    (28, 28, 1, 8, 1, 32, 32, None, None, None, True),
    (300, 200, 1, 8, 1, 64, 48, None, None, None, False),
    (301, 199, 3, 8, 3, 57, 31, None, IMAGENET, None, False),
    (640, 480, 1, 8, 1, 28, 28, None, None, None, True),
    (7, 5, 3, 8, 3, 13, 11, None, None, None, False),
    (100, 10, 1, 8, 1, 20, 40, None, None, None, False),
    (1, 1, 1, 8, 1, 5, 7, None, None, None, False),
    (3, 1000, 1, 8, 1, 9, 9, None, None, None, False),
    (1000, 3, 1, 16, 1, 9, 9, None, None, None, False),
    (28, 28, 1, 8, 3, 64, 64, None, IMAGENET, None, False),
    (31, 33, 3, 8, 1, 28, 28, None, None, None, False),
    (19, 23, 2, 8, 1, 28, 28, None, None, [0.75], True),
    (19, 23, 2, 16, 3, 40, 10, None, None, [0.1, 0.5, 0.9], False),
    (50, 40, 4, 8, 3, 32, 32, None, IMAGENET, [1.0, 0.5, 0.25], False),
    (50, 40, 4, 16, 1, 32, 32, None, None, [0.5], True),
    (500, 375, 3, 8, 3, 224, 224, 256, IMAGENET, None, False),
    (375, 500, 3, 8, 3, 224, 224, 256, IMAGENET, None, False),
    (333, 251, 1, 8, 1, 56, 56, 64, None, None, False),
    (57, 91, 1, 8, 1, 56, 56, 63, None, None, False),
    (91, 57, 1, 8, 1, 56, 56, 59, None, None, False),
    (40, 60, 1, 8, 1, 32, 32, 21, ([0.5], [0.5]), None, False),
    (60, 41, 1, 8, 1, 31, 90, 20, None, None, False),
    (30, 30, 1, 8, 1, 24, 24, 30, None, None, False),
]


def sample(width, height, count, bits):
    """Noise that Swift makes alike: a hash of the place."""
    y, x, c = numpy.meshgrid(numpy.arange(height), numpy.arange(width), numpy.arange(count),
                             indexing="ij")
    mixed = (x * 73856093 ^ y * 19349663 ^ c * 83492791) & 0xFFFFFFFF
    mixed ^= mixed >> 13
    return (mixed * 2654435761 & 0xFFFFFFFF) >> (32 - bits)


def prepare(case, kind):
    width, height, count, bits, channels, out_height, out_width, shorter, moments, back, invert = case
    pixels = torch.tensor(sample(width, height, count, bits), dtype=kind).permute(2, 0, 1)
    top = 65535 if bits == 16 else 255
    unit = pixels / top
    color, alpha = (unit[:-1], unit[-1:]) if count in (2, 4) else (unit, None)
    if invert:
        color = 1 - color
    if channels == 1 and len(color) == 3:
        weights = torch.tensor([0.299, 0.587, 0.114], dtype=kind)
        color = (color * weights[:, None, None]).sum(0, keepdim=True)
    if channels == 3 and len(color) == 1:
        color = color.repeat(3, 1, 1)
    if alpha is not None:
        color = alpha * color + (1 - alpha) * torch.tensor(back, dtype=kind)[:, None, None]
    if shorter is None:
        tensor = F.resize(color, [out_height, out_width], antialias=True)
    else:
        tensor = F.center_crop(F.resize(color, shorter, antialias=True), [out_height, out_width])
    return F.normalize(tensor, *moments) if moments else tensor


def main():
    golden = []
    for case in CASES:
        tensor = prepare(case, torch.float64)
        single = prepare(case, torch.float32)
        # Positions up to 1000 have an error of 1000 / 2^23 pixels in single precision, on two axes;
        # noise changes by 1 a pixel, and a deviation of 0.224 enlarges that.
        assert (tensor - single).abs().max() < 2 * 1000 / 2**23 / 0.224, case
        width, height, count, bits, channels, out_height, out_width, shorter, moments, back, inv = case
        flat = tensor.flatten().tolist()
        step = max(1, len(flat) // 600) | 1
        golden.append({
            "image": {"width": width, "height": height, "samplesPerPixel": count, "bits": bits},
            "channels": channels, "height": out_height, "width": out_width,
            "resizeShorterSide": shorter, "mean": moments and moments[0],
            "std": moments and moments[1], "background": back, "invert": inv, "step": step,
            "values": [float(f"{value:.9g}") for value in flat[::step]]})
    made_by = f"torch {torch.__version__}, torchvision {torchvision.__version__}"
    path = pathlib.Path(__file__).parent / "resize.json"
    path.write_text(json.dumps({"madeBy": made_by, "cases": golden}) + "\n")


if __name__ == "__main__":
    main()
