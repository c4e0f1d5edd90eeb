"""Emergencies per 1,000 active editors."""

from tests.spec.conftest import Spec

CASES = """
    opened_at  | urgency
    -----------+----------
    2026-01-03 | emergency
    2026-01-20 | ordinary
    2026-02-09 | ordinary
    """
EDITORS = """
    month_at   | editor_kind | content_edit_count
    -----------+-------------+-------------------
    2026-01-01 | account     | 5
    2026-01-01 | account     | 6
    2026-02-01 | account     | 7
    """


def test_only_emergencies_count_and_a_month_without_any_is_0(spec: Spec) -> None:
    """One on two editors is 500 on 1,000; nobody is in an emergency in February."""
    assert spec(CASES, exposure=EDITORS, as_of="2026-03-01") == {"2026-01": 500, "2026-02": 0}


def test_a_year_adds_up_the_editors_of_its_months(spec: Spec) -> None:
    """One emergency on two editors in January and one in February: three editor-months."""
    told = spec(CASES, exposure=EDITORS, as_of="2026-07-01", by="fiscal_year")
    assert told == {"FY2026": 1000 / 3}
