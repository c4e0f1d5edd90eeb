"""How many different things there are, read off a sketch: by hand where it can be, and by simulation where it cannot."""

import numpy as np
import pytest

from metrics.stats.distinct import estimate

BUCKETS, RANKS, SEEDS = 4_096, 41, 200


def sketches(things: int, seeds: int = SEEDS) -> np.ndarray:
    """Of many random sets of so many things, how many buckets have the bit of each rank."""
    rng = np.random.default_rng(things)
    found = np.zeros((seeds, RANKS))
    for one in found:
        rank = np.minimum(rng.geometric(0.5, things) - 1, RANKS - 1)
        bits = np.unique(rng.integers(0, BUCKETS, things) * RANKS + rank)
        one[:] = np.bincount(bits % RANKS, minlength=RANKS)
    return found


def test_a_sketch_without_bits_holds_nothing_and_one_bit_is_one_thing() -> None:
    bits = np.zeros((2, RANKS))
    bits[1, 0] = 1
    found = estimate(bits, BUCKETS)
    assert found.value.tolist() == [0, pytest.approx(1, abs=1e-3)]
    assert found.error[0] == 0
    assert estimate(np.zeros((0, RANKS)), BUCKETS).value.tolist() == []


def test_half_of_the_buckets_of_one_rank_alone_are_what_linear_counting_says() -> None:
    """With one rank, whose chance is 1: of m buckets half are empty where n = m ln 2 things were thrown into them."""
    assert estimate([[BUCKETS / 2]], BUCKETS).value[0] == pytest.approx(BUCKETS * np.log(2), rel=1e-9)


@pytest.mark.parametrize("things", [3, 40, 1_000, 10_000, 100_000])
def test_the_error_is_as_small_as_it_says_and_no_larger_than_hyperloglogs(things: int) -> None:
    found = estimate(sketches(things), BUCKETS)
    off = found.value / things - 1
    spread, stated = np.sqrt((off**2).mean()), found.error.mean() / 1.96
    assert spread < 1.04 / np.sqrt(BUCKETS)  # the standard error of HyperLogLog
    assert spread < 1.2 * stated
    assert things < 1_000 or spread > stated / 1.2
    assert abs(off.mean()) < 4 * stated / np.sqrt(SEEDS) + 1e-3
    assert (np.abs(np.round(found.value) - things) <= np.round(found.value * found.error)).mean() > 0.9


def test_what_can_be_no_sketch_is_refused() -> None:
    for wrong in ([[BUCKETS + 1]], [[-1]], [1]):
        with pytest.raises(ValueError, match="buckets have a bit"):
            estimate(wrong, BUCKETS)
