"""Where a measure should be by now: a straight line from where it began to the target at the end of its time."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from metrics.answer import Figure
from metrics.calendar import Rules
from metrics.course import Course, Phase
from metrics.semantic.model import Target
from metrics.target_path import Aim, NoPath, Path, aim_of, path
from tests import answers, courses

LOWER = answers.metric(better="lower")
AIM = Aim(0.10, date(2026, 9, 28), date(2026, 12, 6))  # ten weeks from 2026-W40
MEASURE = {"goal": "g", "measure": "m", "metric": LOWER.id, "filters": "{}"}


def course(*figures: Figure, of: Any = LOWER, phases: Any = ()) -> Course:
    return courses.course(answers.released(*figures, of=of), (None, None, None), phases=phases)


def weeks(first: int, *values: Any, **more: Any) -> list[Figure]:
    return [answers.figure(first + at, value, **more) for at, value in enumerate(values)]


def walked(*figures: Figure, aim: Aim = AIM, **changed: Any) -> Path:
    found = path(course(*figures, **changed), aim)
    assert isinstance(found, Path)
    return found


def test_a_third_of_the_time_is_a_third_of_the_way() -> None:
    found = walked(*weeks(38, 0.19, 0.21), *weeks(40, 0.2, 0.2, 0.2, 0.2, 0.17))  # W44 ends half way
    assert (found.base, found.base_count, found.begins_on) == (pytest.approx(0.2), 2, date(2026, 9, 27))
    assert (found.now.label, found.expected) == ("2026-W44", pytest.approx(0.15))
    assert (found.lead, found.standing, found.is_held) == (pytest.approx(-0.02), "behind", False)


def test_ahead_is_the_better_side_and_close_is_where_the_interval_holds_the_line() -> None:
    before = weeks(39, 0.2)
    assert walked(*before, answers.figure(44, 0.12)).standing == "ahead"
    assert walked(*before, answers.figure(44, 0.12, width=0.04)).standing == "close"
    higher = answers.metric(better="higher")
    up = walked(*before, answers.figure(44, 0.26), of=higher, aim=replace(AIM, value=0.3))
    assert (up.expected, up.standing, up.lead) == (pytest.approx(0.25), "ahead", pytest.approx(0.01))


def test_the_level_at_the_beginning_is_that_of_the_last_quarter_of_a_year() -> None:
    found = walked(*weeks(25, 9.0, 9.0, *[0.2] * 13), answers.figure(44, 0.12))
    assert (found.base, found.base_count) == (pytest.approx(0.2), 13)


def test_without_a_figure_from_before_the_way_begins_with_the_first() -> None:
    found = walked(*weeks(40, 0.2, 0.18, 0.16))
    assert (found.base, found.base_count, found.begins_on) == (0.2, 0, date(2026, 10, 4))
    assert found.expected == pytest.approx(0.2 - 0.1 * 14 / 63)
    assert path(course(*weeks(40, 0.2)), AIM) == NoPath("no_level")


def test_who_is_at_the_target_has_to_stay_there() -> None:
    found = walked(*weeks(39, 0.08), *weeks(44, 0.09))
    assert (found.is_held, found.expected, found.standing) == (True, 0.10, "ahead")


def test_what_meant_another_thing_is_no_beginning() -> None:
    since = Phase(date(2026, 9, 21), "temporary accounts", is_comparable=False)
    found = walked(*weeks(37, 0.9, 0.9, 0.2), answers.figure(44, 0.12), phases=(since,))
    assert (found.base, found.base_count) == (0.2, 1)


@pytest.mark.parametrize(
    ("figures", "aim", "why"),
    [
        ([], AIM, "not_begun"),
        (weeks(38, 0.2, 0.2), AIM, "not_begun"),
        ([*weeks(39, 0.2), answers.figure(44, 0.1, "partial")], AIM, "not_begun"),
        (weeks(38, 0.2, 0.2, 0.2), Aim(0.1, date(2026, 9, 14), date(2026, 9, 27)), "over"),
    ],
)
def test_where_there_is_no_way_it_says_why(figures: list[Figure], aim: Aim, why: Any) -> None:
    assert path(course(*figures), aim) == NoPath(why)


def test_the_target_is_the_plans_for_exactly_this_measure() -> None:
    whole = answers.released(of=LOWER)
    target = {"goal": "g", "measure": "m", "starts_on": date(2026, 7, 1), "ends_on": "2027-06-30", "value": 0.2}
    other = {**MEASURE, "measure": "n", "filters": '{"wiki": "a"}'}
    found = aim_of(whole, [MEASURE, other], [{**target, "measure": "n", "value": 0.9}, target], Rules())
    assert found == Aim(0.2, date(2026, 7, 1), date(2027, 6, 30))
    narrowed = replace(whole, where=(("wiki", "a"),))
    assert aim_of(narrowed, [MEASURE], [target], Rules()) is None
    assert (aim_of(narrowed, [other], [{**target, "measure": "n", "value": 0.9}], Rules()) or AIM).value == 0.9


def test_of_several_targets_it_is_the_one_of_today_then_the_next_then_the_last() -> None:
    def planned(*years: int) -> Aim | None:
        rows = [{"goal": "g", "measure": "m", "starts_on": date(year - 1, 7, 1), "ends_on": date(year, 6, 30),
                 "value": float(year)} for year in years]  # fmt: skip
        return aim_of(answers.released(of=LOWER), [MEASURE], rows, Rules())

    found = [planned(*years) for years in ((2026, 2027, 2028), (2026, 2029, 2028), (2025, 2026), ())]
    assert [one and one.value for one in found] == [2027, 2028, 2026, None]


def test_without_the_plan_it_is_the_definitions_for_the_fiscal_year() -> None:
    defined = answers.metric(better="lower", targets=(Target(2027, 0.12),))
    whole = answers.released(of=defined)
    assert aim_of(whole, [], [], Rules()) == Aim(0.12, date(2026, 7, 1), date(2027, 6, 30))
    assert aim_of(whole, [], [], Rules(fiscal_year_start=1)) == Aim(0.12, date(2027, 1, 1), date(2027, 12, 31))
    assert aim_of(replace(whole, where=(("wiki", "a"),)), [], [], Rules()) is None


def test_today_after_the_end_is_over_even_where_the_last_period_is_not_settled() -> None:
    found = path(course(*weeks(38, 0.2, 0.2, 0.2)), replace(AIM, ends_on=date(2026, 11, 18) - timedelta(days=1)))
    assert found == NoPath("over")
