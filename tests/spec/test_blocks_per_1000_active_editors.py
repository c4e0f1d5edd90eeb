"""Blocks per 1,000 active editors: two marts, each added up by itself."""

from tests.spec.conftest import Figures, Spec, States

BLOCKS = """
    wiki    | set_at
    --------+-----------
    en.demo | 2026-01-03
    en.demo | 2026-01-20
    en.demo | 2026-02-09
    sw.demo | 2026-02-10  # whose editors nobody has counted
    """
EDITORS = """
    wiki    | month_at   | editor_kind | content_edit_count
    --------+------------+-------------+-------------------
    en.demo | 2026-01-01 | account     | 5
    en.demo | 2026-01-01 | account     | 70
    en.demo | 2026-01-01 | account     | 4   # one edit too few
    en.demo | 2026-01-01 | bot         | 900
    en.demo | 2026-02-01 | account     | 6
    ja.demo | 2026-02-01 | account     | 6   # nobody was ever blocked there
    """


def test_blocks_of_a_month_are_divided_by_the_editors_of_the_same_month(spec: Spec) -> None:
    """Two blocks on two editors in January, two on two in February, and a thousand times that."""
    assert spec(BLOCKS, exposure=EDITORS, as_of="2026-03-01") == {"2026-01": 1000, "2026-02": 1000}


def test_no_block_is_counted_twice_where_a_wiki_has_many_editors(figures: Figures) -> None:
    """A join would give each of January's two blocks two rows, one for each editor."""
    january = figures(BLOCKS, exposure=EDITORS, as_of="2026-03-01")["2026-01"]
    assert (january.numerator, january.denominator, january.n) == (2, 2, 2)


def test_a_wiki_is_told_alone_only_where_both_sides_counted_there(spec: Spec) -> None:
    told = spec(BLOCKS, exposure=EDITORS, as_of="2026-03-01", split=("wiki",))
    assert told == {("2026-01", "en.demo"): 1000, ("2026-02", "en.demo"): 1000}


def test_a_quarter_is_on_the_scale_of_a_month_since_its_editors_are_added_up(spec: Spec) -> None:
    """Four blocks, on two editors of January and two of February: those who edit in both months count twice."""
    assert spec(BLOCKS, exposure=EDITORS, as_of="2026-04-01", by="quarter") == {"2026Q3": 1000}


def test_a_month_without_editors_has_no_rate_and_one_without_blocks_has_0(spec: Spec) -> None:
    more = EDITORS + "en.demo | 2026-03-01 | account | 6"
    assert spec(BLOCKS, exposure=more, as_of="2026-05-01") == {"2026-01": 1000, "2026-02": 1000, "2026-03": 0}


def test_a_month_that_is_not_over_is_partial(states: States) -> None:
    told = states(BLOCKS, exposure=EDITORS, as_of="2026-02-20", start="2026-01-01")
    assert told == {"2026-01": "final", "2026-02": "partial"}


def test_the_interval_is_that_of_events_and_may_pass_1(figures: Figures) -> None:
    """Two events: 0.242 to 7.225 by Garwood, on two editors, a thousand times: R's poisson.test(2, 2)$conf.int * 1000."""
    january = figures(BLOCKS, exposure=EDITORS, as_of="2026-03-01")["2026-01"]
    assert (round(january.low or 0), round(january.high or 0)) == (121, 3612)
