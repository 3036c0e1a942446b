"""Holds exported ONNX files against the reference.

    python check_onnx.py FOLDER

For each NAME.onnx of the folder, NAME.safetensors is the same checkpoint. Each model passes the
checker and strict shape inference, keeps the names, and gives the reference's logits in ONNX
Runtime for batches of 1 and 3. Prints one line a fault and exits with 1 if there is any.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
import reference


def session(model, optimise):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Without VNNI, uint8·int8 sums saturate in 16 bits unless asked not to.
    options.add_session_config_entry("session.x64quantprecision", "1")
    if not optimise:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def names(model, network):
    """Faults in names: nodes, values and initialisers bear the network's."""
    made = {node.name: list(node.output) for node in model.graph.node}
    for node in network["nodes"]:
        name = node["name"]
        if node["type"] == "Dropout":
            if name in made:
                yield f"dropout '{name}' is in the graph"
        elif name not in made:
            yield f"no node '{name}'"
        elif made[name][0] not in (name, "logits", f"{name}/value", f"{name}/float"):
            yield f"node '{name}' makes {made[name]}"
    if [v.name for v in model.graph.output][0] != "logits":
        yield "the first output is not 'logits'"


def tolerance(expected, grids, network):
    """1e-4 of the largest logit in fp32. Where values are rounded to grids, float32 and float64 may
    fall on two sides of a half, which later layers spread: a rough bound here, the exact one is
    `node_faults`."""
    size = np.abs(expected).max()
    if not grids:
        return 1e-4 * max(1, size)
    step = grids.get(network["output"], {"scale": 0})["scale"]
    return max(4 * step, 0.1 * max(1, size))


def node_faults(model, network, tensors, metadata, x):
    """Every node against the formula on the very inputs that the runtime gave it: equal to 1e-4
    of the largest, or one step of the grid in one element of a hundred."""
    grids = reference.grids_of(metadata)
    nodes = {node["name"]: node for node in network["nodes"]}
    made = {n.name: n.output[0] for n in model.graph.node}
    values = {"input": made.get("input/dequantize", "input")}
    for name, node in nodes.items():
        dropped = node["type"] == "Dropout"
        values[name] = (
            values[node["inputs"][0]] if dropped else made.get(f"{name}/dequantize", made.get(name)))
    known = {o.name for o in model.graph.output} | {i.name for i in model.graph.input}
    wanted = sorted(set(values.values()) - known)
    model.graph.output.extend(
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in wanted)
    runtime = session(model.SerializeToString(), False)
    outputs = [o.name for o in runtime.get_outputs()]
    results = dict(zip(outputs, runtime.run(None, {"input": x})))
    results.setdefault("input", x)
    for name, node in nodes.items():
        if node["type"] == "Dropout":
            continue
        given = [results[values[i]].astype(np.float64) for i in node["inputs"]]
        expected = reference.evaluate(node, given, nodes, tensors, grids)
        error = np.abs(results[values[name]] - expected)
        near = 1e-4 * max(1, np.abs(expected).max())
        step = grids.get(name, {"scale": 0})["scale"]
        off = (error > near).mean()
        if not (error.max() <= step + near and off <= 0.01 + 1.01 / error.size):
            yield f"node '{name}' is off by {error.max():.3g} in {off:.2%} of its elements"


def inputs(network, settings, batch, random):
    """Random input tensors, or random images of three sizes with their tensors."""
    shape = [network["input"][key] for key in ("channels", "height", "width")]
    if settings is None:
        x = random.standard_normal([batch] + shape).astype(np.float32)
        yield x, x
        return
    for size in ((28, 28), (41, 67), (90, 53)):
        images = random.integers(0, 256, (batch, shape[0]) + size, dtype=np.uint8)
        yield images, np.stack([reference.preprocess(settings, image) for image in images])


def faults(path):
    model = onnx.load(str(path), load_external_data=False)
    onnx.checker.check_model(str(path), full_check=True)
    onnx.shape_inference.infer_shapes_path(
        str(path), str(path) + ".inferred", check_type=True, strict_mode=True, data_prop=True)
    network, tensors, metadata = reference.load(path.with_suffix(".safetensors"))
    properties = {p.key: p.value for p in model.metadata_props}
    if any(properties.get(key) != value for key, value in metadata.items() if key != "format"):
        yield "metadata differ"
    yield from names(model, network)
    grids = reference.grids_of(metadata)
    random = np.random.default_rng(1)
    for optimise in (False, True):
        runtime = session(str(path), optimise)
        given = runtime.get_inputs()[0].name
        settings = json.loads(properties["preprocessing"]) if given == "image" else None
        for batch in (1, 3):
            for fed, x in inputs(network, settings, batch, random):
                results = dict(zip(
                    [o.name for o in runtime.get_outputs()], runtime.run(None, {given: fed})))
                expected = reference.forward(network, tensors, x, metadata)[network["output"]]
                error = np.abs(results["logits"] - expected).max()
                allowed = tolerance(expected, grids, network)
                if results["logits"].shape != expected.shape or not error <= allowed:
                    yield (f"logits differ by {error:.3g} (batch {batch}, optimised {optimise}), "
                           f"allowed {allowed:.3g}")
                if given == "input" and batch == 3 and not optimise:
                    yield from node_faults(onnx.load(str(path)), network, tensors, metadata, fed)
                if "probabilities" in results:
                    odds = np.exp(expected - expected.max(axis=1, keepdims=True))
                    odds /= odds.sum(axis=1, keepdims=True)
                    if not grids and not np.abs(results["probabilities"] - odds).max() < 1e-5:
                        yield "probabilities differ"
                if batch > 1 and np.ptp(expected, axis=0).max() < 1e-3:
                    CONSTANT.add(path)


# Models whose logits do not depend on the input, which show little.
CONSTANT = set()


def main(folder):
    paths = sorted(pathlib.Path(folder).glob("*.onnx"))
    bad = 0
    for path in paths:
        try:
            found = list(faults(path))
        except Exception as error:
            found = [f"{type(error).__name__}: {error}"]
        for fault in found:
            print(f"{path.stem}: {fault}")
        bad += len(found)
    print(f"{len(paths)} models, {bad} faults, {len(CONSTANT)} constant")
    return 1 if bad or not paths or len(CONSTANT) * 10 > len(paths) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
