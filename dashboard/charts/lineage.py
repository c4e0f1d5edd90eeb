"""Where a metric comes from as one picture: a box per table with the columns that are used, from the metric to feeds.

It draws what a lineage says and asks nothing. Boxes stand in the order of reading, from left to right.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from dashboard.charts import words
from dashboard.charts.palette import EDGE, GRID, INK, MUTED, PAPER, SCREEN_FONT, USUAL
from metrics.lineage import Freshness, Lineage

WIDTH: Final = 158
GAP: Final = 26  # between two layers, for the lines
SPACE: Final = 12  # between two boxes of a layer
LINE: Final = 14
MOST_COLUMNS: Final = 5
MOST_LETTERS: Final = 25


@dataclass(frozen=True)
class Box:
    """A metric, a table or a feed in the picture: its name, what stands below it, and where it is in pixels."""

    name: str
    lines: tuple[str, ...]
    is_end: bool
    left: float
    top: float

    @property
    def height(self) -> float:
        return LINE * (1 + len(self.lines)) + 12

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def svg(lineage: Lineage, title: str) -> str:
    """The picture as one SVG element with role and label, as wide as it has to be for words of 11 pixels."""
    boxes = layout(lineage)
    width = max(box.left for box in boxes.values()) + WIDTH + 1
    height = max(box.top + box.height for box in boxes.values()) + 1
    drawn = "".join([*_lines(lineage, boxes), *(_drawn(box) for box in boxes.values())])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt(lineage, title))}" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="{SCREEN_FONT}" font-size="11">{drawn}</svg>'
    )


def alt(lineage: Lineage, title: str) -> str:
    """The picture in one sentence; the table beside it says which columns."""
    tables = words.count(len(lineage.tables("mart", "core", "raw", "settings")), "table")
    return f"{title} rests on {tables} and on {words.count(len(lineage.feeds), 'feed')}: {words.listed(lineage.feeds)}"


def told(freshness: Freshness) -> tuple[str, ...]:
    """How fresh a feed is: until when it tells, and when its last file came."""
    if not freshness.files and freshness.ends_on is None:
        return ("not in this build",)
    until = freshness.ends_on or (freshness.latest_event_at and freshness.latest_event_at.date())
    lines = [f"until {words.day(until)}"] if until else []
    return (*lines, *([f"came {words.day(freshness.received_at.date())}"] if freshness.received_at else []))


def layout(lineage: Lineage) -> Mapping[str, Box]:
    """Every box by name: each right of all that read it, and as high as these stand."""
    boxes: dict[str, Box] = {}
    readers: dict[str, list[str]] = defaultdict(list)
    for name in _depths(lineage):
        for source in lineage.reads(name):
            readers[source].append(name)
    layers: dict[int, list[str]] = defaultdict(list)
    for name, depth in _depths(lineage).items():
        layers[depth].append(name)
    for depth in sorted(layers):
        heights = {name: _height(boxes, readers[name]) for name in layers[depth]}
        top = 0.5
        for name in sorted(layers[depth], key=lambda one: (heights[one], one)):
            is_end = name == lineage.metric or name in lineage.feeds
            boxes[name] = Box(name, _below(lineage, name), is_end, depth * (WIDTH + GAP) + 0.5, top)
            top += boxes[name].height + SPACE
    return boxes


def _height(boxes: Mapping[str, Box], readers: list[str]) -> float:
    return sum(boxes[one].middle for one in readers) / len(readers) if readers else 0.0


def _depths(lineage: Lineage) -> Mapping[str, int]:
    """How many steps each box is from the metric at most; feeds stand behind everything else."""
    depths = {lineage.metric: 0}
    waiting = [lineage.metric]
    while waiting:
        name = waiting.pop(0)
        for source in lineage.reads(name):
            if depths[name] + 1 > depths.get(source, 0):
                depths[source] = depths[name] + 1
                waiting.append(source)
    last = max(depths[name] for name in depths if name not in lineage.feeds) + 1
    return {name: last if name in lineage.feeds else depth for name, depth in depths.items()}


def _below(lineage: Lineage, name: str) -> tuple[str, ...]:
    """What stands in a box below its name: the first columns, or how fresh a feed is."""
    if name in lineage.feeds:
        return next((told(one) for one in lineage.freshness if one.feed == name), ())
    columns = lineage.columns(name)
    shown = columns if len(columns) <= MOST_COLUMNS + 1 else columns[:MOST_COLUMNS]
    more = [f"and {len(columns) - len(shown)} more"] if len(columns) > len(shown) else []
    return (*map(_short, shown), *more)


def _short(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"


def _lines(lineage: Lineage, boxes: Mapping[str, Box]) -> Iterator[str]:
    for name, box in boxes.items():
        for source in lineage.reads(name):
            other = boxes[source]
            x, end, bend = box.left + WIDTH, other.left, GAP * 0.6
            yield (
                f'<path d="M{x:.1f} {box.middle:.1f}C{x + bend:.1f} {box.middle:.1f} {end - bend:.1f} '
                f'{other.middle:.1f} {end:.1f} {other.middle:.1f}" fill="none" stroke="{EDGE}"/>'
            )


def _drawn(box: Box) -> str:
    fill, edge = (USUAL, INK) if box.is_end else (PAPER, EDGE)
    texts = [_text(box, 0, box.name.replace("_", " ") if box.is_end else box.name, INK, "bold")]
    texts += [_text(box, at, line, MUTED) for at, line in enumerate(box.lines, start=1)]
    frame = (
        f'<rect x="{box.left}" y="{box.top}" width="{WIDTH}" height="{box.height}" rx="4" fill="{fill}" '
        f'stroke="{edge}"/>'
    )
    rule = f'<path d="M{box.left} {box.top + LINE + 5}h{WIDTH}" stroke="{GRID}"/>' if box.lines else ""
    return f"<g>{frame}{rule}{''.join(texts)}</g>"


def _text(box: Box, line: int, text: str, colour: str, weight: str = "normal") -> str:
    y = box.top + LINE * (line + 1) + (4 if line else 0)
    return f'<text x="{box.left + 7}" y="{y}" fill="{colour}" font-weight="{weight}">{escape(_short(text))}</text>'
