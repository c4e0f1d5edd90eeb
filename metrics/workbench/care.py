"""What definitions need from somebody: a review, words, a build, a reference, a use.

It reads definitions, what names them, and what the build in force says of them; it changes nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from data_contracts.faults import NoBuild
from etl.warehouse import connect
from metrics import catalog
from metrics.semantic.model import Mart, Metric
from metrics.workbench import questions

ROOT = catalog.HERE.parents[1]
READERS = ("dashboard/pages", "dashboard/widgets", "dashboard/charts", "dashboard/reports", "notebooks")
WRITTEN = (".py", ".ipynb", ".j2", ".typ")
PLANNED = ("measures", "evaluations", "phases")  # listings of the plan that name metrics
# Feeds of what anybody can count, or of what is published: of these others tell figures, too.
PUBLIC_FEEDS = {
    "mediawiki_logging", "mediawiki_api", "mediawiki_stream", "mediawiki_history", "aqs_editors", "movement_metrics",
    "transparency", "comment_scores",
}  # fmt: skip


@dataclass(frozen=True)
class Care:
    """What was found, by id. overdue: with the day of the review. unanswered: with the keys that still ask.

    changed: since the build in force, or new; None where there is no build. without_reference: live metrics of what
    others count as well, but of which no published figure is named. unused: live metrics that nothing names, and of
    whose group no page shows all. unread: live counts of reports that do not say what they are read with.
    """

    metrics: int
    overdue: tuple[tuple[str, date], ...]
    unanswered: tuple[tuple[str, tuple[str, ...]], ...]
    changed: tuple[str, ...] | None
    without_reference: tuple[str, ...]
    unused: tuple[str, ...]
    unread: tuple[str, ...] = ()

    @property
    def is_urgent(self) -> bool:
        """Whether somebody has to act: figures are asked for that nobody stands for, or that there are not."""
        return bool(self.overdue or self.unanswered or self.changed)


def look_over(definitions: Mapping[str, Metric], today: date) -> Care:
    """Every definition; the build in force is read where there is one."""
    live = {name: one for name, one in definitions.items() if one.status == "live"}
    named = used(live) | of_shown_groups(live)
    asking = ((name, questions.unanswered(one)) for name, one in definitions.items())
    return Care(
        metrics=len(definitions),
        overdue=overdue(definitions, today),
        unanswered=tuple((name, keys) for name, keys in asking if keys),
        changed=_changed(definitions),
        without_reference=tuple(name for name, one in live.items() if wants_reference(one, catalog.marts())),
        unused=tuple(name for name in live if name not in named),
        unread=tuple(name for name, one in live.items() if one.counts_reports and one.read_with is None),
    )


def overdue(definitions: Mapping[str, Metric], today: date) -> tuple[tuple[str, date], ...]:
    """The metrics whose review is over its day, with that day."""
    return tuple((one.id, one.review_again_by) for one in definitions.values() if one.review_again_by < today)


def wants_reference(metric: Metric, marts: Mapping[str, Mart]) -> bool:
    """Whether others count the same, so that a published figure could be named, and none is."""
    return not metric.published and all(not PUBLIC_FEEDS.isdisjoint(marts[one].feeds) for one in metric.sources)


def used(names: Iterable[str]) -> set[str]:
    """Those that a page, report or notebook names in quotes, or that the plan in force measures or judges by.

    Pages that show whatever there is, such as the catalogue, are no use of any one metric.
    """
    planned = _planned()
    return {name for name in names if name in planned or re.search(rf"[\"'\\]{name}[\"'\\]", _texts(ROOT))}


def of_shown_groups(known: Mapping[str, Metric]) -> set[str]:
    """Those in a group of which a page shows every metric. What no group was made for is shown by none on purpose."""
    shown = set(re.findall(r"\brest\.show\(\s*[\"'](\w+)[\"']", _texts(ROOT)))
    return {name for name, one in known.items() if catalog.has_group(one) and catalog.group(one) in shown}


@cache
def _texts(root: Path) -> str:
    files = (path for folder in READERS for path in sorted((root / folder).rglob("*")) if path.suffix in WRITTEN)
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _planned() -> set[str]:
    from metrics import query  # the door is heavy, and `upstander check` asks for overdue reviews only

    try:
        return {str(row["metric"]) for name in PLANNED for row in query.listing(name).rows}
    except NoBuild:
        return set()


def _changed(definitions: Mapping[str, Metric]) -> tuple[str, ...] | None:
    try:
        with connect.reader().cursor() as cursor:
            built = dict(cursor.execute("SELECT metric, digest FROM meta_metric").fetchall())
    except NoBuild:
        return None
    return tuple(name for name, one in definitions.items() if built.get(name) != catalog.digest(one))
