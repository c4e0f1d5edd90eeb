"""Reports per 1,000 active editors."""

from tests.spec.conftest import Spec

REPORTS = """
    wiki    | submitted_at | incident_type
    --------+--------------+-----------------------------
    en.demo | 2026-01-03   | unacceptable-user-behavior
    en.demo | 2026-01-20   | immediate-threat-physical-harm  # goes to the help desk
    ar.demo | 2026-01-31   | unacceptable-user-behavior
    """
EDITORS = """
    wiki    | month_at   | editor_kind       | content_edit_count
    --------+------------+-------------------+-------------------
    en.demo | 2026-01-01 | account           | 5
    en.demo | 2026-01-01 | account           | 9
    en.demo | 2026-01-01 | temporary_account | 50
    ar.demo | 2026-01-01 | account           | 8
    ar.demo | 2026-01-01 | account           | 80
    """


def test_reports_that_are_no_emergencies_are_divided_by_active_editors(spec: Spec) -> None:
    """Two reports on four editors are half a report on one, and 500 on 1,000."""
    assert spec(REPORTS, exposure=EDITORS, as_of="2026-02-01") == {"2026-01": 500}


def test_each_wiki_has_its_own_editors_below_its_own_reports(spec: Spec) -> None:
    told = spec(REPORTS, exposure=EDITORS, as_of="2026-02-01", split=("wiki",))
    assert told == {("2026-01", "ar.demo"): 500, ("2026-01", "en.demo"): 500}
