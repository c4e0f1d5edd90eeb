"""How often the intervals of counts hold the truth, and how often a funnel calls one of many like wikis unlike.

    python benchmarks/share_coverage.py

Coverage of shares, differences, rates, rate ratios and quantiles is worked out, not drawn: the chances of all outcomes
whose 95 % interval holds the truth are added up, for truths spread evenly over their range; of rate ratios the truths
are drawn. Funnels: 2,000 programs of 300 wikis of 20 to 20,000 cases with one true share, or with shares that vary by a
tenth more than chance has them. Exit code 1 where Clopper-Pearson, a rate, a rate ratio or a quantile holds less than
95 % of any truth, where Wilson's mean is not within 2 points of 95 % from 10 cases on, or where a docstring does not
quote what is printed here.
"""

import sys
from typing import Literal

import child
import numpy as np
import quoted
from numpy.typing import NDArray
from scipy import special

from metrics.stats import interval
from metrics.stats.funnel import Z998

Floats = NDArray[np.float64]
SIZES, DIFFERENCE_SIZES = (5, 10, 20, 50, 100, 1000), (10, 30, 100)
TRUTHS = np.linspace(0.0005, 0.9995, 1000)
PROGRAMS, WIKIS = 2000, 300
TINY = 1e-9


def main() -> int:
    kept = [*_shares(), _differences(), _rates(), _rate_ratios(), _quantiles(), _funnels()]
    print(f"exact intervals hold 95 %, Wilson does in the mean, docstrings quote: {child.verdict(all(kept))}")
    return 0 if all(kept) else 1


def _shares() -> list[bool]:
    print(f"{'95 % interval of a share':28}{'n':>6}{'mean':>8}{'least':>8}{'5 to 95 %':>11}{'width':>8}")
    kept = []
    for method in (interval.wilson, interval.clopper_pearson, interval.jeffreys):
        means, leasts = [], []
        for n in SIZES:
            ends = np.array([method(x, n) for x in range(n + 1)])
            held = _held(ends, n, TRUTHS)
            middle = held[(TRUTHS >= 0.05) & (TRUTHS <= 0.95)].min()
            means.append(held.mean())
            leasts.append(held.min())
            told = f"{means[-1]:8.1%}{leasts[-1]:8.1%}{middle:11.1%}{np.diff(ends).mean():8.3f}"
            print(f"{method.__name__:28}{n:6}{told}")
        if method is interval.clopper_pearson:
            kept.append(min(leasts) >= 0.95 - TINY)
        if method is interval.wilson:
            kept.append(bool(np.abs(np.array(means[1:]) - 0.95).max() <= 0.02))
        words = f"n = {', '.join(map(str, SIZES))}: {_listed(means)} % in the mean, {_listed(leasts)} % at least"
        kept.append(quoted.is_said(method, words))
    return kept


def _held(ends: Floats, n: int, truths: Floats) -> Floats:
    """For each true share, how likely a count of n is whose interval holds it."""
    x = np.arange(n + 1)[:, np.newaxis]
    chances = _binomial(x, n, truths)
    return np.asarray((chances * ((ends[:, :1] <= truths) & (truths <= ends[:, 1:]))).sum(axis=0))


def _binomial(x: NDArray[np.int64], n: int, p: Floats) -> Floats:
    many = -special.betaln(n - x + 1, x + 1) - np.log(n + 1)
    return np.asarray(np.exp(many + special.xlogy(x, p) + special.xlog1py(n - x, -p)))


def _differences() -> bool:
    """Both shares over a grid, and how likely a pair of counts is whose interval holds their difference."""
    means, leasts = [], []
    truths = np.linspace(0.02, 0.98, 33)
    for n in DIFFERENCE_SIZES:
        ends = np.array([[interval.newcombe_difference(x, n, y, n) for y in range(n + 1)] for x in range(n + 1)])
        chances = _binomial(np.arange(n + 1)[:, np.newaxis], n, truths)
        held = np.array(
            [
                chances[:, i] @ ((ends[..., 0] <= p - q) & (p - q <= ends[..., 1])) @ chances[:, j]
                for i, p in enumerate(truths)
                for j, q in enumerate(truths)
            ]
        )
        means.append(held.mean())
        leasts.append(held.min())
        print(f"{'newcombe_difference':28}{n:6}{means[-1]:8.1%}{leasts[-1]:8.1%}")
    sizes = ", ".join(map(str, DIFFERENCE_SIZES))
    words = f"n = {sizes} in each: {_listed(means)} % in the mean, {_listed(leasts)} % at least"
    return quoted.is_said(interval.newcombe_difference, words)


def _rates() -> bool:
    """Rates of 0.5 to 100 expected events."""
    expected = np.geomspace(0.5, 100, 400)
    x = np.arange(300)[:, np.newaxis]
    ends = np.array([interval.poisson_rate(int(one), 1) for one in x[:, 0]])
    held = (_poisson(x, expected) * ((ends[:, :1] <= expected) & (expected <= ends[:, 1:]))).sum(axis=0)
    print(f"{'poisson_rate':28}{'':6}{held.mean():8.1%}{held.min():8.1%}")
    words = f"{_listed([held.mean()])} % in the mean, {_listed([held.min()])} % at least"
    return quoted.is_said(interval.poisson_rate, words) and held.min() >= 0.95 - TINY


def _poisson(x: NDArray[np.int64], expected: Floats | float) -> Floats:
    return np.asarray(np.exp(special.xlogy(x, expected) - expected - special.gammaln(x + 1)))


def _rate_ratios() -> bool:
    """Two rates, each of 1 to 60 expected events, and all pairs of counts that are likely at all."""
    random, most = np.random.default_rng(4), 130
    ends = np.full((most, most, 2), np.nan)
    for x in range(most):
        for y in range(most):
            _, low, high, _ = interval.rate_ratio(x, 1, y, 1) or (None, 0.0, None, 1.0)
            ends[x, y] = low, np.inf if high is None else high
    held = []
    counts = np.arange(most)
    for first, second in np.exp(random.uniform(0, np.log(60), (500, 2))):
        holds = (ends[..., 0] <= first / second) & (first / second <= ends[..., 1])
        held.append(_poisson(counts, first) @ holds @ _poisson(counts, second))
    print(f"{'rate_ratio':28}{'':6}{np.mean(held):8.1%}{np.min(held):8.1%}")
    words = f"{_listed([np.mean(held)])} % in the mean, {_listed([np.min(held)])} % at least"
    return quoted.is_said(interval.rate_ratio, words) and min(held) >= 0.95 - 1e-6  # the likeliest 130 counts


def _quantiles() -> bool:
    """Of the median and the 90 % quantile; a side that is not there errs never."""
    kept, words = True, []
    for share in (0.5, 0.9):
        held = []
        for n in (10, 20, 50, 200):
            low, high = interval.quantile_interval(range(1, n + 1), share) or (None, None)
            above = 1.0 if high is None else special.bdtr(high - 1, n, share)
            held.append(float(above - (0.0 if low is None else special.bdtr(low - 1, n, share))))
        print(f"{f'quantile_interval {share}':28}{'':6}{np.mean(held):8.1%}{min(held):8.1%}")
        kept &= min(held) >= 0.95 - TINY
        words.append(_listed(held))
    sentence = f"n = 10, 20, 50, 200: of a median {words[0]} %, of a 90 % quantile {words[1]} %"
    return quoted.is_said(interval.quantile_interval, sentence) and kept


def _funnels() -> bool:
    random = np.random.default_rng(5)
    sizes = np.exp(random.uniform(np.log(20), np.log(20_000), (PROGRAMS, WIKIS))).round()
    told = {}
    for name, spread in (("alike", 0.0), ("with more than chance", 0.1)):
        odds = np.log(0.2 / 0.8) + spread * random.standard_normal(sizes.shape)
        counts = random.binomial(sizes.astype(int), special.expit(odds)).astype(float)
        told[name] = np.mean([_outside(x, n, "proportion") for x, n in zip(counts, sizes, strict=True)], axis=0)
        rates = random.poisson(sizes / 10 * np.exp(spread * random.standard_normal(sizes.shape))).astype(float)
        pairs = zip(rates, sizes / 10, strict=True)
        told[f"{name}, ratios"] = np.mean([_outside(x, expected, "ratio") for x, expected in pairs], axis=0)
    print(f"{'funnel of 300 wikis':34}{'outside':>9}{'by chance alone':>24}{'tau':>8}")
    for name, (outside, plainly, tau) in told.items():
        print(f"{name:34}{outside:9.2f}{plainly:24.2f}{tau:8.4f}")
    outside, plainly = ({name: one[place] for name, one in told.items()} for place in (0, 1))
    words = (
        f"{outside['alike']:.1f} where all are alike, {outside['alike, ratios']:.1f} as ratios of 2 to 2,000 expected; "
        f"{outside['with more than chance']:.1f} where their odds vary by a tenth, of which chance alone would make "
        f"{plainly['with more than chance']:.1f}"
    )
    return quoted.is_said(interval.funnel, words)


def _outside(x: Floats, n: Floats, kind: Literal["proportion", "ratio"]) -> tuple[float, float, float]:
    """How many of the wikis are outside; how many would be if chance alone were to move them; tau."""
    found = interval.funnel(x, n, kind)
    bend = np.arcsin if kind == "proportion" else np.asarray
    off = (bend(np.sqrt(x / n)) - bend(np.sqrt(found.center or 0.0))) * 2 * np.sqrt(n)
    return float(found.outside.sum()), float((np.abs(off) > Z998).sum()), float(np.sqrt(found.overdispersion))


def _listed(shares: list[float]) -> str:
    return ", ".join(f"{share * 100:.1f}" for share in shares)


if __name__ == "__main__":
    sys.exit(main())
