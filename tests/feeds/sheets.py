"""Workbooks made by hand, part by part, so that a test can have what no library would write; all of it invented."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from data_contracts.faults import UserFault
from etl.feed import Batch, Reject
from etl.sources import spreadsheet
from tests.delivered import RECEIVED, drained, landed, rejects_of, rows_of

SAMPLES = Path(__file__).parent / "samples"
CONTRACT = SAMPLES / "spreadsheet-trainings.odcs.yaml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def parts(
    rows: Sequence[Sequence[str]], *, behind: str = "", is_1904: bool = False, more: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The parts of a workbook; a cell is its XML as `cell` makes it. more: other sheets, name to state."""
    lines = [f'<row r="{number}">{"".join(cells)}</row>' for number, cells in enumerate(rows, start=1)]
    states = {"Sheet": "visible", **(more or {})}
    listed = [
        f'<sheet name="{name}" sheetId="{index}" state="{state}" r:id="r{index}"/>'
        for index, (name, state) in enumerate(states.items(), start=1)
    ]
    places = range(1, len(states) + 1)
    related = [
        f'<Relationship Id="r{one}" Type="{RELATED}/worksheet" Target="worksheets/s{one}.xml"/>' for one in places
    ]
    kinds = [f'<Override PartName="/xl/worksheets/s{one}.xml" ContentType="{KINDS}.worksheet+xml"/>' for one in places]
    related.append(f'<Relationship Id="s" Type="{RELATED}/styles" Target="styles.xml"/>')
    package = "http://schemas.openxmlformats.org/package/2006"
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{KINDS}.styles+xml"/>{"".join(kinds)}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><workbookPr date1904="{int(is_1904)}"/><sheets>{"".join(listed)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{package}/relationships">{"".join(related)}</Relationships>',
        "xl/styles.xml": HEAD + STYLES,
        "xl/worksheets/s1.xml": f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>{behind}</worksheet>',
        **{f"xl/worksheets/s{one}.xml": f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>' for one in places[1:]},
    }  # fmt: skip


def packed(content: Mapping[str, str | bytes]) -> bytes:
    """The parts as the bytes of a zip archive, the same each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def cell(value: Any = None, *, formula: str = "", day: bool = False) -> str:
    """A cell; a formula without a value is one that nobody has computed. day: a number that is shown as a date."""
    inner = f"<f>{formula}</f>" if formula else ""
    if isinstance(value, bool):
        return f'<c t="b">{inner}<v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c s="{int(day)}">{inner}<v>{value}</v></c>'
    if value is None:
        return f"<c>{inner}</c>"
    if str(value).startswith("#"):
        return f'<c t="e">{inner}<v>{value}</v></c>'
    if formula:
        return f'<c t="str">{inner}<v>{value}</v></c>'
    return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def row(*values: Any) -> list[str]:
    """Cells of plain values; what begins with <c stays as it is."""
    return [one if isinstance(one, str) and one.startswith("<c") else cell(one) for one in values]


def contract(*columns: str, **custom: Any) -> str:
    """A contract of columns such as "date: period day", "people: value integer unit=people", "site: wiki key".

    Words behind the role are a type, `required`, `key`, or name=value.
    """
    said = {
        "apiVersion": "v3.1.0", "kind": "DataContract", "id": "urn:upstander:sheet:numbers", "name": "numbers",
        "version": "1.0.0", "status": "active",
        "customProperties": [{"property": name, "value": value} for name, value in custom.items()],
        "schema": [{"name": "numbers", "physicalType": "table", "properties": [_property(one) for one in columns]}],
    }  # fmt: skip
    return yaml.safe_dump(said, sort_keys=False)


def _property(text: str) -> dict[str, Any]:
    header, _, words = text.partition(": ")
    role, *rest = words.split()
    kinds = {"integer", "number", "date", "string"}
    default = {"period": "date", "starts_on": "date", "ends_on": "date", "value": "integer"}.get(role, "string")
    kind = next((word for word in rest if word in kinds), default)
    custom = [{"property": "role", "value": role}]
    found: dict[str, Any] = {"name": "_".join(header.lower().split()), "physicalName": header, "logicalType": kind}
    for word in rest:
        name, _, value = word.partition("=")
        if name == "key":
            found |= {"primaryKey": True, "primaryKeyPosition": 1}
        elif name == "required":
            found["required"] = True
        elif name in ("minimum", "maximum"):
            found.setdefault("logicalTypeOptions", {})[name] = float(value)
        elif value:
            custom.append({"property": name, "value": value.replace("_", " ") if name == "format" else value})
    return {**found, "customProperties": custom}


class Read:
    """What came of reading a sheet."""

    def __init__(self, batches: Sequence[Batch], fault: UserFault | None) -> None:
        self.batches, self.fault = batches, fault

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        return rows_of(self.batches, "raw_spreadsheet", *columns)

    @property
    def values(self) -> list[Any]:
        return [value for (value,) in self.rows("value")]

    @property
    def refused(self) -> list[tuple[int, str]]:
        return [(one.line, one.rule) for one in self.rejects]

    @property
    def rejects(self) -> list[Reject]:
        return rejects_of(self.batches)


def delivery(**told: Any) -> Any:
    asked = {"sheet": "numbers", "contract": "c", "files": ["a"], **told}
    (one,) = spreadsheet.deliveries(spreadsheet.Settings.model_validate({"sheets": [asked]}))
    return one


def read(folder: Path, contract_text: str, *files: str | bytes, received_at: Any = RECEIVED, **told: Any) -> Read:
    """A sheet read as the build reads it: its contract and its files, the oldest first."""
    paths = [folder / "numbers.odcs.yaml", *(folder / f"numbers-{place}" for place in range(len(files)))]
    for path, content in zip(paths, (contract_text, *files), strict=True):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Read(*drained(spreadsheet.read(landed(delivery(**told), *paths, received_at=received_at))))


def lines(*texts: Iterable[str] | str) -> str:
    return "\n".join(text if isinstance(text, str) else ",".join(text) for text in texts) + "\n"
