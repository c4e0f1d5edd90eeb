"""Days that milestones are late, on average."""

import pytest

from tests.spec.conftest import Figures, Spec


def test_early_milestones_count_as_negative(spec: Spec) -> None:
    assert spec(
        """
        planned_at | days_late | is_due
        -----------+-----------+-------
        2026-01-10 | -4        | yes
        2026-01-20 | 0         | yes
        2026-01-25 | 10        | yes
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 2}


def test_a_milestone_of_which_nothing_is_known_yet_is_left_out(spec: Spec) -> None:
    table = """
        planned_at | days_late | is_due
        -----------+-----------+-------
        2026-01-10 | 6         | yes
        2026-02-28 |           | no
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 6}


def test_the_interval_is_students(figures: Figures) -> None:
    """Of 1, 2, 3: mean 2, standard error 1 / sqrt(3), and t of 2 degrees of freedom is 4.303. R: t.test(1:3)."""
    found = figures(
        """
        planned_at | days_late
        -----------+----------
        2026-01-10 | 1
        2026-01-11 | 2
        2026-01-12 | 3
        """,
        as_of="2026-02-01",
    )["2026-01"]
    assert (found.low, found.value, found.high) == pytest.approx((-0.4841377, 2, 4.4841377))


def test_one_milestone_alone_has_no_interval(figures: Figures) -> None:
    table = """
        planned_at | days_late
        -----------+----------
        2026-01-10 | 3
        """
    found = figures(table, as_of="2026-02-01")["2026-01"]
    assert (found.value, found.low, found.high, found.n) == (3, None, None, 1)
