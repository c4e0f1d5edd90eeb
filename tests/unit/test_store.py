"""A feed's store: nothing is read twice, what is no longer wanted goes, and it stands on nothing that died half-way."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from data_contracts.faults import Faults, FeedFault
from data_contracts.load import Column, Table
from etl.feed import Batch, Delivery, Landed, LandedFile, Reject
from etl.warehouse import quarantine, store
from etl.warehouse.pseudonym import Pseudonym
from etl.warehouse.store import Wanted

KEY = Pseudonym(b"k" * 16)
VISITS = Table(
    contract="pigeons", version="1", name="raw_pigeons", grain="", quality=(), key=("pigeon",), about_persons=False, feeds=("pigeons",),
    columns=(Column("line", "line", "BIGINT", ""), Column("pigeon", "pigeon", "VARCHAR", ""), Column("eggs", "eggs", "BIGINT", "", minimum=0)),
    event_time=None, path="data_contracts/sources/pigeons.odcs.yaml",
)  # fmt: skip


class Loft:
    """A feed of pigeons: what each file holds, and which files were read."""

    def __init__(self, **files: list[tuple[str, int]]) -> None:
        self.files, self.read_files = files, list[str]()

    def read(self, landed: Landed):
        name = landed.files[0].name
        self.read_files.append(name)
        rows = self.files[name]
        for index, (pigeon, eggs) in enumerate(rows, start=1):
            yield Batch("raw_pigeons", {"line": [index], "pigeon": [pigeon], "eggs": [eggs]}, done=1)
        if name.startswith("torn"):
            raise FeedFault(name, "it is cut short", "a whole file", "Get it again.")
        if name.startswith("odd"):
            yield Batch("raw_pigeons", {"line": [], "pigeon": [], "eggs": []}, (Reject(9, "is a pigeon", "aaa"),), 1)


def wanted(*names: str, **changes) -> Wanted:
    landed = [
        Landed(Delivery("pigeons", (name,)), (LandedFile(Path(name), name, f"sha-{name}", 1, datetime(2026, 1, 1)),))
        for name in names
    ]
    return replace(Wanted("pigeons", {"raw_pigeons": VISITS}, landed, (), KEY, "code"), **changes)


def update(home: Path, loft: Loft, said: Wanted) -> Path:
    return store.update(home, said, loft.read, lambda name, done, total, rows: None)


def held(path: Path) -> tuple[list[tuple], list[tuple]]:
    """Pigeons with their eggs, and lines in quarantine with their rules, as a build sees them."""
    with duckdb.connect() as build:
        quarantine.create_quarantine(build)
        store.attach(build, path, "pigeons", {"raw_pigeons": VISITS})
        rows = build.execute("SELECT pigeon, eggs FROM raw_pigeons ORDER BY ALL").fetchall()
        return rows, build.execute("SELECT file, line, rule FROM quarantine ORDER BY ALL").fetchall()


def test_a_file_is_read_once_however_many_come_after_it(tmp_path):
    loft = Loft(a=[("Rosa", 2)], b=[("Ben", 1)])
    update(tmp_path, loft, wanted("a"))
    path = update(tmp_path, loft, wanted("a", "b"))
    update(tmp_path, loft, wanted("b", "a"))
    assert loft.read_files == ["a", "b"]
    assert held(path) == ([("Ben", 1), ("Rosa", 2)], [])


def test_a_file_that_is_no_longer_wanted_takes_its_rows_along(tmp_path):
    loft = Loft(a=[("Rosa", 2)], b=[("Ben", 1)], odd=[])
    update(tmp_path, loft, wanted("a", "b", "odd"))
    assert held(update(tmp_path, loft, wanted("b"))) == ([("Ben", 1)], [])


def test_a_row_that_was_set_aside_comes_back_when_what_it_clashed_with_is_gone(tmp_path):
    loft = Loft(a=[("Rosa", 2)], b=[("Rosa", 3), ("Ben", -1)])
    (one,), notes = held(update(tmp_path, loft, wanted("a", "b")))
    assert one[0] == "Rosa"
    assert {rule for _, _, rule in notes} == {"eggs is at least 0", "pigeon tell the rows apart"}
    assert held(update(tmp_path, loft, wanted("b"))) == ([("Rosa", 3)], [("b", 2, "eggs is at least 0")])


def test_rows_that_could_not_be_read_stay_in_quarantine(tmp_path):
    loft = Loft(odd=[("Rosa", 2)], a=[])
    update(tmp_path, loft, wanted("odd"))
    assert held(update(tmp_path, loft, wanted("odd", "a")))[1] == [("odd", 9, "is a pigeon")]


def test_a_file_that_is_cut_short_leaves_none_of_its_rows_and_all_faults_are_told(tmp_path):
    loft = Loft(a=[("Rosa", 2)], torn=[("Ben", 1)], torn2=[("Cho", 1)])
    with pytest.raises(Faults) as caught:
        update(tmp_path, loft, wanted("torn", "a", "torn2"))
    assert [fault.where for fault in caught.value.faults] == ["torn", "torn2"]
    assert held(update(tmp_path, loft, wanted("a"))) == ([("Rosa", 2)], [])
    assert loft.read_files == ["torn", "a", "torn2"]


@pytest.mark.parametrize("change", [{"code": "new code"}, {"key": Pseudonym(b"n" * 16)}])
def test_other_code_or_another_key_makes_a_new_store(tmp_path, change):
    loft = Loft(a=[("Rosa", 2)])
    update(tmp_path, loft, wanted("a"))
    update(tmp_path, loft, wanted("a", **change))
    assert loft.read_files == ["a", "a"]


def test_a_store_that_cannot_be_read_is_made_anew(tmp_path):
    loft = Loft(a=[("Rosa", 2)])
    path = update(tmp_path, loft, wanted("a"))
    path.write_bytes(b"no database at all" * 1000)
    assert held(update(tmp_path, loft, wanted("a")))[0] == [("Rosa", 2)]


def test_two_units_that_share_a_file_are_read_again_when_one_goes(tmp_path):
    loft = Loft(a=[("Rosa", 2)])
    twice = wanted("a", "a")
    first, second = twice.landed
    told = Landed(replace(second.delivery, told={"wiki": "b"}), second.files)
    update(tmp_path, loft, replace(twice, landed=[first, told]))
    assert held(update(tmp_path, loft, replace(twice, landed=[first])))[0] == [("Rosa", 2)]


def test_a_store_that_somebody_has_open_is_not_thrown_away(tmp_path, monkeypatch):
    path = update(tmp_path, Loft(a=[("Rosa", 2)]), wanted("a"))

    def refuse(*_args, **_more):
        raise duckdb.IOException("Could not set lock on file: Conflicting lock is held in process 7")

    monkeypatch.setattr(store.duckdb, "connect", refuse)
    with pytest.raises(duckdb.IOException, match="Conflicting lock"):
        update(tmp_path, Loft(a=[]), wanted("a"))
    assert path.exists()
