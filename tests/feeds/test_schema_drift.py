"""Columns of files that changed: missing, renamed, new and re-typed ones are told apart, with the contract's line."""

from datetime import datetime
from pathlib import Path

import pytest

from data_contracts import load
from data_contracts.faults import Faults
from etl.feed import Batch, LandedFile, Reject
from etl.formats import drift
from etl.formats.drift import Promise
from etl.sources import appeals, tickets, znuny
from tests.delivered import drained, landed, rejects_of, rows_of

FILE = LandedFile(Path("x.csv"), "x.csv", "0" * 64, 1, datetime(2026, 11, 20))
PROMISE = Promise("raw_tickets", {"columns.id": "case"})
WANTED = [("columns.id", "Ticket"), ("columns.opened", "Created")]
DESK = {"desk": "d", "files": ["d.csv"], "columns": {"id": "Ticket", "opened": "Created"}}
ROOT = Path(__file__).parents[2]


def line_of(path: str, words: str) -> int:
    """The one line of a contract with these words."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    (found,) = [number for number, line in enumerate(lines, start=1) if words in line]
    return found


@pytest.fixture
def desk(tmp_path):
    """A desk's export with this header and rows, read."""

    def desk(header: str, *rows: str, **told):
        path = tmp_path / "d.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        (delivery,) = tickets.deliveries(tickets.Settings.model_validate({"desks": [{**DESK, **told}]}))
        return drained(tickets.read(landed(delivery, path)))

    return desk


def test_a_renamed_column_is_told_with_its_new_name_and_the_line_of_the_contract(desk):
    _, fault = desk("Ticket,Created at", "A,2026-01-01 10:00:00")
    path = "data_contracts/sources/tickets.odcs.yaml"
    assert fault.found == 'there is no column "Created" (columns.opened): renamed: it may be "Created at" now'
    where = f"{path}:{line_of(path, '{name: opened_at,')} (version {load.of_feed('tickets')['raw_tickets'].version})"
    assert fault.remedy == f'Did you mean "Created at"? It becomes opened_at of {where}.'


def test_a_missing_column_is_not_taken_for_a_renamed_one(desk):
    _, fault = desk("Ticket,Mood", "A,good")
    assert fault.found == 'there is no column "Created" (columns.opened): missing'


def test_each_column_that_is_gone_has_its_own_fault(desk):
    _, fault = desk("Created at,Mood", "2026-01-01 10:00:00,good")
    assert isinstance(fault, Faults)
    assert [one.found.rpartition(": ")[2] for one in fault.faults] == ["missing", 'it may be "Created at" now']


def test_a_new_column_is_told_beside_the_rows_where_the_others_are_named(desk):
    batches, fault = desk("Ticket,Created,Mood,Owner", "A,2026-01-01 10:00:00,good,x", unread=["Owner"])
    assert fault is None
    assert rows_of(batches, "raw_tickets", "case") == [("A",)]
    (one,) = rejects_of(batches)
    assert (one.line, one.excerpt) == (1, "column 3: Mood")
    assert one.rule.startswith("every column of the file is known: data_contracts/sources/tickets.odcs.yaml, version ")


def test_nobody_can_tell_a_new_column_where_the_others_are_not_named(desk):
    batches, fault = desk("Ticket,Created,Mood", "A,2026-01-01 10:00:00,good")
    assert (fault, rejects_of(batches)) == (None, [])


def test_a_column_of_another_type_is_a_fault_behind_its_refused_rows(desk):
    batches, fault = desk("Ticket,Created", *(f"{number},45{number:03}" for number in range(10)))
    assert len(rejects_of(batches)) == 10
    assert fault.found == (
        'the column "Created" (columns.opened) is re-typed: 10 of about 10 rows are not so that opened is a time as '
        "%Y-%m-%d %H:%M:%S"
    )
    assert fault.wanted.startswith("TIMESTAMP, as opened_at of data_contracts/sources/tickets.odcs.yaml:")


def test_some_wrong_rows_do_not_make_another_type(desk):
    good = [f"{number},2026-01-01 10:00:00" for number in range(10)]
    batches, fault = desk("Ticket,Created", *good, *(f"{number},45123" for number in range(10, 20)))
    assert fault is None
    assert (len(rejects_of(batches)), len(rows_of(batches, "raw_tickets", "case"))) == (10, 10)


def test_nine_wrong_rows_of_nine_are_refused_and_no_more():
    refused = Batch("raw_tickets", {"line": []}, tuple(Reject(one, "r", "Created: 9") for one in range(9)))
    assert list(drift.watched(FILE, WANTED, PROMISE, [refused])) == [refused]


def test_a_refusal_that_names_no_wanted_column_says_nothing_of_types():
    refused = Batch("raw_tickets", {"line": []}, tuple(Reject(one, "r", "3 fields") for one in range(50)))
    assert list(drift.watched(FILE, WANTED, PROMISE, [refused])) == [refused]


def test_a_header_without_any_wanted_column_is_told_by_shape():
    fault, _ = drift.gone(FILE, ["Ana Example", "ana@example.org"], WANTED, [], PROMISE)
    assert "Ana" not in str(fault)
    assert "a header that has it, not Aaa Aaaaaaa, aaa@aaaaaaa.aaa" in fault.wanted


def test_a_header_as_long_as_a_file_makes_a_short_fault():
    header = ["Ticket", *(f"{number}{'x' * 5_000}" for number in range(3_000))]
    (fault,) = drift.gone(FILE, header, WANTED[1:], ["Ticket"], PROMISE)
    assert len(str(fault)) < 4_000
    assert "and 2961 more" in fault.wanted


def test_counts_by_month_that_became_words_are_another_type(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Month,total\n" + "".join(f"2025-{month:02},many\n" for month in range(1, 13)), encoding="utf-8")
    body = {"body": "crc", "files": ["a.csv"], "month": "Month", "counts": {"received": "total"}}
    (delivery,) = appeals.deliveries(appeals.Settings.model_validate({"bodies": [body]}))
    _, fault = drained(appeals.read(landed(delivery, path)))
    assert 'the column "total" (counts.received) is re-typed: 12 of about 12 rows' in fault.found
    assert fault.wanted.startswith("BIGINT, as appeals of data_contracts/sources/appeals.odcs.yaml:")


def test_a_report_in_an_unknown_language_names_the_contract(tmp_path):
    path = tmp_path / "z.csv"
    path.write_text("Numéro,Créé\n1,2026-01-01 10:00:00\n", encoding="utf-8")
    (delivery,) = znuny.deliveries(znuny.Settings.model_validate({"desks": [{"desk": "d", "files": ["z.csv"]}]}))
    _, fault = drained(znuny.read(landed(delivery, path)))
    assert "case of data_contracts/sources/znuny.odcs.yaml:" in fault.remedy


@pytest.mark.parametrize("room", ["sources", "core", "marts"])
def test_every_contract_has_a_version(room):
    versions = {table.name: table.version for table in load.tables(room).values()}
    assert not {name for name, version in versions.items() if len(version.split(".")) != 3}
