"""The spec that a new metric starts with: rows of the right columns, and tests that fail until somebody reckons.

It touches nothing: a contract's table and the measures come in, the text of a file goes out.
"""

import re
from collections.abc import Sequence

from data_contracts.load import Table

ROWS = 3
TIMES = ("2026-01-02", "2026-01-20", "2026-02-03")  # of `at`: two of one month, and one of the next
LATER = ("2026-01-10", "", "2026-02-10")  # of other times: one of them is still to come
CELLS = {
    "BOOLEAN": ("yes", "no", "yes"),
    "BIGINT": ("1", "2", "3"),
    "DOUBLE": ("1.5", "2", "3"),
    "DATE": ("2026-01-02", "2026-01-20", "2026-02-03"),
    "VARCHAR": ("a", "b", "a"),
}
PEOPLE, ONE_STRATUM = ("100", "100", "100"), ("all", "all", "all")
SPEC = '''"""{name}: what it means, in small tables whose answer can be worked out by head."""

from tests.spec.conftest import Spec


def test_say_here_which_rows_count_and_when(spec: Spec) -> None:
    table = """
{table}
        """
    expected: dict[str, float] = {{}}
    assert expected, "write the expected figures, such as {{'2026-01': 2}}, and let the name of the test say why"
    assert spec(table, as_of="2026-03-01") == expected


def test_say_here_what_the_odd_row_is_and_why_it_does_not_count(spec: Spec) -> None:
    table = """
{table}
        """
    expected: dict[str, float] = {{}}
    assert expected, "write the expected figures, and a row that looks as if it counted and does not"
    assert spec(table, as_of="2026-03-01") == expected
'''


def spec_of(name: str, table: Table, at: str, measures: Sequence[tuple[str, str]]) -> str:
    """The text of tests/spec/test_<name>.py. measures: keys and values as the definition has them."""
    words = {word for _, value in measures for word in re.findall(r"\w+", value)}
    names = [at, *(one.stored for one in table.columns if one.stored in words and one.stored != at)]
    return SPEC.format(name=name, table=_rows([(one, _cells(table, one, at)) for one in names]))


def _cells(table: Table, name: str, at: str) -> tuple[str, ...]:
    if name == at:
        return TIMES
    if "population" in name:
        return PEOPLE
    if "stratum" in name:
        return ONE_STRATUM
    column = table.column(name)
    return LATER if column is None or column.type == "TIMESTAMP" else CELLS[column.type]


def _rows(columns: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """The table as specs write it, indented as it stands in a test."""
    widths = [max(map(len, (name, *cells))) for name, cells in columns]
    lines = [
        " | ".join(name.ljust(width) for (name, _), width in zip(columns, widths, strict=True)),
        "-+-".join("-" * width for width in widths),
        *(
            " | ".join(cells[row].ljust(width) for (_, cells), width in zip(columns, widths, strict=True))
            for row in range(ROWS)
        ),
    ]
    return "\n".join(f"        {line}".rstrip() for line in lines)
