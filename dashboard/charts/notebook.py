"""How a notebook shows a chart: in words what it says, then the picture, then how to read it and the chart in words.

It asks nothing, and draws what the other modules of this room describe. Only what was released comes in.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape

import plotly.graph_objects as go

from dashboard.charts import ahead, compose, effect_words, event_study, refusals, screen, signals, words
from dashboard.charts import funnel as funnels
from dashboard.charts import lineage as lineages
from dashboard.charts import timeline as timelines
from dashboard.charts.chart import Annotation, Chart
from dashboard.charts.notebook_text import Text
from metrics.answer import Listing, Released
from metrics.comparison import Comparison, NoFunnel
from metrics.course import Course
from metrics.finding import Finding
from metrics.lineage import Lineage
from metrics.outlook import CAP, NoChance, NoOutlook, Outlook, capped


@dataclass(frozen=True)
class Shown:
    """A chart with its words. says: what it says, one sentence each; notes: how to read it; alt: the chart in words.

    figure: None where there is nothing to draw, and `says` tells why.
    """

    says: tuple[str, ...]
    figure: go.Figure | None = field(repr=False)
    alt: str = ""
    notes: tuple[str, ...] = ()

    def _ipython_display_(self) -> None:
        from IPython.display import display  # who calls this has it; nobody else needs it

        show: Callable[[Text], object] = display
        if self.says:
            show(Text(self.lead))
        if self.figure is not None:
            self.figure.show(config=screen.PLOTLY_CONFIG)
            show(Text(self.below))

    @property
    def lead(self) -> str:
        """What stands above the chart, as Markdown."""
        return "\n\n".join(f"**{escape(one, quote=False)}**" for one in self.says)

    @property
    def below(self) -> str:
        """What stands under the chart, as Markdown: how to read it, and the chart in words to open."""
        notes = "\n".join(f"- {escape(one, quote=False)}" for one in self.notes)
        return f"{notes}\n\n<details><summary>The chart in words</summary>{escape(self.alt, quote=False)}</details>"


@dataclass(frozen=True)
class Picture:
    """A drawing, as SVG with its own words."""

    svg: str = field(repr=False)
    alt: str

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto">{self.svg}</div>'


def control_chart(course: Course, annotations: Iterable[Annotation] = ()) -> Shown:
    """The series of one group with what is usual, and in words whether it changed by more than chance."""
    chart = compose.series(course.released, course.target, annotations, course=course)
    says = f"{signals.variation(course).symbol} {signals.sentence(course)}"
    told = tuple(one for one in (says, signals.outlook(course)) if one)
    return Shown(told, screen.interactive(chart), chart.alt, (*_only(course.released), *chart.notes))


def lines(released: Released) -> Shown:
    """A line per group over time. It says nothing of change: that takes a control chart of each group."""
    return _drawn(compose.series(released), _only(released))


def bars(released: Released) -> Shown:
    """The groups in the newest settled period, the largest first; a withheld one keeps its place and says so."""
    return _drawn(compose.bars(released), _only(released))


def timeline(milestones: Listing, projects: Listing | None = None, today: date | None = None) -> Shown:
    """Projects and milestones of the plan: planned, forecast and done. today: the last day of the data."""
    return _drawn(timelines.timeline(milestones, projects, today))


def funnel(found: Comparison | NoFunnel) -> Shown:
    """Which members are unlike the others, given their sizes, or why nobody can say."""
    if isinstance(found, NoFunnel):
        return Shown((f"No funnel: {refusals.NO_FUNNEL[found.why]}.",), None)
    chart = funnels.funnel_chart(found, {one.name: one.name for one in found.members})
    unlike = [f"{one.name} ({'above' if one.is_above else 'below'})" for one in found.unlike]
    says = f"Unlike the others: {words.listed(unlike)}." if unlike else "None is unlike the others."
    return Shown((says,), funnels.interactive(chart), chart.alt, chart.notes)


def outlook(found: Outlook | NoOutlook) -> Shown:
    """Where a number should be by now and how likely it is at its target in time; or why that is not said."""
    if isinstance(found, NoOutlook):
        return Shown((f"Nothing is said of what is to come: {refusals.NO_OUTLOOK[found.why]}.",), None)
    chart = ahead.ahead_chart(found)
    return Shown((_chance(found),), ahead.interactive(chart), chart.alt, chart.notes)


def effect(found: Finding, began: date) -> Shown:
    """What something that began changed: the verdict, the effect with its interval, and why there is no verdict."""
    says = tuple(_verdict(found))
    if found.released is None:
        return Shown(says, None)
    metric = found.released.metric
    chart = event_study.event_study(found, metric) or event_study.interruption(found, metric, began)
    return Shown(says, None) if chart is None else Shown(says, event_study.interactive(chart), chart.alt, chart.notes)


def lineage(found: Lineage, title: str) -> Picture:
    """Where a metric comes from, column by column, from the metric on the left to the feeds on the right."""
    return Picture(lineages.svg(found, title), lineages.alt(found, title))


def rollouts(found: Listing, wiki: str | None = None) -> tuple[Annotation, ...]:
    """The listing "rollouts" as what happened on a day, on one wiki or on all, to be written into a control chart."""
    rows = [row for row in found.rows if wiki in (None, row["wiki"])]
    return tuple(Annotation(_day(row["started_at"]), f"{row['title']} on {row['wiki']}") for row in rows)


def _drawn(chart: Chart, only: tuple[str, ...] = ()) -> Shown:
    return Shown((), screen.interactive(chart), chart.alt, (*only, *chart.notes))


def _only(released: Released) -> tuple[str, ...]:
    """To what an answer was narrowed: its chart has the name of the whole metric."""
    told = words.listed([f"{name.replace('_', ' ')} {member}" for name, member in released.where])
    return (f"Only {told}.",) if told else ()


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _verdict(found: Finding) -> Iterator[str]:
    yield f"{effect_words.verdict(found)}."
    if found.released is not None and found.size is not None:
        metric = found.released.metric
        told, things = effect_words.effect(found, metric), effect_words.of_a_hundred(found, metric)
        yield f"{metric.title}: {told}; {things}." if things else f"{metric.title}: {told}."
        if found.word == "no detectable effect" and found.smallest is not None:
            size = effect_words.amount(found.smallest, effect_words.unit_of(found, metric), found.is_relative)
            yield f"A change of {size} or more would probably have been seen; a smaller one may be there."
    if found.reason is not None:
        yield f"Why there is no verdict: {refusals.no_verdict(found)}."


def _chance(found: Outlook) -> str:
    chance, unit = found.chance, found.released.metric.unit
    target, end = words.number(found.aim.value, unit), words.day(found.aim.ends_on)
    if isinstance(chance, NoChance):
        return f"How likely it is at {target} on {end} is not said: {refusals.NO_CHANCE[chance.why]}."
    low, high = words.number(chance.end.low80, unit), words.number(chance.end.high80, unit)
    about = "less than" if chance.at < CAP[0] else "more than" if chance.at > CAP[1] else "about"
    likely = f"{about} {words.decimal(100 * capped(chance.at), 0)}{words.NBSP}%"
    return f"If it drifts on, it is at {target} on {end} with a chance of {likely}: then it is {low} to {high}."
