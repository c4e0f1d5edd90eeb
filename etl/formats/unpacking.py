"""Unpacks large files with every core, where they are packed with bzip2; others as `opening` does.

bzip2 is unpacked by the program lbzip2 where it is installed, which is fastest, else by indexed_bzip2; both give the
same bytes. One file uses all cores, so that files are rightly read one after the other. A few pieces are held.
"""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import indexed_bzip2

from data_contracts.faults import FeedFault
from etl.feed import LandedFile
from etl.formats import opening

PIECE = 1 << 20
MOST_WORKERS = 8  # of each, some blocks of 900 kB are in memory
READ_AHEAD = 16 << 20  # lbzip2 stops reading so soon after bytes that belong to no stream
PIPE = 1031  # fcntl's F_SETPIPE_SZ on Linux: fewer changes between the two processes
BEGINS = re.compile(rb"BZh[1-9]")
END_OF_STREAM = 0x177245385090
BROKEN = (RuntimeError, ValueError, IndexError, ArithmeticError, EOFError, OSError)  # as indexed_bzip2 says it
_MAGIC_BITS, _CHECKSUM_BITS = 48, 32


def pieces(file: LandedFile) -> Iterator[tuple[bytes, int]]:
    """The content in pieces, each with the bytes of the file read so far.

    Raises FeedFault where the file is empty, damaged, cut short, or goes on behind its end, after the last piece that
    could be read; the last pieces before a fault may be wrong.
    """
    with file.path.open("rb", buffering=0) as stored:  # the program goes on where the file stands
        is_bzip2 = BEGINS.match(stored.read(4)) is not None
        stored.seek(0)
        if not is_bzip2:
            yield from opening.pieces(file)
            return
        program, is_empty = shutil.which("lbzip2"), True
        unpacked = _by_program(program, file, stored) if program else _by_library(file)
        for piece, done in opening.limited(file, unpacked):
            is_empty = False
            yield piece, done
    _refuse_bytes_behind_the_end(file, file.bytes - READ_AHEAD if program else 0)
    if is_empty:
        raise FeedFault(file.name, "the file is empty", "a file with content", "Get it again, or take it out.")


def workers() -> int:
    """How many cores this process may use."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux says
        cores = os.cpu_count() or 1
    return max(1, min(cores, MOST_WORKERS))


def _by_program(program: str, file: LandedFile, stored: FileIO) -> Iterator[tuple[bytes, int]]:
    environment = {name: value for name, value in os.environ.items() if name not in ("LBZIP2", "BZIP2", "BZIP")}
    command = [program, f"-n{workers()}", "-dc"]
    with subprocess.Popen(
        command, stdin=stored, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        try:
            output = process.stdout
            if output is None:
                raise AssertionError("a pipe was asked for")
            _widen(output.fileno())
            while piece := output.read(PIECE):
                yield piece, min(os.lseek(stored.fileno(), 0, os.SEEK_CUR), file.bytes)
            failed = process.wait() != 0
            seen = os.lseek(stored.fileno(), 0, os.SEEK_CUR)
        finally:
            process.kill()  # whoever reads may have stopped
    if failed:
        raise _damaged(file)
    if seen < file.bytes:
        raise _goes_on(file)


def _widen(pipe: int) -> None:
    try:
        import fcntl
    except ImportError:  # not on Windows
        return
    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe, PIPE, PIECE)


def _by_library(file: LandedFile) -> Iterator[tuple[bytes, int]]:
    with indexed_bzip2.open(str(file.path), parallelization=workers()) as content:
        try:
            while piece := content.read(PIECE):
                yield piece, min(content.tell_compressed() // 8, file.bytes)
        except BROKEN as error:
            raise _damaged(file) from error


def _refuse_bytes_behind_the_end(file: LandedFile, start: int) -> None:
    """Neither program minds what stands behind a stream, and it may be a stream whose first bytes are damaged."""
    for begin, content in _windows(file.path, max(0, start)):
        for end in _ends_of_streams(content):
            after = _after(file.path, begin + end)
            if after and not BEGINS.match(after) and after.strip(b"\0"):
                raise _goes_on(file)


def _windows(path: Path, start: int, size: int = 8 << 20, overlap: int = 16) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as stored:
        while True:
            stored.seek(start)
            content = stored.read(size + overlap)
            if not content:
                return
            yield start, content
            start += size


def _after(path: Path, place: int) -> bytes:
    with path.open("rb") as stored:
        stored.seek(place)
        return stored.read(READ_AHEAD)


def _ends_of_streams(content: bytes) -> Iterator[int]:
    """Where in the content, in bytes, streams end: the mark of an end can begin at any bit."""
    for shift in range(8):
        mark = (END_OF_STREAM << (8 - shift)).to_bytes(7, "big")
        whole = mark[1:6]  # the bytes that no other bit has a part in
        at = content.find(whole)
        while at >= 0:
            if at and _bits(content, (at - 1) * 8 + shift, _MAGIC_BITS) == END_OF_STREAM:
                yield -(-((at - 1) * 8 + shift + _MAGIC_BITS + _CHECKSUM_BITS) // 8)
            at = content.find(whole, at + 1)


def _bits(content: bytes, first: int, count: int) -> int:
    part = content[first // 8 : (first + count + 7) // 8]
    return int.from_bytes(part, "big") >> (len(part) * 8 - first % 8 - count) & ((1 << count) - 1)


def _damaged(file: LandedFile) -> FeedFault:
    found = "its bzip2 data is damaged or cut short"
    return FeedFault(file.name, found, opening.WHOLE, opening.AGAIN)


def _goes_on(file: LandedFile) -> FeedFault:
    found = "behind the end of its bzip2 data stand other bytes: damage, or another file put behind it"
    return FeedFault(file.name, found, opening.WHOLE, opening.AGAIN)
