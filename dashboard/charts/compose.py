"""Makes the description of a chart from an answer: a series over time, or a breakdown as bars. It draws nothing."""

from collections.abc import Iterable
from dataclasses import replace

from dashboard.charts import control, words
from dashboard.charts.alternative import breakdown, describe, missing
from dashboard.charts.axis import value_axis
from dashboard.charts.chart import Annotation, Chart, Line, Point
from dashboard.charts.flags import told
from dashboard.charts.palette import GROUPS
from metrics.answer import Figure, Released
from metrics.course import Course
from metrics.semantic.model import Unit

SETTLED_NOTE = "Hollow points and dashed lines can still change: {}."
PART_NOTE = "A part of a period is joined to no whole one: its count cannot be compared with theirs."
BARS_SHOWN = 24


def series(
    released: Released,
    target: float | None = None,
    annotations: Iterable[Annotation] = (),
    locale: str = words.LOCALE,
    course: Course | None = None,
    intervals: bool = True,
) -> Chart:
    """The answer over time: one line per group, gaps where there is no value, hollow points where it can still change.

    Of more groups than can be told apart the largest are drawn, and the notes say so. A target is drawn only for a
    metric of which one way is better. course: the answer, or a longer one that it is the end of, as a control chart;
    only where the answer has one group (ValueError otherwise). intervals: whether there is room for them beside limits;
    else the axis need not hold them.
    """
    metric = released.metric
    target = target if metric.judged else None
    groups = _largest(released)
    if course is not None and len(groups) > 1:
        raise ValueError("a control chart is of one group")
    lines = tuple(_line(released, group, course, locale) for group in groups)
    axis = value_axis(_reach(lines, metric.unit, target, intervals), metric.unit, locale=locale)
    phases = control.phases(released, course) if course is not None else ()
    chart = Chart(
        "series", metric.title, describe(released, target), metric.unit, lines, target=target,
        annotations=tuple(_within(released, annotations)), phases=phases, axis=axis, locale=locale,
    )  # fmt: skip
    alt = f"{chart.alt} {control.describe(chart, course)}" if course is not None else chart.alt
    return replace(chart, alt=alt, notes=tuple(_notes(released, chart, course)))


def bars(released: Released, locale: str = words.LOCALE) -> Chart:
    """The answer by group in one period, the newest that is settled for any group; largest first, absent values last.

    A group without a value keeps its place and says why.
    """
    one_period = _newest(released)
    figures = sorted(one_period.figures, key=lambda one: (one.value is None, -(one.value or 0.0), one.group))
    shown = tuple(figures[:BARS_SHOWN])
    ordered = Released(**{**one_period.__dict__, "figures": shown})
    names = {one.group: _name(one.group) for one in shown}
    line = Line("", tuple(_point(one, ordered, locale, names[one.group]) for one in shown))
    period = f", {words.period(shown[0], released.by, locale)}" if shown else ""
    dropped = len(figures) - len(shown)
    notes = [f"{words.count(dropped, 'more group')} in the table."] if dropped else []
    if any(one.low is not None for one in shown):
        notes.append("Thin lines: 95 % interval.")
    if shown and shown[0].state in ("partial", "maturing"):
        notes.append("Hollow bars can still change.")
    notes += filter(None, [words.still_to_come(replace(released, figures=shown), locale)])
    notes += _approximate(replace(released, figures=shown), locale)
    return Chart(
        "bars", f"{released.metric.title}{period}", breakdown(ordered, names), released.metric.unit,
        (line,), notes=tuple(notes), locale=locale,
        axis=value_axis(_reach((line,), released.metric.unit), released.metric.unit, zero=True, locale=locale),
    )  # fmt: skip


def _line(released: Released, group: tuple[str, ...], course: Course | None, locale: str) -> Line:
    figures = [figure for figure in released.figures if figure.group == group]
    points = tuple(_point(one, released, locale) for one in figures)
    return Line(_name(group), control.placed(points, figures, course) if course is not None else points)


def _point(one: Figure, released: Released, locale: str, name: str = "") -> Point:
    return Point(
        name or words.period(one, released.by, locale), name or words.short_period(one, released.by, locale),
        one.start, one.end, one.value, one.low, one.high, one.state, words.figure(one, released, locale),
        words.interval(one, released.metric.unit, locale), is_part=_is_part(one, released),
    )  # fmt: skip


def _is_part(one: Figure, released: Released) -> bool:
    """Whether it adds up a part of its period only; shares and means of a part are like those of the whole."""
    return one.state == "partial" and released.metric.kind in ("count", "sum", "distinct")


def _name(group: tuple[str, ...]) -> str:
    return " · ".join(part.replace("_", " ") if part else "not known" for part in group)


def _largest(released: Released) -> list[tuple[str, ...]]:
    """The groups to draw, in order of their names: those with the highest newest values where there are too many."""
    groups = list(released.groups())
    if len(groups) <= len(GROUPS):
        return groups
    newest = {figure.group: figure.value for figure in released.figures if figure.value is not None}
    by_size = sorted(groups, key=lambda group: (-newest.get(group, float("-inf")), group))
    return sorted(by_size[: len(GROUPS)])


def _newest(released: Released) -> Released:
    """The figures of the newest period that is settled for some group; else of the newest with any value."""
    final = [one.start for one in released.figures if one.shown and one.state == "final"]
    starts = final or [one.start for one in released.figures if one.shown] or [one.start for one in released.figures]
    kept = tuple(one for one in released.figures if starts and one.start == max(starts))
    return Released(**{**released.__dict__, "figures": kept})


def _open(released: Released) -> list[str]:
    """Why what is shown can still change."""
    partial = {one.end < released.as_of for one in released.figures if one.shown and one.state == "partial"}
    reasons = [(False in partial, "their period is not over"), (True in partial, "not all of their data are there")]
    is_maturing = any(one.shown and one.state == "maturing" for one in released.figures)
    return [text for holds, text in (*reasons, (is_maturing, "their time of waiting is not over")) if holds]


def _within(released: Released, annotations: Iterable[Annotation]) -> Iterable[Annotation]:
    """The annotations on days of the chart, oldest first."""
    if not released.figures:
        return ()
    start, end = min(one.start for one in released.figures), max(one.end for one in released.figures)
    return sorted((one for one in annotations if start <= one.day <= end), key=lambda one: (one.day, one.text))


def _notes(released: Released, chart: Chart, course: Course | None) -> Iterable[str]:
    if course is not None:
        yield from control.notes(chart, course)
    open_ = _open(released)
    if open_:
        yield SETTLED_NOTE.format(words.listed(open_))
    if any(point.is_part for line in chart.lines for point in line.shown):
        yield PART_NOTE
    to_come = words.still_to_come(released, chart.locale)
    if to_come:
        yield to_come
    if any(line.whiskers for line in chart.lines):
        yield "Thin lines: 95 % interval."
    elif course is None and len(chart.lines) == 1 and any(figure.low is not None for figure in released.figures):
        yield "Shaded: 95 % interval."
    yield from _approximate(released, chart.locale)
    if missing(released):
        yield f"Gaps are not zero. {missing(released)}"
    if chart.axis.low > 0:
        yield "The axis does not start at 0."
    if len(released.groups()) > len(chart.lines):
        left = len(released.groups()) - len(chart.lines)
        yield f"The {len(chart.lines)} largest are drawn; {words.count(left, 'more group')} in the table."
    yield from told(chart)


def _approximate(released: Released, locale: str) -> list[str]:
    told = words.approximate(released.figures, released.metric, locale)
    return [f"Approximate: values are {told}."] if told else []


def _reach(lines: tuple[Line, ...], unit: Unit, target: float | None = None, intervals: bool = True) -> list[float]:
    """Every value that the axis must hold; limits as far as values can lie there, intervals where they are drawn."""
    reach = [point.value for line in lines for point in line.shown if point.value is not None]
    spread = [point for line in lines if (line.whiskers and intervals) or not line.controlled for point in line.points]
    reach += [end for point in spread for end in (point.low, point.high) if end is not None]
    lines_drawn = [control.within(point, reach, unit) for line in lines for point in line.points]
    reach += [height for heights in lines_drawn for height in heights]
    return [*reach, target] if target is not None else reach
