"""Reads and forges checkpoints with h5py, for the tests beside it.

  checkpoints.py describe FILE            every object as JSON, the seal computed anew
  checkpoints.py author FOLDER            files that h5py writes, as users would
  checkpoints.py hostile FP32 INT8 FOLDER one file per attack, each with a right seal
  checkpoints.py older FILE               a good checkpoint in HDF5 1.6's format, sealed

The seal is computed by libxxhash through ctypes, independent of the package.
"""

import ctypes
import ctypes.util
import json
import os
import shutil
import sys

import h5py
import numpy as np


class Hash128(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


xxhash = ctypes.CDLL(ctypes.util.find_library("xxhash") or "libxxhash.so.0")
xxhash.XXH3_128bits.restype = Hash128
xxhash.XXH3_128bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
xxhash.XXH3_64bits.restype = ctypes.c_uint64
xxhash.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]


def seal(path):
    """The user block that belongs before a file's content."""
    with open(path, "rb") as file:
        content = file.read()[512:]
    digest = xxhash.XXH3_128bits(content, len(content))
    text = b"cnn-checkpoint 1\n%d\n%016x%016x\n" % (len(content), digest.high, digest.low)
    return text.ljust(512, b"\0")


def reseal(path):
    block = seal(path)
    with open(path, "r+b") as file:
        file.write(block)


def value(item):
    if isinstance(item, bytes):
        return item.decode()
    if isinstance(item, np.ndarray):
        return [value(each) for each in item.tolist()]
    item = item.item() if isinstance(item, np.generic) else item
    return str(item) if item != item else item


def describe(path):
    with open(path, "rb") as file:
        block = file.read(512)
        file.seek(0)
        raw = file.read()
    objects = {}

    def visit(name, item):
        entry = {"attributes": {key: value(item.attrs[key]) for key in item.attrs}}
        entry["kinds"] = {key: type(item.attrs[key]).__name__ for key in item.attrs}
        if isinstance(item, h5py.Dataset):
            offset = item.id.get_offset()
            bytes_ = np.asarray(item[()]).tobytes()
            size = item.id.get_storage_size()
            entry["type"] = str(item.dtype)
            entry["shape"] = list(item.shape)
            entry["aligned"] = offset is None or offset % 64 == 0
            entry["inPlace"] = offset is None or raw[offset : offset + size] == bytes_.ljust(size, b"\0")
            stored = raw[offset : offset + size] if offset is not None else b""
            entry["checksum"] = "%016x" % xxhash.XXH3_64bits(stored, len(stored))
            entry["values"] = value(item.asstr()[()] if item.dtype.kind == "S" else item[()])
        objects["/" + name] = entry

    with h5py.File(path, "r") as file:
        visit("", file)
        file.visititems(visit)
    print(json.dumps({"sealIsRight": block == seal(path), "objects": objects}))


LAYERS = {
    "fc1": {"weight": np.arange(12, dtype="<f4").reshape(3, 4), "bias": np.ones(3, "<f4")},
}
NETWORK = json.dumps(
    {
        "name": "made-by-hand",
        "input": {"channels": 1, "height": 2, "width": 2},
        "nodes": [
            {"name": "flat", "type": "Flatten"},
            {"name": "fc1", "type": "Linear", "outputFeatures": 3, "bias": True},
        ],
    }
)


def author(folder):
    def write(name, layers=LAYERS, network=NETWORK, extras=None, **storage):
        with h5py.File(os.path.join(folder, name + ".h5"), "w") as file:
            file.attrs["format"] = "cnn-checkpoint"
            file.attrs["format_version"] = 1
            if network is not None:
                file["network"] = network
            for node, tensors in layers.items():
                for role, tensor in tensors.items():
                    file.create_dataset(f"weights/{node}/{role}", data=tensor, **storage)
            if extras:
                extras(file)

    def full(file):
        file["labels"] = ["eins", "zwei", "drei — größer"]
        group = file.create_group("preprocessing")
        group.attrs.update(
            {"channels": 1, "height": 2, "width": 2, "scale": 1 / 255, "mean": [0.25], "std": [2.0]}
        )
        group.attrs.update(
            {"background": [0.5], "resize": "center-crop", "resize_shorter_side": 3, "invert": True}
        )

    changed = lambda change: {"fc1": {k: change(v) for k, v in LAYERS["fc1"].items()}}
    write("plain")
    write("full", extras=full)
    write("gzip", chunks=True, compression="gzip", shuffle=True, fletcher32=True)
    write("float64", changed(lambda v: v.astype("<f8")))
    write("float16", changed(lambda v: v.astype("<f2")))
    write("big-endian", changed(lambda v: v.astype(">f4")))
    write("no-network", network=None)
    write("no-weight", {"fc1": {"bias": LAYERS["fc1"]["bias"]}})
    write("other-shape", changed(lambda v: v.T))
    with h5py.File(os.path.join(folder, "keras.h5"), "w") as file:
        file.attrs["keras_version"] = "2"
        file.create_group("model_weights")


def older(path):
    with h5py.File(path, "w", libver="earliest", userblock_size=512) as file:
        file.attrs["format"] = "cnn-checkpoint"
        file.attrs["format_version"] = 1
        file["network"] = NETWORK
        for role, tensor in LAYERS["fc1"].items():
            file.create_dataset(f"weights/fc1/{role}", data=tensor)
    reseal(path)


def replace(file, name, data, **storage):
    """Another dataset under a name."""
    del file[name]
    return file.create_dataset(name, data=data, **storage)


def hostile(fp32, int8, folder):
    fifo = os.path.join(folder, "outside")
    os.mkfifo(fifo)  # opening it for reading would wait for ever
    weight = "weights/conv1/weight"

    def forge(name, base=fp32):
        def run(change):
            path = os.path.join(folder, name + ".h5")
            shutil.copyfile(base, path)
            with h5py.File(path, "r+") as file:
                change(file)
            reseal(path)
            return change

        return run

    def low_level(file, name, shape, dcpl):
        del file[name]
        parent = file["/".join(name.split("/")[:-1])]
        space = h5py.h5s.create_simple(shape)
        h5py.h5d.create(parent.id, name.split("/")[-1].encode(), h5py.h5t.IEEE_F32LE, space, dcpl)

    @forge("unchanged")
    def _(f):
        pass

    @forge("rewritten-texts")
    def _(f):
        replace(f, "network", f["network"].asstr()[()])
        replace(f, "labels", ["a", "b"], dtype=h5py.string_dtype())

    @forge("version-999")
    def _(f):
        f.attrs["format_version"] = 999

    @forge("version-text")
    def _(f):
        f.attrs["format_version"] = "one"

    @forge("no-version")
    def _(f):
        del f.attrs["format_version"]

    @forge("other-format")
    def _(f):
        f.attrs["format"] = "keras"

    @forge("no-format")
    def _(f):
        del f.attrs["format"]

    @forge("external-link")
    def _(f):
        del f["weights/conv1"]
        f["weights/conv1"] = h5py.ExternalLink(fifo, "/x")

    @forge("soft-link")
    def _(f):
        del f["weights/conv1"]
        f["weights/conv1"] = h5py.SoftLink("/weights/fc")

    @forge("soft-link-out")
    def _(f):
        del f["labels"]
        f["labels"] = h5py.SoftLink("/../../etc/passwd")

    @forge("linked-twice")
    def _(f):
        del f["weights/fc/bias"]
        f["weights/fc/bias"] = f["weights/conv1/bias"]

    @forge("group-cycle")
    def _(f):
        del f["weights/conv1"]
        f["weights/conv1"] = f["/"]

    @forge("named-type")
    def _(f):
        del f["weights/conv1/bias"]
        f["weights/conv1/bias"] = np.dtype("f4")

    @forge("external-storage")
    def _(f):
        shape = f[weight].shape
        del f[weight]
        f.create_dataset(weight, shape, "<f4", external=[(fifo, 0, 4 * int(np.prod(shape)))])

    @forge("virtual")
    def _(f):
        layout = h5py.VirtualLayout(f[weight].shape, "<f4")
        layout[...] = h5py.VirtualSource(fifo, "x", shape=f[weight].shape)
        del f[weight]
        f.create_virtual_dataset(weight, layout)

    @forge("chunked")
    def _(f):
        replace(f, weight, f[weight][()], chunks=True)

    @forge("gzip")
    def _(f):
        replace(f, weight, f[weight][()], compression="gzip")

    @forge("plugin")
    def _(f):
        dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        shape = f[weight].shape
        dcpl.set_chunk(shape)
        dcpl.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (1, 2, 3))
        low_level(f, weight, shape, dcpl)

    @forge("compact")
    def _(f):
        dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        dcpl.set_layout(h5py.h5d.COMPACT)
        low_level(f, "weights/conv1/bias", f["weights/conv1/bias"].shape, dcpl)

    @forge("unallocated")
    def _(f):
        dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        low_level(f, weight, f[weight].shape, dcpl)

    @forge("many-attributes")
    def _(f):
        for index in range(1000):
            f["weights/conv1"].attrs[f"a{index}"] = index

    @forge("many-attributes-dataset")
    def _(f):
        for index in range(1000):
            f[weight].attrs[f"a{index}"] = index

    @forge("wide-attribute")
    def _(f):
        f["preprocessing"].attrs.create("mean", np.zeros(10_000_000, "<f4"))

    @forge("many-objects")
    def _(f):
        # A new group, whose links go into a heap: ours keep them in their headers.
        del f["weights"]
        group = f.create_group("weights", track_order=True)
        for index in range(20_100):
            group.create_group(f"g{index}")

    @forge("huge")
    def _(f):
        dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        low_level(f, weight, (2**60,), dcpl)

    @forge("huge-labels")
    def _(f):
        del f["labels"]
        dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        kind = h5py.h5t.C_S1.copy()
        kind.set_size(12)
        space = h5py.h5s.create_simple((2**58,))
        h5py.h5d.create(f.id, b"labels", kind, space, dcpl)

    @forge("huge-optimizer")
    def _(f):
        dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        low_level(f, "training/optimizer/conv1/weight.momentum", (2**20, 2**20, 2**20), dcpl)

    @forge("missing-dataset")
    def _(f):
        del f["weights/conv1/bias"]

    @forge("missing-node")
    def _(f):
        del f["weights/fc"]

    @forge("missing-network")
    def _(f):
        del f["network"]

    @forge("missing-labels")
    def _(f):
        del f["labels"]

    @forge("missing-preprocessing")
    def _(f):
        del f["preprocessing"]

    @forge("missing-attribute")
    def _(f):
        del f["preprocessing"].attrs["std"]

    @forge("extra-dataset")
    def _(f):
        f["weights/conv1/extra"] = np.zeros(3, "<f4")

    @forge("extra-line")
    def _(f):
        f["weights/conv1/extra\nline"] = np.zeros(3, "<f4")

    @forge("extra-node")
    def _(f):
        f["weights/other/weight"] = np.zeros(3, "<f4")

    @forge("extra-root")
    def _(f):
        f["payload"] = np.zeros(3, "<f4")

    @forge("group-for-dataset")
    def _(f):
        del f["weights/conv1/bias"]
        f.create_group("weights/conv1/bias")

    @forge("dataset-for-group")
    def _(f):
        del f["weights/conv1"]
        f["weights/conv1"] = np.zeros(3, "<f4")

    @forge("wrong-rank")
    def _(f):
        replace(f, weight, f[weight][()].reshape(-1))

    @forge("wrong-shape")
    def _(f):
        replace(f, weight, f[weight][()].transpose(1, 0, 2, 3))

    @forge("null-space")
    def _(f):
        del f[weight]
        f[weight] = h5py.Empty("<f4")

    @forge("wrong-type")
    def _(f):
        replace(f, weight, f[weight][()].astype("<f8"))

    @forge("wrong-type-int")
    def _(f):
        replace(f, weight, f[weight][()].astype("<i4"))

    @forge("wrong-form")
    def _(f):
        form = h5py.h5t.IEEE_F32LE.copy()
        form.set_ebias(126)
        name = "weights/conv1/bias"
        data = f[name][()]
        del f[name]
        h5py.h5d.create(f.id, name.encode(), form, h5py.h5s.create_simple(data.shape))
        f[name][...] = data

    @forge("int8-bias")
    def _(f):
        replace(f, "weights/conv1/bias", np.zeros(f["weights/conv1/bias"].shape, "i1"))

    @forge("big-endian")
    def _(f):
        replace(f, weight, f[weight][()].astype(">f4"))

    @forge("nan")
    def _(f):
        f["weights/fc/weight"][1, 2] = np.nan

    @forge("infinite")
    def _(f):
        f["weights/conv1/bias"][0] = -np.inf

    @forge("negative-variance")
    def _(f):
        f["weights/bn1/running_var"][1] = -1

    @forge("zero-scale", int8)
    def _(f):
        f["weights/fc/weight_scale"][1] = 0

    @forge("nan-scale", int8)
    def _(f):
        f["weights/fc/weight_scale"][1] = np.nan

    @forge("missing-scale", int8)
    def _(f):
        del f["weights/fc/weight_scale"]

    @forge("scale-of-float")
    def _(f):
        f["weights/fc/weight_scale"] = np.ones(3, "<f4")

    @forge("missing-quantization", int8)
    def _(f):
        del f["quantization"]

    @forge("negative-activation-scale", int8)
    def _(f):
        f["quantization/input"].attrs["scale"] = np.float32(-1)

    @forge("zero-point-256", int8)
    def _(f):
        f["quantization/input"].attrs["zero_point"] = 256

    @forge("unknown-activation", int8)
    def _(f):
        f["quantization"].move("input", "nowhere")

    @forge("wrong-channels")
    def _(f):
        f["preprocessing"].attrs["channels"] = 3

    @forge("zero-std")
    def _(f):
        f["preprocessing"].attrs["std"] = np.zeros(1, "<f4")

    @forge("unknown-resize")
    def _(f):
        f["preprocessing"].attrs["resize"] = "seam-carving"

    @forge("too-many-labels")
    def _(f):
        replace(f, "labels", [b"x"] * 100)

    @forge("labels-not-utf8")
    def _(f):
        replace(f, "labels", np.array([b"\xff\xfe"]))

    @forge("network-number")
    def _(f):
        replace(f, "network", 7)

    @forge("network-not-json")
    def _(f):
        replace(f, "network", "{")

    @forge("network-unknown-operation")
    def _(f):
        replace(f, "network", f["network"].asstr()[()].replace('"Conv2d"', '"Teleport"'))

    @forge("network-long")
    def _(f):
        replace(f, "network", " " * ((1 << 24) + 1))

    @forge("negative-epoch")
    def _(f):
        f["training"].attrs["epoch"] = -1

    @forge("history-lengths")
    def _(f):
        replace(f, "training/history/testLoss", np.zeros(9))

    # Texts whose heap is not where they say, or shorter than they say.
    for name, offset, forged in [("heap-far", 4, 2**40), ("heap-long", 0, 2**32 - 1)]:
        path = os.path.join(folder, name + ".h5")
        shutil.copyfile(fp32, path)
        with h5py.File(path, "r+") as file:
            place = replace(file, "network", "x" * 100).id.get_offset()
        with open(path, "r+b") as file:
            file.seek(place + offset)
            file.write(int(forged).to_bytes(8 if offset else 4, "little"))
        reseal(path)


if __name__ == "__main__":
    commands = {"describe": describe, "author": author, "hostile": hostile, "older": older}
    commands[sys.argv[1]](*sys.argv[2:])
