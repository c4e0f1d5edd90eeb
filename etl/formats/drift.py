"""Tells how the columns of a file differ from its settings and contract: missing, renamed, new, re-typed.

A column that is missing or renamed is a fault; a new one is told beside the rows; a column is re-typed where most rows
are refused over it. All that is told names the file, line and version of the contract. It opens no file of a feed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from data_contracts import load as contracts
from data_contracts.diff import renamed
from data_contracts.faults import FeedFault
from data_contracts.load import Column
from etl.feed import Batch, LandedFile, Reject, shape

THERE = "every column of the contract is there"
NEW = "every column of the file is known"
FEWEST = 10  # rows refused over one column; fewer are rows that are wrong
MOST_SHOWN, LONGEST_SHOWN = 40, 60  # names of a header, and signs of each: no header decides how long a fault is
MOST_COMPARED = 500  # names; comparing costs as the product of both lengths

Wanted = tuple[str, str]  # the setting that names a column, or the format that has it; and the column


@dataclass(frozen=True)
class Promise:
    """What a contract says of a file. table: where its rows go.

    properties: what a column becomes, by its setting or its own name, where the contract calls it something else.
    """

    table: str
    properties: Mapping[str, str] = field(default_factory=dict)

    def told(self, wanted: Wanted) -> str:
        """What the column becomes, by which contract."""
        table, column = contracts.tables("sources")[self.table], self.column(wanted)
        place = f"{table.path}:{column.line if column else 1} (version {table.version})"
        return f"{column.name} of {place}" if column else f"{self.table} of {place}"

    def source(self) -> str:
        """The contract's file and version."""
        table = contracts.tables("sources")[self.table]
        return f"{table.path}, version {table.version}"

    def column(self, wanted: Wanted) -> Column | None:
        """The contract's column; None where several columns become one, or it only decides which rows are read."""
        known = {column.name: column for column in contracts.tables("sources")[self.table].columns}
        setting, name = wanted
        named = (self.properties.get(setting), self.properties.get(name), setting.rpartition(".")[2], name)
        tried = (f"{one}{end}" for one in named if one for end in ("", "_at", "_on"))
        return next((known[one] for one in tried if one in known), None)


def gone(
    file: LandedFile, header: Sequence[str], missing: Sequence[Wanted], present: Iterable[str], promise: Promise | None
) -> list[FeedFault]:
    """A fault for each wanted column that the header does not have: it is renamed, or missing.

    present: the wanted columns that it has. A header with none may be somebody's data: it is told by shape only.
    """
    there = set(present)
    is_header = bool(there)
    others = [name for name in header[:MOST_COMPARED] if name not in there and len(name) <= LONGEST_SHOWN]
    pairs = renamed({name: "" for _, name in missing}, dict.fromkeys(others, ""))
    pairs |= {name: one for _, name in missing for one in others if _folded(one) == _folded(name)}
    wanted = f"one of the header's: {shown(header)}" if is_header else f"a header that has it, not {shapes(header)}"
    return [_gone(file, one, pairs.get(one[1]), wanted, promise) for one in missing]


def shown(header: Sequence[str]) -> str:
    """The names of a header, as many and as much of them as can be read."""
    return _listed([name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}..." for name in header])


def shapes(header: Sequence[str]) -> str:
    return _listed([shape(name) for name in header[: MOST_SHOWN + 1]])


def new(
    header: Sequence[str], read: Iterable[str], unread: Iterable[str] | None, promise: Promise | None = None
) -> list[Reject]:
    """Columns that nobody named, of a header that has all that are wanted: they are told of, and the others read.

    unread: columns that are known and not read; None where nobody says which those are, and then none can be new.
    """
    if unread is None:
        return []
    names = {*read, *unread}
    rule = f"{NEW}: {promise.source()}" if promise else NEW
    return [
        Reject(1, rule, f"column {place}: {name[:LONGEST_SHOWN] if name.isprintable() else shape(name)}")
        for place, name in enumerate(header, start=1)
        if name and name not in names
    ]


def gone_quietly(header: Sequence[str], names: Sequence[str], promise: Promise) -> list[Reject]:
    """Columns that a file may do without, and does: renamed or missing, told of beside the rows."""
    missing = [name for name in names if name not in header]
    others = [name for name in header[:MOST_COMPARED] if name not in names and len(name) <= LONGEST_SHOWN]
    pairs = renamed(dict.fromkeys(missing, ""), dict.fromkeys(others, ""))
    return [
        Reject(1, f"{THERE}: {promise.source()}", f"{name}: {'renamed' if name in pairs else 'missing'}")
        for name in missing
    ]


def watched(file: LandedFile, wanted: Iterable[Wanted], promise: Promise, batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches; behind them a fault for each column over which FEWEST rows and more than half of all are refused.

    A refusal is over the column with which its excerpt begins, or what the settings call it ("Created: 99.99.9999").
    """
    pairs = list(wanted)
    columns = {setting.rpartition(".")[2]: (setting, column) for setting, column in pairs}
    columns |= {column: (setting, column) for setting, column in pairs}
    refused, rules, read = Counter[str](), dict[str, str](), 0
    for batch in batches:
        yield batch
        read += _records(batch.columns["line"]) if batch.rejects else len(batch.columns["line"])
        for one in batch.rejects:
            column = one.excerpt.partition(":")[0]
            if column in columns:
                refused[column] += 1
                rules.setdefault(column, one.rule)
    for column, count in refused.items():
        if count >= FEWEST and count > read:
            raise _retyped(file, columns[column], count, count + read, rules[column], promise)


def _records(lines: list[int] | pa.Array | pa.ChunkedArray) -> int:
    """How many records the rows came of: several may be of one."""
    return len(set(lines)) if isinstance(lines, list) else len(lines.unique())


def _gone(file: LandedFile, one: Wanted, now: str | None, wanted: str, promise: Promise | None) -> FeedFault:
    setting, column = one
    how = f'renamed: it may be "{now}" now' if now else "missing"
    becomes = f" It becomes {promise.told(one)}." if promise else ""
    remedy = f'Did you mean "{now}"?' if now else f"Correct {setting} in upstander.yml."
    found = f'there is no column "{column}" ({setting}): {how}'
    return FeedFault(f"{file.name}:1", found, wanted, remedy + becomes)


def _retyped(file: LandedFile, one: Wanted, count: int, rows: int, rule: str, promise: Promise) -> FeedFault:
    setting, column = one
    kind = promise.column(one)
    return FeedFault(
        file.name,
        f'the column "{column}" ({setting}) is re-typed: {count:,} of about {rows:,} rows are not so that {rule}',
        f"{kind.type if kind else 'what it was'}, as {promise.told(one)}",
        "See how the column looks now; correct the settings, or export it as before.",
    )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _folded(name: str) -> str:
    return name.casefold().strip()
