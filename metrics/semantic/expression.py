"""The conditions that a definition may write: comparisons of a mart's columns with constants, and nothing else.

It reads text and returns an expression; no function, subquery or setting can be reached from a definition.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Literal

import sqlglot
from sqlglot import exp

Sort = Literal["truth", "number", "text", "time", "day"]

SORTS: Mapping[str, Sort] = {
    "BOOLEAN": "truth",
    "BIGINT": "number",
    "DOUBLE": "number",
    "VARCHAR": "text",
    "TIMESTAMP": "time",
    "DATE": "day",
}
COMPARISONS = {exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE}
NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")  # what every engine reads as the same number
LONGEST, DEEPEST = 400, 20  # letters, and steps one inside the other: what nobody can read nobody can check
GRAMMAR = "columns, constants, AND, OR, NOT, =, <>, <, <=, >, >=, IN (...), IS NULL, BETWEEN"
MODEL = "Put the step into a model under etl/models and compare its column here."


class NotAnExpression(ValueError):
    """A condition that may not stand in a definition; `remedy` says what to write instead."""

    def __init__(self, found: str, wanted: str, remedy: str) -> None:
        super().__init__(found, wanted, remedy)
        self.found, self.wanted, self.remedy = found, wanted, remedy


def condition(text: str, columns: Mapping[str, str]) -> exp.Expr:
    """`text` as an expression that is true or not, over `columns` (name to type of the contract).

    Raises NotAnExpression where it says more than a condition may, names no column, or compares unlike things.
    """
    tree = _read(text)
    if _sort(tree, columns) != "truth":
        raise NotAnExpression(f'"{text}" is neither true nor false', "a condition", "Compare it with something.")
    return tree


def _read(text: str) -> exp.Expr:
    too_much = NotAnExpression(f"a condition of {len(text)} letters", "one that people can read at a glance", MODEL)
    if len(text) > LONGEST:
        raise too_much
    unseen = [sign for sign in text if not sign.isprintable() and sign != "\n"]
    if unseen:
        found = f'"{text}" has a sign that nobody sees (U+{ord(unseen[0]):04X})'
        raise NotAnExpression(found, "signs that people can see", "Type it anew, with plain spaces.")
    try:
        tokens = sqlglot.tokenize(text, read="duckdb")
        if any(token.comments or token.token_type is sqlglot.TokenType.SEMICOLON for token in tokens):
            raise NotAnExpression(f'"{text}" has a comment or a semicolon', "one condition", "Write it in `caveats`.")
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except (sqlglot.ParseError, sqlglot.TokenError) as error:
        raise NotAnExpression(f'"{text}" cannot be read', "a condition", str(error).splitlines()[0]) from error
    except RecursionError as error:
        raise too_much from error
    if max(node.depth for node in tree.walk()) > DEEPEST:
        raise too_much
    return tree


def _sort(node: exp.Expr, columns: Mapping[str, str]) -> Sort:
    """What a node stands for. Types are compared exactly: what is not named here may not stand in a condition."""
    kind = type(node)
    if kind is exp.Column:
        return _sort_of_column(node, columns)
    if kind is exp.Literal:
        return "text" if node.is_string else _sort_of_number(node)
    if kind is exp.Boolean:
        return "truth"
    if kind is exp.Paren:
        return _sort(node.this, columns)
    if kind is exp.Neg:
        return _alike(node, [node.this], columns, "number")
    if kind in {exp.And, exp.Or, exp.Not}:
        return _alike(node, node.iter_expressions(), columns, "truth")
    if kind in COMPARISONS or (kind is exp.Between and not node.args.get("symmetric")):
        _alike(node, node.iter_expressions(), columns)
        return "truth"
    if kind is exp.In and node.expressions and not node.args.get("field"):
        _alike(node, node.iter_expressions(), columns)
        return "truth"
    if kind is exp.Is and type(node.expression) is exp.Null:
        _sort(node.this, columns)
        return "truth"
    raise NotAnExpression(f'"{node.sql(dialect="duckdb")}" may not stand in a condition', GRAMMAR, MODEL)


def _alike(node: exp.Expr, parts: Iterable[exp.Expr], columns: Mapping[str, str], wanted: Sort | None = None) -> Sort:
    """The sort of all the parts, which must be one and the same."""
    sorts = [_sort(part, columns) for part in parts]
    if set(sorts) != {wanted or sorts[0]}:
        found = f'"{node.sql(dialect="duckdb")}" joins {" and ".join(sorts)}'
        raise NotAnExpression(found, f"{wanted or 'things'} of one sort", MODEL)
    return sorts[0]


def _sort_of_number(node: exp.Expr) -> Sort:
    if not NUMBER.fullmatch(node.name):
        raise NotAnExpression(f'"{node.name}" is no plain number', "digits, such as 1000 or 0.5", "Write it in digits.")
    return "number"


def _sort_of_column(node: exp.Expr, columns: Mapping[str, str]) -> Sort:
    name = node.name
    if node.args.get("table") or name not in columns:
        near = difflib.get_close_matches(name, list(columns), n=1)
        remedy = f'Did you mean "{near[0]}"?' if near else "Use one of its columns."
        wanted = f"one of {', '.join(sorted(columns))}"
        raise NotAnExpression(f'"{node.sql()}" is not a column here', wanted, remedy)
    return SORTS[columns[name]]
