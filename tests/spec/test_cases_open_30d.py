"""Cases open for more than 30 days when the period ended."""

from tests.spec.conftest import Spec


def test_a_case_enters_on_its_thirtieth_day_and_leaves_when_it_closes(spec: Spec) -> None:
    table = """
        opened_at  | closed_at  | aged_30d_at | aged_30d_until_at
        -----------+------------+-------------+------------------
        2026-01-02 | 2026-03-10 | 2026-02-01  | 2026-03-10
        2026-01-10 |            | 2026-02-09  |
        2026-01-20 | 2026-02-01 |             |                    # closed in time
        2026-03-20 |            |             |                    # still young
        """
    assert spec(table, as_of="2026-04-01", start="2026-01-01") == {"2026-01": 0, "2026-02": 2, "2026-03": 1}


def test_queues_have_their_own_old_cases(spec: Spec) -> None:
    table = """
        opened_at  | closed_at | aged_30d_at | aged_30d_until_at | queue
        -----------+-----------+-------------+-------------------+--------
        2026-01-02 |           | 2026-02-01  |                   | threats
        2026-01-02 |           | 2026-02-01  |                   | outing
        2026-01-09 |           | 2026-02-08  |                   | outing
        """
    assert spec(table, as_of="2026-03-01", split=("queue",)) == {("2026-02", "threats"): 1, ("2026-02", "outing"): 2}
