"""A series as a control chart: which points count, which chart fits, since when it says something, and whether that is new."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.answer import Figure, Released, State
from metrics.course import WITHHELD, Course, Phase, course, phases_of
from metrics.semantic.model import Measure, Metric
from tests import answers

DAY = timedelta(days=1)
HOURS = answers.metric(id="wait", kind="mean", unit="hours", better="lower")
UP = answers.metric(id="reached", kind="mean", unit="hours", better="higher")
OPEN = answers.metric(id="open", kind="sum", unit="count", better="neither")
SURVEY = answers.metric(id="felt", kind="survey_share")
ROWS = Measure("count", "*")
SHARE = answers.metric(id="share", numerator=ROWS, denominator=ROWS)
QUIET = [10.0, 12.0, 11.0, 9.0, 10.0, 11.0, 10.0, 9.0, 11.0, 10.0, 12.0, 9.0, 10.0]


def week(at: int, value: float | State | None, **more: Any) -> Figure:
    """The figure of a week, counted from the first of 2025."""
    start = date(2024, 12, 30) + at * 7 * DAY
    state: State = value if isinstance(value, str) else "final"
    number = None if isinstance(value, str) else value
    told = {"numerator": None, "denominator": None, "n": None, "state": state, **more}
    return Figure(start, start + 6 * DAY, f"w{at}", (), number, None, None, **told)


def weeks(*values: float | State | None, of: Metric = HOURS) -> Released:
    return answers.released(*(week(at, one) for at, one in enumerate(values)), of=of)


def shares(*counts: tuple[float, float], of: Metric = SHARE) -> Released:
    figures = (week(at, x / n if n else None, numerator=x, denominator=n) for at, (x, n) in enumerate(counts))
    return answers.released(*figures, of=of)


def signals(found: Course) -> list[str | None]:
    return [one.signal for one in found.places]


def test_a_quiet_series_has_limits_and_no_run() -> None:
    found = course(weeks(*QUIET))
    mean_range = sum(abs(b - a) for a, b in pairwise(QUIET)) / 12
    assert found.places[0].center == pytest.approx(sum(QUIET) / 13)
    assert found.places[0].upper == pytest.approx(sum(QUIET) / 13 + 2.66 * mean_range)
    assert (found.chart, found.run, found.variation, found.trial, found.known_count) == (
        "xmr",
        None,
        "common",
        False,
        13,
    )


def test_a_point_beyond_the_limit_is_worse_where_lower_is_better_and_it_is_new() -> None:
    run = course(weeks(*QUIET, 30.0)).run
    assert run is not None
    assert (run.verdict, run.signal, run.direction, run.periods, run.is_new) == ("concern", "outside", "up", 1, True)
    assert run.since == week(13, 0).start


@pytest.mark.parametrize(("metric", "verdict"), [(HOURS, "concern"), (UP, "improvement"), (OPEN, "high")])
def test_the_metric_says_whether_higher_is_better_and_never_the_chart(metric: Metric, verdict: str) -> None:
    found = course(weeks(*QUIET, 30.0, of=metric))
    assert (found.variation, found.run and found.run.direction) == (verdict, "up")


def test_seven_points_below_the_mean_are_one_run_that_is_new_in_the_seventh_week_alone() -> None:
    low = [8.0, 7.5, 8.0, 7.8, 8.0, 7.5, 8.0]
    seven, eight = course(weeks(*QUIET, *low)).run, course(weeks(*QUIET, *low, 7.8)).run
    assert seven is not None
    assert eight is not None
    assert (seven.signal, seven.periods, seven.is_new, seven.verdict) == ("shift", 7, True, "improvement")
    assert (eight.periods, eight.since, eight.is_new) == (8, week(13, 0).start, False)


def test_a_run_of_several_rules_is_told_as_a_shift_where_all_its_points_are_on_one_side() -> None:
    found = course(weeks(*QUIET, 8.0, 7.5, 8.0, 7.8, 8.0, 7.5, 8.0, -20.0))
    assert found.places[-1].signal == "outside"
    assert found.run is not None
    assert (found.run.signal, found.run.periods) == ("shift", 8)


def test_a_short_run_of_several_rules_is_told_by_its_last_one() -> None:
    run = course(weeks(*QUIET * 4, 13.6, 13.8, 19.0)).run
    assert run is not None
    assert (run.periods, run.signal) == (3, "outside")


def test_a_run_does_not_reach_back_into_another_phase() -> None:
    rising = [
        (100_000, 1_000_000),
        *((x, 100) for x in range(12, 19)),
        (200_000, 1_000_000),
        *((x, 100) for x in range(22, 29)),
    ]
    found = course(shares(*rising), [Phase(week(8, 0).start, "why")])
    assert found.places[7].verdict == found.variation == "concern"
    assert found.run is not None
    assert (found.run.periods, found.run.since, found.run.signal) == (8, week(8, 0).start, "trend")


def test_a_period_that_is_not_over_or_still_maturing_is_no_point_and_has_no_say() -> None:
    settled, running = course(weeks(*QUIET)), [week(13, 90.0, state="partial"), week(14, 95.0, state="maturing")]
    found = course(replace(settled.released, figures=(*settled.released.figures, *running)))
    assert found.places[:13] == settled.places
    assert signals(found)[13:] == [None, None]
    assert (found.run, found.variation, found.last) == (None, "common", settled.places[-1])


def test_a_withheld_period_keeps_its_place_and_breaks_a_run() -> None:
    found = course(weeks(*QUIET, 8.0, 7.5, 8.0, "withheld", 7.8, 8.0, 7.5, 8.0))
    assert (len(found.places), found.places[16].signal, found.places[16].figure.state) == (21, None, "withheld")
    assert found.run is None


def test_without_values_nothing_is_said() -> None:
    for found in (course(weeks()), course(weeks("no_data", "withheld"))):
        assert (found.run, found.variation, found.assurance, found.trial, found.last) == (None, None, None, True, None)
    assert course(weeks(10.0)).variation == "common"


def test_several_groups_are_several_courses() -> None:
    two = answers.released(
        replace(week(0, 1), group=("a",)), replace(week(0, 1), group=("b",)), split=("wiki",), of=HOURS
    )
    with pytest.raises(ValueError, match="the answer has 2"):
        course(two)
    assert len(course(two.of("a")).places) == 1


def test_shares_of_cases_get_limits_that_follow_them_and_the_centre_is_that_of_all_cases() -> None:
    found = course(shares(*[(20, 100), (90, 300)] * 7))
    assert (found.chart, found.places[0].center) == ("p", pytest.approx(110 / 400))
    spreads = [one.upper - one.center for one in found.places[:2] if one.upper and one.center]
    assert spreads[0] == pytest.approx(spreads[1] * 3**0.5)


def test_where_cases_may_not_be_shown_the_limits_come_from_the_values_and_that_is_said() -> None:
    answer = shares(*[(20, 100), (90, 300)] * 7)
    hidden = replace(answer.figures[3], numerator=None)
    found = course(replace(answer, figures=(*answer.figures[:3], hidden, *answer.figures[4:])))
    assert (found.chart, "may show its cases" in found.why) == ("xmr", True)
    gone = replace(hidden, value=None, denominator=None, state="withheld")  # that one is no point at all
    assert course(replace(answer, figures=(*answer.figures[:3], gone, *answer.figures[4:]))).chart == "p"


def test_a_ratio_of_what_is_no_count_of_cases_never_gets_limits_of_chance() -> None:
    money = Measure("sum", "amount")
    found = course(shares(*[(20, 100), (90, 300)] * 7, of=replace(SHARE, numerator=money, denominator=money)))
    assert (found.chart, "no count out of cases" in found.why) == ("xmr", True)


@pytest.mark.parametrize(
    ("answer", "chart"),
    [
        (weeks(0, 1, 0, 0, 2, 0, 1, 0, 0, 1, of=replace(OPEN, kind="count")), "c"),
        (shares(*[(1, 100), (0, 300)] * 7), "p"),
        (shares(*[(1, 0.5), (0, 3)] * 7), "u"),
    ],
)
def test_rare_events_have_limits_of_chance_and_it_is_said_what_would_say_more(answer: Released, chart: str) -> None:
    found = course(answer)
    assert (found.chart, "Events are rare" in found.why, "would say more" in found.why) == (chart, True, True)


def test_neighbours_of_a_survey_are_its_waves_not_the_months_between_them() -> None:
    waves = [0.2, "no_data", 0.21, "no_data", 0.19, "no_data", 0.2, "no_data", 0.5, "partial"]
    found = course(weeks(*waves, of=SURVEY))  # type: ignore[arg-type]
    alone = course(weeks(0.2, 0.21, 0.19, 0.2, 0.5, of=SURVEY))
    assert [(one.signal, one.upper) for one in found.places[:9:2]] == [(one.signal, one.upper) for one in alone.places]
    assert found.places[1].center == found.places[0].center  # the lines go on; nothing is judged
    assert (len(found.places), found.known_count, "survey share" in found.why) == (10, 5, True)
    hidden = course(weeks(0.2, "withheld", 0.21, of=SURVEY))
    assert hidden.places[0].upper is None  # a withheld wave lies between: there is no range of neighbours


def test_a_phase_begins_with_the_first_period_that_starts_on_its_day_or_later() -> None:
    values, wednesday = [*QUIET, *(one + 30 for one in QUIET)], week(12, 0).start + 2 * DAY
    found = course(weeks(*values), [Phase(wednesday, "why")])
    assert [one.center for one in found.places] == pytest.approx([sum(QUIET) / 13] * 13 + [sum(QUIET) / 13 + 30] * 13)
    assert (found.run, found.known_count, len(found.phases)) == (None, 13, 1)
    without = course(weeks(*values)).run
    assert without is not None
    assert (without.verdict, without.since) == ("concern", week(13, 0).start)


def test_phases_outside_the_series_change_nothing() -> None:
    first, last = week(0, 0), week(12, 0)
    plain = course(weeks(*QUIET))
    for day in (first.start - DAY, first.start, last.start + DAY):
        assert course(weeks(*QUIET), [Phase(day, "why")]) == plain
    new = course(weeks(*QUIET), [Phase(last.start, "why")])
    assert (new.known_count, new.trial, new.assurance, new.places[-1].upper) == (1, True, None, None)


def test_a_phase_of_a_survey_without_a_wave_yet_has_no_lines() -> None:
    found = course(weeks(0.2, "no_data", 0.21, "no_data", of=SURVEY), [Phase(week(3, 0).start, "why")])
    assert [one.center is None for one in found.places] == [False, False, False, True]
    assert (found.known_count, found.run) == (0, None)


def test_a_phase_that_has_no_settled_value_yet_leaves_the_last_word_to_the_one_before() -> None:
    answer = weeks(*QUIET, 30.0, "partial")
    found = course(answer, [Phase(week(14, 0).start, "why")])
    assert (found.run is not None, found.variation, found.known_count, found.trial) == (True, "concern", 0, True)


@pytest.mark.parametrize(
    ("metric", "target", "assurance"),
    [(HOURS, 99, "pass"), (HOURS, 1, "fail"), (HOURS, 10, "inconsistent"), (UP, 99, "fail"), (OPEN, 99, None)],
)
def test_whether_the_target_will_be_met(metric: Metric, target: float, assurance: str) -> None:
    assert course(weeks(*QUIET, of=metric), target=target).assurance == assurance


def test_a_phase_holds_where_the_answer_is_narrowed_to_all_that_it_names() -> None:
    def row(metric: str, filters: str, day: int) -> dict[str, Any]:
        return {
            "metric": metric,
            "filters": filters,
            "starts_on": date(2026, 1, day),
            "why": str(day),
            "is_comparable": True,
        }

    assert phases_of(weeks(*QUIET), [{**row("wait", "{}", 1), "starts_on": datetime(2026, 1, 1)}])[0].starts_on == date(
        2026, 1, 1
    )
    rows = [
        row("wait", '{"wiki": "a"}', 3),
        row("wait", "{}", 2),
        row("other", "{}", 4),
        row("wait", '{"wiki": "b"}', 5),
    ]
    everywhere = weeks(*QUIET)
    of_a = replace(everywhere, where=(("wiki", "a"), ("scope", "partial")))
    split = replace(everywhere, split=("wiki",), figures=(replace(week(0, 1), group=("a",)),))
    assert [one.why for one in phases_of(everywhere, rows)] == ["2"]
    assert [one.why for one in phases_of(of_a, rows)] == ["2", "3"]
    assert [one.why for one in phases_of(split, rows)] == ["2", "3"]


def test_what_counts_people_without_an_account_begins_anew_with_temporary_accounts() -> None:
    wikis = [{"wiki": "a", "temporary_accounts_from": date(2026, 2, 1)}, {"wiki": "b", "temporary_accounts_from": None}]

    def begun(metric: Metric, *where: tuple[str, str]) -> list[tuple[date, bool]]:
        answer = replace(weeks(*QUIET, of=metric), where=where)
        return [(one.starts_on, one.is_comparable) for one in phases_of(answer, (), wikis)]

    blocks = replace(OPEN, id="blocks_set")
    assert begun(blocks, ("target_kind", "ipv4"), ("wiki", "a")) == [(date(2026, 2, 1), False)]
    assert begun(replace(OPEN, id="temporary_account_blocks"), ("wiki", "a")) == [(date(2026, 2, 1), False)]
    assert begun(blocks, ("target_kind", "account"), ("wiki", "a")) == begun(blocks, ("wiki", "a")) == []
    assert begun(blocks, ("target_kind", "ipv4"), ("wiki", "b")) == begun(blocks, ("target_kind", "ipv4")) == []


NUMBERS = st.lists(st.one_of(st.integers(0, 40), st.none()), min_size=1, max_size=30)


def rules(found: Course) -> list[tuple[Any, ...]]:
    return [(one.signal, one.verdict, one.conflicts) for one in found.places]


@given(NUMBERS, st.integers(-50, 50), st.sampled_from([0.5, 2, 8]))
def test_another_zero_or_another_unit_changes_no_signal(values: Sequence[int | None], shift: int, scale: float) -> None:
    moved = [None if one is None else one * scale + shift for one in values]
    assert rules(course(weeks(*moved))) == rules(course(weeks(*values)))


@given(NUMBERS, st.data())
def test_what_is_withheld_never_shows_in_the_lines(values: Sequence[int | None], data: Any) -> None:
    at = data.draw(st.integers(0, len(values) - 1))
    other = data.draw(st.integers(0, 1000))
    answers_of_both = []
    for hidden in (values[at], other):
        figures = list(weeks(*values).figures)
        figures[at] = replace(figures[at], value=None if hidden is None else float(hidden), state="withheld")
        answers_of_both.append(course(answers.released(*figures, of=HOURS)))
    one, two = answers_of_both
    assert [place.center for place in one.places] == [place.center for place in two.places]
    assert rules(one) == rules(two)


@given(NUMBERS, st.integers(0, 10_000))
def test_a_period_that_runs_never_makes_a_signal(values: Sequence[int | None], running: int) -> None:
    settled = course(weeks(*values))
    figures = (*settled.released.figures, week(len(values), float(running), state="partial"))
    found = course(replace(settled.released, figures=figures))
    assert (found.run, found.variation, rules(found)[:-1]) == (settled.run, settled.variation, rules(settled))
    assert found.places[-1].verdict == "common"


@given(NUMBERS)
def test_what_is_new_is_what_the_same_answer_a_period_ago_did_not_say(values: Sequence[int | None]) -> None:
    found = course(weeks(*values))
    if found.run is not None:
        last = next(at for at in reversed(range(len(values))) if values[at] is not None)
        before = course(weeks(*values[:last])).run
        assert found.run.is_new == (before is None or before.verdict != found.run.verdict)
        assert all(one.verdict == found.run.verdict for one in found.places[last - found.run.periods + 1 : last + 1])


def test_where_more_than_a_tenth_of_the_periods_is_withheld_there_are_points_and_no_verdict() -> None:
    """What is small is withheld and a zero is not, so that what is left is not like the whole."""
    told, silent = (course(weeks(*["withheld"] * gone, *[10.0, 12.0] * 14, 11.0), target=50.0) for gone in (3, 4))
    assert (told.is_selective, silent.is_selective) == (False, True)
    assert (told.variation, told.assurance) == ("common", "pass")
    assert [one.center for one in told.places] == pytest.approx([11.0] * 32)
    assert {(one.center, one.lower, one.signal) for one in silent.places} == {(None, None, None)}
    assert (silent.run, silent.variation, silent.assurance, silent.why) == (None, None, None, WITHHELD)
    assert silent.last is not None
