"""New editors who stay, all wikis."""

from tests.spec.conftest import Spec


def test_a_month_has_its_published_figure_and_no_other(spec: Spec) -> None:
    table = """
        month_at   | measure | value
        -----------+---------+------
        2026-01-01 | new_editor_retention | 0.25
        2026-01-01 | revert_rate | 7
        2026-02-01 | new_editor_retention | 0.5
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 0.25, "2026-02": 0.5}


def test_several_months_have_their_average(spec: Spec) -> None:
    table = """
        month_at   | measure | value
        -----------+---------+------
        2026-01-01 | new_editor_retention | 0.25
        2026-03-01 | new_editor_retention | 0.75
        2026-02-01 | revert_rate | 7
        """
    assert spec(table, as_of="2026-04-01", by="total") == {"all": (0.25 + 0.75) / 2}
    assert "2026-02" not in spec(table, as_of="2026-04-01")  # a month that is not there is not 0
