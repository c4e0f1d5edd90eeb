"""Decided by a machine alone."""

from tests.spec.conftest import Spec


def test_only_what_a_machine_decided_alone_counts(spec: Spec) -> None:
    table = """
        applied_at | automation    | is_decided_automatically
        -----------+---------------+-------------------------
        2026-01-05 | fully         | yes
        2026-01-05 | partially     | no
        2026-01-05 | not_automated | no
        2026-01-05 |               |          # not said: in neither part
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1 / 3}


def test_where_nobody_says_there_is_no_share(spec: Spec) -> None:
    table = """
        applied_at | is_decided_automatically
        -----------+-------------------------
        2026-01-05 |
        """
    assert spec(table, as_of="2026-02-01") == {}
