"""What each kind makes of its parts: value, interval, and the rows it rests on."""

from collections.abc import Mapping

import numpy as np
import pytest

from metrics import additive
from metrics.estimate import NOTHING, Cell, Estimate, Pieces, estimate
from metrics.semantic.model import Kind, Measure, Statistic
from metrics.stats.interval import poisson_rate, wilson
from metrics.stats.survey import SurveyDesign
from metrics.stats.survival import kaplan_meier
from tests.kinds import metric_of


def cell(**parts: list[tuple[float, float | None, str | None]] | float) -> Cell:
    """part=3 is three rows; part=[(rows, place, stratum), ...] are pieces with a place on a scale or in a stratum."""
    made = {}
    for name, said in parts.items():
        pieces = said if isinstance(said, list) else [(said, None, None)]
        value, at, stratum = zip(*pieces, strict=True)
        made[name] = Pieces(np.array(value, float), np.array(at, float), np.array(stratum, object))
    return made


def of(kind: Kind, given: Cell, stock: float = 0, **changed: object) -> Estimate:
    metric = metric_of(kind, **changed)  # type: ignore[arg-type]
    if kind not in additive.KINDS:
        return estimate(metric, given)
    parts = {name: np.array([pieces.value.sum()]) for name, pieces in given.items()} | {
        "stock": np.array([float(stock)])
    }
    told = {name: column[0] for name, column in additive.estimates(metric, parts, (1,)).__dict__.items()}
    plain = {name: None if np.isnan(value) else float(value) for name, value in told.items()}
    return Estimate(**{**plain, "n": None if plain["n"] is None else round(plain["n"])})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["ratio", "mean", "duration", "survey_share"])
def test_where_there_is_no_row_there_is_no_value(kind: Kind) -> None:
    assert of(kind, {}) == NOTHING


def test_where_there_is_no_row_a_count_and_a_sum_are_0() -> None:
    assert of("count", {}) == Estimate(0, n=0)
    assert of("sum", {}) == Estimate(0)


@pytest.mark.parametrize("kind", ["count", "sum"])
def test_what_somebody_must_write_down_is_not_known_where_there_is_no_row(kind: Kind) -> None:
    assert of(kind, {}, without_rows="unknown") == NOTHING
    assert of(kind, cell(n=1), without_rows="unknown").value == 0
    assert of(kind, cell(n=1, value=3), without_rows="unknown").value == 3


def test_a_count_rests_on_what_it_counts_and_a_sum_on_nobody() -> None:
    assert of("count", cell(value=[(3, None, None), (4, None, None)])) == Estimate(7, n=7)
    assert of("sum", cell(value=2.5)) == Estimate(2.5)


def test_a_stock_is_what_is_open_whatever_moved() -> None:
    assert of("stock", cell(**{"in": 5}), stock=12) == Estimate(12, n=12)


def test_a_ratio_of_counts_has_wilsons_interval() -> None:
    low, high = wilson(3, 12) or (None, None)
    assert of("ratio", cell(numerator=3, denominator=12)) == Estimate(0.25, low, high, 3, 12, 12)


def test_a_ratio_without_a_numerator_is_a_true_0() -> None:
    found = of("ratio", cell(denominator=12))
    assert (found.value, found.low, found.numerator) == (0, 0, 0)


def test_a_rate_that_can_exceed_1_has_the_exact_interval_of_its_events() -> None:
    """R: poisson.test(3, 12)$conf.int: 0.05155601 to 0.73061070; 13 of 12 is a rate as well."""
    found = of("ratio", cell(numerator=3, denominator=12), can_exceed_1=True)
    assert (found.low, found.value, found.high) == pytest.approx((0.0515560, 0.25, 0.7306061), abs=1e-6)
    more = of("ratio", cell(numerator=13, denominator=12), can_exceed_1=True)
    assert (more.low, more.high) == poisson_rate(13, 12)


def test_a_ratio_of_sums_or_above_1_has_no_interval() -> None:
    sums: Mapping[str, Measure] = {"numerator": Measure("sum", "x"), "denominator": Measure("sum", "y")}
    assert of("ratio", cell(numerator=3, denominator=12), **sums) == Estimate(0.25, None, None, 3, 12, None)
    assert of("ratio", cell(numerator=13, denominator=12)).low is None


def test_a_ratio_of_sums_about_persons_says_on_how_many_rows_it_rests() -> None:
    sums: Mapping[str, Measure] = {"numerator": Measure("sum", "x"), "denominator": Measure("sum", "y")}
    assert of("ratio", cell(numerator=3, denominator=12, n=7), **sums) == Estimate(0.25, None, None, 3, 12, 7)


def test_a_mean_has_students_interval_and_one_row_has_none() -> None:
    """Of 1, 2 and 3: 2 +- 4.303 / sqrt(3). R: t.test(1:3)$conf.int"""
    found = of("mean", cell(n=3, sum=6, squares=14))
    assert (found.low, found.value, found.high) == pytest.approx((-0.4841377, 2, 4.4841377))
    assert of("mean", cell(n=1, sum=6, squares=36)) == Estimate(6, None, None, 6, 1, 1)


def test_equal_values_have_no_spread_even_where_rounding_says_less_than_none() -> None:
    found = of("mean", cell(n=3, sum=0.3, squares=0.03 - 1e-17))
    assert found.low == found.value == found.high


def test_a_duration_is_kaplan_meiers_with_open_cases_censored() -> None:
    given = cell(event=[(2, 10, None), (1, 30, None)], censored=[(1, 20, None), (1, 40, None)])
    curve = kaplan_meier([10, 10, 20, 30, 40], [1, 1, 0, 1, 0])
    assert of("duration", given) == Estimate(*curve.quantile(0.5), n=5)
    assert of("duration", given, statistic=Statistic(within=15)) == Estimate(*curve.share_within(15), n=5)
    assert of("duration", given, statistic=None) == NOTHING


def test_open_cases_alone_have_no_median_but_are_cases() -> None:
    assert of("duration", cell(censored=[(4, 20, None)])) == Estimate(None, None, None, n=4)


def test_a_survey_share_is_that_of_the_weighted_design() -> None:
    given = cell(yes=[(3, 300, "a"), (3, 100, "b")], no=[(2, 300, "a"), (3, 100, "b")])
    weights, strata = [60.0] * 5 + [100 / 6] * 6, ["a"] * 5 + ["b"] * 6
    population = [300] * 5 + [100] * 6
    expected = SurveyDesign(weights, strata, population=population).share([1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0])
    assert of("survey_share", given) == Estimate(expected.value, expected.low, expected.high, n=11)


def test_of_people_in_a_stratum_the_fewest_said_count_in_whatever_order_rows_come() -> None:
    rows = [(4, 300, "a"), (4, 200, "a"), (4, 90, "b")]
    said = [of("survey_share", cell(yes=yes, no=[(6, 300, "a"), (2, 90, "b")])) for yes in (rows, rows[::-1])]
    fewest = of("survey_share", cell(yes=[(8, 200, "a"), (4, 90, "b")], no=[(6, 200, "a"), (2, 90, "b")]))
    assert said == [fewest, fewest]


def test_strata_of_few_answers_keep_their_weight_and_share_the_spread_of_the_smallest_other_one() -> None:
    """b has four answers, and c, smaller than a, joins it: two strata are left of three, each row with its own weight."""
    given = cell(yes=[(3, 300, "a"), (1, 80, "b"), (2, 20, "c")], no=[(2, 300, "a"), (3, 80, "b"), (3, 20, "c")])
    weights, strata = [60.0] * 5 + [20.0] * 4 + [4.0] * 5, ["a"] * 5 + ["c"] * 9
    population, is_yes = [300] * 5 + [100] * 9, [1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0]
    expected = SurveyDesign(weights, strata, population=population).share(is_yes)
    assert of("survey_share", given) == Estimate(expected.value, expected.low, expected.high, n=14)
    assert expected.value == pytest.approx((300 * 3 / 5 + 80 * 1 / 4 + 20 * 2 / 5) / 400)


def test_where_all_strata_are_small_the_spread_is_that_of_all_together() -> None:
    given = cell(yes=[(1, 300, "a"), (2, 100, "b")], no=[(1, 300, "a"), (2, 100, "b")])
    weights = [150.0] * 2 + [25.0] * 4
    expected = SurveyDesign(weights, population=[400] * 6).share([1, 0, 1, 1, 0, 0])
    assert of("survey_share", given) == Estimate(expected.value, expected.low, expected.high, n=6)


def test_a_lone_answer_joins_the_smallest_other_stratum() -> None:
    merged = cell(yes=[(2, 60, "a")], no=[(1, 60, "a"), (2, 100, "c")])
    lone = cell(yes=[(1, 40, "a"), (1, 20, "b")], no=[(1, 40, "a"), (2, 100, "c")])
    assert of("survey_share", lone).value == pytest.approx(of("survey_share", merged).value)


def test_more_answers_than_people_are_all_the_people_there_are() -> None:
    assert of("survey_share", cell(yes=[(3, 2, "a")], no=[(1, 2, "a")])).value == pytest.approx(0.75)


def test_one_answer_in_all_is_no_share() -> None:
    assert of("survey_share", cell(yes=[(1, 300, "a")])) == Estimate(None, n=1)
