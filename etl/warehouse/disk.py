"""A disk that is full, or may not be written, told as a fault; the instance is as it was before."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data_contracts.faults import DiskFault

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
NO_FOLDER = (errno.ENOTDIR, errno.EEXIST)


@contextmanager
def told_of_disk(home: Path) -> Iterator[None]:
    """DiskFault where Python or DuckDB could not write; all other errors pass."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        fault = fault_of(error, home)
        if fault is None:
            raise
        raise fault from error


def fault_of(error: OSError | duckdb.Error, home: Path) -> DiskFault | None:
    """The fault that an error stands for; None where it is no matter of the disk."""
    where = str(getattr(error, "filename", None) or home)
    if _is_of(error, FULL):
        remedy = "Make room, and run again: what was received is kept, and the last build is in force."
        return DiskFault(where, "the disk is full", "room for landing, prepared and the new build", remedy)
    if _is_of(error, CLOSED):
        remedy = "Let this user write there, and run again: the last build is in force."
        return DiskFault(where, "it may not be written", "a folder that this user may write", remedy)
    if isinstance(error, OSError) and error.errno in NO_FOLDER:
        return DiskFault(where, "a file stands where a folder is needed", "a folder", "Name another place.")
    return None


def _is_of(error: OSError | duckdb.Error, codes: tuple[int, ...]) -> bool:
    """DuckDB hands the system's error on in words only."""
    if isinstance(error, OSError):
        return error.errno in codes
    return any(os.strerror(code) in str(error) for code in codes)
