"""PNG files of every colour type, bit depth, interlacing, transparency and filter, built from the specification by hand
(zlib and struct only), with the samples a reader must return.

    /usr/bin/python3 make_png_suite.py

writes png-suite.zip (the files) and png-suite.npz (uint8 or uint16 arrays [H, W, C] of the same names). Made with Python 3.11.2,
NumPy 1.24.2, seed 20240607. Pillow 9.4.0 reads every file of at most 8 bits to the same samples, which is checked here, except
transparent grey of 1 to 4 bits, where it does not scale the transparent level.
"""
import io, struct, zipfile, zlib
import numpy as np
from PIL import Image

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
rng = np.random.RandomState(20240607)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack(row, depth):
    flat = [int(v) for v in row.reshape(-1)]
    if depth == 16:
        return b"".join(struct.pack(">H", v) for v in flat)
    if depth == 8:
        return bytes(flat)
    bits = "".join(format(v, "0%db" % depth) for v in flat)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(kind, row, above, step):
    out = bytearray([kind])
    for i, x in enumerate(row):
        a = row[i - step] if i >= step else 0
        b = above[i]
        c = above[i - step] if i >= step else 0
        out.append((x - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]) % 256)
    return bytes(out)


def passes(raw, depth, colour, interlaced, filters):
    step, data, n = max(1, CHANNELS[colour] * depth // 8), b"", 0
    for x0, y0, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        part = raw[y0::dy, x0::dx]
        if part.shape[0] == 0 or part.shape[1] == 0:
            continue
        above = None
        for line in part:
            row = pack(line, depth)
            data += filtered(filters[n % len(filters)], row, above or bytes(len(row)), step)
            above, n = row, n + 1
    return data


def png(raw, depth, colour, interlaced=0, palette=None, trns=None, filters=(0, 1, 2, 3, 4), split=97):
    h, w = raw.shape[:2]
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, interlaced))
    out += chunk(b"gAMA", struct.pack(">I", 45455))
    if palette is not None:
        out += chunk(b"PLTE", palette.astype(np.uint8).tobytes())
    if trns is not None:
        out += chunk(b"tRNS", trns)
    z = zlib.compress(passes(raw, depth, colour, interlaced, filters))
    for i in range(0, len(z), split):
        out += chunk(b"IDAT", z[i:i + split])
    return out + chunk(b"tEXt", b"Comment\0made by hand") + chunk(b"IEND", b"")


def expected(raw, depth, colour, palette, trns):
    if colour == 3:
        out = palette[raw[:, :, 0]]
        if trns is not None:
            alpha = np.array(list(trns) + [255] * (len(palette) - len(trns)))
            out = np.concatenate([out, alpha[raw]], axis=2)
        return out.astype(np.uint8)
    top = 65535 if depth == 16 else 255
    out = raw.astype(np.int64) * (top // (2 ** depth - 1))
    if trns is not None:
        key = np.array(struct.unpack(">%dH" % (len(trns) // 2), trns))
        out = np.concatenate([out, np.where((raw == key).all(axis=2, keepdims=True), 0, top)], axis=2)
    return out.astype(np.uint16 if depth == 16 else np.uint8)


files, arrays = {}, {}


def add(name, depth, colour, h, w, transparent=False, **options):
    palette = trns = None
    if colour == 3:
        entries = min(2 ** depth, 200)
        palette = rng.randint(0, 256, (entries, 3))
        raw = rng.randint(0, entries, (h, w, 1))
        if transparent:
            trns = bytes(rng.randint(0, 256, entries // 2).tolist())
    else:
        raw = rng.randint(0, 2 ** depth, (h, w, CHANNELS[colour]))
        if transparent:
            raw[1:4, 2:5] = raw[0, 0]
            trns = b"".join(struct.pack(">H", int(v)) for v in raw[0, 0])
    files[name] = png(raw, depth, colour, palette=palette, trns=trns, **options)
    arrays[name] = expected(raw, depth, colour, palette, trns)
    if depth < 16 and not (transparent and colour == 0 and depth < 8):
        mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[arrays[name].shape[2]]
        theirs = np.array(Image.open(io.BytesIO(files[name])).convert("RGBA"))
        ours = np.array(Image.fromarray(arrays[name].squeeze(2) if mode == "L" else arrays[name], mode).convert("RGBA"))
        assert (theirs == ours).all(), name


for colour, depths in [(0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))]:
    for depth in depths:
        for interlaced in (0, 1):
            add("c%d-d%d-i%d" % (colour, depth, interlaced), depth, colour, 11, 13, interlaced=interlaced)
            if colour in (0, 2, 3):
                add("c%d-d%d-i%d-t" % (colour, depth, interlaced), depth, colour, 9, 14, transparent=True, interlaced=interlaced)
for kind in range(5):
    add("filter-%d" % kind, 8, 2, 7, 10, filters=(kind,))
for h, w in [(1, 1), (1, 2), (2, 1), (1, 5), (5, 1), (3, 4), (4, 5), (2, 9), (9, 2), (8, 8)]:
    add("adam7-%dx%d" % (h, w), 4, 0, h, w, interlaced=1)
add("one-byte-chunks", 8, 0, 3, 5, split=1)

with zipfile.ZipFile("png-suite.zip", "w") as z:
    for name, data in files.items():
        z.writestr(zipfile.ZipInfo(name), data)
np.savez_compressed("png-suite.npz", **arrays)
print(len(files), "files")
