"""Rollouts written by hand, for tests of what they changed: a plan's records, and figures week by week of a few wikis.

The figures move a little from week to week, in a way that repeats every five weeks and differs by wiki.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from metrics import impact
from metrics.answer import Figure, Released, State
from metrics.finding import Card, Finding
from metrics.semantic.model import Grain, Metric
from tests import answers

FIRST = date(2025, 1, 6)  # a Monday
LONG_AFTER = date(2029, 12, 31)
SHARE = answers.metric(id="share", better="lower", dimensions=("wiki", "scope"))
Value = float | State


def week(number: int) -> date:
    """The first day of a week, from 0."""
    return FIRST + timedelta(weeks=number)


def course(weeks: int, usual: float, since: int | None = None, change: float = 0.0, wobble: int = 1) -> list[Value]:
    """A wiki's values: usual, and more by `change` from the week `since` on. wobble: how its weeks differ."""
    noise = [usual / 50 * ((number * (wobble + 1) + wobble) % 5 - 2) for number in range(weeks)]
    return [usual + change * (since is not None and number >= since) + noise[number] for number in range(weeks)]


def ask_of(wikis: Mapping[str, Sequence[Value]], metric: Metric = SHARE) -> impact.Ask:
    """Answers as the door gives them: by wiki, of one wiki, or the mean of all; by week, or the mean of a month's."""

    def ask(name: str, *, by: Grain, split: Sequence[str] = (), where: Mapping[str, str] | None = None) -> Released:
        chosen = dict(where or {})
        only = {wiki: values for wiki, values in wikis.items() if chosen.get("wiki", wiki) == wiki}
        if split:
            figures = [one for wiki, values in only.items() for one in _figures(values, (wiki,), by)]
        else:
            figures = _figures([_mean(list(one)) for one in zip(*only.values(), strict=True)], (), by)
        day, group = date(2026, 11, 19), tuple(split)
        return Released(metric, by, group, tuple(chosen.items()), "program", tuple(figures), "b1", day, 5, True)

    return ask


def plan(
    starts: Mapping[str, date],
    grain: str = "week",
    where: str = "{}",
    metric: str = "share",
    written: date = FIRST,
    others: Mapping[str, date] | None = None,
    phases: Sequence[tuple[date, str]] = (),
) -> impact.Plan:
    """A plan with one evaluation of one measure; others: what a second evaluation of the same measure reached."""
    evaluations, evaluated, rollouts = [], [], []
    for name, reached in (("tool", starts), ("policy", others or {})):
        if reached:
            row = {"evaluation": name, "title": f"The {name}", "owner": "research", "written_on": written}
            evaluations.append({**row, "metric": metric, "grain": grain, "filters": where})
        for wiki, day in reached.items():
            row = {"rollout": f"{name}-{wiki}", "wiki": wiki, "started_at": datetime(day.year, day.month, day.day)}
            evaluated.append({**row, "evaluation": name})
            rollouts.append({**row, "title": f"The {name}"})
    rows = [{"metric": metric, "filters": "{}", "starts_on": day, "why": why} for day, why in phases]
    return impact.Plan(evaluations, evaluated, rollouts, rows, ())


def cards(of: impact.Plan, ask: impact.Ask, metric: Metric = SHARE, until: date = LONG_AFTER) -> tuple[Card, ...]:
    return impact.cards(of, {metric.id: metric}, until, ask)


def finding(of: impact.Plan, ask: impact.Ask, metric: Metric = SHARE, until: date = LONG_AFTER) -> Finding:
    """What the tool changed."""
    (card,) = [one for one in cards(of, ask, metric, until) if one.evaluation == "tool"]
    (found,) = card.findings
    return found


def _figures(values: Sequence[Value], group: tuple[str, ...], by: Grain) -> list[Figure]:
    weeks = [_figure(week(at), week(at) + timedelta(days=6), value, group) for at, value in enumerate(values)]
    if by == "week":
        return weeks
    months: dict[date, list[Value]] = {}
    for one in weeks:
        months.setdefault(one.start.replace(day=1), []).append(one.state if one.value is None else one.value)

    return [
        _figure(day, day.replace(day=monthrange(day.year, day.month)[1]), _mean(several), group)
        for day, several in months.items()
    ]


def _figure(start: date, end: date, value: Value, group: tuple[str, ...]) -> Figure:
    state: State = value if isinstance(value, str) else "final"
    number = None if isinstance(value, str) else value
    return Figure(start, end, start.isoformat(), group, number, None, None, None, None, None, state)


def _mean(values: Sequence[Any]) -> Value:
    known = [one for one in values if not isinstance(one, str)]
    return sum(known) / len(known) if known else "withheld"
