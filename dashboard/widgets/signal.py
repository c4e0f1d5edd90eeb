"""What the course of an answer says, with its symbols, as HTML: whether it changed, and whether the target will be met.

The words are the chart room's; symbol and colour repeat them and are hidden from those who have them read out.
"""

from collections.abc import Iterable
from typing import Final

from markupsafe import Markup

from dashboard.charts import signals
from dashboard.charts.signals import Sign
from dashboard.widgets import door
from metrics.answer import Released
from metrics.course import Course

_SIGN: Final = Markup('<p class="up-sign"><span class="up-{}" aria-hidden="true">{}</span> {}</p>')


@door.remembered
def told(answer: Released, target: float | None) -> Markup:
    """In sentences: since when it is better or worse and by what rule, and what that means for the target."""
    course = door.course(answer, target)
    return _signs(course, signals.sentence(course), signals.outlook(course))


def brief(course: Course) -> Markup:
    """The same in few words, for a card."""
    words = signals.brief(course).removeprefix(f"{signals.variation(course).symbol} ")
    assurance = signals.assurance(course)
    return _signs(course, words, assurance.words if assurance is not None else "")


def listed(notes: Iterable[str]) -> Markup:
    """How to read a chart, as a list."""
    items = Markup("").join(Markup("<li>{}</li>").format(note) for note in notes)
    return Markup('<ul class="up-notes">{}</ul>').format(items) if items else Markup("")


def _signs(course: Course, variation: str, assurance: str) -> Markup:
    signs: list[tuple[Sign | None, str]] = [
        (signals.variation(course), variation),
        (signals.assurance(course), assurance),
    ]
    drawn = [_SIGN.format(sign.tone, sign.symbol, words) for sign, words in signs if sign is not None and words]
    return Markup("").join(drawn)
