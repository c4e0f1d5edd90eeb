"""The metrics mean the same in Spark: every pass and the roll-up, as text in its dialect, on the same random marts."""

import json
import shutil
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlglot import exp

from data_contracts import load as contracts
from metrics import catalog
from metrics.calendar import Rules
from metrics.materialise import Known, calendar
from metrics.semantic import places, plan, sql

SPARK = "pyspark==4.3.0"
NEEDED = {"uv": "pip install uv", "java": "apt-get install default-jre-headless, 17 or newer"}
RUNNER = Path(__file__).with_name("spark_runner.py")
AS_OF = datetime(2026, 11, 19)
ROWS = 600
TYPES = {"VARCHAR": pa.string(), "TIMESTAMP": pa.timestamp("us"), "BOOLEAN": pa.bool_(), "DOUBLE": pa.float64(),
         "BIGINT": pa.int64(), "DATE": pa.date32()}  # fmt: skip
WORDS = ("a", "b", "felt_unsafe", "knows_where_to_report", "Öst", "", "it's", "emergency", "person", "none")


def random_mart(table: contracts.Table, words: tuple[str, ...], random: Random) -> pa.Table:
    """Rows of every type with gaps; numbers are quarters, so that sums are exact in any order."""

    def value(kind: str, promised: tuple[str, ...]) -> object:
        if random.random() < 0.12:
            return None
        moment = AS_OF - timedelta(seconds=random.randrange(-5 * 86_400, 500 * 86_400))
        return {
            "VARCHAR": random.choice(promised or words),
            "TIMESTAMP": moment,
            "DATE": moment.date(),
            "BOOLEAN": random.random() < 0.5,
            "DOUBLE": random.randrange(400) / 4,
            "BIGINT": random.choice((0, 1, 2, 3, 5, 8, 13, 100, 144)),
        }[kind]

    columns = {one.stored: [value(one.type, one.values) for _ in range(ROWS)] for one in table.columns}
    return pa.table({one.stored: pa.array(columns[one.stored], TYPES[one.type]) for one in table.columns})


PASSES = plan.passes(catalog.definitions().values(), catalog.marts())
ROLLED_UP = [
    one
    for one in PASSES
    if one.stratum or one.table in ("part_case_opened_at", "part_case_opened_at_on_first_response_hours_by_language")
]


NAMES = [
    *sorted({one.mart.name for one in PASSES}),
    *(one.table for one in ROLLED_UP),
    *(f"many_{one.table}" for one in PASSES if one.scale != "values"),
]


def asked() -> dict[str, exp.Query]:
    """All passes of each mart in one query, by its name, since Spark takes a while over each; and some roll-ups."""
    found: dict[str, exp.Query] = {}
    for mart in sorted({one.mart.name for one in PASSES}):
        here = [one for one in PASSES if one.mart.name == mart]
        query = sql.union([sql.told_apart(one) for one in here])
        for one in here:
            query = query.with_(one.table, as_=sql.parts(one))
        found[mart] = query
    rolled = {
        one.table: sql.rolled_up(one, one.split, sql.parts(one), days=(date(2025, 7, 1), None)) for one in ROLLED_UP
    }
    return {**found, **rolled, **of_many()}


def of_many() -> dict[str, exp.Query]:
    """The passes whose places are others on days of many rows, as they count such days."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "EXACT_ROWS", 0)
        patch.setattr(places, "EXACT_THINGS", 0)
        return {f"many_{one.table}": sql.parts(one) for one in PASSES if one.scale != "values"}


def written_words() -> tuple[str, ...]:
    """Words that the conditions of definitions ask for: otherwise most of them would count nothing."""
    text = " ".join(str(one.where) for metric in catalog.definitions().values() for one in metric.measures)
    return (*WORDS, *sorted(set(text.split("'")[1::2])))


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    random, words = Random(20261121), written_words()
    found = {name: random_mart(mart, words, random) for name, mart in sorted(contracts.tables("marts").items())}
    found["meta_calendar"] = calendar(date(2025, 1, 1), Known(AS_OF, Rules(7, "monday"), {}))
    return found


@pytest.fixture(scope="module")
def of_spark(
    tables: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[list[str | None]]]:
    missing = [f"{name} ({remedy})" for name, remedy in NEEDED.items() if shutil.which(name) is None]
    if missing:
        pytest.skip(f"no query is run in Spark, for want of {' and '.join(missing)}")
    folder = tmp_path_factory.mktemp("spark")
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    queries = {name: sql.text(query, "spark") for name, query in asked().items()}
    (folder / "queries.json").write_text(json.dumps({"as_of": AS_OF.isoformat(), "queries": queries}), encoding="utf-8")
    command = [
        "uv",
        "run",
        "--quiet",
        "--isolated",
        "--no-project",
        "--with",
        SPARK,
        "python",
        str(RUNNER),
        str(folder),
    ]
    told = subprocess.run(command, capture_output=True, text=True, timeout=900)
    if any(words in told.stderr for words in ("No solution found", "Failed to fetch")):
        pytest.skip(f"no query is run in Spark: uv cannot get {SPARK} here")
    assert told.returncode == 0, told.stderr[-3000:]
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (folder / "answers").glob("*.json")}


@pytest.fixture(scope="module")
def of_duckdb(tables: dict[str, pa.Table]) -> dict[str, list[list[str | None]]]:
    connection = duckdb.connect()
    for name, table in tables.items():
        connection.register(name, table)
    found = {}
    for name, query in asked().items():
        text = sql.text(query)
        rows = connection.execute(text, {"as_of": AS_OF} if "$as_of" in text else None).fetchall()
        found[name] = [[str(cell) if cell is not None else None for cell in row] for row in rows]
    return found


def test_the_marts_are_such_that_every_metric_counts_something(of_duckdb):
    counted = {row[0] for rows in of_duckdb.values() for row in rows}
    assert set(catalog.definitions()) - counted == set()


def test_every_query_is_compared(of_duckdb):
    assert sorted(of_duckdb) == sorted(NAMES)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_spark_and_duckdb_give_the_same(of_spark, of_duckdb, name):
    assert len(of_duckdb[name]) > 20
    assert sorted(of_spark[name], key=repr) == sorted(of_duckdb[name], key=repr)


@pytest.mark.parametrize("one", ROLLED_UP, ids=lambda one: one.table)
def test_a_roll_up_is_sorted_alike(of_spark, of_duckdb, one):
    keys = 2 + len(one.split)  # grain, members and period have no gaps, which engines place differently
    assert [row[:keys] for row in of_spark[one.table]] == [row[:keys] for row in of_duckdb[one.table]]
