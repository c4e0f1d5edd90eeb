"""Contacts that can be written or called to."""

from tests.spec.conftest import Spec

TABLE = """
    since_at   | role     | is_reachable
    -----------+----------+-------------
    2025-03-01 | admin    | yes
    2026-01-01 | admin    | no
    2026-02-01 | mediator | no
    2026-02-01 | mediator |              # the book does not say
    """


def test_of_those_of_whom_the_books_say_one_of_three_has_an_address(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01", by="total") == {"all": 1 / 3}


def test_each_role_has_its_own_share(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01", by="total", split=("role",)) == {
        ("all", "admin"): 1 / 2,
        ("all", "mediator"): 0,
    }
