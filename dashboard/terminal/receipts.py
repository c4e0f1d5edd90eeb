"""What `upstander receipt` prints of one number, for people and for programs. It asks nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dashboard.charts import words
from dashboard.charts.lineage import told as fresh
from dashboard.terminal.texts import table
from metrics.receipt import Receipt, Told
from metrics.restated import Said
from metrics.semantic.model import Metric

PLAIN = ("id", "told", "minimum", "sql", "rows_from", "source", "code", "is_withheld", "is_superseded")
TOLD: Mapping[Told, str] = {
    "build": "read from the build",
    "same": "read from a later build, which is known to say the same of everything",
    "memory": "not of the build in force; told from what its build left behind",
    "forgotten": "not kept: its build is gone, and only closed periods of one dimension at most are left behind",
}


def text(one: Receipt) -> str:
    """The number first, then what it means, what was said before, and on what it rests."""
    metric, named = one.metric, one.named
    said = {
        "Question": metric.question, "Value": _value(one), "Read": TOLD[one.told],
        "Group": ", ".join(f"{name}: {member}" for name, member in (*named.split, *named.where)) or "all",
        "Audience": f"{named.audience}; groups under {one.minimum} are withheld" if one.minimum else named.audience,
        "It does not say": metric.not_this, "Definition": _definition(one),
        "Build": f"{named.build}, days before {named.as_of} known" + (f", code {one.code}" if one.code else ""),
        "Rows": _rows(one),
        "Tables": ", ".join(one.lineage.tables("mart", "core", "raw")),
        "Checks": f"{len(one.checks) - len(one.failed)} kept, {len(one.failed)} broken" if one.checks else "",
    }  # fmt: skip
    lines = [one.id, f"{metric.title} ({metric.id}), {named.by} from {named.start}"]
    lines += [f"  {word}: {told}" for word, told in said.items() if told]
    lines += [f"  Caveat: {caveat}" for caveat in metric.caveats]
    lines += [f"  Broken: {check.table}: {check.rule} ({check.breaking_count:,})" for check in one.failed]
    lines += [f"  Feed: {feed.feed}, {', '.join(fresh(feed))}" for feed in one.lineage.freshness]
    lines += [f"  Feed: {feed}" for feed in one.lineage.feeds if not one.lineage.freshness]
    heads = ("build", "knew days before", "value", "cause")
    history = table(heads, [_said(each, metric) for each in one.said]) if one.said else []
    return "\n".join([*lines, "", *history, *([""] if history else []), one.sql])


def values(one: Receipt) -> Mapping[str, Any]:
    """The same for programs."""
    return {
        **{name: getattr(one, name) for name in PLAIN},
        "named": asdict(one.named),
        "metric": asdict(one.metric),
        "figure": asdict(one.figure) if one.figure else None,
        "said": [asdict(each) for each in one.said],
        "feeds": [asdict(each) for each in one.lineage.freshness],
        "rests_on": [node.name for node in one.lineage.nodes],
        "checks": [asdict(each) for each in one.checks],
    }


def _value(one: Receipt) -> str:
    figure = one.figure
    if figure is None:
        return "not kept"
    if figure.value is None:
        why = f" ({words.few(one.minimum)})" if figure.state == "withheld" else ""
        return words.absent(figure.state, figure.end < one.named.as_of) + why
    parts = [words.number(figure.value, one.metric.unit), words.interval(figure, one.metric.unit)]
    parts.append(words.approximate([figure], one.metric))
    if figure.numerator is not None and figure.denominator is not None:
        of = "for" if one.metric.has_exposure else "of"
        parts.append(f"{figure.numerator:,.10g} {of} {figure.denominator:,.10g}")
    return ", ".join(filter(None, [*parts, figure.state]))


def _rows(one: Receipt) -> str:
    """Which days the SQL does not give any more."""
    if one.rows_from is None:
        return ""
    return f"not all that are before {one.rows_from} are kept; of those days the parts are, on which the number rests"


def _definition(one: Receipt) -> str:
    now = "" if one.is_defined_so else f"; shown is version {one.metric.version}, by which it would be another number"
    return f"version {one.named.version}{now}"


def _said(each: Said, metric: Metric) -> tuple[str, ...]:
    figure = each.figure
    value = (
        words.absent(figure.state, is_over=True) if figure.value is None else words.number(figure.value, metric.unit)
    )
    cause = "first" if each.cause is None else f"{each.cause}: {each.why}"
    return each.build, each.known_until.date().isoformat(), value, cause
