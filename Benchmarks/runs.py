#!/usr/bin/env python3
"""Code shared by the benchmark scripts: the machine, its results, and runs of cnn-train.

    Benchmarks/runs.py results         prints the folder of this machine's results
    Benchmarks/runs.py fill FILE NAME  replaces the generated part NAME of FILE by standard input
"""
import json
import os
import pathlib
import platform
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# One folder for each kind of processor: see results().
ALL_RESULTS = ROOT / "Benchmarks" / "results"
SCRATCH = ROOT / ".local" / "benchmarks"
TRAIN = ROOT / ".build" / "release" / "cnn-train"

# What a processor needs for each instruction set of CNN_ISA, the best first: the flags of Linux that
# Sources/CKernels/cpu-features.c tests for.
AVX2 = {"avx2", "fma"}
AVX512 = AVX2 | {"bmi2", "avx512f", "avx512bw", "avx512dq", "avx512vl"}
FLAGS = {
    "avx512amx": AVX512 | {"avx512_vnni", "amx_tile", "amx_int8"},
    "avx512vnni": AVX512 | {"avx512_vnni"},
    "avx512": AVX512,
    "avx2": AVX2,
}


def build():
    """Builds the release program."""
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "cnn-train"], cwd=ROOT, check=True
    )


def isa():
    """The best instruction set of this processor, named as CNN_ISA names it."""
    if platform.machine() in ("aarch64", "arm64"):
        return "neon"
    flags = set(cpuinfo("flags").split())
    return next((name for name, needed in FLAGS.items() if needed <= flags), "scalar")


def results():
    """The folder of this processor's kind, made where it is missing.

    A run that CNN_ISA holds to a lesser instruction set would replace the results of the whole processor.
    """
    name, chosen = isa(), os.environ.get("CNN_ISA")
    if chosen and chosen != name:
        raise SystemExit(
            f"error: cannot record results of CNN_ISA={chosen}: this processor has {name}: unset CNN_ISA")
    folder = ALL_RESULTS / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cpuinfo(key):
    """The first value of a key of /proc/cpuinfo, or nothing."""
    path = pathlib.Path("/proc/cpuinfo")
    for line in path.read_text().splitlines() if path.exists() else []:
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return ""


def machine():
    """The processor and the cores that this process may use, in one line."""
    name = cpuinfo("model name") or platform.processor() or platform.machine()
    return f"{name}, {len(os.sched_getaffinity(0))} cores"


def circumstances():
    """What a reader of times must know of long runs, in two sentences."""
    return (
        f"Machine: {machine()}, one run each, all cores, in everyday use: other programs took their\n"
        "share of the time. Rates of a quiet machine are what `Benchmarks/train_compare.py` measures."
    )


def train(name, arguments, stop=lambda row: False):
    """Runs cnn-train and returns the rows of its log; interrupts it once `stop(row)` holds."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    log = results() / "runs" / f"{name}.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    command = [str(TRAIN), *arguments, "-o", str(SCRATCH / f"{name}.h5"), "--log", str(log)]
    process = subprocess.Popen(command, cwd=ROOT)
    rows = []
    while process.poll() is None:
        time.sleep(0.5)
        rows = read(log)
        if rows and stop(rows[-1]):
            process.send_signal(signal.SIGINT)
            process.wait()
    if process.returncode not in (0, 130):
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    return read(log)


def read(log):
    """The whole rows of a log."""
    if not log.exists():
        return []
    lines = log.read_text().split("\n")[:-1]
    return [json.loads(line) for line in lines]


def fill(path, name, text):
    """Replaces the part of a document between the comments of that name; what is around them stays.

    A document that is missing is made of this part alone.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before = path.read_text() if path.exists() else start + end
    before, found, rest = before.partition(start)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise SystemExit(f"error: cannot write {path}: no comments {start.strip()} and {end.strip()}")
    path.write_text(before + start + text.rstrip() + "\n" + end + after)


def table(heading, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def main(words):
    if words == ["results"]:
        print(results())
    elif len(words) == 3 and words[0] == "fill":
        fill(pathlib.Path(words[1]), words[2], sys.stdin.read())
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
