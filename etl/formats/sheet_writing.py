"""Writes the contract of a sheet as text (ODCS 3.1), a line for each column, for people to check and change.

It opens nothing; what the columns are is told by others. Of notes it writes the header and nothing that stands in them.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from etl.formats.sheet_contract import DAYS, LOGICAL, SheetColumn, Sort
from etl.formats.sheet_guess import Guess

PHYSICAL: dict[Sort, str] = {"text": "VARCHAR", "number": "DOUBLE", "integer": "BIGINT", "day": "DATE"}
HEAD = """\
# The contract of a sheet that somebody keeps by hand. Written by `upstander feed new`; every line is a guess to check.
#   role      period | starts_on | ends_on | wiki | group | measure | value | key | note (a note is never read)
#   span      how long a period is: day | week | month | quarter | year
#   unit      count | people (small groups are withheld) | hours | days | money | share
#   overTime  add (trainings held) | mean (a level, such as the length of a list)
#   primaryKey: true   what tells rows apart: a row of a newer file replaces the one with the same key
#   required: true     an empty cell is refused; without it, it is not known, and never 0
apiVersion: v3.1.0
kind: DataContract
"""


def text(name: str, guess: Guess) -> str:
    """The contract of the sheet `name`."""
    signs: dict[str, Any] = {"decimal": guess.decimal, "thousands": guess.thousands, "missing": list(guess.missing)}
    lines = [
        HEAD.rstrip(), f"id: urn:upstander:sheet:{name}", f"name: {name}", "version: 1.0.0", "status: active",
        "description:", f"  purpose: {_plain(f'Numbers of the sheet {name}, counted by hand.')}", "customProperties:",
        *(f"  - {_flow({'property': key, 'value': value})}" for key, value in signs.items() if value),
        "schema:", f"  - name: {name}", "    physicalType: table", "    properties:",
    ]  # fmt: skip
    keys = iter(range(1, len(guess.columns) + 1))
    for one in guess.columns:
        lines.append(f"      # {one.why}" + "".join(f"; CHECK: {doubt}" for doubt in one.doubts))
        lines += _column(one.column, keys)
    return "\n".join(lines) + "\n"


def _column(column: SheetColumn, keys: Iterator[int]) -> Iterator[str]:
    said: dict[str, Any] = {"name": column.name, "physicalName": column.header, "logicalType": LOGICAL[column.sort]}
    said["physicalType"] = PHYSICAL[column.sort]
    if column.is_key:
        said |= {"primaryKey": True, "primaryKeyPosition": next(keys)}
    elif column.required:
        said["required"] = True
    if column.minimum is not None:
        said["logicalTypeOptions"] = {"minimum": 0}
    said["customProperties"] = [{"property": name, "value": value} for name, value in _custom(column).items()]
    if column.values and column.role != "note":
        rule = {"type": "library", "metric": "invalidValues", "arguments": {"validValues": list(column.values)}}
        said["quality"] = [{**rule, "mustBe": 0}]
    yield f"      - {_flow(said)}"


def _custom(column: SheetColumn) -> dict[str, str]:
    found: dict[str, str] = {"role": column.role}
    if column.role in DAYS:
        found["format"] = column.pattern
    if column.role == "period":
        found["span"] = column.span
    if column.role == "value":
        found |= {"unit": column.unit, "overTime": column.over_time}
    return found


def _flow(said: dict[str, Any]) -> str:
    """One line of YAML, whatever the words in it are."""
    return yaml.safe_dump(said, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1 << 20).strip()


def _plain(said: str) -> str:
    return yaml.safe_dump(said, default_style='"', allow_unicode=True, width=1 << 20).strip()
