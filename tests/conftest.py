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
    home = tmp_path_factory.mktemp("demo")
    demo.write(home)
    return home


@pytest.fixture(scope="session")
def demo_build(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo program's instance, built once and shared: set UPSTANDER_HOME to it, and change nothing in it."""
    home = tmp_path_factory.mktemp("built") / "demo"
    shutil.copytree(demo_home, home)
    make_key(home)
    pipeline.build(home)
    return home


@pytest.fixture(scope="session")
def every_feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance of a program with every feed, built once and shared: change nothing in it."""
    home = tmp_path_factory.mktemp("every-feed")
    everything.write(home)
    pipeline.build(home, offline=True)
    return home
