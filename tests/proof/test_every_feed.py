"""One program has all feeds: each brings rows, and the build of them all is published."""

from pathlib import Path

from etl import pipeline
from etl.warehouse.connect import Reader


def test_every_feed_of_one_program_brings_rows(every_feed: Path):
    with Reader(every_feed).cursor() as cursor:
        counts = dict(cursor.execute("SELECT feed, SUM(rows) FROM meta_feed GROUP BY feed").fetchall())
    assert sorted(counts) == list(pipeline.FEEDS)
    assert [name for name, count in counts.items() if not count] == []


def test_what_was_fetched_and_received_is_read_once(every_feed: Path):
    again = pipeline.build(every_feed, offline=True)
    assert not again.is_new
