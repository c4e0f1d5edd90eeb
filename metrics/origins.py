"""Of what the columns of a model are made, and what decides which rows it has, read from its text by sqlglot.

It runs nothing. A column is made of what its expression names; the rows of what filters, joins and groupings name.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from data_contracts import load
from etl.warehouse.raw import FILE

Place = tuple[str, str]  # a table, and a column of it or ROWS
Places = frozenset[Place]

ROWS: Final = "*"  # in place of a column: which rows a table has
NOTHING: Final[Places] = frozenset()
SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {  # tables that are made from upstander.yml before the models run
    "meta_wiki": ("wiki", "name", "language", "direction", "temporary_accounts_from"),
    "meta_build": (
        "build_id", "as_of", "program", "invented", "fiscal_year_start", "week_start", "input_digest", "code_version",
    ),
}  # fmt: skip
DECIDE: Final = ("distinct", "where", "group", "having", "qualify")


def origins(models: Iterable[tuple[str, str]]) -> Mapping[Place, Places]:
    """What stands right behind each column and the rows of each model.

    models: name and text, each after those that it reads.
    """
    schema: dict[str, object] = {
        name: {**{column.stored: column.type for column in table.columns}, FILE: "VARCHAR"}
        for name, table in load.tables("sources").items()
    }
    schema |= {name: dict.fromkeys(columns, "VARCHAR") for name, columns in SETTINGS.items()}
    found: dict[Place, Places] = {}
    for name, text in models:
        tree = qualify(sqlglot.parse_one(text, dialect="duckdb"), dialect="duckdb", schema=schema, identify=False)
        scope = build_scope(tree)
        if scope is None:
            raise AssertionError(f"{name} is no query")  # the reader of models lets no such file through
        made = _Reading().of(scope)
        schema[name] = dict.fromkeys(made.names, "VARCHAR")
        found[name, ROWS] = made.rows
        found |= {(name, column): places for column, places in zip(made.names, made.columns, strict=True)}
    return found


@dataclass(frozen=True)
class _Made:
    """Of what each column of a query is made, in their order, and what decides which rows it has."""

    names: tuple[str, ...]  # the later branches of a UNION may have one name twice
    columns: tuple[Places, ...]
    rows: Places

    @property
    def whole(self) -> Places:
        return self.rows.union(*self.columns)

    def column(self, name: str) -> Places:
        return self.columns[self.names.index(name)]


class _Reading:
    """Reads one model: every part of it, such as a CTE, once, however often it is named."""

    def __init__(self) -> None:
        self._read: dict[int, _Made] = {}

    def of(self, scope: Scope) -> _Made:
        if id(scope) not in self._read:
            self._read[id(scope)] = self._union(scope) if scope.set_operation_scopes else self._select(scope)
        return self._read[id(scope)]

    def _union(self, scope: Scope) -> _Made:
        """Columns belong together by place. Where equal rows become one, all columns decide which rows are there."""
        branches = [self.of(one) for one in scope.set_operation_scopes]
        columns = tuple(NOTHING.union(*some) for some in zip(*(one.columns for one in branches), strict=True))
        rows = NOTHING.union(*(one.rows for one in branches))
        return _Made(branches[0].names, columns, rows.union(*columns) if _is_distinct(scope) else rows)

    def _select(self, scope: Scope) -> _Made:
        select = scope.expression
        columns = tuple(self._within(one, scope) for one in select.expressions)
        deciding = [select.args.get(name) for name in DECIDE] + [
            join.args.get("on") for join in select.args.get("joins") or ()
        ]
        rows = NOTHING.union(*(self._within(one, scope) for one in deciding if one is not None))
        for _, source in scope.selected_sources.values():
            rows |= {(source.name, ROWS)} if isinstance(source, exp.Table) else self._rows(source)
        names = tuple(one.alias_or_name for one in select.expressions)
        return _Made(names, columns, rows.union(*columns) if _is_distinct(scope) else rows)

    def _rows(self, source: Scope) -> Places:
        return self._within(source.expression, source) if source.is_udtf else self.of(source).rows

    def _within(self, expression: exp.Expr, scope: Scope) -> Places:
        """All that an expression names; of a query in it, all that the query is made of."""
        return NOTHING.union(*self._named(expression, scope))

    def _named(self, expression: exp.Expr, scope: Scope) -> Iterator[Places]:
        inner = {id(one.expression): one for one in scope.subquery_scopes}
        for node in expression.walk(prune=lambda one: id(one) in inner):
            if id(node) in inner:
                yield self.of(inner[id(node)]).whole
            elif isinstance(node, exp.Column):
                yield self._column(node, scope)

    def _column(self, column: exp.Column, scope: Scope) -> Places:
        source = scope.sources.get(column.table)
        if source is None:
            if scope.parent is None:
                raise AssertionError(f"{column.sql()} is of no table here")  # DuckDB would not have run it either
            return self._column(column, scope.parent)
        if isinstance(source, exp.Table):
            return frozenset({(source.name, column.name)})
        return self._within(source.expression, source) if source.is_udtf else self.of(source).column(column.name)


def _is_distinct(scope: Scope) -> bool:
    """Whether equal rows of a SELECT or a UNION become one."""
    return bool(scope.expression.args.get("distinct"))
