"""Scores of a batch of images by an untrained network against torchvision, as users run both; and the most memory each process took.

python3 Bench/peers/resnet50.py [--model resnet50] [--batch 8] [--size 224] [--threads 2] [--rounds 9]
"""
import argparse
import os

import torch
import torchvision

from interleave import Ours, interleaved, machine


def peak(pid):
    """MiB of the process's largest resident set."""
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmHWM"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="resnet50")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    network = getattr(torchvision.models, args.model)(weights=None).eval()
    images = torch.rand(args.batch, 3, args.size, args.size)
    ours = Ours(args.threads)
    with torch.no_grad():
        mine, peer = interleaved(ours, dict(op="model.forward", model=args.model, n=args.batch, size=args.size), lambda: network(images), args.rounds)
    print(f"PyTorch {torch.__version__}, {machine()}, {args.threads} threads each, medians of {args.rounds} interleaved rounds")
    print(f"{args.model}, batch {args.batch}, {args.size} px: ours {mine:.0f} ms, theirs {peer:.0f} ms, ours/theirs {mine / peer:.2f}")
    print(f"largest resident set: ours {peak(ours.process.pid):.0f} MiB, theirs {peak(os.getpid()):.0f} MiB")
    ours.close()


if __name__ == "__main__":
    main()
