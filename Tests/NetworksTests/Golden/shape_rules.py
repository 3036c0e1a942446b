"""Writes shape_rules.tsv: output extents of PyTorch's windows on small and odd numbers.

Each row: operation, height, width, kernel, stride, padding, dilation, ceil (0 or 1), and the
output's `HxW`, or `-` where PyTorch refuses. Pairs are `HxW`.

    python shape_rules.py           (needs torch)
"""

import pathlib
import random

import torch
import torch.nn.functional as F


def pair(value):
    return "x".join(str(n) for n in value)


def output(operation, size, kernel, stride, padding, dilation, ceil):
    image = torch.zeros(1, 1, *size)
    try:
        if operation == "conv":
            result = F.conv2d(image, torch.zeros(1, 1, *kernel), None, stride, padding, dilation)
        elif operation == "max":
            result = F.max_pool2d(image, kernel, stride, padding, ceil_mode=ceil)
        else:
            result = F.avg_pool2d(image, kernel, stride, padding, ceil_mode=ceil)
    except RuntimeError:
        return "-"
    return pair(result.shape[2:])


def main():
    generator = random.Random(20240607)
    rows = []
    while len(rows) < 400:
        operation = generator.choice(["conv", "max", "avg"])
        draw = lambda low, high: (generator.randint(low, high), generator.randint(low, high))
        ceil = operation != "conv" and generator.random() < 0.6
        kernel = draw(1, 7)
        padding = draw(0, 3)
        if operation != "conv" and generator.random() < 0.9:  # PyTorch takes at most half
            padding = tuple(min(p, k // 2) for p, k in zip(padding, kernel))
        case = (operation, draw(1, 23), kernel, draw(1, 5), padding,
                draw(1, 3) if operation == "conv" else (1, 1), ceil)
        result = output(*case)
        operation, size, kernel, stride, padding, dilation, ceil = case
        rows.append("\t".join([
            operation, pair(size), pair(kernel), pair(stride), pair(padding), pair(dilation),
            str(int(ceil)), result]))
    path = pathlib.Path(__file__).resolve().parent / "shape_rules.tsv"
    header = f"# shape_rules.py, torch {torch.__version__.split('+')[0]}\n"
    path.write_text(header + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
