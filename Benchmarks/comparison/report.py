"""The table and the plot of what was measured."""
import json

import matplotlib

import readme_table
import runs
from comparison import settings
from comparison.rows import rows_of

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "compare"
from matplotlib import pyplot  # noqa: E402 - the backend is chosen first


def write(precision):
    target = runs.results() / f"compare-{precision}"
    data = json.loads(target.with_suffix(".json").read_text())
    rows = [row for group in data["groups"] for row in rows_of(group)]
    names = settings.CONTENDERS[precision]
    runs.fill(target.with_suffix(".md"), target.name, text(data, rows, names))
    readme_table.write()
    plot(rows, names, target.with_suffix(".svg"))


def text(data, rows, names):
    versions = {}
    for group in data["groups"]:
        versions |= {name: text.split("-")[0] for name, text in group["versions"].items()}
    versions.pop("openvino_streams", None)
    peers = ", ".join(f"{names[name]} {version}" for name, version in sorted(versions.items()))
    parts = [
        f"# Inference beside its peers, {data['precision']}\n\n"
        "Median ms of a batch, from float input to logits (ours: to probabilities), on the same\n"
        "exported network and the same images; contenders take turns, each in a process of its own\n"
        "that is stopped while another runs. The ratio is the best peer's time over ours: of the\n"
        "medians, and in brackets of the least times. ncnn runs one image at a time: for a batch,\n"
        "its time for one times the batch. Rows are measured one after another: where the machine's\n"
        "speed varies, compare within a row. Written by `Benchmarks/compare`.\n\n"
        f"Machine: {data['machine']}. {peers}.\n\n",
        main_table(rows, names),
        "\n## Best rate at any batch\n\n"
        "Images a second, each contender at the batch size that suits it best.\n\n",
        rate_table(rows, names),
        "\n## Agreement\n\n"
        "The largest difference of a logit from ours, relative to the largest logit; more than "
        f"{settings.TOLERANCE[data['precision']]} would be told here as a failure.\n\n",
        agreement_table(data, names),
    ]
    failures = [
        f"- {names[name]} on {group['network']}, {group['threads']} threads: {error}"
        for group in data["groups"] for name, error in group["errors"].items()
    ]
    if failures:
        parts.append("\n## Failures\n\n" + "\n".join(failures) + "\n")
    return "".join(parts)


def main_table(rows, names):
    heading = ["network", "threads", "batch", "rounds", *names.values(), "ratio"]
    cells = []
    for row in rows:
        best = row.best_peer()
        line = [f"`{row.network}`", str(row.threads), str(row.batch), str(row.rounds)]
        for name in names:
            if name in row.times:
                cell = f"{row.milliseconds(name):.2f}"
                line.append(f"**{cell}**" if name == best else cell)
            else:
                line.append("failed" if name in row.errors else "")
        ratio, least = row.ratio(), row.ratio(min)
        line.append(f"{ratio:.2f}× ({least:.2f}×)" if ratio else "")
        cells.append(line)
    return runs.table(heading, cells)


def rate_table(rows, names):
    heading = ["network", "threads", *names.values(), "ratio"]
    cells = []
    for network, threads in dict.fromkeys((row.network, row.threads) for row in rows):
        group = [row for row in rows if (row.network, row.threads) == (network, threads)]
        best = {}
        for row in group:
            for name in row.times:
                rate = row.batch / row.milliseconds(name) * 1000
                best[name] = max(best.get(name, 0), rate)
        peers = [rate for name, rate in best.items() if name != settings.OURS]
        line = [f"`{network}`", str(threads)]
        line += [f"{best[name]:.1f}" if name in best else "" for name in names]
        whole = peers and settings.OURS in best
        line.append(f"{best[settings.OURS] / max(peers):.2f}×" if whole else "")
        cells.append(line)
    return runs.table(heading, cells)


def agreement_table(data, names):
    limit = settings.TOLERANCE[data["precision"]]
    worst = {}
    for group in data["groups"]:
        for name, value in group["differences"].items():
            if value is not None and name != settings.OURS:
                known = worst.setdefault(group["network"], {})
                known[name] = max(known.get(name, 0), value)
    heading = ["network", *[title for name, title in names.items() if name != settings.OURS]]
    cells = []
    for network, values in worst.items():
        line = [f"`{network}`"]
        for name in names:
            if name == settings.OURS:
                continue
            value = values.get(name)
            mark = "" if value is None or value <= limit else " **differs**"
            line.append("" if value is None else f"{value:.1e}{mark}")
        cells.append(line)
    return runs.table(heading, cells)


def plot(rows, names, path):
    """Each network's speed relative to the best peer: 1 is as fast."""
    groups = sorted({(row.threads, row.batch) for row in rows})
    networks = list(dict.fromkeys(row.network for row in rows))
    figure, axes = pyplot.subplots(
        len(groups), 1, figsize=(9, 1.9 * len(groups) + 0.8), sharex=True, squeeze=False)
    colors = pyplot.get_cmap("tab10")
    for axis, (threads, batch) in zip(axes[:, 0], groups):
        chosen = {
            row.network: row for row in rows if (row.threads, row.batch) == (threads, batch)}
        for index, name in enumerate(names):
            places, heights = [], []
            for position, network in enumerate(networks):
                row = chosen.get(network)
                if row is None or name not in row.times or row.best_peer() is None:
                    continue
                places.append(position + (index - len(names) / 2 + 0.5) * 0.8 / len(names))
                heights.append(row.milliseconds(row.best_peer()) / row.milliseconds(name))
            axis.bar(places, heights, 0.8 / len(names), color=colors(index))
        axis.axhline(1, color="gray", linewidth=0.8)
        axis.set_ylabel(f"{threads} thr., batch {batch}", fontsize=8)
        axis.set_xticks(range(len(networks)), networks, fontsize=8)
    figure.suptitle("Speed relative to the best peer (higher is faster)", fontsize=10)
    # Not every contender has bars in every part.
    patches = [
        pyplot.Rectangle((0, 0), 1, 1, color=colors(index)) for index in range(len(names))]
    figure.legend(patches, names.values(), loc="lower center", ncols=len(names), fontsize=8)
    figure.tight_layout(rect=(0, 0.5 / figure.get_figheight() * 0.6, 1, 1))
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
