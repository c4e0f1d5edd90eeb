"""A full or read-only disk is told as a letter; every other error stays what it is."""

import errno
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from data_contracts.faults import DiskFault
from etl.warehouse.disk import told_of_disk
from etl.warehouse.pseudonym import make_key


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "the disk is full"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "/instance/builds"), "it may not be written"),
        (duckdb.IOException(f"Could not write file: {os.strerror(errno.ENOSPC)}"), "the disk is full"),
        (duckdb.IOException(f"Cannot open file: {os.strerror(errno.EACCES)}"), "it may not be written"),
    ],
)
def test_an_error_of_the_disk_becomes_a_letter(error: Exception, found: str) -> None:
    with pytest.raises(DiskFault) as caught, told_of_disk(Path("/instance")):
        raise error
    assert (caught.value.found, caught.value.exit_code) == (found, 15)
    assert caught.value.where.startswith("/instance")


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "none"), duckdb.BinderException("no such column")])
def test_another_error_is_none_of_the_disks(error: Exception) -> None:
    with pytest.raises(type(error)), told_of_disk(Path("/instance")):
        raise error


def test_the_command_says_so_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "upstander.yml").write_text("program: Full\nfeeds: {plan: {files: [plan.yml]}}\n", encoding="utf-8")
    (tmp_path / "plan.yml").write_text("goals: []\n", encoding="utf-8")
    make_key(tmp_path)

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    command = [sys.executable, "-m", "dashboard.cli", "--home", str(tmp_path), "build"]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, preexec_fn=no_room)
    assert ran.returncode == 15
    assert "\n  the disk is full\n" in ran.stderr
    assert "Traceback" not in ran.stderr
