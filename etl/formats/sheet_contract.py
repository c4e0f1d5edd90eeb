"""Reads the contract of a sheet that somebody keeps by hand: which column is what, and what may stand in it.

It is a data contract (ODCS 3.1) in the instance; each column's `role` says what it is for. It does not look at data.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from open_data_contract_standard.model import OpenDataContractStandard, SchemaProperty

from data_contracts import yaml_file
from data_contracts.faults import Faults, FeedFault
from data_contracts.yaml_file import Place, YamlFile
from etl.feed import LandedFile
from etl.formats import times
from etl.formats.sheet_table import shown

Role = Literal["period", "starts_on", "ends_on", "wiki", "group", "measure", "value", "key", "note"]
Sort = Literal["text", "number", "integer", "day"]
Span = Literal["day", "week", "month", "quarter", "year"]
Unit = Literal["count", "people", "hours", "days", "money", "share"]
OverTime = Literal["add", "mean"]
SORTS: Mapping[str, Sort] = {"string": "text", "number": "number", "integer": "integer", "date": "day"}
LOGICAL: Mapping[Sort, str] = {sort: logical for logical, sort in SORTS.items()}
DAYS = ("period", "starts_on", "ends_on")
NUMBERS = ("number", "integer")
SERIALS = ("serial", "serial-1904")  # days as numbers, as spreadsheets count them; the second: from 1904
MONTHS: Mapping[str, Span] = {
    "%Y-%m": "month",
    "%m/%Y": "month",
    "%m.%Y": "month",
    "%b %Y": "month",
    "%B %Y": "month",
    "%Y": "year",
}
MOST: Mapping[Role, int] = {"measure": 1, "wiki": 1, "group": 3}
MOST_PEOPLE = 99_999  # of one cell: each becomes a row, so that small groups can be withheld
WORDS: Mapping[str, tuple[str, ...]] = {
    "role": get_args(Role), "span": get_args(Span), "unit": get_args(Unit), "overTime": get_args(OverTime),
}  # fmt: skip
DECIMALS, THOUSANDS = (".", ","), ("", ",", ".", " ", "'")


@dataclass(frozen=True)
class SheetColumn:
    """One column. header: as the sheet writes it; line: of the contract, where it stands.

    span: how long a period is, of which only the first day is written. pattern: of days that are written as text.
    values, minimum, maximum: what may stand in it.
    """

    name: str
    header: str
    role: Role
    sort: Sort
    line: int
    required: bool = False
    is_key: bool = False
    unit: Unit = "count"
    over_time: OverTime = "add"
    span: Span = "day"
    pattern: str = "%Y-%m-%d"
    values: tuple[str, ...] = ()
    minimum: float | date | None = None
    maximum: float | date | None = None


@dataclass(frozen=True)
class SheetContract:
    """The columns of a sheet; `path`: the contract's file, for those who must mend something.

    decimal, thousands: the signs in numbers that are written as text. missing: words that stand for an empty cell.
    """

    path: str
    columns: tuple[SheetColumn, ...]
    decimal: str = "."
    thousands: str = ""
    missing: tuple[str, ...] = ()

    def of(self, *roles: Role) -> tuple[SheetColumn, ...]:
        return tuple(column for column in self.columns if column.role in roles)

    @property
    def read(self) -> tuple[SheetColumn, ...]:
        """The columns that are looked at; notes are not."""
        return tuple(column for column in self.columns if column.role != "note")

    @property
    def key(self) -> tuple[SheetColumn, ...]:
        return tuple(column for column in self.columns if column.is_key)

    def where(self, column: SheetColumn) -> str:
        return f"{self.path}:{column.line}"


def read_contract(file: LandedFile) -> SheetContract:
    """The contract; all its faults at once, each with its line."""
    text = yaml_file.load(file.path, FeedFault, file.name)
    contract = yaml_file.check(text, OpenDataContractStandard, FeedFault)
    schema = contract.schema_ or []
    if len(schema) != 1:
        raise FeedFault(text.where(("schema",)), f"{len(schema)} tables", "the one table of the sheet", "Correct it.")
    faults: list[FeedFault] = []
    columns = []
    for index, one in enumerate(schema[0].properties or []):
        place: Place = ("schema", 0, "properties", index)
        try:
            columns.append(_column(text, one, place))
        except FeedFault as fault:
            faults.append(fault)
    custom = {str(one.property): one.value for one in contract.customProperties or []}
    faults += [*_wrong_signs(text, custom), *(_wrong_together(text, columns) if not faults else [])]
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    signs = (str(custom.get("decimal", ".")), str(custom.get("thousands", "")))
    return SheetContract(file.name, tuple(columns), *signs, _folded(custom.get("missing", [])))


def _column(text: YamlFile, one: SchemaProperty, place: Place) -> SheetColumn:
    where = text.where(place)
    custom: dict[str, Any] = {str(more.property): more.value for more in one.customProperties or []}
    for name, words in WORDS.items():
        if (name in custom or name == "role") and custom.get(name) not in words:
            found = f'the column "{shown(one.name)}" has the {name} "{shown(custom.get(name))}"'
            raise FeedFault(where, found, f"one of {', '.join(words)}", "Correct it.")
    sort = SORTS.get(one.logicalType or "string")
    if sort is None or not one.name:
        raise FeedFault(
            where, f"the type {shown(one.logicalType)}", f"a name and one of {', '.join(SORTS)}", "Correct it."
        )
    role: Role = custom["role"]
    pattern = str(custom.get("format", "%Y-%m-%d"))
    column = SheetColumn(
        name=one.name,
        header=" ".join(str(one.physicalName or one.name).split()),
        role=role,
        sort=sort,
        line=text.line(place),
        required=bool(one.required or one.primaryKey) or role in (*DAYS, "measure"),
        is_key=bool(one.primaryKey),
        unit=custom.get("unit", "count"),
        over_time=custom.get("overTime", "add"),
        span=custom.get("span", MONTHS.get(pattern, "day")),
        pattern=pattern,
        values=_values(one),
        minimum=_bound(where, sort, one, "minimum"),
        maximum=_bound(where, sort, one, "maximum"),
    )
    _check_sort(where, one, column)
    return column


def _check_sort(where: str, one: SchemaProperty, column: SheetColumn) -> None:
    """What a role wants of its type, and what belongs to a type only."""
    role, sort = column.role, column.sort
    if role == "note":
        return
    if (role == "value") != (sort in NUMBERS) and role != "key":
        raise FeedFault(
            where, f"a {role} of type {shown(one.logicalType)}", "numbers for values only", "Correct logicalType."
        )
    if (role in DAYS) != (sort == "day"):
        raise FeedFault(
            where, f"a {role} of type {shown(one.logicalType)}", "dates for periods only", "Correct logicalType."
        )
    options = one.logicalTypeOptions or {}
    others = sorted(set(options) - {"minimum", "maximum"})
    if others or (options and sort == "text"):
        found = f"{shown(', '.join(others or options))} of a column of type {shown(one.logicalType)}"
        raise FeedFault(where, found, "minimum and maximum of numbers and dates", "Use validValues, or leave it out.")
    if column.unit == "people" and (sort != "integer" or column.over_time == "mean"):
        found = f'"{shown(column.name)}" counts people as {shown(one.logicalType)}, over time by {column.over_time}'
        raise FeedFault(where, found, "integer and add", "Correct it, or take the unit count if nobody can be known.")
    if column.unit == "share" and column.over_time == "add":
        raise FeedFault(where, "shares that are added up", "overTime: mean", "Write it.")
    if role in DAYS:
        _check_pattern(where, column)


def _check_pattern(where: str, column: SheetColumn) -> None:
    """A period may be written as a month or a year; days need a whole date, or are a spreadsheet's numbers."""
    if column.pattern in SERIALS or (column.role == "period" and column.pattern in MONTHS):
        return
    try:
        times.check_format(column.pattern)
    except ValueError as error:
        raise FeedFault(where, shown(error), "a format such as %d.%m.%Y", "Correct format.") from error


def _wrong_signs(text: YamlFile, custom: Mapping[str, Any]) -> Iterator[FeedFault]:
    where = text.where(("customProperties",))
    decimal, thousands = custom.get("decimal", "."), custom.get("thousands", "")
    if decimal not in DECIMALS or thousands not in THOUSANDS or decimal == thousands:
        found = f'decimal "{shown(decimal)}" and thousands "{shown(thousands)}"'
        yield FeedFault(where, found, "decimal . or , and another sign for thousands", "Correct them.")
    if not isinstance(custom.get("missing", []), list):
        yield FeedFault(where, "missing is no list", 'a list of words such as ["-"]', "Correct it.")


def _wrong_together(text: YamlFile, columns: list[SheetColumn]) -> Iterator[FeedFault]:
    """What a sheet must have: a period or a first day, a number; and what it cannot have twice."""
    where, count = text.where(("schema", 0, "properties")), Counter(column.role for column in columns)
    if count["period"] + count["starts_on"] != 1:
        found = f"{count['period']} columns of role period and {count['starts_on']} of role starts_on"
        yield FeedFault(where, found, "one period, or one starts_on", "Say which column tells when it was counted.")
    if count["ends_on"] != count["starts_on"]:
        yield FeedFault(where, "starts_on or ends_on alone", "one of each", "Give the other column its role.")
    if not count["value"] or (count["value"] > 1 and count["measure"]):
        found = f"{count['value']} columns of role value and {count['measure']} of role measure"
        yield FeedFault(where, found, "a value with a measure, or values that are measures", "Correct the roles.")
    for role, most in MOST.items():
        if count[role] > most:
            yield FeedFault(where, f"{count[role]} columns of role {role}", f"at most {most}", "Make the others notes.")
    wrong = [column.name for column in columns if column.is_key and column.role in ("note", "value")]
    wrong += [column.name for column in columns if column.role == "key" and not column.is_key]
    if wrong:
        found = f"{shown(', '.join(wrong))}: a key that is a note or a number, or a role key that is no key"
        yield FeedFault(where, found, "primaryKey for what tells rows apart", "Correct role or primaryKey.")
    for kind, words in (("column", [one.header for one in columns]), ("name", [one.name for one in columns])):
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield FeedFault(where, f'the {kind} "{shown(word)}" stands there twice', "each once", "Remove one of them.")


def _values(one: SchemaProperty) -> tuple[str, ...]:
    invalid = next((rule for rule in one.quality or [] if rule.metric == "invalidValues"), None)
    return tuple(str(value) for value in ((invalid.arguments or {}).get("validValues", ()) if invalid else ()))


def _bound(where: str, sort: Sort, one: SchemaProperty, name: str) -> float | date | None:
    """A bound in the type of its column; numbers and dates have them."""
    bound: Any = (one.logicalTypeOptions or {}).get(name)
    try:
        return None if bound is None else date.fromisoformat(str(bound)) if sort == "day" else float(bound)
    except (TypeError, ValueError) as error:
        raise FeedFault(where, f"the bound {shown(bound)}", f"a bound of type {sort}", "Correct it.") from error


def _folded(words: object) -> tuple[str, ...]:
    return tuple(str(word).strip().casefold() for word in words) if isinstance(words, list) else ()
