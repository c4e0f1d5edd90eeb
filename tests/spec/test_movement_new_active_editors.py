"""New active editors of all wikis."""

from tests.spec.conftest import Spec


def test_a_month_has_its_published_figure_and_no_other(spec: Spec) -> None:
    table = """
        month_at   | measure | value
        -----------+---------+------
        2026-01-01 | new_active_editors | 20
        2026-01-01 | active_editors | 7
        2026-02-01 | new_active_editors | 30
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 20, "2026-02": 30}


def test_several_months_have_their_average(spec: Spec) -> None:
    table = """
        month_at   | measure | value
        -----------+---------+------
        2026-01-01 | new_active_editors | 20
        2026-03-01 | new_active_editors | 40
        2026-02-01 | active_editors | 7
        """
    assert spec(table, as_of="2026-04-01", by="total") == {"all": (20 + 40) / 2}
    assert "2026-02" not in spec(table, as_of="2026-04-01")  # a month that is not there is not 0
