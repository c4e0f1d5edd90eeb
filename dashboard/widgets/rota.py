"""The rota in the days to come: where nobody is on call, first, and how much of the wanted hours is covered by role.

It reads records and draws tables; times are UTC, as everywhere.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import cards, door, names
from dashboard.widgets.language import _
from dashboard.widgets.table import draw, link, markup
from metrics.answer import Listing

METRICS = ("rota_coverage_share", "rota_gap_hours")


def show() -> None:
    """Gaps first, then all roles, then how it was."""
    planned = door.listing("rota_ahead")
    draw(gaps(door.listing("rota_gaps"), is_planned=bool(planned.rows)))
    draw(ahead(planned))
    cards.cards(METRICS, "week", {})


def gaps(listing: Listing, is_planned: bool) -> Markup:
    """Every time to come in which somebody is wanted and nobody is on call, the next one first.

    is_planned: there is a rota of the days to come; without one no gap is known, which is not the same as no gap.
    """
    rows = [
        (names.role(one["role"]), moment(one["starts_at"]), moment(one["ends_at"]), _hours(one["gap_hours"]))
        for one in listing.rows
    ]
    columns = [_("column-role"), _("column-from"), _("column-until"), _("column-hours")]
    empty = _("rota-gaps-empty") if is_planned else _("rota-ahead-empty")
    return markup(_("rota-gaps-caption"), columns, rows, empty=empty, numbers=(3,))


def ahead(listing: Listing) -> Markup:
    """By role: hours in which somebody is wanted, and those that are covered."""
    rows = [
        (
            link(names.role(one["role"]), "metric", metric=METRICS[0], role=one["role"]),
            _hours(one["wanted_hours"]),
            _hours(one["covered_hours"]),
            _share(one),
            _("rota-covered") if one["gap_hours"] == 0 else _("rota-open", size=_hours(one["gap_hours"])),
        )
        for one in listing.rows
    ]
    last = max((one["last_hour_at"] for one in listing.rows), default=None)
    until = words.day(last.date()) if last else "–"
    columns = [_("column-role"), _("column-wanted"), _("column-covered"), _("column-share"), _("column-state")]
    return markup(_("rota-ahead-caption", day=until), columns, rows, empty=_("rota-ahead-empty"), numbers=(1, 2, 3))


def told(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """One sentence per role with a gap to come: how long in all, and from when."""
    by_role: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_role.setdefault(row["role"], []).append(row)
    for role, several in by_role.items():
        size = _hours(sum(one["gap_hours"] for one in several))
        yield _("attention-rota-gap", role=names.role(role), size=size, moment=moment(several[0]["starts_at"]))


def moment(at: datetime) -> str:
    """A time in words that stay on one line: "Fri 20 Nov, 21:00"."""
    told: str = format_datetime(at, "EEE d MMM, HH:mm", locale=words.LOCALE)
    return told.replace(" ", words.NBSP)


def _hours(value: float) -> str:
    return words.number(value, "hours")


def _share(row: Mapping[str, Any]) -> str:
    return words.number(row["covered_hours"] / row["wanted_hours"], "share") if row["wanted_hours"] else "–"
