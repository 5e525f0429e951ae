"""One training epoch of the digit study's network against PyTorch, in pieces: each round is a tenth of an epoch of 60,000 images.

python3 Bench/peers/training.py [--threads 2] [--rounds 10]
"""
import argparse

import torch

from interleave import Ours, interleaved, machine
from network import digit_network


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--images", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=128)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    network = digit_network().train()
    optimizer = torch.optim.Adam(network.parameters())
    images, labels = torch.rand(args.images, 1, 28, 28), torch.randint(0, 10, (args.images,))

    def epoch():
        for part in torch.randperm(args.images).split(args.batch):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(images[part]), labels[part]).backward()
            optimizer.step()

    ours = Ours(args.threads)
    mine, peer = interleaved(ours, dict(op="train", images=args.images, batch=args.batch), epoch, args.rounds)
    ours.close()
    scale = 60000 / args.images / 1000
    print(f"PyTorch {torch.__version__}, {machine()}, {args.threads} threads each, medians of {args.rounds} interleaved rounds of {args.images} images, batch {args.batch}")
    print(f"an epoch of 60,000: ours {mine * scale:.1f} s, theirs {peer * scale:.1f} s, ours/theirs {mine / peer:.2f}")


if __name__ == "__main__":
    main()
