"""The demo program's control charts: what was planted is seen soon and dated rightly, and nothing lasts where nothing was."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from etl.demo.planted import PLANTED, Effect, NonEffect, Steady
from metrics import query
from metrics.answer import Released
from metrics.course import Run, course, phases_of

SOON = 3  # months
MONTH = timedelta(days=31)


@pytest.fixture(autouse=True)
def asked_here(demo_build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))


def months(planted: Effect | NonEffect | Steady) -> Released:
    where = {} if isinstance(planted, Steady) else dict(planted.where)
    return query.ask(planted.metric, by="month", where=where, audience="program")


def named(planted: Effect | NonEffect | Steady) -> str:
    members = [] if isinstance(planted, Steady) else [value for _, value in planted.where]
    return "-".join([planted.metric, *members])


def without_phases(answer: Released) -> Run | None:
    """What the whole series says at its end, where nobody has said that something changed."""
    return course(answer).run


@pytest.mark.parametrize("effect", PLANTED.effects, ids=named)
def test_a_planted_effect_is_seen_within_three_months_though_nobody_said_that_it_began(effect):
    answer = months(effect)
    settled = [one for one in answer.figures if one.start >= effect.since and one.state == "final"][:SOON]
    runs = [
        without_phases(replace(answer, figures=tuple(one for one in answer.figures if one.start <= last.start)))
        for last in settled
    ]
    assert [run.direction for run in runs if run][:1] == ["up" if effect.after > effect.before else "down"]


@pytest.mark.parametrize("effect", PLANTED.effects, ids=named)
def test_a_planted_effect_lasts_and_is_dated_to_the_month_in_which_it_began(effect):
    run = without_phases(months(effect))
    assert run is not None
    assert run.direction == ("up" if effect.after > effect.before else "down")
    assert abs(run.since - effect.since) < MONTH


@pytest.mark.parametrize("effect", PLANTED.effects, ids=named)
def test_a_phase_that_begins_with_the_effect_leaves_nothing_unusual_at_the_end(effect):
    answer = months(effect)
    (phase,) = phases_of(answer, [_row(effect)])
    found = course(answer, [phase])
    assert (found.run, found.phases) == (None, (phase,))


# Asked by month: by week the chart of new accounts on en.demo ends in eight weeks below its mean. That is the season,
# by which the demo's arrivals rise and fall by six in a hundred, and of which a control chart knows nothing.
@pytest.mark.parametrize("quiet", [*PLANTED.non_effects, *PLANTED.steady], ids=named)
def test_where_nothing_was_planted_nothing_unusual_lasts(quiet):
    assert query.course(months(quiet)).run is None


def _row(effect: Effect) -> dict[str, str]:
    return {"metric": effect.metric, "filters": "{}", "starts_on": effect.since.isoformat(), "why": effect.what}
