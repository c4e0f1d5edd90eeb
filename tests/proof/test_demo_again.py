"""Builds of the demo program one after the other, as its owner runs them: what makes a new one, and what must not.

Two of its six wikis are enough here.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from dashboard import cli
from data_contracts import yaml_file
from data_contracts.faults import FeedFault
from etl import pipeline
from etl.instance import SETTINGS
from etl.warehouse import order
from etl.warehouse.connect import POINTER, Reader
from etl.warehouse.pseudonym import make_key
from metrics.query import ask
from tests import same_build

WIKIS = ("hi.demo", "sw.demo")
LOG = "feeds/hi-20261119-pages-logging.xml.gz"
TICKET = "T-999999,One more,2026-11-17 09:00:00,,,,conduct,mail,normal,en,New,,no\n"
MODEL = "mart_block"

Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def built(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo program with two wikis and its first build; tests copy it."""
    gone = [name for wiki in ("en", "ru", "ja", "ar") for name in (f"{wiki}-*.xml.gz", f"*.{wiki}.demo.*.tsv.gz")]
    left_out = shutil.ignore_patterns(*gone, "editors.jsonl")
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("again") / "demo", ignore=left_out))
    settings = yaml_file.load(home / SETTINGS, FeedFault).data
    del settings["feeds"]["aqs_editors"]
    for feed in ("mediawiki_logging", "mediawiki_history"):
        told = settings["feeds"][feed]
        told["wikis"] = [one for one in told["wikis"] if one["wiki"] in WIKIS]
    (home / SETTINGS).write_text(json.dumps(settings, default=str), encoding="utf-8")  # JSON is YAML too
    make_key(home)
    pipeline.build(home)
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = Path(shutil.copytree(built, tmp_path / "home"))
    monkeypatch.setenv("UPSTANDER_HOME", str(copy))
    return copy


@pytest.fixture
def upstander(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str]:
        """The exit code, and all that was said."""
        monkeypatch.setattr(sys, "argv", ["upstander", *words])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out + said.err

    return run


def opened() -> float:
    (total,) = ask("cases_opened", by="total").figures
    assert total.value is not None
    return total.value


def asked(query: str) -> list[tuple]:
    """What the build in force says."""
    with Reader(Path(os.environ["UPSTANDER_HOME"])).cursor() as cursor:
        return cursor.execute(query).fetchall()


def files(home: Path) -> dict[str, int]:
    """Builds and when they were written."""
    return {path.name: path.stat().st_mtime_ns for path in (home / "builds").iterdir()}


def test_where_nothing_changed_nothing_new_is_published(home, upstander):
    before, pointer = files(home), (home / POINTER).read_bytes()
    opened()  # somebody in this process reads the build already
    assert upstander("build")[0] == 0
    assert (files(home), (home / POINTER).read_bytes()) == (before, pointer)


def test_one_more_row_in_one_file_makes_a_new_build_with_it(home, upstander):
    before = opened()
    with (home / "feeds/tickets.csv").open("a", encoding="utf-8") as tickets:
        tickets.write(TICKET)
    assert upstander("build")[0] == 0
    assert sorted(files(home)) == ["b000001.duckdb", "b000002.duckdb"]
    assert opened() == before + 1


def test_a_build_that_carries_over_is_the_one_that_counts_everything(home, upstander, tmp_path):
    """A new case, and one of the past that was closed since; all else is carried over."""
    with (home / "feeds/tickets.csv").open("a", encoding="utf-8") as tickets:
        tickets.write(TICKET + TICKET.replace("T-999999", "T-999998").replace("2026-11-17", "2025-03-04"))
    assert upstander("build")[0] == 0
    carried = "SELECT is_carried_over, COUNT(*) FROM meta_part WHERE digest IS NOT NULL GROUP BY ALL"
    assert [is_so for is_so, _ in asked(carried)] == [True]
    one = Path(shutil.copy(home / "builds/b000002.duckdb", tmp_path))
    assert upstander("build", "--force")[0] == 0
    assert [is_so for is_so, _ in asked(carried)] == [False]
    assert same_build.differences(one, home / "builds/b000003.duckdb") == {}
    assert set(same_build.differences(one, home / "builds/b000001.duckdb")) > {"metric_value", "meta_day"}


def test_a_model_that_breaks_its_contract_is_not_published(home, upstander, tmp_path, monkeypatch):
    before, models = opened(), Path(shutil.copytree(order.MODELS, tmp_path / "models"))
    text = (models / f"{MODEL}.sql").read_text(encoding="utf-8")
    assert "block.duration_class," in text
    wrong = text.replace("block.duration_class,", "'for ages' AS duration_class,")
    (models / f"{MODEL}.sql").write_text(wrong, encoding="utf-8")
    monkeypatch.setattr(order, "models", partial(order.models, models))
    code, said = upstander("build", "--force")
    assert code == 12
    assert f"{MODEL}" in said
    assert "duration_class is one of" in said
    assert sorted(files(home)) == ["b000001.duckdb", "b000002.withheld.duckdb"]
    assert (Reader(home).build_id, opened()) == ("b000001", before)


def test_a_file_that_was_cut_off_is_named_and_kept_and_the_last_build_stays(home, upstander):
    before, whole = opened(), (home / LOG).read_bytes()
    cut = whole[: len(whole) // 2]
    (home / LOG).write_bytes(cut)
    code, said = upstander("build")
    assert code == 11
    assert LOG in said
    assert "Traceback" not in said
    sha256 = hashlib.sha256(cut).hexdigest()
    assert (home / "landing" / sha256[:2] / sha256).read_bytes() == cut
    assert list(files(home)) == ["b000001.duckdb"]
    assert (Reader(home).build_id, opened()) == ("b000001", before)


def test_once_the_file_is_whole_again_the_build_in_force_is_the_right_one(home, upstander):
    whole = (home / LOG).read_bytes()
    (home / LOG).write_bytes(whole[: len(whole) // 2])
    assert upstander("build")[0] == 11
    (home / LOG).write_bytes(whole)
    assert upstander("build")[0] == 0
    assert list(files(home)) == ["b000001.duckdb"]
