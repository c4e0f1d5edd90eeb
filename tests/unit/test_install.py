"""`make run` on a machine that lacks something says what, and installs nothing twice."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def install(tmp_path):
    """Runs the installer on a clone's lock with an environment that is this test's own Python."""
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())

    def install(python: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(ROOT / ".ci/install"), ".venv", ".venv/.installed"]
        environment = {"PATH": "/usr/bin:/bin", "PYTHON": python}
        return subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)

    return install


def test_without_a_fitting_python_the_two_ways_out_are_told(install):
    ended = install("/nowhere/python3")
    assert ended.returncode == 1
    assert "Python 3.11, 3.12, 3.13 or 3.14" in ended.stderr
    assert "make run PYTHON=" in ended.stderr


def test_nothing_is_installed_where_the_lock_and_the_settings_are_those_of_the_stamp(install, tmp_path):
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    parts = b"".join((tmp_path / name).read_bytes() for name in ("requirements.lock", "pyproject.toml"))
    (tmp_path / ".venv/.installed").write_text(hashlib.sha256(parts).hexdigest() + "\n")
    assert install("/nowhere/python3").returncode == 0
    (tmp_path / "requirements.lock").write_text("nothing==1\n")
    assert install("/nowhere/python3").returncode == 1
