"""Reads the items of a MediaWiki log dump (pages-logging.xml), fast where it is certain and by the book elsewhere.

Fast: items of unwanted types are dropped by their bytes (`log_sieve`), and what is kept is cut into its parts where it
stands as MediaWiki writes it (`log_shape`). Some items that stand otherwise go through a real XML parser, with those
around them; where bytes cannot even tell items apart, a streaming parser reads all from there on. Values are handed
over as text, unjudged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias

import numpy as np
from lxml import etree

from etl.feed import LandedFile
from etl.formats.ahead import ahead
from etl.formats.log_blocks import Block, blocks, is_over, root_and_first
from etl.formats.log_items import LogItems, log_items
from etl.formats.log_shape import shape_of
from etl.formats.log_sieve import Kept, Sieve, has_other_markup, unsifted
from etl.formats.log_span import LogSpan
from etl.formats.log_texts import LogTexts, texts_of
from etl.formats.log_words import PAD, Places
from etl.formats.opening import pieces
from etl.formats.streaming_xml import SAFE, StreamingReader, is_whole

GROUP = 1 << 21  # bytes of kept items that are read together
ALL_IN_GROUP = 8 << 20  # bytes of the blocks that they come from, which are held until then
MOSTLY = 0.9  # where so many items are wanted, all are read: it is less work than to sift them
STEP = 1 << 16  # bytes fed to the streaming parser at once

Some: TypeAlias = tuple[LogItems | LogTexts, int]


def items(file: LandedFile, types: frozenset[str], span: LogSpan | None = None) -> Iterator[Some]:
    """The items of the wanted types, in the order of the file, some at a time with the bytes of the file read so far.

    Items without a type come as well. span: is told of the items of all types. Raises FeedFault where the file is no
    log dump, is not well-formed, or is cut short, after the items that could be read.
    """
    group = _Group(types, span or LogSpan())
    source = ahead(blocks(file))
    for block in source:
        is_known = group.take(block)
        if is_known and not (group.is_full or block.is_last):
            continue
        found = group.read()
        if found is not None:
            yield found, block.done
        if found is None or not is_known:
            unread = [*group.blocks, *([] if is_known else [block])]
            yield from _by_the_book(file, group, chain(unread, source), types)
            return
        if block.fault is not None:
            raise block.fault


@dataclass
class _Group:
    """Blocks whose items were found, until they are read. root: the first tag; count, size: items and bytes before."""

    types: frozenset[str]
    span: LogSpan
    root: bytes = b""
    count: int = 0
    size: int = 0
    blocks: list[Block] = field(default_factory=list)
    _kept: list[Kept] = field(default_factory=list)
    _is_sifted: bool = True

    def __post_init__(self) -> None:
        self._sieve = Sieve(self.types)
        self._parser = etree.XMLParser(remove_blank_text=True, collect_ids=False, **SAFE)

    @property
    def is_full(self) -> bool:
        return (
            sum(kept.size for kept in self._kept) >= GROUP or sum(block.size for block in self.blocks) >= ALL_IN_GROUP
        )

    def take(self, block: Block) -> bool:
        """Takes the block if its items are certain."""
        start = 0
        if not (self.root or self.blocks):
            self.root, start = root_and_first(block.text, block.end)
            if not (self.root and is_whole(self.root)):
                self.root = b""
                return False
        if block.is_last and block.fault is None and not is_over(block.text[block.end : block.size]):
            return False
        if block.end or not block.is_last:
            kept = (self._sieve.sift if self._is_sifted else unsifted)(block.text, start, block.end)
            if kept is None:
                return False
            self._kept.append(kept)
        self.blocks.append(block)
        return True

    def read(self) -> LogItems | LogTexts | None:
        """The items of the blocks taken, and goes on behind them; None where it stays, for another to read them."""
        parts = [part for kept in self._kept for part in kept.parts]
        sizes = np.array([kept.size for kept in self._kept], np.intp)
        counts = np.array([kept.count for kept in self._kept], np.intp)
        starts = _joined([kept.starts for kept in self._kept], np.cumsum(sizes) - sizes)
        lines = _joined([kept.lines for kept in self._kept], np.cumsum(counts) - counts) + (self.count + 1)
        found = self._read(parts, starts, lines)
        if found is not None:
            self._is_sifted = len(found) < MOSTLY * counts.sum()
            self.span.see_blocks(self.blocks)
            self.count += int(counts.sum())
            self.size += sum(block.size for block in self.blocks)
            self.blocks, self._kept = [], []
        return found

    def _read(self, parts: list[bytes | memoryview], starts: Places, lines: Places) -> LogItems | LogTexts | None:
        text = b"".join((*parts, PAD))
        shape = shape_of(text, starts, len(text) - len(PAD)) if len(starts) else None
        if shape is not None:
            return texts_of(shape, lines).of_types(self.types)
        return None if has_other_markup(text, 0, len(text)) else self._parsed(text[: -len(PAD)], lines.tolist())

    def _parsed(self, text: bytes, lines: list[int]) -> LogItems | None:
        """By a real XML parser, whatever stands between `<logitem>` and `</logitem>`."""
        try:
            root = etree.fromstring(b"<items>%b</items>" % text, self._parser)
        except etree.XMLSyntaxError:
            return None
        elements = [*root.iterchildren("logitem")]
        if not len(root) == len(elements) == len(lines):
            return None
        return log_items(elements, lines).of_types(self.types)


def _joined(parts: list[Places], before: Places) -> Places:
    """Places in each part as places in the whole."""
    moved = [part + int(start) for part, start in zip(parts, before, strict=True)]
    return np.concatenate(moved) if moved else np.zeros(0, np.intp)


def _by_the_book(file: LandedFile, group: _Group, source: Iterable[Block], types: frozenset[str]) -> Iterator[Some]:
    """The rest of the file, which may be the whole of it."""
    root, before = (group.root, _line_breaks(file, group.size)) if group.size else (b"", 0)
    reader = StreamingReader(file.name, root, group.count, before)
    for block in source:
        for at in range(0, block.size, STEP):
            found = reader.feed(block.text[at : min(at + STEP, block.size)])
            group.span.see_items(found)
            yield found.of_types(types), block.done
            if reader.fault is not None:
                raise reader.fault
        if block.fault is not None:
            raise block.fault
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
