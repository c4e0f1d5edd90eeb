"""Code that people can read at a glance, and that never pastes SQL together."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.rules.project import ROOMS, ROOT, modules, shown, written

SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (OR REPLACE )?(TABLE|VIEW)|COPY|ATTACH)\b")
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
CODE = modules(*ROOMS, "tests", "benchmarks")
NOT_OURS = re.compile(r"/home/|/root/|/Users/|/mnt/|index-url|/simple/|://(?!127)[0-9]+\.[0-9]+\.[0-9]+")


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in modules(*ROOMS)}


def test_no_module_is_longer_than_400_lines() -> None:
    assert not [shown(path) for path in CODE if len(path.read_text(encoding="utf-8").splitlines()) > 400]


def test_no_function_is_longer_than_60_lines() -> None:
    found = [(shown(path), node) for path, tree in trees().items() for node in ast.walk(tree)]
    functions = [(name, node) for name, node in found if isinstance(node, ast.FunctionDef)]
    assert not [(name, one.name) for name, one in functions if (one.end_lineno or 0) - one.lineno >= 60]


def test_no_f_string_holds_a_statement_of_sql() -> None:
    """SQL is built from expressions and bound values."""
    found = [(shown(path), node) for path, tree in trees().items() for node in ast.walk(tree)]
    texts = [(name, ast.unparse(node)) for name, node in found if isinstance(node, ast.JoinedStr)]
    assert not [(name, text) for name, text in texts if SQL.search(text)]


def test_every_module_says_what_it_is_for() -> None:
    assert not [shown(path) for path, tree in trees().items() if tree.body and not ast.get_docstring(tree)]


def test_there_is_no_drawer_for_what_has_no_place() -> None:
    assert not [shown(path) for path in CODE if path.stem in DRAWERS or path.parent.name in DRAWERS]


def test_a_model_says_first_what_a_row_is_and_fits_two_screens() -> None:
    for path in (ROOT / "etl/models").glob("*.sql"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("-- One row per"), shown(path)
        assert len(lines) <= 80, shown(path)


def test_nothing_names_a_machine_or_a_registry() -> None:
    files = [path for path in written() if path != Path(__file__).resolve()]
    texts = {shown(path): path.read_bytes().decode("utf-8", "ignore") for path in files}
    assert not [(name, match[0]) for name, text in texts.items() for match in NOT_OURS.finditer(text)]
