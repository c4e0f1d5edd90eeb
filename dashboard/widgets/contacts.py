"""The people whom the program knows in communities: how many, and with how many it spoke lately, group by group."""

from dashboard.charts import words
from dashboard.widgets import choices, door, names
from dashboard.widgets.answer import whole_page
from dashboard.widgets.language import _
from dashboard.widgets.number import number
from dashboard.widgets.table import draw, markup
from metrics import query
from metrics.answer import Figure, Released

METRICS = ("contacts_active", "contacts_reached_90d_share")
DIMENSIONS = ("community", "language", "role")


def show() -> None:
    """All of them first, then the same by community, language or role: as the books are now, so without a course."""
    dimension = choices.switch("split", _("choose-split"), DIMENSIONS, names.dimension)
    totals = [door.ask(name, by="total") for name in METRICS]
    groups = [door.ask(name, by="total", split=[dimension]) for name in METRICS]
    rows = [
        (names.member(_like(dimension), group[0]), *(_told(answer, _of(answer, group)) for answer in groups))
        for group in dict.fromkeys(group for answer in groups for group in answer.groups())
    ]
    everybody = [_told(answer, _of(answer, ())) for answer in totals]
    titles = [query.definitions()[name].title for name in METRICS]
    drawn = [(_("choose-all"), *everybody), *rows] if rows else []
    columns = [names.dimension(dimension), *titles]
    draw(markup(_("contacts-caption"), columns, drawn, empty=_("contacts-empty"), numbers=(1, 2)))
    for answer in totals:
        whole_page(answer)


def _of(answer: Released, group: tuple[str, ...]) -> Figure | None:
    return next((one for one in answer.figures if one.group == group), None)


def _told(answer: Released, one: Figure | None) -> str:
    return number(one, answer) if one is not None else words.absent("no_data")


def _like(dimension: str) -> str:
    """A community that is one of the program's wikis is called as the wiki is."""
    return "wiki" if dimension == "community" else dimension
