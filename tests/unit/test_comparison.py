"""A funnel says which members are unlike the others for their size, and of how many nothing may be said."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from metrics import catalog
from metrics.answer import Figure, Released
from metrics.comparison import Comparison, NoFunnel, comparison, kind_refused, year_until
from metrics.stats.funnel import funnel
from tests import answers

SHARE = catalog.definitions()["block_recidivism_30d"]
EIGHT: dict[str, Any] = dict.fromkeys("abcdefgh", (20, 100))


def parts(cells: dict[str, tuple[int, int] | str], week: int = 40, of: Any = SHARE) -> Released:
    return answers.released(*(figure(name, one, week) for name, one in cells.items()), split=("wiki",), of=of)


def figure(name: str, cell: tuple[int, int] | str, week: int = 40) -> Figure:
    if isinstance(cell, str):
        return answers.figure(week, cell, group=(name,))  # type: ignore[arg-type]
    x, n = cell
    return replace(answers.figure(week, x / n, group=(name,)), numerator=float(x), denominator=float(n), n=n)


def all_of(x: int, n: int, week: int = 40, of: Any = SHARE) -> Released:
    return answers.released(replace(answers.figure(week, x / n), numerator=float(x), denominator=float(n), n=n), of=of)


def compared(cells: Any, **changed: Any) -> Comparison:
    whole = changed.pop("whole", None)
    found = comparison(parts(cells, **changed), whole)
    assert isinstance(found, Comparison)
    return found


def test_a_member_beyond_the_limits_is_unlike_the_others_and_stands_by_its_name() -> None:
    found = compared({"z": (20, 100), "low": (100, 1000), "b": (200, 1000), "high": (300, 1000)})
    assert [(one.name, one.is_unlike, one.is_above) for one in found.members] == [
        ("b", False, False), ("high", True, True), ("low", True, False), ("z", False, False),
    ]  # fmt: skip
    assert found.center == pytest.approx(620 / 3100)
    assert [one.name for one in found.unlike] == ["high", "low"]
    assert (found.overdispersion, found.label) == (0.0, "2026-W40")


def test_the_same_share_of_few_is_like_the_others() -> None:
    found = compared({"large": (300, 1000), "small": (3, 10), "b": (200, 1000), "c": (200, 1000)})
    assert {one.name: (one.is_unlike, one.is_small) for one in found.members} == {
        "large": (True, False), "small": (False, True), "b": (False, False), "c": (False, False),
    }  # fmt: skip


def test_of_many_looked_at_one_just_beyond_is_no_find() -> None:
    """By itself p is .0017, just beyond 99.8 %; 60 looks make it .10."""
    many: dict[str, Any] = {f"m{number:02}": (200, 1000) for number in range(59)}
    found = compared({**many, "one": (242, 1000)})
    one = found.members[-1]
    assert one.is_beyond
    assert not one.is_unlike
    assert one.adjusted_p == pytest.approx(0.10, abs=0.01)


def test_members_that_differ_anyway_have_wider_limits() -> None:
    spread: dict[str, Any] = {f"m{number:02}": (100 + 20 * number, 1000) for number in range(12)}
    found = compared(spread)
    assert found.overdispersion > 0
    assert not found.unlike


def test_the_curve_goes_through_the_limits_of_the_members() -> None:
    found = compared({"a": (10, 50), "b": (100, 500), "c": (900, 5000)})
    drawn = funnel([10, 100, 900], [50, 500, 5000])
    for at, limits in ((0, found.curve[0]), (2, found.curve[-1])):
        assert (limits.low95, limits.high95) == (pytest.approx(drawn.low95[at]), pytest.approx(drawn.high95[at]))
        assert (limits.low998, limits.high998) == (pytest.approx(drawn.low998[at]), pytest.approx(drawn.high998[at]))
    assert len(compared({"a": (1, 9), "b": (2, 9), "c": (3, 9)}).curve) == 1


def test_withheld_members_are_counted_and_not_drawn() -> None:
    found = compared({**EIGHT, "x": "withheld", "y": "no_data"}, whole=all_of(200, 1000))
    assert (len(found.members), found.withheld, found.absent, found.center) == (8, 1, 1, 0.2)


def test_those_shown_are_measured_against_all_and_not_against_themselves() -> None:
    """Of the eight shown one has .12, of all with those withheld .12, too; against the shown alone it is unlike."""
    cells: dict[str, Any] = {**dict.fromkeys("abcdefg", (200, 1000)), "h": (120, 1000)}
    alone, beside = compared(cells), compared({**cells, "x": "withheld", "y": "withheld"}, whole=all_of(2160, 18000))
    assert (alone.center, beside.center) == (0.19, 0.12)
    assert [one.name for one in alone.unlike] == ["h"]
    assert [one.name for one in beside.unlike] == list("abcdefg")
    assert all(one.is_above for one in beside.unlike)


def test_where_some_are_withheld_and_the_whole_is_not_released_there_is_no_funnel() -> None:
    some = parts({**EIGHT, "x": "withheld"})
    other_week, withheld = all_of(2, 10, week=39), answers.released(answers.figure(40, "withheld"), of=SHARE)
    for whole in (None, other_week, withheld):
        assert comparison(some, whole) == NoFunnel("no_whole", 8, 1)


def test_the_whole_answers_the_same_question_of_the_same_reader() -> None:
    others = replace(all_of(2, 10), audience="program"), replace(all_of(2, 10), build="2026-11-20-1")
    for whole in (*others, replace(all_of(2, 10), by="month")):
        with pytest.raises(ValueError, match="another question"):
            comparison(parts(EIGHT), whole)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (parts({}, of=catalog.definitions()["cases_opened"]), NoFunnel("no_share")),
        (parts({}, of=catalog.definitions()["first_response_median_hours"]), NoFunnel("no_share")),
        (parts({}, of=catalog.definitions()["budget_used_share"]), NoFunnel("not_counted")),
        (parts(EIGHT, of=replace(SHARE, can_exceed_1=True)), NoFunnel("not_counted")),
        (parts({"a": (3, 2), "b": (1, 2), "c": (1, 2)}), NoFunnel("not_counted")),
        (parts({"a": "maturing"}), NoFunnel("no_period")),
        (parts({"a": (1, 9), "b": (1, 9), "c": "withheld", "d": "withheld"}), NoFunnel("too_few", 2, 2)),
    ],
)
def test_where_there_is_no_funnel_it_says_why(answer: Released, refusal: NoFunnel) -> None:
    assert comparison(answer) == refusal


def test_a_funnel_is_of_one_dimension() -> None:
    assert kind_refused(SHARE) is None
    with pytest.raises(ValueError, match="one dimension"):
        comparison(answers.released(of=SHARE))


def test_the_newest_settled_period_is_the_one() -> None:
    older = parts({"a": (1, 9), "b": (2, 9), "c": (3, 9)}, week=39)
    newer = [replace(one, state="maturing") for one in parts(EIGHT, week=40).figures]
    found = comparison(replace(older, figures=(*older.figures, *newer)))  # type: ignore[arg-type]
    assert isinstance(found, Comparison)
    assert (found.label, len(found.members)) == ("2026-W39", 3)


@pytest.mark.parametrize(
    ("end", "first"), [(date(2026, 10, 4), date(2025, 10, 5)), (date(2024, 2, 28), date(2023, 2, 28))]
)
def test_twelve_months_end_with_the_newest_settled_period(end: date, first: date) -> None:
    last = replace(answers.figure(40, 0.2), end=end)
    running = replace(answers.figure(41, 0.2), state="partial")
    assert year_until(answers.released(last, running)) == (first, end)  # type: ignore[arg-type]
    assert year_until(answers.released()) is None
