"""`make run` on a machine that lacks something says what, and installs nothing twice."""

import hashlib
import os
import re
import shutil
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


@pytest.mark.parametrize("by", ["pip", "uv"])
def test_either_installer_makes_the_environment_that_the_lock_names(tmp_path, by):
    """Here of two packages; which of the two there is decides a machine's PATH."""
    uv, python = shutil.which("uv"), str(Path(sys.base_prefix) / "bin/python3")
    if (uv is None) if by == "uv" else Path("/usr/bin/uv").exists() or not has_pip(python):
        pytest.skip(f"{by} is not here, or not alone")
    lock = re.split(r"^(?=\S)", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)
    (tmp_path / "requirements.lock").write_text("".join(one for one in lock if one.startswith(("iniconfig", "setupt"))))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "small"\nversion = "1"\n')
    path = f"{Path(uv).parent}:/usr/bin:/bin" if uv and by == "uv" else "/usr/bin:/bin"
    command = ["sh", str(ROOT / ".ci/install"), ".venv", ".venv/.installed"]
    environment = {**os.environ, "PATH": path, "PYTHON": python}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    if re.search("No matching distribution|Failed to fetch|No solution found", ended.stderr):
        pytest.skip("no package can be had here")
    assert ended.returncode == 0, ended.stderr
    listed = "import importlib.metadata as m; print(*sorted(one.name for one in m.distributions()))"
    told = subprocess.run([tmp_path / ".venv/bin/python", "-Ic", listed], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["iniconfig", "setuptools", "small"]


def has_pip(python: str) -> bool:
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
