"""Checkpoints as torch.save writes them, tiny, and what they hold as checkpoints.json: PyTorch 1.13, seed 1.

python3 checkpoints.py, in this folder. torch.save names the folder inside a zip after the file, so equal contents give equal bytes.
"""
import collections
import json
import os
import zipfile

import numpy as np
import torch

torch.manual_seed(1)
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "checkpoints")
os.makedirs(here, exist_ok=True)
expected = {}


def state(value):
    """name → [shape, type, values as float32]"""
    return {k: [list(v.shape), str(v.dtype)[6:], [str(x) for x in v.detach().float().flatten().numpy()]] for k, v in value.items() if torch.is_tensor(v)}


def save(name, value, holds, **how):
    torch.save(value, os.path.join(here, name), **how)
    expected[name] = state(holds)


def both(name, value, holds, **how):
    save(name + ".pt", value, holds, **how)
    save(name + "-legacy.pth", value, holds, _use_new_zipfile_serialization=False, **how)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(2))


types = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
every = collections.OrderedDict((str(t)[6:], (torch.tensor([[-2.5, 0, 1], [3, 100, 7.25]]).abs() if t == torch.uint8 else torch.tensor([[-2.5, 0, 1], [3, 100, 7.25]])).to(t)) for t in types)
both("types", every, every)

base = torch.arange(60.0).reshape(3, 4, 5)
views = {
    "base": base, "transposed": base.permute(2, 0, 1), "slice": base[1:, ::2, 1:4], "column": base[:, 2, 3], "expanded": base[0, 0, :3].expand(2, 3),
    "empty": torch.zeros(0, 3), "emptySlice": base[3:], "scalar": torch.tensor(2.5), "parameter": torch.nn.Parameter(torch.tensor([1.0, -1.0])), "half": base.half()[:, 1:3, 0].t(),
}
both("views", views, views)

net = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 2), torch.nn.BatchNorm2d(3), torch.nn.Linear(4, 2))
optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 2, 5])
net(torch.randn(2, 2, 5, 5)).sum().backward()
optimizer.step()
both("training", {"epoch": 3, "arch": "tiny", "best_prec1": torch.tensor(0.5), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(), "shape": torch.Size([2, 3]),
                  "device": torch.device("cpu"), "dtype": torch.float32, "bytes": b"\x00\xff", "big": 1 << 70, "none": None, "set": [1, (2.5, "x")], "state_dict": net.state_dict()}, net.state_dict())
both("parallel", {"model": {"module." + k: v for k, v in net.state_dict().items()}}, {"module." + k: v for k, v in net.state_dict().items()})
for protocol in (1, 3, 4, 5):
    both(f"protocol{protocol}", net.state_dict(), net.state_dict(), pickle_protocol=protocol)

old = {"features.denseblock1.denselayer1.norm.1.weight": torch.tensor([1.0]), "features.denseblock1.denselayer1.conv.2.weight": torch.tensor([2.0]),
       "features.denseblock1.denselayer12.relu.1.x": torch.tensor([3.0]), "features.norm5.weight": torch.tensor([4.0])}
both("densenet", old, old)

np.savez(os.path.join(here, "arrays.npz"), **{"a.weight": base.numpy(), "fortran": np.asfortranarray(base.numpy()[0]), "half": base.half().numpy()[:1], "scalar": np.float64(1.5), "flags": np.array([True, False])})
expected["arrays.npz"] = state({"a.weight": base, "fortran": base[0], "half": base.half()[:1], "scalar": torch.tensor(1.5, dtype=torch.float64), "flags": torch.tensor([True, False])})
np.savez_compressed(os.path.join(here, "compressed.npz"), base=base.numpy())
expected["compressed.npz"] = state({"base": base})

# What must be refused.
torch.save(net, os.path.join(here, "module.pt"))
torch.save(Net(), os.path.join(here, "own-module.pt"))
torch.serialization.get_source_lines_and_file = lambda *_: (["class Net(torch.nn.Module): ...\n"], 0, "net.py")
torch.save(Net(), os.path.join(here, "own-module-legacy.pth"), _use_new_zipfile_serialization=False)
torch.jit.script(Net()).save(os.path.join(here, "script.pt"))
torch.save({"w": torch.zeros(2, dtype=torch.complex64)}, os.path.join(here, "complex.pt"))
np.savez(os.path.join(here, "big-endian.npz"), x=np.array([1.0], dtype=">f4"))

with zipfile.ZipFile(os.path.join(here, "big-endian.pt"), "w") as to, zipfile.ZipFile(os.path.join(here, "densenet.pt")) as source:
    for n in source.namelist():
        to.writestr(n, source.read(n))
    to.writestr("densenet/byteorder", "big")

# Real checkpoints, where they are: name → [shape, sum of the values as double, sum of their squares].
real = {}
shared = os.environ.get("ILGPUXAI_WEIGHTS", os.path.join(here, "..", "..", "..", "..", "..", "shared", "weights"))
for name in ("resnet20-cifar10.th", "mnist-cnn-4conv.pt"):
    if os.path.exists(os.path.join(shared, name)):
        loaded = torch.load(os.path.join(shared, name), map_location="cpu")
        loaded = loaded.get("state_dict", loaded)
        real[name] = {k: [list(v.shape), v.double().sum().item(), v.double().square().sum().item()] for k, v in loaded.items()}
with open(os.path.join(here, "..", "checkpoints.json"), "w") as file:
    json.dump({"torch": torch.__version__, "expected": expected, "real": real}, file, separators=(",", ":"))
