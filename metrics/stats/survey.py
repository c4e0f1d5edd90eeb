"""What the answers of a sample say about everybody it stands for: weighted means, shares and totals with their errors.

It touches nothing: answers, weights and strata in, estimates out. Trimming weights is the caller's, and is shown there.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from metrics.stats.interval import clopper_pearson

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_Kind = TypeVar("_Kind", bound=np.generic)
Margin = tuple[ArrayLike, Mapping[Hashable, float]]

RAKING_ROUNDS, RAKED_WITHIN = 500, 1e-10  # of each total, relative (STATS 4)
NO_SPREAD = 1e-9  # a share's error below this is the last bits of sums that should be 0


@dataclass(frozen=True)
class Estimate:
    """A figure for the population, in the unit of the answers; None where it cannot be known.

    n: rows that answered. effective_n: how many equally weighted rows they are worth (Kish).
    design_effect: the variance over that of a simple random sample of as many rows from as many people (R: svymean,
    deff = TRUE); None where weights do not count people (they sum to n or less) or nobody differs.
    degrees_of_freedom: the design's, clusters less strata, from which the bounds take their t.
    """

    value: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int
    effective_n: float
    design_effect: float | None = None
    degrees_of_freedom: int | None = None


@dataclass(frozen=True, eq=False)
class Sample:
    """The design as numbers: each row's cluster, each cluster's stratum, each stratum's size and share not sampled."""

    weights: Floats
    cluster: Codes
    stratum: Codes
    sizes: Codes
    left_out: Floats

    def standard_error(self, scores: Floats) -> float:
        """Of the sum of the scores (shape (rows,)), from how the clusters of each stratum differ."""
        sums = np.bincount(self.cluster, weights=scores, minlength=len(self.stratum))
        means = np.bincount(self.stratum, weights=sums) / self.sizes
        squares = np.bincount(self.stratum, weights=(sums - means[self.stratum]) ** 2)
        return math.sqrt(np.sum(self.left_out * self.sizes / (self.sizes - 1) * squares))


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """How a sample was drawn; `mean`, `share` and `total` estimate from it.

    weights: shape (rows,), how many people each row stands for. strata, clusters: shape (rows,), labels; one stratum,
    and each row its own cluster, unless given. Clusters are nested in strata: cluster 1 of two strata is two clusters.
    population: shape (rows,), how many sampling units (clusters, else rows) the row's stratum has; without it the
    sample is small beside the population. `base` and `margins` are set by `post_stratify` and `rake`. The design keeps
    copies that cannot be written to.
    Raises ValueError where shapes differ, a weight or label is missing, a stratum has one cluster (merge it first) or
    more clusters than units in the population. Source: linearisation (Binder 1983), as R's survey package has it.
    """

    weights: ArrayLike
    strata: ArrayLike | None = None
    clusters: ArrayLike | None = None
    population: ArrayLike | None = None
    base: Floats | None = None
    margins: tuple[Codes, ...] = ()
    sample: Sample = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("strata", "clusters", "population", "base"):
            given = getattr(self, name)
            kept = None if given is None else _kept(given, np.float64 if name in ("population", "base") else np.object_)
            object.__setattr__(self, name, kept)
        sample = _sample(self.weights, self.strata, self.clusters, self.population)
        object.__setattr__(self, "sample", sample)
        object.__setattr__(self, "weights", sample.weights)
        object.__setattr__(self, "margins", tuple(_kept(codes, np.int64) for codes in self.margins))

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters less strata."""
        return len(self.sample.stratum) - len(self.sample.sizes)

    def mean(self, y: ArrayLike, *, level: float = 0.95) -> Estimate:
        """The weighted mean; bounds from t with the design's degrees of freedom.

        y: shape (rows,); NaN is no answer, or a row outside of the group that is asked about: its cluster still counts.
        Without answers all is None; where fewer than two clusters have answers with weight, the error and the bounds.
        Raises ValueError where an answer is infinite.
        """
        answers = _answers(y, len(self.sample.weights))
        answered = ~np.isnan(answers)
        weights = np.where(answered, self.sample.weights, 0.0)
        people, n = float(weights.sum()), int(answered.sum())
        if people == 0:
            return Estimate(None, None, None, None, n, 0.0)
        value = float(np.sum(weights * np.nan_to_num(answers)) / people)
        worth = people**2 / float(np.sum(weights**2))
        if len(np.unique(self.sample.cluster[weights > 0])) < 2:
            return Estimate(value, None, None, None, n, worth)
        se = self._standard_error(np.where(answered, answers - value, 0.0) / people)
        half, effect = self._t(level) * se, _design_effect(se, weights[answered], answers[answered])
        return Estimate(value, se, value - half, value + half, n, worth, effect, self.degrees_of_freedom)

    def share(self, is_yes: ArrayLike, method: Literal["logit", "beta"] = "logit", *, level: float = 0.95) -> Estimate:
        """The weighted share of yes, between 0 and 1.

        is_yes: shape (rows,), true or false (1 or 0); NaN as for `mean`. logit: t on the logit scale. beta:
        Korn-Graubard, Clopper-Pearson with an effective n, for shares near 0 or 1 and effective sizes under 30. Where
        the sample shows no spread (nobody says yes, everybody does, or each stratum is of one mind) there is no error
        to go by: both give beta's interval with Kish's effective n, unless everybody was asked.
        Of 4,000 simulated samples each, intervals of 95 % held the true share of 50, 10 and 3 % so often (percent), in
        simple samples of 20, 50, 200; in 4 and in 10 strata of 5 answers, 4 strata of 20, 15 clusters of 10:
        logit 50 %: 98.8, 96.3, 95.9; 91.8, 95.4, 95.5, 95.4. beta 50 %: 95.5, 96.3, 95.9; 91.3, 96.0, 96.1, 96.1.
        logit 10 %: 99.0, 96.9, 95.6; 97.5, 92.2, 94.4, 95.1. beta 10 %: 99.0, 98.2, 96.6; 97.8, 91.8, 94.8, 96.1.
        logit 3 %: 98.2, 98.5, 96.0; 98.4, 97.1, 95.9, 93.8. beta 3 %: 98.2, 98.5, 96.5; 99.5, 98.9, 97.5, 95.3.
        So strata of five answers with unequal weights may hold too little by either: merge them before.
        Raises ValueError where an answer is neither yes nor no.
        """
        answers = _column(is_yes, len(self.sample.weights))
        if not np.isin(answers[~np.isnan(answers)], (0, 1)).all():
            raise ValueError("an answer is yes or no: wanted true, false or missing")
        if method not in ("logit", "beta"):
            raise ValueError(f"a share's bounds come from logit or beta, not from {method!r}")
        found = self.mean(answers, level=level)
        if found.value is None or found.se is None:
            return found
        se = found.se if found.se > NO_SPREAD else 0.0
        low, high = self._share_bounds(found, found.value, se, method, level)
        return replace(found, se=se, low=low, high=high)

    def total(self, y: ArrayLike, *, level: float = 0.95) -> Estimate:
        """The sum over the population; y of shape (rows,), 0 for rows outside of the group that is asked about.

        Raises ValueError where an answer is missing, as it would count as 0, or infinite.
        """
        answers = _answers(y, len(self.sample.weights))
        if np.isnan(answers).any():
            raise ValueError("a total needs an answer in every row: a missing one would count as 0")
        weights = self.sample.weights
        if not weights.any():
            return Estimate(None, None, None, None, len(answers), 0.0)
        value, se, people = float(np.sum(weights * answers)), self._standard_error(answers), float(weights.sum())
        half, worth = self._t(level) * se, float(people**2 / np.sum(weights**2))
        effect = _design_effect(se / people, weights, answers)
        return Estimate(value, se, value - half, value + half, len(answers), worth, effect, self.degrees_of_freedom)

    def _standard_error(self, linearised: Floats) -> float:
        """After calibration only what the margins do not explain is uncertain: the residuals count."""
        if self.base is not None:
            margins = np.column_stack([np.eye(codes.max() + 1)[codes] for codes in self.margins])
            root = np.sqrt(self.base)
            explained = np.linalg.lstsq(margins * root[:, None], linearised * root, rcond=None)[0]
            linearised = linearised - margins @ explained
        return self.sample.standard_error(self.sample.weights * linearised)

    def _t(self, level: float) -> float:
        return _t_quantile(self.degrees_of_freedom, level)

    def _share_bounds(self, found: Estimate, p: float, se: float, method: str, level: float) -> tuple[float, float]:
        if se == 0 and not self.sample.left_out.any():
            return p, p  # everybody was asked
        if method == "logit" and se:
            middle, half = float(special.logit(p)), self._t(level) * se / (p * (1 - p))
            return float(special.expit(middle - half)), float(special.expit(middle + half))
        worth = p * (1 - p) / se**2 if se else found.effective_n
        worth *= (_t_quantile(found.n - 1, level) / self._t(level)) ** 2
        return clopper_pearson(p * worth, worth, level) or (0.0, 1.0)


def _design_effect(se: float, weights: Floats, answers: Floats) -> float | None:
    """The square of a mean's error over that of the mean of a simple random sample: Lumley's definition, as in R."""
    weighing = weights > 0
    n, people = int(weighing.sum()), float(weights.sum())
    if n < 2 or people <= n or np.ptp(answers[weighing]) == 0:
        return None
    spread = float(np.cov(answers[weighing], aweights=weights[weighing], ddof=0)) * n / (n - 1)
    return se**2 / (spread * (people - n) / (people * n))


def post_stratify(design: SurveyDesign, groups: ArrayLike, totals: Mapping[Hashable, float]) -> SurveyDesign:
    """The same answers, weighted so that each group counts as many people as the population has.

    groups: shape (rows,), the label of each row. totals: {label: people}, for groups whose full crossing is known.
    Raises ValueError as `rake`.
    """
    return rake(design, [(groups, totals)])


def rake(design: SurveyDesign, margins: Sequence[Margin]) -> SurveyDesign:
    """The same answers, weighted in turn until every margin counts as many people as the population has.

    margins: [(groups, totals), ...] as for `post_stratify`. Raises ValueError where there is none, a group has a total
    and no answers (collapse it first), a row's group has no total, the margins' totals do not sum to the same, nothing
    fits within 1e-10 after 500 rounds, or the design was calibrated before. Source: Deming, Stephan 1940.
    """
    if design.margins:
        raise ValueError(
            "these weights were calibrated already: give all margins at once to the design as it was drawn"
        )
    if not margins:
        raise ValueError("there are no margins to weight to: give one at least, or leave the design as it was drawn")
    start = design.sample.weights
    wanted = [_margin(groups, totals, start) for groups, totals in margins]
    sums = [float(totals.sum()) for _, totals in wanted]
    if max(sums) - min(sums) > RAKED_WITHIN * max(sums):
        raise ValueError(f"the margins count different populations: {sums}")
    weights = start
    for _ in range(RAKING_ROUNDS):
        for codes, totals in wanted:
            weights = weights * (totals / np.bincount(codes, weights=weights))[codes]
        if all(np.allclose(np.bincount(c, weights=weights), t, rtol=RAKED_WITHIN, atol=0) for c, t in wanted):
            return replace(design, weights=weights, base=start, margins=tuple(codes for codes, _ in wanted))
    raise ValueError(f"no weights fit all margins within {RAKING_ROUNDS} rounds: some groups never meet in the answers")


def _margin(groups: ArrayLike, totals: Mapping[Hashable, float], weights: Floats) -> tuple[Codes, Floats]:
    codes, labels = _codes(groups, len(weights), "groups")
    strangers = [label for label in labels if label not in totals]
    if strangers:
        raise ValueError(f"groups without a total: {strangers}")
    absent = [label for label, total in totals.items() if total and label not in set(labels)]
    if absent:
        raise ValueError(f"groups with a total and no answers: {absent}; collapse them with others first")
    wanted = np.array([totals[label] for label in labels], dtype=np.float64)
    if not (np.isfinite(wanted).all() and (wanted > 0).all() and np.bincount(codes, weights=weights).all()):
        raise ValueError("a group that answered needs a total above 0 and answers with weight")
    return codes, wanted


def _sample(
    weights: ArrayLike, strata: ArrayLike | None, clusters: ArrayLike | None, population: ArrayLike | None
) -> Sample:
    people = _kept(weights, np.float64)
    if people.ndim != 1 or not np.isfinite(people).all() or (people < 0).any():
        raise ValueError("weights are one column, neither missing nor negative nor infinite")
    rows = len(people)
    stratum = np.zeros(rows, np.int64) if strata is None else _codes(strata, rows, "strata")[0]
    own = np.arange(rows) if clusters is None else _codes(clusters, rows, "clusters")[0]
    nested, cluster = np.unique(np.column_stack((stratum, own)), axis=0, return_inverse=True)
    sizes = np.bincount(nested[:, 0])
    if (sizes == 1).any():
        raise ValueError("a stratum has only one cluster, so its spread is unknown: merge it with another first")
    return Sample(people, cluster.reshape(rows), nested[:, 0], sizes, _left_out(population, stratum, sizes))


def _left_out(population: ArrayLike | None, stratum: Codes, sizes: Codes) -> Floats:
    """The share of each stratum's sampling units that was not drawn: all of it where the population is not known."""
    if population is None:
        return np.ones(len(sizes))
    given = _column(population, len(stratum))
    units = given[np.unique(stratum, return_index=True)[1]]
    if not (given == units[stratum]).all() or (units < sizes).any():
        raise ValueError("population says for every row how many units its stratum has, and at least those drawn")
    return 1 - sizes / units


def _codes(labels: ArrayLike, rows: int, name: str) -> tuple[Codes, list[Hashable]]:
    """Each row's label as a number in order of first appearance, and the labels."""
    given = np.asarray(labels, dtype=object)
    if given.shape != (rows,) or any(label is None or label != label for label in given):
        raise ValueError(f"{name} need a label in each of {rows} rows")
    numbers: dict[Hashable, int] = {}
    codes = np.array([numbers.setdefault(label, len(numbers)) for label in given.tolist()], dtype=np.int64)
    return codes, list(numbers)


def _kept(values: ArrayLike, kind: type[_Kind]) -> NDArray[_Kind]:
    """A copy for good: what its owner does to the array later does not change a design."""
    copy = np.array(values, dtype=kind)
    copy.setflags(write=False)
    return copy


def _answers(values: ArrayLike, rows: int) -> Floats:
    given = _column(values, rows)
    if np.isinf(given).any():
        raise ValueError("an answer is a number or missing, and not infinite")
    return given


def _column(values: ArrayLike, rows: int) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    if given.shape != (rows,):
        raise ValueError(f"wanted one value for each of {rows} rows, not {given.shape}")
    return given


def _t_quantile(degrees: int, level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    return float(special.stdtrit(degrees, 0.5 + level / 2))
