"""Events after a purge: what is neither old nor new (canaries, trials, events of bots) goes with the old ones."""

from datetime import datetime

from etl import purge
from etl.feed import LandedFile


def test_old_events_and_those_that_are_no_rows_are_deleted_whatever_signs_stand_in_them(tmp_path):
    old, canary, new, last = (
        b'{"a": "Old \\" one"}',
        b'{"a": "canary \\""}',
        b'  {"a": "New \\" one"}',
        b'{"a": "Last"}',
    )
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join([old, canary, new, b"", old, last]))
    file = LandedFile(path, path.name, "0" * 64, path.stat().st_size, datetime(2026, 11, 20))
    assert purge.rest(file, {1, 5}, {3, 6}) == b"\r\n\r\n" + new + b"\r\n\r\n\r\n" + last
    assert purge.rest(file, {1, 5}, set()) == b""
