"""Compares two runs of the digit study: compare_study.py RUN REFERENCE OUT.json.

The same tests significant with the same signs, and the relative L2 distance of the maps: ‖a − b‖ / ‖b‖, over all maps and the largest of one image.
"""
import array
import json
import math
import os
import struct
import sys

LEVEL = 0.05
TESTS = ("welch", "student", "mannWhitney")


def floats(path):
    """The values of a float32 .npy file in C order."""
    with open(path, "rb") as f:
        head = f.read(10)
        if head[:6] != b"\x93NUMPY":
            raise ValueError(f"{path} is no .npy file")
        size = struct.unpack("<H", head[8:10])[0] if head[6] == 1 else struct.unpack("<I", head[8:10] + f.read(2))[0]
        if "<f4" not in f.read(size).decode("latin-1"):
            raise ValueError(f"{path} does not hold float32")
        return array.array("f", f.read())


def verdicts(folder):
    """(score, region, test) → significant or not, and the sign of the difference; and the number of each."""
    with open(os.path.join(folder, "results.json")) as f:
        results = json.load(f)
    found = {}
    for score in results["scores"]:
        for outcome in score["regions"] + [score["overall"]]:
            sign = math.copysign(1, outcome["welch"]["difference"])
            for test in TESTS:
                t = outcome[test]
                p = t["p"] if t.get("pHolm") is None else t["pHolm"]
                found[f"{score['score']}, {outcome['region']}, {test}"] = (p < LEVEL, sign)
    return found


def compare(run, reference):
    ours, theirs = verdicts(run), verdicts(reference)
    different = [name for name in theirs if ours.get(name) != theirs[name]]
    names = sorted(os.listdir(os.path.join(reference, "maps")))
    if names != sorted(os.listdir(os.path.join(run, "maps"))):
        raise ValueError("the two runs explain different images")
    distance = norm = worst = 0.0
    for name in names:
        a, b = (floats(os.path.join(folder, "maps", name)) for folder in (run, reference))
        if len(a) != len(b):
            raise ValueError(f"{name} has {len(a)} values in one run and {len(b)} in the other")
        d, n = sum((x - y) ** 2 for x, y in zip(a, b)), sum(y * y for y in b)
        distance, norm, worst = distance + d, norm + n, max(worst, math.sqrt(d / n))
    return {"tests": len(theirs), "significant": sum(s for s, _ in theirs.values()), "different": different, "maps": len(names), "relativeL2": math.sqrt(distance / norm), "worstImage": worst}


def main():
    run, reference, out = sys.argv[1:4]
    try:
        answer = compare(run, reference)
    except Exception as e:
        answer = {"reason": f"{type(e).__name__}: {e}"}
    with open(out, "w") as f:
        json.dump(answer, f, indent=1, ensure_ascii=False)
    print(f"study: {answer}")


if __name__ == "__main__":
    main()
