"""Reads a file's content in pieces, unpacked where its first bytes say that it is packed (gzip, bzip2, zstd).

The name of the file is not believed. It holds a few pieces at a time, whatever the size of the file, and leaves a file
that unpacks to more than any feed's data does. Archives of several files are refused: no name in one becomes a path.
"""

import bz2
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import zstandard
from isal import isal_zlib

from data_contracts.faults import FeedFault
from etl.feed import LandedFile

PIECE = 1 << 16  # what is parsed at once then fits into the processor's cache
MOST_RATIO = 200  # a packed file to its content; repetitive logs reach 60, a bomb of zeros 1,000 and more
MOST_AT_ONCE = 1 << 24
FREE_BYTES = 1 << 27  # so much content is unpacked whatever the ratio: small files of one repeated row are no bombs
MOST_BYTES = 1 << 41  # of content; the largest history dump has some hundred thousand million
AGAIN = "Get it again; what was read is kept in landing."
WHOLE = "a whole file, as it was written"


@dataclass(frozen=True)
class _Packing:
    """One way of packing. step: bytes taken from the file at once. content: what they unpack to, at most 70 MB at once.

    Steps of gzip mostly unpack to so little that the memory is used again: fresh memory takes longer than unpacking.
    """

    name: str
    begins: re.Pattern[bytes]
    unpacker: Callable[[], Any]
    broken: tuple[Any, ...]
    step: int
    content: Callable[[Any, bytes], Iterable[bytes]] = lambda part, read: (part.decompress(read),)


def _in_parts(part: bz2.BZ2Decompressor, read: bytes) -> Iterator[bytes]:
    """A block of bzip2 has some forty bytes where it holds forty megabytes of one byte."""
    yield part.decompress(read, MOST_AT_ONCE)
    while not (part.eof or part.needs_input):
        yield part.decompress(b"", MOST_AT_ONCE)


_PACKINGS = (
    _Packing("gzip", re.compile(rb"\x1f\x8b"), lambda: isal_zlib.decompressobj(31), (isal_zlib.error,), 1 << 13),
    _Packing("bzip2", re.compile(rb"BZh[1-9]"), bz2.BZ2Decompressor, (OSError,), 1 << 11, _in_parts),
    _Packing(
        "zstd",
        re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),  # a frame, or one to be skipped
        lambda: zstandard.ZstdDecompressor().decompressobj(),
        (zstandard.ZstdError,),
        1 << 11,
    ),
)
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"PK\x03\x04": "a zip archive",
    b"\xfd7zXZ\x00": "a file packed with xz",
    b"Rar!": "a RAR archive",
}


def pieces(file: LandedFile) -> Iterator[tuple[bytes, int]]:
    """The content in pieces of at most PIECE bytes, each with the bytes of the file read so far.

    Raises FeedFault where the file is empty, is packed in another way, is damaged or is cut short, after the last
    piece that could be read.
    """
    with file.path.open("rb") as stored:
        beginning = stored.read(8)
        stored.seek(0)
        _refuse_others(file, beginning)
        packing = next((one for one in _PACKINGS if one.begins.match(beginning)), None)
        content = _unpacked(file, stored, packing) if packing else iter(lambda: stored.read(PIECE), b"")
        is_empty = True
        for piece, done in limited(file, ((piece, stored.tell()) for piece in content)):
            is_empty = is_empty and not piece
            for at in range(0, len(piece), PIECE):
                yield piece[at : at + PIECE], done
    if is_empty:
        raise FeedFault(file.name, "the file is empty", "a file with content", "Get it again, or take it out.")


def limited(file: LandedFile, content: Iterable[tuple[bytes, int]]) -> Iterator[tuple[bytes, int]]:
    """The pieces, each with the bytes of the file read so far; FeedFault before the first that is too much."""
    size = 0
    for piece, done in content:
        size += len(piece)
        if size > FREE_BYTES and size > MOST_RATIO * done:
            found = f"it unpacks to more than {MOST_RATIO} times its size: {size:,} bytes out of the first {done:,}"
            raise FeedFault(file.name, found, "data, and no bomb", "Find out who made it; unpack it with care.")
        if size > MOST_BYTES:
            found = f"it unpacks to more than {MOST_BYTES:,} bytes"
            raise FeedFault(file.name, found, "data, and no bomb", "Find out who made it, or give it in parts.")
        yield piece, done


def opened(file: LandedFile) -> tuple[BinaryIO, Callable[[], int]]:
    """The content as a stream, for what reads streams, and how many bytes of the file have been read so far."""
    content = _Content(file)
    return cast(BinaryIO, io.BufferedReader(content, PIECE)), lambda: content.done


class _Content(io.RawIOBase):
    """The pieces of a file as a raw stream."""

    def __init__(self, file: LandedFile) -> None:
        self._pieces = pieces(file)
        self._rest = memoryview(b"")
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece, self.done = next(self._pieces, (b"", self.done))
            if not piece:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _refuse_others(file: LandedFile, beginning: bytes) -> None:
    kind = next((kind for magic, kind in _OTHERS.items() if beginning.startswith(magic)), None)
    if kind:
        raise FeedFault(
            file.name, f"it is {kind}", "a plain file, or one packed with gzip, bzip2 or zstd", "Unpack it."
        )


def _unpacked(file: LandedFile, stored: BinaryIO, packing: _Packing) -> Iterator[bytes]:
    """What the packed parts hold; a file may be several of them, one behind the other."""
    part: Any = None
    while read := stored.read(packing.step):
        while read:
            part = part or packing.unpacker()
            try:
                yield from packing.content(part, read)
            except packing.broken as error:
                found = f"its {packing.name} data is damaged within the first {stored.tell():,} bytes"
                raise FeedFault(file.name, found, WHOLE, AGAIN) from error
            read, part = (part.unused_data.lstrip(b"\0"), None) if part.eof else (b"", part)
    if part is not None:
        found = f"it is cut short: its {packing.name} data does not end after {stored.tell():,} bytes"
        raise FeedFault(file.name, found, WHOLE, AGAIN)
