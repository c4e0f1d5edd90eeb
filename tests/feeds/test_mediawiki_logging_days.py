"""Of which days a log dump tells: to its last item, of whatever type, or to the eve of the day in its name."""

from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest

from data_contracts.faults import FeedFault
from etl.formats import log_blocks, logging_xml
from tests.feeds.logging_reader import dump, item, read, told_days

JANUARY = (
    item(1, "upload/upload", at="2026-01-02T03:00:00Z", title="File:Dove"),
    item(2, at="2026-01-05T00:00:00Z"),
    item(3, "patrol/patrol", at="2026-01-09T23:59:59Z", title="Dove"),
)


def ends(folder: Path, *items: str, name: str = "log.xml", content: bytes | None = None) -> tuple[date, ...]:
    """The first and the last of the days, between which none is missing."""
    path = folder / name
    path.write_bytes(dump(*items) if content is None else content)
    days = told_days(path)
    assert days == [date.fromordinal(days[0].toordinal() + number) for number in range(len(days))]
    return (days[0], days[-1])


@pytest.mark.parametrize("size", [150, log_blocks.BLOCK])
def test_items_that_are_dropped_say_from_when_to_when_a_dump_tells(tmp_path: Path, size: int) -> None:
    with patch.object(log_blocks, "BLOCK", size), patch.object(logging_xml, "GROUP", size):
        assert ends(tmp_path, *JANUARY) == (date(2026, 1, 2), date(2026, 1, 9))
        assert [row["log_id"] for row in read(tmp_path / "log.xml")[0]] == [2]
        assert ends(tmp_path, *(JANUARY[0], JANUARY[2])) == (date(2026, 1, 2), date(2026, 1, 9))  # without a row


def test_a_dump_that_only_a_parser_can_read_tells_of_the_same_days(tmp_path: Path) -> None:
    remark = "<!-- <logitem><timestamp>2031-01-01T00:00:00Z</timestamp></logitem> -->"
    assert ends(tmp_path, *JANUARY, remark) == (date(2026, 1, 2), date(2026, 1, 9))
    with patch.object(logging_xml, "root_and_first", return_value=(b"", 0)):
        assert ends(tmp_path, *JANUARY) == (date(2026, 1, 2), date(2026, 1, 9))
    with patch.object(log_blocks, "BLOCK", 150), patch.object(logging_xml, "GROUP", 150):
        assert ends(tmp_path, *JANUARY, remark) == (date(2026, 1, 2), date(2026, 1, 9))


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("quietwiki-20260401-pages-logging.xml", date(2026, 3, 31)),  # begun on the 1st of April
        ("feeds-of-us-quietwiki-20260105-pages-logging.xml", date(2026, 1, 9)),  # it took days
        ("quietwiki-20260401-pages-logging3.xml", date(2026, 1, 9)),  # one part of several
        ("quietwiki-20261399-pages-logging.xml", date(2026, 1, 9)),
        ("quietwiki-20261101-pages-logging.xml", date(2026, 10, 31)),  # on the day on which it came in
        ("quietwiki-20261102-pages-logging.xml", date(2026, 1, 9)),  # which cannot be
        ("quietwiki-20991231-pages-logging.xml", date(2026, 1, 9)),
        ("quietwiki-20000101-pages-logging.xml", date(2026, 1, 9)),
        ("quietwiki-2019-10_2020-03-pages-logging.xml", date(2026, 1, 9)),
        ("quietwiki-latest-pages-logging.xml", date(2026, 1, 9)),
    ],
)
def test_the_day_on_which_a_dump_was_begun_stands_in_its_name(tmp_path: Path, name: str, last: date) -> None:
    assert ends(tmp_path, *JANUARY, name=name) == (date(2026, 1, 2), last)


def test_a_dump_without_items_tells_of_no_day_and_one_that_is_cut_short_of_none_either(tmp_path: Path) -> None:
    path = tmp_path / "quietwiki-20260401-pages-logging.xml"
    path.write_bytes(dump())
    assert told_days(path) == []
    path.write_bytes(dump(*JANUARY)[:-30])
    with pytest.raises(FeedFault):
        told_days(path)
    path.write_bytes(dump(item(1, at="hidden")))
    assert told_days(path) == []


NEVER = ("9999-12-31T00:00:00Z", "2026-11-02T00:00:00Z", "0001-01-01T00:00:00Z", "2000-12-31T23:59:59Z", "soon", "")


@pytest.mark.parametrize("at", NEVER)
@pytest.mark.parametrize("size", [150, log_blocks.BLOCK])
@pytest.mark.parametrize("is_by_the_book", [False, True])
def test_an_item_whose_time_cannot_be_says_nothing_of_the_days_of_the_others(
    tmp_path: Path, at: str, size: int, is_by_the_book: bool
) -> None:
    """The dump came in on the 1st of November 2026."""
    wrong = [item(number, "upload/upload", at=at, title="File:Dove") for number in (90, 91)]
    content = dump(*wrong, *JANUARY, *wrong)
    content = content.replace(b"<logitem>", b"<!-- --><logitem>", 1) if is_by_the_book else content
    with patch.object(log_blocks, "BLOCK", size), patch.object(logging_xml, "GROUP", size):
        assert ends(tmp_path, content=content) == (date(2026, 1, 2), date(2026, 1, 9))


def test_a_dump_in_which_no_item_has_a_time_that_can_be_tells_of_no_day(tmp_path: Path) -> None:
    path = tmp_path / "quietwiki-20260401-pages-logging.xml"
    path.write_bytes(dump(*(item(number, at=at) for number, at in enumerate(NEVER, 1))))
    assert told_days(path) == []


def test_a_dump_whose_last_item_is_older_than_its_first_tells_of_the_day_of_the_first(tmp_path: Path) -> None:
    assert ends(tmp_path, *reversed(JANUARY)) == (date(2026, 1, 9), date(2026, 1, 9))
