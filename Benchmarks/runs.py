"""What the benchmark scripts share: the machine, and runs of cnn-train with their logs."""
import json
import os
import pathlib
import platform
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "Benchmarks" / "results"
SCRATCH = ROOT / ".local" / "benchmarks"
TRAIN = ROOT / ".build" / "release" / "cnn-train"


def build():
    """Builds the release program."""
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "cnn-train"], cwd=ROOT, check=True
    )


def machine():
    """The processor and the cores that this process may use, in one line."""
    name = platform.processor() or platform.machine()
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                name = line.split(":", 1)[1].strip()
                break
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
    log = RESULTS / "runs" / f"{name}.jsonl"
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


def show(name, lines, readme=ROOT / "README.md"):
    """Puts lines between the README's comments of that name."""
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, _, rest = readme.read_text().partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"{readme} has no place for {name}")
    readme.write_text(before + start + "\n".join(lines) + "\n" + end + after)


def table(heading, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"
