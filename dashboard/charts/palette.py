"""Colours and strokes of every chart: tellable apart without colour vision, readable on white.

It draws nothing. Text colours have a contrast of at least 4.5 to 1 on PAPER, strokes at least 3 to 1 (WCAG 2.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from metrics.stats.control_chart import Verdict

PAPER: Final = "#ffffff"
INK: Final = "#1b2430"
MUTED: Final = "#55606e"
GRID: Final = "#e3e7ec"
BAND: Final = "#c9dcee"
BAR: Final = "#5b93c4"  # light enough that the interval shows on it
TARGET: Final = "#8a3a00"
GROUPS: Final = ("#005b9a", "#b54708", "#00705f", "#7a3e9d", "#8c2f39", "#4d5866")
DASHES: Final = ("solid", "8,3", "2,2", "10,3,2,3", "5,5", "14,4")
STATES: Final = {"done": "#00705f", "on_track": "#005b9a", "slipping": "#b54708", "late": "#8c2f39"}
USUAL: Final = "#eef2f6"  # the area of a control chart; its edges carry the meaning
EDGE: Final = "#7d8896"  # 3 to 1 on PAPER and on USUAL
EDGES: Final = {"center": 1.4, "lower": 1.0, "upper": 1.0}  # how wide the lines of a control chart are
SCREEN_FONT: Final = "Arial, 'Liberation Sans', Helvetica, sans-serif"  # as wide as what vl-convert measures with

Shape = Literal["circle", "square", "diamond", "triangle-up", "triangle-down"]


@dataclass(frozen=True)
class Look:
    """How a point is drawn: its shape says what its colour says. glyph: the shape where it is explained in words."""

    shape: Shape
    colour: str
    glyph: str


LOOKS: Final[Mapping[Verdict, Look]] = {
    "common": Look("circle", MUTED, "●"),
    "improvement": Look("diamond", "#005b9a", "◆"),
    "concern": Look("square", "#b54708", "■"),
    "high": Look("triangle-up", "#7a3e9d", "▲"),
    "low": Look("triangle-down", "#7a3e9d", "▼"),
}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
