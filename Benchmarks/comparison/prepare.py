"""The files that contenders read: checkpoint, ONNX and what converters make of it, and images."""
import hashlib
import json
import pathlib
import subprocess

import numpy

from comparison import environment, settings, tflite_from_onnx

IMAGES_SEED = 20121


def pnnx():
    """The converter itself: the script that starts it imports PyTorch for nothing."""
    return next(environment.HOME.glob("lib/python3*/site-packages/pnnx/pnnx"))


class Failure(Exception):
    """A step that failed, in one line."""


def build():
    """Builds our release programs."""
    for program in ("cnn-train", "cnn-infer"):
        subprocess.run(
            ["swift", "build", "-c", "release", "--product", program], cwd=settings.ROOT, check=True)


class Files:
    """The files of one network, each made when it is first asked for."""

    def __init__(self, network, precision, checkpoints, batches):
        self.network = network
        self.precision = precision
        self.given = pathlib.Path(checkpoints) if checkpoints else None
        self.batches = batches
        suffix = "-int8" if precision == "int8" else ""
        self.stem = settings.SCRATCH / f"{network}{suffix}"
        settings.SCRATCH.mkdir(parents=True, exist_ok=True)
        self.checkpoint = self.find_checkpoint(suffix)
        facts = json.loads(call([settings.INFER, "inspect", self.checkpoint, "--json"]))
        self.preprocessing = facts["preprocessing"]
        self.macs = facts["macs"]
        self.shape = [self.preprocessing[name] for name in ("channels", "height", "width")]

    def find_checkpoint(self, suffix):
        given = self.given / f"{self.network}{suffix}.h5" if self.given else None
        if given and given.exists():
            # What was converted from another checkpoint of this name is not this one's.
            mark = hashlib.sha256(f"{given.resolve()} {given.stat()}".encode()).hexdigest()[:12]
            self.stem = settings.SCRATCH / f"{self.network}{suffix}-{mark}"
            return given
        path = self.stem.with_name(f"{self.network}.h5")
        if not path.exists():
            call([settings.TRAIN, "--model", self.network, "--max-steps", "0", "--quiet", "-o", path])
        return self.quantized(path) if suffix else path

    def quantized(self, path):
        """The checkpoint in int8: speed does not depend on what calibrated it, which is at hand."""
        target = self.stem.with_suffix(".h5")
        if not newer(target, path):
            call([
                settings.INFER, "quantize", path, "-o", target, "--dataset", "fashion-mnist",
                "--samples", "64", "--evaluate", "none",
            ])
        return target

    def images(self):
        """Noise, prepared as the checkpoint says: as many images as the largest batch."""
        path = self.stem.with_suffix(".images")
        shape = [max(self.batches), *self.shape]
        pixels = numpy.random.default_rng(IMAGES_SEED).random(shape, dtype=numpy.float32)
        channels = [1, -1, 1, 1]
        mean = numpy.array(self.preprocessing["mean"], numpy.float32).reshape(channels)
        std = numpy.array(self.preprocessing["std"], numpy.float32).reshape(channels)
        ((pixels - mean) / std).astype("<f4").tofile(path)
        return path

    def model(self, contender):
        """The file that a contender reads, or the part that its files' names share."""
        return {
            settings.OURS: lambda: self.checkpoint,
            "onnxruntime": self.onnx,
            "openvino": self.onnx,
            "openvino_streams": self.onnx,
            "ncnn": self.ncnn,
            "litert": self.litert,
        }[contender]()

    def onnx(self):
        path = self.stem.with_suffix(".onnx")
        if not newer(path, self.checkpoint):
            call([settings.INFER, "export", self.checkpoint, "--format", "onnx", "-o", path])
        return path

    def ncnn(self):
        # pnnx writes underscores for the dashes of a name.
        stem = self.stem.with_name(self.stem.name.replace("-", "_")).with_suffix(".ncnn")
        if not newer(pathlib.Path(f"{stem}.bin"), self.checkpoint):
            shape = ",".join(str(extent) for extent in [1, *self.shape])
            call([pnnx(), self.onnx(), f"inputshape=[{shape}]", "fp16=0"])
            for path in settings.SCRATCH.glob(f"{stem.stem}[.]pnnx*"):
                path.unlink()
        return stem

    def litert(self):
        path = self.stem.with_suffix(".tflite")
        if not newer(path, self.checkpoint):
            path.write_bytes(tflite_from_onnx.convert(self.onnx(), [1, *self.shape]))
        return path


def newer(path, source):
    return path.exists() and path.stat().st_mtime >= source.stat().st_mtime


def call(command):
    """What a program prints."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise Failure(f"{pathlib.Path(command[0]).name}: {lines[-1]}")
    return done.stdout
