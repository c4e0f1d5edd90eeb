"""What a rollout changed that reached some units earlier, some later and some never: effects by group and time.

It touches nothing: a panel in, frozen results out. Effects and influences come from diff-diff (loaded when asked);
the overall figures and their standard errors are formed here. Two-way fixed effects are not offered: they compare the
late with the early, which are already treated, and come out wrong (fixest's staggered data: -3.7 for -1.1).
"""

import warnings
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import special

from metrics.stats import panel as panels
from metrics.stats.verdict import Better, Effect, Verdict, checked_better, judge

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Control = Literal["never_treated", "not_yet_treated"]
Method = Literal["dr", "reg", "ipw"]

Z95 = float(special.ndtri(0.975))


@dataclass(frozen=True, eq=False)
class StaggeredEffect:
    """Overall figures, the effect by periods since the start, the pre-test, and who was left out."""

    simple: Effect
    group: Effect
    dynamic: Effect
    calendar: Effect
    by_time: dict[int, Effect]
    pre_test_p: float | None
    dropped: list[Hashable]
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class Cells:
    """ATT(g, t), one entry per cell, and the influence of each unit on it, shape (units, cells).

    cohort, period: places from 1; of_unit: the cohort of each unit, 0 for never; shares: of each cell's cohort.
    """

    cohort: Whole
    period: Whole
    effect: Floats
    influence: Floats
    of_unit: Whole

    @property
    def shares(self) -> Floats:
        found: Floats = (self.of_unit[:, np.newaxis] == self.cohort).mean(axis=0)
        return found


@dataclass(frozen=True, eq=False)
class Figure:
    """A mean of cells, its weights, and the influence of each unit on it."""

    value: float
    weights: Floats
    influence: Floats


def staggered_did(
    panel: panels.Frame,
    *,
    unit: str,
    time: str,
    cohort: str,
    outcome: str,
    control: Control = "never_treated",
    covariates: Sequence[str] = (),
    method: Method = "dr",
    anticipation: int = 0,
    better: Better = "neither",
) -> StaggeredEffect:
    """The mean change that a rollout made where it went, against units that it had not reached."""
    _check_words(control, method, anticipation, better)
    complete = panels.read(panel, unit, time, outcome, covariates)
    said = panels.per_unit(panel, unit, cohort)
    start = panels.starts((said[name] for name in complete.units), complete.times, cohort)
    design, start = _estimable(complete, start, control, anticipation)
    cells = _cells(type(panel), design, start, control, method, anticipation)
    figures = _overall(cells)
    by_time = _by_time(cells)
    simple = _effect(figures["simple"])
    return StaggeredEffect(
        simple=simple,
        group=_effect(figures["group"]),
        dynamic=_effect(figures["dynamic"]),
        calendar=_effect(figures["calendar"]),
        by_time={since: _effect(figure) for since, figure in by_time.items()},
        pre_test_p=_pre_test(cells, anticipation),
        dropped=design.dropped,
        verdict=judge(simple, better, None if simple.se is None else 2.8 * simple.se),
    )


def _check_words(control: str, method: str, anticipation: int, better: str) -> None:
    checked_better(better)
    if control not in get_args(Control):
        raise ValueError(f"control is one of {', '.join(get_args(Control))}, not {control!r}")
    if method not in get_args(Method):
        raise ValueError(f"method is one of {', '.join(get_args(Method))}, not {method!r}")
    if anticipation < 0 or anticipation % 1:
        raise ValueError(f"anticipation is a number of periods, 0 or more, not {anticipation}")


def _estimable(complete: panels.Panel, start: Whole, control: Control, anticipation: int) -> tuple[panels.Panel, Whole]:
    """Without units that have no period before treatment; and, with nobody never treated, without the last cohort's."""
    early = (start > 0) & (start <= 1 + anticipation)
    gone = [name for name, out in zip(complete.units, early, strict=True) if out]
    start, periods = start[~early], len(complete.times)
    if not (start > 0).any():
        raise ValueError(f"no unit is first treated after period {complete.times[anticipation]}: nothing to compare")
    if not (start == 0).any():
        if control == "never_treated":
            raise ValueError("no unit is never treated: take control='not_yet_treated'")
        last = int(start.max())
        periods, start = last - 1 - anticipation, np.where(start == last, 0, start)
        if not ((start > 0) & (start <= periods)).any():
            raise ValueError("all units start together, so there is no control group")
        start = np.where(start > periods, 0, start)
    kept = complete.keep(~early, periods)
    dropped = sorted([*complete.dropped, *gone])  # type: ignore[type-var]
    return panels.Panel(kept.units, kept.times, kept.outcome, kept.covariates, dropped), start


def _cells(
    frame: Callable[[dict[str, Any]], Any],
    design: panels.Panel,
    start: Whole,
    control: Control,
    method: Method,
    anticipation: int,
) -> Cells:
    """The adapter around diff-diff 3.13: periods and units go in as 1, 2, 3, ..., so that their places are ours.

    The influences are in the kit that its results keep for later sums; there is no public name for them.
    """
    from diff_diff import CallawaySantAnna  # type: ignore[import-untyped]

    columns, names = _columns(design, start)
    model = CallawaySantAnna(
        control_group=control, anticipation=anticipation, estimation_method=method, base_period="varying"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = model.fit(frame(columns), "y", "unit", "time", "cohort", covariates=names or None)
    kit = found._aggregation_kit
    if kit is None:
        raise ValueError("no effect could be estimated: too few units for the covariates")
    influence = np.zeros((len(start), len(kit.influence)))
    for place, parts in enumerate(kit.influence.values()):
        influence[parts["treated_idx"], place] += parts["treated_inf"]
        influence[parts["control_idx"], place] += parts["control_inf"]
    keys = np.array([[int(g), int(t)] for g, t in kit.influence], np.int64)
    effects = np.array([float(found.group_time_effects[key]["effect"]) for key in kit.influence])
    return Cells(keys[:, 0], keys[:, 1], effects, influence, start)


def _columns(design: panels.Panel, start: Whole) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """The panel as columns of a long table, and the names of the covariates."""
    units, periods = design.outcome.shape
    names = [f"x{place}" for place in range(len(design.covariates))]
    columns: dict[str, NDArray[Any]] = {
        "unit": np.repeat(np.arange(1, units + 1), periods),
        "time": np.tile(np.arange(1, periods + 1), units),
        "cohort": np.repeat(start, periods),
        "y": design.outcome.ravel(),
    }
    columns |= {name: values.ravel() for name, values in zip(names, design.covariates, strict=True)}
    return columns, names


def _overall(cells: Cells) -> dict[str, Figure]:
    """Callaway, Sant'Anna 2021, section 3: four ways to sum up the cells from the start on."""
    post = cells.period >= cells.cohort
    by_cohort = [_mean(_cell(cells, k) for k in np.flatnonzero(post & (cells.cohort == g))) for g in _cohorts(cells)]
    return {
        "simple": _by_share(cells, np.flatnonzero(post)),
        "group": _over_cohorts(cells, by_cohort),
        "dynamic": _mean(figure for since, figure in _by_time(cells).items() if since >= 0),
        "calendar": _mean(
            _by_share(cells, np.flatnonzero(post & (cells.period == t))) for t in np.unique(cells.period[post])
        ),
    }


def _cohorts(cells: Cells) -> Whole:
    found: Whole = np.unique(cells.cohort)
    return found


def _by_time(cells: Cells) -> dict[int, Figure]:
    since = cells.period - cells.cohort
    return {int(e): _by_share(cells, np.flatnonzero(since == e)) for e in np.unique(since)}


def _cell(cells: Cells, place: np.intp) -> Figure:
    weights = np.zeros(len(cells.effect))
    weights[place] = 1
    return Figure(float(cells.effect[place]), weights, cells.influence[:, place])


def _mean(figures: Any) -> Figure:
    all_of = list(figures)
    return Figure(
        float(np.mean([figure.value for figure in all_of])),
        np.mean([figure.weights for figure in all_of], axis=0),
        np.mean([figure.influence for figure in all_of], axis=0),
    )


def _by_share(cells: Cells, chosen: NDArray[np.intp]) -> Figure:
    return _weighted([_cell(cells, k) for k in chosen], cells.cohort[chosen], cells.of_unit)


def _over_cohorts(cells: Cells, figures: list[Figure]) -> Figure:
    return _weighted(figures, _cohorts(cells), cells.of_unit)


def _weighted(parts: list[Figure], cohort: Whole, of_unit: Whole) -> Figure:
    """Weighted by the shares p of their cohorts, which are estimates too: STATS 6 has what that adds."""
    belongs = (of_unit[:, np.newaxis] == cohort).astype(np.float64)
    shares = belongs.mean(axis=0)
    total = shares.sum()
    off = belongs - shares
    of_shares = off / total - np.outer(off.sum(axis=1), shares) / total**2
    values = np.array([part.value for part in parts])
    weights = shares / total
    influence = np.column_stack([part.influence for part in parts]) @ weights + of_shares @ values / len(of_unit)
    return Figure(float(values @ weights), np.array([part.weights for part in parts]).T @ weights, influence)


def _effect(figure: Figure) -> Effect:
    se = float(np.sqrt(np.sum(figure.influence**2)))
    return Effect(figure.value, se, figure.value - Z95 * se, figure.value + Z95 * se)


def _pre_test(cells: Cells, anticipation: int) -> float | None:
    """Joint Wald test that all effects before the start, and before what was anticipated, are 0."""
    before = cells.period < cells.cohort - anticipation
    count = int(before.sum())
    if count == 0 or count > len(cells.of_unit):
        return None
    influence = cells.influence[:, before]
    variance = influence.T @ influence
    if np.linalg.matrix_rank(variance, hermitian=True) < count:
        return None
    effects = cells.effect[before]
    return float(special.chdtrc(count, effects @ np.linalg.solve(variance, effects)))


def sun_abraham(
    panel: panels.Frame,
    *,
    unit: str,
    time: str,
    cohort: str,
    outcome: str,
    covariates: Sequence[str] = (),
) -> Effect:
    """A second opinion on `staggered_did`, by a regression with an indicator for each cohort and period.

    Takes and raises as it does; value and standard error of the mean over treated rows, clustered by unit.
    Source: Sun, Abraham 2021; fixest's sunab (0.12.2) agrees to 1e-6.
    """
    complete = panels.read(panel, unit, time, outcome, covariates)
    said = panels.per_unit(panel, unit, cohort)
    start = panels.starts((said[name] for name in complete.units), complete.times, cohort)
    design, start = _estimable(complete, start, "never_treated", 0)
    from diff_diff import SunAbraham

    columns, names = _columns(design, start)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = SunAbraham().fit(type(panel)(columns), "y", "unit", "time", "cohort", covariates=names or None)  # type: ignore[call-arg]
    value, se = float(found.overall_att), float(found.overall_se)
    return Effect(value, se, value - Z95 * se, value + Z95 * se)
