"""BMP and PNM files of every kind that is read, built by hand from the formats' descriptions, with the samples a reader must return.

    /usr/bin/python3 make_bitmap_suite.py

writes bitmap-suite.zip (the files, "refused-…" among them) and bitmap-suite.npz (uint8 or uint16 arrays [H, W, C] of the same names).
Made with Python 3.11.2, NumPy 1.24.2, seed 20240612. Pillow 9.4.0 reads every file to the same samples, which is checked here, except
RGB of 16 bits, which it has no mode for, PNM's 200, whose ties it rounds to even, masks of odd widths, and run lengths with jumps or
short rows, which it reads otherwise.
"""
import io, struct, zipfile
import numpy as np
from PIL import Image

rng = np.random.RandomState(20240612)
files, arrays = {}, {}


def add(name, data, expected, pillow=True):
    expected = expected.reshape(expected.shape[0], expected.shape[1], -1)
    files[name], arrays[name] = data, expected
    if pillow:
        image, c = Image.open(io.BytesIO(data)), expected.shape[2]
        theirs = np.array(image if expected.dtype == np.uint16 else image.convert({1: "L", 3: "RGB", 4: "RGBA"}[c])).reshape(expected.shape)
        assert (theirs == expected).all(), (name, theirs[:, :, 0], expected[:, :, 0])


def bmp(size, w, h, bits, compression, body, palette=b"", masks=b"", used=0):
    """masks: within the header where that is long enough, else after it."""
    if size == 12:
        info = struct.pack("<IHHHH", 12, w, h, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", size, w, h, 1, bits, compression, len(body), 2835, 2835, used, 0)
        info = info + masks if size == 40 else (info + masks).ljust(size, b"\0")
    at = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", at + len(body), 0, 0, at) + info + palette + body


def rows(pixels, pack, bottom_up=True):
    lines = [pack(line) for line in pixels]
    lines = [line + bytes(-len(line) % 4) for line in lines]
    return b"".join(reversed(lines) if bottom_up else lines)


def packed(bits):
    def pack(line):
        text = "".join(format(int(v), "0%db" % bits) for v in line)
        text += "0" * (-len(text) % 8)
        return bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))
    return pack


def entries(colours, size):
    return b"".join(bytes([b, g, r, 0][:size]) for r, g, b in colours)


for bits in (1, 4, 8):
    h, w, n = 7, 11, min(2 ** bits, 100)
    colours, grey = rng.randint(0, 256, (n, 3)), np.repeat(np.arange(2 ** bits) * 255 // (2 ** bits - 1), 3).reshape(-1, 3)
    index = rng.randint(0, n, (h, w))
    add("palette-%d" % bits, bmp(40, w, h, bits, 0, rows(index, packed(bits)), entries(colours, 4), used=n), colours[index].astype(np.uint8))
    add("palette-%d-top-down" % bits, bmp(124, w, -h, bits, 0, rows(index, packed(bits), False), entries(colours, 4), used=n), colours[index].astype(np.uint8))
    add("palette-%d-os2" % bits, bmp(12, w, h, bits, 0, rows(index, packed(bits)), entries(np.resize(colours, (2 ** bits, 3)), 3)), np.resize(colours, (2 ** bits, 3))[index].astype(np.uint8))
    add("grey-%d" % bits, bmp(40, w, h, bits, 0, rows(index, packed(bits)), entries(grey, 4)), grey[index][:, :, 0].astype(np.uint8))

rgb, rgba = rng.randint(0, 256, (5, 7, 3)).astype(np.uint8), rng.randint(0, 256, (6, 5, 4)).astype(np.uint8)
add("24", bmp(40, 7, 5, 24, 0, rows(rgb, lambda line: line[:, ::-1].tobytes())), rgb)
add("24-top-down", bmp(40, 7, -5, 24, 0, rows(rgb, lambda line: line[:, ::-1].tobytes(), False)), rgb)
add("24-os2", bmp(12, 7, 5, 24, 0, rows(rgb, lambda line: line[:, ::-1].tobytes())), rgb)
bgrx = rows(rgba, lambda line: line[:, [2, 1, 0, 3]].tobytes())
add("32", bmp(40, 5, 6, 32, 0, bgrx), rgba[:, :, :3])
add("32-masks", bmp(40, 5, 6, 32, 3, bgrx, masks=struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)), rgba[:, :, :3])
add("32-alpha", bmp(108, 5, 6, 32, 3, bgrx, masks=struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)), rgba)
word = rng.randint(0, 65536, (5, 7))
scaled = lambda v, top: v * 255 // top
add("16", bmp(40, 7, 5, 16, 0, rows(word, lambda line: line.astype("<u2").tobytes())), np.stack([scaled(word >> s & 31, 31) for s in (10, 5, 0)], -1).astype(np.uint8))
add("16-565", bmp(40, 7, 5, 16, 3, rows(word, lambda line: line.astype("<u2").tobytes()), masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)),
    np.stack([scaled(word >> 11, 31), scaled(word >> 5 & 63, 63), scaled(word & 31, 31)], -1).astype(np.uint8))
add("16-4444", bmp(56, 7, 5, 16, 3, rows(word, lambda line: line.astype("<u2").tobytes()), masks=struct.pack("<IIII", 0xF00, 0xF0, 0xF, 0xF000)),
    np.stack([scaled(word >> s & 15, 15) for s in (8, 4, 0, 12)], -1).astype(np.uint8), pillow=False)
double = rng.randint(0, 2 ** 32, (4, 3), dtype=np.uint64)
add("32-1010102", bmp(56, 3, 4, 32, 3, rows(double, lambda line: line.astype("<u4").tobytes()), masks=struct.pack("<IIII", 0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000)),
    np.stack([scaled(double >> np.uint64(s) & np.uint64(m), np.uint64(m)) for s, m in ((20, 1023), (10, 1023), (0, 1023), (30, 3))], -1).astype(np.uint8), pillow=False)

# Run lengths: a run, pixels as they are (an odd number), a short row, an empty row, a jump.
colours = rng.randint(0, 256, (16, 3))
index = np.zeros((5, 9), int)
index[4] = [3] * 4 + [1, 2, 5, 7, 9]
index[3, :2] = 6
index[1, 4:7] = 8
runs8 = bytes([4, 3, 0, 5, 1, 2, 5, 7, 9, 0, 0, 0, 2, 6, 0, 0, 0, 2, 4, 1, 3, 8, 0, 1])
add("runs-8", bmp(40, 9, 5, 8, 1, runs8, entries(colours, 4), used=16), colours[index].astype(np.uint8), pillow=False)
index[4] = [3, 4, 3, 4, 1, 2, 5, 7, 9]
index[1, 4:7] = [8, 9, 8]
runs4 = bytes([4, 0x34, 0, 5, 0x12, 0x57, 0x90, 0, 0, 0, 2, 0x66, 0, 0, 0, 2, 4, 1, 3, 0x89, 0, 1])
add("runs-4", bmp(40, 9, 5, 4, 2, runs4, entries(colours, 4), used=16), colours[index].astype(np.uint8), pillow=False)
index[1, 4:7] = 0
add("runs-8-no-jump", bmp(40, 9, 5, 8, 1, bytes([4, 3, 0, 5, 1, 2, 5, 7, 9, 0, 0, 0, 2, 6, 7, 0] + 3 * [0, 0, 9, 0] + [0, 1]), entries(colours, 4), used=16), colours[np.where(index == 4, 3, index)].astype(np.uint8))
full = bytes([2, 1, 0, 0, 2, 2])
add("runs-8-without-end", bmp(40, 2, 2, 8, 1, full, entries(colours, 4), used=16), colours[np.array([[2, 2], [1, 1]])].astype(np.uint8))


def spread(v, top, out):
    return (v.astype(np.int64) * out + top // 2) // top


bits, h, w = rng.randint(0, 2, (5, 11)), 5, 11
add("p1", b"P1 # a bitmap\n11 5\n" + b"\n".join(b"".join(b"%d" % v for v in line) for line in bits) + b"\n", (255 * (1 - bits)).astype(np.uint8))
add("p4", b"P4\n11 5\n" + b"".join(packed(1)(line) for line in bits), (255 * (1 - bits)).astype(np.uint8))
for top in (255, 1, 77, 200, 1023, 65535):
    grey, colour = rng.randint(0, top + 1, (4, 9)), rng.randint(0, top + 1, (3, 5, 3))
    out, kind = (255, np.uint8) if top < 256 else (65535, np.uint16)
    word = ">u1" if top < 256 else ">u2"
    for name, number, values in (("grey", 0, grey), ("rgb", 1, colour)):
        expected, size = spread(values, top, out).astype(kind), (values.shape[1], values.shape[0], top)
        pillow = (top < 256 or number == 0) and top != 200
        add("p%d-%d" % (2 + number, top), b"P%d\n# first\n%d\t%d # second\n%d\n" % ((2 + number,) + size) + b"\n".join(b" ".join(b"%d" % v for v in line.reshape(-1)) for line in values), expected, pillow)
        add("p%d-%d" % (5 + number, top), b"P%d %d %d\n%d\n" % ((5 + number,) + size) + values.astype(word).tobytes(), expected, pillow)

with zipfile.ZipFile("bitmap-suite.zip", "w") as z:
    for name, data in files.items():
        z.writestr(zipfile.ZipInfo(name), data)
np.savez_compressed("bitmap-suite.npz", **arrays)
print(len(files), "files")
