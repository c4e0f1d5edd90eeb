"""What a change did to the one unit that got it: its difference from the mean of the others, before and after.

It touches nothing: a panel in, an effect out; chance is drawn from a seed. With one treated unit a permutation among
units cannot reach 5 %: six wikis allow six assignments. So periods are permuted instead, in blocks that keep their
order.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from metrics.stats import panel as panels
from metrics.stats.serial import fit
from metrics.stats.synthetic import compared
from metrics.stats.verdict import Better, Effect, Verdict, checked_better, confirmed, judge

Floats = NDArray[np.float64]

FEWEST_BEFORE, FEWEST_AFTER = 4, 2
LAG = 3  # periods; the rule for longer series gives 2 for these, with which intervals are a little too short
BLOCK = 4  # periods that stay together: see `time_permutation_p`
DRAWS = 1_999  # with the real order 2,000
SEED = 0
LAST_BIT = 1e-9


@dataclass(frozen=True, eq=False)
class SingleUnitEffect:
    """effect: the mean difference from the start on less that before; p: of the permutation in time.

    differences: the treated unit less the mean of the others, one per period; first: the index of the first one after.
    dropped: units without a value in every period.
    """

    effect: Effect
    p: float
    verdict: Verdict
    differences: Floats
    first: int
    dropped: list[Any]


@dataclass(frozen=True)
class Block:
    """Some periods in a row. first, last: counted from the start, which is 0; those before it are negative."""

    first: int
    last: int
    effect: Effect


def single_unit_effect(
    panel: panels.Frame,
    *,
    unit: str,
    time: str,
    treated: str,
    outcome: str,
    start: Any,
    better: Better = "neither",
) -> SingleUnitEffect:
    """How much further the one treated unit is from the mean of the others since the start than it was before.

    panel: a pandas DataFrame, one row per unit and period, in a unit that can be compared (a rate, a share, a
    logarithm); units without a value in every period are left out and named in `dropped`.
    treated: a column with 1 in at least one row of the treated unit, else 0. start: the first period after.
    It supposes that the difference would have gone on around the same mean. All others weigh the same: weights that
    are fitted to a handful of wikis and two years fit noise (see `synthetic_did`).
    The interval is that of `serial`; the verdict needs the permutation in time to agree with it.
    Raises ValueError as `staggered_did` for what no panel can be; where not exactly one unit is treated; under 4
    periods before the start or 2 from it on.
    Of 500 simulated rollouts on one of six wikis, noise of all with an autocorrelation of 0 and of 0.3: the interval
    held the effect in 94.8 and 94.0 % (14 periods before, 9 after; value +- 1.96 se: 87 and 83 %), 96.4 and 95.0 % (26
    and 12); false claims 3.4 and 4.2 %, 2.4 and 3.6 %; an effect of one standard deviation of a wiki's noise found in
    37 and 29 %, 62 and 39 % (`benchmarks/impact_coverage.py`).
    """
    checked_better(better)
    complete, is_treated, first = compared(panel, unit, time, treated, outcome, start)
    if is_treated.sum() != 1:
        raise ValueError(f"{is_treated.sum()} complete units are treated: wanted one; for more there is synthetic_did")
    differences = complete.outcome[is_treated][0] - complete.outcome[~is_treated].mean(axis=0)
    effect, smallest = _change(differences, first)
    p, smallest_p = _permuted(differences, first)
    verdict = confirmed(judge(effect, better, smallest), effect, p, smallest_p, f"{len(differences)} periods in blocks")
    return SingleUnitEffect(effect, p, verdict, differences, first, complete.dropped)


def time_permutation_p(differences: ArrayLike, start: int) -> float:
    """How often the mean after the start would be as far from that before if periods had come in another order.

    differences: shape (n,), equally spaced, oldest first, none missing. start: index of the first one after.
    The values less their mean are put on a ring, cut into blocks of four from a place drawn from a seed, and the
    blocks put into another order, 1,999 times; the share of orders with a sum after the start as far from 0, the real
    one included. Source: Chernozhukov, Wüthrich, Zhu 2021, who turn the ring, which gives only n orders: with 26
    periods before and 12 after that found an effect of one standard deviation in 37 of 100 series, blocks in 73.
    False alarms at 5 %: 4.8 %, but 7.6 % with an autocorrelation of 0.3, which is more than promised: the verdict of
    `single_unit_effect` needs the interval, too (`benchmarks/impact_coverage.py`).
    Raises ValueError where a value is missing or the start leaves nothing on one side.
    """
    return _permuted(_checked(differences, start), start)[0]


def effect_by_block(differences: ArrayLike, start: int, together: int = 1) -> tuple[Block, ...]:
    """How far the differences lie from their mean before the start, block by block of periods, oldest first.

    differences: shape (n,), equally spaced, oldest first, none missing, as `SingleUnitEffect` has them. start: index of
    the first one after. together: periods in a block; blocks are counted from the start in both directions, and those
    at the ends that are not full are left out.
    The interval is as wide as the m blocks before scattered, s sqrt(1 + 1/m) with a t quantile of m - 1 degrees of
    freedom: one new block of no effect lies in it 95 times of 100, if blocks know nothing of each other. None where m
    is under 3. Raises ValueError where a value is missing, the start leaves nothing on one side or a block is empty.
    Source: the prediction interval of one more value of a normal sample (Hahn, Meeker 1991).
    """
    series = _checked(differences, start)
    if together < 1:
        raise ValueError(f"a block has 1 period or more, not {together}")
    begins = range(start % together, len(series) - together + 1, together)
    values = np.array([series[at : at + together].mean() for at in begins]) - series[:start].mean()
    earlier = values[: start // together]
    se = float(earlier.std(ddof=1) * np.sqrt(1 + 1 / len(earlier))) if len(earlier) > 2 else None
    half = None if se is None else float(special.stdtrit(len(earlier) - 1, 0.975)) * se
    return tuple(
        Block(at - start, at - start + together - 1, _around(float(value), se, half))
        for at, value in zip(begins, values, strict=True)
    )


def _around(value: float, se: float | None, half: float | None) -> Effect:
    return Effect(value, se, None, None) if half is None else Effect(value, se, value - half, value + half)


def _checked(differences: ArrayLike, start: int) -> Floats:
    series = np.asarray(differences, dtype=np.float64)
    if series.ndim != 1 or not np.isfinite(series).all() or not 0 < start < len(series):
        raise ValueError("a look at differences needs one row of values, none missing, and a start within it")
    return series


def _permuted(series: Floats, start: int) -> tuple[float, float]:
    """The p-value, and the smallest that any series of this length could have."""
    orders = np.vstack([np.arange(len(series)), _orders(len(series))])
    residuals = series - series.mean()
    sums = np.abs(residuals[orders[:, start:]].sum(axis=1))
    near = LAST_BIT * float(np.abs(residuals).sum())
    after = np.sort(orders[:, start:], axis=1)
    return float(np.mean(sums >= sums[0] - near)), float(np.mean((after == after[0]).all(axis=1)))


def _orders(n: int) -> NDArray[np.int64]:
    """Rings of n periods, turned, cut into blocks, and the blocks sorted by numbers drawn for them: (draws, n)."""
    random = np.random.default_rng(SEED)
    places = np.arange(n)
    rings = (places + random.integers(n, size=(DRAWS, 1))) % n
    of_block = random.random((DRAWS, -(-n // BLOCK)))[:, places // BLOCK]
    return np.take_along_axis(rings, np.argsort(of_block, axis=1, kind="stable"), axis=1)


def _change(differences: Floats, first: int) -> tuple[Effect, float | None]:
    n = len(differences)
    if first < FEWEST_BEFORE or n - first < FEWEST_AFTER:
        raise ValueError(
            f"{first} periods before the start and {n - first} from it on: "
            f"wanted {FEWEST_BEFORE} and {FEWEST_AFTER} or more"
        )
    fitted = fit(differences, np.column_stack([np.ones(n), np.arange(n) >= first]).astype(np.float64), LAG)
    step = np.array([0.0, 1.0])
    return fitted.effect(step), fitted.smallest_detectable(step)
