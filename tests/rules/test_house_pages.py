"""A page is one file, one line in app.py and one test."""

import ast

import pytest

from tests.rules.project import ROOT

PAGES = sorted(path.stem for path in (ROOT / "dashboard/pages").glob("*.py") if path.stem != "__init__")


def test_every_page_is_listed_in_app_py_and_every_listed_page_is_there() -> None:
    tree = ast.parse((ROOT / "dashboard/app.py").read_text(encoding="utf-8"))
    (listed,) = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets) == "PAGES"
    ]
    assert isinstance(listed, ast.Tuple)
    names = [ast.literal_eval(one.elts[0]) for one in listed.elts if isinstance(one, ast.Tuple)]
    assert sorted(names) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_test(page: str) -> None:
    assert "def test_" in (ROOT / f"tests/pages/test_{page}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_arranges_and_draws_and_is_short(page: str) -> None:
    assert len((ROOT / f"dashboard/pages/{page}.py").read_text(encoding="utf-8").splitlines()) <= 120
