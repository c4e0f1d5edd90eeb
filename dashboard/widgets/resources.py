"""The people and the money of the plan: places filled by role, and money used by line."""

from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import cards, door, names, plan
from dashboard.widgets.language import _
from dashboard.widgets.number import number
from dashboard.widgets.table import draw, link, markup
from metrics.answer import Listing, Released


def show() -> None:
    cards.cards(("staffing_filled_share", "budget_used_share"), "month", {})
    draw(_people(door.listing("staffing")))
    draw(_money(door.ask("budget_used_share", by="fiscal_year", split=["line"])))


def _people(staffing: Listing) -> Markup:
    """Planned and filled people by role on the newest day."""
    rows = [
        (
            names.role(one["role"]),
            words.number(one["planned_people"], "people"),
            words.number(one["filled_people"], "people"),
            _("staffing-full") if one["filled_people"] >= one["planned_people"] else _("staffing-short"),
        )
        for one in staffing.rows
    ]
    on = plan.told_day(staffing.rows[0]["day_at"]) if staffing.rows else ""
    columns = [_("column-role"), _("column-planned"), _("column-filled"), _("column-state")]
    return markup(_("staffing-caption", day=on), columns, rows, empty=_("staffing-empty"), numbers=(1, 2))


def _money(answer: Released) -> Markup:
    """Spent against planned of the newest fiscal year, over the months that are booked."""
    newest = max((one.start for one in answer.figures if one.shown), default=None)
    kept = [one for one in answer.figures if one.start == newest]
    rows = [
        (
            link(names.role(one.group[0]), "metric", metric=answer.metric.id, line=one.group[0]),
            words.number(one.denominator, "money") if one.denominator is not None else "–",
            words.number(one.numerator, "money") if one.numerator is not None else "–",
            number(one, answer),
        )
        for one in kept
    ]
    period = words.period(kept[0], answer.by) if kept else ""
    columns = [_("column-line"), _("column-planned"), _("column-spent"), _("column-used")]
    return markup(_("budget-caption", period=period), columns, rows, empty=_("budget-empty"), numbers=(1, 2, 3))
