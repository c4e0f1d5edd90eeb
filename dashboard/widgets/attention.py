"""What needs somebody's attention, each with the page that explains it. It reads statuses and computes no figure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final

import streamlit as st

from dashboard.charts import headline, signals, words
from dashboard.widgets import door, names, plan, rota
from dashboard.widgets import goals as goal_table
from dashboard.widgets.language import _
from metrics.answer import Listing
from metrics.progress import Progress, Status

OLD: Final = timedelta(days=8)  # a page called "this week" that shows another one must say so
STALE: Final = timedelta(days=7)  # a wiki's log that is silent for longer, while others speak, has probably stopped


@dataclass(frozen=True)
class Item:
    """One thing, and where it is explained."""

    text: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Concern:
    """Things of one kind."""

    title: str
    items: tuple[Item, ...]


def concerns() -> tuple[Concern, ...]:
    """Everything that needs attention, kind by kind, the most urgent kind first; kinds without any are left out."""
    goals = door.goals()
    found = (
        Concern(_("attention-worse"), tuple(worsened(goals, goal_table.week_start()))),
        Concern(_("attention-missed"), tuple(measures(goals, "missed"))),
        Concern(_("attention-rota"), tuple(_gaps(door.listing("rota_gaps")))),
        Concern(_("attention-decisions"), tuple(_decisions(door.listing("decisions")))),
        Concern(_("attention-milestones"), tuple(_milestones(door.listing("milestones")))),
        Concern(_("attention-risks"), tuple(_risks(door.listing("risks")))),
        Concern(_("attention-escalations"), tuple(_escalations(door.listing("escalations")))),
        Concern(_("attention-unclear"), tuple(measures(goals, "unclear"))),
        Concern(_("attention-data"), tuple(data())),
    )
    return tuple(one for one in found if one.items)


def show(found: Sequence[Concern]) -> None:
    """Draws the list; every line is a link."""
    if not found:
        st.write(_("attention-none"))
    for concern in found:
        st.markdown(f"**{concern.title}**")
        with st.container(gap=None):
            for item in concern.items:
                st.page_link(item.page, label=names.plain(item.text), query_params=dict(item.query), width="stretch")


def measures(goals: Iterable[Progress], status: Status) -> Iterable[Item]:
    for one in goals:
        if words.judged(one) == status and one.last is not None:
            value = words.figure(one.last, one.released)
            period = words.short_period(one.last, one.released.by)
            target = words.target(one)
            text = _("attention-measure", symbol=words.STATUS_SYMBOLS[status], title=one.title, value=value,
                     period=period, target=target)  # fmt: skip
            sign = signals.assurance(one.course)
            more = f"; {_('attention-will-miss')}" if sign is not None and sign.tone == "bad" else ""
            yield Item(f"{text}{more}", "pages/metric.py", _question(one))


def worsened(goals: Iterable[Progress], since: date) -> Iterable[Item]:
    """The measures of which one way is better and whose course says since this week that they became worse."""
    for one in goals:
        sign = signals.variation(one.course)
        if sign.tone == "bad" and headline.is_new(one, since):
            told = _("attention-signal", symbol=sign.symbol, title=one.title, told=signals.sentence(one.course))
            yield Item(told, "pages/metric.py", _question(one))


def _question(one: Progress) -> Mapping[str, str]:
    return {"metric": one.released.metric.id, "by": one.released.by, **dict(one.released.where)}


def data() -> Iterable[Item]:
    """An old build, failed checks, wikis without a known day or whose log seems to have stopped, and rows set aside."""
    built = door.build()
    old = now().date() - built.as_of.date()
    if old > OLD and not built.invented:
        yield Item(_("attention-old", count=old.days), "pages/data.py", {"part": "feeds"})
    failed = sum(not row["passed"] for row in door.listing("checks").rows)
    aside = sum(row["row_count"] for row in door.listing("quarantine").rows)
    if failed:
        yield Item(_("attention-checks", count=failed), "pages/data.py", {"part": "checks"})
    coverage = door.listing("coverage")
    untold = [row for row in coverage.rows if row["wiki"] and plan.day(row["ends_on"]) is None]
    for feed, rows in groupby(untold, key=lambda row: row["feed"]):
        wikis = [str(row["wiki"]) for row in rows]
        told = _("attention-untold", feed=names.feed(feed), count=len(wikis), wiki=wikis[0])
        yield Item(told, "pages/data.py", {"part": "feeds"})
    for row in stopped(coverage):
        told = _("attention-stopped", feed=names.feed(row["feed"]), wiki=row["wiki"], day=plan.told_day(row["ends_on"]))
        yield Item(told, "pages/data.py", {"part": "feeds"})
    if aside:
        yield Item(_("attention-quarantine", count=aside), "pages/data.py", {"part": "quarantine"})


def stopped(coverage: Listing) -> Sequence[plan.Record]:
    """The wikis of a feed that are silent since more than a week before the feed's own last day, though they go on."""
    ends = {row["feed"]: plan.day(row["ends_on"]) for row in coverage.rows if row["wiki"] is None}
    return [
        row
        for row in coverage.rows
        if row["wiki"] is not None
        and (last := ends.get(row["feed"])) is not None
        and (end := plan.day(row["ends_on"])) is not None
        and last - end > STALE
        and not has_left(row, end)
    ]


def has_left(row: plan.Record, end: date) -> bool:
    """Whether a wiki left the program, and all is there that was still to come."""
    left_on = plan.day(row.get("left_on"))
    return left_on is not None and left_on <= end


def now() -> datetime:
    """The reader's clock, UTC."""
    return datetime.now(UTC)


def _gaps(listing: Listing) -> Iterable[Item]:
    for text in rota.told(listing.rows):
        yield Item(text, "pages/program.py", {"part": "rota"})


def _decisions(listing: Listing) -> Iterable[Item]:
    for row in plan.pending(listing.rows):
        if plan.is_overdue(row):
            text = _("attention-decision", question=row["question"], owner=names.role(row["owner"]),
                     day=plan.told_day(row["needed_by"]))  # fmt: skip
            yield Item(text, "pages/program.py", {"part": "decisions"})


def _milestones(listing: Listing) -> Iterable[Item]:
    for row in listing.rows:
        if row["state"] in ("late", "slipping"):
            text = _("attention-milestone", title=row["title"], state=plan.milestone_state(row),
                     owner=names.role(row["owner"]))  # fmt: skip
            yield Item(text, "pages/program.py", {"part": "milestones"})


def _risks(listing: Listing) -> Iterable[Item]:
    for row in listing.rows:
        if plan.is_open(row) and row["severity"] in plan.SEVERE:
            text = _("attention-risk", title=row["title"], severity=plan.severity(row), owner=names.role(row["owner"]))
            yield Item(text, "pages/program.py", {"part": "risks"})


def _escalations(listing: Listing) -> Iterable[Item]:
    for row in listing.rows:
        if not row["is_answered"]:
            size = words.number(row["waiting_days"], "days")
            text = _("attention-escalation", title=row["title"], to=names.role(row["to_role"]), size=size)
            yield Item(text, "pages/program.py", {"part": "risks"})
