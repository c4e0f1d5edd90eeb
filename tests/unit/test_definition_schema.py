"""The JSON Schema that editors read: it lets every definition through, and stops what the parser stops."""

import json
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault
from metrics import catalog
from metrics.semantic import schema, written
from metrics.workbench import manual

VALIDATOR = Draft202012Validator(dict(schema.schema()))
NAMES = ("block_recidivism_30d", "cases_open", "first_response_p90_hours", "felt_unsafe_share", "hand_counted")


def read(name: str) -> dict[str, Any]:
    """A definition as an editor has it: days are text."""
    data = yaml_file.load(catalog.HERE / f"{name}.yml", DefinitionFault).data
    found: dict[str, Any] = json.loads(json.dumps(data, default=date.isoformat))
    return found


def test_the_file_that_editors_read_is_current() -> None:
    assert manual.SCHEMA.read_text(encoding="utf-8") == schema.text(), "Run `python -m metrics.workbench`."


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json.loads(schema.text()))


@pytest.mark.parametrize("name", sorted(path.stem for path in catalog.HERE.glob("*.yml")))
def test_every_definition_passes(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(read(name))] == []


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("block_recidivism_30d", {"beter": "lower"}),
        ("block_recidivism_30d", {"better": "smaller"}),
        ("block_recidivism_30d", {"mature_after": "30 weeks"}),
        ("block_recidivism_30d", {"measure": {"count": "*"}}),
        ("block_recidivism_30d", {"numerator": {"mean": "block_hours"}}),
        ("block_recidivism_30d", {"kind": "count"}),
        ("block_recidivism_30d", {"release": {"program": 5}}),
        ("cases_open", {"measure": {"stock": "opened_at"}}),
        ("first_response_p90_hours", {"statistic": {"quantile": 90}}),
        ("felt_unsafe_share", {"measure": {"share": "is_yes"}}),
        ("hand_counted", {"without_rows": "nothing"}),
    ],
)
def test_what_the_parser_would_refuse_is_marked(name: str, changed: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({**read(name), **changed})


@pytest.mark.parametrize("key", [field.alias or name for name, field in written.Definition.model_fields.items()])
def test_editors_say_of_every_key_what_it_is_for(key: str) -> None:
    said = schema.schema()["properties"][key]
    assert len(said["description"]) > 10
