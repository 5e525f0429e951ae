"""Pooling, resizing and batch normalisation as PyTorch computes them, in double, on inputs that float32 holds exactly.

Writes pool_resize.json beside this script. Made with Python 3.11.2 and PyTorch 1.13.0; seed 20240611.
"""
import json
import math
import os

import torch
import torch.nn.functional as F

torch.manual_seed(20240611)


def draw(*shape):
    """Multiples of 1/64 in -2 ... 2: exact in float32, with ties."""
    return torch.randint(-128, 129, shape, dtype=torch.float64) / 64


def flat(t):
    """Numbers, with the words that JSON readers know for those that JSON does not."""
    return [v if math.isfinite(v) else "NaN" if math.isnan(v) else "Infinity" if v > 0 else "-Infinity" for v in t.detach().reshape(-1).tolist()]


def max_pool(name, x, window, stride, pad):
    x = x.clone().requires_grad_()
    y, argmax = F.max_pool2d(x, window, stride, pad, return_indices=True)
    dy = draw(*y.shape)
    y.backward(dy)
    return dict(name=name, shape=[x.shape[0] * x.shape[1], *x.shape[2:], *window, *stride, *pad], x=flat(x), y=flat(y), argmax=argmax.reshape(-1).tolist(), dy=flat(dy), dx=flat(x.grad))


def mapped(name, x, function, size):
    x = x.clone().requires_grad_()
    y = function(x, size)
    dy = draw(*y.shape)
    y.backward(dy)
    return dict(name=name, shape=[x.shape[0] * x.shape[1], *x.shape[2:], *size], x=flat(x), y=flat(y), dy=flat(dy), dx=flat(x.grad))


def average_pool(name, x, window, stride, pad):
    case = mapped(name, x, lambda x, _: F.avg_pool2d(x, window, stride, pad), (0, 0))
    return case | dict(shape=[x.shape[0] * x.shape[1], *x.shape[2:], *window, *stride, *pad])


def batch_norm(name, n, c, hw, momentum, eps):
    x, weight, bias = draw(n, c, hw).requires_grad_(), draw(c).requires_grad_(), draw(c).requires_grad_()
    mean, var = draw(c), draw(c).abs() + 0.5
    case = dict(name=name, shape=[n, c, hw], momentum=momentum, eps=eps, x=flat(x), weight=flat(weight), bias=flat(bias), runningMean=flat(mean), runningVar=flat(var))
    dy = draw(n, c, hw)
    case["dy"] = flat(dy)
    for training in (False, True):
        x.grad = weight.grad = bias.grad = None
        y = F.batch_norm(x, mean, var, weight, bias, training, momentum, eps)
        y.backward(dy)
        case["training" if training else "inference"] = dict(y=flat(y), dx=flat(x.grad), dweight=flat(weight.grad), dbias=flat(bias.grad), runningMean=flat(mean), runningVar=flat(var))
    return case


def bilinear(x, size):
    return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


def nearest(x, size):
    return F.interpolate(x, size=size, mode="nearest")


spoiled = draw(2, 1, 6, 9)
spoiled[0, 0, 1, 2] = spoiled[1, 0, 5, 8] = spoiled[1, 0, 0, 0] = math.nan
infinite = draw(1, 2, 5, 6)
infinite[0, 0, :3] = -math.inf
infinite[0, 1, 2, 3] = math.inf

goldens = dict(
    maxPool=[
        max_pool("ties", draw(2, 2, 6, 11).round(), (2, 2), (2, 2), (0, 0)),
        max_pool("ties, overlapping windows, padding", draw(1, 2, 7, 19).round(), (3, 3), (2, 2), (1, 1)),
        max_pool("unequal windows, strides and padding", draw(2, 1, 7, 10), (2, 4), (3, 1), (1, 2)),
        max_pool("one NaN in a window", spoiled, (3, 3), (3, 3), (0, 0)),
        max_pool("infinities", infinite, (3, 2), (1, 2), (1, 1)),
    ],
    averagePool=[
        average_pool("padding counts", draw(1, 2, 7, 9), (3, 2), (2, 1), (1, 1)),
        average_pool("DenseNet's transition", draw(1, 3, 6, 8), (2, 2), (2, 2), (0, 0)),
    ],
    adaptivePool=[mapped(f"{h}×{w} to {p}×{q}", draw(1, 2, h, w), F.adaptive_avg_pool2d, (p, q))
                  for h, w, p, q in ((7, 9, 1, 1), (7, 10, 3, 4), (4, 5, 7, 11), (6, 8, 3, 2))],
    bilinear=[mapped(f"{h}×{w} to {p}×{q}", draw(1, 2, h, w), bilinear, (p, q))
              for h, w, p, q in ((4, 5, 8, 15), (7, 10, 11, 13), (12, 9, 5, 4), (7, 7, 16, 20), (3, 11, 7, 6), (1, 1, 3, 2), (5, 6, 5, 6))],
    nearest=[mapped(f"{h}×{w} to {p}×{q}", draw(1, 2, h, w), nearest, (p, q))
             for h, w, p, q in ((4, 5, 8, 15), (7, 10, 11, 13), (12, 9, 5, 4), (3, 11, 7, 6), (1, 1, 3, 2))],
    batchNorm=[batch_norm("images", 3, 4, 10, 0.125, 1e-5), batch_norm("one pixel per image", 5, 3, 1, 0.5, 0.25)],
)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pool_resize.json"), "w") as f:
    json.dump(goldens, f, separators=(",", ":"))
    f.write("\n")
