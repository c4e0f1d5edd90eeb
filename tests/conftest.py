"""What every test may use."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from data_contracts.load import Table
from etl import demo, pipeline
from etl.warehouse import check
from etl.warehouse.build import locked
from etl.warehouse.pseudonym import make_key
from tests import everything
from tests.server import Server, serving

settings.register_profile("small", max_examples=20, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "small"))

MadeOnce = Callable[[str, Callable[[Path], object]], Path]
SHARED = Path(__file__).resolve().parents[2] / "shared"


@dataclass
class LentChecker:
    """A checker that outlives the build that asks it, unless that left it in the middle of an answer."""

    lender: check.Checker
    is_asked: bool = False

    def verdicts(self, path: Path, tables: Sequence[Table]) -> Mapping[tuple[str, str], bool]:
        self.is_asked = True
        found = self.lender.verdicts(path, tables)
        self.is_asked = False
        return found


@pytest.fixture(scope="session", autouse=True)
def one_checker() -> Iterator[None]:
    """The checks of all builds in one process, since Great Expectations takes seconds to import; a broken one is left."""
    kept = list[check.Checker]()

    @contextmanager
    def lent() -> Iterator[LentChecker]:
        checker = LentChecker(kept.pop() if kept else own().__enter__())
        try:
            yield checker
        finally:
            if checker.is_asked:
                checker.lender.__exit__(None, None, None)
            else:
                kept.append(checker.lender)

    own = check.Checker
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "Checker", lent)
        yield
    for checker in kept:
        checker.__exit__(None, None, None)


@pytest.fixture(scope="session", autouse=True)
def one_code() -> Iterator[None]:
    """The project may be edited while its tests run; to them its code stays one, so that they can share builds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "code_digest", lambda: "one code")
        yield


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
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """A folder, by its name, that the first of the processes of a test run makes, and of which each has a copy."""

    def made(name: str, make: Callable[[Path], object]) -> Path:
        run = tmp_path_factory.getbasetemp()
        first = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / f"first-{name}"
        first.mkdir(exist_ok=True)
        with locked(first):
            if not (first / "home").exists():
                make(first / "half")
                (first / "half").rename(first / "home")
        return Path(shutil.copytree(first / "home", tmp_path_factory.mktemp(name) / "demo"))

    return made


@pytest.fixture(scope="session")
def demo_home(made_once: MadeOnce) -> Path:
    """The demo program's instance folder, written once. It is shared: a test that changes something copies it first."""
    return made_once("demo", demo.write)


@pytest.fixture(scope="session")
def demo_build(demo_home: Path, made_once: MadeOnce) -> Path:
    """The demo program's instance, built once and shared: set UPSTANDER_HOME to it, and change nothing in it."""

    def build(home: Path) -> None:
        shutil.copytree(demo_home, home, dirs_exist_ok=True)
        make_key(home)
        pipeline.build(home)

    return made_once("built", build)


@pytest.fixture(scope="session")
def every_feed(made_once: MadeOnce) -> Path:
    """The instance of a program with every feed, built once and shared: change nothing in it."""

    def build(home: Path) -> None:
        everything.write(home)
        pipeline.build(home, offline=True)

    return made_once("every-feed", build)
