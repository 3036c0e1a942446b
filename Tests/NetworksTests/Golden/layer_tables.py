"""Writes one layer table a variant, from PyTorch modules that share nothing with this package.

Variants that torchvision has come from torchvision; the rest are written below from the course
notes and the papers. Each table lists every layer in the order it runs, as torch.fx traces it, with
its output's shape for a batch of one and its attributes, then every tensor of the state dict.

    python layer_tables.py          (needs torch and torchvision; no weights are downloaded)
"""

import operator
import pathlib

import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision
from torch.fx import symbolic_trace
from torch.fx.passes.shape_prop import ShapeProp
from torchvision import models



class Named(nn.Module):
    """Named layers, one after the other."""

    def __init__(self, **layers):
        super().__init__()
        for name, layer in layers.items():
            setattr(self, name, layer)

    def forward(self, value):
        for layer in self.children():
            value = layer(value)
        return value


def lenet():
    return Named(
        conv1=nn.Conv2d(1, 6, 5, padding=2), sigmoid1=nn.Sigmoid(), pool1=nn.AvgPool2d(2),
        conv2=nn.Conv2d(6, 16, 5), sigmoid2=nn.Sigmoid(), pool2=nn.AvgPool2d(2),
        flatten=nn.Flatten(),
        fc1=nn.Linear(400, 120), sigmoid3=nn.Sigmoid(),
        fc2=nn.Linear(120, 84), sigmoid4=nn.Sigmoid(),
        fc3=nn.Linear(84, 10))


def alexnet(channels, padding, classes):
    return Named(
        conv1=nn.Conv2d(channels, 96, 11, stride=4, padding=padding), relu1=nn.ReLU(),
        pool1=nn.MaxPool2d(3, 2),
        conv2=nn.Conv2d(96, 256, 5, padding=2), relu2=nn.ReLU(), pool2=nn.MaxPool2d(3, 2),
        conv3=nn.Conv2d(256, 384, 3, padding=1), relu3=nn.ReLU(),
        conv4=nn.Conv2d(384, 384, 3, padding=1), relu4=nn.ReLU(),
        conv5=nn.Conv2d(384, 256, 3, padding=1), relu5=nn.ReLU(), pool3=nn.MaxPool2d(3, 2),
        flatten=nn.Flatten(),
        fc6=nn.Linear(6400, 4096), relu6=nn.ReLU(), drop1=nn.Dropout(0.5),
        fc7=nn.Linear(4096, 4096), relu7=nn.ReLU(), drop2=nn.Dropout(0.5),
        fc8=nn.Linear(4096, classes))


def nin():
    def block(inputs, outputs, kernel, stride, padding):
        return Named(
            conv1=nn.Conv2d(inputs, outputs, kernel, stride, padding), relu1=nn.ReLU(),
            conv2=nn.Conv2d(outputs, outputs, 1), relu2=nn.ReLU(),
            conv3=nn.Conv2d(outputs, outputs, 1), relu3=nn.ReLU())

    return Named(
        block1=block(1, 96, 11, 4, 0), pool1=nn.MaxPool2d(3, 2),
        block2=block(96, 256, 5, 1, 2), pool2=nn.MaxPool2d(3, 2),
        block3=block(256, 384, 3, 1, 1), pool3=nn.MaxPool2d(3, 2),
        drop=nn.Dropout(0.5),
        block4=block(384, 10, 3, 1, 1),
        mean=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten())


def vgg11_small():
    layers, inputs = [], 1
    for channels in [16, "pool", 32, "pool", 64, 64, "pool", 128, 128, "pool", 128, 128, "pool"]:
        if channels == "pool":
            layers.append(nn.MaxPool2d(2, 2))
        else:
            layers += [nn.Conv2d(inputs, channels, 3, padding=1), nn.ReLU()]
            inputs = channels
    return Named(
        features=nn.Sequential(*layers),
        flatten=nn.Flatten(),
        classifier=nn.Sequential(
            nn.Linear(6272, 4096), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(4096, 10)))


class PaperInception(nn.Module):
    def __init__(self, inputs, one, reduce3, three, reduce5, five, projection):
        super().__init__()
        self.branch1 = nn.Conv2d(inputs, one, 1)
        self.branch2 = nn.Sequential(
            nn.Conv2d(inputs, reduce3, 1), nn.Conv2d(reduce3, three, 3, padding=1))
        self.branch3 = nn.Sequential(
            nn.Conv2d(inputs, reduce5, 1), nn.Conv2d(reduce5, five, 5, padding=2))
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, 1, 1), nn.Conv2d(inputs, projection, 1))

    def forward(self, value):
        first = F.relu(self.branch1(value))
        second = F.relu(self.branch2[1](F.relu(self.branch2[0](value))))
        third = F.relu(self.branch3[1](F.relu(self.branch3[0](value))))
        fourth = F.relu(self.branch4[1](self.branch4[0](value)))
        return torch.cat([first, second, third, fourth], 1)


def googlenet():
    return Named(
        conv1=nn.Conv2d(1, 64, 7, 2, 3), relu1=nn.ReLU(), pool1=nn.MaxPool2d(3, 2, 1),
        conv2=nn.Conv2d(64, 64, 1), relu2=nn.ReLU(),
        conv3=nn.Conv2d(64, 192, 3, padding=1), relu3=nn.ReLU(), pool2=nn.MaxPool2d(3, 2, 1),
        inception3a=PaperInception(192, 64, 96, 128, 16, 32, 32),
        inception3b=PaperInception(256, 128, 128, 192, 32, 96, 64),
        pool3=nn.MaxPool2d(3, 2, 1),
        inception4a=PaperInception(480, 192, 96, 208, 16, 48, 64),
        inception4b=PaperInception(512, 160, 112, 224, 24, 64, 64),
        inception4c=PaperInception(512, 128, 128, 256, 24, 64, 64),
        inception4d=PaperInception(512, 112, 144, 288, 32, 64, 64),
        inception4e=PaperInception(528, 256, 160, 320, 32, 128, 128),
        pool4=nn.MaxPool2d(3, 2, 1),
        inception5a=PaperInception(832, 256, 160, 320, 32, 128, 128),
        inception5b=PaperInception(832, 384, 192, 384, 48, 128, 128),
        mean=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), fc=nn.Linear(1024, 10))


class DenseLayer(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.relu1 = nn.ReLU()
        self.conv1 = nn.Conv2d(inputs, 32, 3, padding=1, bias=False)

    def forward(self, value):
        return torch.cat([value, self.conv1(self.relu1(self.norm1(value)))], 1)


def densenet():
    def block(inputs):
        return Named(**{f"denselayer{i + 1}": DenseLayer(inputs + 32 * i) for i in range(4)})

    def transition(inputs):
        return Named(
            norm=nn.BatchNorm2d(inputs), relu=nn.ReLU(),
            conv=nn.Conv2d(inputs, inputs // 2, 1, bias=False), pool=nn.AvgPool2d(2, 2))

    features = Named(
        conv0=nn.Conv2d(1, 64, 7, 2, 3, bias=False), norm0=nn.BatchNorm2d(64), relu0=nn.ReLU(),
        pool0=nn.MaxPool2d(3, 2, 1),
        denseblock1=block(64), transition1=transition(192),
        denseblock2=block(96), transition2=transition(224),
        denseblock3=block(112), transition3=transition(240),
        denseblock4=block(120), norm5=nn.BatchNorm2d(248))
    return Named(
        features=features, relu=nn.ReLU(), mean=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(),
        classifier=nn.Linear(248, 10))


def resnet18():
    model = models.resnet18(num_classes=10)
    model.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    return model


VARIANTS = {
    "lenet": (lenet, (1, 28)),
    "alexnet": (lambda: alexnet(1, 1, 10), (1, 224)),
    "alexnet-imagenet": (lambda: alexnet(3, 0, 1000), (3, 224)),
    "alexnet-torchvision": (models.alexnet, (3, 224)),
    "nin": (nin, (1, 224)),
    "vgg11": (models.vgg11, (3, 224)),
    "vgg13": (models.vgg13, (3, 224)),
    "vgg16": (models.vgg16, (3, 224)),
    "vgg19": (models.vgg19, (3, 224)),
    "vgg11-small": (vgg11_small, (1, 224)),
    "googlenet": (googlenet, (1, 96)),
    "googlenet-imagenet": (
        lambda: models.googlenet(aux_logits=False, init_weights=False), (3, 224)),
    "resnet18": (resnet18, (1, 96)),
    "resnet18-imagenet": (models.resnet18, (3, 224)),
    "resnet34-imagenet": (models.resnet34, (3, 224)),
    "resnet50-imagenet": (models.resnet50, (3, 224)),
    "densenet": (densenet, (1, 96)),
    "densenet121": (models.densenet121, (3, 224)),
}


def pair(value):
    height, width = value if isinstance(value, tuple) else (value, value)
    return f"{height}x{width}"


def pooling(layer):
    ceil = " ceil" if layer.ceil_mode else ""
    return f"k{pair(layer.kernel_size)} s{pair(layer.stride)} p{pair(layer.padding)}{ceil}"


def attributes(layer):
    if isinstance(layer, nn.Conv2d):
        bias = "" if layer.bias is None else " bias"
        return (f"k{pair(layer.kernel_size)} s{pair(layer.stride)} p{pair(layer.padding)}"
                f" d{pair(layer.dilation)} g{layer.groups}{bias}")
    if isinstance(layer, nn.Linear):
        return "bias" if layer.bias is not None else ""
    if isinstance(layer, nn.MaxPool2d):
        return pooling(layer)
    if isinstance(layer, nn.AvgPool2d):
        return pooling(layer) + (" counts-padding" if layer.count_include_pad else "")
    if isinstance(layer, nn.AdaptiveAvgPool2d):
        return pair(layer.output_size)
    if isinstance(layer, nn.BatchNorm2d):
        return f"eps{layer.eps:g} momentum{layer.momentum:g}"
    if isinstance(layer, nn.Dropout):
        return f"p{layer.p:g}"
    return ""


FUNCTIONS = {
    F.relu: "ReLU", torch.flatten: "Flatten", torch.cat: "Concat", torch.relu: "ReLU",
    operator.add: "Add", operator.iadd: "Add", F.adaptive_avg_pool2d: "AdaptiveAvgPool2d",
    F.dropout: "Dropout",
}


def function_attributes(node):
    if node.target is F.adaptive_avg_pool2d:
        return pair(node.args[1])
    if node.target is F.dropout:
        return f"p{node.kwargs['p']:g}"
    return ""


def layers(model, channels, side):
    model.eval()
    traced = symbolic_trace(model)
    ShapeProp(traced).propagate(torch.zeros(1, channels, side, side))
    modules = dict(traced.named_modules())
    for node in traced.graph.nodes:
        if node.op == "call_module":
            layer, name = modules[node.target], node.target
            kind, detail = type(layer).__name__, attributes(layer)
        elif node.op == "call_function":
            if node.target is torch.cat and len(node.args[0]) == 1:
                continue  # torchvision's first dense layer joins one tensor to nothing
            kind, name, detail = FUNCTIONS[node.target], "-", function_attributes(node)
        else:
            continue
        if kind not in ("Conv2d", "Linear", "BatchNorm2d"):
            name = "-"
        shape = "x".join(str(n) for n in node.meta["tensor_meta"].shape[1:])
        yield f"layer\t{kind}\t{name}\t{shape}\t{detail}"


def tensors(model):
    for name, tensor in model.state_dict().items():
        if not name.endswith(".num_batches_tracked"):
            yield f"tensor\t{name}\t{'x'.join(str(n) for n in tensor.shape)}"


def main():
    folder = pathlib.Path(__file__).resolve().parent
    for name, (make, (channels, side)) in VARIANTS.items():
        model = make()
        count = sum(parameter.numel() for parameter in model.parameters())
        lines = [
            f"# layer_tables.py, torch {torch.__version__.split('+')[0]},"
            f" torchvision {torchvision.__version__.split('+')[0]}",
            f"input\t{channels}x{side}x{side}", f"parameters\t{count}",
            *layers(model, channels, side), *tensors(model)]
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n")
        print(name, count)


if __name__ == "__main__":
    main()
