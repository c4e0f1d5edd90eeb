"""Small groups are withheld, and enough others that nobody can work them out."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from metrics import catalog, withhold
from metrics.answer import Figure
from metrics.privacy import attack
from metrics.semantic.model import Audience, Metric

COUNT, SHARE = catalog.definitions()["blocks_set"], catalog.definitions()["block_recidivism_30d"]
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def figure(group: str | None, n: float | None, start: date = JANUARY, **said: Any) -> Figure:
    value = said.pop("value", n)
    names = {"low": None, "high": None, "numerator": None, "denominator": None, "state": "final", **said}
    return Figure(start, start.replace(day=28), f"{start:%Y-%m}", (group,) if group else (), value, n=n, **names)


def share(group: str | None, numerator: float, denominator: float) -> Figure:
    value = numerator / denominator if denominator else None
    n = round(denominator) if denominator else None
    known = {"numerator": numerator, "denominator": denominator} if denominator else {}
    return figure(group, n, value=value, low=0.123456, high=0.98765, **known)


def withheld_of(metric: Metric, figures: Sequence[Figure], audience: Audience = "public") -> list[str]:
    found = withhold.release(metric, figures, audience)
    assert [(one.start, one.group) for one in found] == [(one.start, one.group) for one in figures]
    return ["".join(one.group) for one in found if one.state == "withheld"]


def counts(**groups: int) -> list[Figure]:
    return [figure(name, n) for name, n in groups.items()]


def test_a_group_under_the_minimum_goes_and_takes_the_smallest_other_with_it() -> None:
    assert withheld_of(COUNT, counts(a=3, b=40, c=20)) == ["a", "c"]


def test_sums_of_a_ratio_are_no_groups_but_the_rows_beside_them_are() -> None:
    mean = catalog.definitions()["attack_score_mean"]
    nine, ten = (figure(None, n, value=0.1, numerator=0.4, denominator=4.0) for n in (9, 10))
    assert withhold.release(mean, [nine], "public")[0].state == "withheld"
    assert withhold.release(mean, [ten], "public")[0].numerator == 0.4


def test_small_groups_that_are_many_enough_together_need_nobody_else() -> None:
    assert withheld_of(COUNT, counts(a=3, b=7, c=20)) == ["a", "b"]


def test_small_groups_that_are_few_together_take_another_with_them() -> None:
    assert withheld_of(COUNT, counts(a=3, b=4, c=20, d=30)) == ["a", "b", "c"]


def test_the_minimum_itself_may_be_seen() -> None:
    assert withheld_of(COUNT, counts(a=10, b=11)) == []
    assert withheld_of(COUNT, counts(a=5, b=11), "program") == []
    assert withheld_of(COUNT, counts(a=4, b=11), "program") == ["a", "b"]


def test_a_true_0_is_shown_and_hides_nobody() -> None:
    assert withheld_of(COUNT, counts(a=3, b=0, c=20)) == ["a", "c"]


def test_what_is_not_known_is_neither_0_nor_withheld() -> None:
    (found,) = withhold.release(COUNT, [figure("a", None, state="no_data")], "public")
    assert (found.value, found.n, found.state) == (None, None, "no_data")


def test_each_period_is_looked_at_alone() -> None:
    figures = [*counts(a=3, b=40), figure("a", 50, FEBRUARY), figure("b", 60, FEBRUARY)]
    found = withhold.release(COUNT, figures, "public")
    assert [(one.label, one.state) for one in found] == [
        ("2026-01", "withheld"),
        ("2026-01", "withheld"),
        ("2026-02", "final"),
        ("2026-02", "final"),
    ]


def test_a_total_under_the_minimum_goes_alone() -> None:
    assert withheld_of(COUNT, [figure(None, 4), figure(None, 40, FEBRUARY)]) == [""]


def test_nothing_is_left_of_a_withheld_figure_but_period_group_and_word() -> None:
    found = withhold.withheld(share("a", 3, 9))
    assert (found.start, found.label, found.group, found.state) == (JANUARY, "2026-01", ("a",), "withheld")
    assert {found.value, found.low, found.high, found.numerator, found.denominator, found.n} == {None}


@pytest.mark.parametrize(
    ("numerator", "gone"), [(0, False), (1, True), (9, True), (10, False), (90, False), (91, True), (100, False)]
)
def test_for_the_public_few_in_the_numerator_or_beside_it_are_few(numerator: int, gone: bool) -> None:
    assert bool(withhold.release(SHARE, [share(None, numerator, 100)], "public")[0].value is None) is gone
    assert withhold.release(SHARE, [share(None, numerator, 100)], "executive")[0].value == numerator / 100


def test_numerators_that_are_few_together_take_another_group_with_them() -> None:
    """Of a and b, 1 and 0 people; what the total leaves for the two would be 1. With c it is 21."""
    figures = [share("a", 1, 30), share("b", 0, 40), share("c", 20, 50), share("d", 30, 90)]
    assert withheld_of(SHARE, figures) == ["a", "b", "c"]


def test_what_rests_on_nobody_is_nobodys_secret() -> None:
    money = catalog.definitions()["budget_used_share"]
    figures = [figure("training", None, value=0.5, numerator=1.0, denominator=2.0)]
    assert withheld_of(money, figures) == []


def test_only_the_public_sees_rounded_values() -> None:
    public, executive = (withhold.release(SHARE, [share(None, 20, 60)], who)[0] for who in ("public", "executive"))
    assert (public.value, public.low, public.high) == (0.33, 0.12, 0.99)
    assert (executive.value, executive.low) == (1 / 3, 0.123456)
    assert (public.numerator, public.denominator, public.n) == (20, 60, 60)


sizes = st.lists(st.integers(0, 30) | st.sampled_from([1, 4, 9, 10, 11]), min_size=1, max_size=5)
pairs = st.lists(st.tuples(*[st.integers(0, 25) | st.sampled_from([1, 9, 10])] * 2), min_size=1, max_size=5)


@given(sizes, st.sampled_from(["program", "executive", "public"]))
def test_no_withheld_count_can_be_narrowed_below_the_minimum(numbers: list[int], audience: Audience) -> None:
    figures = [figure(f"group {index}", n) for index, n in enumerate(numbers)]
    total = withhold.release(COUNT, [figure(None, sum(numbers))], audience)[0]
    shown = withhold.release(COUNT, figures, audience)
    relations: list[attack.Relation] = [({one.group: 1}, one.value, one.value) for one in shown]
    relations.append(({one.group: 1 for one in shown}, total.value, total.value))
    for one, (low, high) in zip(shown, attack.bounds(relations).values(), strict=True):
        assert one.state == "final" or high is None or high - low >= COUNT.release[audience]


@given(pairs)
def test_no_withheld_numerator_or_complement_can_be_narrowed_below_the_minimum(cells: list[tuple[int, int]]) -> None:
    """For the public, of every group who did and who did not; nobody at all is no secret."""
    figures = [share(f"group {index}", yes, yes + no) for index, (yes, no) in enumerate(cells)]
    whole = share(None, sum(yes for yes, _ in cells), sum(yes + no for yes, no in cells))
    relations: list[attack.Relation] = []
    for one in withhold.release(SHARE, figures, "public"):
        relations += [({(one.group, said): 1}, *_known(one, said)) for said in ("yes", "no")]
    total = withhold.release(SHARE, [whole], "public")[0]
    relations += [({(one.group, said): 1 for one in figures}, *_known(total, said)) for said in ("yes", "no")]
    for (_, _), (low, high) in attack.bounds(relations).items():
        assert high is None or high == low == 0 or high == low >= 10 or high - low >= 10


def _known(figure: Figure, said: str) -> tuple[float | None, float | None]:
    """What a reader knows of those who did (yes) and did not (no), from numerator and denominator."""
    if figure.state == "withheld":
        return None, None
    yes, all_ = figure.numerator or 0, figure.denominator or 0
    known = yes if said == "yes" else all_ - yes
    return known, known


def test_what_is_withheld_beside_the_others_is_withheld_alone_too() -> None:
    first, last = date(2026, 1, 1), date(2026, 1, 31)

    def one(group: tuple[str, ...], value: float) -> Figure:
        return Figure(first, last, "2026-01", group, value, None, None, None, None, round(value), "final")

    alone, other = one((), 12.0), one((), 90.0)
    beside = (withhold.withheld(one(("ar",), 3.0)), withhold.withheld(one(("hi",), 12.0)), one(("en",), 90.0))
    assert [figure.state for figure in withhold.alike([alone], beside, ("hi",))] == ["withheld"]
    assert withhold.alike([other], beside, ("en",)) == (other,)


@example([(1, 2), (10, 10), (3, 27)])  # the program's second group would be the public's to see
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=7))
def test_what_is_withheld_from_a_narrower_audience_is_withheld_from_a_wider_one(groups: list[tuple[int, int]]) -> None:
    """Whoever sees both could subtract otherwise: from a total the groups of both."""
    figures = [share(f"g{at}", yes, yes + no) for at, (yes, no) in enumerate(groups)]
    program, executive, public = (set(withheld_of(SHARE, figures, one)) for one in ("program", "executive", "public"))
    assert program <= executive <= public
