"""Our contracts are read by another tool: datacontract-cli finds each one valid, and the demo's rows as they promise."""

import json
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
import yaml

from data_contracts import load
from etl.warehouse import store

TOOL = "datacontract-cli[duckdb]==1.2.8"
READER = Path(__file__).with_name("datacontract_reader.py")


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


def test_every_contract_is_valid_for_it():
    paths = sorted(load.HERE.glob("*/*.odcs.yaml"))
    answers = read(*paths)
    assert len(answers) == len(paths)
    assert {path: answer["bad"] for path, answer in answers.items() if answer["bad"]} == {}


def with_sample(home: Path, contract: Path, folder: Path) -> Path | None:
    """The contract with a server: what the demo's store of this feed holds, as Parquet."""
    feed = contract.name.removesuffix(".odcs.yaml")
    path = store.path_of(home, feed)
    if not path.exists():
        return None
    with duckdb.connect(str(path), read_only=True) as connection:
        for name in load.of_feed(feed):
            rows = connection.sql(f"FROM {name}").project("* EXCLUDE (_file)").limit(2000)
            rows.write_parquet(str(folder / f"{name}.parquet"))
    said = yaml.safe_load(contract.read_text(encoding="utf-8"))
    said["servers"] = [
        {"server": "sample", "type": "local", "path": f"{folder}/{{model}}.parquet", "format": "parquet"}
    ]
    copy = folder / contract.name
    copy.write_text(yaml.safe_dump(said, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return copy


def test_the_demos_rows_keep_what_contracts_promise_by_its_own_checks(demo_build, tmp_path):
    found = [with_sample(demo_build, path, tmp_path) for path in sorted((load.HERE / "sources").glob("*.odcs.yaml"))]
    paths = [path for path in found if path is not None]
    assert len(paths) >= 4
    answers = read(*paths)
    assert {Path(path).name: answer["bad"] for path, answer in answers.items() if answer["bad"]} == {}
    assert all(answer["checks"] > 10 for answer in answers.values())
