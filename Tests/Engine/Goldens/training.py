"""Learning-rate schedules and optimisers by PyTorch: prints training.json. Run: python3 training.py > training.json"""
import json, math, warnings
import torch
from torch.optim import lr_scheduler as s

warnings.filterwarnings("ignore")


def rates(make, epochs, lr=0.5):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    schedule = make(optimizer)
    out = []
    for _ in range(epochs):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return out


def plateau(losses, **kw):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    schedule = s.ReduceLROnPlateau(optimizer, **kw)
    out = [0.5]
    for loss in losses:
        schedule.step(loss)
        out.append(optimizer.param_groups[0]["lr"])
    return out


LOSSES = [3, 2, 2.1, 2.05, 2, 1.9999, 1.5, 1.6, 1.7, float("inf"), 1.55, 1.4999, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2]
schedules = {
    "step": rates(lambda o: s.StepLR(o, 3, 0.3), 10),
    "cosine": rates(lambda o: s.CosineAnnealingLR(o, 8, 0.01), 9),
    "warm-up": rates(lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, 1, 3), s.CosineAnnealingLR(o, 7, 0.01)], [3]), 11),
    "plateau": plateau(LOSSES, factor=0.2, patience=2),
    "plateau with cooldown": plateau(LOSSES, factor=0.2, patience=1, cooldown=2, threshold=0.01, min_lr=0.01),
}


def descend(make, steps=5):
    w = torch.tensor([0.5, -0.25, 2.0, -1.5, 0.125], requires_grad=True)
    target = torch.tensor([1.0, -1.0, 0.5, 0.25, 3.0])
    optimizer = make([w])
    out = []
    for _ in range(steps):
        optimizer.zero_grad()
        (w - target).square().mean().backward()
        optimizer.step()
        out.append(w.detach().tolist())
    return out


o = torch.optim
optimizers = {
    "sgd": descend(lambda p: o.SGD(p, 0.25)),
    "sgd, decay": descend(lambda p: o.SGD(p, 0.25, weight_decay=0.1)),
    "sgd, momentum, decay": descend(lambda p: o.SGD(p, 0.25, momentum=0.9, weight_decay=0.1)),
    "sgd, Nesterov, decay": descend(lambda p: o.SGD(p, 0.25, momentum=0.9, weight_decay=0.1, nesterov=True)),
    "adam": descend(lambda p: o.Adam(p, 0.25)),
    "adam, decay": descend(lambda p: o.Adam(p, 0.25, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)),
    "adamw": descend(lambda p: o.AdamW(p, 0.25)),
}
print(json.dumps({"torch": torch.__version__, "losses": [x if math.isfinite(x) else 1e308 for x in LOSSES], "schedules": schedules, "optimizers": optimizers}, indent=1))
