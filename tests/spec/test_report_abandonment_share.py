"""Reports given up."""

from tests.spec.conftest import Spec

TABLE = """
    started_at          | is_started | is_submitted | is_abandoned | outcome     | is_backtracked | is_supported | is_helped_on | wiki
    --------------------+------------+--------------+--------------+-------------+----------------+--------------+--------------+-----
    2026-06-08T10:00:00 | yes        | yes          | no           | submitted   | no             | yes          | yes          | a
    2026-06-08T11:00:00 | yes        | yes          | no           | submitted   | yes            | yes          | no           | a
    2026-06-08T12:00:00 | yes        | yes          | no           | submitted   | no             | no           | no           | b  # an emergency: no page of help
    2026-06-09T10:00:00 | yes        | no           | yes          | abandoned   | yes            | no           | no           | b
    2026-06-10T10:00:00 | yes        | no           | no           | failed      | no             | no           | no           | b
    2026-06-10T11:00:00 | no         | no           | no           | not_started | no             | no           | no           | b
    """


def test_who_was_turned_away_has_not_given_up(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-07-01") == {"2026-06": 1 / 5}


def test_by_wiki(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-07-01", split=("wiki",)) == {("2026-06", "a"): 0.0, ("2026-06", "b"): 1 / 3}
