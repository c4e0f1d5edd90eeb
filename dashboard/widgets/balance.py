"""Stock and flow of the help desk: what came, what was closed, what is left, period by period."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import door
from dashboard.widgets.cards import newest
from dashboard.widgets.language import _
from dashboard.widgets.number import number
from dashboard.widgets.table import draw, markup
from metrics import query
from metrics.answer import Figure, Released
from metrics.semantic.model import Grain

METRICS: Final = ("cases_opened", "cases_reopened", "cases_closed", "cases_open")


def table(by: Grain, chosen: Mapping[str, str]) -> None:
    """One row per period, newest first: open before, plus opened and reopened, minus closed, is open at its end."""
    answers = {name: newest(door.ask(name, by=by, where=chosen)) for name in METRICS}
    by_start = {name: {one.start: one for one in answer.figures} for name, answer in answers.items()}
    first = answers["cases_open"]
    rows = [
        (words.period(one, by), *(_cell(by_start[name].get(one.start), answers[name]) for name in METRICS))
        for one in reversed(first.figures)
    ]
    titles = [query.definitions()[name].title for name in METRICS]
    columns = [_("column-period"), *titles]
    draw(markup(_("balance-caption"), columns, rows, empty=_("answer-empty"), numbers=(1, 2, 3, 4)))
    draw(Markup('<p class="up-note">{}</p>').format(_("beside-cannot-tell")))


def _cell(one: Figure | None, answer: Released) -> str:
    return number(one, answer) if one is not None else words.absent("no_data")
