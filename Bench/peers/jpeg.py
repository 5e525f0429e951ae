"""JPEG pictures of a folder against libjpeg-turbo (Pillow), decoded to RGB from memory, on one core.

python3 Bench/peers/jpeg.py FOLDER... [--rounds 9]

Each folder is timed as it is, and again as progressive files, which Pillow makes of it in a temporary folder.
"""
import argparse
import glob
import io
import os
import tempfile

from PIL import Image, features

from interleave import Ours, interleaved, machine


def compare(ours, title, folder, rounds):
    paths = [p for p in sorted(glob.glob(os.path.join(folder, "*"))) if p.lower().endswith((".jpg", ".jpeg"))]
    data = [open(p, "rb").read() for p in paths]
    pixels = sum(image.width * image.height for image in (Image.open(io.BytesIO(d)) for d in data))

    def theirs():
        for d in data:
            Image.open(io.BytesIO(d)).convert("RGB")

    mine, peer = interleaved(ours, dict(op="jpeg.decode", folder=os.path.abspath(folder)), theirs, rounds)
    print(f"{title}: {len(data)} files, {pixels / 1e6:.1f} Mpixel: {mine:8.1f} / {peer:8.1f} ms = {mine / peer:5.2f}, {pixels / mine / 1e3:.0f} / {pixels / peer / 1e3:.0f} Mpixel/s", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    ours = Ours(1)
    print(f"Pillow with libjpeg-turbo {features.version_feature('libjpeg_turbo')}, {machine()}, one thread each; ours/theirs, medians of {args.rounds} interleaved rounds")
    for folder in args.folders:
        compare(ours, folder, folder, args.rounds)
        with tempfile.TemporaryDirectory() as progressive:
            for path in glob.glob(os.path.join(folder, "*")):
                if path.lower().endswith((".jpg", ".jpeg")):
                    Image.open(path).convert("RGB").save(os.path.join(progressive, os.path.basename(path)), quality=90, progressive=True)
            compare(ours, f"{folder}, progressive", progressive, args.rounds)
    ours.close()


if __name__ == "__main__":
    main()
