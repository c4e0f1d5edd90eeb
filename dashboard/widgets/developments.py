"""What happened lately, in the program's own words, for this reader. Texts stay text, whatever looks like markup."""

from datetime import timedelta
from typing import Final

from markupsafe import Markup

from dashboard.widgets import door, plan
from dashboard.widgets.language import _
from dashboard.widgets.table import draw, markup

LATELY: Final = timedelta(days=14)


def show() -> None:
    """The items of the build's last two weeks, newest first."""
    since = plan.today() - LATELY
    rows = [
        (plan.told_day(one["happened_at"]), what(one), source(one["source"]))
        for one in door.listing("developments").rows
        if (day := plan.day(one["happened_at"])) is not None and day > since
    ]
    columns = [_("column-day"), _("column-what"), _("column-source")]
    draw(markup(_("developments-caption"), columns, rows, empty=_("developments-empty"), stacked=True))


def what(row: plan.Record) -> Markup:
    title = Markup("<strong>{}</strong>").format(row["title"])
    return title + Markup("<br>{}").format(row["text"]) if row["text"] else title


def source(told: str) -> Markup | str:
    """A web address leads there; anything else is only said."""
    if not told.casefold().startswith(("https://", "http://")):
        return told
    return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(told, told)
