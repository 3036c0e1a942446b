"""What every peer's process does: loads, runs once, then times as many runs as each line asks for.

    python worker.py PEER MODEL INPUT SHAPE BATCH,BATCH,… THREADS

Lines on standard input are `BATCH RUNS`; answers are JSON objects, one a line. The first answer holds
the logits of every batch size. INPUT is little-endian float32.
"""
import importlib
import json
import sys
import time

import numpy


def main():
    peer, model, path, shape, batches, threads = sys.argv[1:]
    shape = [int(extent) for extent in shape.split(",")]
    batches = [int(batch) for batch in batches.split(",")]
    images = numpy.fromfile(path, dtype="<f4").reshape(-1, *shape)
    runner = importlib.import_module(peer).Runner(model, shape, batches, int(threads))
    answers = {}
    for batch in batches:
        runner.prepare(batch, numpy.ascontiguousarray(images[:batch]))
        begin = time.perf_counter()
        while not answers.get(batch) or time.perf_counter() - begin < 0.3:
            answers[batch] = numpy.asarray(runner.run(batch)).reshape(batch, -1).ravel().tolist()
    tell({"logits": answers, "version": runner.version})
    for line in sys.stdin:
        batch, runs = (int(word) for word in line.split())
        times = []
        for _ in range(runs):
            begin = time.perf_counter()
            runner.run(batch)
            times.append((time.perf_counter() - begin) * 1000)
        tell({"milliseconds": times})


def tell(answer):
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
