"""What the quarterly report asks for: the measures of the plan by quarter, and counts by wiki or language and month.

It writes nothing and decides no word. Every figure is for the public.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from metrics import progress, query
from metrics.answer import Figure, Released, ReleasedTable
from metrics.calendar import Period, Rules
from metrics.progress import Progress
from metrics.withhold import withheld

AUDIENCE: Final = "public"
QUARTERS: Final = 8  # two years: the same season twice
INTERNAL: Final = frozenset({"mart_budget_month", "mart_staffing_day", "mart_risk", "mart_escalation", "mart_decision"})

Tables = Mapping[str, ReleasedTable]


@dataclass(frozen=True)
class Counted:
    """A count that is shown as a table. marts: figures of these rest on much the same rows, and could tell of it."""

    metric: str
    split: str
    marts: frozenset[str]


TABLES: Final = (
    Counted("blocks_set", "wiki", frozenset({"mart_block", "mart_block_end"})),
    Counted("new_accounts", "wiki", frozenset({"mart_account"})),
    Counted("thanks_given", "wiki", frozenset({"mart_thanks"})),
    Counted("cases_opened", "language", frozenset({"mart_case", "mart_case_spell"})),
)


@dataclass(frozen=True)
class Measure:
    """One measure of a goal, by quarter. standing: how the last settled quarter stands, which may be an earlier one.

    released: its figures of up to eight quarters, oldest first, the last of them that of the report.
    """

    standing: Progress
    quarter: Period

    @property
    def released(self) -> Released:
        return self.standing.released

    @property
    def now(self) -> Figure | None:
        """The figure of the report's quarter; None where the data begin later."""
        return next((one for one in self.released.figures if one.start == self.quarter.start), None)

    @property
    def before(self) -> Figure | None:
        """The settled figure that this quarter's is compared with; without one of this quarter, the last there is."""
        return self.standing.previous if self.is_settled else self.standing.last

    @property
    def is_settled(self) -> bool:
        """Whether this quarter's figure is final: only then it is held against the target and the quarter before."""
        return self.standing.last is not None and self.standing.last == self.now


def tables(quarter: Period) -> Tables:
    """The counts of a quarter by month, with totals: every count of the report is one of these, and no other."""
    days: dict[str, Any] = {"start": quarter.start, "end": quarter.end}
    found = [query.table(one.metric, by="month", split=one.split, audience=AUDIENCE, **days) for one in TABLES]
    return {table.metric.id: table for table in found if table.figures}


def measures(quarter: Period, by_quarter: Mapping[str, Tables], rules: Rules) -> tuple[Measure, ...]:
    """The measures of the plan's goals in its order, without those of money, places and what leaders must decide.

    by_quarter: the tables of each quarter by its label.
    """
    targets = query.listing("targets").rows
    found = []
    for row in query.listing("measures").rows:
        if query.definitions()[row["metric"]].source in INTERNAL:
            continue
        asked = query.ask(row["metric"], by="quarter", where=progress.where_of(row), end=quarter.end, audience=AUDIENCE)
        recent = replace(asked, figures=_consistent(asked, by_quarter)[-QUARTERS:])
        aimed = [one for one in targets if (one["goal"], one["measure"]) == (row["goal"], row["measure"])]
        comparable = row["grain"] == "quarter" or asked.metric.kind not in ("count", "sum", "distinct")
        standing = progress.assess(row, recent, aimed if comparable else [], rules, query.phases(recent))
        found.append(Measure(standing, quarter))
    return tuple(found)


def _consistent(asked: Released, by_quarter: Mapping[str, Tables]) -> tuple[Figure, ...]:
    """The figures without those that could give a withheld count of the tables away.

    A count that stands in a table is withheld where its total there is. So is whatever rests on much the same rows of
    one wiki or language alone, where the total of that wiki or language is withheld.
    """
    return tuple(
        withheld(one) if one.state != "no_data" and _could_tell(asked, by_quarter.get(one.label, {})) else one
        for one in asked.figures
    )


def _could_tell(asked: Released, found: Tables) -> bool:
    where = dict(asked.where)
    marts = asked.metric.sources
    near = [
        (found[one.metric], one.split)
        for one in TABLES
        if one.metric in found and any(mart in one.marts for mart in marts)
    ]
    alone = [table.at("all", where[split]) for table, split in near if where.get(split) in table.groups()]
    whole = [table.at() for table, _ in near if table.metric.id == asked.metric.id]
    return any(one.state == "withheld" for one in (*alone, *whole))
