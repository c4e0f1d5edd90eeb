"""Contacts with whom the program spoke in the last 90 days."""

from tests.spec.conftest import Figures, Spec

TABLE = """
    since_at   | role     | is_reached_90d
    -----------+----------+---------------
    2025-03-01 | admin    | yes
    2026-01-01 | admin    | no
    2026-02-01 | mediator | no
    2026-02-01 | mediator | no
    """


def test_one_of_four_was_spoken_to(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01", by="total") == {"all": 1 / 4}


def test_each_role_has_its_own_share_and_no_contact_is_no_share(spec: Spec, figures: Figures) -> None:
    assert spec(TABLE, as_of="2026-03-01", by="total", split=("role",)) == {
        ("all", "admin"): 1 / 2,
        ("all", "mediator"): 0,
    }
    assert figures("since_at\n---\n", as_of="2026-03-01", by="total")["all"].value is None
