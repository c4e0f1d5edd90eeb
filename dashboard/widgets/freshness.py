"""What a build is made of, and how new it is: days covered, files, rows set aside, checks. It reads records only."""

from collections.abc import Iterable
from datetime import timedelta

import streamlit as st
from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import attention, door, names, plan
from dashboard.widgets.language import _
from dashboard.widgets.table import draw, markup
from metrics.answer import Listing


def strip() -> None:
    """One line on top of the first page: until when, and what is wrong with the data; it leads to the Data page."""
    st.markdown(_("fresh-until", day=words.day(plan.today()), build=door.build().id))
    checks = door.listing("checks").rows
    held = attention.Item(
        _("fresh-held", count=sum(row["passed"] for row in checks)), "pages/data.py", {"part": "checks"}
    )
    with st.container(horizontal=True):
        for item in (held, *attention.data()):
            st.page_link(item.page, label=names.plain(item.text), query_params=dict(item.query))


def summary() -> None:
    """The build in three sentences."""
    built, checks = door.build(), door.listing("checks").rows
    failed = sum(not row["passed"] for row in checks)
    aside = sum(row["row_count"] for row in door.listing("quarantine").rows)
    st.markdown(_("fresh-until", day=words.day(plan.today()), build=built.id))
    told = [_("fresh-checks", count=len(checks)), _("fresh-failed", count=failed), _("fresh-aside", count=aside)]
    st.markdown(" ".join(told))


def absent(metric: str) -> None:
    """Says so where the build has nothing of any feed that tells of a metric."""
    there = {row["feed"] for row in door.listing("feeds").rows}
    sources = door.explain(metric).sources
    if there.isdisjoint(sources):
        feeds = words.listed([f"“{names.feed(one)}”" for one in sources], "or")
        draw(Markup('<p class="up-absent" role="note">{}</p>').format(_("feed-absent", feeds=feeds)))


def coverage(listing: Listing) -> Markup:
    """First and last day of every feed and wiki, and how long before the build's last day that is."""
    silent = [(row["feed"], row["wiki"]) for row in attention.stopped(listing)]
    rows = [
        (
            names.feed(row["feed"]),
            names.member("wiki", row["wiki"]) if row["wiki"] else _("coverage-whole"),
            plan.told_day(row["starts_on"], _("coverage-none")),
            plan.told_day(row["ends_on"], _("coverage-none")),
            _behind(row, (row["feed"], row["wiki"]) in silent),
        )
        for row in listing.rows
    ]
    columns = [_("column-feed"), _("column-wiki"), _("column-first-day"), _("column-last-day"), _("column-behind")]
    return markup(_("coverage-caption"), columns, rows, empty=_("coverage-empty"))


def files(listing: Listing) -> Markup:
    """Every file once, though a feed may read it for several purposes."""
    received = {(row["feed"], row["file"], row["sha256"]): row for row in listing.rows}
    rows = [
        (
            row["file"],
            names.feed(row["feed"]),
            words.number(row["rows"], "count"),
            words.number(row["rejected"], "count"),
            plan.told_day(row["latest_event_at"]),
            plan.told_day(row["received_at"]),
        )
        for row in received.values()
    ]
    columns = [_("column-file"), _("column-feed"), _("column-rows"), _("column-aside"), _("column-latest")]
    columns.append(_("column-received"))
    return markup(_("files-caption"), columns, rows, empty=_("files-empty"), numbers=(2, 3), stacked=True)


def quarantine(listing: Listing) -> Markup:
    """How many rows break which rule, the most first."""
    ordered = sorted(listing.rows, key=lambda row: -row["row_count"])
    rows = [
        (row["rule"], names.feed(row["feed"]), row["file"], words.number(row["row_count"], "count")) for row in ordered
    ]
    columns = [_("column-rule"), _("column-feed"), _("column-file"), _("column-rows")]
    return markup(_("quarantine-caption"), columns, rows, empty=_("quarantine-empty"), numbers=(3,))


@door.remembered
def checks(listing: Listing) -> Markup:
    """Every rule of the contracts and whether the build keeps it, the broken ones first."""
    return markup(
        _("checks-caption"),
        [_("column-rule"), _("column-table"), _("column-result"), _("column-breaking"), _("column-stands-in")],
        _checks(listing.rows),
        empty=_("checks-empty"),
        numbers=(3,),
        stacked=True,
    )


def _checks(rows: Iterable[plan.Record]) -> Iterable[tuple[str, ...]]:
    for row in sorted(rows, key=lambda one: (one["passed"], one["severity"], one["table_name"], one["rule"])):
        result = _("check-kept") if row["passed"] else _(f"check-{row['severity']}")
        yield row["rule"], row["table_name"], result, words.number(row["breaking_count"], "count"), row["says"]


def _behind(row: plan.Record, is_silent: bool) -> str:
    end = plan.day(row["ends_on"])
    if end is None:
        return "–"
    if attention.has_left(row, end):
        return _("coverage-left", day=plan.told_day(row["left_on"]))
    late = plan.today() - end
    if late <= timedelta(0):
        return _("coverage-up-to-date")
    size = words.number(late.days, "days")
    return _("coverage-silent", size=size) if is_silent else size
