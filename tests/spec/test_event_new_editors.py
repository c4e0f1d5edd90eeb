"""New editors at events."""

from tests.spec.conftest import Spec


def test_new_editors_count_in_the_month_of_their_event(spec: Spec) -> None:
    table = """
        started_at | wiki
        -----------+-------
        2026-01-02 | enwiki
        2026-01-09 | frwiki
        2026-02-02 | enwiki
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 2, "2026-02": 1}


def test_new_editors_are_told_by_wiki(spec: Spec) -> None:
    table = """
        started_at | wiki
        -----------+-------
        2026-01-02 | enwiki
        2026-01-09 | frwiki
        """
    assert spec(table, as_of="2026-02-01", split=("wiki",)) == {("2026-01", "enwiki"): 1, ("2026-01", "frwiki"): 1}
