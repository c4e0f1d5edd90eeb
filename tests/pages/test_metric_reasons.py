"""The Metric page's reasons: why a number moved, which wikis are unlike the others, where it should be by now."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.charts import words
from dashboard.widgets import ahead, door
from metrics import query
from metrics.answer import Released
from metrics.comparison import Comparison
from metrics.outlook import NoChance, Outlook
from metrics.reason import Change, Contribution, Difference, Movement, Reason
from metrics.target_path import Aim, NoPath
from tests import answers
from tests.pages.conftest import Open, charts, text


def test_the_change_is_taken_apart_by_the_dimension_that_the_address_names(open_page: Open):
    app = open_page("metric", metric="block_recidivism_30d", why="performer_kind", against="year_before")
    told, metric = text(app), "block_recidivism_30d"
    whole = query.ask(metric, by="month", audience="program").last_final
    assert whole is not None
    assert f"({words.period(whole, 'month')})" in told
    assert "is what groups did themselves" in told
    assert "By its own change" in told
    assert "All others (2 withheld in a period)" in told


def test_a_median_is_not_taken_apart_but_groups_stand_side_by_side(open_page: Open):
    told = text(open_page("metric", metric="first_response_median_hours", by="month"))
    assert "cannot be taken apart" in told
    assert "More than chance?" in told


def test_counts_show_differences_and_shares_of_the_change(open_page: Open):
    told = text(open_page("metric", metric="cases_opened"))
    assert "Share of the change" in told
    assert "By its weight" not in told
    assert "The earlier period has" in told


def test_the_funnel_names_the_wiki_with_the_second_chance_policy(open_page: Open):
    app = open_page("metric", metric="block_recidivism_30d")
    (funnel,) = [one for one in charts(app) if "By size" in one]
    assert "ru.demo" in funnel
    assert "unlike the others\\: " in text(app)


def test_the_newest_period_can_be_compared_too(open_page: Open):
    app = open_page("metric", metric="block_recidivism_30d", over="newest")
    (funnel,) = [one for one in charts(app) if "By size" in one]
    last = query.ask("block_recidivism_30d", by="month", audience="program").last_final
    assert last is not None
    assert words.days(last.start, last.end) in funnel


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("cases_opened", "no share of cases"),
        ("rota_coverage_share", None),
        ("revert_share", "no share of counted cases"),
        ("event_survivor_share", "no period is settled"),
        ("block_recidivism_30d", None),
    ],
)
def test_without_a_funnel_the_page_says_why_or_has_none(open_page: Open, metric: str, reason: str | None):
    told = text(open_page("metric", metric=metric))
    assert ("No funnel" in told) == (reason is not None)
    assert reason is None or reason in told


def test_a_number_with_a_target_says_where_it_should_be_and_how_likely_it_gets_there(open_page: Open):
    app = open_page("metric", metric="case_satisfaction_share")
    assert "On a straight way to at least 70.0 % on 30 Jun 2027" in text(app)
    assert "with a chance of" in text(app)
    assert any("the way to the target" in one for one in charts(app))


def test_after_a_change_that_nobody_made_a_phase_of_there_is_no_chance(open_page: Open):
    told = text(open_page("metric", metric="block_recidivism_30d"))
    assert "No chance is given: the control chart says" in told.replace("\\", "")


def test_where_neither_way_is_better_nothing_is_ahead_or_behind(open_page: Open):
    app = open_page("metric", metric="partial_block_share")
    assert "nothing to be ahead of" in text(app)
    assert not [one for one in charts(app) if "way to the target" in one]


@pytest.mark.parametrize(("chance", "told"), [(0.0, "under 5 %"), (0.05, "5 %"), (0.724, "72 %"), (0.951, "over 95 %")])
def test_a_chance_is_never_certain(chance: float, told: str):
    assert ahead.told_chance(chance).replace("\u00a0", " ") == told


def test_wikis_without_a_common_level_are_looked_at_one_by_one(open_page: Open):
    assert "they have no level in common" in text(open_page("metric", metric="partial_block_share"))


def test_withheld_wikis_count_in_what_all_have_together_and_are_not_told_of(open_page: Open):
    told = text(open_page("metric", metric="block_recidivism_30d", by="week", over="newest"))
    assert "are withheld\\: they count in what all have together" in told


def test_one_figure_for_the_whole_time_did_not_change(open_page: Open):
    assert "no earlier settled figure" in text(open_page("metric", metric="contacts_active"))


def test_without_dimensions_there_is_nothing_to_take_apart(open_page: Open):
    assert "nothing to take it apart by" in text(open_page("metric", metric="decision_median_days"))


def test_of_many_groups_the_largest_stand_first_and_all_can_be_opened(open_page: Open, monkeypatch: pytest.MonkeyPatch):
    before, after = answers.figure(39, 10.0), answers.figure(40, 10.0)
    parts = tuple(Contribution((f"g{at:02}",), 1.0, 1.0, None, None, None, None, 0.0) for at in range(12))
    change = Change(before, after, Difference(0.0, None, None, None), is_shifted=True, is_usual=None)
    found = Movement(change, None, None, parts, (None,) * 12, 0)
    about = ((), "program", 5, "b000001", date(2026, 11, 19))
    monkeypatch.setattr(door, "reason", lambda of, split, _: Reason(of.metric, of.by, (split,), *about, found))
    app = open_page("metric", metric="cases_opened")
    assert "All 12 contributions" in [one.label for one in app.expander]
    assert (text(app).count(">g01<"), text(app).count(">g11<")) == (2, 1)
    assert "364 days before" in text(app)
    assert "The largest parts" not in text(app)


def test_one_just_beyond_the_limits_is_told_as_no_surprise(open_page: Open, monkeypatch: pytest.MonkeyPatch):
    real = door.comparison

    def doubtful(parts: Released, whole: Released) -> Any:
        found = real(parts, whole)
        assert isinstance(found, Comparison)
        return replace(found, members=tuple(replace(one, is_beyond=True, is_unlike=False) for one in found.members))

    monkeypatch.setattr(door, "comparison", doubtful)
    told = text(open_page("metric", metric="block_recidivism_30d"))
    assert "one such is no surprise" in told
    assert "none is unlike the others" in told


def test_when_the_time_of_the_last_target_is_over_the_page_asks_for_the_next(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
):
    aim = Aim(0.5, date(2025, 7, 1), date(2026, 6, 30))
    monkeypatch.setattr(door, "outlook", lambda one: Outlook(one, aim, NoPath("over"), NoChance("over"), ()))
    app = open_page("metric", metric="case_satisfaction_share")
    assert "ended on 30 Jun 2026" in text(app)
    assert not [one for one in charts(app) if "way to the target" in one]
