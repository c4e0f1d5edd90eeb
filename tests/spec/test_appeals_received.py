"""Appeals received."""

from tests.spec.conftest import Spec


def test_an_appeal_counts_in_the_month_of_its_receipt(spec: Spec) -> None:
    table = """
        received_at | body
        ------------+-----
        2026-01-05  | crc
        2026-01-31  | crc
        2026-02-01  | crc
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 2, "2026-02": 1}


def test_months_without_an_appeal_have_none_and_bodies_are_told_apart(spec: Spec) -> None:
    table = """
        received_at | body
        ------------+-----------
        2026-01-05  | crc
        2026-03-05  | stewards
        """
    assert spec(table, as_of="2026-04-01") == {"2026-01": 1, "2026-02": 0, "2026-03": 1}
    assert spec(table, as_of="2026-04-01", by="total", split=("body",)) == {("all", "crc"): 1, ("all", "stewards"): 1}
