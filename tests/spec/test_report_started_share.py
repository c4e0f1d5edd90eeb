"""Forms in which somebody began to write."""

from tests.spec.conftest import Spec

TABLE = """
    started_at | wiki    | furthest_step | is_started
    -----------+---------+---------------+-----------
    2026-01-05 | en.demo | entry         | no
    2026-01-05 | en.demo | form          | no
    2026-01-06 | en.demo | description   | yes
    2026-01-07 | ja.demo | submitted     | yes
    2026-01-31 | ja.demo | entry         | no  # its day is not over yet
    """


def test_of_all_forms_opened_those_count_in_which_somebody_came_to_write(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-01-31 12:00") == {"2026-01": 2 / 4}


def test_a_form_counts_a_day_after_it_was_opened(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 2 / 5}
