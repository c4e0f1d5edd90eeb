"""Languages of cases: how many different ones."""

from tests.spec.conftest import Figures, Spec

CASES = """
    opened_at  | queue   | language
    -----------+---------+---------
    2026-01-05 | threats | de
    2026-01-05 | threats | de          # the same language, on the same day
    2026-01-20 | threats | fr
    2026-01-20 | other   | de          # and in another queue
    2026-02-03 | threats | de          # and in another month
    2026-02-04 | threats |             # nobody knows which
    """


def test_a_language_counts_once_in_a_month_and_once_in_a_quarter(spec: Spec) -> None:
    assert spec(CASES, as_of="2026-03-01") == {"2026-01": 2, "2026-02": 1}
    assert spec(CASES, as_of="2026-04-01", by="quarter") == {"2026Q3": 2}


def test_queues_do_not_add_up_to_all_of_them(spec: Spec) -> None:
    assert spec(CASES, as_of="2026-03-01", split=("queue",)) == {
        ("2026-01", "other"): 1,
        ("2026-01", "threats"): 2,
        ("2026-02", "other"): 0,
        ("2026-02", "threats"): 1,
    }


def test_so_few_are_counted_one_by_one_and_rest_on_the_cases_that_say_their_language(figures: Figures) -> None:
    january = figures(CASES, as_of="2026-03-01")["2026-01"]
    assert (january.value, january.n, january.low, january.high, january.error) == (2, 4, None, None, None)
