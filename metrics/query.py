"""The one door for numbers: questions come in, released figures go out. Nothing else reads a build's numbers.

It reads the build in force, read-only, and never returns what its reader may not see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final

import duckdb

from data_contracts.faults import DefinitionFault, NoBuild
from etl.warehouse import connect
from metrics import catalog, listings, movement, planned, progress, reading, receipt_id, tabulate, target_path
from metrics import course as courses
from metrics import impact as impacts
from metrics import lineage as lineages
from metrics import outlook as outlooks
from metrics import receipt as receipts
from metrics import restated as restatings
from metrics.answer import Build, Listing, Released, ReleasedTable
from metrics.course import Course, Phase
from metrics.finding import Card, Finding
from metrics.lineage import Freshness, Lineage
from metrics.outlook import NoOutlook, Outlook
from metrics.planned import Made, Plan
from metrics.progress import Progress
from metrics.question import Question, metric_of, near
from metrics.question import question as question_of
from metrics.reason import Reason
from metrics.receipt import Receipt, Told
from metrics.receipt_id import Named
from metrics.restated import Restatements, Said
from metrics.semantic import plan, sql
from metrics.semantic.model import Audience, Grain, Metric

DIALECTS: Final = ("duckdb", "spark")  # in which tests execute what is written


@dataclass(frozen=True)
class Explanation:
    """Where a number comes from: its definition, the SQL that takes it apart, and the feeds behind it."""

    metric: Metric
    sql: str
    sources: tuple[str, ...]


def ask(
    metric: str,
    *,
    by: Grain = "week",
    split: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    start: date | str | None = None,
    end: date | str | None = None,
    audience: Audience = "public",
    as_of: date | str | None = None,
) -> Released:
    """The figures of one metric, oldest period first, as `audience` may see them.

    by: the grain. split: dimensions, one figure per period and group. where: dimension to the one member wanted.
    start, end: first and last day (date or ISO text): periods wholly within them are kept; a total is over them.
    as_of: the first day that was unknown: closed periods as they were told then; of one dimension at most.
    Raises DefinitionFault for a metric, dimension or grain that does not exist, NoBuild where nothing was built yet.
    """
    question = question_of(metric, by, split, where, start, end, audience, as_of)
    with connect.reader().cursor() as cursor:
        built = reading.build(cursor)
        if question.as_of is None:
            reading.check_definition(cursor, question.metric)
        known = reading.known(cursor, built)
        released = reading.released(cursor, question, known)
    return Released(
        metric=question.metric,
        by=by,
        split=question.split,
        where=question.where,
        audience=audience,
        figures=tuple(one for one in released if question.covers(one)),
        build=built.id,
        as_of=question.as_of or built.as_of.date(),
        minimum=question.metric.release[audience],
        invented=built.invented,
        awaited=reading.still_to_come(question, known),
        explains=_reason,
    )


def table(
    metric: str,
    *,
    by: Grain,
    split: str,
    start: date | str | None = None,
    end: date | str | None = None,
    audience: Audience = "public",
) -> ReleasedTable:
    """The counts of one metric by period and group, with the totals of both, as `audience` may see them.

    Where totals are shown too, withholding small groups is not enough: here so many others are withheld that no small
    one can be worked out. by: the grain, but not "total". start, end: as for `ask`. Raises as `ask`, and
    DefinitionFault for a metric that is no count, since only counts add up to their totals.
    """
    question = question_of(metric, by, (split,), None, start, end, audience)
    if question.metric.kind != "count" or by == "total":
        asked = f'it is of kind "{question.metric.kind}", by {by}'
        raise DefinitionFault(f"table({metric!r})", asked, "counts by period", "Use ask() for anything else.")
    with connect.reader().cursor() as cursor:
        built = reading.build(cursor)
        reading.check_definition(cursor, question.metric)
        known = reading.known(cursor, built)
        figures = reading.finished_periods(question, known, reading.figures(cursor, question, known))
    return ReleasedTable(
        metric=question.metric,
        by=by,
        split=split,
        audience=audience,
        figures=tabulate.table(question.metric, [one for one in figures if question.covers(one)], audience),
        build=built.id,
        as_of=built.as_of.date(),
        minimum=question.metric.release[audience],
        invented=built.invented,
    )


def definitions() -> Mapping[str, Metric]:
    """Every metric by id, as the project defines it now."""
    return catalog.definitions()


def build() -> Build:
    """The build in force; NoBuild where there is none."""
    with connect.reader().cursor() as cursor:
        return reading.build(cursor)


def listing(name: str, *, audience: Audience = "public") -> Listing:
    """Records of the plan or of the build by name, such as "milestones", "risks", "feeds" or "quarantine".

    audience: whose records they are, where each is written for somebody ("developments"): an item is handed out to
    those whom it names and to nobody else. Other listings are alike for all.
    """
    query = listings.QUERIES.get(name)
    if query is None:
        raise DefinitionFault(f'listing("{name}")', "there is no such listing", near(name, listings.QUERIES))
    with connect.reader().cursor() as cursor:
        cursor.execute(query, {"audience": audience} if "$audience" in query else None)
        columns = tuple(one[0] for one in cursor.description or ())
        rows = tuple(dict(zip(columns, row, strict=True)) for row in cursor.fetchall())
        return Listing(name, columns, rows, reading.build(cursor).id)


def goals(audience: Audience, *, until: date | None = None) -> tuple[Progress, ...]:
    """Where every measure of the plan's goals stands, in the plan's order; `until`: the last day looked at."""
    targets, rules = listing("targets").rows, reading.rules(build())
    planned, wikis = listing("phases").rows, listing("wikis").rows
    found = []
    for row in listing("measures").rows:
        released = ask(row["metric"], by=row["grain"], where=progress.where_of(row), end=until, audience=audience)
        aimed = [one for one in targets if one["measure"] == row["measure"] and one["goal"] == row["goal"]]
        found.append(progress.assess(row, released, aimed, rules, courses.phases_of(released, planned, wikis)))
    return tuple(found)


def course(released: Released, target: float | None = None) -> Course:
    """An answer of one group as a control chart, with the phases that hold for it. target: in the metric's unit."""
    return courses.course(released, phases(released), target)


def phases(released: Released) -> tuple[Phase, ...]:
    """From which days on something else is usual for an answer of one group: by the plan, and by temporary accounts."""
    return courses.phases_of(released, listing("phases").rows, listing("wikis").rows)


def impact(audience: Audience, *, until: date | None = None) -> tuple[Card, ...]:
    """What the plan's rollouts changed, the newest first; `until`: the last day looked at."""
    last = until or build().as_of.date() - timedelta(days=1)
    return impacts.cards(_plan(), catalog.definitions(), last, partial(ask, end=until, audience=audience))


def effect(
    metric: str,
    began: Mapping[str, date],
    *,
    by: Grain = "week",
    where: Mapping[str, str] | None = None,
    audience: Audience = "public",
) -> Finding:
    """What something that began on some wikis changed in one metric, judged as `impact` judges the plan's rollouts.

    began: wiki to the day on which it began there. One of several ideas that were looked at is found by chance more
    often than its interval says: what is to be judged belongs into the plan, before it begins. Raises as `ask`.
    """
    question = question_of(metric, by, (), where, None, None, audience)
    last = build().as_of.date() - timedelta(days=1)
    asked = partial(ask, audience=audience)
    return impacts.idea(_plan(), question.metric, by, dict(question.where), began, last, asked)


def outlook(released: Released) -> Outlook | NoOutlook:
    """Where an answer of one group should be by now on its way to its target, and how likely it is there in time.

    The target is the plan's for exactly this answer, else the definition's.
    """
    rules = reading.rules(build())
    aim = target_path.aim_of(released, listing("measures").rows, listing("targets").rows, rules)
    return outlooks.outlook(course(released, None if aim is None else aim.value), aim, rules)


def large_dimensions(metric: str) -> tuple[str, ...]:
    """The dimensions of a metric that have many members of one sort, such as wikis, which can be held side by side."""
    found = metric_of(metric)
    sizes = catalog.marts()[found.source].dimensions
    return tuple(one for one in found.dimensions if sizes[one] == "large")


def explain(metric: str, dialect: str = "duckdb") -> Explanation:
    """The definition, the SQL of its passes and roll-up, and the feeds it rests on. dialect: "duckdb" or "spark"."""
    found = metric_of(metric)
    if dialect not in DIALECTS:
        raise DefinitionFault("explain", f"the dialect {dialect}", near(dialect, DIALECTS), "Name one of them.")
    marts = catalog.marts()
    tables = [sql.text(sql.created(one.table, sql.parts(one)), dialect) for one in plan.passes([found], marts)]
    rollups = [sql.text(sql.rolled_up(one, ()), dialect) for one in plan.stored(found, marts, ())]
    return Explanation(found, ";\n\n".join([*tables, *rollups]), found.feeds(marts))


def plan_of(metric: str) -> Plan:
    """How a build counts a metric: in which passes, shared with which others, and what of it was carried over.

    Without a build nothing is said of how it was made.
    """
    found, marts = metric_of(metric), catalog.marts()
    try:
        made = {(row["table_name"], row["column_name"]): Made(**row) for row in listing("parts").rows}
    except NoBuild:
        made = {}
    return planned.plan(found, plan.passes(catalog.definitions().values(), marts), made)


def lineage(metric: str, *, split: Sequence[str] = ()) -> Lineage:
    """Every column and feed that a metric rests on, split by these dimensions too, and how fresh the feeds are.

    Without a build, or without anything of a feed in it, the feed has no days. Raises as `ask`.
    """
    found = metric_of(metric)
    asked = question_of(metric, found.grains[0], split, None, None, None, "public")
    traced = lineages.lineage(found, asked.marts, asked.split)
    try:
        known = {row["feed"]: Freshness(*row.values()) for row in listing("freshness").rows}
    except NoBuild:
        known = {}
    return replace(traced, freshness=tuple(known.get(feed, Freshness(feed)) for feed in traced.feeds))


def restatements(
    metric: str | None = None,
    *,
    by: Grain | None = None,
    parts: bool = True,
    since: date | None = None,
    audience: Audience = "public",
) -> Restatements:
    """Closed periods of which a build said something else than the one before, the newest first, with the cause.

    metric: of one alone. by: of periods of this grain alone. parts: those of groups of one dimension, too. since: by
    builds that know this day. Where either side is withheld from the audience a restatement is only counted. Raises as
    `ask`.
    """
    metrics = catalog.definitions() if metric is None else {metric: metric_of(metric)}
    with connect.reader().cursor() as cursor:
        return restatings.restated(cursor, metrics, by, audience, parts, since)


def receipt(id: str, *, audience: Audience | None = None) -> Receipt:
    """All that there is to say of the number that `id` names (`Released.receipt`).

    audience: who reads, where it is not sure that an ID was made for them; nobody sees more by an ID of somebody else.
    Raises DefinitionFault for what is no ID, was copied wrongly, or names what there never was; NoBuild as `ask`.
    """
    named = receipts.narrowed(receipt_id.read(id), audience)
    split, where = [one for one, _ in named.split], dict(named.where)
    question = question_of(named.metric, named.by, split, where, None, None, named.audience)
    with connect.reader().cursor() as cursor:
        built, said = reading.build(cursor), _said(cursor, question, named)
        known = reading.known(cursor, built)
        told, rows_from = _told(cursor, question, named, built), reading.rows_from(cursor, question, named.start)
    figure = receipts.read(named, built.id, ask) if told != "memory" else None
    is_there = figure is not None
    figure = figure or receipts.remembered(named, said)
    traced, metric = lineage(named.metric, split=(*split, *where)), question.metric
    return Receipt(
        id=id,
        named=named,
        metric=metric,
        figure=figure,
        told=told if is_there else "memory" if figure else "forgotten",
        minimum=metric.release[named.audience],
        said=said,
        sql=receipts.statement(metric, question.marts, named, figure, known),
        rows_from=rows_from,
        source=built.id if is_there else None,
        code=listing("build").rows[0]["code_version"] if is_there else None,
        lineage=traced if is_there else replace(traced, freshness=()),
        checks=receipts.checks(listing("checks").rows, traced) if is_there else (),
    )


def _reason(answer: Released, split: Sequence[str] | None, period: str | None, against: str) -> Reason:
    """What `Released.explain` says, asked of this door for the same reader; a plain function, so that answers can be
    stored."""
    built = build()
    if built.id != answer.build:
        found = f"build {answer.build} gave the answer, and {built.id} is in force since"
        raise NoBuild(f"explain() of {answer.metric.id}", found, "answer and parts of one build", "Ask once more.")
    then = None if answer.as_of == built.as_of.date() else answer.as_of
    again = partial(ask, answer.metric.id, by=answer.by, audience=answer.audience, as_of=then)
    return movement.reason(answer, again, course, split, period, against)


def _plan() -> impacts.Plan:
    """The records of the plan that tell of rollouts."""
    names = ("evaluations", "evaluated_rollouts", "rollouts", "phases", "wikis")
    return impacts.Plan(*(listing(name).rows for name in names))


def _said(cursor: duckdb.DuckDBPyConnection, question: Question, named: Named) -> tuple[Said, ...]:
    """What builds said of the period that an ID names, where any is remembered."""
    if not receipts.is_kept(named):
        return ()
    dimensions = (*question.split, *(name for name, _ in question.where))
    found = restatings.histories(cursor, question.metric, named.by, dimensions, named.audience, named.start)
    return tuple(found.get((named.start, tuple(group for _, group in (*named.split, *named.where))), ()))


def _told(cursor: duckdb.DuckDBPyConnection, question: Question, named: Named, built: Build) -> Told:
    """From where a number can be read; not from a build that has no parts of it, and lost rows that it rests on."""
    told = receipts.told_by(built, reading.same(cursor), named)
    is_lost = not reading.is_kept(question) and reading.rows_from(cursor, question, named.start) is not None
    if told == "same" and is_lost:
        return "memory"
    return told if _is_computed(cursor, question.metric) else "memory"


def _is_computed(cursor: duckdb.DuckDBPyConnection, metric: Metric) -> bool:
    """Whether the build has the metric as it is defined now."""
    try:
        reading.check_definition(cursor, metric)
    except NoBuild:
        return False
    return True
