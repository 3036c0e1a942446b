#!/usr/bin/env python3
"""Steps of a network in eager PyTorch: `train_torch.py NETWORK fp32|bf16 BATCH THREADS STEPS`.

Prints PyTorch's version and the seconds of each step after two to warm up, as JSON. channels_last,
bfloat16 by autocast, plain SGD, one fixed batch in memory.
"""
import contextlib
import json
import sys
import time

import torch
from torch import nn


def alexnet():
    def conv(inputs, outputs, kernel, stride=1, padding=0):
        return [nn.Conv2d(inputs, outputs, kernel, stride, padding), nn.ReLU(inplace=True)]
    return nn.Sequential(
        *conv(1, 96, 11, 4, 1), nn.MaxPool2d(3, 2), *conv(96, 256, 5, 1, 2), nn.MaxPool2d(3, 2),
        *conv(256, 384, 3, 1, 1), *conv(384, 384, 3, 1, 1), *conv(384, 256, 3, 1, 1),
        nn.MaxPool2d(3, 2), nn.Flatten(), *head(6400)), 224


def head(features):
    return [
        nn.Linear(features, 4096), nn.ReLU(inplace=True), nn.Dropout(0.5),
        nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(4096, 10)]


def vgg11_small():
    layers, inputs = [], 1
    for outputs in [16, "pool", 32, "pool", 64, 64, "pool", 128, 128, "pool", 128, 128, "pool"]:
        if outputs == "pool":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(inplace=True)]
            inputs = outputs
    return nn.Sequential(*layers, nn.Flatten(), *head(128 * 7 * 7)), 224


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        def conv(inputs, kernel, stride, padding):
            return [nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False),
                    nn.BatchNorm2d(outputs)]
        self.body = nn.Sequential(
            *conv(inputs, 3, stride, 1), nn.ReLU(inplace=True), *conv(outputs, 3, 1, 1))
        self.skip = nn.Sequential(*conv(inputs, 1, stride, 0)) if stride > 1 else nn.Identity()
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.body(x) + self.skip(x))


def resnet18():
    layers = [nn.Conv2d(1, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True),
              nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for outputs in [64, 128, 256, 512]:
        for index in range(2):
            layers.append(Block(inputs, outputs, 2 if index == 0 and outputs > 64 else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10)), 96


def main():
    name, precision, batch, threads, steps = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model, size = {"alexnet": alexnet, "vgg11-small": vgg11_small, "resnet18": resnet18}[name]()
    model = model.to(memory_format=torch.channels_last).train()
    images = torch.randn(batch, 1, size, size).to(memory_format=torch.channels_last)
    labels = torch.randint(10, (batch,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
    loss_of = nn.CrossEntropyLoss()
    seconds = []
    for _ in range(steps + 2):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        with (torch.autocast("cpu", dtype=torch.bfloat16) if precision == "bf16"
              else contextlib.nullcontext()):
            loss = loss_of(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()
        seconds.append(time.perf_counter() - start)
    parameters = sum(p.numel() for p in model.parameters())
    print(json.dumps({"version": torch.__version__, "parameters": parameters,
                      "seconds": seconds[2:]}))


if __name__ == "__main__":
    main()
