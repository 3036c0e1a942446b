#!/usr/bin/env python3
"""train-compare: training steps of this package beside PyTorch's and TensorFlow's.

    Benchmarks/train_compare.py [--networks NAME …] [--precisions fp32 bf16] [--rounds 3]
        [--steps 8] [--batch-size 128] [--threads N] [--add-rounds]
        [--torch-python P] [--tensorflow-python P]

Every round runs each engine once, in a process of its own, so that a disturbance meets all of them;
the table has the median over the rounds' medians. PyTorch runs eagerly in channels_last, TensorFlow
as one tf.function, each in its own virtual environment under Benchmarks/, made on first use.
Everybody gets a fixed batch of the same size, as many threads and plain SGD; ours gets
GOMP_SPINCOUNT=1000, as cnn-train sets it itself. Writes results/ISA/train-compare.md and .json;
rows that a run does not measure again are kept if they were measured with as many steps on such a
machine. Also updates the README's table of speed.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

import readme_table
import runs

HERE = runs.ROOT / "Benchmarks"
NETWORKS = ["alexnet", "vgg11-small", "resnet18"]
PRECISIONS = ["fp32", "bf16"]
PACKAGES = {"torch": ["torch==2.15.*", "numpy"], "tensorflow": ["tensorflow-cpu==2.21.*"]}
TITLES = {"ours": "this package", "torch": "PyTorch", "tensorflow": "TensorFlow"}


def interpreter(peer):
    """The Python of a peer's virtual environment, made where it is missing."""
    folder = HERE / f".venv-{peer}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES[peer]], check=True)
        (folder / "complete").touch()
    return str(python)


def build():
    """Builds the program that times our steps; returns its path."""
    package = HERE / "train-layers"
    command = ["swift", "build", "-c", "release", "--package-path", str(package)]
    subprocess.run(command, check=True)
    shown = subprocess.run([*command, "--show-bin-path"], check=True, capture_output=True, text=True)
    return f"{shown.stdout.strip()}/train-layers"


def measure(name, command, arguments, threads):
    """Runs an engine once; its version, parameters and seconds of each step."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    environment.pop("GOMP_SPINCOUNT", None)
    if name == "ours":
        environment["GOMP_SPINCOUNT"] = "1000"
    result = subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, env=environment)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout.splitlines()[-1])


def compare(options, engines):
    """A row for each network and precision."""
    rows = []
    for network in options.networks:
        for precision in options.precisions:
            medians = {name: [] for name in engines}
            found = {}
            for _ in range(options.rounds):
                for name, command in engines.items():
                    arguments = [network, precision, options.batch_size, options.threads,
                                 options.steps]
                    found[name] = measure(name, command, arguments, options.threads)
                    medians[name].append(statistics.median(found[name]["seconds"]))
            if len({one["parameters"] for one in found.values()}) > 1:
                raise SystemExit(f"{network} differs between the engines: {found}")
            rows.append({
                "network": network, "precision": precision,
                "imagesPerSecond": {
                    name: statistics.median(options.batch_size / time for time in times)
                    for name, times in medians.items()},
                "rounds": {
                    name: [options.batch_size / time for time in times]
                    for name, times in medians.items()},
                "versions": {name: one["version"] for name, one in found.items()},
                "steps": options.steps,
            })
            print(json.dumps(rows[-1]), flush=True)
    return rows


def add(row, rounds):
    """Counts earlier rounds of a row too."""
    for name, rates in row["rounds"].items():
        rates[:0] = rounds[name]
        row["imagesPerSecond"][name] = statistics.median(rates)


def merged(options, rows):
    """The rows with those of earlier runs that they do not replace, in the catalogue's order."""
    path = runs.results() / "train-compare.json"
    setting = {
        "machine": runs.machine(), "batchSize": options.batch_size, "threads": options.threads}
    earlier = json.loads(path.read_text()) if path.exists() else {}
    all_rows = {(row["network"], row["precision"]): row for row in rows}
    if all(earlier.get(key) == value for key, value in setting.items()):
        for row in earlier["rows"]:
            if row["steps"] != options.steps:
                continue
            new = all_rows.setdefault((row["network"], row["precision"]), row)
            if options.add_rounds and new is not row and new["versions"] == row["versions"]:
                add(new, row["rounds"])
    order = [(network, precision) for network in NETWORKS for precision in PRECISIONS]
    kept = [all_rows[key] for key in order if key in all_rows]
    path.write_text(json.dumps({**setting, "rows": kept}, indent=2) + "\n")
    return kept


def write(options, engines, rows):
    """The results as Markdown and JSON."""
    rows = merged(options, rows)
    body = []
    for row in rows:
        rates = row["imagesPerSecond"]
        best = max(rate for name, rate in rates.items() if name != "ours")
        body.append([
            f"`{row['network']}`", row["precision"], str(len(row["rounds"]["ours"])),
            *[f"{rates[name]:.1f}" for name in engines], f"{rates['ours'] / best:.2f}×"])
    versions = ", ".join(
        f"{TITLES[name]} {version}" for name, version in rows[0]["versions"].items())
    machine = f"{versions}.\nMachine: {runs.machine()}.\n"
    table = runs.table(["network", "precision", "rounds", *[TITLES[name] for name in engines], "ratio"], body)
    setting = f"Images a second, batch {options.batch_size}, {options.threads} threads: forward, backward "
    text = (
        f"# Training steps beside PyTorch and TensorFlow\n\n{setting}"
        "and plain SGD on one batch in memory;\n"
        f"the median of interleaved rounds, each the median of {options.steps} steps. The last column is "
        "against the better\npeer. Written by `Benchmarks/train_compare.py`.\n\n"
        f"{machine}\n{table}")
    runs.fill(runs.results() / "train-compare.md", "train-compare", text)
    readme_table.write()
    print(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--networks", nargs="+", default=NETWORKS, choices=NETWORKS)
    parser.add_argument("--precisions", nargs="+", default=PRECISIONS, choices=PRECISIONS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--torch-python", help="an interpreter that has PyTorch")
    parser.add_argument("--tensorflow-python", help="an interpreter that has TensorFlow")
    parser.add_argument("--add-rounds", action="store_true",
                        help="count the rounds of earlier runs too")
    parser.add_argument("--ours", help="a train-layers that is built already")
    options = parser.parse_args()
    torch = options.torch_python or interpreter("torch")
    tensorflow = options.tensorflow_python or interpreter("tensorflow")
    engines = {
        "ours": [options.ours or build()],
        "torch": [torch, str(HERE / "peers" / "train_torch.py")],
        "tensorflow": [tensorflow, str(HERE / "peers" / "train_tensorflow.py")],
    }
    write(options, engines, compare(options, engines))


if __name__ == "__main__":
    main()
