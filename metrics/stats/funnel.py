"""Which units are unlike the others, given their sizes.

It touches nothing: numbers in, numbers out. It ranks nobody.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

Z95, Z998 = 1.959964, 3.090232  # the limits, rounded as FunnelPlotR prints them
FEWEST_FOR_OVERDISPERSION = 10  # below this many units tau squared is noise (STATS 2)


@dataclass(frozen=True, eq=False)
class Funnel:
    """Where each unit may lie if it is like the others. Arrays in the order of the units; NaN where a unit is empty.

    on_root_scale: the limits are those of sqrt(x / n), so draw the roots of the units with them, or square the limits.
    """

    center: float | None
    low95: Floats
    high95: Floats
    low998: Floats
    high998: Floats
    outside: NDArray[np.bool_]
    overdispersion: float
    on_root_scale: bool


def funnel(
    numerators: ArrayLike, denominators: ArrayLike, kind: Literal["proportion", "ratio"] = "proportion"
) -> Funnel:
    """Which units are unlike the others, given their sizes: never a league table.

    numerators, denominators: shape (units,). proportion: cases among n, centre is the overall share. ratio: observed
    and expected counts, centre 1. A unit with denominator 0 or a missing number has no limits and does not count.
    `outside`: beyond the 99.8 % limits. `overdispersion`: tau squared on the transformed scale, in the limits where it
    is not 0; 0.0 under 10 units. Raises ValueError where a number is negative or a proportion above 1.
    Limits of ratios with overdispersion stay on the square-root scale, as FunnelPlotR prints them (its issue 33), and
    `on_root_scale` says so; `outside` compares like with like. Without overdispersion they are exact Poisson limits.
    Source: Spiegelhalter 2005.
    Of 300 wikis with 20 to 20,000 cases, outside are 0.7 where all are alike, 2.9 as ratios of 2 to 2,000 expected; 9.8
    where their odds vary by a tenth, of which chance alone would make 40.4. So tau squared, of Winsorised z, allows for
    a part of what varies. Exact limits at few expected events call a unit without any unlike: below 7 expected, leave
    ratios out.
    """
    x, n = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    if kind not in ("proportion", "ratio"):
        raise ValueError(f"a funnel is of proportions or ratios, not of {kind!r}")
    if np.any(x < 0) or np.any(n < 0) or (kind == "proportion" and np.any(x > n)):
        raise ValueError("counts are not negative, and a proportion counts at most all cases")
    filled = np.isfinite(x) & np.isfinite(n) & (n > 0)
    share, size = np.full(n.shape, np.nan), np.where(filled, n, np.nan)
    share[filled] = x[filled] / n[filled]
    if not filled.any():
        return Funnel(None, share, share, share, share, filled, 0.0, False)
    center = float(x[filled].sum() / n[filled].sum()) if kind == "proportion" else 1.0
    tau2 = _overdispersion(share[filled], n[filled], center, kind)
    low95, high95 = _funnel_limits(size, center, tau2, Z95, kind)
    low998, high998 = _funnel_limits(size, center, tau2, Z998, kind)
    on_root_scale = kind == "ratio" and tau2 > 0
    place = np.sqrt(share) if on_root_scale else share
    outside = (place < low998) | (place > high998)
    return Funnel(center, low95, high95, low998, high998, outside, tau2, on_root_scale)


def _bend(share: Floats, kind: str) -> Floats:
    return np.asarray(np.arcsin(np.sqrt(share)) if kind == "proportion" else np.sqrt(share), dtype=np.float64)


def _overdispersion(share: Floats, n: Floats, center: float, kind: str) -> float:
    if len(n) < FEWEST_FOR_OVERDISPERSION:
        return 0.0
    z = (_bend(share, kind) - _bend(np.array(center), kind)) * 2 * np.sqrt(n)
    phi = np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2)
    weight = 4 * n
    spare = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float((len(n) * phi - (len(n) - 1)) / spare))


def _funnel_limits(n: Floats, center: float, tau2: float, z: float, kind: str) -> tuple[Floats, Floats]:
    if kind == "ratio" and tau2 == 0:
        tail = float(special.ndtr(-z))
        return special.gammaincinv(n, tail) / n, special.gammaincinv(n + 1, 1 - tail) / n
    middle, spread = _bend(np.array(center), kind), z * np.sqrt(1 / (4 * n) + tau2)
    if kind == "ratio":
        return np.maximum(middle - spread, 0), middle + spread
    return np.sin(np.maximum(middle - spread, 0)) ** 2, np.sin(np.minimum(middle + spread, math.pi / 2)) ** 2
