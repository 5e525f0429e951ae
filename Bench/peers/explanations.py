"""From JPEG files to explanations by the program, against what PyTorch and Captum gave for the same pictures and weights.

python3 Bench/peers/explanations.py --reference FILE --weights FILE --pictures DIR [--device cpu]

The reference is a safetensors file: for each key K of its metadata, "PICTURE target CLASS", the arrays K.logits, K.gradient, K.integrated_gradients_50_gausslegendre, K.grad_cam (layer4)
and K.occlusion_w32_s16 (and K.input). Prints the relative L2 distance of each; needs numpy. With --exact also how far the gradients of both sides are from PyTorch's in double precision
(needs torch, torchvision): a score of ReLUs has kinks, and rounding decides on which side of some of them a float32 pass falls.
"""
import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "Models", "Goldens"))
import safetensors                                                                     # noqa: E402

PROGRAM = os.path.join("Cli", "bin", "Release", "net10.0", "ilgpuxai.dll")
METHODS = {
    "gradient": (["saliency", "--signed"], 1e-3),
    "integrated_gradients_50_gausslegendre": (["integrated-gradients", "--steps", "50"], 1e-3),
    "grad_cam": (["grad-cam", "--layer", "layer4"], 1e-3),
    "occlusion_w32_s16": (["occlusion", "--window", "32", "--stride", "16"], 1e-3),
}


def program(*args):
    return subprocess.run(["dotnet", PROGRAM, *args], check=True, capture_output=True, text=True).stdout


def distance(ours, theirs):
    return np.linalg.norm(ours.astype(np.float64) - theirs) / np.linalg.norm(theirs.astype(np.float64))


def exact_gradients(model, weights, inputs, targets):
    import torch
    import torchvision
    network = getattr(torchvision.models, model)().double().eval()
    missing = network.load_state_dict({k: torch.tensor(v) for k, v in safetensors.read(weights).items()}, strict=False).missing_keys
    assert all(k.endswith("num_batches_tracked") for k in missing), missing
    for x, target in zip(inputs, targets):
        x = torch.tensor(x, dtype=torch.double)[None].requires_grad_()
        network(x)[0, target].backward()
        yield x.grad[0].numpy()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--reference", required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--pictures", required=True)
    parser.add_argument("--model", default="resnet50")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--exact", action="store_true")
    args = parser.parse_args()
    arrays = safetensors.read(args.reference)
    with open(args.reference, "rb") as f:
        notes = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))["__metadata__"]
    network = ["--model", args.model, "--weights", args.weights, "--device", args.device]
    missed, gradients = 0, []
    for key, note in notes.items():
        name, target = note.split(" target ")
        picture = os.path.join(args.pictures, name)
        classes = json.loads(program("predict", picture, *network, "--top", "1000", "--json"))[0]["classes"]
        logits = np.zeros(1000)
        for c in classes:
            logits[c["class"]] = c["logit"]
        rows = [("logits", distance(logits, arrays[f"{key}.logits"]), 1e-4)]
        with tempfile.TemporaryDirectory() as folder:
            for word, (method, bound) in METHODS.items():
                program("explain", picture, *network, "--method", *method, "--target", target, "--npy", "--out", folder, "--quiet")
                raw = np.load(os.path.join(folder, f"{os.path.splitext(name)[0]}-{method[0]}.npy"))
                if word == "gradient":
                    gradients.append((key, int(target), raw))
                rows.append((word, distance(raw, arrays[f"{key}.{word}"]), bound))
        for word, d, bound in rows:
            missed += not d <= bound
            print(f"{name}, class {target}: {word} {d:.1e} ({'met' if d <= bound else 'missed'}, {bound:.0e})")
    if args.exact:
        keys, targets, ours = zip(*gradients)
        for key, mine, exact in zip(keys, ours, exact_gradients(args.model, args.weights, [arrays[f"{key}.input"] for key in keys], targets)):
            print(f"{key}: gradient in double precision: ours {distance(mine, exact):.1e} from it, the reference {distance(arrays[f'{key}.gradient'], exact):.1e}")
    sys.exit(missed > 0)


if __name__ == "__main__":
    main()
