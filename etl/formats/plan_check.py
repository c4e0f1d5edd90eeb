"""What the parts of a program plan say wrongly of each other: names, references, order of dates.

It has no clock: what depends on the day of reading is left to the models and to the marts' contracts.
"""

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from data_contracts.faults import FeedFault
from data_contracts.yaml_file import Place, YamlFile
from etl.formats.plan_yaml import Measure, Milestone, Plan, Staffing, Step

Names = Mapping[str, Collection[str]]  # the pillars and roles that the file names, also where the rest of them is wrong
PAIRS = (("starts", "ends"), ("opened", "closed"), ("raised", "answered"), ("asked", "decided"))


@dataclass(frozen=True)
class Entry:
    """One entry that has a name of its own: what kind, its name, where it stands, what it says."""

    kind: str
    name: str
    place: Place
    says: BaseModel

    def get(self, key: str) -> Any:
        return getattr(self.says, key, None)


@dataclass(frozen=True)
class PlanFile:
    """A plan, the lines on which its parts stand, and the month (1-12) in which the fiscal year starts."""

    file: YamlFile
    plan: Plan
    fiscal_year_start: int

    def entries(self) -> tuple[Entry, ...]:
        """Every entry that has a name, also those inside others."""
        plan = self.plan
        found: list[Entry] = []
        for kind in ("pillar", "goal", "project", "risk", "escalation", "decision", "rollout", "evaluation", "phase"):
            found += _named(kind, "id", (f"{kind}s",), getattr(plan, f"{kind}s"))
        for at, goal in enumerate(plan.goals):
            found += _named("measure", "id", ("goals", at, "measures"), goal.measures)
        for at, project in enumerate(plan.projects):
            found += _named("milestone", "id", ("projects", at, "milestones"), project.milestones)
        found += _named("staffed role", "role", ("people",), plan.people)
        found += _named("budget line", "line", ("budget", "lines"), plan.budget.lines if plan.budget else [])
        return tuple(found)

    def line(self, place: Place) -> int:
        return self.file.line(place)

    def fault(self, place: Place, found: str, wanted: str, remedy: str) -> FeedFault:
        return FeedFault(self.file.where(place), found, wanted, remedy)


def _named(kind: str, key: str, place: Place, ones: Sequence[BaseModel]) -> list[Entry]:
    return [Entry(kind, getattr(one, key), (*place, at), one) for at, one in enumerate(ones)]


def faults(found: PlanFile, names: Names) -> list[FeedFault]:
    """Every fault between the parts, in no order."""
    return [fault for check in CHECKS for fault in check(found, names)]


def _repeated_names(found: PlanFile, names: Names) -> Iterator[FeedFault]:
    first: dict[tuple[str, str], Place] = {}
    for entry in found.entries():
        before = first.setdefault((entry.kind, entry.name), entry.place)
        if before != entry.place:
            says = f'the {entry.kind} "{entry.name}" stands twice, first on line {found.line(before)}'
            yield found.fault(entry.place, says, "each name once", "Give one of them another name, or remove it.")


def _unknown_references(found: PlanFile, names: Names) -> Iterator[FeedFault]:
    owner = found.plan.program.owner
    if owner not in names["role"]:
        yield _unknown(found, ("program", "owner"), "role", owner, names)
    for entry in found.entries():
        for key, kind in (("pillar", "pillar"), ("owner", "role"), ("to", "role")):
            name = entry.get(key)
            if name is not None and name not in names[kind]:
                yield _unknown(found, (*entry.place, key), kind, name, names)


def _unknown(found: PlanFile, place: Place, kind: str, name: str, names: Names) -> FeedFault:
    known = sorted(names[kind])
    near = difflib.get_close_matches(name, known, n=1)
    section = {"pillar": "pillars", "role": "program.roles"}[kind]
    remedy = f'Did you mean "{near[0]}"?' if near else f"Correct it, or add it to {section}."
    return found.fault(place, f'the {kind} "{name}" is not in {section}', f"one of {', '.join(known)}", remedy)


def _unknown_rollouts(found: PlanFile, names: Names) -> Iterator[FeedFault]:
    known = {one.id for one in found.plan.rollouts}
    for at, one in enumerate(found.plan.evaluations):
        for index, name in enumerate(one.rollouts):
            place = ("evaluations", at, "rollouts", index)
            if name not in known:
                near = difflib.get_close_matches(name, sorted(known), n=1)
                remedy = f'Did you mean "{near[0]}"?' if near else "Correct it, or add it to rollouts."
                says = f'the rollout "{name}" is not in rollouts'
                yield found.fault(place, says, f"one of {', '.join(sorted(known)) or 'none yet'}", remedy)
            elif name in one.rollouts[:index]:
                says = f'the evaluation "{one.id}" names the rollout "{name}" twice'
                yield found.fault(place, says, "each rollout once", "Remove one of them.")


def _ends_before_starts(found: PlanFile, names: Names) -> Iterator[FeedFault]:
    for entry in found.entries():
        for start, end in PAIRS:
            began, ended = entry.get(start), entry.get(end)
            if began and ended and ended < began:
                says = f'the {entry.kind} "{entry.name}" has {end} {ended}, before {start} {began}'
                yield found.fault((*entry.place, end), says, f"{end} on or after {start}", "Correct one of the dates.")


def _decisions_half_told(found: PlanFile, names: Names) -> Iterator[FeedFault]:
    for index, one in enumerate(found.plan.decisions):
        if (one.decided is None) != (one.outcome is None):
            has, lacks = ("outcome", "decided") if one.decided is None else ("decided", "outcome")
            says = f'the decision "{one.id}" has {has} but not {lacks}'
            yield found.fault(("decisions", index), says, "both, or neither while it is open", f"Add {lacks}.")


def _wrong_targets(found: PlanFile, names: Names) -> Iterator[FeedFault]:
    for entry in found.entries():
        if isinstance(entry.says, Measure):
            yield from _wrong_targets_of(found, entry.says, entry.place)


def _wrong_targets_of(found: PlanFile, measure: Measure, place: Place) -> Iterator[FeedFault]:
    periods = []
    for index, target in enumerate(measure.targets):
        here, period = (*place, "targets", index), target.period(found.fiscal_year_start)
        if period is None:
            says = f'a target of "{measure.id}" does not say its period in one way'
            yield found.fault(here, says, "from and to, or fiscal_year", "Write one of them, not both.")
        elif period[1] < period[0]:
            says = f'a target of "{measure.id}" ends {period[1]}, before it begins {period[0]}'
            yield found.fault(here, says, "to on or after from", "Correct one of the dates.")
        else:
            periods.append((*period, here))
    last = None
    for begins, ends, here in sorted(periods):
        if last and begins <= last[0]:
            says = f'a target of "{measure.id}" begins {begins}, while that of line {found.line(last[1])} holds'
            yield found.fault(here, says, f"a period after {last[0]}", "Let one end before the other begins.")
        last = max(last, (ends, here)) if last else (ends, here)


def _wrong_steps(found: PlanFile, names: Names) -> Iterator[FeedFault]:
    for entry in found.entries():
        if isinstance(entry.says, Staffing):
            yield from _wrong_steps_of(found, entry.says, entry.place)


def _wrong_steps_of(found: PlanFile, staffing: Staffing, place: Place) -> Iterator[FeedFault]:
    for key, steps in (("planned", staffing.planned), ("filled", staffing.filled)):
        for index, (before, after) in enumerate(pairwise(steps), start=1):
            if after.first <= before.first:
                says = f'{key} of "{staffing.role}" goes from {before.first} to {after.first}'
                yield found.fault((*place, key, index), says, "steps in the order of their dates", "Sort them.")
    planned, filled = _begin(staffing.planned), _begin(staffing.filled)
    if filled.first > planned.first:
        says = f'filled of "{staffing.role}" does not say how many there are from {planned.first} on'
        remedy = f"Add {{from: {planned.first}, people: 0}} if there was nobody."
        yield found.fault((*place, "filled"), says, "filled from the first planned day on", remedy)


def _begin(steps: list[Step]) -> Step:
    return min(steps, key=lambda step: step.first)


def _overdue_without_forecast(found: PlanFile, names: Names) -> Iterator[FeedFault]:
    """The plan's latest fact says up to when it was kept: what was due by then is done, or expected for a day."""
    keys = ("actual", "closed", "answered", "decided")
    latest = max((day for entry in found.entries() for key in keys if (day := entry.get(key))), default=None)
    for entry in found.entries():
        one = entry.says
        if latest and isinstance(one, Milestone) and one.planned < latest and not (one.actual or one.forecast):
            says = f'the milestone "{entry.name}", planned for {one.planned}, is neither done nor expected for any day'
            wanted = f"actual or forecast: the plan knows of {latest} already"
            yield found.fault(entry.place, says, wanted, "Add actual if it is done, forecast if not.")


CHECKS: tuple[Callable[[PlanFile, Names], Iterator[FeedFault]], ...] = (
    _repeated_names,
    _unknown_references,
    _unknown_rollouts,
    _ends_before_starts,
    _decisions_half_told,
    _wrong_targets,
    _wrong_steps,
    _overdue_without_forecast,
)
