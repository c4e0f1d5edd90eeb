"""A new version of a contract: what differs, told apart, with its line; and the models and metrics that it breaks."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data_contracts.load import HERE
from etl import contract_change

TICKETS = HERE / "sources/tickets.odcs.yaml"
MART = HERE / "marts/case.odcs.yaml"
QUEUE = "{name: queue, logicalType: string, physicalType: VARCHAR,"


def changed(tmp_path: Path, source: Path, *edits: tuple[str, str]) -> Path:
    text = source.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "sources" / source.name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def told(tmp_path: Path, source: Path, *edits: tuple[str, str]) -> contract_change.Comparison:
    return contract_change.compare(source, changed(tmp_path, source, *edits))


def test_the_same_contract_has_no_changes(tmp_path):
    found = told(tmp_path, TICKETS)
    assert (found.changes, found.wanted, found.breaks) == ((), found.old, False)


@pytest.mark.parametrize(
    ("edit", "kind", "was", "now", "breaks"),
    [
        ((QUEUE, QUEUE.replace("queue", "queues")), "renamed", "queue", "queues", True),
        ((QUEUE, QUEUE.replace("queue", "zzz").replace("string", "integer").replace("VARCHAR", "BIGINT")), "missing", "VARCHAR", "none", True),
        ((QUEUE, QUEUE.replace("VARCHAR", "BIGINT")), "retyped", "VARCHAR", "BIGINT", True),
        ((QUEUE, QUEUE.replace("VARCHAR,", "VARCHAR, required: true,")), "required", "may be empty", "always there", False),
        (("validValues: [open, closed]", "validValues: [open]"), "values", "open, closed", "open", False),
    ],
)  # fmt: skip
def test_changes_of_a_column_are_told_apart(tmp_path, edit, kind, was, now, breaks):
    found = told(tmp_path, TICKETS, edit).changes[0]
    assert (found.change.kind, found.change.was, found.change.now) == (kind, was, now)
    assert found.change.is_breaking is breaks
    assert ".odcs.yaml:" in found.change.where
    assert "core_ticket" in found.models
    assert "cases_opened" in found.metrics


def test_a_new_column_breaks_nothing(tmp_path):
    new = QUEUE.replace("queue", "mood") + ' description: "Mood."}\n      - ' + QUEUE
    found = told(tmp_path, TICKETS, (QUEUE, new))
    assert [(one.change.kind, one.models, one.metrics) for one in found.changes] == [("new", (), ())]
    assert (found.wanted.split(".")[1], found.breaks) == (str(int(found.old.split(".")[1]) + 1), False)


def test_of_a_mart_only_metrics_that_name_the_column_break(tmp_path):
    found = told(tmp_path, MART, ("name: first_response_hours", "name: hours_to_answer"))
    (one,) = [one for one in found.changes if one.change.column == "first_response_hours"]
    assert "first_response_median_hours" in one.metrics
    assert "cases_opened" not in one.metrics
    assert found.wanted.split(".")[0] == str(int(found.old.split(".")[0]) + 1)


def test_a_column_that_no_model_reads_breaks_nothing(tmp_path):
    found = told(
        tmp_path,
        TICKETS,
        (
            "name: line, logicalType: integer, physicalType: BIGINT",
            "name: line, logicalType: number, physicalType: DOUBLE",
        ),
    )
    assert [one.change.is_breaking for one in found.changes] == [False]


def test_the_command_line_says_it_and_ends_with_1_where_metrics_break(tmp_path):
    gone = changed(tmp_path, TICKETS, (QUEUE, QUEUE.replace("queue", "queues")))
    told = CliRunner().invoke(app, ["contract", "diff", str(TICKETS), str(gone)])
    assert told.exit_code == 1
    assert "renamed   raw_tickets.queue: queue -> queues" in told.output
    assert "by what it changes it is 2.0.0" in told.output or "it is" in told.output
    assert (
        CliRunner().invoke(app, ["contract", "diff", str(TICKETS), str(TICKETS)]).output.endswith("nothing differs.\n")
    )
