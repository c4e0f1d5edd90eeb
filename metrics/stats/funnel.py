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

Kind = Literal["proportion", "ratio"]

Z95, Z998 = 1.959964, 3.090232  # the limits, rounded as FunnelPlotR prints them
FEWEST_FOR_OVERDISPERSION = 10  # below this many units tau squared is noise (STATS 2)
FEWEST_EXPECTED = 7  # of a ratio: below it a unit with no events lies outside of exact limits though it is like others


@dataclass(frozen=True, eq=False)
class Funnel:
    """Where each unit may lie if it is like the others. Arrays in the order of the units; NaN where a unit is empty.

    on_root_scale: the limits are those of sqrt(x / n), so draw the roots of the units with them, or square the limits.
    p: how likely a unit like the others lies so far from the centre, either way: on the scale of the limits and with
    their overdispersion, or from the exact Poisson chances where the limits are exact. is_judged: false where a unit is
    empty or a ratio has fewer than 7 expected: it has limits, but no p, and is never outside.
    """

    center: float | None
    low95: Floats
    high95: Floats
    low998: Floats
    high998: Floats
    outside: NDArray[np.bool_]
    overdispersion: float
    on_root_scale: bool
    kind: Kind
    p: Floats
    is_judged: NDArray[np.bool_]

    def limits_at(self, sizes: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
        """low95, high95, low998 and high998 of units of these sizes, on the scale of the limits of the units.

        sizes: denominators above 0, any shape; that is the shape of each. NaN where there is no centre.
        Raises ValueError where a size is missing, infinite or not above 0.
        """
        n = np.asarray(sizes, dtype=np.float64)
        if not (np.isfinite(n).all() and (n > 0).all()):
            raise ValueError("a unit's limits come from its size, above 0 and not infinite")
        if self.center is None:
            return np.full_like(n, np.nan), np.full_like(n, np.nan), np.full_like(n, np.nan), np.full_like(n, np.nan)
        narrow, wide = (_limits(n, self.center, self.overdispersion, z, self.kind) for z in (Z95, Z998))
        return *narrow, *wide


def funnel(
    numerators: ArrayLike, denominators: ArrayLike, kind: Kind = "proportion", *, center: float | None = None
) -> Funnel:
    """Which units are unlike the others, given their sizes: never a league table.

    numerators, denominators: shape (units,). proportion: cases among n, centre is the overall share, or `center` where
    these units are not all of the whole. ratio: observed and expected counts, centre 1. A unit with denominator 0 or a
    missing number has no limits and does not count. `outside`: beyond the 99.8 % limits, ratios from 7 expected on.
    `overdispersion`: tau squared on the transformed scale, in the limits where it is not 0; 0.0 under 10 units.
    Raises ValueError where shapes differ, a number is negative, a proportion above 1, or a centre is none.
    Limits of ratios with overdispersion stay on the square-root scale, as FunnelPlotR prints them (its issue 33), and
    `on_root_scale` says so; `outside` compares like with like. Without overdispersion they are exact Poisson limits.
    Source: Spiegelhalter 2005.
    Of 300 wikis with 20 to 20,000 cases, outside are 0.7 where all are alike, 0.7 as ratios of 2 to 2,000 expected; 9.8
    where their odds vary by a tenth, of which chance alone would make 40.4. So tau squared, of Winsorised z, allows for
    a part of what varies. At few expected events exact limits call a unit without any unlike (2.9 of the 300, were all
    judged): so below 7 expected none is judged.
    """
    x, n = _checked(numerators, denominators, kind, center)
    filled = np.isfinite(x) & np.isfinite(n) & (n > 0)
    share, size = np.full(n.shape, np.nan), np.where(filled, n, np.nan)
    share[filled] = x[filled] / n[filled]
    if not filled.any():
        none = np.full((5, *n.shape), np.nan)  # an array for each, so that no two are one
        return Funnel(None, none[0], none[1], none[2], none[3], filled, 0.0, False, kind, none[4], filled.copy())
    if center is None:
        center = float(x[filled].sum() / n[filled].sum()) if kind == "proportion" else 1.0
    tau2 = _overdispersion(share[filled], n[filled], center, kind)
    low95, high95 = _limits(size, center, tau2, Z95, kind)
    low998, high998 = _limits(size, center, tau2, Z998, kind)
    on_root_scale = kind == "ratio" and tau2 > 0
    place = np.sqrt(share) if on_root_scale else share
    is_judged = filled if kind == "proportion" else filled & (n >= FEWEST_EXPECTED)
    outside = is_judged & ((place < low998) | (place > high998))
    p = np.where(is_judged, _chance(share, size, center, tau2, kind), np.nan)
    return Funnel(center, low95, high95, low998, high998, outside, tau2, on_root_scale, kind, p, is_judged)


def _checked(numerators: ArrayLike, denominators: ArrayLike, kind: str, center: float | None) -> tuple[Floats, Floats]:
    x, n = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    if kind not in ("proportion", "ratio"):
        raise ValueError(f"a funnel is of proportions or ratios, not of {kind!r}")
    if x.ndim != 1 or x.shape != n.shape:
        raise ValueError(f"counts and sizes are two columns of one length, not {x.shape} and {n.shape}")
    if np.any(x < 0) or np.any(n < 0) or (kind == "proportion" and np.any(x > n)):
        raise ValueError("counts are not negative, and a proportion counts at most all cases")
    if center is not None and (kind == "ratio" or not 0 <= center <= 1):
        raise ValueError(f"a centre given is a share, and of proportions alone: not {center} of a {kind}")
    return x, n


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


def _chance(share: Floats, n: Floats, center: float, tau2: float, kind: str) -> Floats:
    """Of both tails: of the normal where the limits are its, else twice the smaller one of the Poisson."""
    if kind == "ratio" and tau2 == 0:
        x = share * n
        at_most, at_least = special.gammaincc(x + 1, n), special.gammainc(x, n)
        return np.asarray(np.minimum(1.0, 2 * np.minimum(at_most, at_least)), dtype=np.float64)
    far = (_bend(share, kind) - _bend(np.array(center), kind)) / np.sqrt(1 / (4 * n) + tau2)
    return np.asarray(special.erfc(np.abs(far) / math.sqrt(2)), dtype=np.float64)


def _limits(n: Floats, center: float, tau2: float, z: float, kind: str) -> tuple[Floats, Floats]:
    if kind == "ratio" and tau2 == 0:
        tail = float(special.ndtr(-z))
        return special.gammaincinv(n, tail) / n, special.gammaincinv(n + 1, 1 - tail) / n
    middle, spread = _bend(np.array(center), kind), z * np.sqrt(1 / (4 * n) + tau2)
    if kind == "ratio":
        return np.maximum(middle - spread, 0), middle + spread
    return np.sin(np.maximum(middle - spread, 0)) ** 2, np.sin(np.minimum(middle + spread, math.pi / 2)) ** 2
