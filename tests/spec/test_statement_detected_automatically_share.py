"""Statements of reasons of content that a machine found."""

from tests.spec.conftest import Spec

TABLE = """
    applied_at | platform | is_detected_automatically | is_decided_automatically
    -----------+----------+---------------------------+-------------------------
    2026-01-05 | wiki     | yes                       | no
    2026-01-05 | wiki     | no                        | no
    2026-01-06 | other    | yes                       | yes
    2026-01-06 | other    |                           | yes   # it does not say who found it
    """


def test_of_those_that_say_who_found_it_two_of_three_were_found_by_a_machine(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 2 / 3}


def test_platforms_are_told_apart(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01", split=("platform",)) == {
        ("2026-01", "other"): 1,
        ("2026-01", "wiki"): 1 / 2,
    }
