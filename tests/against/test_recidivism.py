"""Blocked again within 30 days, from log items to the metric: a vector of eleven blocks with a reason for each."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from metrics import catalog
from tests import engine
from tests.block_log import block_log

VECTOR = json.loads((Path(__file__).parent / "vectors/retention/block_recidivism.json").read_text(encoding="utf-8"))
CUTOFF = datetime.fromisoformat(VECTOR["cutoff"]).replace(tzinfo=None)
(EXPECTED,) = [one for one in VECTOR["expected"] if one["N"] == 30]


def log() -> str:
    """The vector's blocks and its one reblock as log items in order of time."""
    blocks = [(one["start"], one["user"], "block", one["end"] or "") for one in VECTOR["blocks"]]
    changes = [(one["at"], one["user"], "reblock", one["new_end"]) for one in VECTOR["reblock_rows"]]
    rows = [f"{at[:19]} | {user} | {action} | {end[:19]}" for at, user, action, end in sorted(blocks + changes)]
    return "\n".join(["occurred_at | target | log_action | expires_at", *rows])


def test_the_metric_agrees_with_the_vector() -> None:
    metric = catalog.definitions()["block_recidivism_30d"]
    with block_log(log(), as_of=str(CUTOFF)) as connection:
        assert engine.values(connection, metric, as_of=CUTOFF, by="total") == {"all": EXPECTED["rate"]}
        (figure,) = engine.figures(connection, metric, as_of=CUTOFF, by="total")
    assert (figure.numerator, figure.denominator) == (EXPECTED["numerator"], EXPECTED["denominator"]) == (2, 6)


@pytest.mark.parametrize("metric", ["block_recidivism_30d", "block_recidivism_90d"])
def test_a_year_later_every_window_is_over(metric: str) -> None:
    """Ten blocks ended (the indefinite one never did): 1 and 11 were followed within 30 days, 2 and 5 within 90."""
    later = datetime(2026, 3, 31)
    with block_log(log(), as_of=str(later)) as connection:
        found = engine.values(connection, catalog.definitions()[metric], as_of=later, by="total")
    assert found == {"all": {"block_recidivism_30d": 2 / 10, "block_recidivism_90d": 4 / 10}[metric]}
