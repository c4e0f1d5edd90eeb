"""Our contracts are read by another tool: datacontract-cli finds each one valid, and the samples' rows as they promise."""

import json
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
import yaml

from data_contracts import load
from etl.warehouse import store
from etl.warehouse.connect import Reader

TOOL = "datacontract-cli[duckdb]==1.2.8"
READER = Path(__file__).with_name("datacontract_reader.py")
CONTRACTS = sorted(load.HERE.glob("*/*.odcs.yaml"))
OF_FEEDS = [path for path in CONTRACTS if path.parent.name == "sources"]


def read(*paths: Path) -> dict[str, dict]:
    if shutil.which("uvx") is None:
        pytest.skip("uvx is not here: contracts are not read by datacontract-cli (pip install uv)")
    command = ["uvx", "--quiet", "--from", TOOL, "python", str(READER), *map(str, paths)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if any(words in told.stderr for words in ("No solution found", "Failed to fetch")):
        pytest.skip("datacontract-cli cannot be had here")
    assert told.returncode == 0, told.stderr[-2000:]
    answers = [json.loads(line) for line in told.stdout.splitlines() if line.startswith("{")]
    return {answer["path"]: answer for answer in answers}


@pytest.fixture(scope="module")
def answers(every_feed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """Of every contract, and of every feed's with its samples: all at once, since the tool takes long to start."""
    folder = tmp_path_factory.mktemp("samples")
    return read(*CONTRACTS, *(with_sample(every_feed, path, folder) for path in OF_FEEDS))


def test_every_contract_is_valid_for_it(answers):
    answers = {path: answer for path, answer in answers.items() if Path(path) in CONTRACTS}
    assert len(answers) == len(CONTRACTS)
    assert {path: answer["bad"] for path, answer in answers.items() if answer["bad"]} == {}


def with_sample(home: Path, contract: Path, folder: Path) -> Path:
    """The contract with a server: what the store of this feed holds, as Parquet."""
    feed = contract.name.removesuffix(".odcs.yaml")
    with duckdb.connect(str(store.path_of(home, feed)), read_only=True) as connection:
        for name in load.of_feed(feed):
            connection.sql(f"FROM {name}").write_parquet(str(folder / f"{name}.parquet"))
    said = yaml.safe_load(contract.read_text(encoding="utf-8"))
    said["servers"] = [
        {"server": "sample", "type": "local", "path": f"{folder}/{{model}}.parquet", "format": "parquet"}
    ]
    for table in said["schema"]:  # as stored, each row says from which file it is; rules may ask
        table["properties"].append({"name": "_file", "logicalType": "string", "physicalType": "VARCHAR"})
    copy = folder / contract.name
    copy.write_text(yaml.safe_dump(said, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return copy


def warnings(home: Path) -> dict[str, list[str]]:
    """What our own checks warn of in raw tables, in its words."""
    with Reader(home).cursor() as cursor:
        broken = cursor.execute(
            "SELECT table_name, breaking_count FROM meta_check WHERE NOT passed AND STARTS_WITH(table_name, 'raw_')"
        ).fetchall()
    found: dict[str, list[str]] = {}
    for table, count in broken:
        told = f"Quality Check: Actual custom_sql({table}) was {count}, expected = 0"
        found.setdefault(load.tables("sources")[table].contract, []).append(told)
    return found


def test_it_finds_in_the_samples_of_every_feed_what_our_own_checks_find(answers, every_feed):
    answers = {path: answer for path, answer in answers.items() if Path(path) not in CONTRACTS}
    bad = {Path(path).name.removesuffix(".odcs.yaml"): answer["bad"] for path, answer in answers.items()}
    assert {feed: told for feed, told in bad.items() if told} == warnings(every_feed)
    assert all(answer["checks"] > 10 for answer in answers.values())
    assert len(answers) == len(OF_FEEDS)
