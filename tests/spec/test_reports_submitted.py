"""Reports submitted."""

from tests.spec.conftest import Spec

TABLE = """
    submitted_at        | incident_type                  | behaviour | wiki
    --------------------+--------------------------------+-----------+--------
    2026-06-08T10:00:00 | unacceptable-user-behavior     | doxing    | en.demo
    2026-06-30T23:59:59 | unacceptable-user-behavior     | spam      | en.demo
    2026-07-01T00:00:00 | unacceptable-user-behavior     | spam      | sw.demo
    2026-07-02T10:00:00 | immediate-threat-physical-harm |           | sw.demo  # the help desk counts it
    2026-07-03T10:00:00 | unacceptable-user-behavior     |           | sw.demo  # cut off before its kind
    """


def test_a_report_counts_in_the_month_in_which_the_server_took_it(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-08-01") == {"2026-06": 2, "2026-07": 2}


def test_reports_by_kind_and_a_kind_that_was_cut_off_is_unknown(spec: Spec) -> None:
    found = spec(TABLE, as_of="2026-08-01", by="total", split=("behaviour",))
    assert found == {("all", "doxing"): 1, ("all", "spam"): 2, ("all", "unknown"): 1}
