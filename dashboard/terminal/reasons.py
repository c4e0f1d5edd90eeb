"""What the command line says of why a number moved, as plain text or as values for JSON.

It asks for the figures; the verb prints.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from dashboard.charts import words
from dashboard.terminal.texts import table
from metrics import query
from metrics.answer import Released
from metrics.contributions import Contribution, Unexplained, Why
from metrics.movement import Change, Movement, SideBySide, movement

Found = Movement | SideBySide | Unexplained

WHY_NOT: Final[Mapping[Why, str]] = {
    "no_value": "nothing is settled yet",
    "no_before": "there is no earlier settled figure",
    "no_year_before": "the same period a year before has no settled figure",
    "not_comparable": "what was before means another thing, as a phase began between the periods",
    "no_group": "no group may be shown in both periods",
    "lone_group": "what is left beside the groups shown would be one withheld group",
    "few_left": "what is left beside the groups shown would tell of fewer than may be shown",
    "not_summing": "the groups are more than their total",
}
CERTAIN: Final = {True: "more than chance", False: "may be chance", None: "cannot tell whether it is chance"}


def asked(metric: str, dimension: str, by: str, audience: str) -> tuple[Found, Released]:
    """The newest change of a metric by a dimension, and the figures of its groups. Raises as `query.ask`."""
    named: dict[str, Any] = {"by": by, "audience": audience}
    whole, parts = query.ask(metric, **named), query.ask(metric, split=[dimension], **named)
    return movement(whole, parts, "before", query.course(whole)), parts


def told(found: Found, parts: Released) -> str:
    """The change, whether it is more than chance, and what each group adds to it."""
    if isinstance(found, Unexplained):
        return f"{parts.metric.title} is not taken apart: {WHY_NOT[found.why]}."
    lines = [_change(found.change, parts)]
    unit = parts.metric.unit
    if isinstance(found, SideBySide):
        heads: Sequence[str] = (parts.split[0], "before", "after", "change", "")
        rows = [
            (
                one.after.group[0],
                words.figure(one.before, parts),
                words.figure(one.after, parts),
                words.change(one.difference.size, unit),
                CERTAIN[one.difference.is_clear],
            )
            for one in found.groups
        ]
        return "\n".join([*lines, "Groups do not add up to it; side by side:", *table(heads, rows)])
    if found.rate is not None and found.mix is not None:
        lines.append(f"Groups' own change: {words.change(found.rate, unit)}; mix: {words.change(found.mix, unit)}.")
    heads = (parts.split[0], "before", "after", "adds to the change")
    return "\n".join([*lines, *table(heads, list(_rows(found.parts, parts)))])


def values(found: Found) -> Mapping[str, Any]:
    """The same for programs; `kind` says which of the answers it is."""
    kind = {Movement: "taken_apart", SideBySide: "side_by_side", Unexplained: "not_taken_apart"}[type(found)]
    return {"kind": kind, **asdict(found)}


def _change(change: Change, parts: Released) -> str:
    size = words.change(change.difference.size, parts.metric.unit)
    before, after = words.figure(change.before, parts), words.figure(change.after, parts)
    return (
        f"{parts.metric.title}: {before} ({change.before.label}) to {after} ({change.after.label}): {size}, "
        f"{CERTAIN[change.difference.is_clear]}."
    )


def _rows(contributions: Sequence[Contribution], parts: Released) -> Iterator[Sequence[str]]:
    unit = parts.metric.unit
    for one in contributions:
        before, after = ("none" if value is None else words.number(value, unit) for value in (one.before, one.after))
        yield one.group[0] if one.group is not None else "all others", before, after, words.change(one.total, unit)
