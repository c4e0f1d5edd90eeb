"""Files of history dumps as they come: which snapshot counts, what is missing, and what is cut, damaged or no dump."""

import bz2
import gzip
import os
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from data_contracts.faults import Faults
from etl.formats import history_table, opening, unpacking
from etl.sources import mediawiki_history as feed
from tests.delivered import faulty, rejects_of
from tests.history_dump import at, delivery, edit, packed, read, values

ROOT = Path(__file__).parents[2]
A_THIRD = 70_000


@pytest.fixture(params=["lbzip2", "indexed_bzip2"])
def unpacker(request, monkeypatch):
    """Both ways of unpacking have to say the same."""
    if request.param == "lbzip2" and not shutil.which("lbzip2"):
        pytest.skip("needs lbzip2, which is not installed here: apt-get install lbzip2")
    if request.param == "indexed_bzip2":
        monkeypatch.setattr(unpacking.shutil, "which", lambda name: None)
    return request.param


def month(folder, bucket, *lines, snapshot="2026-10", wiki="en.demo", ending=".tsv"):
    content = lines or (edit(f"{bucket}-05 00:00:00.0" if len(bucket) == 7 else f"{bucket}-05-05 00:00:00.0", "Ada"),)
    return packed(folder, *content, name=f"{snapshot}.{wiki}.{bucket}{ending}")


def many(count):
    before, between, after = edit("2026-01-01 00:00:00.0", "|", revision_id="|").split("|")
    return [f"{before}Invented {one % 97}{between}{one}{after}" for one in range(1, count + 1)]


@pytest.mark.parametrize("ending", [".tsv", ".tsv.gz", ".tsv.bz2"])
def test_a_file_is_plain_or_packed_whatever_its_name_says(tmp_path, ending):
    line = edit("2026-01-01 00:00:00.0", "Ada").encode()
    for content in (line, gzip.compress(line), bz2.compress(line)):
        path = tmp_path / f"2026-10.en.demo.all-time{ending}"
        path.write_bytes(content)
        batches, fault = read(path)
        assert (values(batches, "performer"), fault) == ([("Ada",)], None)


def test_a_file_of_several_streams_is_read_to_its_end(tmp_path, unpacker):
    lines = many(3)
    path = tmp_path / "2026-10.en.demo.all-time.tsv.bz2"
    path.write_bytes(b"".join(bz2.compress(line.encode()) for line in lines))
    batches, fault = read(path)
    assert (values(batches, "revision_id"), fault) == ([(1,), (2,), (3,)], None)


def test_every_line_keeps_its_number_over_all_blocks_and_batches(tmp_path, unpacker, monkeypatch):
    monkeypatch.setattr(unpacking, "PIECE", 4_000)
    monkeypatch.setattr(history_table, "BLOCK", 5_000)
    monkeypatch.setattr(feed, "ROWS", 100)
    lines = many(500)
    lines[250] = "not a line\n"
    batches, fault = read(packed(tmp_path, *lines))
    assert fault is None
    assert len(batches) > 4
    assert values(batches, "line", "revision_id") == [(one, one) for one in range(1, 501) if one != 251]
    assert [one.line for one in rejects_of(batches)] == [251]


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_cut_file_is_a_fault_after_what_could_be_read(tmp_path, unpacker, kept, monkeypatch):
    monkeypatch.setattr(history_table, "BLOCK", 1 << 20)
    path = tmp_path / "2026-10.en.demo.all-time.tsv.bz2"
    whole = b"".join(bz2.compress("".join(many(20_000)[part::3]).encode(), 1) for part in range(3))
    path.write_bytes(whole[: int(len(whole) * kept)])
    batches, fault = read(path)
    assert "damaged or cut short" in str(fault)
    assert fault.where == "2026-10.en.demo.all-time.tsv.bz2"
    lines = values(batches, "line")
    assert lines == [(number,) for number in range(1, len(lines) + 1)]  # how many depends on the program's haste
    assert not values(batches, "line", table=feed.DAYS)  # nobody may think that its months are known


def test_damage_in_the_middle_is_a_fault(tmp_path, unpacker):
    path = packed(tmp_path, *many(5_000))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 3] = b"\xff\x00\xff"
    path.write_bytes(bytes(content))
    assert "damaged or cut short" in str(read(path)[1])


@pytest.mark.parametrize("size", [40, 30_000_000])
def test_a_second_stream_whose_first_bytes_are_damaged_is_not_passed_over(tmp_path, unpacker, size):
    """Programs that unpack bzip2 take it for rubbish behind the end, and say nothing."""
    path = packed(tmp_path, *many(10))
    second = bz2.compress(os.urandom(size) if size > 40 else b"x" * 40)
    path.write_bytes(path.read_bytes() + b"XX" + second[2:])
    assert "behind the end of its bzip2 data stand other bytes" in str(read(path)[1])


def test_zeros_behind_the_end_do_no_harm(tmp_path, unpacker):
    path = packed(tmp_path, *many(2))
    path.write_bytes(path.read_bytes() + bytes(512))
    batches, fault = read(path)
    assert (len(values(batches, "line")), fault) == (2, None)


@pytest.mark.parametrize("content", [b"", bz2.compress(b"")])
def test_an_empty_file_is_a_fault(tmp_path, unpacker, content):
    path = tmp_path / "2026-10.en.demo.all-time.tsv.bz2"
    path.write_bytes(content)
    assert "empty" in str(read(path)[1])


def test_a_plain_file_that_ends_in_the_middle_of_a_line_is_cut_short(tmp_path):
    path = packed(tmp_path, *many(3), name="2026-10.en.demo.all-time.tsv")
    path.write_bytes(path.read_bytes()[:-60])
    batches, fault = read(path)
    assert "cut short" in str(fault)
    assert values(batches, "line") == [(1,), (2,)]


def test_reading_may_stop_at_any_time_and_leaves_no_process(tmp_path, unpacker, monkeypatch):
    monkeypatch.setattr(feed, "ROWS", 10)
    from tests.delivered import landed

    reading = feed.read(landed(delivery(), packed(tmp_path, *many(20_000))))
    next(reading)
    reading.close()
    for _ in range(100):  # the thread that unpacks ends by itself
        found = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "comm="], capture_output=True, text=True).stdout
        if "lbzip2" not in found:
            return
        time.sleep(0.05)
    pytest.fail("lbzip2 goes on")


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (b"enwiki\tshort\n", "a line has 78 columns"),
        (b"\n", "a line has 78 columns"),
        (edit("2026-02-30 00:00:00.0", "Ada").encode(), "event_timestamp is a time such as 2019-01-01 00:00:00.0"),
        (edit("yesterday", "Ada").encode(), "event_timestamp is a time such as 2019-01-01 00:00:00.0"),
        (edit("2026-01-01 00:00:00.0", "Ada", revision_id="12x").encode(), "revision_id is a whole number"),
        (edit("2026-01-01 00:00:00.0", "Ada", revision_id="9" * 400).encode(), "revision_id is a whole number"),
        (
            edit("2026-01-01 00:00:00.0", "Ada", user_is_anonymous="maybe").encode(),
            "user_is_anonymous is true or false",
        ),
        (edit("2026-01-01 00:00:00.0", "Ada").encode().replace(b"Ada", b"A\xffa"), "event_user_text is text in UTF-8"),
        (edit("2026-01-01 00:00:00.0", "A\0a").encode(), "text has no NUL and no bare carriage return"),
        (edit("2026-01-01 00:00:00.0", "A\ra").encode(), "text has no NUL and no bare carriage return"),
        (edit("2026-01-01 00:00:00.0", "Ada", wiki_db="de.demo").encode(), "wiki_db is the wiki of the file's name"),
        (edit("2026-11-01 00:00:00.0", "Ada").encode(), "event_timestamp lies in the months of the file's name"),
    ],
)
def test_only_the_line_at_fault_is_refused_and_told_without_what_it_says(tmp_path, bad, rule):
    good = many(2)
    path = tmp_path / "2026-10.en.demo.all-time.tsv"
    path.write_bytes(good[0].encode() + bad + good[1].encode())
    batches, fault = read(path)
    assert fault is None
    assert values(batches, "line", "revision_id") == [(1, 1), (3, 2)]
    ((line, found, excerpt),) = [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)]
    assert (line, found) == (2, rule)
    assert "Ada" not in excerpt


def test_what_is_wrong_in_a_column_that_nobody_reads_does_not_matter(tmp_path):
    path = packed(
        tmp_path,
        edit("2026-01-01 00:00:00.0", "Ada", page_title="T", event_comment="C"),
        name="2026-10.en.demo.all-time.tsv",
    )
    path.write_bytes(
        path.read_bytes().replace(b"\tT\t", b"\t\xff\t").replace(b"\tC\t", b"\t" + b"c" * 3_000_000 + b"\t")
    )
    batches, fault = read(path)
    assert (values(batches, "performer"), fault, rejects_of(batches)) == ([("Ada",)], None, [])


def test_lines_that_windows_ended_are_read(tmp_path):
    path = packed(tmp_path, *many(2), name="2026-10.en.demo.all-time.tsv")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    batches, fault = read(path)
    assert (values(batches, "revision_id"), fault, rejects_of(batches)) == ([(1,), (2,)], None, [])


def test_a_time_is_read_alike_beside_good_lines_and_beside_bad_ones(tmp_path):
    unusual = edit("2026-01-01T00:00:00", "Ada", revision_id="9")
    alone, _ = read(packed(tmp_path, unusual))
    beside, _ = read(packed(tmp_path, "bad\n", *many(1), unusual))
    assert values(alone, "occurred_at", "revision_id")[-1:] == values(beside, "occurred_at", "revision_id")[-1:]


def test_a_line_without_end_is_a_fault_and_not_a_full_memory(tmp_path, unpacker):
    path = tmp_path / "2026-10.en.demo.all-time.tsv.bz2"
    path.write_bytes(bz2.compress(many(1)[0].encode() + b"x" * (40 << 20)))
    assert "a line of more than 16 MB" in str(read(path)[1])


def test_a_file_that_says_the_same_without_end_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "FREE_BYTES", 1 << 20)
    path = packed(tmp_path, edit("2026-01-01 00:00:00.0", "Ada") * 20_000)
    batches, fault = read(path)
    assert "it unpacks to more than 200 times its size" in str(fault)
    assert len(values(batches, "line")) < 20_000


def test_a_file_with_too_many_lines_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(history_table, "MOST_REFUSED", 100)
    batches, fault = read(packed(tmp_path, *many(150), *["bad\n"] * 101))
    assert "line after line cannot be read" in str(fault)
    assert len(rejects_of(batches)) == 101


@pytest.mark.parametrize("good", [0, 9])
def test_a_column_that_looks_otherwise_in_most_lines_is_told_with_the_contract_s_line(tmp_path, good):
    lines = [*many(good), *[edit("2026-01-01T00:00:00Z", "Ada", revision_id=str(one)) for one in range(20, 40)]]
    _, fault = read(packed(tmp_path, *lines))
    contract = (ROOT / "data_contracts/sources/mediawiki_history.odcs.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(contract, start=1) if "{name: occurred_at," in text)
    assert f"occurred_at of data_contracts/sources/mediawiki_history.odcs.yaml:{line} (version 1.0.0)" in str(fault)
    assert "event_timestamp" in str(fault)


def test_a_file_of_another_wiki_or_other_months_under_this_name_is_refused(tmp_path):
    for bad in (edit("2026-01-01 00:00:00.0", "Ada", wiki_db="de.demo"), edit("2026-12-01 00:00:00.0", "Ada")):
        _, fault = read(packed(tmp_path, bad, bad))
        assert "it is not what its name says" in str(fault)


@pytest.mark.parametrize(
    "name",
    [
        "history.tsv.bz2",
        "2026-13.en.demo.all-time.tsv",
        "2026-10.en.demo.2026-1.tsv",
        "2026-10.en.demo.all-time.csv",
        "2026-10.all-time.tsv",
    ],
)
def test_a_name_that_does_not_say_what_it_holds_is_refused(tmp_path, name):
    with faulty(name, "its name does not say what it holds", "<snapshot>.<wiki>.<bucket>.tsv.bz2"):
        raise read(packed(tmp_path, edit("2026-01-01 00:00:00.0", "Ada"), name=name))[1]


def test_names_are_held_against_the_settings_and_themselves_all_at_once(tmp_path):
    paths = [month(tmp_path, "2026-10", wiki="de.demo"), month(tmp_path, "2026-11", snapshot="2026-10")]
    _, fault = read(*paths)
    assert isinstance(fault, Faults)
    assert "it is of the wiki de.demo" in str(fault)
    assert "it tells of 2026-11, after its snapshot 2026-10" in str(fault)


def test_the_newest_snapshot_takes_the_place_of_the_last_one(tmp_path):
    old = month(tmp_path, "all-time", edit("2026-08-01 00:00:00.0", "Old Name"), snapshot="2026-09")
    new = month(tmp_path, "all-time", edit("2026-08-01 00:00:00.0", "New Name"))
    for paths in ([old, new], [new, old]):
        batches, fault = read(*paths)
        assert (values(batches, "performer"), fault) == ([("New Name",)], None)
        assert {one[0] for one in values(batches, "snapshot", table=feed.DAYS)} == {"2026-10"}


def test_a_newer_snapshot_that_is_not_whole_does_not_count_and_says_what_is_missing(tmp_path):
    old = [month(tmp_path, bucket, snapshot="2026-09") for bucket in ("2026-07", "2026-08", "2026-09")]
    new = [month(tmp_path, bucket) for bucket in ("2026-08", "2026-10")]
    batches, fault = read(*old, *new)
    assert fault is None
    assert {one[0] for one in values(batches, "snapshot", table=feed.DAYS)} == {"2026-09"}
    ((rule, excerpt),) = [(one.rule, one.excerpt) for one in rejects_of(batches)]
    assert rule == "the snapshot 2026-10 of en.demo has all its files"
    assert excerpt == "missing: 2026-07, 2026-09"


def test_where_no_snapshot_is_whole_nothing_is_read(tmp_path):
    batches, fault = read(month(tmp_path, "2026-08"), month(tmp_path, "2026-10"))
    assert not batches
    assert "no snapshot has all its files: 2026-10 lacks 2026-09" in str(fault)


def test_years_and_months_are_put_together_oldest_first(tmp_path):
    batches, fault = read(*(month(tmp_path, bucket) for bucket in ("2026", "2024", "2025")))
    assert fault is None
    assert values(batches, "occurred_at") == [(at(f"{year}-05-05"),) for year in (2024, 2025, 2026)]


def test_years_and_months_of_one_snapshot_do_not_go_together(tmp_path):
    _, fault = read(month(tmp_path, "2026"), month(tmp_path, "2026-10"))
    assert "buckets of 2 kinds in one snapshot" in str(fault)


def test_a_copy_of_a_file_does_no_harm_and_two_unlike_files_of_one_bucket_do(tmp_path):
    first = month(tmp_path, "all-time", edit("2026-08-01 00:00:00.0", "Ada"))
    (tmp_path / "copy").mkdir()
    copy = shutil.copy(first, tmp_path / "copy" / first.name)
    batches, fault = read(first, copy)
    assert (values(batches, "performer"), fault) == ([("Ada",)], None)
    packed_too = month(tmp_path, "all-time", edit("2026-08-01 00:00:00.0", "Ben"), ending=".tsv.bz2")
    assert "it is the second file of all-time in the snapshot 2026-10" in str(read(first, packed_too)[1])


def test_the_days_of_which_a_file_tells_end_with_its_months_and_not_with_its_last_event(tmp_path):
    batches, _ = read(
        month(
            tmp_path,
            "all-time",
            edit("2026-09-29 23:00:00.0", "Ada"),
            edit("2026-10-02 00:00:00.0", "Ada", revision_id="2"),
        )
    )
    days = values(batches, "day_at", table=feed.DAYS)
    assert (days[0], days[-1], len(days)) == ((datetime(2026, 9, 29),), (datetime(2026, 10, 31),), 33)


def test_the_faults_of_all_files_are_told_at_once_after_what_could_be_read(tmp_path):
    for bucket in ("2024", "2026"):
        month(tmp_path, bucket, ending=".tsv.bz2").write_bytes(b"BZh9 and nothing else")
    batches, fault = read(*sorted(tmp_path.glob("*.bz2")), month(tmp_path, "2025"))
    assert values(batches, "occurred_at") == [(at("2025-05-05"),)]
    assert [one.where for one in fault.faults] == ["2026-10.en.demo.2024.tsv.bz2", "2026-10.en.demo.2026.tsv.bz2"]


def test_a_wiki_stands_in_the_settings_once():
    wiki = {"wiki": "en.demo", "files": ["*.bz2"]}
    with pytest.raises(ValueError, match=r"en.demo stands there twice"):
        feed.Settings.model_validate({"wikis": [wiki, wiki]})


def test_memory_does_not_grow_with_the_file(tmp_path, unpacker):
    def peak(count):
        path = packed(tmp_path, *many(count))
        command = [sys.executable, "-m", "tests.feeds.history_memory", str(path), unpacker]
        rows, megabytes = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert int(rows) == count
        return int(megabytes)

    small, large = peak(A_THIRD), peak(3 * A_THIRD)
    assert large < small + 60
