"""Contracts, as the other rooms need them, and what is no contract of ours."""

from pathlib import Path

import pytest

from data_contracts import load
from data_contracts.faults import Faults, FeedFault

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: urn:loft
name: loft
version: 1.2.0
status: active
customProperties:
  - {property: aboutPersons, value: true}
schema:
  - name: raw_loft
    dataGranularityDescription: One row per pigeon.
    customProperties:
      - {property: eventTime, value: seen_at}
    properties:
      - {name: ring, physicalName: ring_key, physicalType: varchar, primaryKey: true, primaryKeyPosition: 2, customProperties: [{property: door, value: hash}]}
      - {name: seen_at, physicalType: TIMESTAMP, primaryKey: true, primaryKeyPosition: 1}
      - {name: eggs, physicalType: BIGINT, unique: true, logicalTypeOptions: {minimum: 0, maximum: 3}}
      - name: colour
        physicalType: VARCHAR
        customProperties: [{property: dimension, value: small}]
        quality:
          - {type: library, metric: invalidValues, arguments: {validValues: [white, 7]}, mustBe: 0, severity: warning}
    quality:
      - {type: sql, name: a pigeon has a ring, query: "SELECT COUNT(*) FROM {object} WHERE ring_key = ''", mustBe: 0}
  - name: seed
    physicalName: raw_seed
    description: One row per bag.
    customProperties:
      - {property: aboutPersons, value: false}
    properties:
      - {name: bag, physicalType: VARCHAR, required: true}
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "sources" / "loft.odcs.yaml"
    path.parent.mkdir()
    path.write_text(CONTRACT, encoding="utf-8")
    return path


def test_a_table_has_its_grain_key_events_and_feed(written: Path) -> None:
    loft, seed = load.read_contract(written)
    assert (loft.contract, loft.version, loft.name, loft.grain) == ("loft", "1.2.0", "raw_loft", "One row per pigeon.")
    assert (loft.key, loft.event_time, loft.feeds) == (("seen_at", "ring_key"), "seen_at", ("loft",))
    assert (seed.name, seed.grain, seed.event_time) == ("raw_seed", "One row per bag.", None)


def test_a_table_is_about_persons_unless_it_says_otherwise(written: Path) -> None:
    assert [table.about_persons for table in load.read_contract(written)] == [True, False]


def test_a_column_has_what_its_contract_says(written: Path) -> None:
    table = load.read_contract(written)[0]
    ring, colour, eggs = (table.column(name) for name in ("ring_key", "colour", "eggs"))
    assert ring
    assert (ring.name, ring.type, ring.hashed, ring.required, ring.line) == ("ring", "VARCHAR", True, True, 15)
    assert colour
    assert (colour.values, colour.severity, colour.dimension) == (("white", "7"), "warning", "small")
    assert eggs
    assert (eggs.unique, eggs.minimum, eggs.maximum, eggs.required) == (True, 0, 3, False)
    assert table.dimensions == ("colour",)
    assert table.column("ring") is None  # it is stored under another name


def test_a_table_rule_counts_the_rows_that_break_it(written: Path) -> None:
    (rule,) = load.read_contract(written)[0].quality
    assert (rule.name, rule.severity, rule.line) == ("a pigeon has a ring", "error", 24)


@pytest.mark.parametrize(
    ("before", "after", "where", "found"),
    [
        (
            "mustBe: 0}\n  - name: seed",
            "mustBe: 1}\n  - name: seed",
            24,
            "a table rule that is not a count of breaking rows",
        ),
        ("physicalType: BIGINT, ", "", 17, "a column without name or physicalType"),
    ],
)
def test_what_is_no_rule_or_no_column_of_ours_is_refused(
    written: Path, before: str, after: str, where: int, found: str
) -> None:
    written.write_text(CONTRACT.replace(before, after), encoding="utf-8")
    with pytest.raises(FeedFault) as caught:
        load.read_contract(written)
    assert (caught.value.where, caught.value.found) == (f"{written}:{where}", found)


def test_a_key_that_the_standard_does_not_know_is_refused(written: Path) -> None:
    written.write_text(CONTRACT.replace("status: active", "status: active\nstaus: active"), encoding="utf-8")
    with pytest.raises(Faults) as caught:
        load.read_contract(written)
    assert "loft.odcs.yaml:7" in caught.value.where


def test_every_room_has_its_tables_and_a_feed_its_own() -> None:
    assert "mart_block" in load.tables("marts")
    assert "core_case" in load.tables("core")
    assert set(load.of_feed("tickets")) <= set(load.tables("sources"))
