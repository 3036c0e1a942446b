"""Lists what torchvision's state dicts hold: the golden file of names, types and shapes.

    python list_torchvision_keys.py > ../Golden/torchvision-keys.tsv

Needs torch and torchvision, which the tests do not. GoogLeNet comes with its auxiliary heads, as
its pretrained weights do.
"""

import torch
import torchvision

MODELS = {
    "alexnet-torchvision": "alexnet", "vgg11": "vgg11", "googlenet-imagenet": "googlenet",
    "resnet18-imagenet": "resnet18", "resnet50-imagenet": "resnet50", "densenet121": "densenet121",
}

print(f"# PyTorch {torch.__version__}, torchvision {torchvision.__version__}")
for ours, theirs in MODELS.items():
    options = {"aux_logits": True, "init_weights": False} if theirs == "googlenet" else {}
    for name, tensor in getattr(torchvision.models, theirs)(**options).state_dict().items():
        kind = str(tensor.dtype).removeprefix("torch.")
        print(ours, name, kind, "x".join(map(str, tensor.shape)), sep="\t")
