"""What a question asks, once it is checked: of which metric, by which period, for whom.

It touches no build: words come in, a Question goes out, or a fault that names what there is.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data_contracts.faults import DefinitionFault
from metrics import catalog
from metrics.answer import Figure
from metrics.semantic.model import AUDIENCES, GRAINS, Audience, Grain, Mart, Metric

NEAREST = 5  # ids that are told to whoever misspells one
ALL_METRICS = "All of them stand in metrics/MANUAL.md and on the page Catalogue of the app."


@dataclass(frozen=True)
class Question:
    """One checked question. marts: those of the metric, its own first. where: dimension and the one member wanted.

    start, end: first and last day, included.

    as_of: the first day that was unknown when the answer was given; None for what is known now.
    """

    metric: Metric
    marts: Mapping[str, Mart]
    by: Grain
    split: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    start: date | None
    end: date | None
    audience: Audience
    as_of: date | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Those by which it is split, and those by which it is narrowed."""
        return (*self.split, *(name for name, _ in self.where))

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(member for _, member in self.where)

    def covers(self, figure: Figure) -> bool:
        """Whether the figure's period lies wholly within the days asked for."""
        if self.by == "total":
            return True
        after = self.start is None or figure.start >= self.start
        return after and (self.end is None or figure.end <= self.end)


def question(
    name: str,
    by: Grain,
    split: Sequence[str],
    where: Mapping[str, str] | None,
    start: date | str | None,
    end: date | str | None,
    audience: Audience,
    as_of: date | str | None = None,
) -> Question:
    """The question as it can be answered; DefinitionFault with what there is, where it cannot."""
    metric = metric_of(name)
    place = f"ask({name!r})"
    if by not in GRAINS or by not in metric.grains:
        raise DefinitionFault(place, f"by={by!r}", near(by, metric.grains), "Ask by a grain that the metric has.")
    if audience not in AUDIENCES:
        raise DefinitionFault(place, f"audience={audience!r}", near(audience, AUDIENCES), "Name one of them.")
    split = (split,) if isinstance(split, str) else tuple(dict.fromkeys(split))
    chosen = tuple(sorted((where or {}).items()))
    for dimension in (*split, *(key for key, _ in chosen)):
        if dimension not in metric.dimensions:
            found, known = f'"{dimension}" is no dimension of it', metric.dimensions
            if not known:
                raise DefinitionFault(place, found, "a question without a dimension: it has none", "Leave it out.")
            raise DefinitionFault(place, found, near(dimension, known), "Use one.")
    marts = {name: catalog.marts()[name] for name in metric.sources}
    then = day(as_of, place)
    if then is not None and (by == "total" or len(split) + len(chosen) > 1):
        found = "as_of with a total" if by == "total" else "as_of with more than one dimension"
        raise DefinitionFault(place, found, "closed periods of one dimension at most", "Nothing else is remembered.")
    return Question(metric, marts, by, split, chosen, day(start, place), day(end, place), audience, then)


def metric_of(name: str) -> Metric:
    """The metric by its id; DefinitionFault with the nearest ones where there is none."""
    known = catalog.definitions()
    if name not in known:
        nearest = difflib.get_close_matches(str(name), list(known), n=NEAREST, cutoff=0.4)
        wanted = f"the id of one of {len(known)} metrics" + (f"; the nearest: {', '.join(nearest)}" if nearest else "")
        raise DefinitionFault(f"ask({name!r})", "there is no such metric", wanted, ALL_METRICS)
    return known[name]


def near(word: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    """What there is, in words, and which of it is nearest to a word that there is not."""
    nearest = difflib.get_close_matches(str(word), list(known), n=1)
    return f"one of {', '.join(known)}" + (f'; did you mean "{nearest[0]}"?' if nearest else "")


def day(value: date | str | None, place: str) -> date | None:
    """A day given as such or as ISO text."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise DefinitionFault(place, f'"{value}" is no day', "a day such as 2026-11-15", "Write it so.") from error
