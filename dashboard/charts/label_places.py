"""Where the names of points stand in a small chart: beside their point, off other points and names, and off lines.

It works in pixels of a phone and draws nothing: on a wider screen what is apart here is only farther apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal
from unicodedata import east_asian_width

WIDTH, HEIGHT = 300, 300  # of the part of a chart between its axes, 390 pixels wide and 400 high in all
LETTER: Final = 6.8  # mean width of a letter of 12 pixels
WIDE: Final = 12.0  # of one of a script whose letters are as wide as high
LINE: Final = 18.0
GAP: Final = 9.0  # from the middle of a point to its name
PASSES: Final = 4
OUTSIDE, COVERS, CROSSED = 100, 50, 3  # how bad a place is

Across = Literal["left", "center", "right"]
Upward = Literal["top", "middle", "bottom"]
Spot = tuple[float, float]  # across and down, in pixels


@dataclass(frozen=True)
class Place:
    """A side of a point. right, down: where the name is from it, -1, 0 or 1."""

    right: int
    down: int

    @property
    def anchors(self) -> tuple[Across, Upward]:
        """Which side of the name is at the point."""
        across: tuple[Across, ...] = ("center", "left", "right")
        upward: tuple[Upward, ...] = ("middle", "top", "bottom")
        return across[self.right], upward[self.down]


PLACES: Final = tuple(Place(*one) for one in ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1)))


@dataclass(frozen=True)
class Box:
    """Pixels from the left and from the top."""

    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> bool:
        is_apart = self.right <= other.left or other.right <= self.left
        return not (is_apart or self.bottom <= other.top or other.bottom <= self.top)


def places(
    points: Sequence[Spot], names: Sequence[str], lines: Sequence[Sequence[Spot]], taken: Iterable[Box]
) -> tuple[Place, ...]:
    """A place for each name, "" needing none. lines: through spots near each other; taken: where something stands."""
    dots = [Box(x - 7, y - 7, x + 7, y + 7) for x, y in points]
    stands, found = tuple(taken), [PLACES[0]] * len(points)
    named = [at for at, name in enumerate(names) if name]
    for at in named * PASSES:  # so that who came first makes way for those who found no place
        others = [box(points[one], names[one], found[one]) for one in named if one != at]
        others += [*stands, *dots[:at], *dots[at + 1 :]]
        options = [(_cost(box(points[at], names[at], one), others, lines), order) for order, one in enumerate(PLACES)]
        found[at] = PLACES[min(options)[1]]
    return tuple(found)


def box(point: Spot, name: str, place: Place) -> Box:
    width, (x, y) = length(name) + 4, point
    middle = x + place.right * (GAP + width / 2)
    centre = y + place.down * (GAP + LINE / 2)
    return Box(middle - width / 2, centre - LINE / 2, middle + width / 2, centre + LINE / 2)


def length(name: str) -> float:
    return sum(WIDE if east_asian_width(letter) in "WF" else LETTER for letter in name)


def _cost(here: Box, others: Iterable[Box], lines: Iterable[Sequence[Spot]]) -> int:
    is_outside = here.left < 0 or here.right > WIDTH or here.top < 0 or here.bottom > HEIGHT
    covered = sum(here.covers(one) for one in others)
    return OUTSIDE * is_outside + COVERS * covered + CROSSED * sum(_goes_through(one, here) for one in lines)


def _goes_through(line: Sequence[Spot], here: Box) -> bool:
    return any(Box(x, min(y, z), w, max(y, z)).covers(here) for (x, y), (w, z) in pairwise(line))
