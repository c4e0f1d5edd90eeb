"""Projects and their milestones on one time axis, drawn once per build, with the projects as a table."""

from markupsafe import Markup

from dashboard.charts import words
from dashboard.charts.paper import svg
from dashboard.charts.timeline import timeline
from dashboard.widgets import door, names, plan
from dashboard.widgets.answer import notes
from dashboard.widgets.language import _
from dashboard.widgets.table import draw, markup
from metrics.answer import Listing


def show(projects: Listing, milestones: Listing) -> None:
    draw(_drawing(projects, milestones))
    draw(_table(projects))


@door.remembered
def _drawing(projects: Listing, milestones: Listing) -> Markup:
    """The timeline as SVG in a box of its own that scrolls where the screen is narrow."""
    chart = timeline(milestones, projects, plan.today(), _("timeline-title"))
    box = Markup('<div class="up-drawing" role="region" aria-label="{}" tabindex="0">{}</div>{}')
    return box.format(_("timeline-title"), Markup(svg(chart, width=760, name="timeline")), notes(chart))


def _table(projects: Listing) -> Markup:
    rows = [
        (
            one["title"],
            words.progress_state(one["state"]),
            _(f"pillar-{one['pillar']}"),
            names.role(one["owner"]),
            plan.told_day(one["starts_at"]),
            plan.told_day(one["ends_at"]),
        )
        for one in projects.rows
    ]
    columns = [_("column-project"), _("column-state"), _("column-pillar"), _("column-owner"), _("column-start")]
    columns.append(_("column-end"))
    return markup(_("projects-caption"), columns, rows, empty=_("projects-empty"), stacked=True)
