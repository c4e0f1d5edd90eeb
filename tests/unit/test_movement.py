"""A change is taken apart by groups: by their own rates and by their weight, and sums to the change of the whole."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import catalog, withhold
from metrics.answer import Figure, Released
from metrics.course import Phase
from metrics.movement import movement
from metrics.reason import Contribution, Movement, SideBySide, Unexplained
from metrics.semantic.model import Audience
from tests import answers, courses

SHARE = replace(catalog.definitions()["block_recidivism_30d"], mature_after=None)
COUNT = catalog.definitions()["cases_opened"]
MEDIAN = catalog.definitions()["first_response_median_hours"]
Cases = tuple[int, int] | str | None  # with the event, among how many; or a state; or no figure at all


def share(week: int, cases: Cases, *group: str) -> Figure:
    if not isinstance(cases, tuple):
        return answers.figure(week, cases or "no_data", group=group)
    x, n = cases
    one = answers.figure(week, x / n if n else "no_data", group=group)
    return replace(one, numerator=float(x), denominator=float(n), n=n) if n else one


def count(week: int, value: float | str, *group: str) -> Figure:
    one = answers.figure(week, value, group=group)  # type: ignore[arg-type]
    return replace(one, n=None if one.value is None else round(one.value))


def taken_apart(whole: list[Figure], parts: list[Figure], of: Any = SHARE, **asked: Any) -> Any:
    parted = answers.released(*parts, split=("wiki",), of=of, minimum=5)
    return movement(answers.released(*whole, of=of, minimum=5), parted, **asked)


def by_group(found: Movement) -> dict[str, Contribution]:
    return {one.group[0] if one.group else "all others": one for one in found.parts}


def test_a_change_is_what_groups_did_and_how_much_they_weighed() -> None:
    found = taken_apart(
        [share(40, (30, 100)), share(41, (46, 100))],
        [share(40, (10, 50), "a"), share(40, (20, 50), "b"), share(41, (6, 20), "a"), share(41, (40, 80), "b")],
    )  # a: 20 % of half, then 30 % of a fifth; b: 40 % of half, then 50 % of four fifths
    a, b = by_group(found)["a"], by_group(found)["b"]
    assert found.rate == pytest.approx(0.1)  # both rose by 10 points
    assert found.mix == pytest.approx(0.06)  # 30 points of weight moved from 25 % to 45 %
    assert (a.rate, b.rate) == (pytest.approx(0.035), pytest.approx(0.065))
    assert (a.mix, b.mix) == (pytest.approx(-0.3 * (0.25 - 0.38)), pytest.approx(0.3 * (0.45 - 0.38)))
    assert (a.weight_before, a.weight_after, a.before, a.after) == (0.5, 0.2, 0.2, 0.3)
    assert [one.group for one in found.parts] == [("b",), ("a",)]  # the larger contribution first
    assert found.change.difference.size == pytest.approx(0.16)


def test_what_the_public_reads_adds_up_to_the_change_before_rounding_and_says_so() -> None:
    """12.4 % of 1,000 became 15.0 % of 1,000: from 12 % to 15 %, and yet 2.6 points."""
    whole = [share(40, (124, 1000)), share(41, (150, 1000))]
    parts = [share(40, (62, 500), "a"), share(40, (62, 500), "b"), share(41, (75, 500), "a"), share(41, (75, 500), "b")]
    told = [answers.released(*one, of=SHARE, split=by, minimum=5) for one, by in ((whole, ()), (parts, ("wiki",)))]
    public = [replace(one, audience="public", figures=withhold.release(SHARE, one.figures, "public")) for one in told]
    found, exact = movement(*public), movement(*told)
    assert isinstance(found, Movement)
    assert isinstance(exact, Movement)
    assert found.change.difference.size == pytest.approx(0.03)
    assert sum(one.total for one in found.parts) == found.unrounded == pytest.approx(0.026)
    assert [(one.before, one.after) for one in found.parts] == [(0.12, 0.15), (0.12, 0.15)]
    assert "before that" in found.words
    assert exact.unrounded is None
    assert "before that" not in exact.words


def test_a_group_that_came_or_went_is_listed_and_its_change_is_all_mix() -> None:
    found = taken_apart(
        [share(40, (20, 100)), share(41, (35, 100))],
        [share(40, (10, 50), "a"), share(41, (10, 50), "a"), share(40, (10, 50), "went"), share(41, (25, 50), "came")],
    )
    told = by_group(found)
    assert (told["came"].before, told["came"].after, told["came"].rate) == (None, 0.5, 0)
    assert (told["went"].before, told["went"].after, told["went"].rate) == (0.2, None, 0)
    assert found.rate == pytest.approx(0)
    assert found.mix == pytest.approx(0.15)


def test_each_part_of_an_amount_has_its_share_of_the_change() -> None:
    """a 20 more, b 10 more, c 5 less: 25 more in all, of which a made four fifths, and c a fifth the other way."""
    found = taken_apart(
        [count(40, 100), count(41, 125)],
        [
            *(count(40, 40, "a"), count(40, 40, "b"), count(40, 20, "c")),
            *(count(41, 60, "a"), count(41, 50, "b"), count(41, 15, "c")),
        ],
        of=COUNT,
    )
    assert {one.group: share for one, share in zip(found.parts, found.shares, strict=True)} == {
        ("a",): 0.8, ("b",): 0.4, ("c",): -0.2,
    }  # fmt: skip


def test_parts_that_cancel_and_parts_of_rates_have_no_share() -> None:
    cancelled = taken_apart(
        [count(40, 100), count(41, 100)],
        [count(40, 40, "a"), count(40, 60, "b"), count(41, 60, "a"), count(41, 40, "b")],
        of=COUNT,
    )
    rates = taken_apart(
        [share(40, (30, 100)), share(41, (46, 100))],
        [share(40, (10, 50), "a"), share(40, (20, 50), "b"), share(41, (6, 20), "a"), share(41, (40, 80), "b")],
    )
    assert cancelled.shares == rates.shares == (None, None)


def test_a_mean_moves_by_mix_and_rate_too() -> None:
    found = taken_apart(
        [share(40, (100, 20)), share(41, (160, 20))],
        [share(40, (100, 20), "a"), share(41, (100, 10), "a"), share(41, (60, 10), "b")],
        of=replace(SHARE, kind="mean", measure=SHARE.numerator),
    )
    assert found.rate + found.mix == pytest.approx(8 - 5)


def test_counts_are_differences_and_sum_to_the_change() -> None:
    found = taken_apart(
        [count(40, 100), count(41, 130)],
        [count(40, 60, "a"), count(41, 50, "a"), count(40, 40, "b"), count(41, 70, "b"), count(41, 10, "new")],
        of=COUNT,
    )
    assert {one.group: (one.before, one.after, one.total) for one in found.parts} == {
        ("b",): (40, 70, 30), ("a",): (60, 50, -10), ("new",): (None, 10, 10),
    }  # fmt: skip
    assert (found.mix, found.rate) == (None, None)


def test_groups_withheld_in_either_period_are_one_row_together() -> None:
    found = taken_apart(
        [count(40, 100), count(41, 100)],
        [
            count(40, 90, "a"), count(41, 70, "a"),
            count(40, "withheld", "b"), count(41, 20, "b"),
            count(40, "withheld", "c"), count(41, 10, "c"),
        ],
        of=COUNT,
    )  # fmt: skip
    assert {name: (one.before, one.after) for name, one in by_group(found).items()} == {
        "a": (90, 70), "all others": (10, 30),
    }  # fmt: skip
    assert found.withheld == 2
    assert found.parts[-1].group is None  # last, though it is no smaller


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ([count(40, 88, "a"), count(40, "withheld", "b")], "lone_group"),
        ([count(40, 97, "a"), count(40, "withheld", "b"), count(40, "withheld", "c")], "few_left"),
        ([count(40, "withheld", "a"), count(40, "withheld", "b")], "no_group"),
        ([count(40, 80, "a"), count(40, 80, "b")], "not_summing"),
    ],
)
def test_nothing_is_said_where_the_rest_would_tell_of_few(second: list[Figure], why: str) -> None:
    first = [count(39, 100, "a")]
    assert taken_apart([count(39, 100), count(40, 100)], [*first, *second], of=COUNT) == Unexplained(why)  # type: ignore[arg-type]


def test_for_the_public_few_with_the_event_are_few_too() -> None:
    whole = [share(40, (50, 100)), share(41, (50, 100))]
    parts = [
        share(40, (50, 100), "a"),
        share(41, (48, 60), "a"),
        share(41, "withheld", "b"),
        share(41, "withheld", "c"),
    ]
    assert isinstance(taken_apart(whole, parts), Movement)
    told = [
        answers.released(*one, of=SHARE, split=split, minimum=5) for one, split in ((whole, ()), (parts, ("wiki",)))
    ]
    public = [replace(one, audience="public") for one in told]
    assert movement(*public) == Unexplained("few_left")  # two of forty


def test_the_whole_time_is_one_figure_that_did_not_change() -> None:
    whole = answers.released(count(40, 9), of=COUNT)
    assert movement(replace(whole, by="total"), whole) == Unexplained("no_before")


def test_groups_of_more_cases_than_there_are_do_not_sum_to_them() -> None:
    whole = [share(40, (10, 100)), share(41, (10, 100))]
    assert taken_apart(whole, [share(40, (5, 120), "a"), share(41, (5, 50), "a")]) == Unexplained("not_summing")


def test_a_share_above_the_line_that_groups_do_not_leave_is_no_rest() -> None:
    found = taken_apart(
        [share(40, (10, 100)), share(41, (10, 100))], [share(40, (30, 50), "a"), share(41, (10, 100), "a")]
    )
    assert found == Unexplained("not_summing")
    rates = replace(SHARE, can_exceed_1=True)
    parts = [share(40, (5, 90), "a"), share(41, (10, 100), "a")]
    assert isinstance(taken_apart([share(40, (20, 100)), share(41, (10, 100))], parts, of=rates), Movement)


def test_sums_may_be_negative_and_public_ones_are_rounded() -> None:
    hours = replace(catalog.definitions()["rota_gap_hours"], kind="sum", release={"public": 0})
    parts = [answers.figure(40, 1.2, group=("a",)), answers.figure(40, 1.3, group=("b",))]
    later = [answers.figure(41, 4.0, group=("a",)), answers.figure(41, -1.0, group=("b",))]
    whole = [answers.figure(40, 2.6), answers.figure(41, 3.0)]
    told = [
        answers.released(*one, of=hours, split=split, minimum=0)
        for one, split in ((whole, ()), ([*parts, *later], ("wiki",)))
    ]
    assert [one.group for one in movement(*told).parts] == [("a",), ("b",), None]  # type: ignore[union-attr]
    public = [replace(one, audience="public") for one in told]
    assert [one.group for one in movement(*public).parts] == [("a",), ("b",)]  # type: ignore[union-attr]


def test_medians_stand_side_by_side() -> None:
    def median(week: int, value: float | str, *group: str) -> Figure:
        return answers.figure(week, value, group=group, width=2.0)  # type: ignore[arg-type]

    found = taken_apart(
        [median(40, 20.0), median(41, 12.0)],
        [
            median(40, 20.0, "a"),
            median(41, 10.0, "a"),
            median(40, 21.0, "b"),
            median(41, 20.0, "b"),
            median(41, "withheld", "c"),
        ],
        of=MEDIAN,
    )
    assert isinstance(found, SideBySide)
    assert [(one.after.group, one.difference.size, one.difference.is_clear) for one in found.groups] == [
        (("a",), -10.0, True), (("b",), -1.0, False),
    ]  # fmt: skip
    assert found.unshown == 1
    assert taken_apart([median(40, 20.0), median(41, 12.0)], [], of=MEDIAN) == Unexplained("no_group")


def test_the_earlier_period_is_the_settled_one_before() -> None:
    parts = [count(38, 50, "a"), count(40, 60, "a"), count(41, 9, "a")]
    whole = [count(38, 50), count(39, "no_data"), count(40, 60), replace(count(41, 9), state="partial")]
    found = taken_apart(whole, parts, of=COUNT)
    assert (found.change.before.label, found.change.after.label) == ("2026-W38", "2026-W40")


@pytest.mark.parametrize(
    ("whole", "asked", "why"),
    [
        ([], {}, "no_value"),
        ([count(40, "withheld")], {}, "no_value"),
        ([count(40, 9)], {}, "no_before"),
        ([count(39, 9), count(40, 9)], {"against": "year_before"}, "no_year_before"),
    ],
)
def test_without_two_periods_there_is_no_change(whole: list[Figure], asked: Any, why: str) -> None:
    assert taken_apart(whole, [], of=COUNT, **asked) == Unexplained(why)  # type: ignore[arg-type]


def dated(start: date, label: str, value: float = 50.0, *group: str) -> Figure:
    return replace(count(40, value, *group), start=start, end=start + timedelta(days=6), label=label)


@pytest.mark.parametrize(
    ("before", "after", "label", "is_shifted"),
    [
        (date(2025, 9, 29), date(2026, 9, 28), "2026-W40", False),
        (date(2025, 12, 29), date(2027, 1, 4), "2027-W01", False),  # 53 weeks, since 2026 has so many
        (date(2025, 12, 29), date(2026, 12, 28), "2026-W53", True),  # 2025 has no week 53: 364 days
        (date(2025, 9, 28), date(2026, 9, 27), "week of 2026-09-27", False),  # weeks from Sunday have no number
    ],
)
def test_a_year_before_a_week_is_the_same_iso_week(before: date, after: date, label: str, is_shifted: bool) -> None:
    whole = [dated(before, "then", 40.0), dated(after, label)]
    found = taken_apart(whole, [dated(before, "then", 40.0, "a"), dated(after, label, 50.0, "a")], of=COUNT,
                        against="year_before")  # fmt: skip
    assert (found.change.before.start, found.change.is_shifted) == (before, is_shifted)


def test_a_year_before_a_month_is_the_same_month() -> None:
    whole = [
        dated(date(2025, 10, 1), "2025-10", 40.0),
        dated(date(2026, 9, 1), "2026-09"),
        dated(date(2026, 10, 1), "2026-10"),
    ]
    told = replace(answers.released(*whole, of=COUNT), by="month")
    parts = [replace(one, group=("a",)) for one in whole]
    found = movement(told, answers.released(*parts, of=COUNT, split=("wiki",)), "year_before")
    assert isinstance(found, Movement)
    assert found.change.before.label == "2025-10"


def test_the_control_chart_says_whether_the_later_period_is_usual() -> None:
    whole, parts = [count(40, 50), count(41, 90)], [count(40, 50, "a"), count(41, 90, "a")]
    told = answers.released(*whole, of=COUNT)
    usual, beyond = (
        courses.course(told, (60.0, 20.0, 100.0)),
        courses.course(told, (60.0, 20.0, 80.0), verdicts={1: "high"}),
    )
    assert taken_apart(whole, parts, of=COUNT, course=usual).change.is_usual is True
    assert taken_apart(whole, parts, of=COUNT, course=beyond).change.is_usual is False
    assert taken_apart(whole, parts, of=COUNT, course=courses.course(told, (60.0, None, None))).change.is_usual is None
    assert taken_apart(whole, parts, of=COUNT).change.is_usual is None


def test_what_means_another_thing_since_is_not_compared() -> None:
    whole, parts = [count(40, 50), count(41, 90)], [count(40, 50, "a"), count(41, 90, "a")]
    told = courses.course(answers.released(*whole, of=COUNT), (60.0, 20.0, 100.0))
    for is_comparable, why in ((True, False), (False, True)):
        phase = Phase(date(2026, 10, 5), "temporary accounts", is_comparable)
        found = taken_apart(whole, parts, of=COUNT, course=replace(told, phases=(phase,)))
        assert (found == Unexplained("not_comparable")) == why


TABLE = st.dictionaries(
    st.sampled_from("abcde"), st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)),
    min_size=1,
)  # fmt: skip


@given(TABLE, st.sampled_from(["program", "executive", "public"]), st.sets(st.sampled_from("abcde"), max_size=2))
def test_no_withheld_group_can_be_read_from_what_is_said(
    rows: dict[str, tuple[int, ...]], audience: Audience, also: set[str]
) -> None:
    """Rows: with the event and without, in two weeks. also: withheld in the later one for a reason of another answer."""
    cells = {
        (name, week): (row[at], row[at] + row[at + 1]) for name, row in rows.items() for week, at in ((40, 0), (41, 2))
    }
    whole = [
        share(week, (sum(cells[name, week][0] for name in rows), sum(cells[name, week][1] for name in rows)))
        for week in (40, 41)
    ]
    parts = [share(week, cells[name, week], name) for name in sorted(rows) for week in (40, 41)]
    minimum = SHARE.release[audience]
    released = [
        Released(
            SHARE,
            "week",
            split,
            (),
            audience,
            withhold.release(SHARE, one, audience),
            "1",
            date(2026, 11, 19),
            minimum,
            True,
        )
        for one, split in ((whole, ()), (parts, ("wiki",)))
    ]
    figures = [
        withhold.withheld(one) if (one.group[0] in also and one.label == "2026-W41") else one
        for one in released[1].figures
    ]
    released[1] = replace(released[1], figures=tuple(figures))
    hidden = {(one.group[0], int(one.label[-2:])) for one in released[1].figures if one.state == "withheld"}
    found = movement(*released)
    if not isinstance(found, Movement):
        return
    for week in (40, 41):
        names = [name for name, at in hidden if at == week]
        together = sum(cells[name, week][1] for name in names)
        assert not names or (len(names) > 1 and (together == 0 or together >= minimum))
    assert not {name for name, _ in hidden} & {one.group[0] for one in found.parts if one.group}
    assert sum(one.total for one in found.parts) == pytest.approx((found.mix or 0) + (found.rate or 0))
    counts = [one.numerator / one.denominator for one in (found.change.before, found.change.after)]  # type: ignore[operator]
    assert sum(one.total for one in found.parts) == pytest.approx(counts[1] - counts[0], abs=1e-12)
