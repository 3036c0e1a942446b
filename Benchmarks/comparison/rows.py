"""What was measured, row by row."""
import statistics

from comparison import settings


class Row:
    """One network, number of threads and batch size."""

    def __init__(self, group, batch):
        self.network = group["network"]
        self.threads = group["threads"]
        self.batch = batch
        self.rounds = group["rounds"]
        self.errors = group["errors"]
        self.times = dict(group["times"].get(str(batch), {}))
        # What runs one image at a time takes as long for each of a batch.
        for name, times in group["times"].get("1", {}).items():
            if name not in self.times and not settings.runs_batch(name, batch, self.threads):
                if name == "ncnn":
                    self.times[name] = [time * batch for time in times]
        self.times = {name: times for name, times in self.times.items() if times}

    def milliseconds(self, name):
        return statistics.median(self.times[name])

    def best_peer(self):
        peers = [name for name in self.times if name != settings.OURS]
        return min(peers, key=self.milliseconds, default=None)

    def ratio(self, of=statistics.median):
        """How many times as fast as the best peer: medians, or the least times."""
        peers = [of(times) for name, times in self.times.items() if name != settings.OURS]
        if settings.OURS not in self.times or not peers:
            return None
        return min(peers) / of(self.times[settings.OURS])


def rows_of(group):
    return [Row(group, int(batch)) for batch in group["times"]]
