"""The SQL that takes each metric apart, to be read in review: a change of meaning shows as a change of text.

`make golden` writes the files anew.
"""

import difflib
from pathlib import Path

import pytest

from metrics import catalog
from metrics.semantic import plan, sql
from metrics.semantic.model import Metric

HERE = Path(__file__).parent


def written(metric: Metric) -> str:
    """The SELECT of every pass of this metric alone."""
    passes = plan.passes([metric], catalog.marts())
    return ";\n\n".join(sql.text(sql.parts(one)) for one in passes) + ";\n"


@pytest.mark.parametrize("name", sorted(catalog.definitions()))
def test_the_sql_is_the_one_that_was_read_in_review(name: str) -> None:
    path = HERE / f"{name}.sql"
    golden = path.read_text(encoding="utf-8") if path.exists() else ""
    found = written(catalog.definitions()[name])
    difference = difflib.unified_diff(golden.splitlines(), found.splitlines(), path.name, "now", lineterm="")
    assert found == golden, "\n".join(["Read this and, if it is meant, run `make golden`:", *difference])


def test_every_golden_file_belongs_to_a_metric() -> None:
    assert {path.stem for path in HERE.glob("*.sql")} <= set(catalog.definitions())
