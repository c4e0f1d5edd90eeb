"""A quarterly report's content written by hand: two quarters of a few measures, and counts of wikis by month.

It computes nothing but what the door would: totals of tables, and what is withheld in them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dashboard.reports.community_text import Bullets, Grid, Heading, Page, Paragraph, Text, cell_texts
from dashboard.reports.plan_records import Milestone, Rollout
from dashboard.reports.quarterly_content import QuarterlyContent, Wiki
from dashboard.reports.quarterly_measures import Measure
from metrics import tabulate
from metrics.answer import Build, Figure, Released, ReleasedTable, State
from metrics.calendar import Period
from metrics.course import course
from metrics.progress import Progress
from metrics.semantic.model import Metric
from tests import answers

MONTHS = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))
BEFORE = Period(date(2026, 4, 1), date(2026, 6, 30), "2026Q4")
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30), "2027Q1")
NEXT = Period(date(2026, 10, 1), date(2026, 12, 31), "2027Q2")
BLOCKS_SET = answers.metric(
    id="blocks_set", title="Blocks set", question="How many blocks were set?", kind="count", unit="count",
    better="neither", source="mart_block", not_this="More blocks can mean more care.", caveats=(),
)  # fmt: skip
BUILD = Build("b000007", datetime(2026, 11, 19), "Safer Wikis", True, 7, "monday")
WIKIS = {
    "great": Wiki("great", "Demo Wiki", "en", "ltr"),
    "tiny": Wiki("tiny", "ويكي", "ar", "rtl"),
}


def counts(**by_wiki: Sequence[float | State]) -> list[Figure]:
    """The counts of the wikis, before withholding: one a month from July, or the state that says why there is none."""
    found = []
    for wiki, values in by_wiki.items():
        for month, value in zip(MONTHS, values, strict=False):
            known, state = (None, value) if isinstance(value, str) else (float(value), "final")
            n = None if known is None else int(known)
            label, end = f"{month:%Y-%m}", month.replace(day=28)
            found.append(Figure(month, end, label, (wiki,), known, None, None, None, None, n, state))
    return found


def table(figures: Sequence[Figure], metric: Metric = BLOCKS_SET, split: str = "wiki") -> ReleasedTable:
    """The counts as the public may see them."""
    shown = tabulate.table(metric, figures, "public")
    return ReleasedTable(metric, "month", split, "public", shown, BUILD.id, date(2026, 11, 19), 10, True)


def figure(period: Period, value: float | State | None, width: float = 0.01, state: State = "final") -> Figure:
    """A figure of a quarter, or the state that says why there is none; width: how far its bounds are from it, 0 for none."""
    if value is None or isinstance(value, str):
        state = value or "no_data"
        return Figure(period.start, period.end, period.label, (), None, None, None, None, None, None, state)
    low, high = (value - width, value + width) if width else (None, None)
    return Figure(period.start, period.end, period.label, (), value, low, high, None, None, 500, state)


def measure(
    title: str = "Blocked again",
    now: Figure | None = None,
    before: Figure | None = None,
    metric: Metric = answers.METRIC,
    where: tuple[tuple[str, str], ...] = (),
    **standing: Any,
) -> Measure:
    """A measure of two quarters. standing: target, status, change_is_clear and what else the progress says."""
    figures = tuple(one for one in (before or figure(BEFORE, 0.3), now or figure(QUARTER, 0.26)) if one)
    settled = [one for one in figures if one.state == "final" and one.value is not None]
    last, previous = [None, None, *settled][-1], [None, None, *settled][-2]
    moved = None if last is None or previous is None else (last.value or 0.0) - (previous.value or 0.0)
    released = Released(metric, "quarter", (), where, "public", figures, BUILD.id, date(2026, 11, 19), 10, True)
    told = {
        "target": 0.25,
        "status": "unclear",
        "change": moved,
        "change_is_clear": True,
        "course": course(released),
        **standing,
    }
    goal = ("fewer-repeats", "Fewer people are blocked again", "tools", "trust-and-safety", title)
    return Measure(Progress(*goal, released=released, last=last, previous=previous, **told), QUARTER)


def milestone(title: str, planned: date, actual: date | None = None, forecast: date | None = None) -> Milestone:
    """As it stood on the quarter's last day."""
    late = actual is None and planned <= QUARTER.end
    state: Any = "done" if actual else "late" if late else "on_track"
    return Milestone(title, "Reporting", "engineering", planned, forecast, actual, state, None)


def content(**changed: Any) -> QuarterlyContent:
    """A quarter of one measure, one table, one milestone done and one rollout; anything in it can be changed."""
    done = milestone("Button on all wikis", date(2026, 8, 31), date(2026, 8, 28))
    tables: Mapping[str, ReleasedTable] = {"blocks_set": table(counts(great=[500, 400, 300], tiny=[9, 20, 30]))}
    whole = QuarterlyContent(
        quarter=QUARTER, preceding=BEFORE, following=NEXT, build=BUILD, measures=(measure(),),
        tables=tables, before=tables, milestones=(done,), since=(done,),
        rollouts=(Rollout("Report button", "tiny", date(2026, 9, 1)),), wikis=WIKIS,
        coverage=answers.listing("coverage", {
            "feed": "tickets", "wiki": None, "starts_on": date(2025, 1, 1), "ends_on": date(2026, 11, 18),
        }),
        quarantine=answers.listing("quarantine", {"feed": "tickets", "file": "t.csv", "rule": "a time", "row_count": 3}),
    )  # fmt: skip
    return replace(whole, **changed)


def texts(page: Page) -> Iterator[Text]:
    """Every text of a page, and every lone number or name of its tables as a text of its own, in reading order."""
    yield from filter(None, (page.banner, page.title))
    for block in page.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                yield text
            case Bullets(items=items):
                yield from items
            case Grid(caption=caption, columns=columns, rows=rows):
                yield caption
                yield from (one for row in (columns, *rows) for cell in row for one in cell_texts(cell))
    yield page.stamp
