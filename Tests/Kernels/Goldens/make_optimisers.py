"""Writes optimisers.json beside this file: python3 make_optimisers.py

Five steps of PyTorch's SGD, Adam and AdamW in float32 on random weights with a random gradient per step.
The file records seed and version.
"""
import json
import os

import torch

SEED, SIZE, STEPS = 20240612, 37, 5
CASES = [
    ("plain", "SGD", dict(lr=0.1)),
    ("decay", "SGD", dict(lr=0.05, weight_decay=0.01)),
    ("momentum", "SGD", dict(lr=0.1, momentum=0.9)),
    ("momentum and decay", "SGD", dict(lr=0.02, momentum=0.8, weight_decay=0.1)),
    ("nesterov", "SGD", dict(lr=0.1, momentum=0.9, weight_decay=0.001, nesterov=True)),
    ("defaults", "Adam", dict(lr=0.001)),
    ("decay", "Adam", dict(lr=0.01, betas=(0.8, 0.99), eps=1e-4, weight_decay=0.1)),
    ("defaults", "AdamW", dict(lr=0.001, weight_decay=0.01)),
    ("strong decay", "AdamW", dict(lr=0.03, betas=(0.95, 0.9), eps=1e-8, weight_decay=0.5)),
]
torch.manual_seed(SEED)


def run(name, kind, options):
    w = torch.nn.Parameter(torch.randn(SIZE))
    optimiser = getattr(torch.optim, kind)([w], **options)
    start, gradients, weights = w.tolist(), [], []
    for _ in range(STEPS):
        w.grad = torch.randn(SIZE)
        gradients.append(w.grad.tolist())
        optimiser.step()
        weights.append(w.tolist())
    beta1, beta2 = options.get("betas", (0.9, 0.999))
    return dict(name=name, kind=kind, rate=options["lr"], momentum=options.get("momentum", 0), nesterov=options.get("nesterov", False),
                weightDecay=options.get("weight_decay", 0), beta1=beta1, beta2=beta2, eps=options.get("eps", 1e-8),
                start=start, gradients=gradients, weights=weights)


result = dict(seed=SEED, torch=torch.__version__, cases=[run(*case) for case in CASES])
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "optimisers.json"), "w") as f:
    json.dump(result, f, indent=None, separators=(",", ":"))
    f.write("\n")
