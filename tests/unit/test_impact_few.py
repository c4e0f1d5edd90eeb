"""Little is known of a rollout: whatever is missing, however few periods and wikis there are, there is a finding."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import compared as comparing
from metrics import interrupted as alone
from metrics.answer import Figure, Released
from metrics.compared import compared
from metrics.finding import LEAST_AFTER, LEAST_BEFORE
from metrics.interrupted import interrupted
from tests import answers
from tests.rollouts import ask_of, course, finding, plan, week

COUNT = answers.metric(id="share", unit="count", kind="count", better="higher", dimensions=("wiki",))
SHARE = answers.metric(id="share", better="lower", dimensions=("wiki",))
BLIND = answers.metric(id="share", unit="count", kind="count", better="higher", dimensions=())
QUIET = {name: course(80, 0.3, wobble=at) for at, name in enumerate(("east", "west", "south"), start=2)}


def month(number):
    """The first day of a month, from 0."""
    return date(2020 + number // 12, number % 12 + 1, 1)


def by_month(wikis, metric=SHARE):
    """wikis: name to values, one a month; None where nothing is known."""
    figures = [
        Figure(month(at), date.fromordinal(month(at + 1).toordinal() - 1), str(month(at)), (wiki,) if wiki else (),
               value, None, None, None, None, None, "no_data" if value is None else "final")
        for wiki, values in wikis.items() for at, value in enumerate(values)
    ]  # fmt: skip
    split = () if "" in wikis else ("wiki",)
    return Released(metric, "month", split, (), "program", tuple(figures), "b1", date(2026, 11, 19), 5, True)


def some_known(values, share, seed):
    known = np.random.default_rng(seed).random(len(values)) < share
    return [value if is_known else None for value, is_known in zip(values, known, strict=True)]


def noisy(periods, seed=0, usual=100.0):
    return (usual + np.random.default_rng(seed).standard_normal(periods)).tolist()


@settings(max_examples=60, deadline=None)
@given(st.floats(0.05, 1), st.integers(0, 999), st.integers(60, 170), st.integers(0, 60))
def test_a_series_of_weeks_of_which_any_share_is_known_has_a_finding(share, seed, before, after):
    values = ["no_data" if one is None else one for one in some_known(noisy(before + after, seed), share, seed)]
    found = finding(plan({"home": week(before)}), ask_of({"all": values}, BLIND), BLIND)
    assert found.size is not None or found.reason is not None


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_season_that_the_known_weeks_do_not_show_is_not_fitted(share):
    values = ["no_data" if one is None else one for one in some_known(noisy(130), share, 1)]
    found = finding(plan({"home": week(112)}), ask_of({"all": values}, BLIND), BLIND)
    assert found.basis.season in ("year_ago", None)


def test_where_every_week_of_the_year_is_known_before_the_season_is_fitted_though_some_weeks_are_not():
    values = [None if at in (3, 60, 101) else one for at, one in enumerate(noisy(178))]
    known = ["no_data" if one is None else one for one in values]
    found = finding(plan({"home": week(160)}), ask_of({"all": known}, BLIND), BLIND)
    assert (found.basis.season, found.reason) == ("fitted", None)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.05, 1), st.integers(0, 999), st.integers(0, 40), st.integers(0, 14))
def test_a_series_of_months_of_which_any_share_is_known_has_a_finding(share, seed, before, after):
    released = by_month({"": some_known(noisy(before + after, seed), share, seed)}, BLIND)
    found = interrupted(released, month(before), month(before), [])
    assert found.size is not None or found.reason is not None


@pytest.mark.parametrize("before", range(17))
def test_however_few_months_and_wikis_there_are_there_is_a_finding(before):
    for after in range(17):
        wikis, reached = 2 + (before + after) % 6, 1 + (before + 2 * after) % 3
        metric = COUNT if (before + after) % 2 else SHARE
        starts = {f"w{at}": month(before + at % 2) for at in range(min(reached, wikis))}
        figures = {f"w{at}": noisy(before + after, at) for at in range(wikis)}
        never = [name for name in figures if name not in starts]
        found = compared(by_month(figures, metric), starts, [], never)
        assert found.size is not None or found.reason is not None
        if found.size is not None:
            assert found.basis.before >= LEAST_BEFORE["month"]
            assert found.basis.after >= LEAST_AFTER["month"]


@pytest.mark.parametrize(("before", "reason"), [(3, "too_little_before"), (4, None), (6, None)])
def test_four_months_before_are_enough_and_three_are_not(before, reason):
    figures = {name: noisy(before + 8, at) for at, name in enumerate(("home", "east", "west"))}
    found = compared(by_month(figures), {"home": month(before)}, [], ["east", "west"])
    assert (found.reason if found.size is None else None) == reason


@pytest.mark.parametrize(("before", "is_tried"), [(7, False), (8, True)])
def test_the_time_before_is_tried_where_each_half_of_it_is_long_enough(before, is_tried):
    figures = {name: noisy(before + 8, at) for at, name in enumerate(("home", "east", "west"))}
    found = compared(by_month(figures), {"home": month(before)}, [], ["east", "west"])
    assert (found.basis.tried is not None) == is_tried


def test_a_wiki_that_had_nothing_in_the_time_that_all_have_has_no_usual():
    early = [5.0, 5.0, 5.0, 5.0, *[0.0] * 6, *noisy(10)]
    figures = {"home": early, "away": noisy(20, 1), "east": noisy(20, 2), "west": noisy(20, 3)}
    figures["away"][:6] = [None] * 6
    found = compared(by_month(figures, COUNT), {"home": month(10), "away": month(10)}, [], ["east", "west"])
    assert found.basis.reached == ("away",)
    assert [(one.wiki, one.why) for one in found.basis.set_aside] == [("home", "no_usual")]


def refuse(*_values, **_named):
    raise ValueError("the points lie badly")


def test_a_series_that_the_statistics_refuse_has_no_verdict_and_their_sentence(monkeypatch):
    monkeypatch.setattr(alone, "interrupted_series", refuse)
    found = interrupted(by_month({"": noisy(40)}, BLIND), month(30), month(30), [])
    assert (found.word, found.reason, found.why) == ("no verdict", "statistics", "the points lie badly")
    assert not found.could_be_wrong


def test_a_comparison_that_the_statistics_refuse_has_no_verdict_and_their_sentence(monkeypatch):
    monkeypatch.setattr(comparing, "single_unit_effect", refuse)
    figures = {name: noisy(20, at) for at, name in enumerate(("home", "east", "west"))}
    found = compared(by_month(figures), {"home": month(10)}, [], ["east", "west"])
    assert (found.word, found.reason, found.why) == ("no verdict", "statistics", "the points lie badly")


def test_what_cannot_be_tried_before_takes_no_verdict_away(monkeypatch):
    honest = comparing.single_unit_effect
    monkeypatch.setattr(
        comparing,
        "single_unit_effect",
        lambda *values, **named: (honest if named["start"] == 0 else refuse)(*values, **named),
    )
    monkeypatch.setattr(comparing, "synthetic_did", refuse)
    found = finding(plan({"home": week(40)}), ask_of({"home": course(80, 0.3, 40, -0.1), **QUIET}))
    assert (found.word, found.basis.tried, found.basis.second) == ("improved", None, None)


def test_a_year_before_that_cannot_be_tried_takes_no_verdict_away(monkeypatch):
    honest = alone.interrupted_series
    monkeypatch.setattr(
        alone,
        "interrupted_series",
        lambda *values, **named: (honest if "better" in named else refuse)(*values, **named),
    )
    values = [one + 30 * (at >= 50) for at, one in enumerate(noisy(60))]
    found = interrupted(by_month({"": values}, BLIND), month(50), month(50), [])
    assert (found.word, found.basis.tried) == ("improved", None)
