"""What `upstander explain --plan` prints: how a build counts a metric. It asks nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from metrics.planned import Made, Plan, PlannedPass


def text(plan: Plan) -> str:
    """The scans first, then what is made of their parts."""
    metric = plan.metric
    count = "1 table of daily parts" if len(plan.passes) == 1 else f"{len(plan.passes)} tables of daily parts"
    lines = [f"{metric.title} ({metric.id}) is counted in {count}, each filled by one scan of its mart."]
    if any(one.at for one in plan.passes):
        lines.append("A large mart is scanned some days at a time where the whole distribution is kept.")
    lines.append("")
    for one in plan.passes:
        lines += [*_pass(one), ""]
    grains = ", ".join(metric.grains)
    lines.append(f"Stored values: {metric.kind} of these parts by {grains}; in total and by each of its dimensions.")
    for split in plan.from_parts:
        if len(split) > 1:
            lines.append(f"Summed from stored parts when asked for: any of {', '.join(split)} together.")
    if len(plan.from_parts) > 1:
        lines.append("Counted in the mart when asked for: dimensions of different tables together.")
    return "\n".join(lines)


def values(plan: Plan) -> Mapping[str, Any]:
    """The same for programs."""
    return {
        "metric": plan.metric.id,
        "passes": [asdict(one) for one in plan.passes],
        "from_parts": [list(split) for split in plan.from_parts],
    }


def _pass(one: PlannedPass) -> Iterator[str]:
    yield one.table
    by = ", ".join((f"day of {one.day}", *one.split))
    yield f"  a row by     {by}"
    places = [word for word in (one.at, one.stratum) if word]
    if places:
        yield f"  and by       {', '.join(places)}: the whole distribution is kept"
    for part in one.parts:
        yield f"  {part.name:12} {part.text}"
    others = len(one.shared_with)
    yield f"  scan of      {one.mart}, for {_others(others)}{': ' + ', '.join(one.shared_with) if others else ''}"
    for said in dict.fromkeys(_made(part.made) for part in one.parts):
        yield f"  last build   {said}"


def _others(count: int) -> str:
    return {0: "this metric alone", 1: "one other metric too"}.get(count, f"{count} other metrics too")


def _made(made: Made | None) -> str:
    if made is None:
        return "does not have it"
    if not made.is_carried_over or made.anew_from is None:
        return "counted on all days"
    others = f" and {made.other_days_anew} before, of which rows had changed" if made.other_days_anew else ""
    return f"carried over from the one before, and counted anew on days from {made.anew_from} on{others}"
