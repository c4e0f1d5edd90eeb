"""Keeps what metrics remember of days whose raw rows were deleted: their additive parts, and which days were covered.

It holds no row about a person: parts are counts and sums by day and group. Written once per purge, all or nothing.
"""

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from etl.warehouse.land import sync_folder

FOLDER = "kept"
SAYS = "kept.json"
Span = tuple[str, str | None, date, date]  # feed, wiki, first and last day


@dataclass(frozen=True)
class Kept:
    """What is remembered. name: changes with every purge; empty where there was none.

    horizons: feed to the first day whose raw rows are still there. parts: rows of `metric_part` before it.
    definitions: metric to the digest by which its parts were made, and the day before which it has none, if any.
    coverage: days that feeds covered before. as_of: the first moment unknown to the build that it is of.
    """

    name: str
    horizons: Mapping[str, date]
    coverage: tuple[Span, ...]
    definitions: Mapping[str, tuple[str, date | None]]
    parts: pa.Table
    as_of: datetime | None = None

    def horizons_at(self, as_of: datetime, of_now: Collection[str]) -> Mapping[str, date]:
        """Feed to the day before which a build has parts in place of rows.

        of_now: feeds that say what is there now, not what happened on a day. What was there at another moment stands
        for nothing, and of them all rows are there that count by then.
        """
        return {feed: day for feed, day in self.horizons.items() if feed not in of_now or as_of == self.as_of}


NOTHING = Kept("", {}, (), {}, pa.table({}))


def read(home: Path) -> Kept:
    """What the last purge kept."""
    try:
        said: Mapping[str, Any] = json.loads((home / FOLDER / SAYS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return NOTHING
    return Kept(
        said["parts"],
        {feed: date.fromisoformat(day) for feed, day in said["horizons"].items()},
        tuple(
            (feed, wiki, date.fromisoformat(first), date.fromisoformat(last))
            for feed, wiki, first, last in said["coverage"]
        ),
        {metric: (digest, day and date.fromisoformat(day)) for metric, (digest, day) in said["definitions"].items()},
        pq.read_table(home / FOLDER / said["parts"]),
        datetime.fromisoformat(said["as_of"]) if "as_of" in said else None,
    )


class Mart(Protocol):
    """A table that metrics are computed from."""

    @property
    def feeds(self) -> tuple[str, ...]: ...


def rows_from(horizons: Mapping[str, date], marts: Mapping[str, Mart]) -> Mapping[str, date]:
    """Mart -> the first day of which all its rows are still there, for marts that lost some."""
    limits = {name: [horizons[feed] for feed in mart.feeds if feed in horizons] for name, mart in marts.items()}
    return {name: max(days) for name, days in limits.items() if days}


def take(build: Path, horizons: Mapping[str, date], limits: Mapping[str, date]) -> Kept:
    """What a build remembers of the days before the horizons. limits: metric to the horizon of its mart."""
    limit = pa.table({"metric": list(limits), "day_from": pa.array(limits.values(), pa.date32())})
    with duckdb.connect(str(build), read_only=True) as connection:
        connection.register("_limit", limit)
        parts = connection.sql(
            "SELECT p.* FROM metric_part p JOIN _limit l USING (metric) WHERE p.day < l.day_from ORDER BY ALL"
        ).to_arrow_table()
        spans = connection.execute("SELECT feed, wiki, starts_on, ends_on FROM meta_coverage ORDER BY ALL").fetchall()
        ((as_of,),) = connection.execute("SELECT as_of FROM meta_build").fetchall()
        made_by = connection.execute("SELECT metric, digest, known_from FROM meta_metric ORDER BY metric").fetchall()
    return Kept(
        f"parts-{max(horizons.values()).isoformat()}-{_digest(parts)}.parquet",
        horizons,
        tuple(span for span in spans if span[0] in horizons),
        {metric: (digest, day) for metric, digest, day in made_by if metric in limits},
        parts,
        as_of,
    )


def write(home: Path, kept: Kept) -> None:
    """Puts it in force: the parts first, then the words that name them."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{kept.name}.draft"
    pq.write_table(kept.parts, draft, compression="zstd")
    _replace(draft, folder / kept.name)
    said = {
        "parts": kept.name,
        **({"as_of": kept.as_of.isoformat()} if kept.as_of else {}),
        "horizons": {feed: day.isoformat() for feed, day in kept.horizons.items()},
        "coverage": [[feed, wiki, first.isoformat(), last.isoformat()] for feed, wiki, first, last in kept.coverage],
        "definitions": {
            metric: [digest, day and day.isoformat()] for metric, (digest, day) in kept.definitions.items()
        },
    }
    draft = folder / f".{SAYS}.draft"
    draft.write_text(json.dumps(said, indent=1), encoding="utf-8")
    _replace(draft, folder / SAYS)


def restore(home: Path, before: Kept) -> None:
    """Puts back what was in force before."""
    if before.name:
        write(home, before)
    else:
        (home / FOLDER / SAYS).unlink(missing_ok=True)


def tidy(home: Path) -> None:
    """Removes what earlier purges kept, which the last one kept too."""
    name = read(home).name
    for old in (home / FOLDER).glob("parts-*"):
        if old.name != name:
            old.unlink()


def _digest(parts: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, parts.schema) as stream:
        stream.write_table(parts)
    return hashlib.sha256(sink.getvalue()).hexdigest()[:12]


def _replace(draft: Path, path: Path) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(draft, path)
    sync_folder(path.parent)
