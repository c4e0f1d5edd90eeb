"""What a build tells the person who started it: what came in, what was set aside, what was checked, how long it took.

It reads the build's own tables and decides nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from etl.warehouse.connect import LOCKED_DOWN


@dataclass(frozen=True)
class FeedSummary:
    """One feed: its files, their bytes, the rows in raw tables and the rows in quarantine."""

    feed: str
    files: int
    bytes: int
    rows: int
    rejected: int


@dataclass(frozen=True)
class Quarantined:
    """Rows of one feed that break one rule."""

    feed: str
    rule: str
    rows: int


@dataclass(frozen=True)
class Warned:
    """A rule of severity warning that the build breaks."""

    table: str
    rule: str
    breaking_count: int
    says: str


@dataclass(frozen=True)
class BuildSummary:
    """One build. is_new: False where nothing had changed and the build in force was left alone."""

    build_id: str
    is_new: bool
    program: str
    invented: bool
    as_of: datetime
    feeds: tuple[FeedSummary, ...]
    quarantined: tuple[Quarantined, ...]
    checks: int
    warnings: tuple[Warned, ...]
    seconds: Mapping[str, float]

    def as_json(self) -> Mapping[str, Any]:
        """For programs: plain values, times as ISO text."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


def summarise(path: Path, seconds: Mapping[str, float], *, is_new: bool) -> BuildSummary:
    """The summary of the build in the file `path`."""
    # As readers open it: in one process a file has one set of settings, and somebody may be reading this build here.
    with duckdb.connect(str(path), read_only=True, config=LOCKED_DOWN) as build:
        ((build_id, program, invented, as_of),) = build.execute(
            "SELECT build_id, program, invented, as_of FROM meta_build"
        ).fetchall()
        feeds = build.execute(
            "SELECT feed, COUNT(*), SUM(bytes)::BIGINT, SUM(rows)::BIGINT, SUM(rejected)::BIGINT FROM meta_feed "
            "GROUP BY feed ORDER BY feed"
        ).fetchall()
        set_aside = build.execute(
            "SELECT feed, rule, COUNT(*) FROM quarantine GROUP BY feed, rule ORDER BY feed, rule"
        ).fetchall()
        ((checks,),) = build.execute("SELECT COUNT(*) FROM meta_check").fetchall()
        warnings = build.execute(
            "SELECT table_name, rule, breaking_count, says FROM meta_check WHERE NOT passed ORDER BY table_name, rule"
        ).fetchall()
    return BuildSummary(
        build_id,
        is_new,
        program,
        invented,
        as_of,
        tuple(FeedSummary(*row) for row in feeds),
        tuple(Quarantined(*row) for row in set_aside),
        checks,
        tuple(Warned(*row) for row in warnings),
        seconds,
    )
