"""Returning active editors of all wikis, as the Foundation publishes them."""

from metrics import catalog
from tests.spec.conftest import Spec


def test_the_published_figure_of_a_month_is_told_as_it_stands(spec: Spec) -> None:
    table = """
        month_at   | measure                  | value
        -----------+--------------------------+------
        2026-01-01 | returning_active_editors | 72219
        2026-01-01 | new_active_editors       | 15211
        2026-02-01 | returning_active_editors | 72806
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 72219, "2026-02": 72806}


def test_a_quarter_is_the_mean_of_its_months(spec: Spec) -> None:
    table = """
        month_at   | measure                  | value
        -----------+--------------------------+------
        2026-01-01 | returning_active_editors | 70000
        2026-02-01 | returning_active_editors | 74000
        """
    assert spec(table, as_of="2026-04-01", by="quarter") == {"2026Q3": 72000}


def test_new_and_returning_editors_are_the_active_ones_as_published() -> None:
    """15,211 + 72,219 = 87,430 in October 2023, and 14,747 + 72,806 = 87,553 in February 2024."""

    def published(name: str) -> dict[str, float]:
        return {one.period: one.value for one in catalog.definitions()[name].published}

    new, returning, active = (
        published(f"movement_{name}") for name in ("new_active_editors", "returning_active_editors", "active_editors")
    )
    assert set(new) == set(returning)
    assert {month: new[month] + returning[month] for month in new} == {month: active[month] for month in new}
