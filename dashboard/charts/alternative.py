"""A chart in words, for those who do not see it: what, when, first, last, highest, lowest, and what is missing.

It draws nothing.
"""

from dashboard.charts import words
from dashboard.charts.chart import Chart
from metrics.answer import Figure, Released

GROUPS_TOLD = 8


def describe(what: Released | Chart, target: float | None = None) -> str:
    """The text alternative of an answer or of a chart made from one."""
    if isinstance(what, Chart):
        return what.alt
    if not what.figures:
        return f"{what.metric.title}: no data."
    groups = what.groups()
    sentences = [_heading(what), *(_group(what, group) for group in groups[:GROUPS_TOLD])]
    if len(groups) > GROUPS_TOLD:
        sentences.append(f"{words.count(len(groups) - GROUPS_TOLD, 'more group')} in the table.")
    if target is not None and what.metric.judged:
        sentences.append(f"Target: {words.number(target, what.metric.unit)}, {words.BETTER_WORDS[what.metric.better]}.")
    return " ".join(sentence for sentence in [*sentences, missing(what)] if sentence)


def missing(released: Released) -> str:
    """How many figures are withheld, missing or too early; "" where none is."""
    states = [figure.state for figure in released.figures if not figure.shown]
    told = [
        f"{states.count('withheld')} withheld ({words.few(released.minimum)})" if "withheld" in states else "",
        f"{states.count('no_data')} without data" if "no_data" in states else "",
        f"{states.count('too_early')} too early to say" if "too_early" in states else "",
    ]
    told = [one for one in told if one]
    many = words.count(len(released.figures), "value")
    return f"Not shown, of {many}: {words.listed(told)}." if told else ""


def breakdown(released: Released, names: dict[tuple[str, ...], str]) -> str:
    """The text alternative of a breakdown: one figure per group, in the order given."""
    if not released.figures:
        return f"{released.metric.title}: no data."
    period = words.period(released.figures[0], released.by)
    told = [f"{names[one.group]}: {words.figure(one, released)}" for one in released.figures]
    return f"{released.metric.title} by {' and '.join(released.split)}, {period}. {'; '.join(told)}."


def _heading(released: Released) -> str:
    first, last = released.figures[0], released.figures[-1]
    start = min(one.start for one in released.figures)
    end = max(one.end for one in released.figures)
    if released.by == "total" or first.start == last.start:
        return f"{released.metric.title}, {words.period(first, released.by)}."
    return f"{released.metric.title}, by {words.GRAIN_WORDS[released.by]}, {words.days(start, end)}."


def _group(released: Released, group: tuple[str, ...]) -> str:
    figures = [figure for figure in released.figures if figure.group == group]
    settled = [figure for figure in figures if figure.shown and figure.state == "final"]
    name = f"{' · '.join(group)}: " if group else ""
    return " ".join(one for one in (f"{name}{_course(settled, released)}", _unsettled(figures, released)) if one)


def _course(settled: list[Figure], released: Released) -> str:
    if not settled:
        return "No settled value yet."
    if len(settled) == 1:
        return f"{_at(settled[0], released)}."
    highest = max(settled, key=lambda one: one.value or 0.0)
    lowest = min(settled, key=lambda one: one.value or 0.0)
    ends = f"First {_at(settled[0], released)}, last {_at(settled[-1], released)}"
    if highest.value == lowest.value:
        return f"{ends}; it never changed."
    return f"{ends}; highest {_at(highest, released)}, lowest {_at(lowest, released)}."


def _unsettled(figures: list[Figure], released: Released) -> str:
    told = [
        f"{words.short_period(one, released.by)}: {words.figure(one, released)}"
        for one in figures
        if one.shown and one.state in ("partial", "maturing")
    ]
    return f"Not settled: {', '.join(told)}." if told else ""


def _at(one: Figure, released: Released) -> str:
    return f"{words.number(one.value or 0.0, released.metric.unit)} ({words.short_period(one, released.by)})"
