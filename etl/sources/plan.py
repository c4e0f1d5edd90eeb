"""Feed `plan`: the program plan in YAML, edited by a person, as rows with the lines on which they stand.

It hands over the whole plan or none of it; what is true of a plan on a given day is left to the models.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from data_contracts.faults import FeedFault
from etl.feed import Batch, Delivery, Landed
from etl.formats import plan_read
from etl.formats.plan_check import PlanFile
from etl.formats.plan_yaml import Staffing, Step

Row = Mapping[str, Any]


class Settings(BaseModel):
    """Where the plan is. fiscal_year_start: the month (1-12) by which its targets of a fiscal year are meant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: tuple[str, ...] = Field(min_length=1)
    fiscal_year_start: int = Field(default=7, ge=1, le=12)


def deliveries(settings: Settings) -> list[Delivery]:
    """All files at once: a program has one plan, and more than one file is a fault that `read` tells."""
    return [Delivery("plan", settings.files, {"fiscal_year_start": settings.fiscal_year_start}, together=True)]


def read(landed: Landed) -> Iterator[Batch]:
    """One batch for each table that has rows; nothing where the plan has a fault."""
    if len(landed.files) != 1:
        names = ", ".join(file.name for file in landed.files)
        remedy = "Name one file under feeds.plan.files in upstander.yml."
        raise FeedFault(names, f"{len(landed.files)} files are called the plan", "one file", remedy)
    file = landed.files[0]
    found = plan_read.read(file.path, file.name, landed.delivery.told["fiscal_year_start"])
    for table, rows_of in TABLES.items():
        rows = list(rows_of(found))
        if rows:
            yield Batch(table, {name: [row[name] for row in rows] for name in rows[0]}, done=file.bytes)


def _program(found: PlanFile) -> Iterator[Row]:
    program, budget = found.plan.program, found.plan.budget
    currency = budget.currency if budget else None
    yield {"line": found.line(("program",)), "title": program.title, "owner": program.owner, "currency": currency}


def _pillars(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.pillars):
        yield {"line": found.line(("pillars", at)), "pillar": one.id, "title": one.title}


def _goals(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.goals):
        line = found.line(("goals", at))
        yield {"line": line, "goal": one.id, "title": one.title, "pillar": one.pillar, "owner": one.owner}


def _measures(found: PlanFile) -> Iterator[Row]:
    position = 0
    for goal_at, goal in enumerate(found.plan.goals):
        for at, one in enumerate(goal.measures):
            position += 1
            yield {
                "line": found.line(("goals", goal_at, "measures", at)),
                "goal": goal.id,
                "measure": one.id,
                "metric": one.metric,
                "title": one.title,
                "grain": one.grain,
                "filters": _filters(one.where),
                "position": position,
            }


def _targets(found: PlanFile) -> Iterator[Row]:
    for goal_at, goal in enumerate(found.plan.goals):
        for measure_at, measure in enumerate(goal.measures):
            for at, one in enumerate(measure.targets):
                first, last = one.period(found.fiscal_year_start) or (None, None)
                yield {
                    "line": found.line(("goals", goal_at, "measures", measure_at, "targets", at)),
                    "measure": measure.id,
                    "starts_on": first,
                    "ends_on": last,
                    "value": one.value,
                }


def _projects(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.projects):
        yield {
            "line": found.line(("projects", at)),
            "project": one.id,
            "title": one.title,
            "pillar": one.pillar,
            "owner": one.owner,
            "starts_on": one.starts,
            "ends_on": one.ends,
            "state": one.state,
        }


def _milestones(found: PlanFile) -> Iterator[Row]:
    for project_at, project in enumerate(found.plan.projects):
        for at, one in enumerate(project.milestones):
            yield {
                "line": found.line(("projects", project_at, "milestones", at)),
                "project": project.id,
                "milestone": one.id,
                "title": one.title,
                "planned_on": one.planned,
                "forecast_on": one.forecast,
                "actual_on": one.actual,
            }


def _staffing(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.people):
        for kind, step_at, step in _steps(one):
            line = found.line(("people", at, kind, step_at))
            yield {"line": line, "role": one.role, "kind": kind, "starts_on": step.first, "people": step.people}


def _steps(staffing: Staffing) -> Iterator[tuple[str, int, Step]]:
    yield from (("planned", at, step) for at, step in enumerate(staffing.planned))
    yield from (("filled", at, step) for at, step in enumerate(staffing.filled))


def _budget_months(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.budget.lines if found.plan.budget else ()):
        for month, booking in one.months.items():
            yield {
                "line": found.line(("budget", "lines", at, "months", month)),
                "budget_line": one.line,
                "pillar": one.pillar,
                "month_on": date.fromisoformat(f"{month}-01"),
                "planned_amount": booking.planned,
                "spent_amount": booking.spent,
            }


def _risks(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.risks):
        yield {
            "line": found.line(("risks", at)),
            "risk": one.id,
            "title": one.title,
            "severity": one.severity,
            "pillar": one.pillar,
            "owner": one.owner,
            "opened_on": one.opened,
            "closed_on": one.closed,
        }


def _escalations(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.escalations):
        yield {
            "line": found.line(("escalations", at)),
            "escalation": one.id,
            "title": one.title,
            "to_role": one.to,
            "raised_on": one.raised,
            "answered_on": one.answered,
        }


def _decisions(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.decisions):
        yield {
            "line": found.line(("decisions", at)),
            "decision": one.id,
            "question": one.question,
            "owner": one.owner,
            "asked_on": one.asked,
            "needed_by": one.needed_by,
            "decided_on": one.decided,
            "outcome": one.outcome,
        }


def _rollouts(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.rollouts):
        line = found.line(("rollouts", at))
        yield {"line": line, "rollout": one.id, "title": one.title, "wiki": one.wiki, "started_on": one.started}


def _evaluations(found: PlanFile) -> Iterator[Row]:
    position = 0
    for evaluation_at, evaluation in enumerate(found.plan.evaluations):
        for at, one in enumerate(evaluation.measures):
            position += 1
            yield {
                "line": found.line(("evaluations", evaluation_at, "measures", at)),
                "evaluation": evaluation.id,
                "title": evaluation.title,
                "owner": evaluation.owner,
                "written_on": evaluation.written,
                "metric": one.metric,
                "grain": one.grain,
                "filters": _filters(one.where),
                "position": position,
            }


def _evaluated_rollouts(found: PlanFile) -> Iterator[Row]:
    for evaluation_at, evaluation in enumerate(found.plan.evaluations):
        for at, rollout in enumerate(evaluation.rollouts):
            line = found.line(("evaluations", evaluation_at, "rollouts", at))
            yield {"line": line, "evaluation": evaluation.id, "rollout": rollout}


def _phases(found: PlanFile) -> Iterator[Row]:
    for at, one in enumerate(found.plan.phases):
        yield {
            "line": found.line(("phases", at)),
            "phase": one.id,
            "metric": one.metric,
            "filters": _filters(one.where),
            "starts_on": one.first,
            "why": one.why,
            "is_comparable": one.comparable,
        }


def _filters(where: Mapping[str, str]) -> str:
    return json.dumps(where, sort_keys=True, ensure_ascii=False)


TABLES: Mapping[str, Callable[[PlanFile], Iterator[Row]]] = {
    "raw_plan_program": _program,
    "raw_plan_pillar": _pillars,
    "raw_plan_goal": _goals,
    "raw_plan_measure": _measures,
    "raw_plan_target": _targets,
    "raw_plan_project": _projects,
    "raw_plan_milestone": _milestones,
    "raw_plan_staffing": _staffing,
    "raw_plan_budget_month": _budget_months,
    "raw_plan_risk": _risks,
    "raw_plan_escalation": _escalations,
    "raw_plan_decision": _decisions,
    "raw_plan_rollout": _rollouts,
    "raw_plan_evaluation": _evaluations,
    "raw_plan_evaluation_rollout": _evaluated_rollouts,
    "raw_plan_phase": _phases,
}
