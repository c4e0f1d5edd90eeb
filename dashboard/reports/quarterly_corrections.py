"""Numbers of earlier quarters that were first published otherwise, and why they changed. It asks nothing.

Only measures of the whole program, and only quarters whose number the report shows: what it withholds was not corrected
in public either.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dashboard.reports.community_text import Block, Grid, Heading, Name, Paragraph, as_it_stands, say
from dashboard.reports.quarterly_content import Correction
from dashboard.reports.quarterly_figures import cell
from dashboard.reports.quarterly_measures import Measure
from metrics.restated import Restatement

WHY: Final[Mapping[str, str]] = {
    "definition": "We count it in another way.",
    "key": "We counted people anew.",
    "correction": "We corrected mistakes in the data.",
    "settings": "We corrected the settings of the program.",
    "data": "Some data came late.",
    "software": "We corrected how it is computed.",
}


def corrections(measures: Iterable[Measure], restated: Iterable[Restatement]) -> tuple[Correction, ...]:
    """What the report shows and was first published otherwise, in the order of the measures.

    restated: of whole quarters, as the public may see them.
    """
    by_period: dict[tuple[str, object], list[Restatement]] = {}
    for one in sorted(restated, key=lambda each: each.after.build):
        by_period.setdefault((one.metric.id, one.after.figure.start), []).append(one)
    return tuple(
        Correction(measure, found[0].before.figure, now, str(found[-1].after.cause))
        for measure in measures
        if not measure.released.where
        for now in measure.released.figures
        if (found := by_period.get((measure.released.metric.id, now.start), []))
        if now.value is not None and found[0].before.figure.shown and found[0].before.figure.value != now.value
    )


def section(found: tuple[Correction, ...]) -> Iterator[Block]:
    """The table of corrections; nothing where there are none."""
    if not found:
        return
    yield Heading(2, say("Corrections"))
    yield Paragraph(say("These numbers were different when they were first published."))
    rows = tuple(
        (
            as_it_stands(one.measure.standing.title),
            Name(one.now.label.replace("Q", " Q")),
            cell(one.first, one.measure.released.metric),
            cell(one.now, one.measure.released.metric),
            say(WHY.get(one.cause, WHY["data"])),
        )
        for one in found
    )
    columns = (say("Measure"), say("Quarter"), say("As first published"), say("Now"), say("Why"))
    yield Grid(say("Numbers that we corrected"), columns, rows, (32, 10, 14, 14, 30), (2, 3))
