"""A contender: a process that waits, stopped, for its turn."""
import ctypes
import json
import os
import signal
import subprocess
import tempfile

from comparison import environment, settings
from comparison.prepare import Failure


class Contender:
    """One of the programs on some network and number of threads."""

    def __init__(self, name, files, images, batches, threads):
        self.name = name
        self.parts = {}
        try:
            self.start(files, images, batches, threads)
        except BaseException:
            self.close()
            raise

    def start(self, files, images, batches, threads):
        name = self.name
        model = str(files.model(name))
        if name == settings.OURS:
            for batch in batches:
                self.parts[batch] = Process([
                    settings.INFER, "benchmark-rounds", model, images, "--batch-size", str(batch),
                    "--threads", str(threads), "--precision", files.precision,
                ], threads)
            self.logits = {
                batch: part.answer()["logits"] for batch, part in self.parts.items()}
            self.version = None
        else:
            part = Process([
                environment.PYTHON, settings.FOLDER / "peers" / "worker.py", f"peer_{name}", model,
                images, ",".join(map(str, files.shape)), ",".join(map(str, batches)), str(threads),
            ], threads)
            self.parts = {batch: part for batch in batches}
            first = part.answer()
            self.logits = {int(batch): row for batch, row in first["logits"].items()}
            self.version = first["version"]
        for part in self.parts.values():
            part.stop()

    def times(self, batch, runs):
        """The times of runs, in ms."""
        line = f"{runs}" if self.name == settings.OURS else f"{batch} {runs}"
        return self.parts[batch].ask(line)["milliseconds"]

    def close(self):
        for part in self.parts.values():
            part.close()


def die_with_parent():
    """Leaves no stopped process behind, however the comparison ends; Linux only."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl:
        prctl(1, signal.SIGKILL)


class Process:
    """A child process that answers lines with JSON."""

    def __init__(self, command, threads):
        self.errors = tempfile.TemporaryFile("w+")
        # No library starts threads beyond those that it is told of.
        variables = os.environ | {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "passive"}
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.errors, text=True, env=variables, start_new_session=True,
            preexec_fn=die_with_parent)

    def ask(self, line):
        """Lets the process run until it has answered; it spins on no core afterwards."""
        self.process.send_signal(signal.SIGCONT)
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            return self.answer()
        except BrokenPipeError:
            raise self.failure() from None
        finally:
            self.stop()

    def answer(self):
        # Libraries may print lines of their own.
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise self.failure()

    def failure(self):
        self.process.kill()
        status = self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().strip().splitlines() or [f"ended with {status}"]
        return Failure(lines[-1][:300])

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGSTOP)

    def close(self):
        self.process.kill()
        self.process.wait()
