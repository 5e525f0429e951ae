"""Long check: whole networks at their own size, scores and input gradient, as relative L2 distances from PyTorch in float64; and PyTorch's own in float32.

dotnet build -c Release && python3 Tests/Models/parity.py [--shared ../shared] [--device cpu] [NAME...]

Real weights and pictures are taken from the folder beside the repository (cases that need what is not there are passed over); the other networks
have drawn weights and images. What both sides need goes through a temporary folder, 600 MB for VGG-16. Of millions of ReLUs and max-pools a few stand within
rounding of their kink and fall to the other side: gradients of any two float32 programs then differ by some 1e-3, scores do not. Exit code 1 where
scores are further away than 1e-4, or a gradient both than 1e-4 and than three times PyTorch's own.
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
from PIL import Image
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "Goldens"))
import networks        # noqa: E402
import safetensors     # noqa: E402

DLL = os.path.join(ROOT, "Bench", "bin", "Release", "net10.0", "IlgpuXai.Bench.dll")
MOST = 1e-4
MEAN, DEVIATION = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])


def pictures(shared, size):
    """Three photographs: short side to 8/7 of the size, the square in the middle, normalised."""
    images = []
    for path in sorted(glob.glob(os.path.join(shared, "data", "imagenet-samples", "*.JPEG")))[3:6]:
        image = Image.open(path).convert("RGB")
        scale = size * 8 / 7 / min(image.size)
        image = image.resize([round(side * scale) for side in image.size], Image.BILINEAR)
        left, top = (image.width - size) // 2, (image.height - size) // 2
        image = np.asarray(image.crop((left, top, left + size, top + size)), np.float32) / 255
        images.append(((image - MEAN) / DEVIATION).transpose(2, 0, 1))
    return np.stack(images) if images else None


def loaded(model, values):
    """The model with these values; each has to be used, and none may be missing but the counters of batches."""
    missing, unexpected = model.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in values.items()}, strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
    return model.eval()


def densenet169(path):
    model = networks.create("densenet169")
    model.classifier = nn.Identity()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 1.001e-5
    return loaded(model, safetensors.read(path))


def resnet20(path):
    values = torch.load(path, map_location="cpu")["state_dict"]
    return loaded(networks.create("resnet20"), {name.removeprefix("module."): value.numpy() for name, value in values.items()})


REAL = {
    "resnet50": ("resnet50-imagenet.safetensors", lambda path: loaded(networks.create("resnet50"), safetensors.read(path)), 224),
    "densenet169-notop": ("densenet169-imagenet-notop.safetensors", densenet169, 224),
    "resnet20": ("resnet20-cifar10.th", resnet20, 32),
}
DRAWN = ["vgg16", "vgg16_bn", "densenet121", "resnet34", "resnet101", "resnext50_32x4d", "wide_resnet50_2", "alexnet", "squeezenet1_1"]


def theirs(model, image, type_):
    model.to(type_)
    x = torch.from_numpy(np.ascontiguousarray(image)).to(type_).requires_grad_()
    logits = model(x)
    (gradient,) = torch.autograd.grad(logits, x, torch.from_numpy(networks.drawn("seed", tuple(logits.shape))).to(type_))
    return {"logits": logits.detach().numpy(), "gradient": gradient.numpy()}


def ours(name, model, image, scores, device):
    with tempfile.TemporaryDirectory() as folder:
        weights, given, made = (os.path.join(folder, f"{file}.safetensors") for file in ("weights", "input", "output"))
        safetensors.write(weights, {key: value.numpy() for key, value in networks.state(model).items()})
        safetensors.write(given, {"image": image, "seed": networks.drawn("seed", scores)})
        subprocess.run(["dotnet", DLL, "outputs", device, name, weights, given, made], check=True)
        return safetensors.read(made)


def distance(value, exact):
    return float(np.linalg.norm(value - exact) / np.linalg.norm(exact))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", default=os.path.join(ROOT, "..", "shared"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("names", nargs="*", default=[*REAL, *DRAWN])
    args = parser.parse_args()
    print(f"device {args.device}, PyTorch {torch.__version__}; relative distances from float64")
    far = False
    for name in args.names:
        if name in REAL:
            file, create, size = REAL[name]
            path, image = os.path.join(args.shared, "weights", file), pictures(args.shared, size)
            if not os.path.exists(path) or image is None:
                print(f"{name}: passed over, {path} or pictures are missing")
                continue
            model, what = create(path), f"trained, {len(image)} pictures"
        else:
            model, image, what = networks.with_drawn_weights(networks.create(name)), networks.drawn("image", (1, 3, 224, 224)), "drawn weights and image"
        peer = theirs(model, image, torch.float32)
        mine = ours(name, model, image, peer["logits"].shape, args.device)
        exact = theirs(model, image, torch.float64)
        scores, gradient, peer_scores, peer_gradient = (distance(side[part], exact[part]) for side in (mine, peer) for part in ("logits", "gradient"))
        far |= not (scores <= MOST and gradient <= max(MOST, 3 * peer_gradient))
        print(f"{name:18} {what:24} scores {scores:.1e} (PyTorch {peer_scores:.1e})   input gradient {gradient:.1e} (PyTorch {peer_gradient:.1e})", flush=True)
    return far


if __name__ == "__main__":
    sys.exit(main())
