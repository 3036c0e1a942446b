"""The model of Sources/Inference/Convolution/ConvolutionCosts.swift, and how its constants are fitted."""
import math
import re

import runs

SOURCE = runs.ROOT / "Sources" / "Inference" / "Convolution" / "ConvolutionCosts.swift"
# Rows and lanes of the matrix product; Winograd's products have as many lanes.
KERNELS = {
    "scalar": (4, 8), "avx2": (6, 8), "avx512": (8, 16), "avx512vnni": (8, 16), "avx512amx": (8, 16),
    "neon": (8, 4)}
# The one that gives the others their scale, and one that no run of many tiles shows.
FIXED = ["longer", "leastTiles"]
ONCE = ["packing", "filterTransform"]
KERNEL_SIZES = {1: [1], 2: [3, 5], 4: [3, 5], 6: [3]}


class Model(dict):
    """The constants by name, those of transforms as `transform m r input` and `… output`."""

    @staticmethod
    def of_sources():
        text = SOURCE.read_text()
        found = {name: float(value) for name, value in re.findall(r"static let (\w+) = ([\d.]+)\n", text)}
        cases = re.findall(r"(?:case \((\d), (\d|_)\)|default): \((\d+), (\d+)\)", text)
        for tile, sizes in KERNEL_SIZES.items():
            for size in sizes:
                source, target = next(
                    pair for m, r, *pair in cases if m in ("", str(tile)) and r in ("", "_", str(size)))
                found[f"transform {tile} {size} input"] = float(source)
                found[f"transform {tile} {size} output"] = float(target)
        return Model(found)


def cost(row, tile, isa, model):
    """What a row's images cost by Winograd with such a tile, or by the matrix product if it is 0."""
    rows, lanes = KERNELS[isa]
    inputs, outputs = row["inputChannels"] // row["groups"], row["outputChannels"] // row["groups"]
    taps = row["kernelHeight"] * row["kernelWidth"]
    if tile == 0:
        vectors = -(-row["height"] * row["width"] // lanes)
        columns = model["columns" if row["strideWidth"] == 1 else "stridedColumns"]
        sums = vectors * inputs * taps * (-(-outputs // rows) * rows + columns)
        return row["groups"] * total(row["images"] * sums, 4 * inputs * taps * outputs, lanes, 0, model)
    size = row["kernelHeight"]
    tiles = row["images"] * -(-row["height"] // tile) * -(-row["width"] // tile)
    filters = (tile + size - 1) ** 2 * inputs * -(-outputs // lanes)
    transforms = tiles * sum(
        -(-channels // lanes) * model[f"transform {tile} {size} {side}"]
        for channels, side in [(inputs, "input"), (outputs, "output")])
    sums = filters * max(tiles, model["leastTiles"])
    return row["groups"] * total(sums, 4 * lanes * filters, lanes, transforms, model)


def total(sums, weight_bytes, lanes, others, model):
    reading = weight_bytes / (model["bytesPerFMA"] * lanes / 16)
    return max(sums, reading) * model["longer"] + min(sums, reading) * model["shorter"] + others


def loading(row, tile, isa, model):
    """What the weights cost once in a plan's life."""
    return sum(model[name] * vectors for name, vectors in loaded(row, tile, isa).items())


def loaded(row, tile, isa):
    """The vectors that are loaded, by the constant that they cost."""
    _, lanes = KERNELS[isa]
    inputs, outputs = row["inputChannels"] // row["groups"], row["outputChannels"] // row["groups"]
    if tile == 0:
        taps = row["kernelHeight"] * row["kernelWidth"]
        return {"packing": row["groups"] * inputs * taps * outputs / lanes}
    points = (tile + row["kernelHeight"] - 1) ** 2
    return {"filterTransform": row["groups"] * points * inputs * -(-outputs // lanes)}


def fitted(start, rows, plans, isa):
    """The constants that come nearest to all times, in ratios, found one by one."""
    model, step = Model(start), 1.5
    names = [name for name in start if name not in FIXED + ONCE]
    least, scale = distance(model, rows, isa)
    while step > 1.005:
        before = least
        for name in names:
            for factor in (step, 1 / step):
                trial = Model(model, **{name: model[name] * factor})
                error, trial_scale = distance(trial, rows, isa)
                if error < least and trial["shorter"] <= trial["longer"]:
                    model, least, scale = trial, error, trial_scale
        if least > 0.9999 * before:
            step = step ** 0.5
    model.update(once(rows, plans, isa, scale))
    return model


def distance(model, rows, isa):
    """The weighted mean square of the logarithms of measured over expected times, with the milliseconds
    of a unit of cost that make it least. Layers that take long weigh more."""
    terms = []
    for row in rows:
        weight = row["layers"] * math.sqrt(min(row["milliseconds"].values()))
        parts = row["batch"] / row["images"]
        for tile, time in row["milliseconds"].items():
            terms.append((weight, math.log(time / parts / cost(row, int(tile), isa, model))))
    whole = sum(weight for weight, _ in terms)
    mean = sum(weight * value for weight, value in terms) / whole
    return sum(weight * (value - mean) ** 2 for weight, value in terms) / whole, math.exp(mean)


def once(rows, plans, isa, scale):
    """The constants of loading, by least squares over the times of plans, network by network."""
    sums = [[0.0] * 3 for _ in ONCE]
    for network in {plan["network"] for plan in plans}:
        points = []
        for plan in (plan for plan in plans if plan["network"] == network):
            vectors = dict.fromkeys(ONCE, 0.0)
            for row in rows:
                if row["network"] == network and row["batch"] == 1:
                    tile = plan["tile"] if str(plan["tile"]) in row["milliseconds"] else 0
                    for name, count in loaded(row, tile, isa).items():
                        vectors[name] += row["layers"] * count * scale
            points.append([*vectors.values(), plan["milliseconds"]])
        means = [sum(column) / len(points) for column in zip(*points)]
        for point in points:
            packing, transform, time = (value - mean for value, mean in zip(point, means))
            for line, value in zip(sums, (packing, transform)):
                for index, other in enumerate((packing, transform, time)):
                    line[index] += value * other
    (a, b, x), (_, d, y) = sums
    determinant = a * d - b * b
    return {"packing": (x * d - b * y) / determinant, "filterTransform": (a * y - b * x) / determinant}
