"""One released figure, and the words for why there is none. It touches nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["final", "partial", "maturing", "too_early", "no_data", "withheld"]

STATE_WORDS: Mapping[State, str] = {
    "final": "final",
    "partial": "period not over",
    "maturing": "still maturing",
    "too_early": "too early to say",
    "no_data": "no data",
    "withheld": "withheld",
}


@dataclass(frozen=True)
class Figure:
    """One value of one period and group.

    start, end: first and last day, both included, UTC. label: "2026-W46", "2026-10", "2027Q1", "FY2027" or "all".
    group: one value per dimension of the answer's split, in its order. low, high: 95 % interval where the kind has one.
    n: how many rows (cases, people, blocks) it rests on; numerator, denominator: as far as the reader may see them.
    error: where it is approximate, how far from the exact value it may be, as a share of that; None where it is exact.
    """

    start: date
    end: date
    label: str
    group: tuple[str, ...]
    value: float | None
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    n: int | None
    state: State
    error: float | None = None

    @property
    def shown(self) -> bool:
        return self.value is not None
