"""Writes the PNG files of png/ and what they decode to (png.json), and the digests of PngSuite's
files as Pillow decodes them (pngsuite.json).

The files are made with zlib and struct alone, from samples that the script invents; Pillow then
decodes each as a check that what was written is what was meant.

    python3 make_fixtures.py [PNGSUITE-FOLDER]

Needs Python 3.9, Pillow and numpy.
"""

import json
import pathlib
import struct
import sys
import zlib

import numpy
import PIL
from PIL import Image

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 11, 9
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}
NAMES = {0: "gray", 2: "rgb", 3: "palette", 4: "gray-alpha", 6: "rgba"}
# First column, first row, column step, row step of Adam7's passes (PNG specification, §8.2).
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
         (0, 1, 1, 2)]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pack(row, depth):
    """The bytes of a row of samples."""
    if depth == 16:
        return b"".join(struct.pack(">H", sample) for sample in row)
    bits = "".join(format(sample, f"0{depth}b") for sample in row)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at:at + 8], 2) for at in range(0, len(bits), 8))


def filtered(rows, bytes_per_pixel):
    """Rows of bytes, each with a filter of its own (PNG specification, §9.2)."""
    output, previous = b"", None
    for number, row in enumerate(rows):
        kind = number % 5
        above = previous or bytes(len(row))
        coded = bytearray()
        for at, value in enumerate(row):
            a = row[at - bytes_per_pixel] if at >= bytes_per_pixel else 0
            b = above[at]
            c = above[at - bytes_per_pixel] if at >= bytes_per_pixel else 0
            estimate = a + b - c
            paeth = min((a, b, c), key=lambda candidate: abs(estimate - candidate))
            coded.append((value - [0, a, b, (a + b) // 2, paeth][kind]) & 255)
        output += bytes([kind]) + bytes(coded)
        previous = row
    return output


def encode(pixels, color, depth, interlaced, extra):
    """A PNG of pixels[y][x][sample]."""
    per_pixel = max(1, SAMPLES[color] * depth // 8)
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    data = b""
    for left, top, right, down in passes:
        rows = [[sample for pixel in row[left::right] for sample in pixel]
                for row in pixels[top::down]]
        if rows and rows[0]:
            data += filtered([pack(row, depth) for row in rows], per_pixel)
    header = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), depth, color, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
            + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


def invent(color, depth):
    """Pixels that use the whole range, and repeat so that a transparent colour occurs."""
    top = (1 << depth) - 1
    return [[[(x * 37 + y * 101 + sample * 57 + x * y) * (257 if depth == 16 else 1) % (top + 1)
              for sample in range(SAMPLES[color])] for x in range(WIDTH)] for y in range(HEIGHT)]


def expected(pixels, color, depth, palette, transparency):
    """What a decoder should return: rows of samples of 8 or 16 bits."""
    scale = {1: 255, 2: 85, 4: 17}.get(depth, 1)
    opaque = 65535 if depth == 16 else 255

    def one(pixel):
        if color == 3:
            alpha = [transparency[pixel[0]] if pixel[0] < len(transparency) else 255]
            return list(palette[pixel[0]]) + (alpha if transparency else [])
        value = [sample * scale for sample in pixel]
        if transparency:
            value.append(0 if pixel == transparency else opaque)
        return value

    return [[one(pixel) for pixel in row] for row in pixels]


def check_with_pillow(path, samples):
    """Pillow keeps 8 bits of colour and of alpha, 16 of gray alone."""
    image = Image.open(path)
    wide = image.mode.startswith("I")
    found = numpy.array(image if wide else image.convert("RGBA"))
    wanted = numpy.array(samples)
    if wide:
        assert (found == wanted[..., 0]).all(), path
        return
    if wanted.max() > 255:
        if wanted.shape[-1] == 4 and "transparency" in image.info:
            return  # Pillow compares 8 bits with 16
        wanted = wanted >> 8
    gray = wanted.shape[-1] < 3
    color = numpy.repeat(wanted[..., :1], 3, -1) if gray else wanted[..., :3]
    if not (gray and "transparency" in image.info):
        alpha = wanted[..., -1:] if wanted.shape[-1] in (2, 4) else numpy.full_like(color, 255)
        assert (found[..., 3] == alpha[..., 0]).all(), path
    assert (found[..., :3] == color).all(), path


def write(name, made_by, golden):
    """One line a file."""
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in golden)
    (HERE / name).write_text(f'{{"madeBy":"{made_by}","files":[\n{lines}\n]}}\n')


def make_files():
    folder = HERE / "png"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    golden = []
    for color, depths in DEPTHS.items():
        for depth in depths:
            for transparent in ([False, True] if color in (0, 2, 3) else [False]):
                for interlaced in (0, 1):
                    golden.append(make_file(folder, color, depth, transparent, interlaced))
    make_bombs(folder)
    write("png.json", f"make_fixtures.py, checked with Pillow {PIL.__version__}", golden)


def make_file(folder, color, depth, transparent, interlaced):
    pixels = invent(color, depth)
    palette = [(n * 91 % 256, n * 53 % 256, 255 - n) for n in range(1 << min(depth, 8))]
    extra, transparency = b"", []
    if color == 3:
        extra += chunk(b"PLTE", bytes(value for entry in palette for value in entry))
    if transparent and color == 3:
        transparency = [n * 64 % 256 for n in range(len(palette) - len(palette) // 4)]
        extra += chunk(b"tRNS", bytes(transparency))
    elif transparent:
        transparency = pixels[2][3]
        extra += chunk(b"tRNS", struct.pack(f">{len(transparency)}H", *transparency))
    name = (f"{NAMES[color]}-{depth}" + ("-trns" if transparent else "")
            + ("-adam7" if interlaced else "") + ".png")
    path = folder / name
    path.write_bytes(encode(pixels, color, depth, interlaced, extra))
    samples = expected(pixels, color, depth, palette, transparency)
    check_with_pillow(path, samples)
    flat = [sample for row in samples for pixel in row for sample in pixel]
    return {"name": name, "width": WIDTH, "height": HEIGHT, "channels": len(samples[0][0]),
            "depth": 16 if depth == 16 else 8, "samples": flat}


def make_bombs(folder):
    """Chunks that inflate to 20 MB."""
    zeros = zlib.compress(bytes(20_000_000), 9)
    for name, data in [(b"zTXt", b"Comment\0\0" + zeros), (b"iCCP", b"profile\0\0" + zeros),
                       (b"iTXt", b"Comment\0\1\0en\0Comment\0" + zeros)]:
        file = encode([[[0]]], 0, 8, 0, chunk(name, data))
        (folder / f"bomb-{name.decode().lower()}.png").write_bytes(file)


def digest(values):
    """FNV-1a of 64 bits over the low bytes, or over both of 16 bits, the high one first."""
    result = 0xCBF29CE484222325
    for value in values:
        result = ((result ^ value) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return format(result, "016x")


def canonical(image, gray_alpha):
    """Colour as Pillow has it: 8 bits, or 16 of gray alone; and alpha where Pillow is exact."""
    if image.mode.startswith("I"):
        return "gray16", [byte for value in numpy.array(image).flatten().tolist()
                          for byte in divmod(value, 256)]
    if image.mode in ("1", "L"):
        return "gray8", numpy.array(image.convert("L")).flatten().tolist()
    if gray_alpha:
        return "gray-alpha8", numpy.array(image.convert("RGBA"))[..., [0, 3]].flatten().tolist()
    if image.mode == "RGBA" or (image.mode == "P" and "transparency" in image.info):
        return "rgba8", numpy.array(image.convert("RGBA")).flatten().tolist()
    return "rgb8", numpy.array(image.convert("RGB")).flatten().tolist()


def digest_suite(folder):
    golden = []
    for path in sorted(pathlib.Path(folder).glob("*.png")):
        if path.name.startswith("x"):
            continue
        image = Image.open(path)
        image.load()
        form, values = canonical(image, path.read_bytes()[25] == 4)
        golden.append({"name": path.name, "width": image.width, "height": image.height,
                       "form": form, "digest": digest(values)})
    write("pngsuite.json", f"make_fixtures.py with Pillow {PIL.__version__}", golden)


if __name__ == "__main__":
    make_files()
    if len(sys.argv) > 1:
        digest_suite(sys.argv[1])
