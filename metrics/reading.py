"""Reads the figures of a question from a build, before anything is withheld: the rooms behind the one door.

Nothing but `metrics.query` calls it; what it returns is nobody's to see yet.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import duckdb
import pyarrow as pa

from data_contracts.faults import NoBuild
from metrics import catalog, evaluate, rollup, withhold
from metrics.answer import Build, Figure
from metrics.calendar import Rules
from metrics.coverage import NEVER, Delivered, coverage
from metrics.lots import with_wiki
from metrics.materialise import Known, awaited, frame_of, only_wikis
from metrics.question import Question
from metrics.semantic import plan, sql
from metrics.semantic.model import WIKI, Mart, Metric
from metrics.semantic.plan import Pass


def build(cursor: duckdb.DuckDBPyConnection) -> Build:
    """What the build says of itself."""
    row = cursor.execute(
        "SELECT build_id, as_of, program, invented, fiscal_year_start, week_start FROM meta_build"
    ).fetchall()
    if not row:
        raise NoBuild("meta_build", "the build does not say what it is", "one row", "Run `upstander build --force`.")
    return Build(*row[0])


def rules(built: Build) -> Rules:
    """The calendar of the build's program."""
    return Rules(built.fiscal_year_start, "sunday" if built.week_start == "sunday" else "monday")


def known(cursor: duckdb.DuckDBPyConnection, built: Build) -> Known:
    """What the build knows: until when, by which calendar, of which days of each feed."""
    rows = cursor.execute(
        "SELECT c.feed, c.wiki, starts_on, ends_on, d.feed IS NOT NULL, left_on "
        "FROM meta_coverage c LEFT JOIN meta_delivered d USING (feed, wiki)"
    ).fetchall()
    delivered = [Delivered(feed, wiki, left_on) for feed, wiki, _, _, is_delivered, left_on in rows if is_delivered]
    late = cursor.execute("SELECT metric, known_from FROM meta_metric WHERE known_from IS NOT NULL").fetchall()
    covered = coverage([row[:4] for row in rows], delivered, built.as_of.date())
    return Known(built.as_of, rules(built), covered, dict(late))


def same(cursor: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Builds before, of which every value is known to be the same in this one: it was made to take out old rows."""
    return frozenset(build for (build,) in cursor.execute("SELECT build_id FROM meta_same").fetchall())


def rows_from(cursor: duckdb.DuckDBPyConnection, question: Question, start: date) -> date | None:
    """The first day of which all rows are still there, where an answer for a period rests on days before it too."""
    _, found = _days_of_marts(cursor, question)
    is_concerned = found is not None and (start < found or question.metric.kind == "stock")
    return found if is_concerned else None


def is_kept(question: Question) -> bool:
    """Whether an answer rests on parts, which stay where rows go."""
    return bool(plan.stored(question.metric, question.marts, (*question.split, *(name for name, _ in question.where))))


def check_definition(cursor: duckdb.DuckDBPyConnection, metric: Metric) -> None:
    """A definition that changed since the build has no figures in it yet."""
    row = cursor.execute("SELECT digest FROM meta_metric WHERE metric = $metric", {"metric": metric.id}).fetchall()
    if not row or row[0][0] != catalog.digest(metric):
        word = "changed" if row else "was added"
        raise NoBuild(
            f"metrics/definitions/{metric.id}.yml",
            f"it {word} since the build",
            "a build of it",
            "Run `upstander build`.",
        )


def figures(cursor: duckdb.DuckDBPyConnection, question: Question, known: Known) -> list[Figure]:
    """The figures of a question, by group and then period."""
    if question.as_of is not None:
        return _remembered(cursor, question)
    spanned = question.by == "total" and (question.start is not None or question.end is not None)
    if not question.where and len(question.split) <= 1 and not spanned:
        return _stored(cursor, question)
    rolled, is_stored = _rolled_up(cursor, question, known)
    found = rollup.cells(rolled).get((question.metric.id, question.by), [])
    first_days, rows_from = _days_of_marts(cursor, question)
    frame = frame_of(question.metric, question.marts, known, first_days)
    if rows_from and not is_stored:
        frame = evaluate.from_day(frame, rows_from)
    frame = evaluate.narrowed(frame, [value for _, value in question.where], question.start, question.end)
    told = evaluate.figures(question.metric, question.by, found, frame, len(question.split))
    is_lost = not is_stored and rows_from is not None and _needs_all_rows(question, rows_from)
    is_known = not is_lost and all(_is_known(cursor, question, mart, known) for mart in question.marts.values())
    return told if is_known else [evaluate.without_data(one) for one in told]


def _needs_all_rows(question: Question, rows_from: date) -> bool:
    """Whether the answer rests on rows that were deleted: what is open now, and totals that begin before rows do."""
    is_whole = question.by == "total" and (question.start is None or question.start < rows_from)
    return question.metric.kind == "stock" or is_whole


def released(cursor: duckdb.DuckDBPyConnection, question: Question, known: Known) -> tuple[Figure, ...]:
    """The figures of a question as its audience may see them, beside all that it may ask besides."""
    metric, audience, found = question.metric, question.audience, figures(cursor, question, known)
    if question.as_of is not None:
        then = withhold.remembered(metric, found, audience)
        return withhold.alike(then, released(cursor, replace(question, as_of=None), known), ())
    told = withhold.release(metric, found, audience)
    wikis = only_wikis(metric, question.marts, known, question.dimensions)
    if (metric.has_exposure or wikis is not None) and WIKI in metric.dimensions and WIKI not in question.dimensions:
        apart = figures(cursor, replace(question, split=(*question.split, WIKI)), known)
        told = withhold.together(metric, told, apart, wikis, audience)
    told = finished(question, known, told)
    if question.where and audience != "program":
        return withhold.alike(told, _beside(cursor, question, known), question.members)
    return told


def finished(question: Question, known: Known, figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures; for all but the team without the numbers of those of all wikis that wait for one of them."""
    first = _first_awaited(question, known)
    return tuple(withhold.waiting(one) if one.state == "partial" and one.end > first else one for one in figures)


def finished_periods(question: Question, known: Known, figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures of a table; for all but the team without any group's in periods that wait for a wiki, since a total
    stands beside them."""
    first = _first_awaited(replace(question, split=()), known)
    return tuple(
        one if one.value is None or one.end <= first else withhold.waiting(replace(one, state="partial"))
        for one in figures
    )


def _first_awaited(question: Question, known: Known) -> date:
    """The last day of which all wikis are known, where somebody has to wait for them; the team has not."""
    late = [] if question.audience == "program" else [end or date.min for _, end in still_to_come(question, known)]
    return min(late, default=date.max)


def still_to_come(question: Question, known: Known) -> tuple[tuple[str, date | None], ...]:
    """The wikis for which figures of all wikis wait, with the last day known of each, None where no day is; of the past
    nobody waits.
    """
    if question.as_of is not None:
        return ()
    ends = awaited(question.metric, question.marts, known, question.dimensions)
    return tuple((wiki, None if end == NEVER[1] else end) for wiki, end in ends.items())


def _beside(cursor: duckdb.DuckDBPyConnection, question: Question, known: Known) -> tuple[Figure, ...]:
    """The same figures as they are released beside those of all other members of the dimensions asked for."""
    beside = tuple(name for name, _ in question.where if name not in question.split)
    return released(cursor, replace(question, split=(*question.split, *beside), where=()), known)


def _is_known(cursor: duckdb.DuckDBPyConnection, question: Question, mart: Mart, known: Known) -> bool:
    """Whether every member asked for was ever seen in the mart: of what nobody has heard (a name misspelt) there are
    no zeros."""
    covered = {name for feed in mart.feeds if feed in known.coverage for name in known.coverage[feed].members}
    for name, member in question.where:
        tables = [one for one in plan.stored(question.metric, question.marts, [name]) if one.mart == mart]
        queries = [sql.text(sql.first_day(one, [(name, member)])) for one in tables]
        is_seen = any(cursor.execute(query).fetchall() != [(None,)] for query in queries)
        if not is_seen and member not in covered:
            return False
    return True


def _stored(cursor: duckdb.DuckDBPyConnection, question: Question) -> list[Figure]:
    rows = cursor.execute(
        "SELECT starts_on, ends_on, label, members, value, low, high, numerator, denominator, n, state, error "
        "FROM metric_value WHERE metric = $metric AND split = $split AND grain = $grain ORDER BY members, starts_on",
        {"metric": question.metric.id, "split": ",".join(question.split), "grain": question.by},
    ).fetchall()
    return [Figure(start, end, label, tuple(members), *rest) for start, end, label, members, *rest in rows]


def _remembered(cursor: duckdb.DuckDBPyConnection, question: Question) -> list[Figure]:
    """What the last build that knew no day from `as_of` on said of closed periods."""
    split = ",".join((*question.split, *(name for name, _ in question.where)))
    asked = {"metric": question.metric.id, "split": split, "grain": question.by, "as_of": question.as_of}
    rows = cursor.execute(REMEMBERED, asked).fetchall()
    return [
        Figure(start, end, label, () if question.where else tuple(members), *rest)
        for start, end, label, members, *rest in rows
        if not question.where or tuple(members) == question.members
    ]


REMEMBERED = """
    SELECT starts_on, ends_on, label, members, value, low, high, numerator, denominator, n, state, error
    FROM metric_vintage
    WHERE metric = $metric AND split = $split AND grain = $grain AND known_until <= CAST($as_of AS TIMESTAMP)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY members, starts_on ORDER BY build_id DESC) = 1
    ORDER BY members, starts_on
"""


def _rolled_up(
    cursor: duckdb.DuckDBPyConnection, question: Question, known: Known
) -> tuple[list[tuple[Pass, pa.Table]], bool]:
    """The passes of a question with their roll-ups, and whether they were stored; else they are made from the mart."""
    wikis = only_wikis(question.metric, question.marts, known, question.dimensions)
    stored = plan.stored(question.metric, question.marts, with_wiki(question.dimensions, wikis))
    passes = stored or plan.adhoc(question.metric, question.marts, with_wiki(question.split, wikis))
    rolled = []
    for one in passes:
        source, where = (None, question.where) if stored else (sql.parts(one, question.where), ())
        query = sql.rolled_up(one, question.split, source, grains=[question.by], where=where, days=_days(question))
        query = sql.among(query, wikis)
        found = cursor.sql(sql.text(query), params=None if stored else {"as_of": known.as_of})
        rolled.append((one, found.to_arrow_table()))
    return rolled, bool(stored)


def _days(question: Question) -> tuple[date | None, date | None]:
    """The days that a total is over; what was open before its first day still counts in a stock."""
    if question.by != "total":
        return None, None
    return (None if question.metric.kind == "stock" else question.start), question.end


def _days_of_marts(cursor: duckdb.DuckDBPyConnection, question: Question) -> tuple[dict[str, date | None], date | None]:
    """Mart to the first day on which anything of it counted; the first that has all rows, where some were deleted."""
    rows = cursor.execute("SELECT mart, first_on, rows_from FROM meta_mart").fetchall()
    rows_from = question.metric.latest({mart: day for mart, _, day in rows if day})
    return {mart: first_on for mart, first_on, _ in rows}, rows_from
