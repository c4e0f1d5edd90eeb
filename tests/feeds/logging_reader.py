"""What the tests of the log feed share: a file as it lands, its batches as rows, and small dumps of invented people."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from data_contracts.faults import FeedFault
from etl.feed import Delivery, Landed, LandedFile, Reject
from etl.sources import mediawiki_logging as feed

ROOT = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">'
HEAD = f"{ROOT}\n  <siteinfo>\n    <dbname>demo</dbname>\n  </siteinfo>\n"
TAIL = "</mediawiki>\n"
SITEWIDE = 'a:3:{s:11:"5::duration";s:6:"1 week";s:8:"6::flags";s:8:"nocreate";s:8:"sitewide";b:1;}'

Rows = list[dict[str, Any]]


def landed_file(path: Path) -> LandedFile:
    return LandedFile(path, path.name, "0" * 64, path.stat().st_size, datetime(2026, 11, 1))


def read(path: Path, **told: Any) -> tuple[Rows, list[Reject], FeedFault | None]:
    """Every row and refusal of one file, and the fault that ended the reading."""
    settings = {"wikis": [{"wiki": "demo", "files": [path.name], **told}]}
    delivery: Delivery = feed.deliveries(feed.Settings.model_validate(settings))[0]
    rows: Rows = []
    rejects: list[Reject] = []
    try:
        for batch in feed.read(Landed(delivery, (landed_file(path),))):
            rows.extend(as_rows(batch.columns) if batch.table == feed.TABLE else [])
            rejects.extend(batch.rejects)
    except FeedFault as fault:
        return rows, rejects, fault
    return rows, rejects, None


def told_days(path: Path) -> list[date]:
    """The days of which one file tells."""
    delivery: Delivery = feed.deliveries(feed.Settings.model_validate({"wikis": [{"wiki": "demo", "files": ["x"]}]}))[0]
    batches = [one for one in feed.read(Landed(delivery, (landed_file(path),))) if one.table == feed.DAYS]
    return [row["day_at"].date() for batch in batches for row in as_rows(batch.columns)]


def as_rows(columns: Mapping[str, Any]) -> Rows:
    lists = [column if isinstance(column, list) else column.to_pylist() for column in columns.values()]
    return [dict(zip(columns, values, strict=True)) for values in zip(*lists, strict=True)]


def dump(*items: str) -> bytes:
    return (HEAD + "".join(items) + TAIL).encode()


def item(log_id: int | str = 1, kind: str = "block/block", **parts: str | None) -> str:
    """A log item of invented people as MediaWiki writes it; a part that is None is left out, "hidden" is hidden."""
    log, action = kind.split("/")
    said = {
        "at": "2026-01-01T00:00:00Z",
        "by": "Ada",
        "comment": "spam",
        "title": "User:Ben",
        "params": SITEWIDE,
        **parts,
    }
    lines = [f"    <id>{log_id}</id>", f"    <timestamp>{said['at']}</timestamp>", _contributor(said["by"])]
    if said["comment"]:
        lines.append(_part("comment", said["comment"]))
    lines += [f"    <type>{log}</type>", f"    <action>{action}</action>"]
    if said["title"] == "hidden":
        lines.append('    <text deleted="deleted" />')
    else:
        lines.append(_part("logtitle", said["title"]))
        lines.append(f'    <params xml:space="preserve">{escape(said["params"] or "")}</params>')
    return "  <logitem>\n" + "\n".join(line for line in lines if line) + "\n  </logitem>\n"


def _part(name: str, text: str | None) -> str:
    if text is None:
        return ""
    return f'    <{name} deleted="deleted" />' if text == "hidden" else f"    <{name}>{escape(text)}</{name}>"


def _contributor(name: str | None) -> str:
    if name == "hidden":
        return '    <contributor deleted="deleted" />'
    if name is None:
        return ""
    return f"    <contributor>\n      <username>{escape(name)}</username>\n      <id>7</id>\n    </contributor>"
