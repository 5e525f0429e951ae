"""Writes occlusion.json: Captum's Occlusion on a small random network.

Run with Captum's source on the path, from the repository's root:
    PYTHONPATH=CAPTUM_SOURCE python3 Tests/Xai/Goldens/make_occlusion.py
Written with torch 1.13.1, Captum 0.8.0 (commit faac0877; needs python3-tqdm), seed 7. All sizes differ pairwise.
"""
import json
import captum
import numpy as np
import torch
from captum.attr import Occlusion

torch.manual_seed(7)
C, H, W, K, CLASSES = 2, 9, 11, 3, 4
conv = torch.nn.Conv2d(C, K, 3).double()
fc = torch.nn.Linear(K * (H - 2) * (W - 2), CLASSES).double()


def logits(x):
    return fc(torch.relu(conv(x)).flatten(1))


def probabilities(x):
    return torch.softmax(logits(x), 1)


def cases():
    image = torch.rand(1, C, H, W, dtype=torch.double)
    for window, stride, baseline, target in [
        ((5, 4), (1, 1), 0.0, 2), ((3, 6), (2, 3), 0.25, 0), ((4, 4), (3, 2), [0.1, -0.7], 1), ((9, 11), (9, 11), 0.0, 3), ((1, 1), (1, 1), 0.5, 0),
    ]:
        base = torch.tensor(baseline, dtype=torch.double)
        base = base.view(1, C, 1, 1).expand_as(image) if base.dim() else base.item()
        maps = []
        for f in (logits, probabilities):
            a = Occlusion(f).attribute(image, (C, *window), strides=(C, *stride), baselines=base, target=target)
            maps.append(a[0, 0].flatten().tolist())          # the same for every channel: all are covered together
        text = ",".join(repr(float(np.float32(v))) for v in (baseline if isinstance(baseline, list) else [baseline]))
        yield dict(window=list(window), stride=list(stride), baseline=text, target=target, image=image.flatten().tolist(), logit=maps[0], probability=maps[1])


state = {f"{n}.{k}": v.flatten().tolist() for n, m in (("conv", conv), ("fc", fc)) for k, v in m.state_dict().items()}
with open("Tests/Xai/Goldens/occlusion.json", "w") as f:
    json.dump(dict(torch=torch.__version__, captum=captum.__version__, sizes=[C, H, W, K, CLASSES], state=state, cases=list(cases())), f)
