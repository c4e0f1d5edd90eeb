"""Where figures that should agree do not: what others published, what its parts or our own count make of it."""

from datetime import datetime
from typing import Final

from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import names
from dashboard.widgets.language import _
from dashboard.widgets.table import markup
from metrics.answer import Listing

MONTHS_DRAWN: Final = 60


def compared(listing: Listing) -> Markup:
    """What is compared with what, over which months, and how many of them differ."""
    rows = [
        (
            names.member("measure", row["measure"]),
            names.member("measure", row["compared_with"]),
            _month(row["first_at"]),
            _month(row["last_at"]),
            words.number(row["month_count"], "count"),
            words.number(row["differing_count"], "count"),
            words.number(row["largest_difference"], "count"),
        )
        for row in listing.rows
    ]
    columns = [_("column-measure"), _("column-compared-with"), _("column-first-month"), _("column-last-month")]
    columns += [_("column-months"), _("column-differing"), _("column-largest")]
    return markup(_("agreement-caption"), columns, rows, empty=_("agreement-empty"), numbers=(4, 5, 6))


def differences(listing: Listing) -> Markup:
    """The months that differ, newest first, with whether they may still move."""
    rows = [
        (
            _month(row["month_at"]),
            names.member("measure", row["measure"]),
            names.member("measure", row["compared_with"]),
            words.number(row["theirs"], "count"),
            words.number(row["ours"], "count"),
            words.number(row["difference"], "count"),
            _(f"agreement-{row['state']}"),
        )
        for row in listing.rows[:MONTHS_DRAWN]
    ]
    columns = [_("column-month"), _("column-measure"), _("column-compared-with"), _("column-theirs"), _("column-ours")]
    columns += [_("column-difference"), _("column-state")]
    drawn = markup(_("differences-caption"), columns, rows, empty=_("differences-empty"), numbers=(3, 4, 5))
    left = len(listing.rows) - MONTHS_DRAWN
    return drawn + Markup("<p>{}</p>").format(_("differences-more", count=left)) if left > 0 else drawn


def _month(first: datetime) -> str:
    return f"{first:%Y-%m}"
