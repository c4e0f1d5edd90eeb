"""Blocks neither expanded nor reinstated."""

from tests.spec.conftest import Spec


def test_only_temporary_sitewide_blocks_are_looked_at(spec: Spec) -> None:
    assert spec(
        """
        ended_at   | is_temporary_sitewide | is_held
        -----------+-----------------------+--------
        2026-01-01 | yes                   | yes
        2026-01-02 | yes                   | no
        2026-01-03 | yes                   | yes
        2026-01-04 | no                    | yes      # indefinite, lifted: in neither part
        2026-01-05 | no                    | no       # partial: in neither part
        """,
        as_of="2026-04-01",
    ) == {"2026-01": 2 / 3}


def test_a_block_holds_only_once_30_days_have_shown_it(spec: Spec) -> None:
    table = """
        ended_at   | is_temporary_sitewide | is_held
        -----------+-----------------------+--------
        2026-01-01 | yes                   | yes
        2026-01-20 | yes                   | no       # expanded already; its window ends on 19 February all the same
        """
    assert spec(table, as_of="2026-02-18") == {"2026-01": 1.0}
    assert spec(table, as_of="2026-02-19") == {"2026-01": 0.5}


def test_a_month_in_which_no_such_block_ended_has_no_share(spec: Spec) -> None:
    table = """
        ended_at   | is_temporary_sitewide | is_held
        -----------+-----------------------+--------
        2026-01-01 | no                    | yes
        """
    assert spec(table, as_of="2026-03-01") == {}
