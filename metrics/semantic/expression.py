"""The conditions that a definition may write: comparisons of a mart's columns with constants, and nothing else.

It reads text and returns an expression; no function, subquery or setting can be reached from a definition.
"""

import difflib
from collections.abc import Iterable

import sqlglot
from sqlglot import exp

ALLOWED = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.And, exp.Or, exp.Not, exp.Paren, exp.Neg,
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Is, exp.Between,
)  # fmt: skip


class NotAnExpression(ValueError):
    """A condition that may not stand in a definition; `remedy` says what to write instead."""

    def __init__(self, found: str, wanted: str, remedy: str) -> None:
        super().__init__(found, wanted, remedy)
        self.found, self.wanted, self.remedy = found, wanted, remedy


def condition(text: str, columns: Iterable[str]) -> exp.Expr:
    """`text` as an expression over `columns`; NotAnExpression where it says more than a condition may."""
    known = sorted(columns)
    try:
        parsed = sqlglot.parse(text, dialect="duckdb")
    except (sqlglot.ParseError, sqlglot.TokenError) as error:
        raise NotAnExpression(f'"{text}" cannot be read', "a condition", str(error).splitlines()[0]) from error
    tree = parsed[0] if len(parsed) == 1 else None
    if tree is None:
        raise NotAnExpression(f'"{text}" is not one condition', "one condition", "Join conditions with AND or OR.")
    for node in tree.walk():
        if not isinstance(node, ALLOWED) or (isinstance(node, exp.In) and node.args.get("query")):
            word = node.sql(dialect="duckdb")
            raise NotAnExpression(
                f'"{word}" may not stand in a condition',
                "columns, constants, AND, OR, NOT, =, <>, <, <=, >, >=, IN (...), IS NULL, BETWEEN",
                "Put the step into a model under etl/models and compare its column here.",
            )
        if isinstance(node, exp.Column):
            _known_column(node, known)
    return tree


def _known_column(node: exp.Column, known: list[str]) -> None:
    if node.table or node.name not in known:
        near = difflib.get_close_matches(node.name, known, n=1)
        remedy = f'Did you mean "{near[0]}"?' if near else "Use one of its columns."
        raise NotAnExpression(f'"{node.sql()}" is not a column here', f"one of {', '.join(known)}", remedy)
