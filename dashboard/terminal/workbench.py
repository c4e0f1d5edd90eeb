"""What `upstander metric` prints: what was started, what needs somebody, and what a change moves.

It touches nothing; the verbs print.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from dashboard.charts import words
from dashboard.terminal import texts
from metrics.answer import STATE_WORDS, State
from metrics.semantic.model import Metric
from metrics.workbench.care import Care
from metrics.workbench.difference import KINDS, Difference, Move
from metrics.workbench.draft import Drafted

HEADS = {"changed": "changed", "new": "new", "gone": "gone", "rows": "other rows", "state": "state only"}


def drafted(made: Drafted) -> str:
    """What was written, and what comes next."""
    return "\n".join(
        [
            f"{made.definition} is written, and asks you what only you know.",
            f"{made.spec} fails until you write what two small tables give. Then:",
            *(f"  {command}" for command in made.commands),
        ]
    )


def draft_values(made: Drafted) -> Mapping[str, Any]:
    """The same for programs."""
    return {"definition": str(made.definition), "spec": str(made.spec), "commands": made.commands}


def cared(found: Care) -> str:
    """What needs somebody, the urgent first."""
    lines = [f"{found.metrics} metrics."]
    lines += [f"  review overdue since {day}: {name}" for name, day in found.overdue]
    lines += [f"  still asks for {', '.join(keys)}: {name}" for name, keys in found.unanswered]
    if found.changed is None:
        lines.append("  There is no build to hold them against.")
    lines += [f"  changed since the build, or new in it: {name}" for name in found.changed or ()]
    lines += _listed("no published figure is named, though others count the same", found.without_reference)
    lines += _listed("a count of reports that does not say what it is read with", found.unread)
    lines += _listed("in no page, report, notebook or plan", found.unused)
    return "\n".join(lines if len(lines) > 1 else [*lines, "  Nothing needs anybody."])


def care_values(found: Care) -> Mapping[str, Any]:
    """The same for programs."""
    return {**asdict(found), "is_urgent": found.is_urgent}


def differing(found: Difference, most: int) -> str:
    """What differs in the definition, how many figures move by dimension, and the largest moves."""
    new = found.new
    invented = " Invented." if found.invented else ""
    lines = [f"{new.title} ({new.id}) against {found.against}, in build {found.build}, for program.{invented}"]
    if not found.keys:
        return "\n".join([*lines, "The definitions say the same."])
    lines.append(f"The definition differs in: {', '.join(found.keys)}.")
    if found.old.unit != new.unit:
        lines.append(f"The unit was {found.old.unit} and is {new.unit}: the numbers below are in two units.")
    lines += _not_compared(found)
    if found.since:
        lines.append(f"Older rows were deleted: only what rests on rows from {found.since} on is compared.")
    if not found.moves:
        hidden = [] if found.is_wording else [*_withheld(found)]
        return "\n".join(
            [*lines, *hidden, f"The text changed, and no figure {'that may be shown ' if hidden else ''}moves."]
        )
    lines += ["", *_counts(found), *_withheld(found), ""]
    lines += texts.table(
        ("what", "period", "group", "was", "is", "by"), [_row(one, found.old, new) for one in found.moves[:most]]
    )
    left = len(found.moves) - most
    return "\n".join([*lines, *([f"... and {left:,} more; --json has all of them."] if left > 0 else [])])


def difference_values(found: Difference) -> Mapping[str, Any]:
    """The same for programs: every move, the largest first."""
    return {
        "metric": found.new.id,
        "against": found.against,
        "build": found.build,
        "audience": "program",
        "invented": found.invented,
        "keys": found.keys,
        "units": [found.old.unit, found.new.unit],
        "only_old": found.only_old,
        "only_new": found.only_new,
        "since": found.since,
        "counts": [
            {"grain": part.grain, "split": part.split, **{kind: part.counts.get(kind, 0) for kind in KINDS}}
            for part in found.parts
        ],
        "moves": [{**asdict(one), "by": one.by} for one in found.moves],
    }


def _listed(says: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"  {says} ({len(names)}): {', '.join(names)}"


def _not_compared(found: Difference) -> Iterator[str]:
    for names, whose in ((found.only_old, "older"), (found.only_new, "newer")):
        if names:
            yield f"Only the {whose} version is split by {', '.join(names)}: that is not compared."


def _counts(found: Difference) -> Sequence[str]:
    heads = ("by", *HEADS.values(), "same")
    rows = [
        (
            " ".join((part.grain, *part.split)),
            *(f"{part.counts.get(kind, 0):,}" for kind in KINDS if kind in HEADS),
            f"{part.counts.get('same', 0):,}",
        )
        for part in found.parts
    ]
    return texts.table(heads, rows)


def _withheld(found: Difference) -> Iterator[str]:
    if found.withheld:
        yield f"{found.withheld:,} figures are withheld in one version or both; whether they move is not told."


def _row(one: Move, old: Metric, new: Metric) -> tuple[str, ...]:
    group = ", ".join(f"{name}={member}" for name, member in zip(one.split, one.group, strict=True))
    was, becomes = _value(one.old, one.old_state, old), _value(one.new, one.new_state, new)
    return HEADS[one.kind], one.label, group, was, becomes, _by(one, old, new)


def _value(value: float | None, state: State | None, metric: Metric) -> str:
    said = "nothing" if value is None else words.number(value, metric.unit)
    return said if state in (None, "final") else f"{said} ({STATE_WORDS[state]})"


def _by(one: Move, old: Metric, new: Metric) -> str:
    """How much it moves, with as many digits as it takes; "" where there is nothing to subtract."""
    if one.kind != "changed" or one.by is None or old.unit != new.unit:
        return ""
    said = words.change(one.by, new.unit)
    return said if any(digit in said for digit in "123456789") else f"{one.by:+.1g}"
