"""Every notebook runs on the demo program without an error or a warning, and shows what it talks about."""

import re
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tests.notebooks.written import FOLDER, PATHS, read

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
PLOTLY = "application/vnd.plotly.v1+json"
# In the kernel: what warns in a cell fails. Its own machinery is not what is tried.
STRICT = """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", module="ipykernel|traitlets|zmq|tornado")
"""
CANNOT_TELL = "whether that is better it cannot tell"
# How many charts a notebook shows at least, and what can be read in its outputs.
SHOWN = {
    "00_tour": (3, ["numbers are all invented", "Better since Dec 2025", CANNOT_TELL, "Only scope partial.", "withheld", "withheld", "date32[day]"]),
    "01_tools": (5, [CANNOT_TELL, "1: Partial-block tool on ar.demo", "Better since Dec 2025", "withheld"]),
    "02_policy": (5, [CANNOT_TELL, "No change beyond the usual", "Second-chance policy on ru.demo", "is not said"]),
    "03_practice": (3, ["No change beyond the usual", "its own change", "no data"]),
    "04_response": (9, ["another usual: The report button", "Worse since Jun 2026", "withheld", "Too many periods are withheld"]),
    "05_community": (5, ["Too few values to tell: 4 of 13", "2026-autumn", "withheld", "published", "no data"]),
    "06_program": (4, ["On target", "Off target", "Too close to call", "with a chance of about", "night"]),
    "07_add_a_metric": (0, ["nobody-yet", 'Did you mean "is_answered"?', "within 12 hours", "withheld"]),
    "08_test_an_idea": (7, ["Improved", "points lower (", "No verdict", "No detectable effect", "Unlike the others: ", "adjusted p"]),
    "09_reproduce_a_published_figure": (0, ["block_recidivism_30d.v1.quarter", "unchanged", "<svg", "mart_block_end", "withheld"]),
}  # fmt: skip


def run(notebook: NotebookNode, name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> NotebookNode:
    """The notebook with its outputs, from a kernel of its own; fails with its name and the cell."""
    monkeypatch.setenv("UPSTANDER_HOME", str(home))
    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT))
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}})
    try:
        client.execute(stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        at = sum(cell.get("execution_count") is not None for cell in notebook.cells if cell.cell_type == "code") - 1
        pytest.fail(f"{name}, code cell {at}:\n{COLOURS.sub('', str(error))}")
    del notebook.cells[0]
    return notebook


@pytest.fixture(autouse=True)
def folders_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [one for cell in notebook.cells if cell.cell_type == "code" for one in cell.outputs]


def told(notebook: NotebookNode) -> str:
    """Everything that can be read in the outputs, but not in charts."""
    data = [one.get("data", {}) for one in outputs(notebook)]
    return "\n".join(text for one in data for kind, text in one.items() if kind != PLOTLY)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_the_demo_and_shows_what_it_talks_about(path, demo_build, monkeypatch):
    ran = run(read(path), path.name, demo_build, monkeypatch)
    charts, wanted = SHOWN[path.stem]
    assert sum(PLOTLY in one.get("data", {}) for one in outputs(ran)) >= charts
    assert [one for one in wanted if one not in told(ran)] == []
    assert not [one for one in outputs(ran) if one.output_type == "stream"]  # nothing is printed, nothing complains


@pytest.mark.parametrize(
    ("source", "says"), [("1 / 0", "ZeroDivisionError"), ("warnings.warn('odd')", "UserWarning: odd")]
)
def test_an_error_or_a_warning_in_a_cell_fails_with_notebook_and_cell(source, says, demo_home, monkeypatch):
    cells = [nbformat.v4.new_code_cell(one) for one in ("import warnings", source, "1 + 1")]
    with pytest.raises(pytest.fail.Exception, match=rf"(?s)odd\.ipynb, code cell 2:.*{says}"):
        run(nbformat.v4.new_notebook(cells=cells), "odd.ipynb", demo_home, monkeypatch)
