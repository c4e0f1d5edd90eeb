"""Notebooks ask the door and draw with the chart room, in short cells, and nothing of a run or a machine lies in them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from metrics import catalog
from metrics.semantic.written import Definition
from tests.notebooks.written import FOLDER, PATHS, canonical, code, read

ALLOWED = (
    "metrics.query", "metrics.stats", "metrics.workbench", "metrics.comparison", "metrics.catalog.HERE", "dashboard.charts",
    "data_contracts.faults.UserFault", "pandas", "plotly", "pathlib.Path", "tempfile", "datetime",
)  # fmt: skip
BEHIND_THE_DOOR = re.compile(
    r"duckdb|\bconnect\b|\bcursor\b|\bSELECT\b|\.execute\b|\bparquet\b|\bopen\(|UPSTANDER_HOME", re.I
)
OF_A_MACHINE = re.compile(r"/(home|root|tmp|var|Users|mnt|work)/|[A-Z]:\\\\")
PILLARS = Definition.model_fields["pillar"].annotation.__args__
LONGEST = 15

every = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)


def refused(source: str) -> list[str]:
    return [one for one in imported(source) if not any(f"{one}.".startswith(f"{known}.") for known in ALLOWED)]


def asked(path: Path) -> set[str]:
    """The metrics that a notebook names."""
    named = {word for source in code(path) for word in re.findall(r'"([a-z0-9_]+)"', source)}
    return named & set(catalog.definitions())


def test_the_folder_has_the_notebooks_that_are_promised():
    promised = {"tour", *PILLARS, "add_a_metric", "test_an_idea", "reproduce_a_published_figure"}
    assert {path.stem.partition("_")[2] for path in PATHS} == promised
    assert [path.stem[:2] for path in PATHS] == [f"{at:02}" for at in range(len(promised))]
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"[{path.stem}]({path.name})" in told for path in PATHS)


@every
def test_outputs_counts_and_metadata_are_stripped(path):
    text = path.read_text(encoding="utf-8")
    assert text == canonical(text), "run `python -m tests.notebooks`, then `ruff format notebooks`"
    nbformat.validate(read(path))  # warns where a cell has no ID, or that of another
    assert not OF_A_MACHINE.search(text)


def test_what_a_run_leaves_in_a_notebook_is_taken_out():
    cell = nbformat.v4.new_code_cell("1 + 1", execution_count=7, metadata={"collapsed": True})
    cell.outputs = [nbformat.v4.new_output("stream", text="somebody was here")]
    ran = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "mine", "display_name": "Mine"}})
    again = nbformat.reads(canonical(nbformat.writes(ran)), as_version=4)
    assert again.cells == [{**cell, "outputs": [], "execution_count": None, "metadata": {}}]
    assert again.metadata.kernelspec.name == "python3"


@every
def test_a_notebook_imports_what_analysts_may_use(path):
    assert [one for source in code(path) for one in refused(source)] == []


def test_what_lies_behind_the_door_cannot_be_imported():
    assert refused("import duckdb") == ["duckdb"]
    assert refused("from metrics import query, reading") == ["metrics.reading"]
    assert refused("from etl.warehouse import connect") == ["etl.warehouse.connect"]
    assert refused("import metrics.querying, pandas as pd") == ["metrics.querying"]


@every
def test_a_notebook_does_not_go_around_the_door(path):
    for source in code(path):
        assert not BEHIND_THE_DOOR.search(source)
        for node in ast.walk(ast.parse(source)):
            assert not (isinstance(node, ast.Attribute) and node.attr.startswith("_")), node.attr
            assert not (isinstance(node, ast.Name) and node.id in {"eval", "exec", "getattr", "print", "__import__"})


@every
def test_cells_are_short_and_have_no_functions_of_their_own(path):
    for source in code(path):
        assert 0 < len(source.splitlines()) <= LONGEST, source
        kinds = {type(node) for node in ast.walk(ast.parse(source))}
        assert not kinds & {ast.FunctionDef, ast.ClassDef, ast.Lambda}, source


@every
def test_a_notebook_begins_with_its_title_and_says_more_than_it_runs(path):
    cells = read(path).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    assert "notebook_text.build(" in next(code(path))  # which build, and whether it is invented
    words = [cell for cell in cells if cell.cell_type == "markdown"]
    assert 3 * len(words) >= len(cells)


@pytest.mark.parametrize("pillar", PILLARS)
def test_a_pillar_s_notebook_asks_its_metrics_and_says_what_they_do_not_say(pillar):
    path = next(one for one in PATHS if one.stem.endswith(f"_{pillar}"))
    assert any(catalog.definitions()[name].pillar == pillar for name in asked(path))
    assert "## What this does not say" in read(path).cells[-1].source
