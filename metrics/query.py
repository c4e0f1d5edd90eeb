"""The one door for numbers: questions come in, released figures go out. Nothing else reads a build's numbers.

It reads the build in force, read-only, and never returns what its reader may not see.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import duckdb
from sqlglot import exp

from data_contracts.faults import DefinitionFault, NoBuild
from etl.warehouse import connect
from metrics import catalog, evaluate, listings, progress, tabulate, withhold
from metrics import course as courses
from metrics import impact as impacts
from metrics.answer import Build, Figure, Listing, Released, ReleasedTable
from metrics.calendar import Rules
from metrics.course import Course, Phase
from metrics.finding import Card
from metrics.materialise import PART, Known, frame_of
from metrics.progress import Progress
from metrics.semantic import plan, sql
from metrics.semantic.model import AUDIENCES, GRAINS, Audience, Grain, Mart, Metric


@dataclass(frozen=True)
class Explanation:
    """Where a number comes from: its definition, the SQL that takes it apart, and the feeds behind it."""

    metric: Metric
    sql: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class _Question:
    metric: Metric
    mart: Mart
    by: Grain
    split: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    start: date | None
    end: date | None
    audience: Audience

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(member for _, member in self.where)


def ask(
    metric: str,
    *,
    by: Grain = "week",
    split: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    start: date | str | None = None,
    end: date | str | None = None,
    audience: Audience = "public",
) -> Released:
    """The figures of one metric, oldest period first, as `audience` may see them.

    by: the grain. split: dimensions, one figure per period and group. where: dimension to the one member wanted.
    start, end: first and last day (date or ISO text): periods wholly within them are kept; a total is over them.
    Raises DefinitionFault for a metric, dimension or grain that does not exist, NoBuild where nothing was built yet.
    """
    question = _question(metric, by, split, where, start, end, audience)
    with connect.reader().cursor() as cursor:
        built = _build(cursor)
        _check_definition(cursor, question.metric)
        known = _known(cursor, built)
        released = withhold.release(question.metric, _figures(cursor, question, known), audience)
        if question.where and audience != "program":
            released = withhold.alike(released, _released_beside(cursor, question, known), question.members)
    return Released(
        metric=question.metric,
        by=by,
        split=question.split,
        where=question.where,
        audience=audience,
        figures=tuple(one for one in released if _within(one, question)),
        build=built.id,
        as_of=built.as_of.date(),
        minimum=question.metric.release[audience],
        invented=built.invented,
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
    question = _question(metric, by, (split,), None, start, end, audience)
    if question.metric.kind != "count" or by == "total":
        asked = f'it is of kind "{question.metric.kind}", by {by}'
        raise DefinitionFault(f"table({metric!r})", asked, "counts by period", "Use ask() for anything else.")
    with connect.reader().cursor() as cursor:
        built = _build(cursor)
        _check_definition(cursor, question.metric)
        figures = _figures(cursor, question, _known(cursor, built))
    return ReleasedTable(
        metric=question.metric,
        by=by,
        split=split,
        audience=audience,
        figures=tabulate.table(question.metric, [one for one in figures if _within(one, question)], audience),
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
        return _build(cursor)


def listing(name: str, *, audience: Audience = "public") -> Listing:
    """Records of the plan or of the build by name, such as "milestones", "risks", "feeds" or "quarantine".

    audience: whose records they are, where each is written for somebody ("developments"): an item is handed out to
    those whom it names and to nobody else. Other listings are alike for all.
    """
    query = listings.QUERIES.get(name)
    if query is None:
        raise DefinitionFault(f'listing("{name}")', "there is no such listing", _near(name, listings.QUERIES))
    with connect.reader().cursor() as cursor:
        cursor.execute(query, {"audience": audience} if "$audience" in query else None)
        columns = tuple(one[0] for one in cursor.description or ())
        rows = tuple(dict(zip(columns, row, strict=True)) for row in cursor.fetchall())
        return Listing(name, columns, rows, _build(cursor).id)


def goals(audience: Audience, *, until: date | None = None) -> tuple[Progress, ...]:
    """Where every measure of the plan's goals stands, in the plan's order; `until`: the last day looked at."""
    targets, rules = listing("targets").rows, _rules(build())
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
    names = ("evaluations", "evaluated_rollouts", "rollouts", "phases", "wikis")
    plan_now = impacts.Plan(*(listing(name).rows for name in names))
    last = until or build().as_of.date() - timedelta(days=1)
    return impacts.cards(plan_now, catalog.definitions(), last, partial(ask, end=until, audience=audience))


def large_dimensions(metric: str) -> tuple[str, ...]:
    """The dimensions of a metric that have many members of one sort, such as wikis, which can be held side by side."""
    found = _metric(metric)
    sizes = catalog.marts()[found.source].dimensions
    return tuple(one for one in found.dimensions if sizes[one] == "large")


def explain(metric: str) -> Explanation:
    """The definition, the SQL of its passes and roll-up, and the feeds it rests on."""
    found = _metric(metric)
    mart = catalog.marts()[found.source]
    passes = [sql.text(sql.parts(one)) for one in plan.passes([found], {mart.name: mart})]
    rollup = sql.text(sql.rolled_up(PART, [], metrics=[found.id]))
    return Explanation(found, ";\n\n".join([*passes, rollup]), mart.feeds)


def _question(
    name: str,
    by: Grain,
    split: Sequence[str],
    where: Mapping[str, str] | None,
    start: date | str | None,
    end: date | str | None,
    audience: Audience,
) -> _Question:
    metric = _metric(name)
    place = f"ask({name!r})"
    if by not in GRAINS or by not in metric.grains:
        raise DefinitionFault(place, f"by={by!r}", _near(by, metric.grains), "Ask by a grain that the metric has.")
    if audience not in AUDIENCES:
        raise DefinitionFault(place, f"audience={audience!r}", _near(audience, AUDIENCES), "Name one of them.")
    split = (split,) if isinstance(split, str) else tuple(dict.fromkeys(split))
    chosen = tuple(sorted((where or {}).items()))
    for dimension in (*split, *(key for key, _ in chosen)):
        if dimension not in metric.dimensions:
            known = metric.dimensions or ("none",)
            raise DefinitionFault(place, f'"{dimension}" is no dimension of it', _near(dimension, known), "Use one.")
    mart = catalog.marts()[metric.source]
    return _Question(metric, mart, by, split, chosen, _day(start, place), _day(end, place), audience)


def _metric(name: str) -> Metric:
    metric = catalog.definitions().get(name)
    if metric is None:
        raise DefinitionFault(f"ask({name!r})", "there is no such metric", _near(name, catalog.definitions()))
    return metric


def _near(word: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    near = difflib.get_close_matches(str(word), list(known), n=1)
    return f"one of {', '.join(known)}" + (f'; did you mean "{near[0]}"?' if near else "")


def _day(value: date | str | None, place: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise DefinitionFault(place, f'"{value}" is no day', "a day such as 2026-11-15", "Write it so.") from error


def _build(cursor: duckdb.DuckDBPyConnection) -> Build:
    row = cursor.execute(
        "SELECT build_id, as_of, program, invented, fiscal_year_start, week_start FROM meta_build"
    ).fetchall()
    if not row:
        raise NoBuild("meta_build", "the build does not say what it is", "one row", "Run `upstander build --force`.")
    return Build(*row[0])


def _rules(built: Build) -> Rules:
    return Rules(built.fiscal_year_start, "sunday" if built.week_start == "sunday" else "monday")


def _known(cursor: duckdb.DuckDBPyConnection, built: Build) -> Known:
    rows = cursor.execute("SELECT feed, wiki, starts_on, ends_on FROM meta_coverage").fetchall()
    late = cursor.execute("SELECT metric, known_from FROM meta_metric WHERE known_from IS NOT NULL").fetchall()
    return Known(built.as_of, _rules(built), evaluate.coverage(rows), dict(late))


def _check_definition(cursor: duckdb.DuckDBPyConnection, metric: Metric) -> None:
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


def _figures(cursor: duckdb.DuckDBPyConnection, question: _Question, known: Known) -> list[Figure]:
    spanned = question.by == "total" and (question.start is not None or question.end is not None)
    if not question.where and len(question.split) <= 1 and not spanned:
        return _stored(cursor, question)
    wanted = (*question.split, *(key for key, _ in question.where))
    source = plan.stored_split(question.mart, wanted)
    query = _rollup_of_mart(question) if source is None else _rollup_of_parts(question, source)
    text = sql.text(query)
    table = cursor.sql(text, params={"as_of": known.as_of} if "$as_of" in text else None).to_arrow_table()
    found = evaluate.cells(table).get((question.metric.id, question.by), {})
    first_day, rows_from = _days_of_mart(cursor, question.mart)
    frame = frame_of(question.metric, question.mart, known, first_day)
    if source is None and rows_from:
        frame = evaluate.from_day(frame, rows_from)
    frame = evaluate.narrowed(frame, [value for _, value in question.where], question.start, question.end)
    figures = evaluate.figures(question.metric, question.by, found, frame, len(question.split))
    is_lost = source is None and rows_from is not None and _needs_all_rows(question, rows_from)
    is_known = not is_lost and _is_known(cursor, question, frame)
    return figures if is_known else [evaluate.without_data(one) for one in figures]


def _needs_all_rows(question: _Question, rows_from: date) -> bool:
    """Whether the answer rests on rows that were deleted: what is open now, and totals that begin before rows do."""
    is_whole = question.by == "total" and (question.start is None or question.start < rows_from)
    return question.metric.kind == "stock" or is_whole


def _released_beside(cursor: duckdb.DuckDBPyConnection, question: _Question, known: Known) -> tuple[Figure, ...]:
    """The same figures as they are released beside those of all other members of the dimensions asked for."""
    beside = tuple(name for name, _ in question.where if name not in question.split)
    wide = replace(question, split=(*question.split, *beside), where=())
    return withhold.release(question.metric, _figures(cursor, wide, known), question.audience)


def _is_known(cursor: duckdb.DuckDBPyConnection, question: _Question, frame: evaluate.Frame) -> bool:
    """Whether every member asked for was ever seen: of what nobody has heard (a name misspelt) there are no zeros."""
    for name, member in question.where:
        split = plan.stored_split(question.mart, [name]) or ()
        seen = cursor.execute(
            "SELECT COUNT(*) FROM metric_part WHERE metric = $metric AND split = $split AND members[$place] = $member",
            {"metric": question.metric.id, "split": ",".join(split), "place": split.index(name) + 1, "member": member},
        ).fetchall()
        if seen == [(0,)] and member not in frame.coverage.members:
            return False
    return True


def _stored(cursor: duckdb.DuckDBPyConnection, question: _Question) -> list[Figure]:
    rows = cursor.execute(
        "SELECT starts_on, ends_on, label, members, value, low, high, numerator, denominator, n, state "
        "FROM metric_value WHERE metric = $metric AND split = $split AND grain = $grain ORDER BY members, starts_on",
        {"metric": question.metric.id, "split": ",".join(question.split), "grain": question.by},
    ).fetchall()
    return [Figure(start, end, label, tuple(members), *rest) for start, end, label, members, *rest in rows]


def _rollup_of_parts(question: _Question, source: tuple[str, ...]) -> exp.Select:
    return sql.rolled_up(
        PART,
        [source.index(name) for name in question.split],
        split=",".join(source),
        metrics=[question.metric.id],
        grains=[question.by],
        members=[(source.index(name), value) for name, value in question.where],
        days=_days(question),
    )


def _rollup_of_mart(question: _Question) -> exp.Select:
    """A question that no stored dimension set covers: the same parts, taken from the mart at once."""
    passes = plan.adhoc(question.metric, question.mart, question.split)
    source = sql.together(passes, question.where)
    return sql.rolled_up(source, range(len(question.split)), grains=[question.by], days=_days(question))


def _days(question: _Question) -> tuple[date | None, date | None]:
    """The days that a total is over; what was open before its first day still counts in a stock."""
    if question.by != "total":
        return None, None
    return (None if question.metric.kind == "stock" else question.start), question.end


def _days_of_mart(cursor: duckdb.DuckDBPyConnection, mart: Mart) -> tuple[date | None, date | None]:
    """The first day on which anything of the mart counted, and the first that has rows where some were deleted."""
    row = cursor.execute("SELECT first_on, rows_from FROM meta_mart WHERE mart = $mart", {"mart": mart.name}).fetchall()
    return row[0] if row else (None, None)


def _within(figure: Figure, question: _Question) -> bool:
    if question.by == "total":
        return True
    after = question.start is None or figure.start >= question.start
    return after and (question.end is None or figure.end <= question.end)
