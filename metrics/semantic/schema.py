"""The shape of a definition as JSON Schema, so that editors complete keys and mark mistakes while somebody writes.

It touches nothing. What only the marts can say (columns, dimensions) is `parse`'s.
"""

import json
from collections.abc import Mapping
from typing import Any

from metrics.semantic import parse, written

Schema = Mapping[str, Any]
SPAN = {"anyOf": [{"type": "string", "pattern": r"^[0-9]{1,4} (hour|day)s?$"}, {"type": "null"}]}


def text() -> str:
    """The schema as a file has it: the same text for the same code."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> Schema:
    """JSON Schema (2020-12) of `written.Definition`, with the keys that each kind wants and does not know."""
    shape = _without_titles(written.Definition.model_json_schema(by_alias=True))
    span = shape["properties"]["mature_after"]
    shape["properties"]["mature_after"] = {**SPAN, "description": span["description"]}
    kinds = [_of_kind(kind, wanted) for kind, wanted in parse.WANTED.items()]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A metric", **shape, "allOf": kinds}


def _of_kind(kind: str, wanted: tuple[str, ...]) -> Schema:
    """What a kind wants: its measures, each with one of the kind's functions and what that function needs."""
    functions = [{"required": [name, *parse.COMPANIONS.get(name, ())]} for name in parse.FUNCTIONS[kind]]
    none_of_its_own = {"properties": {"from": False, "at": False}}
    measures = {
        key: {"oneOf": functions, **({} if key == "denominator" else none_of_its_own)}
        for key in wanted
        if key in parse.MEASURES
    }
    others = {key: False for key in (*parse.MEASURES, "statistic") if key not in wanted}
    return {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"required": list(wanted), "properties": {**measures, **others}},
    }


def _without_titles(node: Any) -> Any:
    """The schema without the titles that were made of the names of keys: they say nothing new."""
    if isinstance(node, list):
        return [_without_titles(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _without_titles(one) for name, one in value.items()}
        if key in ("properties", "$defs")
        else _without_titles(value)
        for key, value in node.items()
        if key != "title"
    }
