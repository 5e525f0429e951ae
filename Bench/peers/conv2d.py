"""Convolutions of ResNet-50's layer shapes against PyTorch: forward, input gradient, weight gradient.

python3 Bench/peers/conv2d.py [--batch 8] [--threads 2] [--rounds 9]
"""
import argparse
import math

import torch

from interleave import Ours, interleaved, machine

# channels, size, filters, kernel, stride; how often the layer occurs does not matter for a geometric mean over shapes
SHAPES = [
    (3, 224, 64, 7, 2),
    (64, 56, 64, 1, 1), (64, 56, 64, 3, 1), (64, 56, 256, 1, 1), (256, 56, 64, 1, 1),
    (256, 56, 128, 1, 1), (128, 56, 128, 3, 2), (128, 28, 512, 1, 1), (256, 56, 512, 1, 2), (512, 28, 128, 1, 1), (128, 28, 128, 3, 1),
    (512, 28, 256, 1, 1), (256, 28, 256, 3, 2), (256, 14, 1024, 1, 1), (512, 28, 1024, 1, 2), (1024, 14, 256, 1, 1), (256, 14, 256, 3, 1),
    (1024, 14, 512, 1, 1), (512, 14, 512, 3, 2), (512, 7, 2048, 1, 1), (1024, 14, 2048, 1, 2), (2048, 7, 512, 1, 1), (512, 7, 512, 3, 1),
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    ours = Ours(args.threads)
    print(f"PyTorch {torch.__version__}, {machine()}, {args.threads} threads each, batch {args.batch}; ours/theirs, medians of {args.rounds} interleaved rounds")
    ratios = {"forward": [], "backward_input": [], "backward_weight": []}
    for c, size, k, r, stride in SHAPES:
        pad = r // 2
        x, w = torch.rand(args.batch, c, size, size) - 0.5, torch.rand(k, c, r, r) - 0.5
        y = torch.nn.functional.conv2d(x, w, stride=stride, padding=pad)

        def backward(which):
            return torch.ops.aten.convolution_backward(y, x, w, None, [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], 1, which)

        peers = {
            "forward": lambda: torch.nn.functional.conv2d(x, w, stride=stride, padding=pad),
            "backward_input": lambda: backward([True, False, False]),
            "backward_weight": lambda: backward([False, True, False]),
        }
        row = []
        with torch.no_grad():
            for name, theirs in peers.items():
                work = dict(op=f"conv2d.{name}", n=args.batch, c=c, h=size, w=size, k=k, r=r, s=r, stride=stride, pad=pad)
                mine, peer = interleaved(ours, work, theirs, args.rounds)
                ratios[name].append(mine / peer)
                row.append(f"{name} {mine:8.2f} / {peer:8.2f} ms = {mine / peer:5.2f}")
        print(f"{c:5}x{size:<4} {k:5} {r}x{r}/{stride}: " + "   ".join(row), flush=True)
    for name, values in ratios.items():
        print(f"geometric mean {name}: {math.exp(sum(map(math.log, values)) / len(values)):.2f}")
    values = sum(ratios.values(), [])
    print(f"geometric mean of all: {math.exp(sum(map(math.log, values)) / len(values)):.2f}")
    ours.close()


if __name__ == "__main__":
    main()
