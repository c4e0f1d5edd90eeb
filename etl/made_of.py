"""Of what a build is made, as digests: files, corrections, settings, key, definitions and the program's own code.

By them a build knows that nothing changed, a store that it is of no use any more, and a changed value its cause.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from data_contracts import load as contracts
from etl.feed import Landed
from etl.instance import Instance
from etl.warehouse import kept, store
from etl.warehouse.correct import Correction
from etl.warehouse.pseudonym import Pseudonym
from etl.warehouse.vintages import LEFT, Inputs, Rests

ROOT = Path(__file__).parents[1]
SOFTWARE = "software/"  # the input that is the program's own code, without definitions
MEANING = ("data_contracts", "etl", "metrics")  # folders whose files decide what a build holds
READING = ("etl/formats", "data_contracts", "etl/warehouse")  # and what all feeds share
WRITTEN = (".py", ".sql", ".yml", ".yaml")


@dataclass(frozen=True)
class Made:
    """All that a build is made of. digest: of all of it; code: the first letters of the code's."""

    program: Instance
    landed: tuple[Landed, ...]
    corrections: tuple[Correction, ...]
    memory: kept.Kept
    key: Pseudonym
    digest: str
    code: str

    def inputs(self, as_of: datetime) -> Inputs:
        """A digest of each thing that can change a value, by name."""
        from metrics import catalog

        said = {
            "key/": self.key.fingerprint,
            "known_until/": as_of.isoformat(),
            SOFTWARE: _digest_of(path for path in _meaning() if path.parent != catalog.HERE),
            "settings/program": self.program.model_dump_json(exclude={"feeds", "as_of", "network"}),
        }
        for wiki, last in self.program.left().items():
            if last < as_of.date():
                said[f"{LEFT}{wiki}"] = last.isoformat()
        for name, settings in self.program.chosen().items():
            said[f"settings/{name}"] = settings.model_dump_json()
            said[f"corrections/{name}"] = ",".join(one.sha256 for one in self.corrections if one.written.feed == name)
            said[f"files/{name}"] = ",".join(
                file.sha256 for one in self.landed if one.delivery.feed == name for file in one.files
            )
        for name, metric in catalog.definitions().items():
            said[f"definition/{name}"] = catalog.digest(metric)
        return {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in said.items()}

    def last_days(self) -> Mapping[str, date]:
        """The day on which each content came in first, by its SHA-256; for a correction that of its feed's newest."""
        found, newest = dict[str, date](), dict[str, date]()
        for one in self.landed:
            for file in one.files:
                day = file.received_at.date()
                found[file.sha256] = min(day, found.get(file.sha256, day))
                newest[one.delivery.feed] = max(day, newest.get(one.delivery.feed, day))
        corrected = {one.sha256: newest.get(one.written.feed) for one in self.corrections}
        return found | {sha256: day for sha256, day in corrected.items() if day}

    def wanted(self, name: str) -> store.Wanted:
        """What the store of a feed is to hold."""
        landed = [one for one in self.landed if one.delivery.feed == name]
        corrections = [one for one in self.corrections if one.written.feed == name]
        return store.Wanted(name, tables_of(name), landed, corrections, self.key, reading_digest(name))


def tables_of(feed: str) -> Mapping[str, contracts.Table]:
    """The raw tables of a feed, by name."""
    return {name: table for name, table in contracts.tables("sources").items() if table.contract == feed}


def says_what_is_now(feed: str) -> bool:
    """Whether rows of a feed go by an end of theirs, such as that of an agreement, and not by what happened when."""
    return any(one.retention_by not in (None, one.event_time) for one in tables_of(feed).values())


def code_digest() -> str:
    """Changes with any line that decides what a build holds: contracts, feeds, models, definitions, code."""
    return _digest_of(_meaning())


def _meaning() -> Iterator[Path]:
    return (path for folder in MEANING for path in (ROOT / folder).rglob("*"))


def rests(metric: str) -> Rests:
    """On what a metric rests, whatever it is split by: its definition, its feeds, and the key where names decide it."""
    from metrics import catalog
    from metrics.lineage import lineage

    found = catalog.definitions()[metric]
    marts, raw = catalog.marts(), contracts.tables("sources")
    traced = lineage(found, marts, found.dimensions)
    feeds = dict.fromkeys((*traced.feeds, *found.feeds(marts)))
    of_raw = [raw[node.table].column(node.column) for node in traced.nodes if node.table in raw]
    is_by_key = any(column is not None and column.hashed for column in of_raw)
    is_of_who_is_there = "wiki" in found.dimensions and (found.has_exposure or found.kind == "stock")
    return Rests(found.version, found.changes[-1].why, tuple(feeds), is_by_key, is_of_who_is_there)


def reading_digest(name: str) -> str:
    """Changes with any line that decides what is read from a file of the feed, and which rows are set aside."""
    own = [f"etl/sources/{name}.py", f"data_contracts/sources/{name}.odcs.yaml", "etl/feed.py"]
    shared = [path for folder in READING for path in (ROOT / folder).glob("*.py")]
    return _digest_of([*(ROOT / path for path in own), *shared])


def _digest_of(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in sorted(paths):
        if path.suffix in WRITTEN:
            digest.update(str(path.relative_to(ROOT)).encode() + b"\x00" + path.read_bytes() + b"\x00")
    return digest.hexdigest()
