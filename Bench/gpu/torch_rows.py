"""Times in PyTorch, on the first CUDA device, what a file of rows names: torch_rows.py ROWS.json OUT.json [SECONDS [DEVICE]].

Samples have the names of the rows. A row that fails, has no peer or finds no time holds the reason instead.
"""
import json
import sys
import time

ROUNDS, SLOW_ROUNDS, FILL_MS, SLOW_MS, LAUNCHES = 7, 3, 5.0, 300.0, 200


def work(torch, device, op, dims):
    """What is timed; inputs are made here."""
    def random(*shape):
        return torch.rand(*shape, device=device) - 0.5

    if op == "matmul":
        m, n, k = dims
        a, b, c = random(m, k), random(k, n), random(m, n)
        return lambda: torch.mm(a, b, out=c)
    if op.startswith("conv2d"):
        n, c, size, k, r, stride = dims
        x, w, pad = random(n, c, size, size), random(k, c, r, r), r // 2
        y = torch.nn.functional.conv2d(x, w, stride=stride, padding=pad)
        if op == "conv2d forward":
            return lambda: torch.nn.functional.conv2d(x, w, stride=stride, padding=pad)
        which = [op == "conv2d input gradient", op == "conv2d weight gradient", False]
        return lambda: torch.ops.aten.convolution_backward(y, x, w, None, [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], 1, which)
    if op in ("relu", "tanh", "add", "sum", "adam"):
        x, y = random(dims[0]), random(dims[0])
        if op == "relu":
            return lambda: torch.clamp_min(x, 0, out=y)
        if op == "tanh":
            return lambda: torch.tanh(x, out=y)
        if op == "add":
            z = random(dims[0])
            return lambda: torch.add(x, y, out=z)
        if op == "sum":
            return lambda: torch.sum(x)
        x.grad = y
        return torch.optim.Adam([x], fused=device != "cpu").step
    if op == "softmax":
        x = random(*dims)
        return lambda: torch.softmax(x, 1)
    if op.startswith("batch norm"):
        n, c, side = dims
        x, mean, variance, weight, bias = random(n, c, side, side), random(c), torch.ones(c, device=device), random(c), random(c)
        return lambda: torch.nn.functional.batch_norm(x, mean, variance, weight, bias, training=op == "batch norm training", momentum=0.1, eps=1e-5)
    if op == "max-pool":
        n, c, side = dims
        x = random(n, c, side, side)
        return lambda: torch.nn.functional.max_pool2d(x, 3, 2, 1, return_indices=True)
    raise ValueError("PyTorch has no such step of its own")


def milliseconds(torch, device, run, times):
    if device == "cpu":
        start = time.perf_counter()
        for _ in range(times):
            run()
        return (time.perf_counter() - start) * 1e3 / times
    torch.cuda.synchronize()
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    start.record()
    for _ in range(times):
        run()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / times


def samples(torch, device, run):
    run()
    once = milliseconds(torch, device, run, 1)
    times = min(500, max(1, int(FILL_MS / max(once, 1e-3))))
    return [milliseconds(torch, device, run, times) for _ in range(SLOW_ROUNDS if once > SLOW_MS else ROUNDS)]


def launches(torch, device, wait):
    """PyTorch has no empty kernel: adding to one element in place stands for it."""
    x = torch.zeros(1, device=device)
    x.add_(1)
    result = []
    for _ in range(ROUNDS):
        if device != "cpu":
            torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(LAUNCHES):
            x.add_(1)
        if wait and device != "cpu":
            torch.cuda.synchronize()
        result.append((time.perf_counter() - start) * 1e3 / LAUNCHES)
    return result


def measure(torch, device, rows, seconds, save):
    """The rows with samples or a reason; saved after each, so that a process that is stopped leaves what it has."""
    start, done = time.monotonic(), [{"name": row["name"], "reason": "the part was stopped before"} for row in rows]
    for row, answer in zip(rows, done):
        try:
            if time.monotonic() - start > seconds:
                raise TimeoutError(f"the {seconds:g} seconds for these rows were over")
            if row["op"].startswith("launch"):
                answer["ms"] = launches(torch, device, wait=row["op"] != "launch")
            else:
                answer["ms"] = samples(torch, device, work(torch, device, row["op"], row.get("dims", [])))
            del answer["reason"]
        except Exception as e:  # whatever fails, the other rows go on
            answer["reason"] = said(e)
        save(done)


def said(e):
    return f"{type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}"


def save(out, answer):
    with open(out, "w") as f:
        json.dump(answer, f, indent=1, ensure_ascii=False)


def main():
    rows_file, out = sys.argv[1:3]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 120
    device = sys.argv[4] if len(sys.argv) > 4 else "cuda"
    answer = {"rows": []}
    try:
        with open(rows_file) as f:
            rows = json.load(f)["rows"]
        import torch
        torch.set_grad_enabled(False)
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cudnn.benchmark = True
        answer["torch"] = torch.__version__
        if device != "cpu":
            answer.update(device=torch.cuda.get_device_name(0), cuda=torch.version.cuda, cudnn=torch.backends.cudnn.version())
        measure(torch, device, rows, seconds, lambda done: save(out, dict(answer, rows=done)))
    except Exception as e:
        answer["reason"] = said(e)
        save(out, answer)
    print(f"PyTorch: {answer.get('reason') or 'done'}")


if __name__ == "__main__":
    main()
