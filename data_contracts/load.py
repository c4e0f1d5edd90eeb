"""Reads our data contracts (Open Data Contract Standard 3.1) into the few words that the other rooms need.

It touches its own YAML only: no database, no network.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from open_data_contract_standard.model import DataQuality, OpenDataContractStandard, SchemaObject, SchemaProperty

from data_contracts import yaml_file
from data_contracts.faults import FeedFault

HERE = Path(__file__).parent
Room = Literal["sources", "core", "marts"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Quality:
    """A rule written in a contract: rows for which `condition` holds break it."""

    name: str
    severity: Severity
    query: str
    line: int


@dataclass(frozen=True)
class Column:
    """One column. `name`: as a feed hands it over; `stored`: as the table has it; `hashed`: at the door."""

    name: str
    stored: str
    type: str
    description: str
    required: bool = False
    unique: bool = False
    hashed: bool = False
    dimension: Literal["small", "large"] | None = None
    values: tuple[str, ...] = ()
    minimum: Any = None
    maximum: Any = None
    pattern: str | None = None
    severity: Severity = "error"
    line: int = 1


@dataclass(frozen=True)
class Table:
    """One table of a contract. `grain`: what one row is. `feeds`: those that tell of it, for coverage and freshness.

    retention_days: rows are deleted when they are older than that by the column retention_by; None: they may stay.
    is_coverage: its rows say of which days a file tells, and are none that it brings.
    """

    contract: str
    version: str
    name: str
    grain: str
    columns: tuple[Column, ...]
    quality: tuple[Quality, ...]
    key: tuple[str, ...]
    about_persons: bool
    feeds: tuple[str, ...]
    event_time: str | None
    path: str
    retention_days: int | None = None
    retention_by: str | None = None
    is_coverage: bool = False

    def column(self, stored: str) -> Column | None:
        return next((column for column in self.columns if column.stored == stored), None)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(column.stored for column in self.columns if column.dimension)


@cache
def tables(room: Room) -> Mapping[str, Table]:
    """Every table of the contracts in `data_contracts/<room>/`, by name."""
    found: dict[str, Table] = {}
    for path in sorted((HERE / room).glob("*.odcs.yaml")):
        for table in read_contract(path):
            found[table.name] = table
    return found


def of_feed(feed: str) -> Mapping[str, Table]:
    """The raw tables of one feed's contract, by name."""
    path = HERE / "sources" / f"{feed}.odcs.yaml"
    return {table.name: table for table in read_contract(path)}


def read_contract(path: Path) -> tuple[Table, ...]:
    """The tables of one contract file; all faults of it at once, with lines."""
    shown = str(path.relative_to(HERE.parent)) if path.is_relative_to(HERE) else None
    file = yaml_file.load(path, FeedFault, shown)
    contract = yaml_file.check(file, OpenDataContractStandard, FeedFault)
    custom = _custom(contract.customProperties)
    return tuple(
        _table(file, contract, schema, ("schema", index), {**custom, **_custom(schema.customProperties)})
        for index, schema in enumerate(contract.schema_ or [])
    )


def _table(
    file: yaml_file.YamlFile,
    contract: OpenDataContractStandard,
    schema: SchemaObject,
    place: yaml_file.Place,
    custom: Mapping[str, Any],
) -> Table:
    columns = tuple(
        _column(file, one, (*place, "properties", index)) for index, one in enumerate(schema.properties or [])
    )
    keyed = sorted(
        (one for one in schema.properties or [] if one.primaryKey), key=lambda one: one.primaryKeyPosition or 0
    )
    return Table(
        contract=str(contract.name),
        version=str(contract.version),
        name=str(schema.physicalName or schema.name),
        grain=str(schema.dataGranularityDescription or schema.description),
        columns=columns,
        quality=tuple(
            _quality(file, one, (*place, "quality", index)) for index, one in enumerate(schema.quality or [])
        ),
        key=tuple(str(one.physicalName or one.name) for one in keyed),
        about_persons=bool(custom.get("aboutPersons", True)),
        feeds=tuple(custom.get("feeds", (contract.name,) if "sources/" in file.path else ())),
        event_time=custom.get("eventTime"),
        path=file.path,
        retention_days=custom.get("retentionDays"),
        retention_by=custom.get("retentionBy"),
        is_coverage=custom.get("isCoverage") is True,
    )


def _column(file: yaml_file.YamlFile, one: SchemaProperty, place: yaml_file.Place) -> Column:
    custom = _custom(one.customProperties)
    options = one.logicalTypeOptions or {}
    invalid = next((rule for rule in one.quality or [] if rule.metric == "invalidValues"), None)
    if not one.name or not one.physicalType:
        raise FeedFault(file.where(place), "a column without name or physicalType", "both", "Add what is missing.")
    return Column(
        name=one.name,
        stored=one.physicalName or one.name,
        type=one.physicalType.upper(),
        description=one.description or "",
        required=bool(one.required or one.primaryKey),
        unique=bool(one.unique),
        hashed=custom.get("door") == "hash",
        dimension=custom.get("dimension"),
        values=tuple(str(value) for value in ((invalid.arguments or {}).get("validValues", ()) if invalid else ())),
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
        pattern=options.get("pattern"),
        severity=_severity(invalid.severity if invalid else None),
        line=file.line(place),
    )


def _quality(file: yaml_file.YamlFile, one: DataQuality, place: yaml_file.Place) -> Quality:
    if one.type != "sql" or not one.query or one.mustBe != 0 or not one.name:
        raise FeedFault(
            file.where(place),
            "a table rule that is not a count of breaking rows",
            'name, type: sql, query: "SELECT COUNT(*) FROM {object} WHERE ...", mustBe: 0',
            "Write the rule as the rows that break it.",
        )
    return Quality(one.name, _severity(one.severity), one.query, file.line(place))


def _severity(word: str | None) -> Severity:
    return "warning" if word == "warning" else "error"


def _custom(properties: list[Any] | None) -> dict[str, Any]:
    return {str(one.property): one.value for one in properties or []}
