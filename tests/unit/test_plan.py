"""One pass per mart, day and dimension set, whatever the number of metrics."""

import pytest

from metrics import catalog
from metrics.semantic import plan
from metrics.semantic.model import AUDIENCES, Kind, Measure
from tests.kinds import metric_of

MARTS = catalog.marts()
CASE = MARTS["mart_case"]
SMALL = ("queue", "channel", "priority", "urgency", "state", "satisfaction")


def test_small_dimensions_share_a_pass_and_each_large_one_has_its_own() -> None:
    assert plan.part_splits(CASE) == (SMALL, ("language",))
    found = plan.passes([metric_of("count")], MARTS)
    assert [(one.mart.name, one.day, one.split) for one in found] == [
        ("mart_case", "opened_at", SMALL),
        ("mart_case", "opened_at", ("language",)),
    ]
    assert found[1].key == "language"


def test_a_large_dimension_that_no_metric_has_is_not_passed_over() -> None:
    found = plan.passes([metric_of("count", dimensions=("queue",))], MARTS)
    assert [one.split for one in found] == [SMALL]


def test_metrics_of_one_mart_and_day_share_their_passes() -> None:
    several = [metric_of("count"), metric_of("ratio"), metric_of("mean")]
    first, second = plan.passes(several, MARTS)
    names = [f"{part.metric.id} {part.name}" for part in first.parts]
    assert names == [
        "a_count value",
        "a_ratio numerator",
        "a_ratio denominator",
        "a_mean n",
        "a_mean sum",
        "a_mean squares",
    ]
    assert first.parts == second.parts


def test_of_sums_about_persons_the_rows_are_counted_beside_them_and_of_money_they_are_not() -> None:
    sums = {"numerator": Measure("sum", "resolution_hours"), "denominator": Measure("sum", "first_response_hours")}
    (about_persons, _), (about_money, _) = (
        plan.passes([metric_of("ratio", release=dict.fromkeys(AUDIENCES, minimum), **sums)], MARTS)
        for minimum in (5, 0)
    )
    assert [(part.name, part.present) for part in about_persons.parts][2:] == [("n", "first_response_hours")]
    assert [part.name for part in about_money.parts] == ["numerator", "denominator"]


def test_metrics_by_another_day_or_scale_have_passes_of_their_own() -> None:
    several = [metric_of("count"), metric_of("count", at="resolved_at"), metric_of("duration")]
    found = [one for one in plan.passes(several, MARTS) if one.split == SMALL]
    assert [(one.day, one.at) for one in found] == [
        ("opened_at", None),
        ("resolved_at", None),
        ("opened_at", "first_response_hours"),
    ]


def test_no_pass_stands_twice_for_all_definitions_together() -> None:
    found = plan.passes(catalog.definitions().values(), MARTS)
    keys = [(one.mart.name, one.day, one.split, one.at, one.stratum) for one in found]
    assert len(set(keys)) == len(keys)
    ways = {(one.mart.name, one.day, one.at, one.stratum) for one in found}
    assert len(keys) <= sum(len(plan.part_splits(MARTS[mart])) for mart, *_ in ways)  # whatever the number of metrics


@pytest.mark.parametrize(
    ("kind", "days", "names"),
    [
        ("count", None, ["opened_at value"]),
        ("sum", None, ["opened_at value"]),
        ("ratio", 3, ["opened_at numerator", "opened_at denominator"]),
        ("mean", 3, ["opened_at n", "opened_at sum", "opened_at squares"]),
        ("quantile", 3, ["opened_at event", "opened_at near"]),
        ("duration", None, ["opened_at event", "opened_at censored"]),
        ("stock", None, ["opened_at in", "resolved_at out"]),
        ("survey_share", None, ["opened_at yes", "opened_at no"]),
    ],
)
def test_every_kind_has_its_parts_and_waits_only_where_it_says_so(
    kind: Kind, days: int | None, names: list[str]
) -> None:
    found = plan.adhoc(metric_of(kind, days=days), MARTS, ("queue", "language"))
    assert [f"{one.day} {part.name}" for one in found for part in one.parts] == names
    assert {one.split for one in found} == {("queue", "language")}
    assert {part.matured for one in found for part in one.parts} == {days is not None}


def test_a_stored_split_covers_small_dimensions_together_and_a_large_one_alone() -> None:
    assert plan.stored_split(CASE, ()) == SMALL
    assert plan.stored_split(CASE, ("urgency", "queue")) == SMALL
    assert plan.stored_split(CASE, ("language",)) == ("language",)
    assert plan.stored_split(CASE, ("language", "queue")) is None


def test_the_passes_that_answer_for_some_dimensions_are_those_that_hold_them_all() -> None:
    metric = metric_of("stock")
    found = plan.stored(metric, MARTS, ("queue", "urgency"))
    assert [(one.day, one.split) for one in found] == [("opened_at", SMALL), ("resolved_at", SMALL)]
    assert [one.split for one in plan.stored(metric, MARTS, ("language",))] == [("language",)] * 2
    assert plan.stored(metric, MARTS, ("queue", "language")) == ()


def test_every_pass_of_the_catalogue_has_a_table_and_every_part_a_column_of_its_own() -> None:
    found = plan.passes(catalog.definitions().values(), MARTS)
    assert len({one.table for one in found}) == len(found)
    for one in found:
        columns = [*one.keys, *(part.column for part in one.parts)]
        assert len(set(columns)) == len(columns)
    (block,) = (one for one in found if one.split == ("wiki",) and one.mart.name == "mart_thanks")
    assert (block.table, block.keys) == ("part_thanks_thanked_at_by_wiki", ("day", "wiki"))
    assert [part.column for part in block.parts] == ["thanks_given__value", "thanks_per_active_editor__numerator"]


def test_a_pass_can_be_narrowed_to_some_metrics() -> None:
    one = plan.passes([metric_of("count"), metric_of("mean")], MARTS)[0]
    assert [part.name for part in one.only({"a_mean"}).parts] == ["n", "sum", "squares"]
    assert one.only({"a_count"}).table == one.table
    assert one.only(()).parts == ()


def test_a_metric_with_nothing_to_measure_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="a_count has neither"):
        plan.passes([metric_of("count", measure=None)], MARTS)
