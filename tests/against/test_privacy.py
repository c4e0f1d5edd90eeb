"""What readers can deduce, and which cells are withheld, on tables whose answers are known.

The bounds were computed once by another program over the same relations; three tables are those of the R package
sdcTable's own tests, where two hidden cells in every line still give one away.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from metrics.privacy import attack, suppress

VECTORS = Path(__file__).parent / "vectors" / "disclosure"
TABLES = json.loads((VECTORS / "suppression_2d.json").read_text())
by_id = {"ids": lambda case: case["id"]}


def published(case):
    """All sums, and the cells that are not withheld."""
    inner, hidden = np.array(case["inner"], dtype=float), {tuple(cell) for cell in case["suppressed"]}
    rows, columns = inner.shape
    for row, total in enumerate(case["row_totals"]):
        yield {(row, column): 1 for column in range(columns)}, total, total
    for column, total in enumerate(case["col_totals"]):
        yield {(row, column): 1 for row in range(rows)}, total, total
    for cell, value in np.ndenumerate(inner):
        if cell not in hidden:
            yield {cell: 1}, value, value


def check_bounds(case):
    found = attack.bounds(list(published(case)))
    for wanted in case["attacker_bounds"]:
        assert found[tuple(wanted["cell"])] == pytest.approx((wanted["low"], wanted["high"]), rel=1e-8), wanted
    exact = [list(cell) for cell in map(tuple, case["suppressed"]) if found[cell][0] == found[cell][1]]
    assert exact == case["exactly_recoverable"]


@pytest.mark.parametrize("case", TABLES, **by_id)
def test_the_attacker_finds_the_known_bounds(case):
    check_bounds(case)


def test_the_attacker_finds_the_bounds_of_sdctable(shared):
    cases = json.loads(shared("vectors/disclosure/suppression_2d_package_examples.json").read_text())
    assert len(cases) == 3
    for case in cases:
        check_bounds(case)


@pytest.mark.parametrize("case", TABLES, **by_id)
@pytest.mark.parametrize("minimum", [5, 10])
def test_our_own_choice_of_cells_protects_every_small_one(case, minimum):
    inner = np.array(case["inner"])
    found = suppress.table(inner, minimum=minimum)
    small = [cell for cell, value in np.ndenumerate(inner) if 0 < value < minimum]
    assert all(found.hidden[cell] for cell in small)
    ours = case | {"suppressed": np.argwhere(found.hidden).tolist()}  # all totals are shown here
    assert not found.hidden[-1].any()
    assert not found.hidden[:, -1].any()
    bounds = attack.bounds(list(published(ours)))
    assert all(bounds[cell][1] - bounds[cell][0] >= minimum for cell in small)


def test_a_known_good_pattern_is_found_with_no_more_cells_than_the_manual_s():
    case = next(case for case in TABLES if case["id"] == "wp22_protected")
    assert suppress.table(case["inner"], minimum=5).hidden.sum() == len(case["suppressed"]) == 9


ATTACKS = {case["id"]: case for case in json.loads((VECTORS / "differencing_attacks.json").read_text())["cases"]}


def test_a_total_less_its_parts_gives_the_last_part_away():
    case = ATTACKS["total_minus_parts"]
    parts = case["release2"]
    shown = [({wiki: 1}, n, n) for wiki, n in parts.items() if not isinstance(n, str)]
    everything = [(dict.fromkeys(parts, 1), case["release1"]["all_wikis"], case["release1"]["all_wikis"])]
    assert attack.bounds(everything + shown)["smallwiki"] == (2, 2) == (case["recover"]["smallwiki"],) * 2


def test_a_running_total_less_the_one_before_gives_the_month_away():
    case = ATTACKS["cumulative_minus_previous"]
    may, june = case["release_may_ytd"]["smallwiki_reports"], case["release_jun_ytd"]["smallwiki_reports"]
    relations = [({"to may": 1}, may, may), ({"to may": 1, "june": 1}, june, june)]
    assert attack.bounds(relations)["june"] == (3, 3) == (case["recover"]["smallwiki_jun"],) * 2


def test_two_filters_that_overlap_give_the_difference_away():
    case = ATTACKS["overlapping_filters"]
    everybody, others = case["q1"]["count"], case["q2"]["count"]
    relations = [({"admins": 1, "others": 1}, everybody, everybody), ({"others": 1}, others, others)]
    assert attack.bounds(relations)["admins"] == (1, 1) == (case["recover"]["admins"],) * 2


def test_a_rate_with_its_denominator_gives_the_numerator_away():
    """12.5 % is anything from 12.45 % to 12.55 %: of 16 only 2 will do."""
    case = ATTACKS["rate_times_denominator"]
    percent, n = case["published"]["rate_pct"], case["published"]["denominator"]
    low, high = attack.bounds([({"numerator": 1}, (percent - 0.05) / 100 * n, (percent + 0.05) / 100 * n)])["numerator"]
    assert np.ceil(low) == np.floor(high) == case["recover"]["numerator"]
    assert attack.known_too_closely([({"numerator": 1}, low, high)], ["numerator"], 10) == ["numerator"]


def test_two_means_with_their_sizes_give_one_person_away():
    case = ATTACKS["mean_and_n"]["published"]
    everybody, rest = case["mean_hours"] * case["n"], case["rest_mean"] * case["rest_n"]
    relations = [({"one": 1, "rest": 1}, everybody, everybody), ({"rest": 1}, rest, rest)]
    assert attack.bounds(relations)["one"] == (8, 8) == (ATTACKS["mean_and_n"]["recover"]["individual"],) * 2


def test_a_revision_after_one_deletion_gives_the_deleted_person_away():
    case = ATTACKS["revision"]
    before, after = case["release1"]["n"], case["release2_after_one_person_deletion"]["n"]
    relations = [({"left": 1, "deleted": 1}, before, before), ({"left": 1}, after, after)]
    assert attack.bounds(relations)["deleted"] == (1, 1)


def test_a_month_less_its_shown_weeks_gives_the_last_week_away():
    case = ATTACKS["week_inside_month"]
    month = [(dict.fromkeys(range(4), 1), case["month"]["n"], case["month"]["n"])]
    weeks = [({number: 1}, n, n) for number, n in enumerate(case["weeks"]) if n != "suppressed"]
    assert attack.bounds(month + weeks)[3] == (3, 3) == (case["recover"]["week4"],) * 2


def test_random_rounding_drawn_twice_leaves_almost_nothing_open():
    """4 goes to 3 or to 6, each time anew; both together leave only 4 and 5, and 10 were to be left open."""
    base = ATTACKS["random_rounding_redraw"]["base"]
    redrawn = [({"n": 1}, drawn - base + 1, drawn + base - 1) for drawn in (3, 6)]
    assert attack.bounds(redrawn)["n"] == (4, 5)
    assert attack.known_too_closely(redrawn, ["n"], 10) == ["n"]
