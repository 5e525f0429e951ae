"""What Pillow, torchvision, PyTorch and SciPy make of pictures that a formula gives (`noise`), so that only results are stored.

    /usr/bin/python3 make_preprocessing.py [DATA]

writes preprocessing.npz, each array named by what was done; with the folder of real data also pictures.txt, one line per picture: CRC-32 of the bytes [224, 224, 3] after torchvision's
Resize(256), CenterCrop(224), and its path in DATA. Made with Pillow 9.4.0 (libjpeg-turbo 2.1.5), torchvision 0.14.1, PyTorch 1.13.0, NumPy 1.24.2, SciPy 1.10.1. Keras' two modes are
computed here in float32 as its preprocess_input does.
"""
import os
import sys
import zlib

import numpy as np
import torch
from PIL import Image, ImageOps
from scipy import ndimage
from torchvision import transforms
from torchvision.transforms import InterpolationMode

FILTERS = {"nearest": Image.NEAREST, "box": Image.BOX, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS}
SIZES = [(1, 1, 5, 7), (1, 23, 9, 4), (31, 1, 2, 3), (13, 9, 29, 24), (40, 27, 13, 11), (301, 187, 7, 5), (37, 53, 37, 20), (29, 31, 11, 31), (64, 48, 21, 16), (3, 500, 2, 9)]
NORMALIZE = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def noise(width, height, channels):
    x, y, c = np.meshgrid(np.arange(width, dtype=np.uint32), np.arange(height, dtype=np.uint32), np.arange(channels, dtype=np.uint32), indexing="xy")
    h = x * np.uint32(73856093) ^ y * np.uint32(19349663) ^ c * np.uint32(83492791)
    h = (h ^ h >> np.uint32(15)) * np.uint32(2246822519)
    return (h >> np.uint32(13) & np.uint32(255)).astype(np.uint8)


def picture(width, height, channels):
    a = noise(width, height, channels)
    return Image.fromarray(a[:, :, 0] if channels == 1 else a, {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels])


def bands(image):
    a = np.asarray(image)
    return a.reshape(a.shape[0], a.shape[1], -1)


def resizes(out):
    for i, (w, h, to_w, to_h) in enumerate(SIZES):
        for j, (name, kind) in enumerate(FILTERS.items()):
            channels = 3 if (i + j) % 2 else 1
            out[f"pil {w} {h} {channels} {to_w} {to_h} {name}"] = bands(picture(w, h, channels).resize((to_w, to_h), kind))
    for i, (w, h, to_w, to_h) in enumerate(SIZES):
        for j, name in enumerate(["bilinear", "bicubic"]):
            channels = 3 if (i + j) % 2 else 1
            x = torch.from_numpy(noise(w, h, channels)).permute(2, 0, 1)[None].contiguous().float()
            y = torch.nn.functional.interpolate(x, size=(to_h, to_w), mode=name, align_corners=False).clamp(0, 255)
            out[f"torch {w} {h} {channels} {to_w} {to_h} {name}"] = y[0].permute(1, 2, 0).contiguous().numpy()


def pipelines(out):
    for (w, h), size, crop in [((61, 43), 24, 20), ((43, 61), 24, 21), ((50, 50), 33, 32), ((90, 30), 20, 28), ((30, 41), 10, 13), ((25, 44), 31, (15, 40))]:
        for kind in (InterpolationMode.BILINEAR, InterpolationMode.BICUBIC):
            steps = transforms.Compose([transforms.Resize(size, kind), transforms.CenterCrop(crop), transforms.ToTensor(), NORMALIZE])
            crop_h, crop_w = crop if isinstance(crop, tuple) else (crop, crop)
            out[f"imagenet {w} {h} {size} {crop_w} {crop_h} {kind.value}"] = steps(picture(w, h, 3)).numpy()


def colours(out):
    for channels in (1, 2, 3, 4):
        for mode in ("RGB", "L"):
            out[f"convert 19 11 {channels} {mode}"] = bands(picture(19, 11, channels).convert(mode))


def numbers(out):
    every = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    out["values imagenet"] = NORMALIZE(transforms.functional.to_tensor(every)).numpy()
    out["values none"] = transforms.functional.to_tensor(every).numpy()
    x = every.astype(np.float32)
    caffe = x[..., ::-1].copy()
    for c, mean in enumerate([103.939, 116.779, 123.68]):
        caffe[..., c] -= mean
    out["values caffe"] = caffe.transpose(2, 0, 1)
    tf = x.copy()
    tf /= 127.5
    tf -= 1.0
    out["values tf"] = tf.transpose(2, 0, 1)


def affines(out):
    """Output pixel p comes from matrix·(p − c) + offset + c, rows first, as in Keras' apply_affine_transform."""
    t = np.deg2rad(27)
    matrix = np.array([[1.1 * np.cos(t), 0.9 * np.sin(t)], [-1.3 * np.sin(t), 0.8 * np.cos(t)]])
    offset = np.array([2.3, -3.7])
    x = noise(17, 13, 1)[:, :, 0].astype(np.float64)
    c = (np.array(x.shape) - 1) / 2
    for name, mode in [("nearest", "nearest"), ("constant", "grid-constant"), ("reflect", "reflect"), ("wrap", "grid-wrap")]:
        out[f"affine {name}"] = ndimage.affine_transform(x, matrix, c + offset - matrix @ c, order=1, mode=mode, cval=200)


def pictures(folder):
    prepare = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224)])
    lines = []
    for root, _, files in os.walk(folder):
        for name in files:
            if name.lower().endswith((".jpg", ".jpeg", ".png")):
                path = os.path.join(root, name)
                lines.append((os.path.relpath(path, folder), zlib.crc32(np.asarray(prepare(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))).tobytes())))
    with open("pictures.txt", "w") as f:
        f.writelines(f"{crc:08x} {path}\n" for path, crc in sorted(lines))


if __name__ == "__main__":
    arrays = {}
    for make in (resizes, pipelines, colours, numbers, affines):
        make(arrays)
    np.savez_compressed("preprocessing.npz", **arrays)
    if len(sys.argv) > 1:
        pictures(sys.argv[1])
