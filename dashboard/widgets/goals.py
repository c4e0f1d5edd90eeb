"""The table of goals: every measure with status, newest settled value, target, change and course."""

from collections import Counter
from collections.abc import Iterator

from markupsafe import Markup

from dashboard.charts import words
from dashboard.charts.sparkline import sparkline
from dashboard.widgets import door, names
from dashboard.widgets.language import _
from dashboard.widgets.table import Group, Row, link, markup
from metrics.progress import Progress, Status

ORDER: tuple[Status, ...] = ("missed", "unclear", "met", "no_value", "no_target")


def summary(found: tuple[Progress, ...]) -> str:
    """How many measures have which status, the worst first: "▲ Off target: 2 · ● On target: 3"."""
    counted = Counter(words.judged(one) for one in found)
    return " · ".join(f"{words.status(status)}: {counted[status]}" for status in ORDER if counted[status])


def moved(found: tuple[Progress, ...]) -> str:
    """What clearly changed since the period before, for better or worse; what may be chance is left out."""
    told: dict[str, list[str]] = {"better": [], "worse": [], "rose": [], "fell": []}
    for one in found:
        if one.change_is_clear:
            size = words.change(one.change, one.released.metric.unit)
            told[words.judgement(one)].append(f"{one.title} ({size})")
    parts = [_(f"moved-{word}", titles=words.listed(titles)) for word, titles in told.items() if titles]
    return " ".join(parts) or _("moved-none")


@door.remembered
def table(found: tuple[Progress, ...]) -> Markup:
    """All measures, goal by goal, in the plan's order."""
    columns = [_("column-measure"), _("column-status"), _("column-last"), _("column-target"), _("column-change")]
    columns.append(_("column-course"))
    return markup(_("goals-caption"), columns, _rows(found), empty=_("goals-empty"), stacked=True)


def _rows(found: tuple[Progress, ...]) -> Iterator[Row | Group]:
    goal = ""
    for one in found:
        if one.goal != goal:
            goal = one.goal
            yield Group(_("goals-goal", title=one.goal_title, owner=names.role(one.owner)))
        yield (
            link(one.title, "metric", metric=one.released.metric.id, by=one.released.by, **dict(one.released.where)),
            _status(words.judged(one)),
            _last(one),
            words.target(one),
            words.movement(one),
            Markup(sparkline(one.released)),
        )


def _status(status: Status) -> Markup:
    told = Markup('<span class="up-status up-{}"><span aria-hidden="true">{}</span> {}</span>')
    return told.format(status, words.STATUS_SYMBOLS[status], words.STATUS_WORDS[status])


def _last(one: Progress) -> Markup | str:
    if one.last is None:
        newest = one.released.figures[-1] if one.released.figures else None
        return words.figure(newest, one.released) if newest else _("answer-empty")
    period = words.short_period(one.last, one.released.by)
    return Markup("<strong>{}</strong> <small>{}</small>").format(words.figure(one.last, one.released), period)
