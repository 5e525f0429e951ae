"""The digit study's network by PyTorch: writes mnist_cnn.safetensors beside this script.

Weights, images and the incoming gradient are SplitMix64's, dropout masks are Philox 4x32-10's, so the file holds
results only: logits, the input's gradient, and one training step (dropout as drawn, cross-entropy, SGD).
"""
import json, os, struct
import numpy as np
import torch
import torch.nn.functional as F

M64 = (1 << 64) - 1


def splitmix(seed, n):
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) / 2.0**53


def philox(n, stream, seed):
    i = np.arange((n + 3) // 4, dtype=np.uint64)
    mask, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    c = [i & mask, i >> shift, np.full_like(i, stream & 0xFFFFFFFF), np.full_like(i, stream >> 32)]
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        p0, p1 = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [(p1 >> shift) ^ c[1] ^ np.uint64(k0), p1 & mask, (p0 >> shift) ^ c[3] ^ np.uint64(k1), p0 & mask]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(c, axis=1).reshape(-1)[:n]


def drop(x, rate, stream, seed):
    keep = philox(x.numel(), stream, seed).astype(np.float64) / 2.0**32 >= rate
    return x * torch.tensor(keep.reshape(x.shape), dtype=x.dtype) / (1 - rate)


WEIGHT_SEED, SEED, STEP = 2024, 0xFEDCBA9876543210, 5
layers = [("conv1", (32, 1, 3, 3)), ("conv2", (64, 32, 3, 3)), ("fc1", (128, 9216)), ("fc2", (10, 128))]
sizes = [(f"{name}.{part}", shape if part == "weight" else shape[:1], 1 / np.sqrt(np.prod(shape[1:]))) for name, shape in layers for part in ("weight", "bias")]
draws = splitmix(WEIGHT_SEED, sum(int(np.prod(shape)) for _, shape, _ in sizes))
weights, at = {}, 0
for name, shape, bound in sizes:
    n = int(np.prod(shape))
    weights[name] = torch.tensor(((2 * draws[at : at + n] - 1) * bound).astype(np.float32).reshape(shape), requires_grad=True)
    at += n


def forward(x, dropout=lambda h, rate, draw: h):
    w = weights
    h = F.relu(F.conv2d(x, w["conv1.weight"], w["conv1.bias"]))
    h = F.relu(F.conv2d(h, w["conv2.weight"], w["conv2.bias"]))
    h = dropout(F.max_pool2d(h, 2), 0.25, 0).flatten(1)
    h = dropout(F.relu(F.linear(h, w["fc1.weight"], w["fc1.bias"])), 0.5, 1)
    return F.linear(h, w["fc2.weight"], w["fc2.bias"])


x = torch.tensor(splitmix(99, 3 * 784).astype(np.float32).reshape(3, 1, 28, 28), requires_grad=True)
seed = torch.tensor((2 * splitmix(100, 30) - 1).astype(np.float32).reshape(3, 10))
logits = forward(x)
(gradient,) = torch.autograd.grad(logits, x, seed)

loss = F.cross_entropy(forward(x.detach(), lambda h, rate, draw: drop(h, rate, (STEP << 16) + draw, SEED)), torch.tensor([3, 7, 1]))
loss.backward()
out = {"logits": logits, "input gradient": gradient, "loss": loss}
out |= {f"gradient of {name}": w.grad if name != "fc1.weight" else w.grad[:2] for name, w in weights.items()}
optimizer = torch.optim.SGD(weights.values(), 0.1, momentum=0.9, weight_decay=0.01)
optimizer.step()
out |= {f"stepped {name}": weights[name] for name in ("conv1.weight", "conv1.bias", "fc2.weight")}

header, data = {"__metadata__": {"torch": torch.__version__, "numpy": np.__version__}}, b""
for name, value in out.items():
    bytes_ = value.detach().numpy().astype("<f4").tobytes()
    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(bytes_)]}
    data += bytes_
text = json.dumps(header).encode()
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "mnist_cnn.safetensors"), "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + data)
