"""Thanks given."""

from tests.spec.conftest import Spec


def test_every_thanks_counts_on_its_day(spec: Spec) -> None:
    assert spec(
        """
        thanked_at          | wiki
        --------------------+-------
        2026-01-31T23:59:59 | a.demo
        2026-01-31T23:59:59 | a.demo  # two in one second are two
        2026-02-01T00:00:00 | b.demo
        """,
        as_of="2026-03-01",
    ) == {"2026-01": 2, "2026-02": 1}


def test_a_wiki_in_which_nobody_ever_thanked_is_no_group(spec: Spec) -> None:
    table = """
        thanked_at | wiki
        -----------+-------
        2026-01-05 | a.demo
        2026-03-05 | b.demo  # after the cutoff
        """
    assert spec(table, as_of="2026-03-01", split=("wiki",)) == {("2026-01", "a.demo"): 1, ("2026-02", "a.demo"): 0}


def test_a_sunday_belongs_to_the_iso_week_before(spec: Spec) -> None:
    table = """
        thanked_at
        ----------
        2026-11-15
        2026-11-16
        """
    assert spec(table, as_of="2026-11-19", by="week") == {"2026-W46": 1, "2026-W47": 1}
