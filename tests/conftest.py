"""What every test may use."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from etl import demo, pipeline
from etl.warehouse import check
from etl.warehouse.build import locked
from etl.warehouse.pseudonym import make_key
from tests import everything
from tests.server import Server, serving

settings.register_profile("small", max_examples=20, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "small"))

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session", autouse=True)
def one_checker() -> Iterator[None]:
    """The checks of all builds in one process, since Great Expectations takes seconds to import; a broken one is left."""
    kept = list[check.Checker]()

    @contextmanager
    def lent() -> Iterator[check.Checker]:
        checker = kept.pop() if kept else own().__enter__()
        try:
            yield checker
        except BaseException:  # it may be in the middle of an answer
            checker.__exit__(None, None, None)
            raise
        kept.append(checker)

    own = check.Checker
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "Checker", lent)
        yield
    for checker in kept:
        checker.__exit__(None, None, None)


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """A folder or file beside the project, such as "data/tickets"; the test is skipped, and says so, where it is not there."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"needs ../shared/{name}, which is not beside this clone")
        return path

    return find


@pytest.fixture
def server() -> Iterator[Server]:
    """A real server on loopback that answers what the test scripts: see `tests/server.py`."""
    with serving() as started:
        yield started


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo program's instance folder, written once. It is shared: a test that changes something copies it first."""
    return _own_copy("demo", demo.write, tmp_path_factory)


@pytest.fixture(scope="session")
def demo_build(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo program's instance, built once and shared: set UPSTANDER_HOME to it, and change nothing in it."""

    def build(home: Path) -> None:
        shutil.copytree(demo_home, home, dirs_exist_ok=True)
        make_key(home)
        pipeline.build(home)

    return _own_copy("built", build, tmp_path_factory)


def _own_copy(name: str, make: Callable[[Path], object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the first of the processes of a test run makes, and of which each has a copy."""
    run = tmp_path_factory.getbasetemp()
    first = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / f"first-{name}"
    first.mkdir(exist_ok=True)
    with locked(first):
        if not (first / "home").exists():
            make(first / "half")
            (first / "half").rename(first / "home")
    return Path(shutil.copytree(first / "home", tmp_path_factory.mktemp(name) / "demo"))


@pytest.fixture(scope="session")
def every_feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance of a program with every feed, built once and shared: change nothing in it."""
    home = tmp_path_factory.mktemp("every-feed")
    everything.write(home)
    pipeline.build(home, offline=True)
    return home
