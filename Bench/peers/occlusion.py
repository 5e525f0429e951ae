"""Occlusion of digits, window 7, stride 1, against the same loop in PyTorch with all positions of an image in batches.

python3 Bench/peers/occlusion.py [--threads 2] [--images 10] [--rounds 7]

Each side runs its best batch size: ours finds its own; for PyTorch several are tried first.
"""
import argparse
import time

import torch

from interleave import Ours, interleaved, machine
from network import digit_network


def occlusion(network, image, target, window, batch):
    """Coverage-averaged drop of the target's logit, as Captum defines it."""
    side = image.shape[-1]
    positions = [(i, j) for i in range(side - window + 1) for j in range(side - window + 1)]
    base = network(image)[0, target]
    total, covered = torch.zeros(side, side), torch.zeros(side, side)
    for start in range(0, len(positions), batch):
        part = positions[start:start + batch]
        images = image.expand(len(part), -1, -1, -1).clone()
        for n, (i, j) in enumerate(part):
            images[n, :, i:i + window, j:j + window] = 0
        drops = base - network(images)[:, target]
        for n, (i, j) in enumerate(part):
            total[i:i + window, j:j + window] += drops[n]
            covered[i:i + window, j:j + window] += 1
    return total / covered


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--images", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--window", type=int, default=7)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    network = digit_network().eval()
    images = torch.rand(args.images, 1, 28, 28)
    with torch.no_grad():
        times = {}
        for batch in (16, 32, 64, 121, 242, 484):
            occlusion(network, images[:1], 3, args.window, batch)
            start = time.perf_counter()
            for image in images[:3]:
                occlusion(network, image[None], 3, args.window, batch)
            times[batch] = time.perf_counter() - start
        best = min(times, key=times.get)
        ours = Ours(args.threads)
        mine, peer = interleaved(ours, dict(op="occlusion", images=args.images, window=args.window),
                                 lambda: [occlusion(network, image[None], 3, args.window, best) for image in images], args.rounds)
        ours.close()
    print(f"PyTorch {torch.__version__}, {machine()}, {args.threads} threads each, medians of {args.rounds} interleaved rounds of {args.images} digits; PyTorch's best batch {best}")
    print(f"100 digits: ours {mine * 100 / args.images / 1000:.1f} s, theirs {peer * 100 / args.images / 1000:.1f} s, ours/theirs {mine / peer:.2f}")


if __name__ == "__main__":
    main()
