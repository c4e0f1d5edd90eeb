"""The table of goals: every measure with status, newest settled value, target, what its course says, and the course."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from dashboard.charts import headline as headlines
from dashboard.charts import signals, words
from dashboard.charts.signals import Sign
from dashboard.charts.sparkline import sparkline
from dashboard.widgets import door, names
from dashboard.widgets.language import _
from dashboard.widgets.number import number
from dashboard.widgets.table import Group, Row, link, markup
from metrics.progress import Progress, Status

WEEK: Final = timedelta(days=7)
ORDER: tuple[Status, ...] = ("missed", "unclear", "met", "no_value", "no_target")


def summary(found: tuple[Progress, ...]) -> str:
    """How many measures have which status, the worst first: "▲ Off target: 2 · ● On target: 3"."""
    counted = Counter(words.judged(one) for one in found)
    return " · ".join(f"{words.status(status)}: {counted[status]}" for status in ORDER if counted[status])


def headline(found: tuple[Progress, ...]) -> str:
    """What changed beyond chance: what is new in the build's last week, then what lasts; or that nothing is new."""
    return headlines.headline(found, week_start())


def week_start() -> date:
    """The first day of the build's last seven: what was settled since is new."""
    return door.build().as_of.date() - WEEK


@door.remembered
def table(found: tuple[Progress, ...]) -> Markup:
    """All measures, goal by goal, in the plan's order."""
    columns = [_("column-measure"), _("column-status"), _("column-last"), _("column-target"), _("column-signal")]
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
            _signal(one),
            Markup(sparkline(one.released, course=one.course)),
        )


def _status(status: Status) -> Markup:
    told = Markup('<span class="up-status up-{}"><span aria-hidden="true">{}</span> {}</span>')
    return told.format(status, words.STATUS_SYMBOLS[status], words.STATUS_WORDS[status])


def _last(one: Progress) -> Markup | str:
    if one.last is None:
        newest = one.released.figures[-1] if one.released.figures else None
        return number(newest, one.released) if newest else _("answer-empty")
    period = words.short_period(one.last, one.released.by)
    return Markup("<strong>{}</strong> <small>{}</small>").format(number(one.last, one.released), period)


def _signal(one: Progress) -> Markup:
    """Whether it changed, since when and by which rule; and whether the target will be met if nothing changes."""
    told = _sign(replace(signals.variation(one.course), words=signals.sentence(one.course)))
    ahead = signals.assurance(one.course)
    return told + Markup('<div class="up-note">{}</div>').format(_sign(ahead)) if ahead else told


def _sign(sign: Sign) -> Markup:
    told = Markup('<span class="up-{}"><span aria-hidden="true">{}</span> {}</span>')
    return told.format(sign.tone, sign.symbol, sign.words)
