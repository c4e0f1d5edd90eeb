"""diff-diff, as far as we use it for staggered starts: a panel goes in, effects and influences come out.

It touches nothing, and is the only place that knows how diff-diff 3.13 names things. Units and periods go in as 1, 2,
3, ..., so that their places are ours. It is loaded when it is asked, because that takes a second or two.
"""

import warnings
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from metrics.stats import panel as panels
from metrics.stats.group_time import Cells

Whole = NDArray[np.int64]
Control = Literal["never_treated", "not_yet_treated"]
Method = Literal["dr", "reg", "ipw"]


def group_time_effects(
    panel: panels.Frame,
    design: panels.Panel,
    starts: Whole,
    control: Control,
    method: Method,
    anticipation: int,
) -> Cells:
    """ATT(g, t) of Callaway and Sant'Anna, base period varying, and the influence of each unit on it.

    Raises ValueError where units are too few for the covariates, or two of these say the same. Influences are in the
    kit that the results keep for later sums; there is no public name for them, one reason why the version is pinned.
    """
    from diff_diff import CallawaySantAnna  # type: ignore[import-untyped]

    columns, names = _columns(design, starts)
    model = CallawaySantAnna(
        control_group=control,
        anticipation=anticipation,
        estimation_method=method,
        base_period="varying",
        rank_deficient_action="error",
        epv_threshold=1e-9,
    )
    try:
        found = _fitted(model, panel, columns, names)
    except ValueError as fault:
        raise ValueError(f"effects cannot be estimated from this panel: {fault}") from fault
    kit = found._aggregation_kit
    cohorts = len(np.unique(starts[starts > 0]))
    if len(kit.influence) < cohorts * (len(design.times) - 1):
        raise ValueError("some effects are no numbers: outcomes or covariates are too large to be compared")
    influence = np.zeros((len(starts), len(kit.influence)))
    for place, parts in enumerate(kit.influence.values()):
        influence[parts["treated_idx"], place] += parts["treated_inf"]
        influence[parts["control_idx"], place] += parts["control_inf"]
    keys = np.array([[int(g), int(t)] for g, t in kit.influence], np.int64)
    effects = np.array([float(found.group_time_effects[key]["effect"]) for key in kit.influence])
    return Cells(keys[:, 0], keys[:, 1], effects, influence, starts)


def regression_of_cohorts(panel: panels.Frame, design: panels.Panel, starts: Whole) -> tuple[float, float]:
    """The overall effect of Sun and Abraham, and its standard error, clustered by unit."""
    from diff_diff import SunAbraham

    found = _fitted(SunAbraham(), panel, *_columns(design, starts))
    return float(found.overall_att), float(found.overall_se)


def _fitted(model: Any, panel: panels.Frame, columns: dict[str, NDArray[Any]], names: list[str]) -> Any:
    """The model's results for these columns, as a frame of the kind that was given; it warns of what we check."""
    frame: Callable[[dict[str, NDArray[Any]]], Any] = type(panel)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(frame(columns), "y", "unit", "time", "cohort", covariates=names or None)


def _columns(design: panels.Panel, starts: Whole) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """The panel as columns of a long table, and the names of the covariates."""
    units, periods = design.outcome.shape
    names = [f"x{place}" for place in range(len(design.covariates))]
    columns: dict[str, NDArray[Any]] = {
        "unit": np.repeat(np.arange(1, units + 1), periods),
        "time": np.tile(np.arange(1, periods + 1), units),
        "cohort": np.repeat(starts, periods),
        "y": design.outcome.ravel(),
    }
    columns |= {name: values.ravel() for name, values in zip(names, design.covariates, strict=True)}
    return columns, names
