"""The tables of the quarterly report: what a reader of all their numbers can work out about those that are withheld."""

from collections.abc import Sequence
from datetime import date, datetime
from types import SimpleNamespace

import duckdb
import pytest

from data_contracts.faults import DefinitionFault
from metrics import query, tabulate, withhold
from metrics.answer import Figure, ReleasedTable
from metrics.privacy import attack
from tests import engine, quarterly
from tests.tables import raw


def known_of(table: ReleasedTable) -> list[attack.Relation]:
    """Everything that a reader knows: what is shown, and that every line adds up to its total."""
    relations: list[attack.Relation] = [
        ({(one.label, one.group): 1.0}, one.value, one.value) for one in table.figures if one.value is not None
    ]
    labels, groups = (*table.periods(), "all"), (*((name,) for name in table.groups()), ())
    for label in labels:
        relations.append(({**{(label, group): 1.0 for group in groups[:-1]}, (label, ()): -1.0}, 0.0, 0.0))
    for group in groups:
        relations.append(({**{(label, group): 1.0 for label in labels[:-1]}, ("all", group): -1.0}, 0.0, 0.0))
    return relations


def narrowest(figures: Sequence[Figure]) -> float:
    """How far apart the bounds of the small counts are that stand in the table, the closest of them."""
    table = quarterly.table(figures)
    bounds = attack.bounds(known_of(table))
    small = [(one.label, one.group) for one in figures if one.value and one.value < 10]
    spans = [float("inf") if bounds[one][1] is None else bounds[one][1] - bounds[one][0] for one in small]
    return min(spans)


TINY = quarterly.counts(great=[1122, 1076, 1008], middle=[69, 86, 65], tiny=[9, 10, 7])


def test_a_small_count_cannot_be_worked_out_from_the_totals():
    table = quarterly.table(TINY)
    assert table.at("2026-07", "tiny").state == "withheld"
    assert table.at("2026-07").value == 1200
    assert narrowest(TINY) >= 10


def test_hiding_the_small_counts_alone_would_give_them_away():
    shown = [one for one in TINY if not (one.value and one.value < 10)]
    table = quarterly.table(TINY)
    totals = [one for one in table.figures if one.label == "all" or one.group == ()]
    naive = ReleasedTable(**{**table.__dict__, "figures": (*shown, *totals)})
    labels, groups = ("2026-07", "2026-08", "2026-09"), ("great", "middle", "tiny")
    relations = [one for one in known_of(naive) if len(one[0]) == 1]
    relations += [({**{(label, (name,)): 1.0 for name in groups}, (label, ()): -1.0}, 0.0, 0.0) for label in labels]
    assert attack.bounds(relations)["2026-07", ("tiny",)] == (9, 9)


@pytest.mark.parametrize(
    "figures",
    [
        quarterly.counts(great=[500, 400, 300], tiny=[3, 0, 0]),
        quarterly.counts(great=[500, 400, 300], tiny=[3, 2, 4]),
        quarterly.counts(only=[3, 200, 100]),
        quarterly.counts(one=[1, 2, 3], other=[4, 5, 6]),
        quarterly.counts(a=[900, 12, 10], b=[8, 11, 300], c=[0, 40, 9], d=[10, 10, 10]),
    ],
)
def test_no_table_gives_a_small_count_away(figures: list[Figure]):
    assert narrowest(figures) >= 10


def test_whatever_a_single_answer_withholds_is_withheld_in_the_table_too():
    figures = quarterly.counts(great=[500, 400, 300], little=[12, 500, 500], middle=[13, 15, 500], tiny=[8, 11, 500])
    alone = [one.group for one in withhold.release(quarterly.BLOCKS_SET, figures, "public") if one.state == "withheld"]
    assert alone == [("little",), ("tiny",)]
    assert [quarterly.table(figures).at("2026-07", *group).state for group in alone] == ["withheld", "withheld"]


def test_a_true_zero_is_shown_as_zero():
    assert quarterly.table(quarterly.counts(great=[500, 400, 300], still=[0, 0, 0])).at("all", "still").value == 0


def test_a_month_without_data_is_not_zero_and_makes_its_totals_partial():
    table = quarterly.table(quarterly.counts(old=[500, 400, 300], new=["no_data", 20, 30]))
    assert table.at("2026-07", "new").value is None
    assert (table.at("all", "new").value, table.at("all", "new").state) == (50, "partial")
    assert (table.at("2026-07").value, table.at("2026-07").state) == (500, "partial")
    assert table.at("2026-08").state == "final"


def test_a_wiki_without_any_data_has_no_total():
    assert (
        quarterly.table(quarterly.counts(old=[500, 400, 300], silent=["no_data"] * 3)).at("all", "silent").state
        == "no_data"
    )


def test_a_table_of_nothing_is_empty():
    assert tabulate.table(quarterly.BLOCKS_SET, [], "public") == ()


def test_a_program_sees_counts_that_the_public_does_not():
    figures = quarterly.counts(great=[500, 400, 300], tiny=[7, 8, 9])
    assert all(one.state == "final" for one in tabulate.table(quarterly.BLOCKS_SET, figures, "program"))


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    """A build of two wikis in memory: 30 and 9 accounts in July, 30 and 20 in August, 30 and 30 in September 2026."""
    connection = duckdb.connect()
    rows = [
        f"{wiki} | 2026-{month:02d}-15"
        for wiki, each in (("great", (30, 30, 30)), ("tiny", (9, 20, 30)))
        for month, many in zip((7, 8, 9), each, strict=True)
        for _ in range(many)
    ]
    raw(connection, "mart_account", "\n".join(["wiki | registered_at", *rows]), {"account_kind": "self_made"})
    as_of = datetime(2026, 10, 1)
    metrics = {name: one for name, one in query.definitions().items() if one.source == "mart_account"}
    engine.stored(connection, metrics, as_of, date(2026, 7, 1))
    connection.execute(
        "CREATE TABLE meta_build AS SELECT 'b7' AS build_id, TIMESTAMP '2026-10-01' AS as_of, 'Test' AS program, "
        "FALSE AS invented, 7 AS fiscal_year_start, 'monday' AS week_start"
    )
    connection.execute("CREATE TABLE meta_coverage (feed VARCHAR, wiki VARCHAR, starts_on DATE, ends_on DATE)")
    connection.execute("CREATE TABLE meta_delivered (feed VARCHAR, wiki VARCHAR, left_on DATE)")
    connection.execute("INSERT INTO meta_coverage VALUES ('mediawiki_logging', NULL, '2026-07-01', '2026-09-30')")
    monkeypatch.setattr(query, "connect", SimpleNamespace(reader=lambda: connection))
    return connection


@pytest.mark.usefixtures("door")
def test_the_door_hands_out_a_table_whose_totals_are_those_of_single_answers():
    table = query.table("new_accounts", by="month", split="wiki", start="2026-07-01", end="2026-09-30")
    assert (table.periods(), table.groups()) == (("2026-07", "2026-08", "2026-09"), ("great", "tiny"))
    assert table.at().value == query.ask("new_accounts", by="quarter").figures[-1].value == 149
    assert table.at("all", "tiny").value == 59
    assert (table.build, table.minimum, table.withheld_count) == ("b7", 10, 4)


@pytest.mark.usefixtures("door")
def test_the_door_keeps_whole_periods_only():
    table = query.table("new_accounts", by="month", split="wiki", start="2026-07-02", end="2026-09-30")
    assert table.periods() == ("2026-08", "2026-09")


@pytest.mark.usefixtures("door")
def test_only_counts_by_period_are_handed_out_as_a_table():
    with pytest.raises(DefinitionFault, match='of kind "ratio"'):
        query.table("block_recidivism_30d", by="month", split="wiki")
    with pytest.raises(DefinitionFault, match="by total"):
        query.table("new_accounts", by="total", split="wiki")
