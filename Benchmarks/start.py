#!/usr/bin/env python3
"""Measures what classifying one image takes, from the process's start to its end, as installed.

    Benchmarks/start.py [--prefix DIR] [--runs 20] [CHECKPOINT …]

Without --prefix the programs are installed to a temporary folder first; without a checkpoint, an
AlexNet with initial weights is measured. Files are in the page cache. Beside it, the hash of
the same bytes by the same function of libxxhash on one thread: the most that the seal can add to a
start, since cnn-infer hashes while another thread brings pages in. Writes
results/ISA/start.md.
"""
import argparse
import ctypes
import ctypes.util
import mmap
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
    median = statistics.median(times)
    seal = hashing(command[-1], count) if size else None
    return [
        f"classify, `{name}`" if name else "`--version`", f"{min(times):.1f}", f"{median:.1f}",
        f"{seal:.1f} ({seal / median:.0%})" if size else "", f"{peak / 1e6:.1f}",
        f"{size / 1e6:.1f}" if size else "", share,
    ]


class Hash(ctypes.Structure):
    """XXH128_hash_t."""
    _fields_ = [("low64", ctypes.c_uint64), ("high64", ctypes.c_uint64)]


def hashing(path, count):
    """The median ms of hashing a file's mapped bytes."""
    library = ctypes.CDLL(ctypes.util.find_library("xxhash"))
    function = getattr(library, "XXH3_128bits_dispatch", library.XXH3_128bits)
    function.restype, function.argtypes = Hash, [ctypes.c_void_p, ctypes.c_size_t]
    times = []
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE) as content:
        first = ctypes.addressof(ctypes.c_char.from_buffer(content))
        for _ in range(count + 2):
            begin = time.perf_counter()
            function(first, len(content))
            times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times[2:])


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
    heading = [
        "command", "min ms", "median ms", "hash alone ms (of median)", "peak MB", "checkpoint MB",
        "peak ÷ checkpoint"]
    text = (
        "# Start\n\n"
        "A whole process of `cnn-infer`, as `Scripts/install.sh` installs it, from before it is made\n"
        "until it is gone, its files in the page cache. Written by `Benchmarks/start.py`.\n\n"
        "The hash alone is the most that the seal can add: pages are brought in meanwhile.\n\n"
        f"Machine: {runs.machine()}, {count} runs after two that do not count.\n\n"
    )
    runs.fill(runs.results() / "start.md", "start", text + runs.table(heading, rows))
    print(runs.table(heading, rows))


if __name__ == "__main__":
    main()
