"""How notebooks lie in the project: their files, their cells, and the one way in which they are written.

Whoever works in one leaves outputs, counts and traits of a machine in it; `python -m tests.notebooks` takes them out.
"""

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> Iterator[str]:
    return (cell.source for cell in read(path).cells if cell.cell_type == "code")


def canonical(text: str) -> str:
    """The notebook without outputs, counts and metadata; cells keep their IDs."""
    notebook = nbformat.reads(text, as_version=4)
    notebook.metadata = NotebookNode(METADATA)
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(notebook) + "\n"
