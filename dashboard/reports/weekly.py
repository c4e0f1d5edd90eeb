"""The weekly summary for executives: what it needs is collected here, checked, and written as PDF and HTML.

Every number comes from `metrics.query`, for the audience "executive", up to the week's last day. A build that broke a
rule, or lacks a feed that the plan's measures rest on, has no summary.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from dashboard.charts import palette, words
from dashboard.charts.paper import svg
from dashboard.reports import developments, document, plan_records, releasable, weekly_corrections, weekly_sheet
from dashboard.reports.weekly_corrections import Corrected
from dashboard.reports.weekly_sheet import Sheet, WeeklyContent
from data_contracts.faults import NotReleasable, UserFault
from metrics import progress, query
from metrics.answer import Build, Listing
from metrics.calendar import Period, Rules, parse_label, period_of
from metrics.progress import Progress

AUDIENCE: Final = "executive"
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class _Paper:
    """How charts are drawn in one kind of document."""

    font: str
    width: int
    height: int


PDF, HTML = _Paper(document.PDF_FONT, 370, 130), _Paper(palette.SCREEN_FONT, 420, 160)


def write(week: str, out: Path) -> list[Path]:
    """Writes weekly-<week>.pdf and .html into `out` and says where; the same week and build give the same bytes.

    week: such as 2026-W46. UserFault where it is no week; NotReleasable where the build does not have all its days,
    broke a rule of severity error, or lacks a feed.
    """
    content = collect(week)
    files = {"pdf": pdf(content), "html": html(content).encode()}
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind, made in files.items():
        path = out / f"weekly-{week}.{kind}"
        draft = path.with_name(f".{path.name}.draft")  # a reader never finds half a report
        draft.write_bytes(made)
        draft.replace(path)
        paths.append(path)
    return paths


def collect(week: str) -> WeeklyContent:
    """Everything that the summary of a week says, as the build in force knows it."""
    built, files, coverage = query.build(), query.listing("feeds"), query.listing("published_coverage")
    period = _week(week, built, coverage)
    checks = query.listing("checks")
    releasable.refuse_broken(checks, built)
    measures = query.goals(AUDIENCE, until=period.end)
    releasable.refuse_missing([one.released.metric for one in measures], files, built)
    projects = query.listing("projects")
    measures, is_planned = measures or tuple(_unplanned(period.end, built)), bool(measures)
    corrections, withheld = _corrections(measures, period.start)
    return WeeklyContent(
        week=period,
        name=week,
        build=built,
        measures=measures,
        is_planned=is_planned,
        milestones=plan_records.milestones(query.listing("milestones"), projects, period.end),
        risks=plan_records.risks(query.listing("risks"), period.end),
        escalations=plan_records.escalations(query.listing("escalations"), period.end),
        decisions=plan_records.decisions(query.listing("decisions"), period.end),
        rollouts=plan_records.rollouts(query.listing("rollouts"), period.end),
        files=files,
        coverage=coverage,
        quarantine=query.listing("quarantine"),
        checks=checks,
        developments=developments.developments(query.listing("developments", audience=AUDIENCE), period),
        corrections=corrections,
        corrections_withheld=withheld,
    )


def _corrections(measures: Sequence[Progress], since: date) -> tuple[tuple[Corrected, ...], int]:
    """What the last summary told differently, and how much more of it may not be told."""
    corrected, withheld = list[Corrected](), 0
    for one in measures:
        released, is_whole = one.released, not one.released.where
        found = query.restatements(
            released.metric.id, by=released.by, parts=not is_whole, since=since, audience=AUDIENCE
        )
        corrected += weekly_corrections.corrected(one, found, since, weekly_sheet.LATEST[released.by])
        withheld += found.withheld if is_whole else 0
    return tuple(corrected), withheld


def pdf(content: WeeklyContent) -> bytes:
    """The summary as PDF/UA-1: page 1 for executives, details behind it."""
    sheet = document.drawable(weekly_sheet.sheet(content))
    return document.pdf("weekly.typ", _drawn(sheet, PDF), content.build.as_of)


def html(content: WeeklyContent) -> str:
    """The summary as one HTML file."""
    told = _drawn(weekly_sheet.sheet(content), HTML)
    for one in [*told["details"], told["timeline"]]:
        one["svg"] = document.svg_markup(one["svg"])
    return document.html("weekly.html.j2", told)


def _drawn(sheet: Sheet, paper: _Paper) -> dict[str, Any]:
    """The sheet with its charts as SVG."""
    told = asdict(sheet)
    for number, (detail, one) in enumerate(zip(sheet.details, told["details"], strict=True), start=1):
        del one["chart"]
        one["svg"] = svg(detail.chart, paper.width, paper.height, paper.font, name=f"measure-{number}")
        one["alt"] = detail.chart.alt
    chart = sheet.timeline
    drawn = svg(chart, font=paper.font, name="timeline")
    told["timeline"] = {"svg": drawn, "title": chart.title, "alt": chart.alt, "notes": chart.notes}
    return told


def _week(text: str, built: Build, coverage: Listing) -> Period:
    """The days of a week that the build has wholly."""
    rules = Rules(built.fiscal_year_start, "sunday" if built.week_start == "sunday" else "monday")
    place = f"the week {text}"
    try:
        if not re.fullmatch(r"\d{4}-W\d{2}", text):
            raise ValueError(text)
        week = parse_label(text, rules)
    except ValueError as error:
        raise UserFault(place, "it is no week", "a week such as 2026-W46", "Write the year and the week so.") from error
    days = [day for row in coverage.rows if (day := plan_records.day_of(row["starts_on"]))]
    if not days:
        raise NotReleasable(place, f"build {built.id} has no data of any feed", "data", "Run `upstander build`.")
    whole = _whole_weeks(min(days), built.as_of.date(), rules)
    if whole and whole[0].start <= week.start <= whole[1].start:
        return week
    has = f"{_name(whole[0])} to {_name(whole[1])}" if whole else "a whole week, of which this build has none"
    found = f"{words.days(week.start, week.end)} is not wholly in build {built.id}"
    known = f"which knows {words.days(min(days), built.as_of.date() - DAY)}"
    remedy = "Name one of these weeks, or build" if whole else "Build"
    raise NotReleasable(place, f"{found}, {known}", has, f"{remedy} again with newer data.")


def _whole_weeks(first: date, as_of: date, rules: Rules) -> tuple[Period, Period] | None:
    """The first and the last week of which the build has every day."""
    start = period_of(first, "week", rules)
    start = start if start.start == first else period_of(start.end + DAY, "week", rules)
    end = period_of(period_of(as_of, "week", rules).start - DAY, "week", rules)
    return (start, end) if start <= end else None


def _name(week: Period) -> str:
    """The ISO name of a week: of the Monday in it."""
    year, number, _ = (week.start + timedelta(days=-week.start.weekday() % 7)).isocalendar()
    return f"{year}-W{number:02d}"


def _unplanned(until: date, built: Build) -> Iterable[Progress]:
    """Without goals in the plan: every metric that ever had a value by week, without target."""
    for metric in query.definitions().values():
        if "week" not in metric.grains or metric.status != "live":
            continue
        released = query.ask(metric.id, by="week", end=until, audience=AUDIENCE)
        if any(figure.value for figure in released.figures):  # what never happened is not news
            row = {"goal": "", "goal_title": "", "pillar": metric.pillar, "owner": metric.owner, "title": metric.title}
            yield progress.assess(row, released, (), Rules(built.fiscal_year_start), query.phases(released))
