"""The numbers of the quarterly report as CSV: exactly those that are shown, as they are shown, with their state.

It asks nothing. A withheld number has the same words as in the report, never 0 and never nothing.
"""

import csv
import io
from collections.abc import Iterator

from dashboard.charts.file_cell import harmless
from dashboard.reports import quarterly_phrases as phrases
from dashboard.reports.community_text import Amount, plain, say
from dashboard.reports.quarterly_content import QuarterlyContent
from dashboard.reports.quarterly_figures import absent, amount, form
from dashboard.reports.quarterly_measures import Measure
from dashboard.reports.quarterly_method import set_aside
from dashboard.reports.quarterly_page import INVENTED, summary
from metrics.answer import Figure, ReleasedTable
from metrics.calendar import Period
from metrics.semantic.model import Metric

COLUMNS = (
    "part", "id", "title", "group", "group_name", "period", "first_day", "last_day", "value", "low", "high", "target",
    "unit", "state", "error", "receipt",
)  # fmt: skip
Row = dict[str, str]


def write(content: QuarterlyContent) -> str:
    """The numbers as CSV with a header, in the order of the report; the same content gives the same text.

    receipt: the ID of a measure's number. A table's numbers have none: each is withheld with all others in view, and a
    receipt looks at one.
    """
    told = io.StringIO()
    writer = csv.DictWriter(told, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: harmless(value) for key, value in row.items()} for row in _rows(content))
    return told.getvalue()


def _rows(content: QuarterlyContent) -> Iterator[Row]:
    quarter = _days(content.quarter)
    if content.build.invented:
        yield {"part": "note", "id": "invented", "title": INVENTED}
    for name, counted in summary(content).items():
        yield {"part": "summary", "id": name, **quarter, "value": counted.digits, "unit": "count", "state": "final"}
    for measure in content.measures:
        yield from _measure(measure)
    for name, table in content.tables.items():
        yield _counted("count", table, table.at(), content.quarter)
        if name in content.before:
            yield _counted("count", content.before[name], content.before[name].at(), content.preceding)
        yield from _table(table, content)
    for feed, told in set_aside(content).items():
        value, state = (told.digits, "final") if isinstance(told, Amount) else (plain(told), "withheld")
        yield {"part": "rows set aside", "id": feed, "value": value, "unit": "count", "state": state}


def _measure(measure: Measure) -> Iterator[Row]:
    standing, released = measure.standing, measure.released
    group = " ".join(f"{dimension}={member}" for dimension, member in released.where)
    for one in released.figures:
        row = _figure(one, released.metric)
        aimed = one == measure.now and measure.is_settled and released.metric.judged and standing.target is not None
        target = amount(standing.target or 0.0, released.metric.unit, exact=True).digits if aimed else ""
        row |= {"title": standing.title, "group": group or "all", "target": target}
        yield {"part": "measure", **row, "receipt": released.receipt(one)}


def _table(table: ReleasedTable, content: QuarterlyContent) -> Iterator[Row]:
    for one in table.figures:
        row = _counted("table", table, one, content.quarter)
        name = one.group[0] if one.group else ""
        known = content.wikis.get(name) if table.split == "wiki" else None
        yield {**row, "group": name or ("not known" if one.group else "all"), "group_name": known.name if known else ""}


def _counted(part: str, table: ReleasedTable, one: Figure, quarter: Period) -> Row:
    """A count; a total over the months has the name of the quarter."""
    row = {"part": part, **_figure(one, table.metric), "group": "all"}
    return {**row, "period": quarter.label} if one.label == "all" else row


def _figure(one: Figure, metric: Metric) -> Row:
    bounds = {"low": one.low, "high": one.high}
    known = {name: amount(bound, metric.unit).digits for name, bound in bounds.items() if bound is not None}
    unit = "percent" if metric.unit == "share" else metric.unit
    row = {"id": metric.id, "title": metric.title, **_days(Period(one.start, one.end, one.label))}
    return {
        **row,
        "value": _value(one, metric),
        **known,
        "unit": unit,
        "state": one.state,
        "error": _error(one),
    }


def _value(one: Figure, metric: Metric) -> str:
    if one.value is None:
        return plain(absent(one, metric))
    key, value = form(one, metric)
    return plain(say(phrases.CELL[key], value=value)) if key in ("under", "over") else value.digits


def _error(one: Figure) -> str:
    """How far an approximate value may be from the exact one, as a share of it; nothing where it is exact."""
    return "" if one.error is None else format(one.error, ".3g")


def _days(period: Period) -> Row:
    return {"period": period.label, "first_day": period.start.isoformat(), "last_day": period.end.isoformat()}
