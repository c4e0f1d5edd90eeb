"""The quarterly report for communities: what it needs is collected here, checked, and written in three forms.

Every number comes from `metrics.query`, for the public, up to the quarter's last day. Money, places, risks,
escalations, decisions and what was not written for the public are not in it. A build that broke a rule, or lacks a feed
that the plan's measures rest on, has no report.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from dashboard.charts import words
from dashboard.reports import (
    community_html,
    developments,
    plan_records,
    quarterly_corrections,
    quarterly_csv,
    quarterly_measures,
    quarterly_page,
    releasable,
    wikitext,
)
from dashboard.reports.quarterly_content import QuarterlyContent, Wiki
from data_contracts.faults import NotReleasable
from metrics import query
from metrics.answer import Build, Listing
from metrics.calendar import Period, Rules, parse_label, period_of, periods

DAY = timedelta(days=1)


def write(quarter: str, out: Path) -> list[Path]:
    """Writes quarterly-<quarter>.wikitext, .html and .csv into `out` and says where; same build, same bytes.

    quarter: such as 2027Q1. NotReleasable where it is no quarter, where the build does not have all its days, where it
    broke a rule of severity error, or where it lacks a feed.
    """
    content = collect(quarter)
    page = quarterly_page.page(content)
    files = {"wikitext": wikitext.write(page), "html": community_html.write(page), "csv": quarterly_csv.write(content)}
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind, text in files.items():
        path = out / f"quarterly-{quarter}.{kind}"
        draft = path.with_name(f".{path.name}.draft")  # a reader never finds half a report
        draft.write_bytes(text.encode())
        draft.replace(path)
        paths.append(path)
    return paths


def collect(quarter: str) -> QuarterlyContent:
    """Everything that the report of a quarter says, as the build in force knows it."""
    built, coverage = query.build(), query.listing("published_coverage")
    rules = Rules(built.fiscal_year_start, "sunday" if built.week_start == "sunday" else "monday")
    period = _quarter(quarter, built, coverage, rules)
    releasable.refuse_broken(query.listing("checks"), built)
    recent = list(_recent(period, rules))
    tables = {one.label: quarterly_measures.tables(one) for one in recent}
    measures = quarterly_measures.measures(period, tables, rules)
    releasable.refuse_missing([one.released.metric for one in measures], query.listing("feeds"), built)
    milestones, projects = query.listing("milestones"), query.listing("projects")
    return QuarterlyContent(
        quarter=period,
        preceding=recent[1],
        following=period_of(period.end + DAY, "quarter", rules),
        build=built,
        measures=measures,
        tables=tables[period.label],
        before=tables[recent[1].label],
        milestones=plan_records.milestones(milestones, projects, period.end),
        since=plan_records.milestones(milestones, projects, built.as_of.date() - DAY),
        rollouts=plan_records.rollouts(query.listing("rollouts"), period.end),
        wikis={one.id: one for one in _wikis(query.listing("wikis"))},
        coverage=coverage,
        quarantine=query.listing("quarantine"),
        developments=developments.developments(query.listing("developments", audience="public"), period),
        corrections=quarterly_corrections.corrections(
            measures, query.restatements(by="quarter", parts=False, audience="public").found
        ),
    )


def _quarter(text: str, built: Build, coverage: Listing, rules: Rules) -> Period:
    """The days of a quarter that the build has wholly."""
    place = f"the quarter {text}"
    first, last = _first_day(coverage, built), built.as_of.date() - DAY
    whole = [one for one in periods(first, last, "quarter", rules) if first <= one.start and one.end <= last]
    names = [one.label for one in whole]
    complete = f"one of {words.listed(names)}" if names else "a whole quarter, of which this build has none"
    if not re.fullmatch(r"\d{4}Q[1-4]", text):
        raise NotReleasable(place, "it is no quarter such as 2027Q1", complete, "Name a quarter of the fiscal year so.")
    period = parse_label(text, rules)
    if period in whole:
        return period
    found = f"{words.months(period.start, period.end)} is not wholly in build {built.id}"
    known = f"which knows {words.days(first, last)}" if first <= last else "which knows no day"
    remedy = "Name one of these, or build" if names else "Build"
    raise NotReleasable(place, f"{found}, {known}", complete, f"{remedy} again with newer data.")


def _first_day(coverage: Listing, built: Build) -> date:
    """The first day with data of any feed; the day of the build where there are none."""
    days = [plan_records.day_of(row["starts_on"]) for row in coverage.rows]
    return min(filter(None, days), default=built.as_of.date())


def _recent(period: Period, rules: Rules) -> Iterator[Period]:
    """The quarter of the report and those before it, newest first, as many as the report looks back."""
    for _ in range(quarterly_measures.QUARTERS):
        yield period
        period = period_of(period.start - DAY, "quarter", rules)


def _wikis(listing: Listing) -> Iterator[Wiki]:
    for row in listing.rows:
        yield Wiki(str(row["wiki"]), str(row["name"]), str(row["language"]), str(row["direction"]))
