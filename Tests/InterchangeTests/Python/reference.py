"""What a network means: its JSON and a state dict, in numpy and float64, written like the formulas.

Shares no code with the exporter or the engines, so that each can be held against it.

    python reference.py MODEL.safetensors INPUT.npy OUTPUT.npy

MODEL.safetensors is one that `cnn-infer export --format safetensors` wrote (its metadata hold the
network); INPUT.npy is float [N, C, H, W], OUTPUT.npy gets the logits [N, classes].
"""

import json
import sys

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from safetensors import safe_open


def load(path):
    """The network, the tensors in float64 (int8 weights as they are), the metadata."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        tensors = {key: file.get_tensor(key) for key in file.keys()}
    network = json.loads(metadata["cnn.network"])
    tensors = {k: v if v.dtype == np.int8 else v.astype(np.float64) for k, v in tensors.items()}
    return network, tensors, metadata


def conv(x, weight, bias, node):
    (kh, kw), (sh, sw) = node["kernelSize"], node["stride"]
    (ph, pw), (dh, dw) = node["padding"], node["dilation"]
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    reach = ((kh - 1) * dh + 1, (kw - 1) * dw + 1)
    windows = sliding_window_view(x, reach, axis=(2, 3))[:, :, ::sh, ::sw, ::dh, ::dw]
    groups = node["groups"]
    inputs = x.shape[1] // groups
    outputs = weight.shape[0] // groups
    parts = [
        np.einsum(
            "nchwij,ocij->nohw",
            windows[:, g * inputs : (g + 1) * inputs],
            weight[g * outputs : (g + 1) * outputs],
        )
        for g in range(groups)
    ]
    y = np.concatenate(parts, axis=1)
    return y if bias is None else y + bias[:, None, None]


def pool_extent(size, kernel, stride, padding, ceil):
    room = size + 2 * padding - kernel
    count = (room + stride - 1 if ceil else room) // stride + 1
    # torch.nn.MaxPool2d: windows that would start in the right padding are ignored.
    return count - 1 if ceil and (count - 1) * stride >= size + padding else count


def pool(x, node):
    """Window by window, as torch's documentation of MaxPool2d and AvgPool2d reads."""
    (kh, kw), (sh, sw), (ph, pw) = node["kernelSize"], node["stride"], node["padding"]
    n, c, height, width = x.shape
    rows = pool_extent(height, kh, sh, ph, node["ceilMode"])
    columns = pool_extent(width, kw, sw, pw, node["ceilMode"])
    y = np.empty((n, c, rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * sh - ph, j * sw - pw
            bottom, right = min(top + kh, height + ph), min(left + kw, width + pw)
            area = (bottom - top) * (right - left)
            part = x[:, :, max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
            if node["type"] == "MaxPool2d":
                y[:, :, i, j] = part.max(axis=(2, 3))
            else:
                counted = area if node["countIncludesPadding"] else part.shape[2] * part.shape[3]
                y[:, :, i, j] = part.sum(axis=(2, 3)) / counted
    return y


def adaptive_pool(x, rows, columns):
    n, c, height, width = x.shape
    y = np.empty((n, c, rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, bottom = i * height // rows, -((-(i + 1) * height) // rows)
            left, right = j * width // columns, -((-(j + 1) * width) // columns)
            y[:, :, i, j] = x[:, :, top:bottom, left:right].mean(axis=(2, 3))
    return y


def local_response_norm(x, node):
    half = node["size"] // 2
    squares = np.zeros_like(x)
    for c in range(x.shape[1]):
        squares[:, c] = (x[:, max(c - half, 0) : c + half + 1] ** 2).sum(axis=1)
    return x / (node["k"] + node["alpha"] / node["size"] * squares) ** node["beta"]


def batch_norm(x, tensors, node):
    weight, bias, mean, variance = (
        tensors[f"{node['name']}.{role}"][:, None, None]
        for role in ("weight", "bias", "running_mean", "running_var")
    )
    return weight * (x - mean) / np.sqrt(variance + node["epsilon"]) + bias


def quantized(value, grid):
    """The nearest of the 256 values of a grid, halves to even."""
    step = np.float64(np.float32(grid["scale"]))
    integers = np.clip(np.rint(value / step) + grid["zeroPoint"], 0, 255)
    return (integers - grid["zeroPoint"]) * step


def grid_of(value, nodes, grids):
    """The grid that a value lies on, looking through operations that keep it there."""
    while value not in grids:
        if value not in nodes or nodes[value]["type"] not in ("MaxPool2d", "ReLU", "Flatten", "Dropout"):
            return None
        value = nodes[value]["inputs"][0]
    return grids[value]


def parameters(node, nodes, tensors, grids):
    """Weight and bias in float64: of an int8 layer, what its integers stand for."""
    key = node["name"]
    weight, bias = tensors[f"{key}.weight"], tensors.get(f"{key}.bias")
    scale = tensors.get(f"{key}.weight_scale")
    if scale is not None:
        weight = weight * scale.reshape((-1,) + (1,) * (weight.ndim - 1))
        grid = grid_of(node["inputs"][0], nodes, grids)
        if bias is not None and grid is not None:
            unit = scale * np.float64(np.float32(grid["scale"]))
            bias = np.rint(bias / unit) * unit
    return weight, bias


def grids_of(metadata):
    """Scale and zero point by value; empty for a network in fp32."""
    return json.loads((metadata or {}).get("cnn.quantization", '{"activations":{}}'))["activations"]


# Functions of each element, and of the node's attributes.
ELEMENT_WISE = {
    "ReLU": lambda x, node: np.maximum(x, 0),
    "LeakyReLU": lambda x, node: np.where(x > 0, x, node["negativeSlope"] * x),
    "Sigmoid": lambda x, node: 1 / (1 + np.exp(-x)),
    "Tanh": lambda x, node: np.tanh(x),
}


def evaluate(node, inputs, nodes, tensors, grids):
    """One node's value, rounded to its grid where it has one."""
    kind, first = node["type"], inputs[0]
    if kind == "Conv2d":
        y = conv(first, *parameters(node, nodes, tensors, grids), node)
    elif kind == "Linear":
        weight, bias = parameters(node, nodes, tensors, grids)
        y = first @ weight.T + (0 if bias is None else bias)
    elif kind in ("MaxPool2d", "AvgPool2d"):
        y = pool(first, node)
    elif kind == "AdaptiveAvgPool2d":
        y = adaptive_pool(first, *node["outputSize"])
    elif kind == "BatchNorm2d":
        y = batch_norm(first, tensors, node)
    elif kind == "LocalResponseNorm":
        y = local_response_norm(first, node)
    elif kind in ELEMENT_WISE:
        y = ELEMENT_WISE[kind](first, node)
    elif kind == "Dropout":
        return first
    elif kind == "Flatten":
        y = first.reshape(first.shape[0], -1)
    elif kind == "Add":
        y = sum(inputs)
    elif kind == "Concat":
        y = np.concatenate(inputs, axis=1)
    else:
        raise ValueError(f"unknown operation {kind}")
    return quantized(y, grids[node["name"]]) if node["name"] in grids else y


def forward(network, tensors, x, metadata=None):
    """Every node's value by name, and `input`; the logits are under `network["output"]`."""
    grids = grids_of(metadata)
    nodes = {node["name"]: node for node in network["nodes"]}
    values = {"input": x.astype(np.float64)}
    if "input" in grids:
        values["input"] = quantized(values["input"], grids["input"])
    for node in network["nodes"]:
        inputs = [values[name] for name in node["inputs"]]
        values[node["name"]] = evaluate(node, inputs, nodes, tensors, grids)
    return values


def resize_matrix(size, target):
    """Bilinear weights [target, size] with half-pixel centres, the triangle widened by the factor
    where it shrinks: torchvision's `resize(antialias=True)`."""
    factor = size / target
    support = max(factor, 1.0)
    centres = (np.arange(target)[:, None] + 0.5) * factor
    distance = np.abs(np.arange(size)[None, :] + 0.5 - centres) / support
    weights = np.maximum(1 - distance, 0)
    return weights / weights.sum(axis=1, keepdims=True)


def preprocess(settings, image):
    """Bytes [C, h, w] to the network's input [C, H, W]."""
    height, width = settings["height"], settings["width"]
    x = image.astype(np.float64)
    if settings["invert"]:
        x = 255 - x
    x = x * settings["scale"]
    target = (height, width)
    if settings["resize"] == "center-crop":
        side, short = settings["resize_shorter_side"], min(image.shape[1:])
        target = tuple(side * extent // short for extent in image.shape[1:])
    x = resize_matrix(x.shape[1], target[0]) @ x @ resize_matrix(x.shape[2], target[1]).T
    top, left = round((target[0] - height) / 2), round((target[1] - width) / 2)
    x = x[:, top : top + height, left : left + width]
    mean, std = (np.array(settings[key])[:, None, None] for key in ("mean", "std"))
    return (x - mean) / std


if __name__ == "__main__":
    model, source, target = sys.argv[1:]
    network, tensors, metadata = load(model)
    values = forward(network, tensors, np.load(source), metadata)
    np.save(target, values[network["output"]])
