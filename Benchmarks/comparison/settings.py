"""What is compared."""
import os
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parent
BENCHMARKS = FOLDER.parent
ROOT = BENCHMARKS.parent
SCRATCH = ROOT / ".local" / "benchmarks" / "compare"
TRAIN = ROOT / ".build" / "release" / "cnn-train"
INFER = ROOT / ".build" / "release" / "cnn-infer"

NETWORKS = [
    "alexnet", "vgg11", "resnet18-imagenet", "resnet50-imagenet", "nin", "googlenet-imagenet",
    "densenet121",
]
OURS = "ours"

# Contenders by precision, ours first: how the tables name them.
CONTENDERS = {
    "fp32": {
        OURS: "ours",
        "onnxruntime": "ONNX Runtime",
        "openvino": "OpenVINO",
        "openvino_streams": "OpenVINO, streams",
        "ncnn": "ncnn",
        "litert": "LiteRT",
    },
    "int8": {
        OURS: "ours",
        "onnxruntime": "ONNX Runtime",
        "openvino": "OpenVINO",
        "openvino_streams": "OpenVINO, streams",
    },
}

# The largest difference of any logit from ours, relative to the largest logit.
TOLERANCE = {"fp32": 1e-3, "int8": 0.05}


def threads():
    """One thread, and all cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return sorted({1, cores})


def runs_batch(contender, batch, threads):
    """Whether a contender's figure for a batch is measured, not derived from that of one image."""
    if contender == "ncnn":
        return batch == 1
    if contender == "openvino_streams":
        return batch > 1 and threads > 1
    return True
