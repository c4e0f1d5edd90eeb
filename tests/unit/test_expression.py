"""What a definition's condition may say, and what it may not."""

import duckdb
import pytest

from metrics.semantic import reference
from metrics.semantic.expression import NotAnExpression, condition

COLUMNS = {
    "kind": "VARCHAR",
    "hours": "DOUBLE",
    "times": "BIGINT",
    "is_new": "BOOLEAN",
    "set_at": "TIMESTAMP",
    "ended_at": "TIMESTAMP",
    "due_on": "DATE",
}
ROW = {"kind": "bot", "hours": 4.5, "times": None, "is_new": True, "set_at": None, "ended_at": None, "due_on": None}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("is_new", True),
        ("NOT is_new", False),
        ("true", True),
        ("kind = 'bot'", True),
        ("kind <> 'bot' OR hours >= 4.5", True),
        ("kind IN ('bot', 'person') AND hours < 5", True),
        ("kind NOT IN ('bot')", False),
        ("hours BETWEEN 4 AND 4.5", True),
        ("hours > -1 AND NOT (hours <= 4 OR hours = 9)", True),
        ("times IS NULL", True),
        ("times IS NOT NULL", False),
        ("times > 3", False),  # unknown is not true
        ("NOT times > 3", False),  # nor is its opposite
        ("times > 3 OR is_new", True),
        ("times > 3 AND is_new", False),
        ("times IN (1, 2) OR times BETWEEN 1 AND 2 OR -times = 1", False),
        ("set_at <= ended_at", False),
        ("kind = 'it''s'", False),
    ],
)
def test_a_condition_means_the_same_in_sql_and_in_the_reference(text: str, holds: bool) -> None:
    query = condition(text, COLUMNS).sql(dialect="duckdb")
    given = ", ".join(f"CAST(${name} AS {kind}) AS {name}" for name, kind in COLUMNS.items())
    (found,) = duckdb.execute(f"SELECT COALESCE({query}, FALSE) FROM (SELECT {given})", ROW).fetchall()
    assert found == (holds,)
    assert reference.truth(text, ROW) is holds


@pytest.mark.parametrize(
    "text",
    [
        "hours > (SELECT 1)",
        "EXISTS (SELECT 1)",
        "kind IN (SELECT 'bot')",
        "kind = ANY (SELECT 'bot')",
        "read_csv('/etc/passwd') IS NULL",
        "is_new OR length(kind) > 3",
        "getenv('KEY') = 'x'",
        "CAST(kind AS INTEGER) = 1",
        "kind::INTEGER = 1",
        "ROW_NUMBER() OVER () = 1",
        "SUM(hours) OVER (ORDER BY times) > 1",
        "CASE WHEN is_new THEN is_new END",
        "kind LIKE 'b%'",
        "kind ~ 'b.*'",
        "kind || 'x' = 'botx'",
        "hours + 1 > 2",
        "set_at < CURRENT_DATE",
        "set_at < DATE '2026-01-01'",
        "set_at < $as_of",
        "kind = ?",
        "kind[1] = 'b'",
        "kind IS DISTINCT FROM 'bot'",
        "kind IN kind",
        "kind IN ()",
        "hours BETWEEN SYMMETRIC 3 AND 1",
        "is_new IS TRUE",
        "kind = NULL",
        "NULL",
        "*",
        "ATTACH 'other.duckdb'",
        "COPY mart_block TO 'out.csv'",
        "PRAGMA database_list",
        "SELECT 1",
    ],
)
def test_a_step_that_is_no_comparison_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(NotAnExpression, match="may not stand in a condition") as caught:
        condition(text, COLUMNS)
    assert "AND, OR, NOT" in caught.value.wanted
    assert "model" in caught.value.remedy


@pytest.mark.parametrize("text", ["", "is_new AND", "is_new) OR (is_new", "is_new WHERE is_new", "'unclosed"])
def test_what_is_no_sql_is_refused(text: str) -> None:
    with pytest.raises(NotAnExpression, match="cannot be read"):
        condition(text, COLUMNS)


@pytest.mark.parametrize("text", ["is_new; DROP TABLE mart_block", "is_new;", "is_new -- why", "is_new /* why */"])
def test_comments_and_second_statements_are_refused(text: str) -> None:
    with pytest.raises(NotAnExpression, match="comment or a semicolon"):
        condition(text, COLUMNS)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 190 + "is_new" + ")" * 190,
        "NOT " * 90 + "is_new",
        "hours = " + "- " * 100 + "1",
        " AND ".join(["is_new"] * 30),
        "kind IN (" + ", ".join(["'bot'"] * 100) + ")",
        "(" * 100_000,
    ],
)
def test_a_condition_that_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(NotAnExpression, match=f"a condition of {len(text)} letters"):
        condition(text, COLUMNS)


@pytest.mark.parametrize(
    ("text", "near"), [("kinds = 'bot'", "kind"), ("mart.kind = 'bot'", "kind"), ('"Is_New"', "is_new")]
)
def test_an_unknown_column_is_refused_with_the_nearest_known_one(text: str, near: str) -> None:
    with pytest.raises(NotAnExpression, match="is not a column here") as caught:
        condition(text, COLUMNS)
    assert caught.value.remedy == f'Did you mean "{near}"?'


def test_an_unknown_column_that_is_like_no_other_is_refused_with_all_columns() -> None:
    with pytest.raises(NotAnExpression) as caught:
        condition("xyz = 1", COLUMNS)
    assert caught.value.wanted == "one of due_on, ended_at, hours, is_new, kind, set_at, times"
    assert caught.value.remedy == "Use one of its columns."


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("kind = 3", "text and number"),
        ("hours > '3'", "number and text"),
        ("set_at < '2026-01-01'", "time and text"),
        ("set_at < due_on", "time and day"),
        ("is_new = 1", "truth and number"),
        ("kind IN ('bot', 3)", "text and text and number"),
        ("hours BETWEEN 1 AND 'x'", "number and number and text"),
        ("is_new AND kind", "truth and text"),
        ("NOT hours", "number"),
        ("hours = -kind", "text"),
    ],
)
def test_unlike_things_are_not_compared(text: str, sorts: str) -> None:
    with pytest.raises(NotAnExpression) as caught:
        condition(text, COLUMNS)
    assert caught.value.found.endswith(f"joins {sorts}")


@pytest.mark.parametrize("text", ["1", "'bot'", "hours", "-hours", "(kind)"])
def test_what_is_neither_true_nor_false_is_no_condition(text: str) -> None:
    with pytest.raises(NotAnExpression, match="neither true nor false"):
        condition(text, COLUMNS)
