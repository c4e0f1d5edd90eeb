"""What builds carry over stays that of counting all, whatever happens between two builds: purge, new key, feed gone."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from etl import pipeline, purge
from etl.warehouse.connect import current
from tests import same_build
from tests.proof.test_purge import NEW, OLD, TODAY, built, lines, put, rows  # noqa: F401  built is a fixture

CARRIED = (  # whether anything was, and whether anything could be: of a mart without rows nothing is counted
    "SELECT COUNT(*) FILTER (is_carried_over) > 0, COUNT(digest) > 0 FROM meta_part WHERE table_name LIKE '%report%'"
)
TOTAL = "SELECT value FROM metric_value WHERE metric = 'reports_submitted' AND grain = 'total' AND split = ''"
PART = "SELECT COUNT(*) FROM metric_part WHERE metric = 'reports_submitted' AND value > 0"


@pytest.fixture(scope="module", autouse=True)
def unchecked(built: Path) -> Iterator[None]:  # noqa: F811
    """What contracts promise is tried elsewhere; the first build, which other modules share, keeps it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.check, "check_build", lambda *asked: [])
        yield


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:  # noqa: F811
    return Path(shutil.copytree(built, tmp_path / "home"))


def built_of(home: Path) -> Path:
    return home / str((current(home) or {})["file"])


def check_against_counting_all(home: Path, tmp_path: Path, *, had_rows: bool = True) -> None:
    """The build in force, made by carrying over, is that of a copy of the instance that carries nothing over.

    had_rows: whether there was anything to be carried over, in the build before.
    """
    ((is_carried_over, has_rows),) = rows(home, CARRIED)
    assert is_carried_over == (has_rows and had_rows)
    whole = Path(shutil.copytree(home, tmp_path / "whole", dirs_exist_ok=True))
    pipeline.build(whole, force=True, offline=True)
    assert rows(whole, CARRIED) == [(False, has_rows)]
    assert same_build.differences(built_of(home), built_of(whole)) == {}
    shutil.rmtree(whole)


def test_after_a_purge_the_remembered_days_are_neither_lost_nor_doubled(home: Path, tmp_path: Path) -> None:
    """Nor by what comes then, by a purge of that, and by a new key."""
    ((before,),), days = rows(home, TOTAL), rows(home, PART)
    purge.purge(home, TODAY)
    check_against_counting_all(home, tmp_path)
    assert (rows(home, TOTAL), rows(home, PART)) == ([(before,)], days)
    put(home / "feeds/more.jsonl", lines(date(2026, 10, 22), 3, NEW, 900) + lines(date(2026, 6, 1), 3, OLD, 950))
    pipeline.build(home)
    check_against_counting_all(home, tmp_path)
    purge.purge(home, date(2027, 6, 1))
    assert purge.rekey(home) == 0
    check_against_counting_all(home, tmp_path)
    assert rows(home, TOTAL) == [(before + 3,)]
    assert rows(home, "SELECT COUNT(*) FROM mart_report_submission") == [(0,)]


def test_after_a_new_key_the_same_is_there_as_if_all_were_counted(home: Path, tmp_path: Path) -> None:
    before = rows(home, TOTAL)
    assert purge.rekey(home) == 0
    check_against_counting_all(home, tmp_path)
    assert rows(home, TOTAL) == before


def test_of_a_feed_that_vanished_nothing_is_left_and_it_can_come_back(home: Path, tmp_path: Path) -> None:
    settings, before = (home / "upstander.yml").read_text(), rows(home, TOTAL)
    text = f"{settings}as_of: 2026-10-22\n"
    put(home / "upstander.yml", text)
    pipeline.build(home)
    put(home / "upstander.yml", text[: text.index("feeds:")] + "feeds: {}\nas_of: 2026-10-22\n")
    pipeline.build(home)
    check_against_counting_all(home, tmp_path)
    assert rows(home, PART) == [(0,)]
    put(home / "upstander.yml", text)
    pipeline.build(home)
    check_against_counting_all(home, tmp_path, had_rows=False)
    assert rows(home, TOTAL) == before
