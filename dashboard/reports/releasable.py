"""Whether a build is good enough for a report: no rule of severity error is broken, and no feed is missing.

It asks only where numbers come from, and writes nothing.
"""

from collections.abc import Iterable

from dashboard.charts import words
from data_contracts.faults import NotReleasable
from metrics import query
from metrics.answer import Build, Listing
from metrics.semantic.model import Metric


def refuse_broken(checks: Listing, built: Build) -> None:
    """NotReleasable where the build broke a rule of severity error."""
    broken = [row for row in checks.rows if not row["passed"] and row["severity"] == "error"]
    if broken:
        told = "; ".join(f"{row['table_name']}: {row['rule']}" for row in broken)
        raise NotReleasable(
            f"build {built.id}",
            f"{words.count(len(broken), 'rule')} broken: {told}",
            "every rule of severity error kept",
            "Mend the data or the rule, and build again.",
        )


def refuse_missing(metrics: Iterable[Metric], files: Listing, built: Build) -> None:
    """NotReleasable where what the metrics rest on has no rows: it would look as if nothing had happened.

    Of several feeds that tell of the same thing a program needs one; none that it has may be empty.
    """
    there = {row["feed"] for row in files.rows if row["rows"]}
    empty = {row["feed"] for row in files.rows} - there
    missing = set[str]()
    for one in metrics:
        sources = set(query.explain(one.id).sources)
        missing |= sources & empty if sources & there else sources
    if missing:
        raise NotReleasable(
            f"build {built.id}",
            f"it has nothing of {words.listed(sorted(missing))}, which measures of the plan rest on",
            "data of every feed that the plan's measures need",
            "Bring the feed's files, or take those measures out of the plan, and build again.",
        )
