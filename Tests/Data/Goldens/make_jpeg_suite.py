"""JPEG files of every kind that is read, made from drawn pictures by libjpeg-turbo's cjpeg and by Pillow, some of them changed by hand,
with the samples that Pillow (libjpeg-turbo) decodes; and files of the kinds that are refused.

    /usr/bin/python3 make_jpeg_suite.py

writes jpeg-suite.zip (the files, "refused-…" among them) and jpeg-suite.npz (uint8 arrays [H, W, C] of the same names: grey or RGB as
convert() gives them, orientation applied). Made with Python 3.11.2, NumPy 1.24.2, Pillow 9.4.0, cjpeg and libjpeg-turbo 2.1.5 (Debian
package libjpeg-turbo-progs), seed 20240611.
"""
import io, struct, subprocess, tempfile, zipfile
import numpy as np
from PIL import Image, ImageOps

rng = np.random.RandomState(20240611)


def drawn(h, w, channels=3, noise=12):
    y, x = np.mgrid[0:h, 0:w].astype(float)
    planes = [127 + 110 * np.sin((x * (c + 1) + 2 * y) / (4.5 + c)) * np.cos(y / (6.0 - c)) for c in range(channels)]
    planes = [np.where((x - w / 2) ** 2 + (y - h / 3) ** 2 < (h / 4) ** 2, 255 - p if c != 1 else 20, p) for c, p in enumerate(planes)]
    return np.clip(np.stack(planes, -1) + rng.normal(0, noise, (h, w, channels)), 0, 255).astype(np.uint8)


def cjpeg(pixels, *options, scans=None):
    """cjpeg with the text of a scan script, if any."""
    header = b"P%d %d %d 255\n" % (6 if pixels.shape[2] == 3 else 5, pixels.shape[1], pixels.shape[0])
    with tempfile.NamedTemporaryFile("w", suffix=".scans") as script:
        if scans:
            script.write(scans)
            script.flush()
            options += ("-scans", script.name)
        return subprocess.run(["cjpeg", *options], input=header + pixels.tobytes(), stdout=subprocess.PIPE, check=True).stdout


def pillow(pixels, mode, **options):
    out = io.BytesIO()
    Image.fromarray(pixels, mode).save(out, "JPEG", **options)
    return out.getvalue()


def segments(jpeg):
    """(marker, begin, end) of every segment up to the first scan."""
    at = 2
    while True:
        marker, length = jpeg[at + 1], struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        yield marker, at, at + 2 + length
        if marker == 0xDA:
            return
        at += 2 + length


def without(jpeg, *markers):
    for marker, begin, end in reversed(list(segments(jpeg))):
        if marker in markers:
            jpeg = jpeg[:begin] + jpeg[end:]
    return jpeg


def changed(jpeg, marker, offset, value):
    """The first such segment with the byte at this offset of its content changed."""
    begin = next(b for m, b, e in segments(jpeg) if m == marker)
    out = bytearray(jpeg)
    out[begin + 4 + offset] = value
    return bytes(out)


def exif(orientation, order):
    tiff = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, 2) + struct.pack(order + "HHII", 256, 4, 1, 99)
    tiff += struct.pack(order + "HHIHH", 274, 3, 1, orientation, 0) + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff


files, arrays = {}, {}


def add(name, jpeg):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(jpeg)))
    image = image.convert("L" if image.mode == "L" else "RGB")
    files[name] = jpeg
    arrays[name] = np.array(image).reshape(image.height, image.width, -1)


picture, grey = drawn(29, 37), drawn(26, 35, 1)
for sample in ["1x1", "2x1", "2x2", "1x2", "4x1", "1x4", "4x2", "3x1", "2x2,2x1,1x2", "2x2,1x2,2x1", "1x1,2x2,1x1", "2x1,1x1,2x2", "3x2,1x1,3x1"]:
    add("sampling-" + sample.replace(",", "-"), cjpeg(picture, "-quality", "85", "-sample", sample))
for h, w in [(1, 1), (1, 9), (9, 1), (2, 2), (3, 5), (4, 4), (5, 3), (8, 8), (15, 6), (16, 16), (17, 33), (18, 32)]:
    for sample in ["2x1", "2x2", "1x2"]:
        add("size-%dx%d-%s" % (h, w, sample), cjpeg(drawn(h, w), "-quality", "90", "-sample", sample))
add("wide-2x2", cjpeg(drawn(3, 203), "-quality", "80"))
add("grey", cjpeg(grey, "-quality", "85"))
add("grey-progressive", cjpeg(grey, "-quality", "85", "-progressive"))
add("grey-sampled", changed(cjpeg(grey, "-quality", "85"), 0xC0, 7, 0x22))
add("quality-100", cjpeg(drawn(24, 24, noise=90), "-quality", "100", "-sample", "1x1"))
add("quality-4", cjpeg(picture, "-quality", "4", "-baseline"))
add("extended-16-bit-steps", cjpeg(picture, "-quality", "2"))
add("optimised", cjpeg(picture, "-quality", "92", "-optimize"))
add("restart-blocks", cjpeg(picture, "-quality", "85", "-restart", "1B"))
add("restart-rows", cjpeg(drawn(150, 20), "-quality", "60", "-sample", "1x1", "-restart", "1"))
add("scan-per-component", cjpeg(picture, "-quality", "85", scans="0; 1; 2;"))
add("scan-per-component-restart", cjpeg(picture, "-quality", "85", "-restart", "2B", scans="1; 0 2;"))
for sample in ["1x1", "2x1", "2x2", "1x2"]:
    add("progressive-" + sample, cjpeg(picture, "-quality", "90", "-progressive", "-sample", sample))
add("progressive-restart", cjpeg(picture, "-quality", "90", "-progressive", "-restart", "2B"))
add("progressive-bands", cjpeg(picture, "-quality", "90", scans="0,1,2: 0-0, 0, 0; 0: 1-1, 0, 0; 0: 2-63, 0, 0; 2: 1-63, 0, 0; 1: 1-63, 0, 0;"))
add("progressive-bits", cjpeg(drawn(40, 40, noise=60), "-quality", "98", scans="0: 0-0, 0, 3; 1 2: 0-0, 0, 1; 0: 0-0, 3, 2; 0: 0-0, 2, 1; 0 1 2: 0-0, 1, 0; 0: 1-9, 0, 3; "
    "0: 10-63, 0, 2; 1: 1-63, 0, 1; 2: 1-63, 0, 0; 0: 1-9, 3, 2; 0: 1-63, 2, 1; 1: 1-63, 1, 0; 0: 1-63, 1, 0;"))
add("progressive-flat", cjpeg(np.full((70, 90, 3), 77, np.uint8), "-progressive"))
rgb = cjpeg(picture, "-quality", "85", "-rgb", "-sample", "1x1")
add("rgb-adobe", rgb)
add("rgb-names", without(rgb, 0xEE))
add("ycc-plain", without(cjpeg(picture, "-quality", "85"), 0xE0))
add("ycc-adobe", pillow(picture, "RGB", quality=85)[:2] + b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\1" + without(cjpeg(picture, "-quality", "85"), 0xE0)[2:])
ink = drawn(21, 27, 4)
cmyk = pillow(ink, "CMYK", quality=88)
add("cmyk", cmyk)
add("cmyk-plain", without(cmyk, 0xEE))
add("ycck", changed(cmyk, 0xEE, 11, 2))
add("ycck-sampled", changed(pillow(ink, "CMYK", quality=88, subsampling=2), 0xEE, 11, 2))
small = cjpeg(drawn(9, 14), "-quality", "85")
for orientation in range(1, 9):
    add("orientation-%d" % orientation, small[:2] + exif(orientation, "<>"[orientation & 1]) + small[2:])
add("orientation-9", small[:2] + exif(9, "<") + small[2:])
add("comment-and-fill-bytes", small[:2] + b"\xff\xff\xff\xfe\0\x07hello" + small[2:-2] + b"\xff\xff\xff\xd9after the end")

files["refused-arithmetic"] = cjpeg(picture, "-arithmetic")
files["refused-12-bits"] = changed(small, 0xC0, 0, 12)
files["refused-height-later"] = changed(changed(small, 0xC0, 1, 0), 0xC0, 2, 0)
files["refused-two-components"] = without(small, 0xC0)[:2] + b"\xff\xc0\0\x0e\x08\0\x08\0\x08\2\1\x11\0\2\x11\0" + without(small, 0xC0)[2:]
files["refused-lossless"] = small.replace(b"\xff\xc0", b"\xff\xc3", 1)
files["refused-hierarchical"] = small.replace(b"\xff\xc0", b"\xff\xc5", 1)
files["refused-ratio"] = changed(changed(cjpeg(picture, "-sample", "1x1"), 0xC0, 7, 0x31), 0xC0, 10, 0x21)
files["refused-incomplete"] = cjpeg(picture, scans="0,1,2: 0-0, 0, 0; 0: 1-63, 0, 2; 1: 1-63, 0, 0; 2: 1-63, 0, 0;")

with zipfile.ZipFile("jpeg-suite.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for name, data in files.items():
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        z.writestr(info, data)
np.savez_compressed("jpeg-suite.npz", **arrays)
print(len(files), "files")
