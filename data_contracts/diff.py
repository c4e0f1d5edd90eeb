"""Tells how two versions of a contract differ: columns new, missing, renamed or of another type, and stricter rules.

It reads contracts only; what a change breaks beyond the contract is said where models and metrics are known.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from data_contracts.load import Column, Table

Kind = Literal["new", "missing", "renamed", "retyped", "required", "values", "key", "hashed"]
ALIKE = 0.6  # names of which this share is the same, in columns of one type, are taken for one column with a new name
BREAKING = frozenset({"missing", "renamed", "retyped", "key", "hashed"})
WIDER = {("BIGINT", "DOUBLE"), ("DATE", "TIMESTAMP")}  # every old value is one of the new type, and means the same


@dataclass(frozen=True)
class Change:
    """One difference. column: by its old name, by its new one where it is new, None for the whole table.

    where: file and line of the contract that says it now, or said it before where it is gone.
    """

    kind: Kind
    table: str
    column: str | None
    was: str
    now: str
    where: str

    @property
    def is_breaking(self) -> bool:
        """Whether what read the old columns cannot read the new ones as before."""
        return self.kind in BREAKING and (self.was, self.now) not in WIDER


def changes(old: Sequence[Table], new: Sequence[Table]) -> tuple[Change, ...]:
    """Every difference, table by table, in the order of the contracts."""
    after = {table.name: table for table in new}
    before = {table.name: table for table in old}
    found = [
        Change("missing", name, None, "a table", "none", f"{table.path}:1")
        for name, table in before.items()
        if name not in after
    ]
    for name, table in after.items():
        if name in before:
            found += _of_table(before[name], table)
        else:
            found.append(Change("new", name, None, "none", "a table", f"{table.path}:1"))
    return tuple(found)


def wanted_version(old: str, found: Sequence[Change]) -> str:
    """The version that the new contract has to have: a new first number where something breaks, else a second one."""
    if not found:
        return old
    major, minor, _ = (int(part) for part in old.split("."))
    return f"{major + 1}.0.0" if any(one.is_breaking for one in found) else f"{major}.{minor + 1}.0"


def renamed(missing: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Old name -> new name, of columns that are likely the same. missing, new: name to type."""
    found: dict[str, str] = {}
    for name, kind in missing.items():
        left = [other for other, other_kind in new.items() if other_kind == kind and other not in found.values()]
        near = difflib.get_close_matches(name, left, n=1, cutoff=ALIKE)
        if near:
            found[name] = near[0]
    return found


def _of_table(old: Table, new: Table) -> Iterator[Change]:
    before = {column.stored: column for column in old.columns}
    after = {column.stored: column for column in new.columns}
    gone = {name: column.type for name, column in before.items() if name not in after}
    come = {name: column.type for name, column in after.items() if name not in before}
    pairs = renamed(gone, come)
    for name, column in before.items():
        if name in pairs:
            now = after[pairs[name]]
            yield Change("renamed", old.name, name, name, now.stored, f"{new.path}:{now.line}")
        elif name in gone:
            yield Change("missing", old.name, name, column.type, "none", f"{old.path}:{column.line}")
        else:
            yield from _of_column(old.name, column, after[name], f"{new.path}:{after[name].line}")
    for name in come:
        if name not in pairs.values():
            yield Change("new", old.name, name, "none", after[name].type, f"{new.path}:{after[name].line}")
    if old.key != new.key:
        yield Change("key", old.name, None, ", ".join(old.key) or "none", ", ".join(new.key) or "none", f"{new.path}:1")


def _of_column(table: str, old: Column, new: Column, where: str) -> Iterator[Change]:
    if old.type != new.type:
        yield Change("retyped", table, old.stored, old.type, new.type, where)
    if old.hashed != new.hashed:
        words = {True: "a keyed hash", False: "as it comes"}
        yield Change("hashed", table, old.stored, words[old.hashed], words[new.hashed], where)
    if old.required != new.required:
        words = {True: "always there", False: "may be empty"}
        yield Change("required", table, old.stored, words[old.required], words[new.required], where)
    if set(old.values) != set(new.values):
        yield Change("values", table, old.stored, _listed(old.values), _listed(new.values), where)


def _listed(values: Sequence[str]) -> str:
    return ", ".join(values) or "any"
