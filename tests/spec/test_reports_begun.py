"""Report forms opened, and how far people came."""

from tests.spec.conftest import Spec

TABLE = """
    started_at          | furthest_step | wiki
    --------------------+---------------+--------
    2026-06-08T10:00:00 | form          | en.demo
    2026-06-08T10:00:00 | submitted     | en.demo
    2026-06-09T10:00:00 | form          | en.demo
    2026-07-31T10:00:00 | description   | en.demo  # not a day old: its last step may be still to come
    """


def test_a_form_counts_once_it_is_a_day_old(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-08-01") == {"2026-06": 3, "2026-07": 0}
    assert spec(TABLE, as_of="2026-08-01T10:00:00") == {"2026-06": 3, "2026-07": 1}


def test_by_furthest_step_it_is_the_funnel(spec: Spec) -> None:
    found = spec(TABLE, as_of="2026-07-01", by="total", split=("furthest_step",))
    assert found == {("all", "form"): 2, ("all", "submitted"): 1}
