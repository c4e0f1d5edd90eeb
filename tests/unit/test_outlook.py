"""How likely a measure is at its target in time, and why nobody says so where too little is known."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from metrics.answer import Figure
from metrics.calendar import Rules
from metrics.course import Course, Phase, Run
from metrics.outlook import Chance, NoChance, NoOutlook, Outlook, capped, outlook
from metrics.stats.forecast import chance_of_target, forecast
from metrics.target_path import Aim, NoPath, Path
from tests import answers, courses

LOWER = answers.metric(better="lower")
VALUES = [0.30, 0.28, 0.29, 0.27, 0.26, 0.27, 0.25, 0.24, 0.25, 0.23]  # 2026-W36 to W45
AIM = Aim(0.20, date(2026, 9, 28), date(2026, 12, 2))  # W48 ends within it, W49 does not


def course(*figures: Figure, of: Any = LOWER, **changed: Any) -> Course:
    return courses.course(answers.released(*figures, of=of), (None, None, None), **changed)


def weeks(*values: Any, first: int = 36) -> list[Figure]:
    return [answers.figure(first + at, value) for at, value in enumerate(values)]


def looked(*figures: Figure, aim: Aim = AIM, **changed: Any) -> Outlook:
    found = outlook(course(*figures, **changed), aim, Rules())
    assert isinstance(found, Outlook)
    return found


def test_the_chance_is_that_of_the_drift_forecast_in_the_last_period_that_ends_in_time() -> None:
    found = looked(*weeks(*VALUES))
    assert isinstance(found.chance, Chance)
    assert found.chance.at == chance_of_target(VALUES, 3, 0.20, "lower")
    assert found.chance.ever == chance_of_target(VALUES, 3, 0.20, "lower", when="ever")
    assert (found.chance.end.period.label, found.chance.rests_on) == ("2026-W48", 10)
    assert isinstance(found.path, Path)


def test_the_fan_is_the_forecast_and_stays_where_values_can_be() -> None:
    found, expected = looked(*weeks(*VALUES)), forecast(VALUES, 3, "drift")
    assert [one.mean for one in found.fan] == pytest.approx(expected.mean)
    assert [one.high80 for one in found.fan] == pytest.approx(expected.high[0])
    assert [one.low95 for one in found.fan] == pytest.approx(expected.low[1])
    near_0 = looked(*weeks(*[0.01, 0.05, 0.0, 0.04, 0.01, 0.05, 0.02, 0.03]))
    assert min(one.low95 for one in near_0.fan) == 0.0
    days = answers.metric(better="lower", kind="mean", unit="days")  # early is a day below none
    early = looked(*weeks(3.0, 1.0, 4.0, 2.0, 5.0, 1.0, 2.0, 1.0), of=days)
    assert min(one.low95 for one in early.fan) < 0


def test_a_share_of_cases_is_never_more_than_all() -> None:
    higher = answers.metric(better="higher")
    figures = weeks(0.99, 0.95, 1.0, 0.96, 0.99, 0.95, 0.98, 0.97)
    assert max(one.high95 for one in looked(*figures, of=higher).fan) == 1.0
    rate = replace(higher, can_exceed_1=True)
    assert max(one.high95 for one in looked(*figures, of=rate).fan) > 1.0


def test_only_what_came_after_the_last_phase_began_counts() -> None:
    figures = weeks(0.9, 0.9, *VALUES, first=34)
    since = looked(*figures, phases=(Phase(date(2026, 8, 31), "Everything is new"),))
    assert isinstance(since.chance, Chance)
    assert (since.chance.rests_on, since.chance.at) == (10, chance_of_target(VALUES, 3, 0.20, "lower"))


def test_what_can_still_change_is_not_known() -> None:
    found = looked(*weeks(*VALUES), answers.figure(46, 0.9, "maturing"))
    assert isinstance(found.chance, Chance)
    assert found.chance.rests_on == 10


def test_after_a_gap_the_figures_since_then_have_to_do() -> None:
    found = looked(*weeks(0.9, "withheld", *VALUES, first=34))
    assert isinstance(found.chance, Chance)
    assert found.chance.rests_on == 10
    short = looked(*weeks(*VALUES[:3], "withheld", *VALUES[3:], first=35)).chance
    assert isinstance(short, NoChance)
    assert (short.why, short.known, short.wanted) == ("gap", 7, 3)


@pytest.mark.parametrize(
    ("signal", "is_refused"), [("shift", True), ("outside", True), ("trend", False), ("two_of_three", False)]
)
def test_after_a_shift_that_nobody_made_a_phase_of_there_is_no_chance(signal: Any, is_refused: bool) -> None:
    run = Run("improvement", signal, "down", date(2026, 10, 5), 4, False)
    found = looked(*weeks(*VALUES), run=run)
    assert (found.chance == NoChance("new_usual", 10, 3)) == is_refused
    assert bool(found.fan) != is_refused
    assert isinstance(found.path, Path)  # where it should be is no forecast


def test_few_figures_and_far_ends_have_no_chance_but_a_day_from_which_they_may() -> None:
    few = looked(*weeks(*VALUES[-5:], first=41))
    assert few.chance == NoChance("few", 5, 3, None)  # three more are the end itself
    assert few.fan == ()
    later = replace(AIM, ends_on=date(2027, 1, 31))
    few = looked(*weeks(*VALUES[-5:], first=41), aim=later)
    assert few.chance == NoChance("few", 5, 12, date(2026, 12, 28))  # seven more: five ahead of twelve known
    far = looked(*weeks(*VALUES), aim=later)
    assert far.chance == NoChance("far", 10, 12, date(2026, 12, 14))  # five more: seven ahead of fifteen known
    assert len(far.fan) == 5  # half of what is known


@pytest.mark.parametrize(
    ("figures", "aim", "why"),
    [
        (weeks("withheld", "no_data"), AIM, "no_value"),
        (weeks(*VALUES), replace(AIM, ends_on=date(2026, 11, 17)), "over"),  # today is the 18th
        (weeks(*VALUES), replace(AIM, ends_on=date(2026, 11, 14)), "over"),  # W46 ends on the 15th
    ],
)
def test_without_a_value_or_when_it_is_over_there_is_no_chance(figures: Any, aim: Aim, why: Any) -> None:
    found = looked(*figures, aim=aim)
    assert isinstance(found.chance, NoChance)
    assert (found.chance.why, found.fan) == (why, ())
    assert isinstance(found.path, NoPath)


def test_where_neither_way_is_better_nothing_is_said() -> None:
    neither = course(*weeks(*VALUES), of=answers.metric(better="neither"))
    assert outlook(neither, AIM, Rules()) == NoOutlook("neither")
    assert outlook(course(*weeks(*VALUES)), None, Rules()) == NoOutlook("no_target")
    total = course(*weeks(0.2))
    assert outlook(replace(total, released=replace(total.released, by="total")), AIM, Rules()) == NoOutlook(
        "no_periods"
    )


def test_chances_are_shown_as_5_to_95_percent_at_most() -> None:
    assert [capped(one) for one in (0.0, 0.04, 0.05, 0.5, 0.95, 0.96, 1.0)] == [0.05, 0.05, 0.05, 0.5, 0.95, 0.95, 0.95]
