"""What explanations cost on plans, beside PyTorch and Captum on the same machine: forward passes, input gradients, Integrated Gradients, occlusion, LIME, Score-CAM, Ablation-CAM.

python3 Bench/peers/plans.py [--only WORD] [--rounds 5] [--threads 2] [--out FILE.json]

Both sides run in processes of their own, new for every row, alternating; medians; MiB are the largest resident sets. Untrained networks, random images: the arithmetic is the same.
Where a method is hundreds of passes, PyTorch's side is a loop by hand (batches of the size that is fastest for it, tried first), timed over some of the variants and scaled:
Captum's own loops do the same passes. Integrated Gradients are Captum's where it is installed (PYTHONPATH).
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

from interleave import Ours, SETTLE, machine

SAMPLE = 48                                     # variants that PyTorch's side is timed over
FILL_MS = 500                                   # of a timing
WARM_S = 3                                      # before the first
BATCHES = (1, 8, 16)


def rows():
    def forward(model, n, size=224, form="nchw"):
        return dict(op="model.forward", model=model, n=n, size=size), dict(work="forward", model=model, n=n, size=size, form=form)

    def gradient(model, n):
        return dict(op="model.gradient", model=model, n=n, size=224), dict(work="gradient", model=model, n=n, size=224)

    def explain(model, size, method, theirs, **options):
        return dict(op="explain", model=model, size=size, method=method, **options), dict(work=theirs, model=model, size=size, **options)

    for n, bound in ((1, 0.5), (8, 0.6)):
        yield f"ResNet-50 forward, 224 px, batch {n}", *forward("resnet50", n), bound
    for n, bound in ((1, 0.7), (8, 0.75)):
        yield f"the same against `to_mkldnn`, batch norm folded, batch {n}", *forward("resnet50", n, form="mkldnn"), bound
    for n, bound in ((1, 0.35), (4, 0.4)):
        yield f"VGG-16 forward, batch {n}", *forward("vgg16", n), bound
    for n, bound in ((1, 0.5), (8, 0.6)):
        yield f"DenseNet-121 forward, batch {n}", *forward("densenet121", n), bound
    for n, bound in ((1, 0.5), (8, 0.55)):
        yield f"ResNet-50 input gradient, batch {n}", *gradient("resnet50", n), bound
    yield "ResNet-50 Integrated Gradients, 50 steps", *explain("resnet50", 224, "integrated-gradients", "ig", steps=50), 0.45
    for model, name, bounds in (("resnet50", "ResNet-50", (0.25, 0.2)), ("vgg16", "VGG-16", (0.1, 0.06))):
        for (window, stride), bound in zip(((32, 16), (16, 8)), bounds):
            yield f"{name} occlusion, window {window} stride {stride}", *explain(model, 224, "occlusion", "occlusion", window=window, stride=stride), bound
    yield "ResNet-50 occlusion, 448 px, window 16 stride 8", *explain("resnet50", 448, "occlusion", "occlusion", window=16, stride=8), 0.1
    yield "ResNet-50 LIME, 1,000 masks", *explain("resnet50", 224, "lime", "masks", samples=1000), 0.6
    yield "ResNet-50 Score-CAM, 2,048 maps", *explain("resnet50", 224, "score-cam", "masks", samples=2050), 0.6
    yield "ResNet-50 Ablation-CAM, 2,048 maps", *explain("resnet50", 224, "ablation-cam", "ablation-cam"), 0.01


# PyTorch's side

def network(model, form="nchw"):
    import torch
    import torchvision
    net = getattr(torchvision.models, model)(weights=None).eval()
    for p in net.parameters():
        p.requires_grad_(False)
    if form == "mkldnn":
        from torch.fx.experimental.optimization import fuse
        from torch.utils.mkldnn import to_mkldnn
        packed = to_mkldnn(fuse(net))
        return lambda x: packed(x.to_mkldnn()).to_dense()
    return net


def variants(torch, net, image, count, paint):
    """A run over SAMPLE of `count` variants in the fastest batches; its time is to be multiplied by the second value."""
    sample = min(SAMPLE, count)

    def run(batch, variants=sample):
        with torch.no_grad():
            for first in range(0, variants, batch):
                x = image.repeat(min(batch, variants - first), 1, 1, 1)
                for i in range(x.shape[0]):
                    paint(x[i], first + i)
                net(x)

    def seconds(batch):
        run(batch, batch)
        start = time.perf_counter()
        run(batch, 2 * batch)
        return (time.perf_counter() - start) / (2 * batch)
    best = min(BATCHES, key=seconds)
    return lambda: run(best), count / sample


def work(torch, what):
    """What is timed, and by how much its time has to be multiplied."""
    kind, size = what["work"], what["size"]
    net = network(what["model"], what.get("form", "nchw"))
    image = torch.rand(what.get("n", 1), 3, size, size)
    if kind == "forward":
        def forward():
            with torch.no_grad():
                net(image)
        return forward, 1
    if kind == "gradient":
        def gradient():
            x = image.clone().requires_grad_()
            net(x).sum().backward()
        return gradient, 1
    if kind == "ig":
        try:
            from captum.attr import IntegratedGradients
            ig = IntegratedGradients(net)

            def attribute(batch):
                ig.attribute(image, target=3, n_steps=what["steps"], internal_batch_size=batch)
        except ImportError:
            def attribute(batch):
                for first in range(0, what["steps"], batch):
                    n = min(batch, what["steps"] - first)
                    x = (image * torch.linspace(0, 1, n)[:, None, None, None]).requires_grad_()
                    net(x)[:, 3].sum().backward()

        def seconds(batch):
            start = time.perf_counter()
            attribute(batch)
            return time.perf_counter() - start
        attribute(8)
        best = min((5, 10, 25), key=seconds)
        return lambda: attribute(best), 1
    if kind == "occlusion":
        window, stride = what["window"], what["stride"]
        side = 1 + -(-(size - window) // stride)

        def cover(x, i):
            i = i * side * side // SAMPLE
            y, z = i // side * stride, i % side * stride
            x[:, y:y + window, z:z + window] = 0
        return variants(torch, net, image, side * side + 1, cover)
    if kind == "masks":
        masks = torch.rand(SAMPLE, 1, size, size)

        def hide(x, i):
            x *= masks[i]
        return variants(torch, net, image, what["samples"], hide)
    if kind == "ablation-cam":
        # A hook sets another map of the layer to zero in each image of a batch; the whole network runs. Which maps these are makes no difference in time.
        def ablate(module, inputs, output):
            for i in range(output.shape[0]):
                output[i, i] = 0
            return output
        net.layer4.register_forward_hook(ablate)
        return variants(torch, net, image, 2048 + 1, lambda x, i: None)
    raise ValueError(kind)


def serve():
    """The protocol of our worker."""
    import torch
    torch.set_num_threads(int(sys.argv[sys.argv.index("--serve") + 1]))
    torch.manual_seed(0)
    run, factor = None, 1
    for line in sys.stdin:
        request = json.loads(line)
        if "prepare" in request:
            run, factor = work(torch, request["prepare"])
            run()
            answer = dict(ready=True)
        else:
            start = time.perf_counter()
            for _ in range(request["run"]):
                run()
            answer = dict(ms=(time.perf_counter() - start) * 1e3 * factor / request["run"])
        print(json.dumps(answer), flush=True)


class Theirs(Ours):
    def __init__(self, threads):
        self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--serve", str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def peak(side):
    with open(f"/proc/{side.process.pid}/status") as f:
        return next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmHWM"))


def measure(mine, theirs, rounds, threads):
    ours, peer = Ours(threads), Theirs(threads)
    try:
        ours.ask(prepare=mine)
        peer.ask(prepare=theirs)
        for side in (ours, peer):                                # compilers of both tune what runs often
            start = time.perf_counter()
            while time.perf_counter() - start < WARM_S:
                side.ask(run=1)
        times = {ours: [], peer: []}
        for _ in range(rounds):
            for side in (ours, peer):
                time.sleep(SETTLE)
                start = time.perf_counter()
                warm = side.ask(run=1)["ms"]
                # Long runs need no second one to be warm.
                times[side].append(warm if time.perf_counter() - start > 1 else side.ask(run=max(1, int(FILL_MS / max(warm, 0.1))))["ms"])
            if sum(map(sum, times.values())) > 120e3:
                break
        return statistics.median(times[ours]), statistics.median(times[peer]), len(times[ours]), peak(ours), peak(peer)
    finally:
        ours.close()
        peer.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out")
    args = parser.parse_args()
    try:
        import captum
        note = f"Captum {captum.__version__}"
    except ImportError:
        note = "Captum is not installed: its loops by hand"
    import torch
    print(f"PyTorch {torch.__version__}, {note}; {machine()}, {args.threads} threads each, medians of up to {args.rounds} interleaved rounds\n")
    print("| work | ours | theirs | ours / theirs | target | MiB ours | MiB theirs |\n|---|---|---|---|---|---|---|", flush=True)
    results = []
    for name, mine, theirs, bound in rows():
        if args.only.lower() not in name.lower():
            continue
        a, b, rounds, memory, memory_peer = measure(mine, theirs, args.rounds, args.threads)
        results.append(dict(work=name, ours_ms=a, theirs_ms=b, ratio=a / b, target=bound, rounds=rounds, ours_mib=memory, theirs_mib=memory_peer))
        show = (lambda ms: f"{ms / 1e3:.2f} s") if max(a, b) >= 10e3 else (lambda ms: f"{ms:.1f} ms")
        print(f"| {name} | {show(a)} | {show(b)} | {a / b:.3f} | {bound} | {memory:.0f} | {memory_peer:.0f} |", flush=True)
    if args.out:
        with open(args.out, "w") as f:
            json.dump(results, f, indent=1)


if __name__ == "__main__":
    serve() if "--serve" in sys.argv else main()
