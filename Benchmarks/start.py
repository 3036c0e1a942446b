#!/usr/bin/env python3
"""Measures what classifying one image takes, from the process's start to its end, as installed.

    Benchmarks/start.py [--prefix DIR] [--runs 20] [CHECKPOINT …]

Without --prefix the programs are installed to a temporary folder first; without a checkpoint, an
AlexNet with initial weights is measured. Files are in the page cache. Writes results/start.md.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import runs

IMAGE = runs.ROOT / "Samples" / "ankle-boot.png"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prefix", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("checkpoints", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        prefix = options.prefix
        if prefix is None:
            prefix = pathlib.Path(scratch)
            subprocess.run([runs.ROOT / "Scripts" / "install.sh", "--prefix", prefix], check=True)
        checkpoints = options.checkpoints or [initial(prefix, pathlib.Path(scratch))]
        infer = prefix / "bin" / "cnn-infer"
        rows = [row("", [infer, "--version"], None, options.runs)]
        for path in checkpoints:
            command = [infer, IMAGE, "--model", path]
            rows.append(row(path.name, command, path.stat().st_size, options.runs))
    write(rows, options.runs)


def initial(prefix, folder):
    path = folder / "alexnet.h5"
    subprocess.run(
        [prefix / "bin" / "cnn-train", "--max-steps", "0", "--quiet", "-o", path], check=True)
    return path


def row(name, command, size, count):
    times, peaks = zip(*[measure(command) for _ in range(count + 2)][2:])
    peak = max(peaks)
    share = f"{peak / size:.2f}" if size else ""
    return [
        f"classify, `{name}`" if name else "`--version`", f"{min(times):.1f}",
        f"{statistics.median(times):.1f}", f"{peak / 1e6:.1f}",
        f"{size / 1e6:.1f}" if size else "", share,
    ]


def measure(command):
    """Wall time in ms from before the fork to the end, and peak memory in bytes."""
    begin = time.perf_counter()
    with open(os.devnull, "w") as nowhere:
        process = subprocess.Popen([str(word) for word in command], stdout=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
    elapsed = (time.perf_counter() - begin) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed with {process.returncode}")
    return elapsed, usage.ru_maxrss * 1024


def write(rows, count):
    heading = ["command", "min ms", "median ms", "peak MB", "checkpoint MB", "peak ÷ checkpoint"]
    text = (
        "# Start\n\n"
        "A whole process of `cnn-infer`, as `Scripts/install.sh` installs it, from before it is made\n"
        "until it is gone, its files in the page cache. Written by `Benchmarks/start.py`.\n\n"
        f"Machine: {runs.machine()}, {count} runs after two that do not count.\n\n"
    )
    runs.RESULTS.mkdir(parents=True, exist_ok=True)
    (runs.RESULTS / "start.md").write_text(text + runs.table(heading, rows))
    print(runs.table(heading, rows))


if __name__ == "__main__":
    main()
