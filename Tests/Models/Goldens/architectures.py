"""What torchvision's architectures hold and compute: writes architectures.json (keys and shapes as a hash) and architectures.safetensors beside this script.

python3 Tests/Models/Goldens/architectures.py [--keys NAME]

Weights, images and incoming gradients are drawn by networks.py, so the file holds every so many-th result only: logits, the input's gradient,
and value and gradient of one layer in the middle. Sizes are such that float32 and float64 agree: where an activation lies at a ReLU's kink, they
disagree by a unit, and the gradients of small images by percents. --keys prints what is hashed.
"""
import hashlib
import json
import os
import sys

import numpy as np
import torch
import torchvision

import networks
import safetensors

HERE = os.path.dirname(os.path.abspath(__file__))
STEP = 29
# network, images, a layer
CASES = [
    ("resnet18", (2, 3, 64, 80), "layer4"),
    ("resnext50_32x4d", (1, 3, 64, 48), "layer3.2.conv2"),
    ("vgg11_bn", (2, 3, 32, 48), "features.25"),
    ("vgg16", (1, 3, 64, 48), "features.21"),
    ("densenet121", (1, 3, 64, 72), "features.denseblock3.denselayer7.conv1"),
    ("alexnet", (1, 3, 80, 64), "features.8"),
    ("squeezenet1_1", (2, 3, 50, 37), "features.9.expand1x1"),
    ("resnet20", (2, 3, 32, 24), "layer2"),
    ("resnet20", (1, 3, 8, 12), "layer2.0.conv1"),
]


def lines(model):
    return "".join(sorted(f"{name} {'x'.join(map(str, value.shape))}\n" for name, value in networks.state(model).items()))


def keys():
    rows = {}
    for name in networks.CIFAR + networks.TORCHVISION:
        model = networks.create(name)
        rows[name] = {"parameters": sum(p.numel() for p in model.parameters()), "entries": len(networks.state(model)), "sha256": hashlib.sha256(lines(model).encode()).hexdigest()}
    with open(os.path.join(HERE, "architectures.json"), "w") as f:
        f.write("{\n" + ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()) + "\n}\n")


def results():
    out = {}
    for name, shape, layer in CASES:
        model = networks.with_drawn_weights(networks.create(name))
        seen = []
        dict(model.named_modules())[layer].register_forward_hook(lambda module, x, y: seen.append(y))
        x = torch.from_numpy(networks.drawn("image", shape)).requires_grad_()
        logits = model(x)
        seed = torch.from_numpy(networks.drawn("seed", tuple(logits.shape)))
        gradients = torch.autograd.grad(logits, [x, seen[0]], seed)
        case = f"{name} {'x'.join(map(str, shape))}"
        for what, value in (("logits", logits), ("input gradient", gradients[0]), (layer, seen[0]), (f"{layer} gradient", gradients[1])):
            out[f"{case}: {what}"] = value.detach().numpy().reshape(-1)[::STEP if what != "logits" else 1][:800]
        print(case, f"|logits| {logits.norm():.4g}, |gradient| {gradients[0].norm():.4g}")
    safetensors.write(os.path.join(HERE, "architectures.safetensors"), out, torch=torch.__version__, torchvision=torchvision.__version__, numpy=np.__version__, step=str(STEP))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--keys"]:
        print(lines(networks.create(sys.argv[2])), end="")
    else:
        keys()
        results()
