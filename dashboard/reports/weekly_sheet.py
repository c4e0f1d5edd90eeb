"""The words of the weekly summary: from what was collected to texts, tables and charts. It asks and writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from dashboard.charts import signals, words
from dashboard.charts.chart import Annotation, Chart
from dashboard.charts.compose import series
from dashboard.charts.headline import few_of, headline, outlook, rest
from dashboard.charts.timeline import timeline
from dashboard.reports import build_tables, developments, plan_tables, weekly_corrections
from dashboard.reports.developments import Development
from dashboard.reports.document import Table
from dashboard.reports.plan_records import Decision, Escalation, Milestone, Risk, Rollout
from dashboard.reports.plan_tables import PlanTables
from dashboard.reports.weekly_corrections import Corrected
from metrics.answer import Build, Figure, Listing, Released
from metrics.calendar import Period, Rules, period_of
from metrics.progress import Progress
from metrics.semantic.model import Grain

DAY: Final = timedelta(days=1)
LATEST: Final[dict[Grain, int]] = {"week": 13, "month": 13, "quarter": 8, "fiscal_year": 6, "total": 1}
RECENT: Final = timedelta(days=182)
TIMELINE_ROWS: Final = 30
FIRST_PAGE: Final = {
    "measures": 14, "milestones": 6, "risks": 4, "escalations": 3, "decisions": 4, "developments": 3, "corrections": 3,
}  # fmt: skip
INVENTED: Final = "Invented data. This program, its wikis and its people do not exist."


@dataclass(frozen=True)
class WeeklyContent:
    """What was collected for one week. is_planned: the measures are those of the plan's goals."""

    week: Period
    name: str
    build: Build
    measures: tuple[Progress, ...]
    is_planned: bool
    milestones: tuple[Milestone, ...]
    risks: tuple[Risk, ...]
    escalations: tuple[Escalation, ...]
    decisions: tuple[Decision, ...]
    rollouts: tuple[Rollout, ...]
    files: Listing
    coverage: Listing
    quarantine: Listing
    checks: Listing
    developments: tuple[Development, ...] = ()
    corrections: tuple[Corrected, ...] = ()
    corrections_withheld: int = 0


@dataclass(frozen=True)
class Detail:
    """One measure: how it stands, a chart, the same figures as a table, and how to read them."""

    title: str
    goal: str
    question: str
    status: tuple[str, ...]
    chart: Chart
    table: Table
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The whole summary in words, in reading order. now: what of the plan stands on the first page; plan: all of it.

    news, developments: likewise of what happened; corrected, corrections: of figures told differently before.
    """

    title: str
    program: str
    week: str
    banner: str
    stamp: str
    headline: str
    lines: tuple[str, ...]
    goals: Table
    now: PlanTables
    details: tuple[Detail, ...]
    timeline: Chart
    plan: PlanTables
    news: Table
    developments: Table
    corrected: Table
    corrections: Table
    receipts: Table
    feeds: Table
    quarantine: Table
    warnings: Table
    reading: tuple[str, ...]
    language: str = "en"
    direction: str = "ltr"


def sheet(content: WeeklyContent) -> Sheet:
    """The texts, tables and charts of the summary."""
    week = _week(content.week, content.name)
    now, whole = _plan_now(content), _plan_whole(content)
    return Sheet(
        title=f"Weekly summary, {week}",
        program=content.build.program,
        week=week,
        banner=INVENTED if content.build.invented else "",
        stamp=f"Build {content.build.id}, data until {words.day(content.build.as_of.date() - DAY)} (UTC)",
        headline=headline(content.measures, content.week.start),
        lines=tuple(_lines(content)),
        goals=_goals(content),
        details=tuple(_detail(one, content) for one in content.measures),
        timeline=_timeline(content),
        news=developments.table(content.developments, FIRST_PAGE["developments"]),
        developments=developments.table(content.developments),
        corrected=weekly_corrections.table(content.corrections, FIRST_PAGE["corrections"]),
        corrections=weekly_corrections.table(content.corrections),
        receipts=_receipts(content),
        feeds=build_tables.feeds(content.files, content.coverage, content.build),
        quarantine=build_tables.quarantine(content.quarantine),
        warnings=build_tables.warnings(content.checks),
        reading=tuple(_reading(content)),
        now=now if _has_plan(content) else now.without_plan(),
        plan=whole if _has_plan(content) else whole.without_plan(),
    )


def _plan_now(content: WeeklyContent) -> PlanTables:
    """What of the plan stands on the first page."""
    pending = [one for one in content.decisions if one.decided is None]
    caption = "Milestones finished this week, late or expected late"
    empty = "No milestone was finished this week, is late or is expected late."
    return PlanTables(
        plan_tables.milestones(_changed(content), caption, empty, FIRST_PAGE["milestones"]),
        plan_tables.risks(content.risks, FIRST_PAGE["risks"]),
        plan_tables.escalations(content.escalations, FIRST_PAGE["escalations"]),
        plan_tables.decisions_needed(pending, FIRST_PAGE["decisions"]),
    )


def _plan_whole(content: WeeklyContent) -> PlanTables:
    return PlanTables(
        plan_tables.milestones(content.milestones, "Every milestone of the plan", "The plan has no milestone."),
        plan_tables.risks(content.risks),
        plan_tables.escalations(content.escalations),
        plan_tables.decisions(content.decisions),
    )


def _has_plan(content: WeeklyContent) -> bool:
    return any(row["feed"] == "plan" for row in content.files.rows)


def _lines(content: WeeklyContent) -> Iterable[str]:
    """Targets, and the plan's week in numbers, below the headline."""
    measures = content.measures
    if standing := " ".join(filter(None, (_aims(content), outlook(measures), rest(measures)))):
        yield standing
    week = content.week
    done = [one for one in content.milestones if one.actual is not None and one.actual >= week.start]
    late = [one for one in content.milestones if one.state == "late"]
    if done:
        yield f"{words.count(len(done), 'milestone')} finished: {few_of([one.title for one in done])}."
    if late:
        yield f"{words.count(len(late), 'milestone')} late: {few_of([one.title for one in late])}."
    pending = [one for one in content.decisions if one.decided is None]
    if pending:
        overdue = sum(one.is_overdue for one in pending)
        more = f", {overdue} of them overdue" if overdue else f", the first by {words.day(pending[0].needed_by)}"
        yield f"{words.count(len(pending), 'decision')} needed{more}."


def _aims(content: WeeklyContent) -> str:
    """How many of the measures that have a target are off it."""
    missed = [one.title for one in content.measures if words.judged(one) == "missed"]
    aimed = [one for one in content.measures if words.judged(one) in ("met", "missed", "unclear")]
    if missed:
        verb = "is" if len(missed) == 1 else "are"
        return f"{len(missed)} of {words.count(len(aimed), 'measure')} {verb} off target: {few_of(missed)}."
    if not aimed:
        return ""
    all_met = all(words.judged(one) == "met" for one in aimed)
    return "Every measure with a target is on it." if all_met else "No measure is off target."


def _goals(content: WeeklyContent) -> Table:
    """The measures by goal, with status in symbol and words."""
    if not content.is_planned:
        return _without_goals(content)
    shown = content.measures[: FIRST_PAGE["measures"]]
    rows: list[tuple[str, ...]] = []
    goal = ""
    for one in shown:
        if one.goal_title != goal:
            goal = one.goal_title
            rows.append((goal,))
        rows.append(
            (one.title, words.target(one), *_last(one), signals.brief(one.course), words.status(words.judged(one)))
        )
    columns = ("Measure", "Target", "Last settled", "Period", "Course", "Status")
    left = len(content.measures) - len(shown)
    return Table("Goals", columns, tuple(rows), (29, 13, 10, 11, 21, 16), left=left, noun="measure")


def _without_goals(content: WeeklyContent) -> Table:
    """Without goals there are no targets, and nothing is on or off them."""
    shown = content.measures[: FIRST_PAGE["measures"]]
    rows = tuple((one.title, *_last(one), signals.brief(one.course)) for one in shown)
    left = len(content.measures) - len(shown)
    columns = ("Measure", "Last settled", "Period", "Course")
    caption, empty = "Figures of the week (no goals are planned)", "No metric has a value by week that may be shown."
    return Table(caption, columns, rows, (40, 18, 16, 26), empty=empty, left=left, noun="measure")


def _last(one: Progress) -> tuple[str, str]:
    if one.last is None:
        newest = one.released.figures[-1] if one.released.figures else None
        return (words.figure(newest, one.released) if newest else "no data", "–")
    return words.figure(one.last, one.released), words.short_period(one.last, one.released.by)


def _receipts(content: WeeklyContent) -> Table:
    """The ID of each measure's number that stands on a page, newest first, by which one asks where it comes from.

    What was corrected since has one of its own: of the build that said it.
    """
    rows: list[tuple[str, ...]] = []
    for one in content.measures:
        shown = [figure for figure in reversed(_recent(one.released).figures) if figure.shown]
        shown += [one.last] if one.last and one.last not in shown else []
        rows += [(one.title,)] if shown else []
        rows += [(words.short_period(figure, one.released.by), one.released.receipt(figure)) for figure in shown]
        rows += weekly_corrections.receipts([each for each in content.corrections if each.measure == one])
    caption = "Where the numbers come from: upstander receipt ID"
    return Table(caption, ("Period", "ID"), tuple(rows), (13, 87), empty="No value can be shown.")


def _changed(content: WeeklyContent) -> list[Milestone]:
    """What was finished in the week, then what is late, then what is expected to be."""
    done = [one for one in content.milestones if one.actual is not None and one.actual >= content.week.start]
    late = [one for one in content.milestones if one.state == "late"]
    slipping = [one for one in content.milestones if one.state == "slipping"]
    return [*done, *late, *slipping]


def _detail(one: Progress, content: WeeklyContent) -> Detail:
    """The newest periods of a measure: all that the chart draws stands in the table."""
    released = one.released
    recent = _recent(released)
    annotations = _annotations(content.rollouts, dict(released.where).get("wiki"))
    chart = series(recent, one.target, annotations, course=one.course)
    aim = f"Target: {words.target(one)}." if words.target(one) != "–" else ""
    course = f"{signals.variation(one.course).symbol} {signals.sentence(one.course)}"
    status = tuple(filter(None, (f"{words.status(words.judged(one))}. {aim}".rstrip(), course, _outlook(one))))
    notes = (*chart.notes, released.metric.not_this, *released.metric.caveats)
    question = released.metric.question
    if released.where:
        question += f" Only {words.listed([f'{name} {value}' for name, value in released.where])}."
    return Detail(one.title, one.goal_title, question, status, chart, _figures(recent), notes)


def _recent(released: Released) -> Released:
    """The newest periods, as many as a chart of the summary has."""
    return Released(**{**released.__dict__, "figures": released.figures[-LATEST[released.by] :]})


def _outlook(one: Progress) -> str:
    found = signals.assurance(one.course)
    return f"{found.symbol} {signals.outlook(one.course)}" if found is not None else ""


def _annotations(rollouts: Sequence[Rollout], wiki: str | None) -> Iterable[Annotation]:
    """What was rolled out on which day: one annotation for all wikis it reached that day; only `wiki` where given."""
    reached: dict[tuple[date, str], list[str]] = {}
    for one in rollouts:
        if wiki in (None, one.wiki):
            reached.setdefault((one.started, one.title), []).append(one.wiki)
    for (day, title), wikis in reached.items():
        where = words.listed(wikis) if len(wikis) <= 2 else words.count(len(wikis), "wiki")
        yield Annotation(day, f"{title} on {where}")


def _figures(released: Released) -> Table:
    """The figures with their interval and what they rest on, where they have them; newest first."""
    figures, unit = tuple(reversed(released.figures)), released.metric.unit
    columns = {
        "Period": [_period(one, released) for one in figures],
        "Value": [words.figure(one, released) for one in figures],
    }
    if any(words.interval(one, unit) for one in figures):
        columns["95 % interval"] = [words.interval(one, unit) or "–" for one in figures]
    if any(one.n is not None for one in figures):
        columns["Rests on"] = ["–" if one.n is None else words.number(one.n, "count") for one in figures]
    widths = {"Period": 36, "Value": 23, "95 % interval": 31, "Rests on": 10}
    currency = ", in the plan's currency" if unit == "money" else ""
    return Table(
        f"{released.metric.title}, newest first{currency}",
        tuple(columns),
        tuple(zip(*columns.values(), strict=True)),
        tuple(widths[name] for name in columns),
        empty="No figure yet.",
    )


def _period(one: Figure, released: Released) -> str:
    return words.days(one.start, one.end) if released.by == "week" else words.period(one, released.by)


def _timeline(content: WeeklyContent) -> Chart:
    """The milestones that are open or were finished in the last half year; the table has all of them."""
    begin = content.week.end - RECENT
    recent = [one for one in content.milestones if one.actual is None or one.actual > begin]
    rows = tuple(
        {
            "project": one.project,
            "milestone": f"{number:04d}",
            "title": one.title,
            "state": one.state,
            "planned_at": one.planned,
            "forecast_at": one.forecast,
            "actual_at": one.actual,
        }
        for number, one in enumerate(recent[:TIMELINE_ROWS])
    )
    listing = Listing("milestones", (), rows, content.build.id)
    chart = timeline(listing, today=content.week.end, title="Open and recent milestones")
    left = len(content.milestones) - len(rows)
    more = (f"{words.count(left, 'more milestone')} in the table.",) if left else ()
    return replace(chart, notes=(*chart.notes, *more))


READING: Final = (
    "A status is on or off target only where the whole 95 % interval is on one side of the target.",
    "Two values are never compared alone. Limits, 3 sigma to both sides of the mean, say what is usual. More than that "
    "is a value beyond one, two of three near one, seven in a row on one side of the mean, or seven that rise or fall. "
    "Among many measures one will now and then say so by chance, or by the season, of which limits know nothing.",
    "Fewer than 13 values give trial limits, which may still move; of fewer than 7 nothing is said.",
    "Whether a target will be met is said as if nothing changed: all that is usual is then on one side of it.",
    "A value is settled once its period is over and everything that it waits for has happened. Days are in UTC.",
    "Reports, blocks and cases are not harm itself: a rise can mean more trust in reporting.",
)


def _reading(content: WeeklyContent) -> Iterable[str]:
    """How to read the summary, and what it leaves out."""
    yield from READING
    quarter = period_of(content.week.end, "quarter", Rules(content.build.fiscal_year_start))
    told = words.months(quarter.start, quarter.end)
    yield f"Fiscal years are named by the year in which they end: {quarter.label.replace('Q', ' Q')} is {told}."
    yield (
        f"Figures up to {words.day(content.week.end)} are shown as build {content.build.id} knows them. The plan keeps "
        "no history: forecasts, owners and titles are those of the build."
    )
    yield from weekly_corrections.withheld(content.corrections_withheld)
    withheld = sum(one.released.withheld_count for one in content.measures)
    if not withheld:
        yield "No figure was withheld. What is missing is not zero."
        return
    minimums = sorted({str(one.released.minimum) for one in content.measures if one.released.withheld_count})
    yield (
        f"{words.count(withheld, 'figure')} withheld to protect people, in groups of fewer than "
        f"{words.listed(minimums)} or beside such groups. Withheld is not zero."
    )


def _week(week: Period, name: str) -> str:
    return f"week {int(name[-2:])}, {words.days(week.start, week.end)}"
