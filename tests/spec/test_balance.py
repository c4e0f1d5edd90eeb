"""Stock and flow: what is open at the end was open at the start, or came, and did not go."""

from datetime import datetime, timedelta

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from metrics import catalog
from tests import engine
from tests.tables import raw

AS_OF = datetime(2026, 4, 1)
hours = st.integers(0, 24 * 89).map(lambda after: datetime(2026, 1, 1) + timedelta(hours=after))
spells = st.lists(st.tuples(hours, st.none() | hours, st.booleans()), max_size=12)


def test_open_at_the_end_is_open_at_the_start_and_opened_and_reopened_less_closed(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    raw(
        mart,
        "mart_case_spell",
        """
        opened_at  | closed_at  | is_reopening
        -----------+------------+-------------
        2026-01-02 | 2026-01-05 | no
        2026-01-03 | 2026-02-02 | no
        2026-02-01 |            | no
        2026-02-08 | 2026-02-09 | yes
        2026-02-20 |            | yes
        """,
    )
    fill_cases(mart)
    assert flow(mart, "2026-01") == {"open": 1, "opened": 2, "reopened": 0, "closed": 1}  # 0 + 2 + 0 - 1
    assert flow(mart, "2026-02") == {"open": 2, "opened": 1, "reopened": 2, "closed": 2}  # 1 + 1 + 2 - 2


@given(spells)
def test_the_balance_holds_in_every_month(drawn: list[tuple[datetime, datetime | None, bool]]) -> None:
    with duckdb.connect() as mart:
        raw(mart, "mart_case_spell")
        for opened, closed, again in drawn:
            order = (opened, closed) if closed is None or closed >= opened else (closed, opened)
            names = "(opened_at, closed_at, is_reopening)"
            mart.execute(f"INSERT INTO mart_case_spell {names} VALUES (?, ?, ?)", [*order, again])
        fill_cases(mart)
        before = 0.0
        for month in ("2026-01", "2026-02", "2026-03"):
            here = flow(mart, month)
            assert here["open"] == before + here["opened"] + here["reopened"] - here["closed"]
            before = here["open"]


def fill_cases(mart: duckdb.DuckDBPyConnection) -> None:
    """The cases of the spells: each has one first spell."""
    raw(mart, "mart_case")
    mart.execute("INSERT INTO mart_case BY NAME SELECT opened_at FROM mart_case_spell WHERE NOT is_reopening")


def flow(mart: duckdb.DuckDBPyConnection, month: str) -> dict[str, float]:
    found = {}
    for name in ("open", "opened", "reopened", "closed"):
        metric = catalog.definitions()[f"cases_{name}"]
        found[name] = engine.values(mart, metric, as_of=AS_OF, start=datetime(2026, 1, 1).date())[month]
    return found
