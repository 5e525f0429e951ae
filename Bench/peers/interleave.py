"""Times the same work in this process (PyTorch) and in a worker process of ours, alternating, and compares medians."""
import json
import os
import statistics
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DLL = os.path.join(ROOT, "Bench", "bin", "Release", "net10.0", "IlgpuXai.Bench.dll")


# Both sides keep their threads spinning for a while after a piece of work; a pause, then one run that is not timed, keeps that off the other's clock.
SETTLE = 0.02


class Ours:
    """The worker: one piece of work prepared at a time."""

    def __init__(self, threads):
        if not os.path.exists(DLL):
            raise SystemExit(f"{DLL} is missing: run 'dotnet build -c Release' first")
        self.process = subprocess.Popen(["dotnet", DLL, "worker", str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the worker ended: see its message above")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def interleaved(ours, work, theirs, rounds=9, floor_ms=5.0):
    """Medians (ours, theirs) in milliseconds of `rounds` alternating timings, each of as many runs as fill floor_ms."""
    ours.ask(prepare=work)
    theirs()
    start = time.perf_counter()
    theirs()
    repeat = max(1, int(floor_ms / max(1e-6, (time.perf_counter() - start) * 1e3)))
    mine, peer = [], []
    for _ in range(rounds):
        time.sleep(SETTLE)
        ours.ask(run=1)
        mine.append(ours.ask(run=repeat)["ms"])
        time.sleep(SETTLE)
        theirs()
        start = time.perf_counter()
        for _ in range(repeat):
            theirs()
        peer.append((time.perf_counter() - start) * 1e3 / repeat)
    ours.ask(drop=True)
    return statistics.median(mine), statistics.median(peer)


def machine():
    with open("/proc/cpuinfo") as f:
        name = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), "unknown processor")
    return f"{name}, {os.cpu_count()} cores"
