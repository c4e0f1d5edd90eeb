"""Cases opened again."""

from tests.spec.conftest import Spec


def test_only_reopenings_count_in_the_month_they_happened(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | is_reopening
        -----------+-------------
        2026-01-02 | no
        2026-01-20 | yes
        2026-02-20 | yes
        2026-02-21 | yes
        """,
        as_of="2026-03-01",
    ) == {"2026-01": 1, "2026-02": 2}


def test_a_month_of_new_cases_alone_has_0_reopenings(spec: Spec) -> None:
    table = """
        opened_at  | is_reopening
        -----------+-------------
        2026-01-02 | no
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 0}
