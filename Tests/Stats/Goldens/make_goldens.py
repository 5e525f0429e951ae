"""Writes goldens.json beside this file: python3 make_goldens.py

SciPy and scikit-learn where they have the function; where they do not (or not accurately enough), the definition
in mpmath with 60 digits. No choice depends on anything but SEED and the library versions recorded in the file.
"""
import json
import math
import os
import platform
import warnings
from fractions import Fraction

import mpmath
import numpy as np
import scipy
import sklearn
from scipy import optimize, special, stats
from sklearn import metrics

import nist

warnings.filterwarnings("ignore", "(divide by zero|invalid value) encountered in _nct")     # at noncentrality 0; the values are checked below

SEED = 20240611
rng = np.random.default_rng(SEED)
mpmath.mp.dps = 60


def listed(*arrays):
    return [np.asarray(a, float).tolist() for a in arrays]


GROUPS = {
    "small": listed(rng.normal(1.0, 1.0, 5), rng.normal(0.2, 2.0, 7)),
    "two and three": listed([1.5, 2.25], [0.5, 4.0, 3.0]),
    "ties": listed(rng.integers(0, 6, 9), rng.integers(1, 8, 13)),
    "small with ties": listed([10, 10, 20, 20, 20, 30, 30, 30, 40, 50], [10, 20, 30, 40, 40, 50]),
    "eight and forty": listed(rng.exponential(2.0, 8), rng.exponential(3.0, 40)),
    "nine and eleven": listed(rng.normal(0, 1, 9), rng.normal(1, 1, 11)),
    "unequal variances": listed(rng.normal(0.3, 0.1, 60), rng.normal(0.5, 3.0, 23)),
    "study": listed(rng.normal(0.41, 0.35, 100), rng.normal(3.88, 1.9, 100)),
    "disjoint": listed(rng.uniform(0, 1, 6), rng.uniform(2, 3, 9)),
    "large offset": listed(1e9 + rng.normal(0, 1, 31), 1e9 + rng.normal(0.5, 1, 37)),
}
PAIRS = {
    "pairs": listed(*(lambda base: (base + rng.normal(0, 0.3, 17), base + rng.normal(0.2, 0.3, 17)))(rng.normal(5, 2, 17))),
    "two pairs": listed([1.0, 2.5], [0.5, 2.75]),
}
ALTERNATIVES = ("two-sided", "less", "greater")


def t_two_sided(t, df):
    t, df = mpmath.mpf(t), mpmath.mpf(df)
    return mpmath.betainc(df / 2, mpmath.mpf(1) / 2, 0, df / (df + t * t), regularized=True)


def critical(p, df):
    """stats.t.ppf for p > 1/2, with mpmath: SciPy 1.10 gives nine digits in places."""
    start = float(stats.t.ppf(float(p), df))
    t = float(mpmath.findroot(lambda t: t_two_sided(t, df) / 2 - (1 - mpmath.mpf(p)), start))
    assert abs(t / start - 1) < 1e-7, (p, df, t, start)
    return t


def descriptive():
    ps = [0, 0.01, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.975, 1]
    rows = []
    for name, (a, b) in GROUPS.items():
        for x in (a, b):
            half = critical(0.975, len(x) - 1) * stats.sem(x)
            low, high = np.mean(x) - half, np.mean(x) + half
            rows.append(dict(name=name, values=x, mean=float(np.mean(x)), variance=float(np.var(x, ddof=1)), sem=float(stats.sem(x)),
                             median=float(np.median(x)), probabilities=ps, quantiles=np.quantile(x, ps).tolist(), low=float(low), high=float(high)))
    return rows


def bounds(difference, se, df, alternative, confidence):
    if alternative == "less":
        return None, float(difference + critical(confidence, df) * se)
    if alternative == "greater":
        return float(difference - critical(confidence, df) * se), None
    half = critical((1 + confidence) / 2, df) * se
    return float(difference - half), float(difference + half)


def t_tests():
    rows = []
    for test, groups in (("student", GROUPS), ("welch", GROUPS), ("paired", PAIRS)):
        for name, (a, b) in groups.items():
            for alternative, confidence in zip(ALTERNATIVES, (0.95, 0.9, 0.99)):
                va, vb, na, nb = np.var(a, ddof=1), np.var(b, ddof=1), len(a), len(b)
                if test == "student":
                    r, df = stats.ttest_ind(a, b, alternative=alternative), na + nb - 2
                elif test == "welch":
                    r = stats.ttest_ind(a, b, equal_var=False, alternative=alternative)
                    df = (va / na + vb / nb) ** 2 / ((va / na) ** 2 / (na - 1) + (vb / nb) ** 2 / (nb - 1))
                else:
                    r, df = stats.ttest_rel(a, b, alternative=alternative), na - 1
                difference = np.mean(a) - np.mean(b)
                low, high = bounds(difference, difference / r.statistic, df, alternative, confidence)
                rows.append(dict(test=test, name=name, a=a, b=b, alternative=alternative, confidence=confidence, statistic=float(r.statistic),
                                 p=float(r.pvalue), df=float(df), difference=float(difference), low=low, high=high))
    return rows


def t_tails():
    cases = [(-17.83, 198), (0.001, 198), (0.5, 3), (1.0, 1), (1.5, 2.5), (2.0, 10), (1.7, 1e4), (5.0, 0.5), (12.0, 4.7), (30.0, 30), (40.0, 300),
             (1e-9, 7), (1e10, 2), (8.0, 1e6), (1.2, 1e8), (6.0, 1e8), (100.0, 61.3), (1.9, 1234.5), (37.0, 5000)]
    rows = [dict(t=t, df=df, p=float(t_two_sided(t, df))) for t, df in cases]
    study = next(r for r in rows if r["t"] == -17.83)
    assert abs(study["p"] / (2 * stats.t.cdf(-17.83, 198)) - 1) < 1e-8, "mpmath and SciPy disagree"
    return rows


def t_critical():
    return [dict(confidence=c, df=df, t=critical((1 + mpmath.mpf(c)) / 2, df)) for c in (0.5, 0.9, 0.95, 0.99, 0.999) for df in (1, 2.5, 4, 11, 198, 3456.7)]


def nct_below(t, df, delta):
    """P(T <= t) for t >= 0 by the Poisson mixture of incomplete betas (Lenth 1989, AS 243); t < 0 by reflection."""
    t, df, delta = mpmath.mpf(t), mpmath.mpf(df), mpmath.mpf(delta)
    if t < 0:
        return 1 - nct_below(-t, df, -delta)
    y, half, rate = t * t / (t * t + df), mpmath.mpf(1) / 2, delta * delta / 2
    total = mpmath.ncdf(-delta)
    for j in range(100000):
        p = mpmath.exp(-rate) * rate ** j / mpmath.factorial(j)
        q = delta / mpmath.sqrt(2) * mpmath.exp(-rate) * rate ** j / mpmath.gamma(j + 3 * half)
        term = (p * mpmath.betainc(j + half, df / 2, 0, y, regularized=True) + q * mpmath.betainc(j + 1, df / 2, 0, y, regularized=True)) / 2
        total += term
        if j > rate and abs(term) < mpmath.mpf(10) ** -45:
            return total


def noncentral_t():
    cases = [(0.0, 5, 1.5), (1.0, 3, 0.5), (-17.83, 198, -15.9), (-17.83, 198, -20.0), (2.5, 20, 0.0), (2.5, 20, 5.0), (-1.0, 4, 2.0), (12.0, 2, 4.0),
             (3.0, 1, 1.0), (0.3, 1000, -1.0), (8.0, 57.3, 2.0), (1.0, 10, -4.0), (6.0, 9, 12.0), (-3.0, 30, 1.0)]
    rows = []
    for t, df, delta in cases:
        below = nct_below(t, df, delta)
        assert abs(float(below) - stats.nct.cdf(t, df, delta)) < 1e-9, (t, df, delta, float(below), stats.nct.cdf(t, df, delta))
        rows.append(dict(t=t, df=df, delta=delta, below=float(below), above=float(1 - below)))
    return rows


def nct_interval(t, df, confidence):
    tail = (1 - confidence) / 2
    width = 10 + abs(t)
    low = optimize.brentq(lambda d: stats.nct.sf(t, df, d) - tail, t - width, t + 1, xtol=1e-12)
    high = optimize.brentq(lambda d: stats.nct.cdf(t, df, d) - tail, t - 1, t + width, xtol=1e-12)
    assert abs(1 - nct_below(t, df, low) - tail) < 1e-10 and abs(nct_below(t, df, high) - tail) < 1e-10, (t, df, low, high)
    return low, high


def effects():
    rows = []
    for name, (a, b) in GROUPS.items():
        confidence = 0.9 if name == "ties" else 0.95
        a_, b_ = np.array(a), np.array(b)
        na, nb = len(a), len(b)
        m = na + nb - 2
        mean_a, mean_b = (sum(map(Fraction, x)) / len(x) for x in (a, b))              # exact: NumPy's are not at an offset of 1e9
        pooled = (sum((x - mean_a) ** 2 for x in map(Fraction, a)) + sum((x - mean_b) ** 2 for x in map(Fraction, b))) / m
        d = float(mean_a - mean_b) / math.sqrt(pooled)
        scale = np.sqrt(1 / na + 1 / nb)
        low, high = (bound * scale for bound in nct_interval(d / scale, m, confidence))
        j = float(mpmath.gamma(mpmath.mpf(m) / 2) / mpmath.sqrt(mpmath.mpf(m) / 2) / mpmath.gamma(mpmath.mpf(m - 1) / 2))

        dominance = np.sign(a_[:, None] - b_[None, :])
        delta = dominance.mean()
        s_i = ((dominance.mean(1) - delta) ** 2).sum()
        s_j = ((dominance.mean(0) - delta) ** 2).sum()
        s_ij = ((dominance - delta) ** 2).sum()
        s2 = max((nb ** 2 * s_i + na ** 2 * s_j - s_ij) / (na * nb * (na - 1) * (nb - 1)), (1 - delta ** 2) / (na * nb - 1))
        t = critical((1 + confidence) / 2, m)
        if abs(delta) == 1:
            n = min(na, nb)
            cliff = sorted([delta, delta * (n - t * t) / (n + t * t)])
        else:
            spread = t * np.sqrt(s2) * np.sqrt((1 - delta ** 2) ** 2 + t * t * s2)
            cliff = [(delta - delta ** 3 + sign * spread) / (1 - delta ** 2 + t * t * s2) for sign in (-1, 1)]
        rows.append(dict(name=name, a=a, b=b, confidence=confidence, d=float(d), dLow=float(low), dHigh=float(high), g=float(j * d), gLow=float(j * low),
                         gHigh=float(j * high), delta=float(delta), deltaLow=float(cliff[0]), deltaHigh=float(cliff[1])))
    return rows


def mann_whitney():
    rows = []
    for name, (a, b) in GROUPS.items():
        for alternative in ALTERNATIVES:
            r = stats.mannwhitneyu(a, b, alternative=alternative, method="auto")
            rows.append(dict(name=name, a=a, b=b, alternative=alternative, u=float(r.statistic), p=float(r.pvalue),
                             exact=min(len(a), len(b)) <= 8 and len(set(a + b)) == len(a + b)))
    return rows


def permutation():
    def difference(x, y, axis):
        return np.mean(x, axis=axis) - np.mean(y, axis=axis)
    rows = []
    for name in ("small", "two and three", "small with ties"):
        a, b = GROUPS[name]
        for alternative in ALTERNATIVES:
            r = stats.permutation_test((a, b), difference, n_resamples=10000, vectorized=True, alternative=alternative)
            rows.append(dict(name=name, a=a, b=b, alternative=alternative, statistic=float(r.statistic), p=float(r.pvalue),
                             splits=int(special.comb(len(a) + len(b), len(a), exact=True))))
    return rows


def corrections():
    """By definition (SciPy 1.10 and scikit-learn have neither): smallest level at which the step-wise procedure rejects, as max and min over ranks."""
    rows = []
    for p in ([0.01, 0.04, 0.03], [0.01, 0.02, 0.03, 0.04, 0.05], [0.02, 0.02, 0.02, 0.5], [1e-43, 0.2, 1.0, 0.0, 0.2], [0.7], [], rng.uniform(0, 0.2, 13).tolist()):
        m = len(p)
        rank_low = [1 + sum(q < x for q in p) for x in p]           # ties: the first and the last rank of a tied block
        rank_high = [sum(q <= x for q in p) for x in p]
        holm = [max(min(1, (m - r + 1) * q) for q, r in zip(p, rank_low) if q <= x) for x in p]
        bh = [min(min(1, m * q / r) for q, r in zip(p, rank_high) if q >= x) for x in p]
        rows.append(dict(p=p, bonferroni=[min(1, m * x) for x in p], holm=holm, benjaminiHochberg=bh))
    return rows


def classification():
    rows = []
    digits = rng.integers(0, 10, 300)
    cases = [
        ("ten classes", digits, np.where(rng.random(300) < 0.8, digits, rng.integers(0, 10, 300)), [str(i) for i in range(10)]),
        ("a class never predicted", np.array([0, 0, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 1, 0, 1, 0]), ["cat", "dog", "a rather long name"]),
        ("a class without items", np.array([0, 0, 2, 2, 2]), np.array([0, 1, 2, 2, 0]), ["six", "seven", "eight"]),
        ("halves that round to even", np.array([0] * 8 + [1] * 8), np.array([0] * 5 + [1] * 3 + [1] * 1 + [0] * 7), ["left", "right"]),
    ]
    for name, actual, predicted, classes in cases:
        labels = list(range(len(classes)))
        p, r, f, s = metrics.precision_recall_fscore_support(actual, predicted, labels=labels, zero_division=0)
        rows.append(dict(name=name, actual=actual.tolist(), predicted=predicted.tolist(), classes=classes,
                         matrix=metrics.confusion_matrix(actual, predicted, labels=labels).tolist(),
                         precision=p.tolist(), recall=r.tolist(), f1=f.tolist(), support=s.tolist(), accuracy=float(metrics.accuracy_score(actual, predicted)),
                         macro=[float(v) for v in metrics.precision_recall_fscore_support(actual, predicted, labels=labels, average="macro", zero_division=0)[:3]],
                         weighted=[float(v) for v in metrics.precision_recall_fscore_support(actual, predicted, labels=labels, average="weighted", zero_division=0)[:3]],
                         text=metrics.classification_report(actual, predicted, labels=labels, target_names=classes, zero_division=0),
                         text4=metrics.classification_report(actual, predicted, labels=labels, target_names=classes, zero_division=0, digits=4)))
    return rows


goldens = dict(
    madeBy=dict(script="make_goldens.py", seed=SEED, python=platform.python_version(), scipy=scipy.__version__, numpy=np.__version__,
                sklearn=sklearn.__version__, mpmath=mpmath.__version__),
    nist=nist.goldens(), descriptive=descriptive(), tTests=t_tests(), tTails=t_tails(), tCritical=t_critical(), noncentralT=noncentral_t(),
    effects=effects(), mannWhitney=mann_whitney(), permutation=permutation(), corrections=corrections(), classification=classification())

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "goldens.json"), "w") as file:
    # One line per case keeps the file short and its differences readable.
    parts = [json.dumps(key) + ": " + (json.dumps(value) if isinstance(value, dict) else "[\n" + ",\n".join(json.dumps(row, allow_nan=False) for row in value) + "\n]")
             for key, value in goldens.items()]
    file.write("{\n" + ",\n".join(parts) + "\n}\n")
