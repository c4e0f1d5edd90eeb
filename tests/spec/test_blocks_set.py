"""Blocks set."""

from tests.spec.conftest import Spec


def test_every_block_counts_on_the_day_it_was_set(spec: Spec) -> None:
    assert spec(
        """
        set_at              | scope    | performer_kind
        --------------------+----------+---------------
        2026-01-31T23:59:59 | sitewide | person
        2026-02-01T00:00:00 | partial  | bot
        2026-02-02T08:00:00 | hidden   | hidden          # hidden, and still a block
        """,
        as_of="2026-03-01",
    ) == {"2026-01": 1, "2026-02": 2}


def test_what_is_not_known_yet_does_not_count(spec: Spec) -> None:
    table = """
        set_at              | scope
        --------------------+---------
        2026-01-31T23:59:59 | sitewide
        2026-02-01T00:00:00 | sitewide  # the first unknown moment
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1}


def test_a_month_that_was_watched_and_saw_no_block_is_0(spec: Spec) -> None:
    table = """
        set_at     | scope
        -----------+---------
        2026-02-05 | sitewide
        """
    assert spec(table, as_of="2026-04-01", start="2026-01-01") == {"2026-01": 0, "2026-02": 1, "2026-03": 0}
    assert spec(table, as_of="2026-04-01", start="2026-02-01") == {"2026-02": 1, "2026-03": 0}  # January: not watched


def test_a_wiki_has_its_zeros_once_it_was_seen(spec: Spec) -> None:
    table = """
        set_at     | wiki
        -----------+-------
        2026-01-05 | a.demo
        2026-02-05 | b.demo
        """
    assert spec(table, as_of="2026-03-01", split=("wiki",)) == {
        ("2026-01", "a.demo"): 1,
        ("2026-01", "b.demo"): 0,
        ("2026-02", "a.demo"): 0,
        ("2026-02", "b.demo"): 1,
    }
