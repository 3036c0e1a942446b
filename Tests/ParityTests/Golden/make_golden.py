#!/usr/bin/env python3
"""Makes the golden values of this folder with PyTorch and torchvision.

    python3 make_golden.py            # in an environment with torch, torchvision and numpy

Weights and inputs are hashes of their names and positions (see `hashed`), which the tests repeat in
Swift, so that only results are stored.
"""
import gzip
import json
import math
import pathlib
import struct
import sys

import numpy as np
import torch
import torchvision
from torch import nn

HERE = pathlib.Path(__file__).parent


def hashed(name, count):
    """`count` floats of [-1, 1), a function of the name: FNV-1a of it, then a 32-bit mixer."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x21F0AAAD)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x735A2D97)
    x ^= x >> np.uint32(15)
    return x.view(np.int32).astype(np.float64) / 2**31


def fill(model):
    """Weights in ±√(6 / fan in); biases, scales and running statistics random too."""
    norms = {n for n, m in model.named_modules() if isinstance(m, nn.BatchNorm2d)}
    with torch.no_grad():
        for key, tensor in model.state_dict().items():
            node, role = key.rsplit(".", 1)
            if role == "num_batches_tracked":
                continue
            values = hashed(key, tensor.numel())
            if role == "weight" and node not in norms:
                values *= math.sqrt(6 / (tensor.numel() // tensor.shape[0]))
            elif role in ("weight", "running_var"):
                values = 1 + 0.5 * values
                # Residual sums grow with depth unless what is added is scaled down.
                if role == "weight" and node.startswith("layer"):
                    values *= 0.5
            else:
                values *= 0.1
            tensor.copy_(torch.from_numpy(values.astype(np.float32)).reshape(tensor.shape))
    return model


class Named(nn.Module):
    """Layers under the names of our nodes, and a function that runs them."""

    def __init__(self, layers, run):
        super().__init__()
        for name, layer in layers.items():
            parent = self
            *path, last = name.split(".")
            for part in path:
                if part not in dict(parent.named_children()):
                    parent.add_module(part, nn.Module())
                parent = getattr(parent, part)
            parent.add_module(last, layer)
        self.layers, self.run = layers, run

    def forward(self, x):
        return self.run(self.layers, x)


relu, sigmoid, flat = torch.relu, torch.sigmoid, lambda x: x.flatten(1)
pool = nn.functional.max_pool2d
drop = lambda model, x: nn.functional.dropout(x, 0.5, model.training)


def alexnet(channels=1, padding=1, classes=10):
    layers = {
        "conv1": nn.Conv2d(channels, 96, 11, 4, padding), "conv2": nn.Conv2d(96, 256, 5, 1, 2),
        "conv3": nn.Conv2d(256, 384, 3, 1, 1), "conv4": nn.Conv2d(384, 384, 3, 1, 1),
        "conv5": nn.Conv2d(384, 256, 3, 1, 1), "fc6": nn.Linear(6400, 4096),
        "fc7": nn.Linear(4096, 4096), "fc8": nn.Linear(4096, classes),
    }

    def run(m, x):
        x = pool(relu(m["conv1"](x)), 3, 2)
        x = pool(relu(m["conv2"](x)), 3, 2)
        x = relu(m["conv4"](relu(m["conv3"](x))))
        x = flat(pool(relu(m["conv5"](x)), 3, 2))
        return m["fc8"](relu(m["fc7"](relu(m["fc6"](x)))))

    return Named(layers, run)


def lenet():
    layers = {
        "conv1": nn.Conv2d(1, 6, 5, 1, 2), "conv2": nn.Conv2d(6, 16, 5),
        "fc1": nn.Linear(400, 120), "fc2": nn.Linear(120, 84), "fc3": nn.Linear(84, 10),
    }
    average = nn.functional.avg_pool2d

    def run(m, x):
        x = average(sigmoid(m["conv1"](x)), 2)
        x = flat(average(sigmoid(m["conv2"](x)), 2))
        return m["fc3"](sigmoid(m["fc2"](sigmoid(m["fc1"](x)))))

    return Named(layers, run)


def nin():
    layers, previous = {}, 1
    for block, (c, k, s, p) in enumerate(
        [(96, 11, 4, 0), (256, 5, 1, 2), (384, 3, 1, 1), (10, 3, 1, 1)], 1
    ):
        layers[f"block{block}.conv1"] = nn.Conv2d(previous, c, k, s, p)
        layers[f"block{block}.conv2"] = nn.Conv2d(c, c, 1)
        layers[f"block{block}.conv3"] = nn.Conv2d(c, c, 1)
        previous = c

    def run(m, x):
        for block in range(1, 5):
            for layer in range(1, 4):
                x = relu(m[f"block{block}.conv{layer}"](x))
            if block < 4:
                x = pool(x, 3, 2)
        return x.mean((2, 3))

    return Named(layers, run)


def vgg11_small():
    stacks = [16, "M", 32, "M", 64, 64, "M", 128, 128, "M", 128, 128, "M"]
    features = torchvision.models.vgg.make_layers(stacks)
    features[0] = nn.Conv2d(1, 16, 3, 1, 1)
    model = torchvision.models.VGG(features, 10)
    model.classifier[0] = nn.Linear(128 * 7 * 7, 4096)
    return model


def googlenet():
    rows = {
        "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64),
        "4a": (192, 96, 208, 16, 48, 64), "4b": (160, 112, 224, 24, 64, 64),
        "4c": (128, 128, 256, 24, 64, 64), "4d": (112, 144, 288, 32, 64, 64),
        "4e": (256, 160, 320, 32, 128, 128), "5a": (256, 160, 320, 32, 128, 128),
        "5b": (384, 192, 384, 48, 128, 128),
    }
    layers = {
        "conv1": nn.Conv2d(1, 64, 7, 2, 3), "conv2": nn.Conv2d(64, 64, 1),
        "conv3": nn.Conv2d(64, 192, 3, 1, 1), "fc": nn.Linear(1024, 10),
    }
    width = 192
    for name, (one, r3, three, r5, five, proj) in rows.items():
        p = f"inception{name}."
        layers[p + "branch1"] = nn.Conv2d(width, one, 1)
        layers[p + "branch2.0"] = nn.Conv2d(width, r3, 1)
        layers[p + "branch2.1"] = nn.Conv2d(r3, three, 3, 1, 1)
        layers[p + "branch3.0"] = nn.Conv2d(width, r5, 1)
        layers[p + "branch3.1"] = nn.Conv2d(r5, five, 5, 1, 2)
        layers[p + "branch4.1"] = nn.Conv2d(width, proj, 1)
        width = one + three + five + proj

    def run(m, x):
        step = lambda name, x: relu(m[name](x))
        down = lambda x: pool(x, 3, 2, 1)
        x = down(step("conv1", x))
        x = down(step("conv3", step("conv2", x)))
        for name in rows:
            if name in ("4a", "5a"):
                x = down(x)
            p = f"inception{name}."
            x = torch.cat([
                step(p + "branch1", x),
                step(p + "branch2.1", step(p + "branch2.0", x)),
                step(p + "branch3.1", step(p + "branch3.0", x)),
                step(p + "branch4.1", pool(x, 3, 1, 1)),
            ], 1)
        return m["fc"](x.mean((2, 3)))

    return Named(layers, run)


def densenet():
    layers = {
        "features.conv0": nn.Conv2d(1, 64, 7, 2, 3, bias=False),
        "features.norm0": nn.BatchNorm2d(64),
    }
    width = 64
    for block in range(1, 5):
        if block > 1:
            p = f"features.transition{block - 1}."
            layers[p + "norm"] = nn.BatchNorm2d(width)
            layers[p + "conv"] = nn.Conv2d(width, width // 2, 1, bias=False)
            width //= 2
        for layer in range(1, 5):
            p = f"features.denseblock{block}.denselayer{layer}."
            layers[p + "norm1"] = nn.BatchNorm2d(width)
            layers[p + "conv1"] = nn.Conv2d(width, 32, 3, 1, 1, bias=False)
            width += 32
    layers["features.norm5"] = nn.BatchNorm2d(width)
    layers["classifier"] = nn.Linear(width, 10)

    def run(m, x):
        f = "features."
        x = pool(relu(m[f + "norm0"](m[f + "conv0"](x))), 3, 2, 1)
        for block in range(1, 5):
            if block > 1:
                p = f"{f}transition{block - 1}."
                x = nn.functional.avg_pool2d(m[p + "conv"](relu(m[p + "norm"](x))), 2)
            for layer in range(1, 5):
                p = f"{f}denseblock{block}.denselayer{layer}."
                x = torch.cat([x, m[p + "conv1"](relu(m[p + "norm1"](x)))], 1)
        return m["classifier"](relu(m[f + "norm5"](x)).mean((2, 3)))

    return Named(layers, run)


def resnet18_gray():
    model = torchvision.models.resnet18(num_classes=10)
    model.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    return model


def torchvision_googlenet():
    return torchvision.models.googlenet(
        num_classes=1000, aux_logits=False, transform_input=False, init_weights=False
    )


MODELS = {
    "lenet": (lenet, (1, 28)),
    "alexnet": (alexnet, (1, 224)),
    "alexnet-imagenet": (lambda: alexnet(3, 0, 1000), (3, 224)),
    "alexnet-torchvision": (torchvision.models.alexnet, (3, 224)),
    "vgg11": (torchvision.models.vgg11, (3, 224)),
    "vgg13": (torchvision.models.vgg13, (3, 224)),
    "vgg16": (torchvision.models.vgg16, (3, 224)),
    "vgg19": (torchvision.models.vgg19, (3, 224)),
    "vgg11-small": (vgg11_small, (1, 224)),
    "nin": (nin, (1, 224)),
    "googlenet": (googlenet, (1, 96)),
    "googlenet-imagenet": (torchvision_googlenet, (3, 224)),
    "resnet18": (resnet18_gray, (1, 96)),
    "resnet18-imagenet": (torchvision.models.resnet18, (3, 224)),
    "resnet34-imagenet": (torchvision.models.resnet34, (3, 224)),
    "resnet50-imagenet": (torchvision.models.resnet50, (3, 224)),
    "densenet": (densenet, (1, 96)),
    "densenet121": (torchvision.models.densenet121, (3, 224)),
}


def tools():
    return f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}"


def write(name, value):
    path = HERE / name
    path.write_text(json.dumps(value, separators=(",", ":")).replace('"],', '"],\n') + "\n")
    print(path.name, path.stat().st_size)


def rounded(values):
    return [float(f"{v:.9g}") for v in values]


def forward():
    """Log-probabilities of one hashed image in each network, computed in float64."""
    results = {}
    for name, (make, (channels, side)) in MODELS.items():
        model = fill(make()).eval().double()
        image = (hashed(f"input {name}", channels * side * side) + 1) / 2
        image = torch.from_numpy(image.astype(np.float32)).double()
        with torch.no_grad():
            scores = model(image.reshape(1, channels, side, side))
        results[name] = rounded(scores.log_softmax(1)[0].tolist())
        print(name, min(results[name]), max(results[name]))
    write("log-probabilities.json", {"made by": tools(), "networks": results})


def fashion_mnist(count):
    folder = pathlib.Path("/usr/share/datasets/fashion-mnist")
    images = gzip.open(folder / "train-images-idx3-ubyte.gz").read(16 + count * 784)[16:]
    labels = gzip.open(folder / "train-labels-idx1-ubyte.gz").read(8 + count)[8:]
    pixels = np.frombuffer(images, np.uint8).reshape(count, 1, 28, 28).astype(np.float32) / 255
    return torch.from_numpy(pixels), torch.from_numpy(np.frombuffer(labels, np.uint8).astype(np.int64))


def train(model, images, labels, steps, **options):
    optimizer = torch.optim.SGD(model.parameters(), **options)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def lenet_steps():
    """Five full-batch steps on the first 128 training images; the weights after them."""
    model = fill(lenet())
    losses = train(model, *fashion_mnist(128), steps=5, lr=0.01)
    state = model.state_dict()
    with open(HERE / "lenet-sgd.f32", "wb") as file:
        for key in sorted(state):
            file.write(state[key].numpy().astype("<f4").tobytes())
    write("lenet-sgd.json", {"made by": tools(), "losses": losses, "keys": sorted(state)})


def resnet_steps():
    """Five full-batch steps with momentum and weight decay; of each tensor 8 samples and the norm.

    In float64: at ten times this rate PyTorch's own float32 is 1.4e-3 away from it.
    """
    model = fill(resnet18_gray()).train().double()
    images = ((hashed("input resnet18 training", 16 * 96 * 96) + 1) / 2).astype(np.float32)
    labels = torch.arange(16) % 10
    losses = train(
        model, torch.from_numpy(images).double().reshape(16, 1, 96, 96), labels, steps=5, lr=0.001,
        momentum=0.9, weight_decay=5e-4)
    tensors = {}
    for key, tensor in model.state_dict().items():
        if key.endswith("num_batches_tracked"):
            continue
        flat = tensor.double().flatten()
        samples = [flat[i * flat.numel() // 8].item() for i in range(8)]
        tensors[key] = rounded([flat.norm().item()] + samples)
    write("resnet18-sgd.json", {"made by": tools(), "losses": losses, "tensors": tensors})


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(2)
    for task in sys.argv[1:] or ["forward", "lenet_steps", "resnet_steps"]:
        globals()[task]()
