"""Where a measure stands: met and missed only where that is sure, changed only where that is more than noise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from metrics import catalog, progress
from metrics.answer import Figure
from metrics.calendar import Rules
from metrics.course import Phase
from metrics.progress import Progress
from metrics.semantic.model import Target
from tests import answers

ROW = {"goal": "g", "goal_title": "Goal", "pillar": "tools", "owner": "lead", "title": "Measure", "filters": "{}"}
TARGET = {"starts_on": date(2026, 7, 1), "ends_on": date(2026, 12, 31), "value": 0.2}
SHARE = answers.metric(better="lower")
MEDIAN = catalog.definitions()["first_response_median_hours"]


def assess(
    *figures: Figure, targets: tuple[dict[str, Any], ...] = (TARGET,), of: Any = SHARE, phases: Sequence[Phase] = ()
) -> Progress:
    return progress.assess(ROW, answers.released(*figures, of=of), targets, Rules(), phases)


def counted(week: int, numerator: float, denominator: float) -> Figure:
    one = answers.figure(week, numerator / denominator)
    return Figure(**{**one.__dict__, "numerator": numerator, "denominator": denominator, "n": round(denominator)})


def test_the_last_settled_figure_is_what_stands_not_the_running_one() -> None:
    found = assess(
        answers.figure(40, 0.1),
        answers.figure(41, 0.3),
        answers.figure(42, 0.9, "partial"),
        answers.figure(43, "no_data"),
    )
    assert (found.last and found.last.value, found.previous and found.previous.value) == (0.3, 0.1)
    assert found.change == pytest.approx(0.2)
    assert (found.goal, found.goal_title, found.pillar, found.owner, found.title) == (
        "g",
        "Goal",
        "tools",
        "lead",
        "Measure",
    )


def test_without_a_settled_figure_nothing_is_said() -> None:
    found = assess(answers.figure(40, "withheld"))
    assert (found.last, found.previous, found.target, found.status, found.change, found.change_is_clear) == (
        None, None, None, "no_value", None, None,
    )  # fmt: skip


def test_one_settled_figure_alone_has_not_changed() -> None:
    found = assess(answers.figure(40, 0.1))
    assert (found.change, found.change_is_clear, found.status) == (None, None, "met")


@pytest.mark.parametrize(
    ("better", "value", "width", "status"),
    [
        ("lower", 0.1, 0.05, "met"),
        ("lower", 0.2, 0.0, "met"),  # the target itself is met
        ("lower", 0.18, 0.05, "unclear"),
        ("lower", 0.22, 0.05, "unclear"),
        ("lower", 0.3, 0.05, "missed"),
        ("higher", 0.3, 0.05, "met"),
        ("higher", 0.2, 0.0, "met"),
        ("higher", 0.18, 0.05, "unclear"),
        ("higher", 0.1, 0.05, "missed"),
        ("neither", 0.1, 0.0, "no_target"),
    ],
)
def test_met_and_missed_need_the_whole_interval_on_one_side(
    better: Any, value: float, width: float, status: str
) -> None:
    assert assess(answers.figure(40, value, width=width), of=answers.metric(better=better)).status == status


def test_the_target_is_the_plans_for_that_day_then_the_definitions_for_that_fiscal_year() -> None:
    defined = answers.metric(targets=(Target(2026, 0.5), Target(2027, 0.4)))
    figure = answers.figure(40, 0.1)  # ends on 4 October 2026, in the fiscal year 2027
    assert assess(figure, of=defined).target == 0.2
    assert assess(figure, of=defined, targets=()).target == 0.4
    later = {"starts_on": "2026-10-05", "ends_on": "2026-12-31", "value": 0.9}
    assert assess(figure, of=defined, targets=(later,)).target == 0.4
    last_day = {"starts_on": "2026-07-01", "ends_on": "2026-10-04", "value": 0.9}
    assert assess(figure, of=defined, targets=(last_day,)).target == 0.9
    day_before = {"starts_on": "2026-07-01", "ends_on": "2026-10-03", "value": 0.9}
    assert assess(figure, of=defined, targets=(day_before,)).target == 0.4
    assert assess(figure, targets=()).status == "no_target"


def test_a_share_has_changed_where_newcombes_interval_leaves_0_out() -> None:
    assert assess(counted(40, 10, 100), counted(41, 40, 100)).change_is_clear is True
    assert assess(counted(40, 10, 100), counted(41, 12, 100)).change_is_clear is False
    assert assess(counted(40, 10, 100), answers.figure(41, 0.4)).change_is_clear is None


def test_another_figure_has_changed_where_the_intervals_do_not_meet() -> None:
    before, after = answers.figure(40, 10.0, width=2.0), answers.figure(41, 20.0, width=2.0)
    assert assess(before, after, of=MEDIAN).change_is_clear is True
    assert assess(after, before, of=MEDIAN).change_is_clear is True
    assert assess(before, answers.figure(41, 13.0, width=2.0), of=MEDIAN).change_is_clear is False
    assert assess(before, answers.figure(41, 20.0), of=MEDIAN).change_is_clear is None


def test_the_filters_of_a_measure_are_read_from_the_plan() -> None:
    assert progress.where_of({"filters": '{"wiki": "a.demo"}'}) == {"wiki": "a.demo"}
    assert progress.where_of({"filters": None}) == {}


def test_nothing_is_compared_across_a_day_from_which_the_metric_means_something_else() -> None:
    before, after = counted(40, 10, 100), counted(41, 40, 100)
    reworded = Phase(after.start, "The question was reworded", is_comparable=False)
    assert assess(before, after, phases=[reworded]).change is None
    assert assess(before, after, phases=[replace(reworded, is_comparable=True)]).change_is_clear is True
    assert assess(before, after, phases=[replace(reworded, starts_on=before.start)]).change_is_clear is True


def test_of_two_counts_alone_nothing_is_said() -> None:
    counts = answers.metric(kind="count")
    found = assess(answers.figure(40, 10.0), answers.figure(41, 100.0), of=counts)
    assert (found.change, found.change_is_clear) == (90.0, None)
