"""What the command line prints: summaries, answers and explanations as plain text or as values for JSON.

It touches nothing; the verbs print.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from dashboard.charts import words
from data_contracts.faults import DefinitionFault
from etl.contract_change import Comparison
from etl.examine import Examination
from etl.purge import Purged
from etl.summary import BuildSummary
from metrics.answer import Released
from metrics.query import Explanation


def as_json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """One line a program can read; days and times as ISO text."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def pairs(written: Iterable[str]) -> Mapping[str, str]:
    """What stands in options such as wiki=enwiki, by dimension."""
    found: dict[str, str] = {}
    for one in written:
        dimension, sign, member = one.partition("=")
        if not sign:
            raise DefinitionFault(f"--where {one}", "there is no =", "dimension=value", "Write it like wiki=enwiki.")
        found[dimension] = member
    return found


def summary(one: BuildSummary) -> str:
    """The build in a few lines: what came in, what was set aside and why, what warns."""
    word = "published" if one.is_new else "still in force: nothing changed since"
    lines = [f"Build {one.build_id} {word}. {one.program}, known until {one.as_of:%Y-%m-%d %H:%M} UTC."]
    if one.invented:
        lines.append("Everything in it is invented.")
    lines += table(
        ("feed", "files", "bytes", "rows", "set aside"),
        [(feed.feed, *(f"{n:,}" for n in (feed.files, feed.bytes, feed.rows, feed.rejected))) for feed in one.feeds],
    )
    lines += [f"  set aside: {each.rows:,} x {each.feed}: {each.rule}" for each in one.quarantined]
    lines.append(f"{one.checks:,} rules checked, {len(one.warnings):,} of them warn.")
    lines += [f"  warning: {each.breaking_count:,} x {each.table}: {each.says}" for each in one.warnings]
    lines.append(", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in one.seconds.items()) + ".")
    return "\n".join(lines)


def examination(one: Examination) -> str:
    """What `upstander check` found."""
    lines = [
        f"{one.program}: feeds {', '.join(one.feeds) or 'none yet'}.",
        f"{one.contracts} contracts with {one.rules} rules, {one.models} models and {one.metrics} metrics can be read.",
        f"Build in force: {one.build or 'none yet; run `upstander build`'}.",
    ]
    lines += [f"  broken: {line}" for line in one.broken]
    lines += [f"  review overdue since {day}: {metric}" for metric, day in one.overdue]
    return "\n".join(lines)


def fetched(came: Mapping[str, int]) -> str:
    """What the servers of the feeds had."""
    if not came:
        return "No server had anything new."
    return "\n".join(f"{feed}: {count:,} pieces landed" for feed, count in came.items())


def purged(done: Sequence[Purged]) -> str:
    """What was deleted of which file."""
    if not done:
        return "Nothing is older than it may be."
    return "\n".join(f"{one.feed}: {one.rows:,} rows before {one.horizon} deleted from {one.file}" for one in done)


def comparison(one: Comparison) -> str:
    """What differs between two versions of a contract, and whom it concerns."""
    if not one.changes:
        return f"{one.contract}: nothing differs."
    lines = [f"{one.contract} {one.old} -> {one.new}"]
    for broken in one.changes:
        change = broken.change
        name = f"{change.table}.{change.column}" if change.column else change.table
        lines.append(f"  {change.kind:8}  {name}: {change.was} -> {change.now}  ({change.where})")
        if broken.models:
            lines.append(f"            read by {', '.join(broken.models)}")
        if broken.metrics:
            word = "breaks" if change.is_breaking else "may move"
            lines.append(f"            {word} {', '.join(broken.metrics)}")
    if one.new != one.wanted:
        lines.append(f"  The new contract says version {one.new}; by what it changes it is {one.wanted}.")
    return "\n".join(lines)


def answer(released: Released) -> str:
    """The figures as a table, a line per period and group, each with its state in words."""
    heads = ("period", *released.split, released.metric.title, "95 % interval", "n")
    rows = [
        (
            one.label,
            *one.group,
            words.figure(one, released),
            words.interval(one, released.metric.unit),
            "" if one.n is None else f"{one.n:,}",
        )
        for one in released.figures
    ]
    invented = " Invented." if released.invented else ""
    about = f"{released.metric.question} Build {released.build}, for {released.audience}.{invented}"
    to_come = words.still_to_come(released)
    return "\n".join([about, *([to_come] if to_come else []), *table(heads, rows)])


def answer_values(released: Released) -> Mapping[str, Any]:
    """The same for programs: numbers as numbers, and null with a state where there is none."""
    return {
        "metric": released.metric.id,
        "by": released.by,
        "split": released.split,
        "where": dict(released.where),
        "audience": released.audience,
        "build": released.build,
        "as_of": released.as_of,
        "minimum": released.minimum,
        "invented": released.invented,
        "awaited": dict(released.awaited),
        "figures": [{**asdict(one), "receipt": released.receipt(one)} for one in released.figures],
    }


def explanation(one: Explanation) -> str:
    """A definition in words, and the SQL that computes it."""
    metric = one.metric
    said = {
        "Question": metric.question, "Why": metric.why, "It does not say": metric.not_this,
        "Kind": f"{metric.kind} of {' and '.join(metric.sources)}, in {metric.unit}; better: {metric.better}",
        "Feeds": ", ".join(one.sources), "Answers for it": f"{metric.owner}; checked by {metric.checked_by}",
    }  # fmt: skip
    lines = [f"{metric.title} ({metric.id}, version {metric.version})"]
    lines += [f"  {word}: {text}" for word, text in said.items()]
    lines += [f"  Caveat: {text}" for text in metric.caveats]
    return "\n".join([*lines, "", one.sql])


def explanation_values(one: Explanation) -> Mapping[str, Any]:
    return {"metric": asdict(one.metric), "sql": one.sql, "sources": one.sources}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Columns as wide as their widest word."""
    every = [heads, *rows]
    widths = [max(len(row[index]) for row in every) for index in range(len(heads))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in every]


def _plain(value: object) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
