"""How long half of the appeals decided took."""

from tests.spec.conftest import Spec

TABLE = """
    decided_at | body | days_to_decision
    -----------+------+-----------------
    2026-07-10 | crc  | 10
    2026-08-10 | crc  | 20
    2026-09-10 | crc  | 60
    2026-09-11 | u4c  |                  # of a body that tells months only
    """


def test_half_of_the_appeals_of_the_quarter_were_decided_by_then(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-10-01", by="quarter") == {"2027Q1": 20}


def test_without_days_there_is_no_median(spec: Spec) -> None:
    told = spec(TABLE, as_of="2026-10-01", by="quarter", split=("body",))
    assert told == {("2027Q1", "crc"): 20}
