"""Numbers, periods and statuses as people read them. The no-break space before a unit is written as a blank here."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.charts import words
from metrics.answer import Figure
from tests.answers import figure, metric, progress, released


def plain(text: str) -> str:
    return text.replace(words.NBSP, " ")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.123, "share", "12.3 %"),
        (0.0, "share", "0.0 %"),
        (0.0001, "share", "under 0.1 %"),  # not none
        (0.9999, "share", "over 99.9 %"),  # not all
        (1.0, "share", "100.0 %"),
        (16.24, "hours", "16.2 h"),
        (1234.4, "hours", "1,234 h"),
        (1, "days", "1 day"),
        (1.5, "days", "1.5 days"),
        (-3, "days", "−3 days"),
        (1204, "count", "1,204"),
        (2.5, "people", "2.5"),
        (40000.4, "money", "40,000"),
    ],
)
def test_a_value_is_written_with_its_unit(value: float, unit: Any, text: str) -> None:
    assert plain(words.number(value, unit)) == text


def test_numbers_follow_the_locale() -> None:
    assert plain(words.number(1204.5, "hours", "de")) == "1.204 h"
    assert plain(words.number(0.5, "share", "fr")) == "50,0 %"


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("withheld", "withheld"),
        ("no_data", "no data"),
        ("too_early", "too early to say"),
        ("partial", "period not over"),
        ("maturing", "still maturing"),
    ],
)
def test_a_figure_without_a_value_says_why_and_is_never_zero_or_blank(state: Any, text: str) -> None:
    assert words.figure(figure(47, state), released()) == text  # of the running week


def test_why_something_is_withheld_names_the_minimum_and_that_it_may_be_large() -> None:
    assert words.few(released(minimum=25).minimum) == "fewer than 25, or beside such"


def test_a_value_that_can_still_change_says_so() -> None:
    assert plain(words.figure(figure(47, 0.112, "partial"), released())) == "11.2 % (period not over)"
    assert plain(words.figure(figure(46, 0.112, "partial"), released())) == "11.2 % (incomplete)"  # over since Monday
    assert plain(words.figure(figure(46, 0.112, "maturing"), released())) == "11.2 % (still maturing)"
    assert plain(words.figure(figure(46, 0.112, "final"), released())) == "11.2 %"


def test_who_is_still_to_come_is_named_beside_what_waits_for_it() -> None:
    waits = replace(released(figure(45, 0.1), figure(46, 0.2, "partial")), awaited=(("en.demo", date(2026, 11, 8)),))
    assert words.still_to_come(waits) == "Incomplete where data are still to come: of en.demo after 8 Nov 2026."
    assert words.still_to_come(released(figure(46, 0.2, "partial"))) == ""  # its feed began in the middle of the week
    assert words.still_to_come(replace(waits, figures=waits.figures[:1])) == ""
    assert words.still_to_come(replace(waits, figures=(figure(47, 0.2, "partial"),))) == ""  # it runs anyway
    many = replace(waits, awaited=tuple((f"w{at}", date(2026, 11, 8)) for at in range(5)))
    assert words.still_to_come(many).endswith("w1 after 8 Nov 2026, w2 after 8 Nov 2026 and 2 more wikis.")


def test_a_median_that_most_have_not_reached_is_not_no_data() -> None:
    waiting = Figure(date(2026, 11, 9), date(2026, 11, 15), "2026-W46", (), None, None, None, None, None, 40, "no_data")
    assert words.figure(waiting, released(of=metric(kind="duration"))) == "not reached yet"
    assert words.figure(waiting, released()) == "no data"


def test_an_approximate_value_says_how_far_from_the_exact_one_it_may_be() -> None:
    exact = figure(46, 9.0)
    near, nearer = replace(exact, error=0.01), replace(exact, error=0.0025)
    assert plain(words.approximate([exact, near, nearer], metric())) == "within 1 % of the exact value"
    assert plain(words.approximate([nearer], metric())) == "within 0.3 % of the exact value"
    assert words.approximate([exact], metric()) == ""
    assert words.approximate([near], metric(kind="distinct")).endswith("of the exact value, 19 times of 20")


def test_an_interval_has_both_ends_or_says_which_it_lacks() -> None:
    assert plain(words.interval(figure(46, 0.5, width=0.1), "share")) == "40.0 % to 60.0 %"
    assert words.interval(figure(46, 0.5), "share") == ""
    open_above = replace(figure(46, 9.0), low=5.0)  # of a median that the curve's upper bound never reaches
    assert plain(words.interval(open_above, "hours")) == "5.0 h or more"
    assert plain(words.interval(replace(open_above, low=None, high=12.0), "hours")) == "up to 12.0 h"


@pytest.mark.parametrize(
    ("difference", "unit", "text"),
    [
        (-0.021, "share", "−2.1 points"),
        (0.0002, "share", "no change"),
        (1.4, "hours", "+1.4 h"),
        (1, "days", "+1 day"),
        (-12, "count", "−12"),
        (0, "count", "no change"),
        (None, "count", "–"),
    ],
)
def test_a_change_has_a_sign_and_a_unit(difference: float | None, unit: Any, text: str) -> None:
    assert plain(words.change(difference, unit)) == text


def test_a_clear_fall_is_better_where_lower_is_better_and_only_a_fall_where_neither_is() -> None:
    answer = released(figure(45, 0.2), figure(46, 0.1))
    assert words.judgement(progress(answer, change_is_clear=True)) == "better"
    neither = released(figure(45, 0.2), figure(46, 0.1), of=metric(better="neither"))
    assert words.judgement(progress(neither, change_is_clear=True)) == "fell"


def test_a_metric_of_which_neither_way_is_better_is_never_on_or_off_target() -> None:
    neither = progress(released(figure(46, 0.2), of=metric(better="neither")), "missed")
    assert words.judged(neither) == "no_target"
    assert words.target(neither) == "–"
    assert words.judged(progress(released(figure(46, 0.2)), "missed")) == "missed"


def test_a_target_says_which_side_of_it_is_wanted() -> None:
    assert plain(words.target(progress(released(figure(46, 0.2))))) == "at most 15.0 %"
    assert plain(words.target(progress(released(figure(46, 0.2), of=metric(better="higher"))))) == "at least 15.0 %"


def test_a_status_is_a_symbol_and_words() -> None:
    assert [words.status(one) for one in ("met", "missed", "unclear", "no_target", "no_value")] == [
        "● On target", "▲ Off target", "◆ Too close to call", "– No target", "○ No value yet",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "label", "by", "text"),
    [
        ("2026-11-09", "2026-11-15", "2026-W46", "week", "week 46, 9–15 Nov 2026"),
        ("2025-12-29", "2026-01-04", "2026-W01", "week", "week 1, 29 Dec 2025 – 4 Jan 2026"),
        ("2026-11-08", "2026-11-14", "week of 2026-11-08", "week", "week 8–14 Nov 2026"),
        ("2026-11-01", "2026-11-30", "2026-11", "month", "November 2026"),
        ("2026-07-01", "2026-09-30", "2027Q1", "quarter", "July–September 2026 (2027 Q1)"),
        ("2026-07-01", "2027-06-30", "FY2027", "fiscal_year", "July 2026–June 2027 (FY2027)"),
        ("2026-07-01", "2026-08-02", "all", "total", "1 Jul – 2 Aug 2026"),
    ],
)
def test_a_period_is_written_in_words(start: str, end: str, label: str, by: Any, text: str) -> None:
    one = Figure(date.fromisoformat(start), date.fromisoformat(end), label, (), 1, None, None, None, None, 1, "final")
    assert words.period(one, by) == text


def test_things_are_counted_and_listed() -> None:
    assert [words.count(1, "week"), words.count(1204, "week"), words.count(2, "person", "people")] == [
        "1 week", "1,204 weeks", "2 people",
    ]  # fmt: skip
    assert [words.listed(one) for one in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


def test_where_space_is_short_a_period_is_its_name() -> None:
    week = figure(46, 1.0)
    named = {
        "week": week,
        "month": week,
        "quarter": replace(week, label="2027Q2"),
        "fiscal_year": replace(week, label="FY2027"),
    }
    told = [words.short_period(one, by) for by, one in named.items()]  # type: ignore[arg-type]
    assert told == ["week 46", "Nov 2026", "2027 Q2", "FY2027"]
    assert words.short_period(replace(week, label="week of 2026-11-08"), "week") == "week of 9 Nov 2026"
    assert words.short_period(week, "total") == "9–15 Nov 2026"
