"""Surviving new editors: of those who edit within a day, who edits from day 30 to day 60."""

from tests.spec.conftest import Spec


def test_of_those_with_an_edit_in_the_first_day_those_with_one_from_day_30_to_day_60(spec: Spec) -> None:
    table = """
        registered_at | has_edited_within_1d | has_edited_within_30d | has_edited_in_second_30d
        --------------+----------------------+-----------------------+-------------------------
        2026-01-01    | yes                  | yes                   | yes
        2026-01-02    | yes                  | yes                   | no
        2026-01-03    | no                   | yes                   | yes   # its first edit came on the second day
        """
    assert spec(table, as_of="2026-04-01") == {"2026-01": 1 / 2}


def test_a_window_that_is_still_open_is_not_counted_even_if_the_editor_has_stayed_already(spec: Spec) -> None:
    table = """
        registered_at | has_edited_within_1d | has_edited_in_second_30d
        --------------+----------------------+-------------------------
        2026-01-01    | yes                  | no
        2026-02-01    | yes                  | yes
        """
    assert spec(table, as_of="2026-03-20") == {"2026-01": 0.0}
