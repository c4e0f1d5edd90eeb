"""What a notebook shows in words and tables: figures, definitions, goals, reasons, receipts, SQL. It asks nothing.

Only what was released comes in. What is withheld has a cell of its own that says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any, Final

import pandas as pd

from dashboard.charts import signals, words
from metrics.answer import Build, Released
from metrics.progress import Progress
from metrics.reason import CERTAIN, Contribution, Movement, Reason, SideBySide
from metrics.receipt import Receipt
from metrics.restated import Restatements, Said
from metrics.semantic.model import Better, Metric, Unit

BETTER: Final[Mapping[Better, str]] = {
    "higher": "higher is better",
    "lower": "lower is better",
    "neither": "neither way is better: of a change it cannot tell whether it is good",
}
Row = Sequence[str]


@dataclass(frozen=True)
class Text:
    """Words as Markdown, which a notebook shows as text."""

    markdown: str

    def _repr_markdown_(self) -> str:
        return self.markdown


def figures(released: Released) -> pd.DataFrame:
    """Every figure in words: a row per period, a column per group; a withheld one says so in its cell."""
    rows: dict[str, dict[str, str]] = {}
    for one in sorted(released.figures, key=lambda one: one.start):
        name = " · ".join(part or "not known" for part in one.group) or released.metric.title
        rows.setdefault(words.period(one, released.by), {})[name] = words.figure(one, released)
    return pd.DataFrame.from_dict(rows, orient="index")


def build(one: Build) -> Text:
    """Which build is asked, and whether it is of an invented program."""
    day = words.day(one.as_of.date() - timedelta(days=1))
    invented = " **Its people, wikis and numbers are all invented.**" if one.invented else ""
    return Text(f"Build {one.id} of {escape(one.program, quote=False)}, which knows what came until {day}.{invented}")


def table(frame: pd.DataFrame) -> Text:
    """A frame in full, without its index: days in words, and a dash for what is missing."""
    return Text(_grid(list(frame.columns), ([_cell(one) for one in row] for row in frame.itertuples(index=False))))


def definition(metric: Metric) -> Text:
    """What a metric means, what it does not say, and which way is better."""
    wait = metric.days_to_settle
    facts = {
        "Question": metric.question,
        "Why": metric.why,
        "It does not say": metric.not_this,
        "Direction": BETTER[metric.better],
        "Settled": f"{words.count(wait, 'day')} after its period" if wait else "with its period",
        "Smallest group": ", ".join(f"{who} {least}" for who, least in metric.release.items() if least) or "any",
        "Caveats": " ".join(metric.caveats),
    }
    return Text(_grid((metric.title, f"{metric.id}, version {metric.version}"), facts.items()))


def goals(found: Iterable[Progress]) -> Text:
    """Where the plan's measures stand: the last settled figure, the target, the standing, and what the course says."""
    rows = [
        (
            one.title,
            "–" if one.last is None else words.figure(one.last, one.released),
            words.target(one),
            words.status(words.judged(one)),
            signals.sentence(one.course),
        )
        for one in found
    ]
    return Text(_grid(("measure", "last settled", "target", "stands", "its course"), rows))


def reason(one: Reason) -> Text:
    """Why a number moved: the change, whether it is more than chance, and what each group adds to it."""
    lead, unit = f"**{one.words}**", one.metric.unit
    if isinstance(one.found, SideBySide):
        return Text(f"{lead}\n\n{_grid(('group', 'before', 'after', 'change', ''), _beside(one.found, unit))}")
    if isinstance(one.found, Movement):
        heads = ("group", "before", "after", "its own change", "its weight", "together")
        return Text(f"{lead}\n\n{_grid(heads, (_part(part, unit) for part in one.found.parts))}")
    return Text(lead)


def receipt(one: Receipt) -> Text:
    """All there is to say of one number: what it is, what it means, on what it rests, what builds said of it."""
    named, metric = one.named, one.metric
    group = ", ".join(f"{name}: {member}" for name, member in (*named.split, *named.where))
    facts = {
        "ID": f"`{one.id}`",
        "Question": metric.question,
        "Group": group or "all",
        "Value": _value(one),
        "Reader": f"{named.audience}; groups under {one.minimum} are withheld" if one.minimum else named.audience,
        "Definition": f"version {named.version}" + ("" if one.is_defined_so else f"; now {metric.version}"),
        "Build": f"{named.build}, days before {named.as_of} known",
        "Feeds": ", ".join(one.lineage.feeds),
        "Checks": f"{len(one.checks) - len(one.failed)} kept, {len(one.failed)} broken" if one.checks else "not kept",
    }
    told = _grid((metric.title, f"{named.by} from {named.start}"), facts.items())
    heads = ("build", "knew days before", "value", "why")
    return Text(f"{told}\n\n{_grid(heads, (_said(each, metric) for each in one.said))}" if one.said else told)


def restatements(found: Restatements) -> Text:
    """Closed periods of which a build said something else than the one before, with the cause."""
    rows = [
        (
            one.metric.title,
            words.period(one.after.figure, one.by),
            _name(one.after.figure.group) or "all",
            *(_said(side, one.metric)[2] for side in (one.before, one.after)),
            _said(one.after, one.metric)[3],
        )
        for one in found.found
    ]
    more = f"{found.withheld} more are withheld from this reader." if found.withheld else ""
    heads = ("metric", "period", "group", "first said", "said since", "why")
    return Text(f"{_grid(heads, rows)}\n\n{more}" if rows else f"Nothing that this reader may see was restated. {more}")


def code(text: str, language: str = "sql") -> Text:
    """SQL or YAML, set as code."""
    return Text(f"```{language}\n{text}\n```")


def _beside(found: SideBySide, unit: Unit) -> Iterator[Row]:
    for one in found.groups:
        values = (words.number(side.value or 0.0, unit) for side in (one.before, one.after))
        change = words.change(one.difference.size, unit)
        yield _name(one.after.group), *values, change, CERTAIN[one.difference.is_clear]


def _part(one: Contribution, unit: Unit) -> Row:
    values = ("none" if value is None else words.number(value, unit) for value in (one.before, one.after))
    changes = ("–" if size is None else words.change(size, unit) for size in (one.rate, one.mix, one.total))
    return (_name(one.group) if one.group is not None else "all others", *values, *changes)


def _value(one: Receipt) -> str:
    figure = one.figure
    if figure is None:
        return "not kept: its build is gone"
    if figure.value is None:
        why = f" ({words.few(one.minimum)})" if figure.state == "withheld" else ""
        return words.absent(figure.state, figure.end < one.named.as_of) + why
    parts = [words.number(figure.value, one.metric.unit), words.interval(figure, one.metric.unit)]
    parts.append(words.approximate([figure], one.metric))
    if figure.numerator is not None and figure.denominator is not None:
        parts.append(f"{figure.numerator:,.10g} of {figure.denominator:,.10g}")
    return ", ".join(filter(None, [*parts, figure.state]))


def _said(each: Said, metric: Metric) -> tuple[str, str, str, str]:
    figure = each.figure
    value = (
        words.absent(figure.state, is_over=True) if figure.value is None else words.number(figure.value, metric.unit)
    )
    cause = "said for the first time" if each.cause is None else f"{each.cause}: {each.why}"
    return each.build, each.known_until.date().isoformat(), value, cause


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "–"
    if isinstance(value, date):  # a timestamp of pandas is one, too
        return words.day(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _name(group: Sequence[str]) -> str:
    return " · ".join(part or "not known" for part in group)


def _grid(heads: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown."""
    return "\n".join(_lines(heads, rows))


def _lines(heads: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield _line(heads)
    yield _line(["---" for _ in heads])
    yield from map(_line, rows)


def _line(cells: Row) -> str:
    """What stands in the plan or in the definitions is text, and neither Markdown's bars nor HTML."""
    return f"| {' | '.join(escape(cell, quote=False).replace('|', '&#124;').replace(chr(10), ' ') for cell in cells)} |"
