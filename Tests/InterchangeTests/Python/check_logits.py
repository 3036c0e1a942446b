"""Holds exported ONNX files against logits that another program computed.

    python check_logits.py FOLDER

FOLDER/cases.json lists `{"model", "input", "type", "shape", "logits", "tolerance"}`: files of raw
numbers. Each model passes the checker; ONNX Runtime's logits are within that share of their spread
of those expected.
Prints a line a case and exits with 1 if any fails.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Without VNNI, uint8·int8 sums saturate in 16 bits unless asked not to.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main(folder):
    folder = pathlib.Path(folder)
    cases = json.loads((folder / "cases.json").read_text())
    bad, sessions = 0, {}
    for case in cases:
        path = str(folder / case["model"])
        if path not in sessions:
            onnx.checker.check_model(path, full_check=True)
            sessions[path] = session(path)
        runtime = sessions[path]
        fed = np.fromfile(folder / case["input"], case["type"]).reshape(case["shape"])
        found = runtime.run(["logits"], {runtime.get_inputs()[0].name: fed})[0]
        expected = np.fromfile(folder / case["logits"], np.float32).reshape(found.shape)
        spread = float(np.ptp(expected))
        error = float(np.abs(found - expected).max())
        good = spread > 0 and error <= case["tolerance"] * spread
        bad += not good
        print(f"{case['input']}: {error:.3g} of a spread of {spread:.3g}", "" if good else "TOO FAR")
    return 1 if bad or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
