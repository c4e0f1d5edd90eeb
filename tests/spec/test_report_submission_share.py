"""Reports that get through."""

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


def test_who_never_started_is_not_asked_about(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-07-01") == {"2026-06": 3 / 5}


def test_by_wiki_for_rates_of_samples_differ(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-07-01", split=("wiki",)) == {("2026-06", "a"): 1, ("2026-06", "b"): 1 / 3}


def test_a_form_that_was_opened_within_a_day_is_not_counted_yet(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-06-09T11:00:00") == {"2026-06": 1}  # two of the three first ones, both through
