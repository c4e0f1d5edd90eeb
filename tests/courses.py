"""Control charts written by hand, for tests of what shows them: lines and verdicts are those that the test gives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from metrics.answer import Released
from metrics.course import Course, Place
from metrics.stats.control_chart import Verdict

Lines = tuple[float | None, float | None, float | None]  # centre, lower, upper


def course(
    released: Released, lines: Lines | Sequence[Lines], verdicts: Mapping[int, Verdict] | None = None, **changed: Any
) -> Course:
    """The course of an answer. lines: those of every figure, or of each; verdicts: by place, else "common"."""
    each = [lines] * len(released.figures) if isinstance(lines, tuple) and len(lines) == 3 and not isinstance(lines[0], tuple) else lines  # fmt: skip
    told = verdicts or {}
    places = tuple(
        Place(one, *drawn, signal="outside" if at in told else None, verdict=told.get(at, "common"), conflicts=False)
        for at, (one, drawn) in enumerate(zip(released.figures, each, strict=True))
    )
    whole = Course(released, "xmr", "The denominators hardly vary.", places, (), None, "common", None, False, None)
    return replace(whole, **changed)
