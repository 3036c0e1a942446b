#!/usr/bin/env python3
"""Measures which kernels of a convolution win, and writes the table that training looks up.

    Benchmarks/convolution_table.py [--write]

Times every pass of the catalogue's classes of convolutions in fp32, direct, by oneDNN's Winograd and by
Winograd's large tiles, and direct in bfloat16, on all processors; of those over few channels also
their own gradient by the weights, from slopes of both types. Prints the measurements; --write
replaces the table of the instructions that oneDNN finds on this machine, a file of
Sources/Training/OneDNN, and results/ISA/convolutions.md.
Training itself never measures: two runs take the same kernels. Needs clang, which comes with Swift,
a C compiler with OpenMP, and oneDNN.
"""
import json
import os
import statistics
import subprocess
import sys

import runs

# Kernel, stride, channels, outputs, rows of the result.
CLASSES = [
    (11, 4, 1, 96, 54), (11, 4, 3, 64, 55),
    (7, 2, 1, 64, 48), (7, 2, 3, 64, 112),
    (5, 1, 16, 32, 12), (5, 1, 32, 96, 6), (5, 1, 64, 192, 27), (5, 1, 96, 256, 26),
    (3, 1, 1, 16, 224), (3, 1, 3, 64, 224),
    (3, 1, 16, 32, 112), (3, 1, 32, 64, 56), (3, 1, 64, 64, 56), (3, 1, 64, 128, 28),
    (3, 1, 128, 128, 28), (3, 1, 128, 128, 14), (3, 1, 64, 128, 112), (3, 1, 256, 256, 56),
    (3, 1, 512, 512, 28), (3, 1, 512, 512, 14),
    (3, 1, 256, 384, 12), (3, 1, 384, 384, 12), (3, 1, 384, 256, 12), (3, 1, 256, 256, 13),
    (3, 1, 64, 64, 24), (3, 1, 128, 128, 12), (3, 1, 256, 256, 6), (3, 1, 512, 512, 3),
    (3, 1, 64, 192, 24), (3, 1, 96, 208, 6), (3, 1, 160, 320, 3), (3, 1, 384, 10, 6),
    (3, 1, 64, 32, 24), (3, 1, 128, 32, 12), (3, 1, 192, 32, 6), (3, 1, 128, 32, 28),
    (3, 2, 64, 128, 12), (3, 2, 128, 256, 6), (3, 2, 256, 512, 3),
    (1, 1, 96, 96, 54), (1, 1, 256, 256, 26), (1, 1, 384, 384, 12), (1, 1, 256, 64, 6),
    (1, 2, 64, 128, 12), (1, 2, 256, 512, 3),
]
SOURCES = runs.ROOT / "Sources" / "Training" / "OneDNN"
# Rounds over all classes, of which the mean is taken: the units of AMX run at a quarter of their speed
# for seconds to minutes, at times, and so do those of wide vectors, a little.
ROUNDS = 4
# The table of each instruction set; on others, training takes what oneDNN chooses.
NAMES = {"avx512_core_bf16": "avx512", "avx512_core_amx": "amx"}


def measure():
    """The library's description and a measurement of each class."""
    runs.SCRATCH.mkdir(parents=True, exist_ok=True)
    program = runs.SCRATCH / "convolution_table"
    kernels = runs.ROOT / "Sources" / "CKernels"
    sources = sorted((runs.ROOT / "Benchmarks" / "convolution-table").glob("*.c"))
    headers = [f"-I{runs.ROOT / 'Sources' / 'COneDNN'}", f"-I{kernels / 'include'}"]
    names = ["f32-winograd-blocks-16-wide", "f32-shallow-gradient-16-wide"]
    objects = [runs.SCRATCH / f"{name}.o" for name in names]
    for target in objects:
        subprocess.run(
            ["clang", "-O2", "-c", str(kernels / "train" / f"{target.stem}.c"), *headers, "-o", str(target)],
            check=True)
    subprocess.run(
        ["cc", "-O2", "-fopenmp", *headers, *map(str, [*sources, *objects]), "-o", str(program), "-ldnnl"],
        check=True)
    lines = "".join(" ".join(map(str, row)) + "\n" for row in CLASSES)
    rounds = []
    for _ in range(ROUNDS):
        output = subprocess.run(
            [str(program)], input=lines, capture_output=True, text=True, check=True,
            env={**os.environ, "OMP_NUM_THREADS": str(os.cpu_count())}).stdout.splitlines()
        library, *rows = [json.loads(line) for line in output]
        rounds.append(rows)
    return library, [joined(same) for same in zip(*rounds)]


def joined(rows):
    """A class's times from all rounds: their means."""
    result = dict(rows[0])
    for key in ["direct", "winograd", "large", "shallow", "bfloat16"]:
        if key in result:
            result[key] = [statistics.mean(times) for times in zip(*(row[key] for row in rows))]
    result["conversion"] = statistics.mean(row["conversion"] for row in rows)
    return result


def choice(row):
    """The letters of the passes in fp32, and where bfloat16 is allowed."""
    absent = [-1, -1, -1]
    rivals = {
        "w": row.get("winograd", absent), "l": row.get("large", absent), "s": shallow(row)[0]}
    letters, best = "", []
    for index, time in enumerate(row["direct"]):
        letter = "d"
        # What is not direct must win clearly: larger tiles round more.
        for rival, times in rivals.items():
            if 0 < times[index] < 0.95 * time:
                letter, time = rival, times[index]
        letters += letter
        best.append(time)
    return letters, mixed(letters, best, row)


def shallow(row):
    """The passes' times of the gradient over few channels, in fp32 and in bfloat16."""
    return [[-1, -1, time] for time in row.get("shallow", [-1, -1])]


def mixed(letters, best, row):
    """The letters where bfloat16 is allowed: that or fp32, but for passes which gain by the other."""
    names, half = "bbb", list(row["bfloat16"])
    few = shallow(row)[1][2]
    if 0 < few < half[2]:
        names, half[2] = "bbs", few
    conversions = [
        row["conversion"] * converted(letter, index) for index, letter in enumerate(letters)]
    # A first layer of a network has no gradient by its input.
    passes = [0, 2] if row["channels"] <= 3 else [0, 1, 2]
    totals = [sum(times[index] for index in passes) for times in (half, best)]
    # fp32 must win clearly: what lies between convolutions costs twice as much in it.
    prefers = min(half) > 0 and totals[0] < 1.1 * (totals[1] + row["conversion"])
    result = ""
    for letter, name, float_time, half_time, conversion in zip(letters, names, best, half, conversions):
        if prefers:
            result += letter if float_time + conversion < half_time else name
        else:
            result += name if 0 < half_time < float_time - conversion else letter
    return result


def converted(letter, index):
    """The share of maps that a pass in fp32 converts between neighbours in bfloat16: none or half of them
    where it reads both types itself, since only its result is in fp32."""
    if letter == "s":
        return 0
    return (0 if index == 2 else 0.5) if letter == "l" else 1


def swift(library, rows):
    """The source of the table."""
    lines = [
        "/// Measured and written by `Benchmarks/convolution_table.py`.",
        "///",
        f"/// oneDNN {library['version']}, {library['isa']}, batches of 32 or 128, {os.cpu_count()} threads.",
        "extension ConvolutionTable {",
        "  // Kernel, stride, channels, outputs, rows of the result.",
        f"  static let {NAMES[library['isa']]}: [ConvolutionRow] = [",
    ]
    for row in rows:
        fp32, bf16 = choice(row)
        shape = ", ".join(str(row[key]) for key in ["kernel", "stride", "channels", "outputs", "rows"])
        lines.append(f'    .init({shape}, fp32: "{fp32}", bf16: "{bf16}"),')
    return "\n".join(lines + ["  ]", "}"]) + "\n"


def markdown(library, rows):
    """The measurements, as a document shows them."""
    def times(row, key):
        return " / ".join("–" if t < 0 else f"{t:.1f}" for t in row[key]) if key in row else ""
    body = []
    for row in rows:
        fp32, bf16 = choice(row)
        body.append([
            f"{row['kernel']}×{row['kernel']}, stride {row['stride']}, {row['channels']} → "
            f"{row['outputs']} on {row['rows']}×{row['rows']}", str(row["batch"]),
            *[times(row, key) for key in ["direct", "winograd", "large", "bfloat16", "shallow"]],
            f"{row['conversion']:.1f}", fp32, bf16,
        ])
    heading = ["convolution", "images", "direct", "Winograd", "large tiles", "bf16", "few channels", "conversion",
               "fp32 takes", "bf16 takes"]
    return (
        "# Kernels of convolutions\n\n"
        f"Milliseconds of forward / backward data / backward weights on {os.cpu_count()} threads, "
        f"oneDNN {library['version']}\n({library['isa']}): the mean of three runs in each of {ROUNDS} rounds. "
        "Written by\n`Benchmarks/convolution_table.py`, as is the table that training looks up. The "
        "column of few channels\nhas backward weights only, from slopes in fp32 / bf16.\n\n"
        f"Machine: {runs.machine()}.\n\n" + runs.table(heading, body))


def main():
    library, rows = measure()
    text = markdown(library, rows)
    print(text)
    if "--write" in sys.argv[1:]:
        name = NAMES.get(library["isa"])
        if name:
            (SOURCES / f"ConvolutionTable+{name.upper()}.swift").write_text(swift(library, rows))
        runs.fill(runs.results() / "convolutions.md", "convolutions", text)


if __name__ == "__main__":
    main()
