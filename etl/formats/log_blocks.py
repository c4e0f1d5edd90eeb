"""Cuts the content of a log dump into blocks that end behind an item, in bounded memory, and knows its head and end.

It looks for nothing but `</logitem>`, which may stand within a comment too: whether it does is for others to see. The
head is plain where it is UTF-8 and one `<mediawiki ...>` with its attributes in quotes, without a DOCTYPE before it.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass

from data_contracts.faults import FeedFault
from etl.feed import LandedFile
from etl.formats.log_sieve import CLOSE, LEAD, OPEN
from etl.formats.log_words import PAD
from etl.formats.opening import pieces

BLOCK = 1 << 19  # bytes: enough for each step to be worth its call, few enough for the processor's cache
LONGEST = 8 << 20  # bytes; no item comes near: comments have up to 500 signs, parameters up to 64 KiB
_HEAD = re.compile(  # nothing is tried twice (*+): a megabyte of blanks would take hours
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml(?P<declared>[^<>?]*+)\?>)?\s*+"
    rb"(?P<root><mediawiki(?:\s++[\w:.-]++\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'))*+\s*+>)"
)
_OTHER_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_NOT_IN_HEAD = (b"<!", b"<?", b"<page", CLOSE)
_END = re.compile(rb"\s*</mediawiki\s*>\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """Some content, PAD behind it. end: behind its last item, 0 without one; size: of all, more only at the end.

    done: bytes of the file read so far. fault: why nothing comes behind it.
    """

    text: bytes
    end: int
    size: int
    done: int
    is_last: bool
    fault: FeedFault | None = None

    @property
    def content(self) -> bytes:
        return self.text[: self.size]


def blocks(file: LandedFile) -> Generator[Block, None, None]:
    """All blocks in their order; the last one holds what stands behind the last item, and may have a fault."""
    parts: list[bytes] = []
    size, wanted, done, fault = 0, BLOCK, 0, None
    try:
        for piece, done in pieces(file):
            parts.append(piece)
            size += len(piece)
            if size < wanted:
                continue
            text = b"".join((*parts, PAD))
            end = text.rfind(CLOSE) + len(CLOSE)
            if end < len(CLOSE) and size < LONGEST:
                parts, wanted = [text[:size]], min(2 * size, LONGEST)
                continue
            end = end if end >= len(CLOSE) else 0
            yield Block(text, end, end or size, done, is_last=False)
            parts = [text[end:size]] if end else []
            size, wanted = len(parts[0]) if parts else 0, BLOCK
    except FeedFault as error:
        fault = error
    text = b"".join((*parts, PAD))
    end = text.rfind(CLOSE) + len(CLOSE)
    yield Block(text, end if end >= len(CLOSE) else 0, size, done, is_last=True, fault=fault)


def root_and_first(text: bytes, end: int) -> tuple[bytes, int]:
    """The first tag, and where the first item begins, with the line break before it; nothing where it is not plain."""
    head, first = _HEAD.match(text), text.find(OPEN, 0, end)
    if head is None or first < head.end() or _OTHER_ENCODING.search(head["declared"] or b""):
        return b"", 0
    between = text[head.end() : first]
    if any(sign in between for sign in _NOT_IN_HEAD):
        return b"", 0
    return head["root"], first - len(LEAD) if between.endswith(LEAD) else first


def is_over(rest: bytes) -> bool:
    """Whether nothing but the end of the dump stands behind the last item."""
    return _END.fullmatch(rest) is not None
