"""How much of what will be known of a period is known by now, where reports come late.

It touches nothing: numbers in, numbers out. Comparisons take the same elapsed days instead and need none of this; it
says how far a young figure still has to go, and when it is too early to show one.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TOO_EARLY = 0.3  # of the final count: below it a figure tells of the delay rather than of the period (STATS 2)


@dataclass(frozen=True, eq=False)
class Completeness:
    """What is known of each period of origin, in the order of the triangle; NaN where the past cannot tell.

    growth: shape (ages - 1,), by how much counts grow from each age to the next. share: how much of the final count is
    usually known at the origin's age. too_early: that is under 0.3, or nobody can tell. latest: what is known now.
    ultimate: what will be known at the last age, NaN for an origin of 0 that is not final, since 0 times any growth
    would claim to know. se: standard error of ultimate. total_se: of the sum of all ultimates, None where one is NaN.
    """

    growth: Floats
    share: Floats
    too_early: Bools
    latest: Floats
    ultimate: Floats
    se: Floats
    total_se: float | None


def triangle_of(origins: ArrayLike, ages: ArrayLike, *, last: int, oldest: int) -> Floats:
    """The triangle for `chain_ladder`, from single reports.

    origins: shape (reports,), the period each report is of, whole numbers from 0. ages: shape (reports,), how many
    periods later it was known. last: the latest period that is over. oldest: the last age; what came later counts
    there, so nothing may be expected after it. Returns shape (last + 1, oldest + 1), NaN where it is not known yet.
    Raises ValueError where a number is missing, negative or not whole, or a report came after the latest period.
    """
    origin, age = np.asarray(origins, dtype=np.float64), np.asarray(ages, dtype=np.float64)
    if origin.ndim != 1 or origin.shape != age.shape or last < 0 or oldest < 0:
        raise ValueError("wanted one origin and one age of each report, and a last period and age from 0")
    if not all(np.all((column >= 0) & (column % 1 == 0)) for column in (origin, age)):
        raise ValueError("origins and ages are whole numbers from 0")
    if np.any(origin + age > last):
        raise ValueError(f"a report came after period {last}, the latest that is over")
    counts = np.zeros((last + 1, oldest + 1))
    np.add.at(counts, (origin.astype(np.int64), np.minimum(age, oldest).astype(np.int64)), 1)
    is_known = np.arange(oldest + 1) <= last - np.arange(last + 1)[:, np.newaxis]
    return np.where(is_known, counts.cumsum(axis=1), np.nan)


def chain_ladder(triangle: ArrayLike) -> Completeness:
    """The final counts of young periods, from how older ones grew at the same age.

    triangle: shape (origins, ages), cumulative counts, youngest age first; NaN = not known yet, and nothing comes after
    it in its row. A count grows as all counts together did at its age. The standard errors are Mack's: of the growth
    to come, and of the growth as it was estimated; an age of which a single origin tells takes the spread of the two
    ages before it.
    Raises ValueError where it is no table, where a count is negative or infinite, or where one comes after a gap.
    Source: Mack 1993 (R: ChainLadder::MackChainLadder, est.sigma = "Mack").
    """
    known = _checked(triangle)
    seen = np.isfinite(known).sum(axis=1)
    pairs = np.isfinite(known[:, 1:])
    base, grown = np.where(pairs, known[:, :-1], 0).sum(axis=0), np.where(pairs, known[:, 1:], 0).sum(axis=0)
    growth = _over(grown, base)
    to_come = np.cumprod(np.append(growth, 1.0)[::-1])[::-1]  # from each age to the last
    age = np.maximum(seen - 1, 0)
    latest = np.where(seen > 0, np.take_along_axis(known, age[:, np.newaxis], axis=1)[:, 0], np.nan)
    is_told = (latest > 0) | (seen == known.shape[1])
    ultimate = np.where(is_told, latest * to_come[age], np.nan)
    share = np.where(seen > 0, _over(np.ones(len(age)), to_come[age]), np.nan)
    noise = _over(_spread(known, growth), growth**2)
    variances = _variances(noise, base, to_come, ultimate, age)
    total = float(variances.sum())
    return Completeness(
        growth=growth,
        share=share,
        too_early=~(share >= TOO_EARLY),
        latest=latest,
        ultimate=ultimate,
        se=np.sqrt(np.diag(variances)),
        total_se=math.sqrt(total) if math.isfinite(total) else None,
    )


def _spread(known: Floats, growth: Floats) -> Floats:
    """Mack's sigma squared of each age: how much single origins grow otherwise than all together."""
    found = np.full(growth.shape, np.nan)
    for age, usual in enumerate(growth.tolist()):
        told = np.isfinite(known[:, age + 1]) & (known[:, age] > 0)
        before, after = known[told, age], known[told, age + 1]
        if len(before) > 1:
            found[age] = np.sum((after - usual * before) ** 2 / before) / (len(before) - 1)
        elif len(before) == 1 and age > 1:
            earlier, last = found[age - 2], found[age - 1]
            found[age] = min(earlier, last, last**2 / earlier) if earlier > 0 else earlier
    return found


def _variances(noise: Floats, base: Floats, to_come: Floats, ultimate: Floats, age: Ints) -> Floats:
    """Of and between the ultimates, shape (origins, origins): growth is shared, what is still to come is each its own.

    noise: sigma squared over growth squared. base: the counts that growth was estimated from.
    """
    shared = np.append(np.cumsum(_over(noise, base)[::-1])[::-1], 0.0)  # over the ages to come
    own = np.append(np.cumsum((noise * to_come[:-1])[::-1])[::-1], 0.0)  # a count at an age is ultimate / to_come
    later = np.maximum(age[:, np.newaxis], age)
    variances: Floats = np.outer(ultimate, ultimate) * shared[later] + np.diag(ultimate * own[age])
    return variances


def _over(above: Floats, below: Floats) -> Floats:
    ratios: Floats = np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below > 0)
    return ratios


def _checked(triangle: ArrayLike) -> Floats:
    known = np.array(triangle, dtype=np.float64)
    if known.ndim != 2 or not known.size:
        raise ValueError("a triangle is a table of origins and ages")
    if np.isinf(known).any() or np.any(known < 0):
        raise ValueError("counts are finite and not negative")
    if np.any(np.isfinite(known[:, 1:]) & np.isnan(known[:, :-1])):
        raise ValueError("what is known at an age was known before: a count comes after a gap")
    return known
