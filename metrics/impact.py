"""What our work changed: a card per rollout of the plan, with a finding for each metric that it is judged by.

It reads no build: records and a way to ask come in. It computes on released figures alone, so that what is withheld
from a reader is missing here too.

Which method, by the facts and not by what it finds: `compared` where some wikis were reached and others were not, or
not yet; `interrupted` where the metric knows no wikis or all were reached at once. Every measure on the page stands in
the plan beforehand, so verdicts are not adjusted for their number; the page says how many false ones chance alone
would bring. Benjamini-Hochberg across the page would take true ones away: with one wiki reached, the least p that
a year of weeks can give is 1 in 52.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Protocol

from metrics.answer import Released
from metrics.compared import compared
from metrics.course import phases_of
from metrics.finding import Basis, Card, Finding, Other, Reach, Reason
from metrics.interrupted import interrupted
from metrics.semantic.model import Grain, Metric

Record = Mapping[str, Any]
FALSE_ALARMS: Final = 0.05  # how often a verdict sees a change where there is none


class Ask(Protocol):
    """How a figure is asked for: `metrics.query.ask` for one reader."""

    def __call__(
        self, metric: str, *, by: Grain, split: Sequence[str] = (), where: Mapping[str, str] | None = None
    ) -> Released: ...


@dataclass(frozen=True)
class Plan:
    """The records of the plan that tell of rollouts, as `metrics.query.listing` hands them out."""

    evaluations: Sequence[Record]
    evaluated: Sequence[Record]
    rollouts: Sequence[Record]
    phases: Sequence[Record]
    wikis: Sequence[Record]


@dataclass(frozen=True)
class _Measure:
    """A metric that an evaluation names, and where it is looked at."""

    metric: Metric
    grain: Grain
    where: Mapping[str, str]


def cards(plan: Plan, metrics: Mapping[str, Metric], until: date, ask: Ask) -> tuple[Card, ...]:
    """A card per evaluation and per rollout that has none, the newest first. until: the last day that is known."""
    evaluations: dict[str, list[Record]] = {}
    for row in plan.evaluations:
        evaluations.setdefault(row["evaluation"], []).append(row)
    judged = [_card(name, rows, plan, metrics, until, ask) for name, rows in evaluations.items()]
    found = [*judged, *_unjudged(plan, until)]
    return tuple(sorted(found, key=lambda one: (-one.first_day.toordinal(), one.title)))


def idea(
    plan: Plan,
    metric: Metric,
    grain: Grain,
    where: Mapping[str, str],
    starts: Mapping[str, date],
    until: date,
    ask: Ask,
) -> Finding:
    """What something that the plan does not evaluate changed in one metric: judged as its rollouts are.

    starts: wiki to the day on which it began there. Rollouts by which the plan judges the metric are what else began.
    """
    reaches = sorted((Reach("", "", wiki, day, day <= until) for wiki, day in starts.items()), key=_day_and_wiki)
    row = {"metric": metric.id, "grain": grain, "filters": json.dumps(dict(where))}
    return _finding("", row, reaches, plan, {metric.id: metric}, until, ask)


def verdicts(found: Iterable[Card]) -> int:
    """How many findings of these could be a false claim."""
    return sum(one.could_be_wrong for card in found for one in card.findings)


def _card(name: str, rows: Sequence[Record], plan: Plan, metrics: Mapping[str, Metric], until: date, ask: Ask) -> Card:
    reaches = tuple(sorted(_reaches(plan, {name}, until), key=_day_and_wiki))
    written = _day(rows[0]["written_on"])
    findings = tuple(_finding(name, row, reaches, plan, metrics, until, ask) for row in rows)
    return Card(name, str(rows[0]["title"]), str(rows[0]["owner"]), written, reaches, findings)


def _unjudged(plan: Plan, until: date) -> Iterable[Card]:
    """What the plan has no evaluation for, one card per title."""
    named = {row["rollout"] for row in plan.evaluated}
    left: dict[str, list[Reach]] = {}
    for row in plan.rollouts:
        if row["rollout"] not in named:
            left.setdefault(str(row["title"]), []).append(_reach(row, str(row["title"]), until))
    return [Card(None, title, "", None, tuple(reaches), ()) for title, reaches in left.items()]


def _reaches(plan: Plan, evaluations: set[str], until: date) -> Iterable[Reach]:
    titles = {row["rollout"]: str(row["title"]) for row in plan.rollouts}
    for row in plan.evaluated:
        if row["evaluation"] in evaluations:
            yield _reach(row, titles.get(row["rollout"], str(row["rollout"])), until)


def _reach(row: Record, title: str, until: date) -> Reach:
    day = _day(row["started_at"])
    if day is None:
        raise ValueError(f"rollout {row['rollout']} has no day")
    return Reach(str(row["rollout"]), title, str(row["wiki"]), day, day <= until)


def _day_and_wiki(one: Reach) -> tuple[date, str]:
    return one.day, one.wiki


def _finding(
    name: str,
    row: Record,
    reaches: Sequence[Reach],
    plan: Plan,
    metrics: Mapping[str, Metric],
    until: date,
    ask: Ask,
) -> Finding:
    metric = metrics.get(row["metric"])
    if metric is None or row["grain"] not in metric.grains or row["grain"] == "total":
        return _refused(str(row["metric"]), "no_metric")
    measure = _Measure(metric, row["grain"], json.loads(row["filters"] or "{}"))
    if not all(dimension in metric.dimensions for dimension in measure.where):
        return _refused(metric.id, "no_metric")
    here = [one for one in reaches if one.has_begun and measure.where.get("wiki", one.wiki) == one.wiki]
    if not here:
        return _refused(metric.id, "elsewhere" if any(one.has_begun for one in reaches) else "not_begun")
    others = list(_others(name, measure, plan, until))
    clash = [one for one in others if _at_once(one, here)]
    if clash:
        return _refused(metric.id, "at_once", cut=tuple(clash))
    return _by_method(measure, here, others, plan, ask)


def _by_method(measure: _Measure, here: Sequence[Reach], others: Sequence[Other], plan: Plan, ask: Ask) -> Finding:
    """Compared where there is something to compare with, else the series alone.

    Months are read where so many weeks are withheld from this reader that nothing is left to compare.
    """
    if "wiki" in measure.metric.dimensions and "wiki" not in measure.where:
        found = _compared(measure, here, others, plan, ask)
        if found is not None and found.reason in ("withheld", "nothing_to_compare") and measure.grain == "week":
            by_month = _compared(replace(measure, grain="month"), here, others, plan, ask)
            found = by_month if by_month is not None and by_month.size is not None else found
        if found is not None and (found.reason != "nothing_to_compare" or len({one.wiki for one in here}) > 1):
            return found
        if found is not None:
            measure = replace(measure, where={**measure.where, "wiki": here[0].wiki})
    wiki = measure.where.get("wiki")
    alone = ask(measure.metric.id, by=measure.grain, where=measure.where)
    known = [one for one in others if wiki is None or one.wiki in (wiki, "")]
    known += _phases(alone, plan, here)
    return interrupted(alone, here[0].day, max(one.day for one in here), known)


def _compared(
    measure: _Measure, here: Sequence[Reach], others: Sequence[Other], plan: Plan, ask: Ask
) -> Finding | None:
    """None where all wikis were reached on one day."""
    starts = dict[str, date]()
    for one in here:  # oldest first: where it reached one wiki twice, the first day counts
        starts.setdefault(one.wiki, one.day)
    released = _by_wiki(measure, ask)
    never = [group[0] for group in released.groups() if group[0] and group[0] not in starts]
    if not never and len(set(starts.values())) == 1:
        return None
    longer = _by_wiki(replace(measure, grain="month"), ask) if measure.grain == "week" and len(starts) > 1 else None
    return compared(released, starts, [*others, *_phases(released, plan, here)], never, longer)


def _by_wiki(measure: _Measure, ask: Ask) -> Released:
    return ask(measure.metric.id, by=measure.grain, split=("wiki",), where=measure.where)


def _others(name: str, measure: _Measure, plan: Plan, until: date) -> Iterable[Other]:
    """Rollouts of other evaluations that name this metric: they may move it, too."""
    naming = {row["evaluation"] for row in plan.evaluations if row["metric"] == measure.metric.id} - {name}
    titles = {row["evaluation"]: str(row["title"]) for row in plan.evaluations}
    for row in plan.evaluated:
        day = _day(row["started_at"])
        if row["evaluation"] in naming and day is not None and day <= until:
            yield Other(str(row["wiki"]), day, titles[row["evaluation"]])


def _phases(released: Released, plan: Plan, here: Sequence[Reach]) -> Iterable[Other]:
    """Days on which the metric got another usual, on a wiki or (no wiki) on all; the rollout's own is looked at."""
    own = {one.day for one in here}
    parts = {group: released.of(*group) for group in released.groups()}
    found = {group: set(phases_of(part, plan.phases, plan.wikis)) for group, part in parts.items()}
    everywhere = set.intersection(*found.values()) if found else set()
    known = [("", one) for one in everywhere]
    known += [(group[0], one) for group, phases in found.items() for one in phases - everywhere]
    ordered = sorted(known, key=lambda one: (one[1].starts_on, one[0], one[1].why))
    return [Other(wiki, one.starts_on, one.why) for wiki, one in ordered if one.starts_on not in own]


def _at_once(other: Other, here: Sequence[Reach]) -> bool:
    return any(other.wiki in (one.wiki, "") and other.day == one.day for one in here)


def _refused(metric: str, reason: Reason, cut: tuple[Other, ...] = ()) -> Finding:
    return Finding(None, metric, "no verdict", reason, basis=Basis(cut=cut))


def _day(value: Any) -> date | None:
    """The day of a date or timestamp; None where there is none (None or NaT)."""
    if value is None or value != value:
        return None
    return value.date() if isinstance(value, datetime) else value
