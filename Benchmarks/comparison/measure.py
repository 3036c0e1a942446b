"""The measurement: rounds in which every contender has its turn."""
import json
import math
import sys
import time

import numpy

from comparison import settings
from comparison.contender import Contender
from comparison.prepare import Failure, Files, build
import runs
from runs import machine

# Seconds of a turn, within which short runs are repeated.
TURN = 0.25


def run(options):
    build()
    path = results(options.precision)
    stored = load(path) if path.exists() else {"machine": None}
    # Another machine's figures do not stand beside this one's.
    groups = stored["groups"] if stored["machine"] == machine() else []
    for network in options.networks:
        files = None
        for threads in options.threads:
            key = {"network": network, "threads": threads}
            known = [group for group in groups if key.items() <= group.items()]
            if options.resume and any(is_whole(group, options) for group in known):
                continue
            groups = [group for group in groups if group not in known]
            tell(f"{network} on {threads} threads")
            try:
                files = files or Files(
                    network, options.precision, options.checkpoints, options.batches)
                groups.append(key | group(files, threads, options))
            except Failure as error:
                tell(f"  {error}")
                groups.append(key | failed(error))
            save(path, options, groups)


def results(precision):
    return runs.results() / f"compare-{precision}.json"


def load(path):
    return json.loads(path.read_text())


def save(path, options, groups):
    whole = {
        "machine": machine(), "precision": options.precision,
        "groups": sorted(groups, key=lambda group: (
            settings.NETWORKS.index(group["network"]), group["threads"])),
    }
    path.write_text(json.dumps(whole, indent=1) + "\n")


def is_whole(group, options):
    """Whether a group of an earlier run has ours, for every batch that is asked for."""
    batches = {str(batch) for batch in options.batches}
    return settings.OURS not in group["errors"] and batches <= group["times"].keys()


def failed(error):
    """A group without figures: nothing could be prepared."""
    return {
        "macs": None, "rounds": 0, "times": {}, "errors": {settings.OURS: str(error)}, "differences": {},
        "versions": {},
    }


def group(files, threads, options):
    """All contenders on one network and number of threads."""
    images = files.images()
    errors, contenders = {}, []
    try:
        for name in settings.CONTENDERS[options.precision]:
            batches = [
                batch for batch in options.batches if settings.runs_batch(name, batch, threads)]
            if not batches:
                continue
            try:
                contenders.append(Contender(name, files, images, batches, threads))
            except (Failure, OSError, LookupError, StopIteration, TypeError, ValueError,
                    NotImplementedError) as error:
                errors[name] = str(error) or type(error).__name__
                tell(f"  {name}: {errors[name]}")
        times = rounds(contenders, options, errors)
        differences = {one.name: difference(one, contenders) for one in contenders}
        versions = {one.name: one.version for one in contenders if one.version}
    finally:
        for contender in contenders:
            contender.close()
    return {
        "macs": files.macs, "rounds": options.rounds, "times": times, "errors": errors, "differences": differences,
        "versions": versions,
    }


def rounds(contenders, options, errors):
    """`times[batch][contender]`, in ms."""
    times = {str(batch): {} for batch in options.batches}
    for _ in range(options.rounds):
        for batch in options.batches:
            for contender in contenders:
                if batch not in contender.parts or contender.name in errors:
                    continue
                known = times[str(batch)].setdefault(contender.name, [])
                try:
                    known += turn(contender, batch, known)
                except Failure as error:
                    errors[contender.name] = str(error)
    return times


def turn(contender, batch, known):
    """The first turn finds out how many runs fill one; its first run, after a stop, never counts."""
    if not known:
        known = contender.times(batch, 2)
    count = math.ceil(TURN * 1000 / min(known))
    begin = time.perf_counter()
    times = contender.times(batch, 1 + count)[1:] if count > 1 else contender.times(batch, 1)
    elapsed = time.perf_counter() - begin
    tell(f"  {batch:3} {contender.name:17} {min(times):9.2f} ms  ({elapsed:.1f} s)")
    return times


def difference(contender, contenders):
    """The largest difference of a logit from ours, relative to our largest one."""
    if not contenders or contenders[0].name != settings.OURS:
        return None
    worst = 0.0
    for batch, row in contender.logits.items():
        theirs, ours = (
            numpy.array(values, float) for values in (row, contenders[0].logits[batch]))
        if not (numpy.isfinite(theirs).all() and numpy.isfinite(ours).all()):
            return math.inf
        worst = max(worst, float(abs(theirs - ours).max() / abs(ours).max()))
    return worst


def tell(text):
    print(text, file=sys.stderr, flush=True)
