"""Reads what a server sends without trusting it: unpacked in small pieces, counted, and within a time.

It knows no address and judges no status.
"""

import re
import zlib
from collections.abc import Callable, Iterator

import httpx

_PIECE = 1 << 18
_GZIP = 31  # window bits: a gzip stream and no other
_ENDS = re.compile(rb"\r\n|\n|\r")


class BrokenBody(Exception):
    """The body ended early, or is not packed as its header says."""


class TooMuch(Exception):
    """The body is larger, slower or otherwise packed than is taken; the words say which."""


def whole(response: httpx.Response, most: int, is_late: Callable[[], bool]) -> bytes:
    """The unpacked body of at most `most` bytes."""
    content = bytearray()
    for piece in unpacked(response):
        content += piece
        if len(content) > most:
            raise TooMuch(f"its answer has more than {most} bytes")
        if is_late():
            raise TooMuch("its answer comes too slowly")
    return bytes(content)


def unpacked(response: httpx.Response) -> Iterator[bytes]:
    """The body in pieces of bounded size, whatever it is packed from."""
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        return response.iter_raw()
    if packing in ("gzip", "x-gzip"):
        return _inflated(response.iter_raw())
    raise TooMuch("its answer is packed in a way that was not asked for")


def lines(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The lines of pieces, without their ends (CR LF, LF or CR). A last line without an end is half one: left out."""
    kept = bytearray()
    is_cr_open = False
    for received in pieces:
        piece = received[1:] if is_cr_open and received.startswith(b"\n") else received
        is_cr_open = received.endswith(b"\r") if received else is_cr_open
        first, *others = _ENDS.split(piece)
        kept += first
        if others:
            yield bytes(kept)
            yield from others[:-1]
            kept = bytearray(others[-1])
        if len(kept) > most:
            raise TooMuch(f"a line of its answer has more than {most} bytes")


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    is_empty = True
    for received in packed:
        data = received
        while data:
            is_empty = False
            unpacker = zlib.decompressobj(_GZIP) if unpacker.eof else unpacker  # one more member of the same file
            try:
                piece = unpacker.decompress(data, _PIECE)
            except zlib.error as error:
                raise BrokenBody from error
            yield piece
            data = unpacker.unconsumed_tail or unpacker.unused_data
    if not (unpacker.eof or is_empty):
        raise BrokenBody
