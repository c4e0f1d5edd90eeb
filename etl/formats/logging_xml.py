"""Reads the items of a MediaWiki log dump (pages-logging.xml), fast where it is certain and by the book elsewhere.

Fast: the text is cut behind each `</logitem>`, items of unwanted types are dropped by their bytes, and what is kept
goes through a real XML parser. Where bytes alone cannot tell (see `cutting`), and from there on, a streaming parser
reads everything. Values are handed over as text, unjudged.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from lxml import etree

from etl.feed import LandedFile
from etl.formats.cutting import CLOSE, Cutter
from etl.formats.log_items import LogItems, log_items
from etl.formats.opening import pieces
from etl.formats.streaming_xml import SAFE, StreamingReader

LONGEST = 8 << 20  # bytes; no item comes near: comments have up to 500 signs, parameters up to 64 KiB

Some = tuple[LogItems, int]


def items(file: LandedFile, types: frozenset[str]) -> Iterator[Some]:
    """The items of the wanted types, in the order of the file, some at a time with the bytes of the file read so far.

    Items without a type come as well. Raises FeedFault where the file is no log dump, is not well-formed, or is cut
    short, after the items that could be read.
    """
    source, cutter = pieces(file), Cutter(types)
    parser = etree.XMLParser(remove_blank_text=True, collect_ids=False, **SAFE)
    rest, done = b"", 0
    for piece, done in source:
        seen = max(0, len(rest) - len(CLOSE))
        rest += piece
        end = rest.rfind(CLOSE, seen) + len(CLOSE)
        if end < len(CLOSE) and len(rest) < LONGEST:
            continue
        found = _parsed(cutter, parser, rest[:end], types) if end >= len(CLOSE) else None
        if found is None:
            break
        rest = rest[end:]
        yield found, done
    else:
        if cutter.is_over(rest):
            return
    yield from _by_the_book(file, cutter, chain([(rest, done)], source), types)


def _parsed(cutter: Cutter, parser: etree.XMLParser, text: bytes, types: frozenset[str]) -> LogItems | None:
    """The wanted items of a text that ends behind an item; None where only a parser that sees all can tell."""
    kept = cutter.cut(text)
    if kept is None:
        return None
    try:
        root = etree.fromstring(kept.xml, parser)
    except etree.XMLSyntaxError:
        return None
    elements = [*root.iterchildren("logitem")]
    count = len(elements) if kept.count is None else kept.count
    lines = range(cutter.count + 1, cutter.count + count + 1) if kept.lines is None else kept.lines
    if not len(root) == len(elements) == len(lines):
        return None
    found = log_items(elements, lines).of_types(types)
    cutter.go_on(kept, count, len(found))
    return found


def _by_the_book(
    file: LandedFile, cutter: Cutter, source: Iterable[tuple[bytes, int]], types: frozenset[str]
) -> Iterator[Some]:
    """The rest of the file, which may be the whole of it."""
    before = _line_breaks(file, cutter.size)
    reader = StreamingReader(file.name, cutter.root, cutter.count, before)
    for text, done in source:
        yield reader.feed(text).of_types(types), done
        if reader.fault is not None:
            raise reader.fault
    reader.finish()
    if reader.fault is not None:
        raise reader.fault


def _line_breaks(file: LandedFile, size: int) -> int:
    """Line breaks in the first bytes of the content; read again, because hardly any dump needs the number."""
    found = 0
    for piece, _ in pieces(file) if size else ():
        found += piece[:size].count(b"\n")
        size -= len(piece)
        if size <= 0:
            break
    return found
