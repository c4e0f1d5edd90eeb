"""A funnel: members of a dimension by their size, and where each may lie if it is like the others.

It computes nothing and knows no page. It ranks nobody: its words are "unlike the others", its order that of names.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from dashboard.charts import words
from dashboard.charts.axis import Axis, value_axis
from dashboard.charts.canvas import canvas, scale, text
from dashboard.charts.label_places import GAP, LETTER, LINE, Box, Place, Spot, places
from dashboard.charts.label_places import HEIGHT as HEIGHT_INSIDE
from dashboard.charts.label_places import WIDTH as WIDTH_INSIDE
from dashboard.charts.palette import EDGE, INK, LOOKS, MUTED, PAPER, USUAL, Look
from metrics.answer import Figure
from metrics.comparison import Comparison, Limits, Member

ALL_NAMED: Final = 12  # members up to which each has its name beside it
FEW_FOR_SPREAD: Final = 10  # under so many nobody can tell how far members differ anyway (STATS 2)
HEIGHT: Final = 400
ROOM: Final = 0.12  # of the scale of sizes, free at both of its ends for half a name
LIMITS: Final = {"low998": "solid", "high998": "solid", "low95": "dash", "high95": "dash"}
BEHIND_NAMES: Final = "rgba(255, 255, 255, 0.6)"  # so that no line goes through a name


@dataclass(frozen=True)
class Dot:
    """A member. label: its name in the chart, "" where there are too many; told: its value in words."""

    name: str
    label: str
    size: float
    share: float
    told: str
    look: Look
    is_unlike: bool


@dataclass(frozen=True)
class FunnelChart:
    """A funnel before it is drawn. alt: the chart in words. sizes: the axis of how many cases, by their powers."""

    title: str
    alt: str
    dots: tuple[Dot, ...]
    center: float
    center_words: str
    curve: tuple[Limits, ...]
    sizes: Axis
    shares: Axis
    notes: tuple[str, ...]


def funnel_chart(compared: Comparison, names: Mapping[str, str], locale: str = words.LOCALE) -> FunnelChart:
    """The description of a comparison. names: what each member is called; in the chart stand their ids."""
    title = f"By size, {words.days(compared.start, compared.end, locale)}"
    named = len(compared.members) <= ALL_NAMED
    dots = tuple(_dot(one, names[one.name], named or one.is_unlike, locale) for one in compared.members)
    center = words.number(compared.center, "share", locale)
    return FunnelChart(
        title=title,
        alt=" ".join(_alt(f"{compared.released.metric.title}. {title}", compared, names, center, locale)),
        dots=dots,
        center=compared.center,
        center_words=f"Together {center}",
        curve=compared.curve,
        sizes=_size_axis([dot.size for dot in dots], locale),
        shares=value_axis(_reach(dots, compared.curve), "share", locale=locale),
        notes=tuple(_notes(compared)),
    )


def interactive(chart: FunnelChart) -> go.Figure:
    """The Plotly figure. Its text alternative is `chart.alt`; show it beside the figure, with a table."""
    figure = go.Figure(layout=canvas(chart.title, HEIGHT))
    powers = {"type": "log", "range": [math.log10(chart.sizes.low), math.log10(chart.sizes.high)]}
    figure.update_xaxes(**(scale(chart.sizes) | powers), title={"text": "Cases", "font": {"size": 12}})
    figure.update_yaxes(**scale(chart.shares))
    _limits(figure, chart)
    figure.add_hline(
        y=chart.center, line={"color": EDGE, "width": 1.4}, annotation_text=chart.center_words,
        annotation_position="bottom left", annotation_font_color=MUTED,
    )  # fmt: skip
    for dot in chart.dots:
        _dot_drawn(figure, dot)
    for dot, place in labels(chart):
        across, upward = place.anchors
        figure.add_annotation(
            x=math.log10(dot.size), y=dot.share, text=text(dot.label), showarrow=False, xanchor=across, yanchor=upward,
            xshift=place.right * GAP, yshift=-place.down * GAP, font={"color": INK, "size": 12}, bgcolor=BEHIND_NAMES,
            borderpad=1,
        )  # fmt: skip
    return figure


def labels(chart: FunnelChart) -> tuple[tuple[Dot, Place], ...]:
    """Where the names stand; placed for a phone, from the smallest member to the largest."""
    dots = sorted(chart.dots, key=lambda one: one.size)
    lines = [[spot(chart, one.size, getattr(one, name)) for one in chart.curve] for name in LIMITS]
    _, center = spot(chart, chart.sizes.low, chart.center)
    lines.append([(0, center), (WIDTH_INSIDE, center)])
    together = Box(0, center, len(chart.center_words) * LETTER + 12, center + LINE + 3)
    points = [spot(chart, dot.size, dot.share) for dot in dots]
    found = places(points, [dot.label for dot in dots], lines, [together])
    return tuple((dot, place) for dot, place in zip(dots, found, strict=True) if dot.label)


def spot(chart: FunnelChart, size: float, share: float) -> Spot:
    """Where it is on a phone."""
    low, high = math.log10(chart.sizes.low), math.log10(chart.sizes.high)
    down = (chart.shares.high - share) / (chart.shares.high - chart.shares.low)
    return (math.log10(size) - low) / (high - low) * WIDTH_INSIDE, down * HEIGHT_INSIDE


def cases(figure: Figure, locale: str = words.LOCALE) -> str:
    """ "41 of 316": on what a share rests."""
    x, n = (words.number(one or 0.0, "count", locale) for one in (figure.numerator, figure.denominator))
    return f"{x} of {n}"


def _dot(member: Member, name: str, is_named: bool, locale: str) -> Dot:
    share = (member.figure.numerator or 0.0) / member.limits.size
    told = f"{words.number(member.figure.value or 0.0, 'share', locale)}, {cases(member.figure, locale)}"
    look = LOOKS["common"] if not member.is_unlike else LOOKS["high" if member.is_above else "low"]
    label = member.name or "not known"
    return Dot(name, label if is_named else "", member.limits.size, share, told, look, member.is_unlike)


def _alt(title: str, compared: Comparison, names: Mapping[str, str], center: str, locale: str) -> Iterator[str]:
    yield f"{title}: {words.count(len(compared.members), 'member', locale=locale)}, together {center}."
    told = [
        f"{names[one.name]} {'above' if one.is_above else 'below'}, with "
        f"{words.number(one.figure.value or 0.0, 'share', locale)}"
        for one in compared.unlike
    ]
    yield f"Unlike the others: {'; '.join(told)}." if told else "None is unlike the others."
    if compared.withheld:
        yield f"{words.count(compared.withheld, 'member', locale=locale)} withheld."


def _notes(compared: Comparison) -> Iterator[str]:
    yield "To the right: more cases, so that chance leaves less room. Dashed: 95 %, solid: 99.8 % of what is alike."
    found = [LOOKS[kind].glyph for kind in ("high", "low") if any(_is(one, kind) for one in compared.unlike)]
    if found:
        yield f"{' '.join(found)} Unlike the others: beyond 99.8 %, and still so after allowing for every look taken."
    if compared.overdispersion > 0:
        yield "They differ by more than chance makes of their sizes; the limits are wider for it."
    elif len(compared.members) < FEW_FOR_SPREAD:
        yield (
            f"Of fewer than {FEW_FOR_SPREAD} nobody can tell how far they differ anyway: the limits allow for chance "
            "alone, and large ones are soon outside."
        )


def _is(member: Member, kind: str) -> bool:
    return member.is_above == (kind == "high")


def _reach(dots: Sequence[Dot], curve: Sequence[Limits]) -> list[float]:
    """What the axis must hold: every member, and the limits up to where the smallest would make all else flat."""
    middle = curve[len(curve) // 3]
    return [*(dot.share for dot in dots), middle.low998, middle.high998]


def _size_axis(sizes: Iterable[float], locale: str) -> Axis:
    """A scale of powers with room at both ends, and ticks at 1, 2 and 5 times a power of ten."""
    reach = list(sizes)
    room = max(1.5, (max(reach) / min(reach)) ** ROOM)
    low, high = min(reach) / room, max(reach) * room
    steps = [10.0**power * one for power in range(int(math.log10(max(high, 10))) + 1) for one in (1, 2, 5)]
    wide = high / low > 200
    ticks = [one for one in steps if low <= one <= high and (not wide or str(one)[0] == "1")]
    return Axis(low, high, tuple((one, words.number(one, "count", locale)) for one in ticks))


def _limits(figure: go.Figure, chart: FunnelChart) -> None:
    sizes = [one.size for one in chart.curve]
    figure.add_scatter(
        x=[*sizes, *reversed(sizes)],
        y=[*(one.high998 for one in chart.curve), *(one.low998 for one in reversed(chart.curve))],
        fill="toself", fillcolor=USUAL, line={"width": 0}, mode="lines", hoverinfo="skip",
    )  # fmt: skip
    for name, dash in LIMITS.items():
        figure.add_scatter(
            x=sizes, y=[getattr(one, name) for one in chart.curve], mode="lines", hoverinfo="skip",
            line={"color": EDGE, "width": 1, "dash": dash},
        )  # fmt: skip


def _dot_drawn(figure: go.Figure, dot: Dot) -> None:
    look = dot.look
    figure.add_scatter(
        x=[dot.size], y=[dot.share], mode="markers", cliponaxis=False,
        marker={"symbol": look.shape, "size": 11 if dot.is_unlike else 8,
                "color": look.colour if dot.is_unlike else PAPER, "line": {"color": look.colour, "width": 1.6}},
        hovertemplate=f"{text(dot.name)}<br><b>{text(dot.told)}</b><extra></extra>",
    )  # fmt: skip
