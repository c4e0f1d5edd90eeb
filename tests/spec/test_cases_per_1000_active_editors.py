"""Cases per 1,000 active editors."""

from tests.spec.conftest import Spec, States

CASES = """
    opened_at  | queue
    -----------+---------
    2026-01-03 | conduct
    2026-01-20 | privacy
    2026-01-31 | conduct
    2026-02-09 | conduct
    """
EDITORS = """
    wiki    | month_at   | editor_kind | content_edit_count
    --------+------------+-------------+-------------------
    en.demo | 2026-01-01 | account     | 5
    ar.demo | 2026-01-01 | account     | 9
    en.demo | 2026-02-01 | account     | 1   # no active editor
    """


def test_all_cases_of_the_desk_stand_against_the_editors_of_all_wikis(spec: Spec) -> None:
    """Three cases on two editors; of February nobody who is active is known, so it has no rate."""
    assert spec(CASES, exposure=EDITORS, as_of="2026-03-01") == {"2026-01": 1500}


def test_without_editors_there_is_no_rate_and_no_zero(states: States) -> None:
    told = states(CASES, exposure=EDITORS, as_of="2026-03-01", start="2026-01-01")
    assert told == {"2026-01": "final", "2026-02": "no_data"}
