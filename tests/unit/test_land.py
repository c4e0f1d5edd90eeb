"""What was received is kept byte for byte, once, and is never lost."""

import hashlib
import json
import os
import time
from datetime import datetime, timedelta

import pytest

from data_contracts.faults import FeedFault
from etl.feed import Delivery
from etl.warehouse import land as module
from etl.warehouse.land import Landing


def put(home, name: str, content: bytes, minutes_old: int = 10) -> None:
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_bytes(content)
    then = time.time() - 60 * minutes_old
    os.utime(home / name, (then, then))


def journal(home) -> list[dict]:
    return [json.loads(line) for line in (home / "landing/landed.jsonl").read_text().splitlines()]


def test_a_file_is_kept_byte_for_byte_under_its_sha256(tmp_path):
    put(tmp_path, "feeds/a.csv", b"x\r\n\xff")
    (landed,) = Landing(tmp_path).land(Delivery("tickets", ("feeds/a.csv",)))
    sha256 = hashlib.sha256(b"x\r\n\xff").hexdigest()
    assert landed.files[0].path == tmp_path / "landing" / sha256[:2] / sha256
    assert landed.files[0].path.read_bytes() == b"x\r\n\xff"
    assert (journal(tmp_path)[0]["feed"], journal(tmp_path)[0]["name"]) == ("tickets", "feeds/a.csv")


def test_a_file_that_landed_before_is_neither_copied_nor_journaled_again(tmp_path):
    put(tmp_path, "a.csv", b"x")
    first = Landing(tmp_path).land(Delivery("tickets", ("a.csv",)))[0].files[0]
    inode = first.path.stat().st_ino
    assert Landing(tmp_path).land(Delivery("tickets", ("a.csv",)))[0].files[0] == first
    assert first.path.stat().st_ino == inode
    assert len({line["sha256"] for line in journal(tmp_path)}) == 1


def test_a_settled_file_is_known_again_without_reading_it(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SETTLED_NS", -1)
    put(tmp_path, "a.csv", b"x")
    Landing(tmp_path).land(Delivery("tickets", ("a.csv",)))
    seen = []
    Landing(tmp_path).land(Delivery("tickets", ("a.csv",)), lambda *progress: seen.append(progress))
    assert seen == []


def test_a_new_version_lands_beside_the_old_one(tmp_path):
    put(tmp_path, "a.csv", b"old")
    old = Landing(tmp_path).land(Delivery("tickets", ("a.csv",)))[0].files[0]
    put(tmp_path, "a.csv", b"new")
    new = Landing(tmp_path).land(Delivery("tickets", ("a.csv",)))[0].files[0]
    assert (old.path.read_bytes(), new.path.read_bytes()) == (b"old", b"new")


def test_the_same_delivery_under_two_names_is_read_once(tmp_path):
    put(tmp_path, "feeds/may.csv", b"x")
    put(tmp_path, "feeds/may-again.csv", b"x")
    landed = Landing(tmp_path).land(Delivery("tickets", ("feeds/*.csv",)))
    assert [file.name for one in landed for file in one.files] == ["feeds/may-again.csv"]


def test_files_read_together_keep_their_places(tmp_path):
    put(tmp_path, "answers.csv", b"x")
    put(tmp_path, "strata.csv", b"y")
    (landed,) = Landing(tmp_path).land(Delivery("survey", ("strata.csv", "answers.csv"), together=True))
    assert [file.name for file in landed.files] == ["strata.csv", "answers.csv"]


def test_a_pattern_takes_its_files_in_the_order_of_their_names(tmp_path):
    for name in ("b.csv", "a.csv", "c.xml"):
        put(tmp_path, name, name.encode())
    landed = Landing(tmp_path).land(Delivery("tickets", ("*.csv",)))
    assert [one.files[0].name for one in landed] == ["a.csv", "b.csv"]


def test_a_path_that_fits_no_file_is_named_with_its_feed(tmp_path):
    with pytest.raises(FeedFault, match=r"(?s)feeds\.tickets.*no file is called feeds/\*\.csv"):
        Landing(tmp_path).land(Delivery("tickets", ("feeds/*.csv",)))


def test_a_file_that_changes_while_it_is_read_does_not_land(tmp_path):
    put(tmp_path, "a.csv", b"x" * 10)
    with pytest.raises(FeedFault, match="changed while it was read"):
        Landing(tmp_path).land(Delivery("tickets", ("a.csv",)), lambda *_: put(tmp_path, "a.csv", b"y" * 10, 5))
    assert [path.name for path in (tmp_path / "landing").iterdir()] == []


def test_received_at_is_when_this_content_first_came_under_this_name(tmp_path):
    put(tmp_path, "a.csv", b"x")
    (tmp_path / "landing").mkdir()
    sha256 = hashlib.sha256(b"x").hexdigest()
    line = {
        "feed": "tickets",
        "name": "a.csv",
        "sha256": sha256,
        "bytes": 1,
        "received_at": "2020-01-02T03:04:05",
        "stamp": "",
    }
    (tmp_path / "landing/landed.jsonl").write_text(json.dumps(line) + "\n")
    landed = Landing(tmp_path).land(Delivery("tickets", ("a.csv",)))
    assert landed[0].files[0].received_at == datetime(2020, 1, 2, 3, 4, 5)


def test_a_journal_line_cut_short_by_a_crash_is_dropped_and_the_next_is_whole(tmp_path):
    put(tmp_path, "a.csv", b"x")
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing/landed.jsonl").write_text('{"feed": "tick')
    Landing(tmp_path).land(Delivery("tickets", ("a.csv",)))
    assert [line["name"] for line in journal(tmp_path)] == ["a.csv"]


def test_what_comes_by_a_clock_that_was_turned_back_is_not_older_than_what_came_before(tmp_path, monkeypatch):
    class TurnedBack(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - timedelta(days=400)

    put(tmp_path, "a.csv", b"x")
    first = Landing(tmp_path).land(Delivery("tickets", ("a.csv",)))[0].files[0]
    monkeypatch.setattr(module, "datetime", TurnedBack)
    put(tmp_path, "b.csv", b"y")
    second = Landing(tmp_path).land(Delivery("tickets", ("b.csv",)))[0].files[0]
    assert second.received_at == first.received_at
