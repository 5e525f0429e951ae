"""Arrays as NumPy writes them, for the reader and, where the name starts with w-, byte for byte for the writer.

    /usr/bin/python3 make_npy_suite.py

writes npy-suite.zip (.npy files), stored.npz and deflated.npz. Element i of every array, in C order, is a function of i that the
test computes again: (7 i + 3) mod 101, minus 50 for signed types, halved for floats, odd for bool. Python 3.11.2, NumPy 1.24.2.
"""
import io, zipfile
import numpy as np
from numpy.lib import format as npy


def values(dtype, shape):
    i = np.arange(int(np.prod(shape)))
    v = (7 * i + 3) % 101
    kind = np.dtype(dtype).kind
    v = v % 2 if kind == "b" else v - 50 if kind == "i" else (v - 50) / 2 if kind == "f" else v
    return v.astype(dtype).reshape(shape)


files = {}


def add(name, array, version=None):
    to = io.BytesIO()
    npy.write_array(to, array, version=version) if version else np.save(to, array)
    files[name] = to.getvalue()


for code in "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8".split():
    add("w-%s" % code, values("<" + code, (3, 5)))
    add("big-%s" % code, values(">" + code, (2, 7)))
add("w-f4-scalar", values("<f4", ()))
add("w-f4-empty", values("<f4", (4, 0, 2)))
add("w-f4-one", values("<f4", (9,)))
add("w-f4-long-shape", values("<f4", (1, 2, 1, 3, 1, 1, 2, 1, 1, 1, 1, 2, 1)))
add("fortran-f8", np.asfortranarray(values("<f8", (2, 3, 5))))
add("fortran-big-i4", np.asfortranarray(values(">i4", (4, 3))))
add("version-2-f4", values("<f4", (3, 4)), (2, 0))
add("version-3-i8", values("<i8", (3, 4)), (3, 0))
for name, array in [("object", np.array([None, 1], dtype=object)), ("complex", np.zeros(3, np.complex64)), ("record", np.zeros(2, [("a", "<f4"), ("b", "<i4")])), ("text", np.array(["ab"]))]:
    add("refused-" + name, array)

with zipfile.ZipFile("npy-suite.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for name, data in files.items():
        z.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
arrays = {"map": values("<f4", (2, 3)), "labels": values("<i8", (5,))}
np.savez("stored.npz", **arrays)
np.savez_compressed("deflated.npz", **arrays)
