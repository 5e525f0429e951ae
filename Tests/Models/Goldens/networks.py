"""The architectures as torchvision builds them, with weights that both sides draw in the same way: for the golden files and for ../parity.py."""
import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import nn

for name in ("kaiming_normal_", "kaiming_uniform_", "normal_", "trunc_normal_"):
    setattr(nn.init, name, lambda tensor, *args, **kwargs: tensor)      # first weights that nobody looks at

TABLE_LENGTH, TABLE_SEED = 65521, 7


def splitmix(seed, n):
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) / 2.0**53


TABLE = (2 * splitmix(TABLE_SEED, TABLE_LENGTH) - 1).astype(np.float32)


def drawn(name, shape):
    """Numbers in [-1, 1): the table again and again, from a place on that depends on the name (FNV-1a)."""
    place = 0x811C9DC5
    for byte in name.encode():
        place = (place ^ byte) * 0x01000193 & 0xFFFFFFFF
    return np.resize(np.roll(TABLE, -(place % TABLE_LENGTH)), shape)


def weight(name, shape):
    u = drawn(name, shape)
    if len(shape) > 1:
        return u * np.float32(np.sqrt(6 / np.prod(shape[1:])))
    if name.endswith(("running_mean", "bias")):
        return u * np.float32(0.1)
    return u * np.float32(0.5) + np.float32(1)                           # a norm's weight, a running variance


def state(model):
    """Names and values that a checkpoint holds, without the counters of batches."""
    return {name: value for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}


def with_drawn_weights(model):
    for name, value in state(model).items():
        value.copy_(torch.from_numpy(weight(name, tuple(value.shape))))
    return model.eval()


class Cifar(nn.Module):
    """The residual networks of 6n + 2 layers, shortcuts without weights (He et al. 2015, section 4.2, option A)."""

    class Block(nn.Module):
        def __init__(self, channels, width, stride):
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
            self.conv2, self.bn2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
            self.stride, self.more = stride, (width - channels) // 2

        def forward(self, x):
            y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
            short = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.more, self.more)) if self.stride == 2 else x
            return F.relu(y + short)

    def __init__(self, depth, classes=10):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
        for stage, (channels, width) in enumerate([(16, 16), (16, 32), (32, 64)]):
            blocks = [Cifar.Block(width if i else channels, width, 2 if stage and not i else 1) for i in range((depth - 2) // 6)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        return self.linear(x.mean((2, 3)))


def create(name):
    model = Cifar(int(name[6:])) if name in CIFAR else getattr(torchvision.models, name)(weights=None)
    for module in model.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = False                                       # or a layer's result is gone when it is looked at
    return model


TORCHVISION = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "wide_resnet50_2", "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16",
               "vgg16_bn", "vgg19", "vgg19_bn", "densenet121", "densenet161", "densenet169", "densenet201", "alexnet", "squeezenet1_1"]
CIFAR = ["resnet20", "resnet32", "resnet44", "resnet56"]
