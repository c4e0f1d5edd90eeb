"""Files of the log feed: packed or plain, cut anywhere, damaged, not what they say, and read by the book where in doubt."""

import bz2
import gzip
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.formats import opening
from tests.feeds.logging_reader import HEAD, ROOT, TAIL, Rows, dump, item, landed_file, read

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "zstd": lambda data: zstandard.ZstdCompressor(write_checksum=True).compress(data),
}
KINDS = ("block/block", "move/move", "newusers/create", "patrol/patrol", "protect/protect", "thanks/thank")
MIXED = [
    item(n, KINDS[n % 6], by=f"Person {n % 9}", comment=f"Grüße <{n}> & 荒らし!?" * (n % 3)) for n in range(1, 401)
]
WHOLE = dump(*MIXED)
ALL_ROWS = [n for n in range(1, 401) if KINDS[n % 6].split("/")[0] not in {"move", "patrol"}]

ROOT_FOLDER = Path(__file__).parents[2]

more = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_bytes(folder: Path, data: bytes, name: str = "log.xml.gz") -> tuple[Rows, str]:
    """The rows of a file of these bytes, and the fault's text, "" where there is none."""
    path = folder / name
    path.write_bytes(data)
    rows, rejects, fault = read(path)
    assert rejects == []
    return rows, str(fault or "")


@pytest.mark.parametrize("packer", PACKERS)
def test_each_packing_gives_the_same_rows_whatever_the_name_says(tmp_path: Path, packer: str) -> None:
    rows, fault = read_bytes(tmp_path, PACKERS[packer](WHOLE), "log.txt")
    assert ([row["line"] for row in rows], fault) == (ALL_ROWS, "")


@pytest.mark.parametrize("packer", ["gzip", "bzip2", "zstd"])
def test_a_file_packed_in_parts_is_read_to_its_end(tmp_path: Path, packer: str) -> None:
    pack, middle = PACKERS[packer], len(WHOLE) // 2
    rows, fault = read_bytes(tmp_path, pack(WHOLE[:middle]) + pack(WHOLE[middle:]))
    assert ([row["line"] for row in rows], fault) == (ALL_ROWS, "")


@pytest.mark.parametrize("packer", PACKERS)
@more
@given(st.data())
def test_a_file_cut_anywhere_gives_what_was_whole_and_names_itself(
    tmp_path: Path, packer: str, data: st.DataObject
) -> None:
    packed = PACKERS[packer](WHOLE)
    end = data.draw(st.integers(1, len(packed) - (len(TAIL) if packer == "plain" else 1)))
    rows, fault = read_bytes(tmp_path, packed[:end])
    assert [row["line"] for row in rows] == ALL_ROWS[: len(rows)]
    assert fault.startswith("log.xml.gz")
    assert "cut short" in fault or "no log dump" in fault
    if packer == "plain":
        assert len(rows) == sum(packed[:end].count(one.rstrip().encode()) for one in MIXED if one_is_kept(one))


def one_is_kept(one: str) -> bool:
    return "<type>move" not in one and "<type>patrol" not in one


@more
@given(st.integers(1, 700), st.booleans())
def test_pieces_of_any_size_give_the_same_rows(tmp_path: Path, size: int, in_doubt: bool) -> None:
    data = WHOLE.replace(b"<siteinfo>", b"<!-- by hand --><siteinfo>") if in_doubt else WHOLE
    with patch.object(opening, "PIECE", size):
        rows, fault = read_bytes(tmp_path, data)
    assert ([row["line"] for row in rows], fault) == (ALL_ROWS, "")


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t<>&!?]"), max_size=30
)


@more
@given(st.lists(st.tuples(st.sampled_from(KINDS), texts, texts), max_size=8))
def test_the_fast_way_and_the_book_read_the_same(tmp_path: Path, said: list[tuple[str, str, str]]) -> None:
    items = [item(n, kind, comment=text, title=f"User:{name}") for n, (kind, text, name) in enumerate(said, start=1)]
    (tmp_path / "fast.xml").write_bytes(dump(*items))
    (tmp_path / "book.xml").write_bytes(dump(*items).replace(b"  <siteinfo>", b"  <?by hand?><siteinfo>"))
    fast, book = read(tmp_path / "fast.xml"), read(tmp_path / "book.xml")
    assert (fast[0], fast[1]) == (book[0], book[1])
    assert (fast[2], book[2]) == (None, None)


@pytest.mark.parametrize(
    "sign",
    [
        "<!-- </logitem><logitem><type>move</type> -->",
        "<![CDATA[</logitem>\n  <logitem>\n<id>9</id><type>move</type>]]>",
        "<![CDATA[<type>move</type>\n  </logitem>\n  <logitem>]]>",
        "<?php </logitem> ?>",
    ],
)
@pytest.mark.parametrize("kind", ["block/block", "move/move"])
def test_what_bytes_cannot_tell_is_read_by_the_book(tmp_path: Path, kind: str, sign: str) -> None:
    """Text that looks like the end of an item stands where it is none: within a comment, CDATA or an instruction."""
    doubtful = item(2, kind, comment="SIGN").replace("SIGN", f"before {sign} behind")
    rows, fault = read_bytes(tmp_path, dump(item(1, kind), doubtful, item(3), item(4, "move/move"), item(5)))
    wanted = [1, 2, 3, 5] if kind == "block/block" else [3, 5]
    assert ([row["line"] for row in rows], [row["log_id"] for row in rows], fault) == (wanted, wanted, "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<type>block</type>", "<type>blo&#99;k</type>"),
        ("<type>block</type>", "<type><![CDATA[block]]></type>"),
        ("<type>block</type>", '<type note="">block</type>'),
        ("<type>block</type>", "<type >block</type >"),
        ("  <logitem>", "  <logitem >"),
        ("  <logitem>", "\n\n<logitem>"),
        ("</logitem>", "</logitem  >"),
        ("<comment>spam", "<comment>&#x73;pam"),
    ],
)
def test_other_ways_to_write_the_same_xml_give_the_same_row(tmp_path: Path, old: str, new: str) -> None:
    plain, _ = read_bytes(tmp_path, dump(item(1), item(2), item(3, "move/move")))
    other, fault = read_bytes(tmp_path, dump(item(1), item(2).replace(old, new), item(3, "move/move")))
    assert (other, fault) == (plain, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1"])
@pytest.mark.parametrize("name", ["Möwe", "MÃ¶we"])  # the second is the first, if its bytes are taken for UTF-8
def test_the_encoding_is_the_one_that_the_file_says(tmp_path: Path, encoding: str, name: str) -> None:
    said = encoding.replace("-sig", "")
    items = dump(item(1, title=f"User:{name}"), item(2, "move/move")).decode()
    rows, fault = read_bytes(tmp_path, f'<?xml version="1.0" encoding="{said}"?>\n{items}'.encode(encoding))
    assert ([row["target"] for row in rows], fault) == ([name], "")


def test_another_namespace_prefix_is_read(tmp_path: Path) -> None:
    text = dump(item(1), item(2)).decode().replace("</", "</w:").replace("xmlns=", "xmlns:w=")
    text = text.replace("<", "<w:").replace("<w:/w:", "</w:")
    rows, fault = read_bytes(tmp_path, text.encode())
    assert ([row["target"] for row in rows], fault) == (["Ben", "Ben"], "")


def test_a_dump_without_items_has_no_rows_and_no_fault(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, dump()) == ([], "")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "the file is empty"),
        (gzip.compress(b"", mtime=0), "the file is empty"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "it is a 7z archive"),
        (b"PK\x03\x04" + bytes(50), "it is a zip archive"),
        (b"<html><body>Not found</body></html>", "it is no log dump of MediaWiki"),
        (gzip.compress(b"<html><p>Not found</html>", mtime=0), "it is no log dump of MediaWiki"),
        (b"id,name\n1,Ada\n", "it is no log dump of MediaWiki"),
        (b"\x00" * 100, "it is no log dump of MediaWiki"),
        (HEAD.encode() + b"<page><title>Tea</title></page>" + TAIL.encode(), "it holds pages, not log items"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_named(tmp_path: Path, data: bytes, found: str) -> None:
    rows, fault = read_bytes(tmp_path, data)
    assert rows == []
    assert fault.splitlines()[:2] == ["log.xml.gz", f"  {found}"]


@pytest.mark.parametrize("packer", ["gzip", "bzip2", "zstd"])
def test_damaged_packing_is_told_from_a_file_that_was_cut(tmp_path: Path, packer: str) -> None:
    packed = bytearray(PACKERS[packer](WHOLE))
    packed[len(packed) // 2] ^= 0xFF
    _, fault = read_bytes(tmp_path, bytes(packed))
    assert f"its {packer} data is damaged" in fault


@pytest.mark.parametrize("kind", ["block/block", "patrol/patrol"])
def test_broken_xml_ends_the_reading_at_its_line(tmp_path: Path, kind: str) -> None:
    """Behind 100 items of either kind: bytes alone pass over broken items that are dropped, the parser does not."""
    before = [item(n, kind) for n in range(1, 101)]
    broken = item(101).replace("<type>block", "<type>block</b>")
    with patch.object(opening, "PIECE", 2000):
        rows, fault = read_bytes(tmp_path, dump(*before, broken, item(102)))
    line = (
        (HEAD + "".join(before) + broken).count("\n", 0, -1)
        + 1
        - broken.splitlines()[::-1].index("    <type>block</b></type>")
    )
    assert len(rows) == (100 if kind == "block/block" else 0)
    assert fault.splitlines()[0] == f"log.xml.gz:{line}"
    assert "XML that cannot be read" in fault
    assert "kept in landing" in fault


@pytest.mark.parametrize("bad", [b"\xff", b"\x01", b"&nbsp;", b"x & y", b"<"])
@pytest.mark.parametrize("kind", ["block/block", "patrol/patrol"])
def test_an_invalid_byte_or_sign_ends_the_reading_at_its_line(tmp_path: Path, kind: str, bad: bytes) -> None:
    """However many items stand before it and behind it."""
    items = [item(n, kind) for n in range(1, 41)] + [item(41, comment="BAD")] + [item(n) for n in range(42, 80)]
    data = dump(*items)
    with patch.object(opening, "PIECE", 2000):
        rows, fault = read_bytes(tmp_path, data.replace(b"BAD", bad))
    assert fault.splitlines()[0] == f"log.xml.gz:{data[: data.index(b'BAD')].count(10) + 1}"
    assert len(rows) == (40 if kind == "block/block" else 0)


@pytest.mark.parametrize("kind", ["block/block", "patrol/patrol"])
def test_a_page_among_the_items_ends_the_reading(tmp_path: Path, kind: str) -> None:
    items = [item(n, kind) for n in range(1, 41)]
    with patch.object(opening, "PIECE", 2000):
        rows, fault = read_bytes(tmp_path, dump(*items, "  <page><title>Tea</title></page>\n", *items))
    assert len(rows) == (40 if kind == "block/block" else 0)
    assert "it holds pages, not log items" in fault


def test_entities_of_the_files_own_are_refused_and_not_expanded(tmp_path: Path) -> None:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE mediawiki [<!ENTITY e0 "ha"><!ENTITY file SYSTEM "file:///etc/passwd">{layers}]>\n'
    for entity in ("&e9;", "&file;"):
        text = doctype + dump(item(1), item(2, comment="ENTITY"), item(3)).decode().replace("ENTITY", entity)
        rows, fault = read_bytes(tmp_path, text.encode())
        assert [row["line"] for row in rows] == [1]
        assert "entity" in fault


def test_text_that_is_too_long_for_any_item_is_refused_in_small_pieces(tmp_path: Path) -> None:
    """64 MB of blanks behind an item, 64 kB packed."""
    path = tmp_path / "log.xml.gz"
    path.write_bytes(gzip.compress(dump(item(1)).replace(TAIL.encode(), b" " * (64 << 20) + TAIL.encode()), 9))
    assert max(len(piece) for piece, _ in opening.pieces(landed_file(path))) <= opening.PIECE
    rows, _, fault = read(path)
    assert (len(rows), "too long" in str(fault)) == (1, True)


@pytest.mark.parametrize("kind", ["block/block", "patrol/patrol"])
@pytest.mark.parametrize("note", ["", "<!-- by the book -->"])
def test_memory_stays_small_whatever_the_size(tmp_path: Path, kind: str, note: str) -> None:
    """60 MB of items, as one packed part over and over."""
    part = gzip.compress("".join(item(n, kind, comment="x" * 900) for n in range(1, 1001)).encode())
    path = tmp_path / "log.xml.gz"
    path.write_bytes(gzip.compress((HEAD + note).encode()) + 50 * part + gzip.compress(TAIL.encode()))
    answer = subprocess.run(
        [sys.executable, "-m", "tests.feeds.logging_memory", str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT_FOLDER,
    )
    rows, megabytes = map(int, answer.stdout.split())
    assert rows == (50_000 if kind == "block/block" else 0)
    assert megabytes <= 200


def test_bytes_read_so_far_end_with_the_size_of_the_file(tmp_path: Path) -> None:
    for packer in PACKERS.values():
        path = tmp_path / "log"
        path.write_bytes(packer(WHOLE))
        assert [done for _, done in opening.pieces(landed_file(path))][-1] == path.stat().st_size


def test_the_root_may_have_attributes_in_any_order(tmp_path: Path) -> None:
    root = '<mediawiki version="0.10"\n xml:lang=\'de\' xmlns="http://www.mediawiki.org/xml/export-0.10/" a="x>y">'
    rows, fault = read_bytes(tmp_path, dump(item(1)).decode().replace(ROOT, root).encode())
    assert (len(rows), fault) == (1, "")
