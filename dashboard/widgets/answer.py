"""Shows one answer: its chart with words, how to read it, the same figures as a table, and as a file.

Chart, table and file are made of the same figures; what is withheld in one is withheld in all.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st
from markupsafe import Markup

from dashboard.charts import words
from dashboard.charts.chart import Annotation, Chart
from dashboard.charts.compose import bars, series
from dashboard.charts.file_cell import harmless
from dashboard.charts.screen import PLOTLY_CONFIG, interactive
from dashboard.widgets import cards, door, names, signal
from dashboard.widgets.door import remembered
from dashboard.widgets.language import _
from dashboard.widgets.number import number
from dashboard.widgets.table import draw, markup
from metrics.answer import Figure, Released

ROWS_DRAWN: Final = 400


def over_time(
    answer: Released, target: float | None = None, annotations: Sequence[Annotation] = (), key: str = "course"
) -> None:
    """The answer as a control chart, its signal in words above it, with table and file.

    Of an answer with groups every group is one, as small multiples. key: tells two answers of one metric on a page
    apart.
    """
    _only(answer)
    if answer.split:
        cards.groups(answer)
    else:
        draw(signal.told(answer, target))
        _chart(_series(answer, target, tuple(annotations)), answer, key)
    figures(answer, key)


def by_group(answer: Released, key: str = "groups") -> None:
    """The newest period of the answer as bars, with table and file."""
    _only(answer)
    _chart(_bars(answer), answer, key)
    figures(answer, key)


def whole_page(answer: Released) -> None:
    """A link to the metric's own page, narrowed as the answer is."""
    asked = {"metric": answer.metric.id, **dict(answer.where)}
    if answer.by != "total":
        asked["by"] = answer.by
    label = _("answer-whole-page", title=names.plain(answer.metric.title))
    st.page_link("pages/metric.py", label=label, query_params=asked)


def figures(answer: Released, key: str) -> None:
    """The figures behind a chart: an accessible table to open, and exactly its rows as CSV."""
    with st.expander(_("answer-table")):
        draw(figure_table(answer))
    st.download_button(
        _("answer-download"),
        file_bytes(answer),
        file_name=f"{answer.metric.id}-{answer.by}-{answer.build}.csv",
        mime="text/csv",
        key=f"download-{key}-{answer.metric.id}",
        on_click="ignore",
    )


@remembered
def figure_table(answer: Released) -> Markup:
    """Every figure of the answer, newest first: period, groups, value or why there is none, interval, size.

    Each value leads to its receipt.
    """
    columns = [_("column-period"), *map(names.dimension, answer.split), _("column-value")]
    columns += [_("column-interval"), _("column-rests-on")]
    newest = sorted(answer.figures, key=lambda one: one.start, reverse=True)
    rows = [_row(one, answer) for one in newest[:ROWS_DRAWN]]
    caption = _("answer-caption", title=answer.metric.title, more=_narrowed(answer))
    drawn = markup(caption, columns, rows, empty=_("answer-empty"))
    if len(newest) > ROWS_DRAWN:
        drawn += Markup("<p>{}</p>").format(_("answer-more", count=len(newest) - ROWS_DRAWN))
    return drawn


@remembered
def file_bytes(answer: Released) -> bytes:
    """The same figures as CSV: numbers unrounded as they were released, and how they are shown."""
    out = io.StringIO()
    told = csv.writer(out, lineterminator="\n")
    kept = ["value", "low", "high", "n", "state", "error"]
    frame = answer.frame()
    told.writerow(
        ["metric", "period", "start", "end", *answer.split, *kept, "shown", "only", "audience", "build", "receipt"]
    )
    only = " ".join(f"{name}={value}" for name, value in answer.where)
    for row, one in zip(frame.to_dict("records"), answer.figures, strict=True):
        cells = [row["metric"], row["period"], one.start.isoformat(), one.end.isoformat(), *one.group]
        cells += [_number(row[name]) for name in kept]
        cells += [words.figure(one, answer), only, answer.audience, answer.build, answer.receipt(one)]
        told.writerow([harmless(str(cell)) for cell in cells])
    return out.getvalue().encode("utf-8-sig")  # with a mark, so that spreadsheets read it as UTF-8


def rests_on(one: Figure) -> str:
    return words.number(one.n, "count") if one.n is not None else "–"


def _only(answer: Released) -> None:
    if answer.where:
        draw(Markup('<p class="up-only">{}</p>').format(_("answer-only", chosen=names.chosen(dict(answer.where)))))


def _chart(chart: Chart, answer: Released, key: str) -> None:
    st.plotly_chart(_drawn(chart), theme=None, config=PLOTLY_CONFIG, alt=chart.alt, key=f"{key}-{answer.metric.id}")
    draw(notes(chart))


def notes(chart: Chart) -> Markup:
    """How to read a chart, as a list."""
    return signal.listed(chart.notes)


@st.cache_resource(show_spinner=False, max_entries=100, hash_funcs={Chart: repr})
def _drawn(chart: Chart) -> Any:
    return interactive(chart)  # a resource, not data: nobody changes it, and copying it takes longer than drawing


@remembered
def _series(answer: Released, target: float | None, annotations: tuple[Annotation, ...]) -> Chart:
    return series(answer, target, annotations, course=door.course(answer, target))


@remembered
def _bars(answer: Released) -> Chart:
    return bars(answer)


def _row(one: Figure, answer: Released) -> list[str]:
    groups = [names.member(name, value) for name, value in zip(answer.split, one.group, strict=True)]
    spread = words.interval(one, answer.metric.unit) or "–"
    return [words.period(one, answer.by), *groups, number(one, answer), spread, rests_on(one)]


def _narrowed(answer: Released) -> str:
    told = names.chosen(dict(answer.where))
    return f" ({told})" if told else ""


def _number(value: object) -> str:
    """A missing number stays an empty cell; the state beside it says why."""
    return "" if value is None or str(value) == "<NA>" else str(value)
