"""The manual says what definitions, contracts and specs say, and is the one that lies there."""

import runpy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from metrics import catalog
from metrics.semantic import schema
from metrics.semantic.model import Measure
from metrics.workbench import manual, method

SPEC = '''
ROWS = """
    at | n
    ---+--
    1  | 2
    """

def test_it_has_no_table(spec):
    assert spec("", as_of="2026-01-01") != 1
    assert states(ROWS, as_of="2026-01-01") == {"2026-01": "final"}

def test_two_come_out_of_one(spec):
    """1 x 2."""
    found = spec(ROWS, as_of="2026-02-01", split=("n",))
    assert found == {
        ("2026-01", "2"): 2,
    }
'''
NAMED = """
def test_it_is_a_draft(spec):
    expected: dict[str, float] = {}
    assert expected, "write the expected figures"
    assert spec("a", as_of="2026-02-01") == expected

def test_two(spec):
    table = "a"
    expected: dict[str, float] = {"2026-01": 2}
    assert spec(table, as_of="2026-02-01") == expected
"""


def test_the_manual_is_current() -> None:
    written = manual.MANUAL.read_text(encoding="utf-8")
    assert written == manual.text(catalog.definitions(), manual.SPECS), "Run `python -m metrics.workbench`."


def test_one_command_writes_the_manual_and_the_schema_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manual, "MANUAL", tmp_path / "MANUAL.md")
    monkeypatch.setattr(manual, "SCHEMA", tmp_path / "schema.json")
    runpy.run_module("metrics.workbench", run_name="__main__")
    assert (tmp_path / "MANUAL.md").read_text(encoding="utf-8").startswith("# The metrics\n")
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == schema.text()


def test_every_metric_has_a_section_with_an_example() -> None:
    sections = manual.MANUAL.read_text(encoding="utf-8").split("\n### ")[1:]
    assert len(sections) == len(catalog.definitions())
    for section in sections:
        assert "For example: " in section or "`, draft. " in section
        assert "- **It does not say:** " in section


def test_the_example_is_the_first_check_of_values_with_its_reckoning(tmp_path: Path) -> None:
    spec = tmp_path / "test_it.py"
    spec.write_text(SPEC, encoding="utf-8")
    assert manual.example(spec) == manual.Example(
        "Two come out of one.",
        "1 x 2.",
        "at | n\n---+--\n1  | 2",
        'as_of="2026-02-01", split=("n",)',
        '{\n    ("2026-01", "2"): 2,\n}',
    )


def test_what_is_expected_may_have_a_name_and_nothing_expected_is_no_example(tmp_path: Path) -> None:
    spec = tmp_path / "test_it.py"
    spec.write_text(NAMED, encoding="utf-8")
    assert manual.example(spec) == manual.Example("Two.", "", "a", 'as_of="2026-02-01"', '{"2026-01": 2}')


def test_a_metric_without_a_spec_or_check_has_no_example(tmp_path: Path) -> None:
    assert manual.example(tmp_path / "test_it.py") is None
    (tmp_path / "test_it.py").write_text("def test_it(spec):\n    assert True\n", encoding="utf-8")
    assert manual.example(tmp_path / "test_it.py") is None


def test_each_kind_is_told_in_words() -> None:
    told = {name: " ".join(method.sentences(metric)) for name, metric in catalog.definitions().items()}
    assert told["block_recidivism_30d"].startswith("Rows where `reblocked_within_30d`, divided by all rows.")
    assert told["blocks_set"] == "All rows. A row falls into the period of its `set_at`."
    assert told["budget_used_share"].startswith("The sum of `spent_amount`, divided by the sum of `planned_amount`.")
    assert told["cases_open"].startswith("Rows that are in: from `opened_at` until `closed_at`.")
    assert told["content_age_median_days"].startswith("The median of `content_age_days`.")
    assert told["felt_unsafe_share"].startswith(
        "The share of answers where `measure = 'felt_unsafe'` in which `is_yes`"
    )
    assert told["first_response_p90_hours"].startswith("The 90 % quantile of `first_response_hours`, by Kaplan-Meier:")
    assert told["hand_counted"].endswith("A period without rows is unknown, not 0.")
    assert told["milestone_variance_days"].startswith("The mean of `days_late`.")


def test_a_condition_on_a_column_that_is_counted_and_rates_are_told() -> None:
    both = Measure("count", "is_answered", "queue = 'a'")
    told = method.sentences(replace(catalog.definitions()["cases_opened"], measure=both))
    assert next(iter(told)) == "Rows that have `is_answered` and where `queue = 'a'`."
    rate = replace(catalog.definitions()["partial_block_share"], can_exceed_1=True)
    assert "so it can exceed 1" in " ".join(method.sentences(rate))


def test_when_a_figure_is_settled_is_told_in_days_or_hours() -> None:
    metrics = catalog.definitions()
    assert method.settled(metrics["blocks_set"]) == "when the period is over"
    assert method.settled(metrics["block_recidivism_30d"]).startswith("30 days after the period's end")
    hours = replace(metrics["blocks_set"], mature_after=timedelta(hours=36))
    assert method.settled(hours).startswith("36 hours after the period's end")
