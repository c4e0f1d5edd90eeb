"""Edits added to events."""

from tests.spec.conftest import Spec


def test_edits_count_on_the_day_on_which_they_were_made(spec: Spec) -> None:
    table = """
        edited_at           | wiki
        --------------------+-------
        2026-01-31T23:59:59 | enwiki
        2026-02-01          | enwiki
        2026-02-01          | frwiki
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 1, "2026-02": 2}


def test_edits_are_told_by_wiki(spec: Spec) -> None:
    table = """
        edited_at  | wiki
        -----------+-------
        2026-02-01 | enwiki
        2026-02-01 | frwiki
        """
    assert spec(table, as_of="2026-03-01", split=("wiki",)) == {("2026-02", "enwiki"): 1, ("2026-02", "frwiki"): 1}
