"""Pictures prepared for a network by this program, by Pillow and by torchvision: which bytes and floats are equal, and the time of each.

python3 Bench/peers/preprocessing.py FOLDER [--timed 60] [--size 256] [--crop 224] [--filter bilinear]

Every picture below FOLDER is decoded by either side. Times are of every n-th picture, decoded beforehand: Resize, CenterCrop, ToTensor and Normalize, and Resize alone.
"""
import argparse
import os
import statistics
import tempfile

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image, ImageOps
from torchvision import transforms
from torchvision.transforms import InterpolationMode

from interleave import Ours, interleaved, machine

EXTENSIONS = (".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--timed", type=int, default=60, help="how many pictures are timed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--crop", type=int, default=224)
    parser.add_argument("--filter", default="bilinear", choices=["bilinear", "bicubic", "nearest", "box", "lanczos"])
    args = parser.parse_args()
    torch.set_num_threads(1)
    resize = transforms.Resize(args.size, InterpolationMode(args.filter))
    crop = transforms.CenterCrop(args.crop)
    numbers = transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
    paths = sorted(os.path.join(root, name) for root, _, names in os.walk(args.folder) for name in names if name.lower().endswith(EXTENSIONS))
    if not paths:
        raise SystemExit(f"{args.folder}: holds no picture")
    wanted = f"imagenet,resize={args.size},crop={args.crop},filter={args.filter}"
    ours = Ours(1)
    total = equal = within_one = pictures = floats = 0
    all_ratios, resize_ratios = [], []
    with tempfile.TemporaryDirectory() as folder:
        out, pixels = os.path.join(folder, "ours"), os.path.join(folder, "pixels.npy")
        for i, path in enumerate(paths):
            image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
            theirs = crop(resize(image))
            ours.ask(prepare=dict(op="preprocess", path=os.path.abspath(path), preprocessing=wanted, out=out))
            difference = np.abs(np.load(out + ".picture.npy").astype(int) - np.asarray(theirs))
            total += difference.size
            equal += int((difference == 0).sum())
            within_one += int((difference <= 1).sum())
            pictures += not difference.any()
            floats += np.array_equal(np.load(out + ".values.npy"), numbers(theirs).numpy())
            if i % max(1, len(paths) // args.timed) == 0:
                np.save(pixels, np.asarray(image))
                work = dict(op="preprocess", path=pixels, preprocessing=wanted, out=out)
                mine, peer = interleaved(ours, work, lambda: numbers(crop(resize(image))), args.rounds)
                all_ratios.append(mine / peer)
                mine, peer = interleaved(ours, dict(op="preprocess", path=pixels, preprocessing=f"none,resize={args.size},filter={args.filter}"), lambda: resize(image), args.rounds)
                resize_ratios.append(mine / peer)
    ours.close()
    print(f"Pillow {PIL.__version__}, torchvision {torchvision.__version__}, {machine()}, one thread each; {wanted}")
    print(f"{len(paths)} pictures: {equal:,} of {total:,} bytes equal ({equal / total:.4%}), {within_one / total:.4%} within one level; "
          f"{pictures} pictures with every byte equal, {floats} with every float equal")
    for what, ratios in (("resize, crop, normalise", all_ratios), ("resize alone", resize_ratios)):
        print(f"{what}: ours/theirs {statistics.median(ratios):.2f}, median of {len(ratios)} pictures, each of {args.rounds} interleaved rounds (range {min(ratios):.2f}–{max(ratios):.2f})")


if __name__ == "__main__":
    main()
