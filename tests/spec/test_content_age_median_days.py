"""Median age of content at the decision."""

from tests.spec.conftest import Spec


def test_half_of_the_content_was_this_old_or_younger(spec: Spec) -> None:
    table = """
        applied_at | content_age_days
        -----------+-----------------
        2026-01-05 | 0                   # on the day of its posting
        2026-01-05 | 3
        2026-01-05 | 40
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 3}


def test_content_of_unknown_age_does_not_count(spec: Spec) -> None:
    table = """
        applied_at | content_age_days
        -----------+-----------------
        2026-01-05 | 3
        2026-01-05 |
        2026-02-05 |
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 3}
