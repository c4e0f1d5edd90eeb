"""Edits made."""

from tests.spec.conftest import Spec

TABLE = """
    edited_at           | editor_kind       | page_kind
    --------------------+-------------------+----------
    2026-01-31T23:59:59 | account           | content
    2026-02-01          | bot               | content
    2026-02-02          | temporary_account | other
    2026-02-02          | hidden            | other      # hidden, and still an edit
    """


def test_every_edit_counts_on_its_day(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01") == {"2026-01": 1, "2026-02": 3}


def test_they_are_told_by_who_made_them(spec: Spec) -> None:
    found = spec(TABLE, as_of="2026-03-01", split=("editor_kind",))
    assert found[("2026-02", "account")] == 0
    assert found[("2026-02", "bot")] == found[("2026-02", "temporary_account")] == found[("2026-02", "hidden")] == 1
