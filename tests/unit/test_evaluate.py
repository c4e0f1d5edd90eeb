"""Figures of periods: which are shown, what state they are in, and what a stock starts from."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from metrics import coverage, evaluate
from metrics.answer import Figure
from metrics.calendar import Rules
from metrics.coverage import Coverage
from metrics.evaluate import Frame
from metrics.rollup import Rows
from metrics.semantic.model import Grain, Kind, Measure
from tests.kinds import metric_of

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
WHOLE = (JANUARY, date(2026, 3, 31))


def frame(as_of: date = date(2026, 4, 1), whole: coverage.Span = WHOLE, **said: Any) -> Frame:
    return Frame(as_of, Rules(), Coverage(whole, said.pop("members", {})), **said)


def rows_of(given: dict[Any, dict[date, dict[str, float]]]) -> list[Rows]:
    """A roll-up, from group -> first day of the period -> part -> value."""
    groups = sorted(given)
    told = [(at, start, parts) for at, group in enumerate(groups) for start, parts in given[group].items()]
    names = sorted({name for *_, parts in told for name in parts})
    parts = {name: np.array([one.get(name, np.nan) for *_, one in told], float) for name in names}
    starts = np.array([start.toordinal() for _, start, _ in told], np.int64)
    return [Rows(groups, np.array([at for at, *_ in told], np.int64), starts, parts)] if told else []


def series(
    kind: Kind, given: dict[date, dict[str, float]], known: Frame, grain: Grain = "month", **changed: Any
) -> list[Figure]:
    """The figures of the total, from part -> value of each month."""
    return evaluate.figures(metric_of(kind, **changed), grain, rows_of({(): given} if given else {}), known, 0)


def states(found: list[Figure]) -> dict[str, tuple[float | None, str]]:
    return {one.label: (one.value, one.state) for one in found}


def test_a_month_in_which_nothing_happened_is_0_and_one_that_nobody_watched_is_nothing() -> None:
    known = frame(whole=(JANUARY, date(2026, 2, 28)))
    assert states(series("count", {JANUARY: {"value": 3}}, known)) == {
        "2026-01": (3, "final"),
        "2026-02": (0, "final"),
        "2026-03": (None, "no_data"),
    }


def test_a_month_that_is_not_over_or_not_wholly_watched_is_partial() -> None:
    known = frame(as_of=date(2026, 3, 20), whole=(date(2026, 1, 10), date(2026, 3, 19)))
    found = states(series("count", {JANUARY: {"value": 3}}, known))
    assert [state for _, state in found.values()] == ["partial", "final", "partial"]
    short = frame(whole=(JANUARY, date(2026, 2, 20)))
    assert states(series("count", {}, short))["2026-02"] == (0, "partial")


def test_a_month_with_open_windows_is_maturing_and_too_early_where_nothing_is_ripe() -> None:
    known = frame(as_of=date(2026, 4, 1))
    given = {JANUARY: {"denominator": 4.0}, FEBRUARY: {"denominator": 4.0}}
    assert states(series("ratio", given, known, days=35)) == {
        "2026-01": (0, "final"),
        "2026-02": (0, "maturing"),
        "2026-03": (None, "too_early"),
    }


def test_a_window_that_closes_with_the_cutoff_is_closed() -> None:
    known = frame(as_of=date(2026, 3, 3))
    assert states(series("count", {}, known, days=30))["2026-01"] == (0, "final")
    assert states(series("count", {}, known, days=31))["2026-01"] == (0, "maturing")


def test_a_window_of_hours_is_open_until_the_next_day() -> None:
    acknowledged = replace(metric_of("count"), mature_after=timedelta(hours=1))

    def january(as_of: date) -> Figure:
        return evaluate.figures(acknowledged, "month", [], frame(as_of=as_of), 0)[0]

    assert january(FEBRUARY).state == "maturing"  # a case of 23:30 on the 31st has half of its hour left
    assert january(date(2026, 2, 2)).state == "final"


def test_windows_that_were_open_when_a_wikis_log_stopped_never_close() -> None:
    stopped = frame(as_of=date(2026, 8, 1), whole=(JANUARY, date(2026, 3, 31)))
    found = states(series("count", {}, stopped, days=30))
    assert [found[month][1] for month in ("2026-01", "2026-02", "2026-03", "2026-04")] == [
        "final", "final", "maturing", "no_data",
    ]  # fmt: skip


def test_a_share_of_nothing_is_no_data_and_in_the_running_month_still_partial() -> None:
    known = frame(as_of=date(2026, 2, 10))
    assert states(series("ratio", {}, known)) == {"2026-01": (None, "no_data"), "2026-02": (None, "partial")}


def test_a_total_is_over_the_days_asked_for() -> None:
    given = {date(1, 1, 1): {"value": 5.0}}
    (found,) = series("count", given, frame(), "total")
    assert (found.start, found.end, found.label, found.value, found.state) == (*WHOLE, "all", 5, "final")
    (found,) = series("count", given, frame(first=date(2026, 2, 3), last=date(2026, 2, 5)), "total")
    assert (found.start, found.end, found.state) == (date(2026, 2, 3), date(2026, 2, 5), "final")
    assert series("count", given, frame(first=date(2027, 1, 1)), "total") == []


def test_a_stock_adds_what_comes_and_takes_what_goes_from_before_the_first_month_on() -> None:
    given = {
        date(2025, 12, 1): {"in": 10.0, "out": 3.0},
        JANUARY: {"in": 2.0},
        MARCH: {"out": 4.0},
    }
    found = states(series("stock", given, frame()))
    assert found == {"2026-01": (9, "final"), "2026-02": (9, "final"), "2026-03": (5, "final")}


def test_a_group_in_which_nothing_of_the_metric_was_counted_has_no_figures() -> None:
    given = rows_of({("a",): {JANUARY: {"value": np.nan}}, ("b",): {JANUARY: {"value": 2.0}}})
    assert {one.group for one in evaluate.figures(metric_of("count"), "month", given, frame(), 1)} == {("b",)}


def test_what_rests_on_two_roll_ups_has_the_groups_of_both() -> None:
    entered = rows_of({("a",): {JANUARY: {"in": 2.0}}, ("b",): {JANUARY: {"in": 1.0}}})
    left = rows_of({("b",): {date(2025, 12, 1): {"out": 1.0}}, ("c",): {FEBRUARY: {"out": 1.0}}})
    found = evaluate.figures(metric_of("stock"), "month", [*entered, *left], frame(), 1)
    assert [(one.group[0], one.value) for one in found] == [
        ("a", 2), ("a", 2), ("a", 2), ("b", 0), ("b", 0), ("b", 0), ("c", 0), ("c", -1), ("c", -1),
    ]  # fmt: skip


def test_a_survey_that_was_closed_is_final_though_its_month_is_not_over() -> None:
    (empty,) = rows_of({(): {JANUARY: {"yes": 2.0, "no": 2.0}}})
    given = [replace(empty, at=np.array([50.0]), stratum=np.array(["all"], object))]
    found = evaluate.figures(metric_of("survey_share"), "month", given, frame(as_of=date(2026, 1, 20)), 0)
    assert states(found) == {"2026-01": (pytest.approx(0.5), "final")}


def test_each_wiki_is_known_on_its_own_days() -> None:
    known = frame(members={"b.demo": (FEBRUARY, date(2026, 2, 28))})
    given = {("a.demo",): {JANUARY: {"value": 1.0}}, ("b.demo",): {JANUARY: {"value": 1.0}}}
    found = evaluate.figures(metric_of("count"), "month", rows_of(given), known, 1)
    assert [(one.group[0], one.state) for one in found] == [
        ("a.demo", "final"), ("a.demo", "final"), ("a.demo", "final"),
        ("b.demo", "no_data"), ("b.demo", "final"), ("b.demo", "no_data"),
    ]  # fmt: skip


def test_groups_of_which_nothing_is_known_are_not_made_up() -> None:
    assert evaluate.figures(metric_of("count"), "month", [], frame(), 1) == []


def test_a_question_about_one_wiki_is_about_the_days_on_which_that_was_watched() -> None:
    known = frame(members={"b.demo": (FEBRUARY, MARCH)})
    assert evaluate.narrowed(known, ["b.demo"], None, None).coverage.whole == (FEBRUARY, MARCH)
    assert evaluate.narrowed(known, ["c.demo"], JANUARY, MARCH) == frame(
        members={"b.demo": (FEBRUARY, MARCH)}, first=JANUARY, last=MARCH, is_of_members=True
    )


def test_a_figure_without_data_keeps_only_its_place() -> None:
    (found,) = series("count", {date(1, 1, 1): {"value": 5.0}}, frame(), "total")
    empty = evaluate.without_data(found)
    assert (empty.label, empty.start, empty.value, empty.n, empty.state) == ("all", JANUARY, None, None, "no_data")


def test_a_rate_of_one_wiki_is_not_told_where_one_side_never_counted_anything_there() -> None:
    """By wiki it has none either; of all wikis together no events are none."""
    editors = Measure("count", "*", source="mart_editor_month", at="month_at")
    given, known = {JANUARY: {"denominator": 12.0}}, frame()

    def found(one: Frame) -> list[float | None]:
        return [figure.value for figure in series("ratio", given, one, denominator=editors)]

    assert found(known) == [0.0, None, None]
    assert found(evaluate.narrowed(known, ["b.demo"], None, None)) == [None, None, None]


def test_a_rate_is_not_told_of_a_month_of_which_one_side_is_known_on_fewer_days_than_the_other() -> None:
    """Emergencies of all January over the hours of its last days would be many more than there were; both sides of a share have the same days."""
    given = {month: {"numerator": 30.0, "denominator": 600.0} for month in (JANUARY, FEBRUARY, MARCH)}
    hours = Measure("sum", "covered_people", source="mart_rota_hour", at="hour_at")

    def found(first: date, last: date, as_of: date = date(2026, 4, 1)) -> list[float | None]:
        sides = [Coverage((JANUARY, date(2026, 3, 31))), Coverage((first, last))]
        known = replace(frame(as_of, coverage.common(sides).whole), reach=coverage.reach(sides))
        return [one.value for one in series("ratio", given, known, denominator=hours)]

    assert found(date(2026, 1, 20), date(2026, 3, 31)) == [None, 0.05, 0.05]
    assert found(JANUARY, date(2026, 3, 10)) == [0.05, 0.05, None]
    assert found(JANUARY, date(2026, 3, 31), date(2026, 3, 10)) == [0.05, 0.05, 0.05]  # the last one is running
    assert [
        one.value for one in series("ratio", given, frame(date(2026, 4, 1), (date(2026, 1, 20), date(2026, 3, 10))))
    ] == [0.05] * 3
