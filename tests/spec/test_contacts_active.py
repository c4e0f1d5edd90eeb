"""People in communities whom the program knows."""

from tests.spec.conftest import Spec

TABLE = """
    since_at   | community | role
    -----------+-----------+------
    2025-03-01 | sw.demo   | admin
    2026-01-01 | sw.demo   | admin
    2026-02-01 | ru.demo   |
    """


def test_every_contact_counts_once_however_long_it_is_known(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01", by="total") == {"all": 3}


def test_contacts_are_counted_by_community(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01", by="total", split=("community",)) == {
        ("all", "sw.demo"): 2,
        ("all", "ru.demo"): 1,
    }
