"""Counted in transparency reports, by kind."""

from tests.spec.conftest import Spec

TABLE = """
    counted_at | kind     | value
    -----------+----------+------
    2025-12-31 | court    | 6
    2025-12-31 | informal | 21
    """


def test_kinds_stand_as_they_were_published(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-01-01", by="fiscal_year", split=("kind",)) == {
        ("FY2026", "court"): 6,
        ("FY2026", "informal"): 21,
    }


def test_kinds_add_up_to_what_they_add_up_to_whatever_total_was_published(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-01-01", by="total") == {"all": 27}
