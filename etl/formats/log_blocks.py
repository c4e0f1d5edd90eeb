"""Cuts the content of a log dump into blocks that end behind an item, in bounded memory.

It looks for nothing but `</logitem>`, which may stand within a comment too: whether it does is for others to see.
"""

from collections.abc import Generator
from dataclasses import dataclass

from data_contracts.faults import FeedFault
from etl.feed import LandedFile
from etl.formats.log_sieve import CLOSE
from etl.formats.log_words import PAD
from etl.formats.opening import pieces

BLOCK = 1 << 19  # bytes: enough for each step to be worth its call, few enough for the processor's cache
LONGEST = 8 << 20  # bytes; no item comes near: comments have up to 500 signs, parameters up to 64 KiB


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
