"""What the models of help-desk cases read and make, for tests of one desk's feed."""

from datetime import datetime
from functools import cache

import duckdb

from etl.warehouse.order import Model, models, run_models
from tests.delivered import broken
from tests.tables import raw

READ = ("raw_tickets", "raw_zendesk_ticket", "raw_zendesk_metric_set", "raw_zendesk_metric_event", "raw_znuny_ticket")
INNER = (
    "core_ticket", "core_ticket_zendesk", "core_ticket_znuny", "core_zendesk_event", "core_zendesk_target",
    "core_znuny_ticket",
)  # fmt: skip
MADE = ("core_case", "core_case_target", "mart_case", "mart_case_spell", "mart_case_target")


def make_cases(connection: duckdb.DuckDBPyConnection, as_of: str) -> None:
    """The models of cases, made anew; raw tables of desks that a test does not have are empty, as in a build."""
    there = {name for (name,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    for name in READ:
        if name not in there:
            raw(connection, name)
    for name in (*INNER, *MADE):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    run_models(connection, datetime.fromisoformat(as_of), _models())
    found = broken(connection, *MADE, severity="error")
    assert not found, f"broken: {found}"


@cache
def _models() -> tuple[Model, ...]:
    return tuple(model for model in models() if model.name in (*INNER, *MADE))
