"""Makes the description of a timeline from the plan's projects and milestones. It draws nothing."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from dashboard.charts import words
from dashboard.charts.chart import Chart, Mark, Row
from metrics.answer import Listing

NOTE = "Open circle: planned. Diamond: forecast. Filled circle: done. Vertical line: the last day of the data."


def timeline(
    milestones: Listing,
    projects: Listing | None = None,
    today: date | None = None,
    title: str = "Projects and milestones",
    locale: str = words.LOCALE,
) -> Chart:
    """Projects as bars from start to end, each followed by its milestones with planned, forecast and actual day.

    Without `projects` the milestones alone are shown, in order of their planned days. today: the last day of the data.
    """
    rows = tuple(_rows(milestones, projects))
    alt = " ".join([f"{title}.", *(_sentence(row, locale) for row in rows)]) if rows else f"{title}: nothing planned."
    return Chart("timeline", title, alt, rows=rows, today=today, notes=(NOTE,) if rows else (), locale=locale)


def _rows(milestones: Listing, projects: Listing | None) -> Iterator[Row]:
    ordered = sorted(milestones.rows, key=lambda row: (row["planned_at"], str(row["milestone"])))
    if projects is None:
        yield from (_milestone(row) for row in ordered)
        return
    for project in projects.rows:
        yield Row(str(project["title"]), str(project["state"]), _day(project["starts_at"]), _day(project["ends_at"]))
        yield from (_milestone(row) for row in ordered if row["project"] == project["project"])


def _milestone(row: Mapping[str, Any]) -> Row:
    days = {"planned": _day(row["planned_at"]), "actual": _day(row["actual_at"])}
    if days["actual"] is None:
        days["forecast"] = _day(row["forecast_at"])
    marks = tuple(Mark(day, kind) for kind, day in days.items() if day is not None)  # type: ignore[arg-type]
    return Row(str(row["title"]), str(row["state"]), marks=marks)


def _sentence(row: Row, locale: str) -> str:
    if row.start is not None and row.end is not None:
        told = words.days(row.start, row.end, locale)
    else:
        told = ", ".join(f"{mark.kind} {words.day(mark.day, locale)}" for mark in row.marks)
    return f"{row.name}: {told} ({words.progress_state(row.state)[2:].lower()})."


def _day(value: Any) -> date | None:
    """A day out of a listing: a date, a timestamp, or nothing (None or NaT)."""
    if value is None or value != value:  # NaT is not itself
        return None
    return value.date() if isinstance(value, datetime) else value
