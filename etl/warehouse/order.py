"""Reads the SQL models, finds their order from their own text, and runs them into the build's tables.

It knows nothing of what the models mean; they see only raw tables, the settings' tables and each other.
"""

import difflib
import graphlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from data_contracts import load
from data_contracts.faults import DefinitionFault, Faults

MODELS = Path(__file__).parents[1] / "models"
SETTINGS_TABLES = ("meta_build", "meta_wiki")  # made from upstander.yml before the models run


@dataclass(frozen=True)
class Model:
    """One SELECT and the tables it reads. `takes_as_of`: its text says `$as_of`."""

    name: str
    sql: str
    sources: tuple[str, ...]
    takes_as_of: bool = False


def models(folder: Path = MODELS, given: Collection[str] | None = None) -> tuple[Model, ...]:
    """The models of `folder`, each after those it reads; every table they may not read as a fault at once.

    given: tables there before the first model (default: the raw tables of the contracts and the settings' tables).
    """
    given = {*load.tables("sources"), *SETTINGS_TABLES} if given is None else given
    read = [_read(path, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))]
    by_name = {model.name: model for model, _ in read}
    known = {*given, *by_name}
    faults = [
        _unknown_table(folder, model.name, name, line, known)
        for model, tables in read
        for name, line in tables.items()
        if name not in known
    ]
    if faults:
        raise Faults(faults)
    return tuple(by_name[name] for name in _in_order(folder, by_name))


def run_models(
    connection: duckdb.DuckDBPyConnection,
    as_of: datetime,
    models: Sequence[Model],
    on_model: Callable[[str], None] = lambda name: None,
) -> None:
    """Makes one table per model, in the order given. `as_of`: end of what is known, exclusive, UTC without zone."""
    for model in models:
        on_model(model.name)
        name = exp.to_identifier(model.name, quoted=True)
        table = exp.Create(this=name, kind="TABLE", expression=exp.Var(this=model.sql))  # the text as it was written
        try:
            connection.execute(table.sql("duckdb"), {"as_of": as_of} if model.takes_as_of else None)
        except duckdb.Error as error:
            error.add_note(f"while making {model.name} from etl/models/{model.name}.sql")
            raise


@cache
def _read(path: Path, text: str) -> tuple[Model, Mapping[str, int]]:
    """The model, and the line on which it first names each table that it reads."""
    try:
        statements = sqlglot.parse(text, dialect="duckdb")
    except sqlglot.ParseError as error:
        line = error.errors[0].get("line", 1) if error.errors else 1
        raise DefinitionFault(
            f"{_shown(path)}:{line}", "SQL that cannot be read", "one SELECT", str(error).split("\n")[0]
        ) from error
    select = statements[0] if len(statements) == 1 else None
    if not isinstance(select, exp.Query):
        raise DefinitionFault(_shown(path), "it is not one SELECT", "one SELECT per file", "Split or mend the file.")
    tables = {name: text.count("\n", 0, start) + 1 for name, start in _tables(select).items()}
    takes_as_of = any(parameter.name == "as_of" for parameter in select.find_all(exp.Parameter, exp.Placeholder))
    return Model(path.stem, text.strip().rstrip(";"), tuple(sorted(tables)), takes_as_of), tables


def _tables(select: exp.Query) -> dict[str, int]:
    """Tables in FROM and JOIN that are no CTE of the text itself, with where in the text they are first named."""
    found: dict[str, int] = {}
    for scope in traverse_scope(select):
        for source in scope.sources.values():
            if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
                start = int(source.this.meta.get("start", 0))
                found[source.name] = min(start, found.get(source.name, start))
    return found


def _in_order(folder: Path, by_name: Mapping[str, Model]) -> tuple[str, ...]:
    graph = {name: [source for source in model.sources if source in by_name] for name, model in by_name.items()}
    try:
        return tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        circle = list(reversed(error.args[1]))
        raise DefinitionFault(
            f"{folder.name}/{circle[0]}.sql",
            f"the models read each other in a circle: {' reads '.join(circle)}",
            "models that can be made one after the other",
            "Move what both need into a model of its own.",
        ) from error


def _unknown_table(folder: Path, model: str, table: str, line: int, known: Collection[str]) -> DefinitionFault:
    near = difflib.get_close_matches(table, sorted(known), n=3)
    remedy = f"Did you mean {' or '.join(near)}?" if near else "Correct the name, or write its contract or model."
    return DefinitionFault(
        f"{folder.name}/{model}.sql:{line}", f'it reads "{table}", which nothing makes', "a table that is made", remedy
    )


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
