"""One JPEG and a checkpoint as torch.save writes it, by the program and by torchvision with Pillow, for a network of each family with random weights.

python3 Bench/peers/families.py PICTURE

Prints the relative L2 distance of the scores and the size of the map that explain wrote; needs torch, torchvision, Pillow, numpy.
"""
import json
import os
import sys
import tempfile

import numpy as np
import torch
import torchvision
from PIL import Image
from torchvision import transforms

from explanations import distance, program

NAMES = ["resnet18", "resnext50_32x4d", "wide_resnet50_2", "vgg11_bn", "vgg16", "densenet121", "alexnet", "squeezenet1_1"]
PREPARE = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(), transforms.Normalize([.485, .456, .406], [.229, .224, .225])])


def main(picture):
    image = PREPARE(Image.open(picture).convert("RGB"))[None]
    torch.manual_seed(3)
    for name in NAMES:
        network = getattr(torchvision.models, name)(weights=None).eval()
        with tempfile.TemporaryDirectory() as folder, torch.no_grad():
            weights = os.path.join(folder, "weights.pth")
            torch.save(network.state_dict(), weights)
            files = [picture, "--model", name, "--weights", weights]
            scores = np.zeros(1000)
            for c in json.loads(program("predict", *files, "--top", "1000", "--json"))[0]["classes"]:
                scores[c["class"]] = c["logit"]
            d = distance(scores, network(image)[0].numpy())
            program("explain", *files, "--method", "grad-cam", "--npy", "--quiet", "--out", folder)
            stem = os.path.join(folder, os.path.splitext(os.path.basename(picture))[0] + "-grad-cam")
            print(f"{name}: scores {d:.1e}; overlay {Image.open(stem + '.png').size}, map {np.load(stem + '.npy').shape}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
