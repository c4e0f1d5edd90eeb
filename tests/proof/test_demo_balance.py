"""Numbers of the demo program hold together: stock and flow, groups and totals, months and the whole, and the desk's own."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from etl.demo.planted import FIRST_DAY
from etl.pipeline import ROOT
from etl.warehouse.connect import Reader
from metrics.answer import Figure
from metrics.query import ask, definitions, explain

ADDITIVE = ("count", "sum", "stock")
FLOWS = ("cases_opened", "cases_reopened", "cases_closed")
FEEDS = set(yaml.safe_load((ROOT / "etl/demo/upstander.yml").read_text(encoding="utf-8"))["feeds"])
LIVE = sorted(one.id for one in definitions().values() if one.status == "live" and FEEDS & set(explain(one.id).sources))
COUNTS = sorted(name for name in LIVE if definitions()[name].kind in ("count", "sum"))
WITH_TOTAL = [name for name in COUNTS if "total" in definitions()[name].grains]  # editors of months add up to nothing
PERIODS = [(name, by) for name in WITH_TOTAL for by in definitions()[name].grains if by != "total"]
SPLITS = [(name, dimension) for name in LIVE for dimension in definitions()[name].dimensions]
OF_NOTHING = (
    "answered_in_business_day_share", "hand_level_mean", "hand_share_mean",
    # its survey does not ask
    "admin_can_intervene_share", "admin_has_resources_share", "admin_recognises_harassment_share",
    "experienced_harassment_share", "lowered_participation_share", "report_not_resolved_share",
    "reported_harassment_share", "response_not_useful_share",
)  # fmt: skip
SILENT = {  # no desk of the demo tells business hours, its sheet has counts only; of old cases one queue has too few
    *((name, dimension) for name, dimension in SPLITS if name in OF_NOTHING),
    ("cases_open_30d", "queue"),
}


@pytest.fixture(autouse=True)
def asked_here(demo_build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))


@pytest.mark.parametrize("by", ["week", "month", "quarter", "fiscal_year"])
def test_open_at_the_end_is_open_before_and_opened_and_reopened_without_closed(by):
    stock = ask("cases_open", by=by, audience="program")
    opened, reopened, closed = (ask(name, by=by, audience="program").figures for name in FLOWS)
    before, uneven = 0.0, []
    for end, came, again, gone in zip(stock.figures, opened, reopened, closed, strict=True):
        implied = end.value - before - came.value + gone.value
        fits = 0 < implied < stock.minimum if again.state == "withheld" else implied == again.value
        uneven += [] if fits else [end.label]
        before = end.value
    assert uneven == []
    assert before > 0


def test_the_balance_holds_in_the_stored_values_where_the_door_withholds_one(demo_build):
    with Reader(demo_build).cursor() as cursor:
        uneven = cursor.execute(
            """
            WITH period AS (
              SELECT
                grain,
                starts_on,
                COALESCE(SUM(value) FILTER (metric = 'cases_open'), 0) AS open_count,
                COALESCE(SUM(value) FILTER (metric IN ('cases_opened', 'cases_reopened')), 0)
                - COALESCE(SUM(value) FILTER (metric = 'cases_closed'), 0) AS change
              FROM metric_value
              WHERE split = '' AND grain <> 'total'
              GROUP BY grain, starts_on
            )
            SELECT grain, starts_on, open_count, change
            FROM period
            QUALIFY open_count <> change + COALESCE(LAG(open_count) OVER (PARTITION BY grain ORDER BY starts_on), 0)
            """
        ).fetchall()
    assert uneven == []


def test_the_balance_is_that_of_the_desks_own_export(demo_build):
    rows = _tickets(demo_build)
    reopened, solved = sum(row["Reopened"] != "" for row in rows), sum(row["State"] == "Solved" for row in rows)
    totals = [ask(name, by="total", audience="program").figures[0].value for name in (*FLOWS, "cases_open")]
    assert totals == [
        len(rows),
        reopened,
        solved + reopened,
        len(rows) - solved,
    ]  # who came back had been closed before


@pytest.mark.parametrize(("name", "column"), [("cases_opened", "Created"), ("cases_reopened", "Reopened")])
def test_cases_fall_into_the_month_in_which_the_desk_had_them(demo_build, name, column):
    months = Counter(_utc_month(row[column]) for row in _tickets(demo_build) if row[column])
    for one in ask(name, by="month", audience="program").figures:
        assert one.state == "withheld" or one.value == months[one.label], one.label


@pytest.mark.parametrize(("name", "dimension"), SPLITS, ids=lambda one: one)
def test_groups_add_up_to_the_total_wherever_nothing_is_withheld(name, dimension):
    uneven, told = [], 0
    for by in set(definitions()[name].grains) - {"week"}:
        wholes = {one.start: one for one in ask(name, by=by, audience="program").figures}
        for start, groups in _by_period(ask(name, by=by, split=[dimension], audience="program").figures).items():
            if _all_told(name, [*groups, wholes[start]]):
                told += 1
                uneven += [] if _added(name, groups) == _added(name, [wholes[start]]) else [(by, wholes[start].label)]
    assert uneven == []
    assert bool(told) == ((name, dimension) not in SILENT)


@pytest.mark.parametrize(("name", "by"), PERIODS, ids=lambda one: one)
def test_a_total_of_counts_is_the_sum_of_its_periods(name, by):
    periods = ask(name, by=by, audience="program").figures
    (total,) = ask(name, by="total", audience="program").figures
    hidden = sum(one.state == "withheld" for one in periods)
    shown = sum(one.value for one in periods if one.value is not None)
    if total.state == "withheld":  # too few in all, so in every period that has any
        assert shown == 0
    else:
        assert hidden <= total.value - shown <= 4 * hidden  # each withheld period has 1 to 4


def _tickets(home: Path) -> list[dict[str, str]]:
    """The rows of the export that were not set aside."""
    with Reader(home).cursor() as cursor:
        found = cursor.execute("SELECT line FROM quarantine WHERE file = 'feeds/tickets.csv'").fetchall()
    set_aside = {line for (line,) in found}
    with (home / "feeds/tickets.csv").open(encoding="utf-8", newline="") as file:
        return [row for line, row in enumerate(csv.DictReader(file), start=2) if line not in set_aside]


def _utc_month(text: str) -> str:
    return f"{datetime.fromisoformat(text).replace(tzinfo=ZoneInfo('Europe/Berlin')).astimezone(UTC):%Y-%m}"


def _by_period(figures: Iterable[Figure]) -> dict[date, list[Figure]]:
    found: dict[date, list[Figure]] = defaultdict(list)
    for one in figures:
        found[one.start].append(one)
    return found


def _all_told(name: str, figures: Sequence[Figure]) -> bool:
    """Whether nothing is withheld; of a rate the first days of a wiki are in the total and make no rate of its own."""
    is_first = definitions()[name].has_exposure and figures[0].start <= FIRST_DAY
    return not is_first and all(one.state != "withheld" for one in figures)


def _added(name: str, figures: Iterable[Figure]) -> tuple[float, ...]:
    """What adds up of figures: values, numerators and denominators, or else how many rows they rest on."""
    kind = definitions()[name].kind
    if kind in ADDITIVE:
        return (sum(one.value or 0 for one in figures),)
    if kind == "ratio":
        figures = list(figures)
        return sum(one.numerator or 0 for one in figures), sum(one.denominator or 0 for one in figures)
    return (sum(one.n or 0 for one in figures),)
