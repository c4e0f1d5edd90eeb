"""New-editor retention: of those who edit in the first 30 days, who edits in the next 30."""

from tests.spec.conftest import Spec, States


def test_of_those_with_an_edit_in_the_first_30_days_those_with_one_in_the_next_30(spec: Spec) -> None:
    table = """
        registered_at | has_edited_within_30d | has_edited_in_second_30d
        --------------+-----------------------+-------------------------
        2026-01-01    | yes                   | yes
        2026-01-02    | yes                   | no
        2026-01-03    | no                    | yes                       # came late: in neither part
        2026-01-04    | no                    | no
        2026-01-05    | yes                   | no
        """
    assert spec(table, as_of="2026-04-01") == {"2026-01": 1 / 3}


def test_an_account_counts_when_its_60_days_are_over_and_not_a_second_before(spec: Spec) -> None:
    table = """
        registered_at       | has_edited_within_30d | has_edited_in_second_30d
        --------------------+-----------------------+-------------------------
        2026-01-30T00:00:00 | yes                   | yes
        2026-01-30T00:00:01 | yes                   | no
        """
    assert spec(table, as_of="2026-03-31") == {"2026-01": 1.0}
    assert spec(table, as_of="2026-04-01") == {"2026-01": 1 / 2}


def test_what_the_snapshot_could_not_see_counts_nowhere(spec: Spec) -> None:
    table = """
        registered_at | has_edited_within_30d | has_edited_in_second_30d
        --------------+-----------------------+-------------------------
        2026-01-01    | yes                   | no
        2026-01-20    |                       |                           # its 60 days end after the snapshot
        """
    assert spec(table, as_of="2026-06-01") == {"2026-01": 0.0}


def test_a_month_is_maturing_until_60_days_after_its_end(states: States) -> None:
    table = """
        registered_at | has_edited_within_30d | has_edited_in_second_30d
        --------------+-----------------------+-------------------------
        2026-01-01    | yes                   | no
        2026-02-01    | yes                   | no
        """
    assert states(table, as_of="2026-04-05", start="2026-01-01") == {
        "2026-01": "final", "2026-02": "maturing", "2026-03": "too_early", "2026-04": "partial",
    }  # fmt: skip
