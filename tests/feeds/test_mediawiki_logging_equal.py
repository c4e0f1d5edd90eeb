"""The fast reading of log dumps gives what a streaming XML parser gives, whatever stands in them and wherever they are cut."""

import contextlib
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from data_contracts.faults import FeedFault
from etl.feed import Reject
from etl.formats import log_blocks, logging_xml
from etl.formats.log_texts import LogTexts
from etl.sources import mediawiki_logging as feed
from tests.feeds.logging_odd import odd_dumps, plain
from tests.feeds.logging_reader import TAIL, Rows, dump, item, landed_file, read

SAMPLES = Path(__file__).parent / "samples"
LIVE = Path(__file__).parent / "mediawiki-live"
SAMPLE = (SAMPLES / "mediawiki_logging.xml").read_bytes()
SLICE = 24 << 20  # bytes of a large dump; the parser takes some seconds for these

Read = tuple[Rows, list[Reject], FeedFault | None]

more = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
most = settings(more, max_examples=150)


def by_the_book(path: Path) -> Read:
    """All of it by the streaming parser."""
    with patch.object(logging_xml, "root_and_first", return_value=(b"", 0)):
        return read(path)


def texts(path: Path) -> list[tuple[Any, ...]]:
    """Each item as it was read, before anything is judged."""
    found: list[tuple[Any, ...]] = []
    with contextlib.suppress(FeedFault):
        for some, _ in logging_xml.items(landed_file(path), feed.log_types()):
            items = some.items() if isinstance(some, LogTexts) else some
            found.extend(zip(*(getattr(items, field.name) for field in fields(items)), strict=True))
    return found


def checksum(found: Read) -> str:
    rows, rejects, fault = found
    return hashlib.sha256(repr(([[*row.values()] for row in rows], rejects, str(fault))).encode()).hexdigest()


def assert_the_same(path: Path, size: int) -> None:
    """Text by text, and then row by row. Behind a fault nothing is asked: what is dropped is not proved well-formed."""
    with patch.object(log_blocks, "BLOCK", size), patch.object(logging_xml, "GROUP", 2 * size):
        items, (rows, rejects, fault) = texts(path), read(path)
    with patch.object(logging_xml, "root_and_first", return_value=(b"", 0)):
        book_items, book = texts(path), read(path)
    if book[2] is None:
        assert items == book_items
        assert (rows, rejects, fault) == book
    else:
        assert items[: len(book_items)] == book_items


@most
@given(odd_dumps(), st.sampled_from([300, 1000, log_blocks.BLOCK]))
def test_odd_dumps_give_the_same_texts_rows_and_refusals_as_by_a_parser(tmp_path: Path, data: bytes, size: int) -> None:
    path = tmp_path / "log.xml"
    path.write_bytes(data)
    assert_the_same(path, size)


@pytest.mark.parametrize("size", [300, log_blocks.BLOCK], ids=["unsifted", "sifted"])
@pytest.mark.parametrize("kind", ["block/block", "move/move"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    <type>LOG</type>", "    <extra>\n    <type>LOG</type>\n    </extra>"),
        ("    <type>LOG</type>", "    <extra><type>move</type></extra>"),
        ("    <type>LOG</type>", "    <extra><type>move</type></extra>\n    <type >block</type >"),
        ("    <type>LOG</type>", "    <type>LOG</type><b/>"),
        ("    <type>LOG</type>", "    <type>LOG<b/>x</type>"),
        ("    <type>LOG</type>", "    <types>move</types><type >block</type >"),
        ("    <type>LOG</type>", "    <type>abusefilt</type>"),
        ("    <type>LOG</type>", "    <type>newusers2</type>"),
        ("    <type>LOG</type>", "    <type></type>"),
        ("    <type>LOG</type>\n", ""),
        ("</action>", "</action><type>move</type>"),
        ("</action>", "</action><b></b>"),
        ("<id>1</id>", "<id>1</id><b>"),
        ("    <type>LOG</type>", "    <type>abusefilter</type>"),
        ("    <type>LOG</type>", "    <typesettings9>x</typesettings9>"),
        ("spam", "a\r\nb\rc &amp;lt; \t"),
        ("spam", "&#x26;lt;"),
        ("spam", "spam<b/>"),
        ("User:Ben", "<b>User</b>:Ben"),
        ("spam", "<!-- <type>move</type></logitem>\n  <logitem> -->"),
        ("spam", "<!-- </logitem><logitem><type>move</type> -->"),
        ("spam", "<![CDATA[</logitem>\n  <logitem>\n    <type>move</type>]]>"),
        ("spam", "\n    </comment>\n    <comment>"),
        ("</logitem>", "</logitem><logitem><type>block</type></logitem>"),
        ("Ada", "A\nda"),
        ("<username>Ada</username>", "<ip>192.0.2.1</ip>"),
        ("<username>Ada</username>", "<username>Ada</username><ip>192.0.2.1</ip>"),
        ("<username>Ada</username>\n      <id>7</id>", "<id>7</id>\n      <username>Ada</username>"),
    ],
)
def test_items_that_could_be_taken_for_others_are_read_as_by_a_parser(
    tmp_path: Path, kind: str, old: str, new: str, size: int
) -> None:
    """In small pieces the odd item comes behind some that are all wanted, and those behind such are not sifted."""
    path, log = tmp_path / "log.xml", kind.partition("/")[0]
    odd = item(1, kind).replace(old.replace("LOG", log), new.replace("LOG", log))
    assert odd != item(1, kind)
    path.write_bytes(dump(*map(item, range(2, 7)), odd, item(7, "move/move"), item(8)))
    assert_the_same(path, size)


HOSTILE = st.sampled_from([b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbf\xbe", b"&", b"<", b">", b"</", b"]]>", b"\x1f"])


@more
@given(st.data())
def test_changed_bytes_give_rows_refusals_and_faults_only_and_no_row_that_a_parser_denies(
    tmp_path: Path, data: st.DataObject
) -> None:
    changed = SAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(changed))), data.draw(st.integers(0, 40))
        other = data.draw(st.binary(max_size=3) | HOSTILE | st.just(changed[at : at + 300]))
        changed = changed[:at] + other + changed[at + length :]
    path = tmp_path / "log.xml"
    path.write_bytes(changed)
    fast, book = read(path), by_the_book(path)
    if book[2] is None:
        assert (fast[:2], fast[2]) == (book[:2], None)


@pytest.mark.parametrize("kind", ["block/block", "patrol/patrol"])
@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("<a>" * 100_000 + "</a>" * 100_000, id="deep nesting"),
        pytest.param("x" * (20 << 20), id="20 MB of text"),
        pytest.param("\0", id="a NUL byte"),
    ],
)
def test_a_hostile_item_ends_the_reading_with_a_fault_or_is_dropped_as_a_whole(
    tmp_path: Path, kind: str, hostile: str
) -> None:
    path = tmp_path / "log.xml"
    path.write_bytes(dump(item(1), item(2, kind, comment="HOSTILE"), item(3)).replace(b"HOSTILE", hostile.encode()))
    rows, rejects, fault = read(path)
    lines = [row["line"] for row in rows]
    assert rejects == []
    assert (lines == [1] and "XML that cannot be read" in str(fault)) or (lines, fault, kind) == (
        [1, 3],
        None,
        "patrol/patrol",
    )


@example([("a\r\nb", "Ben")])
@more
@given(st.lists(st.tuples(plain, st.sampled_from(["Ben", "192.0.2.7", "Ö", "A &amp; B"])), min_size=1, max_size=30))
def test_a_dump_as_mediawiki_writes_it_needs_no_parser(tmp_path: Path, named: list[tuple[str, str]]) -> None:
    path = tmp_path / "log.xml"
    path.write_bytes(dump(*(item(n, comment=said, title=f"User:{name}") for n, (said, name) in enumerate(named))))
    book = by_the_book(path)
    with (
        patch.object(logging_xml, "is_whole", return_value=True),  # of the first tag, which a parser is asked about
        patch.object(etree, "fromstring", _never),
        patch.object(logging_xml, "StreamingReader", _never),
    ):
        assert read(path) == book


def _never(*args: Any, **named: Any) -> None:
    raise AssertionError("a parser was asked")


@pytest.mark.parametrize(
    "path", [SAMPLES / "mediawiki_logging.xml", LIVE / "pages-logging.xml.gz"], ids=lambda p: p.name
)
def test_samples_have_the_checksum_that_a_parser_gives(path: Path) -> None:
    assert checksum(read(path)) == checksum(by_the_book(path))


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("data/enwiki-block-log", "*-pages-logging.xml.gz"),
        ("data/mediawiki-live", "fixtures-1.39/dumps/*logging*"),
        ("data/mediawiki-live", "fixtures-1.43/dumps/*logging*"),
    ],
)
def test_real_dumps_have_the_checksum_that_a_parser_gives(
    shared: Callable[[str], Path], tmp_path: Path, folder: str, pattern: str
) -> None:
    """Of a large one the beginning."""
    found = sorted(shared(folder).glob(pattern))
    assert found
    for path in found:
        part = tmp_path / "log.xml"
        part.write_bytes(_beginning(path))
        assert checksum(read(part)) == checksum(by_the_book(part))


def _beginning(path: Path) -> bytes:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as content:
        text: bytes = content.read(SLICE)
    close = b"</logitem>\n"
    return text if len(text) < SLICE else text[: text.rindex(close) + len(close)] + TAIL.encode()
