"""Joins what run.sh left in a folder to gpu.json and gpu.md: table.py FOLDER OUT."""
import json
import os
import statistics
import sys


def read(folder, name):
    try:
        with open(os.path.join(folder, name)) as f:
            return json.load(f)
    except (OSError, ValueError):
        return None


def text(folder, name, lines=40):
    try:
        with open(os.path.join(folder, name), errors="replace") as f:
            return "".join(f.readlines()[-lines:]).strip()
    except OSError:
        return ""


def why(folder, part):
    """Why a part left no result."""
    return text(folder, part + ".why", 1) or "the part did not run"


def pooled(passes):
    """name → samples of all passes, or the reason of the last that has none."""
    rows = {}
    for one in passes:
        for row in (one or {}).get("rows", []):
            known = rows.setdefault(row["name"], {"row": row, "ms": [], "reason": None})
            known["ms"] += row.get("ms") or []
            known["reason"] = row.get("reason") or known["reason"]
    return rows


def join(folder):
    ours, theirs = [read(folder, f"rows{i}.json") for i in (1, 2)], [read(folder, f"torch{i}.json") for i in (1, 2)]
    mine, peer, rows = pooled(ours), pooled(theirs), []
    missing = next((t["reason"] for t in theirs if t and "reason" in t), "PyTorch did not run: " + why(folder, "torch1"))
    for name, row in mine.items():
        out = {"name": name}
        if row["ms"]:
            out["ms"] = statistics.median(row["ms"])
            seconds = out["ms"] / 1e3
            if row["row"].get("flops"):
                out["GFLOP/s"] = row["row"]["flops"] / seconds / 1e9
            elif row["row"].get("bytes"):
                out["GB/s"] = row["row"]["bytes"] / seconds / 1e9
        else:
            out["notMeasured"] = row["reason"] or "no sample"
        other = peer.get(name)
        if other and other["ms"]:
            out["torchMs"] = statistics.median(other["ms"])
            if "ms" in out:
                out["ratio"] = out["ms"] / out["torchMs"]
        else:
            out["torchNotMeasured"] = (other or {}).get("reason") or missing
        rows.append(out)
    about = next((o for o in ours if o), None)
    torch = next((t for t in theirs if t and "torch" in t), None)
    return {
        "machine": text(folder, "machine.txt"),
        "device": {k: v for k, v in about.items() if k != "rows"} if about else {"notMeasured": why(folder, "rows1")},
        "torch": {k: v for k, v in torch.items() if k != "rows"} if torch else {"notMeasured": missing},
        "devices": text(folder, "devices.log"),
        "tests": read(folder, "tests.json") or {"notMeasured": why(folder, "tests")},
        "study": read(folder, "study.json") or {"notMeasured": why(folder, "study")},
        "seconds": dict(line.split() for line in text(folder, "seconds.txt").splitlines()),
        "rows": rows if rows else [{"name": "all rows", "notMeasured": why(folder, "rows1"), "torchNotMeasured": "there were no rows to repeat"}],
    }


def number(value, digits=3):
    return f"{value:.{digits}g}" if abs(value) < 1000 else f"{value:,.0f}"


def cell(reason):
    return "not measured: " + reason.replace("|", "\\|").replace("\n", " ")[:200]


def time(row, key):
    return f"{number(row[key] * 1e3)} µs" if row["name"].startswith("launch") else number(row[key], 4)


def table(rows):
    yield "| operation | ours, ms | | PyTorch, ms | ours / PyTorch |"
    yield "|---|---|---|---|---|"
    for row in rows:
        mine = time(row, "ms") if "ms" in row else cell(row["notMeasured"])
        rate = next((f"{number(row[unit])} {unit}" for unit in ("GFLOP/s", "GB/s") if unit in row), "")
        theirs = time(row, "torchMs") if "torchMs" in row else cell(row["torchNotMeasured"])
        yield f"| {row['name']} | {mine} | {rate} | {theirs} | {number(row['ratio']) if 'ratio' in row else ''} |"


def tests(t):
    if "notMeasured" in t:
        return [cell(t["notMeasured"])]
    lines = [f"{t['passed']} passed, {t['failed']} failed, {t['ignored']} ignored" + (f"; {t['stopped']}" if t["stopped"] else "") + "."]
    lines += [f"- `{f['name']}`: {' '.join((f['message'] or '').split())[:300]}" for f in t["failures"][:40]]
    return lines + [f"- {r['tests']} ignored: {r['reason']}" for r in t["reasons"][:10]]


def study(s):
    reason = s.get("notMeasured") or s.get("reason")
    if reason:
        return [cell(reason)]
    same = f"{len(s['different'])} of {s['tests']} tests differ in significance or sign: {'; '.join(s['different'])}" if s["different"] else f"all {s['tests']} tests agree in significance and sign ({s['significant']} significant)"
    return [f"{same}. Relative L2 distance of {s['maps']} maps from those of `cpu`: {s['relativeL2']:.2e}, worst image {s['worstImage']:.2e}."]


def page(d):
    def facts(o):
        return cell(o["notMeasured"]) if "notMeasured" in o else ", ".join(f"{k} {v}" for k, v in o.items() if v is not None)

    name = d["device"].get("device", "cuda")
    lines = ["# Measured on a GPU", "", "```", d["machine"], "```", "", f"- ours: {facts(d['device'])}", f"- PyTorch: {facts(d['torch'])}", "", "```", d["devices"], "```"]
    lines += ["", f"## Tests of kernels on `{name}`", "", *tests(d["tests"]), "", f"## The study on `{name}` beside `cpu`", "", *study(d["study"])]
    lines += ["", "## Operations", "", "Medians; TF32 is off on both sides.", "", *table(d["rows"])]
    return "\n".join(lines + ["", "Seconds of each part: " + ", ".join(f"{k} {v}" for k, v in d["seconds"].items()), ""])


def main():
    folder, out = sys.argv[1:3]
    joined = join(folder)
    with open(os.path.join(out, "gpu.json"), "w") as f:
        json.dump(joined, f, indent=1, ensure_ascii=False)
    with open(os.path.join(out, "gpu.md"), "w") as f:
        f.write(page(joined))


if __name__ == "__main__":
    main()
