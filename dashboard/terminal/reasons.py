"""What the command line says of why a number moved, as plain text or as values for JSON.

It takes what an answer says of itself, and asks nothing; the verb prints.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from dashboard.charts import words
from dashboard.terminal.texts import table
from metrics.answer import Released
from metrics.reason import CERTAIN, Change, Contribution, Movement, Reason, SideBySide, Unexplained

KINDS: Final = {Movement: "taken_apart", SideBySide: "side_by_side", Unexplained: "not_taken_apart"}


def told(reason: Reason, whole: Released) -> str:
    """The change, whether it is more than chance, and what each group adds to it. whole: the answer that moved."""
    found, unit = reason.found, reason.metric.unit
    if isinstance(found, Unexplained):
        return f"{reason.metric.title}. {found.words}"
    lines = [_change(found.change, whole)]
    if isinstance(found, SideBySide):
        lines.append("Groups do not add up to it; side by side:")
        lines += [f"{words.count(found.unshown, 'group')} not shown in both periods."] if found.unshown else []
        heads: Sequence[str] = (*reason.split, "before", "after", "change", "")
        return "\n".join([*lines, *table(heads, list(_beside(found, whole)))])
    if found.rate is not None and found.mix is not None:
        lines.append(f"Groups' own change: {words.change(found.rate, unit)}; mix: {words.change(found.mix, unit)}.")
    if found.unrounded is not None:
        lines.append(f"Before rounding: {words.change(found.unrounded, unit)}, to which the parts add up.")
    if found.withheld:
        lines.append(f"{words.count(found.withheld, 'group')} withheld in a period: among all others.")
    heads = (*reason.split, "before", "after", "adds to the change")
    return "\n".join([*lines, *table(heads, list(_rows(found.parts, reason)))])


def values(reason: Reason) -> Mapping[str, Any]:
    """The same for programs; `kind` says which of the answers it is."""
    return {
        "metric": reason.metric.id,
        "by": reason.by,
        "split": reason.split,
        "where": dict(reason.where),
        "audience": reason.audience,
        "build": reason.build,
        "kind": KINDS[type(reason.found)],
        "words": reason.words,
        **asdict(reason.found),
    }


def _change(change: Change, whole: Released) -> str:
    size = words.change(change.difference.size, whole.metric.unit)
    before, after = words.figure(change.before, whole), words.figure(change.after, whole)
    return (
        f"{whole.metric.title}: {before} ({change.before.label}) to {after} ({change.after.label}): {size}, "
        f"{CERTAIN[change.difference.is_clear]}."
    )


def _beside(found: SideBySide, whole: Released) -> Iterator[Sequence[str]]:
    for one in found.groups:
        figures = [words.figure(each, whole) for each in (one.before, one.after)]
        size = words.change(one.difference.size, whole.metric.unit)
        yield *one.after.group, *figures, size, CERTAIN[one.difference.is_clear]


def _rows(parts: Sequence[Contribution], reason: Reason) -> Iterator[Sequence[str]]:
    unit = reason.metric.unit
    for one in parts:
        group = one.group or ("all others", *[""] * (len(reason.split) - 1))
        values = ("none" if value is None else words.number(value, unit) for value in (one.before, one.after))
        yield *group, *values, words.change(one.total, unit)
