"""The demo's rollouts from its files to the page: what was planted is found, and what was not is not."""

from pathlib import Path

import pytest

from etl.demo.planted import PLANTED, Effect
from metrics import query
from metrics.finding import Finding

EFFECTS = {(one.rollout.removesuffix("-ar").removesuffix("-ja"), one.metric): one for one in PLANTED.effects}
NOTHING = (
    ("partial-blocks", "block_recidivism_30d"),
    ("second-chance-policy", "partial_block_share"),
    ("report-button", "first_response_median_hours"),
    ("report-button", "new_accounts"),
    ("report-button", "felt_unsafe_share"),
)


@pytest.fixture(scope="module")
def found(demo_build: Path) -> dict[tuple[str, str], Finding]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSTANDER_HOME", str(demo_build))
        cards = query.impact("program")
    return {(card.evaluation or "", one.metric): one for card in cards for one in card.findings}


@pytest.mark.parametrize(
    ("measure", "effect"), EFFECTS.items(), ids=lambda one: "-".join(one) if type(one) is tuple else ""
)
def test_a_planted_effect_is_found_as_large_as_it_was_made(found, measure: tuple[str, str], effect: Effect):
    one, planted = found[measure], effect.after - effect.before
    assert one.direction == ("up" if planted > 0 else "down")
    assert one.size.low <= planted <= one.size.high
    assert one.size.value == pytest.approx(planted, abs=2 * effect.tolerance)


@pytest.mark.parametrize("measure", EFFECTS, ids="-".join)
def test_a_found_effect_is_judged_where_one_way_is_better(found, measure: tuple[str, str]):
    one = found[measure]
    metric = query.definitions()[one.metric]
    assert (one.word, one.reason) == (("improved", None) if metric.judged else ("no verdict", "neither"))


@pytest.mark.parametrize("measure", NOTHING, ids="-".join)
def test_what_was_not_planted_is_not_found(found, measure: tuple[str, str]):
    one = found[measure]
    assert one.direction is None
    assert one.word == "no detectable effect" or (one.word == "no verdict" and one.reason)


def test_every_measure_of_the_plan_is_an_effect_that_was_planted_or_one_that_was_not(found):
    assert set(found) == {*EFFECTS, *NOTHING}


def test_a_reader_from_whom_more_is_withheld_is_never_told_of_what_was_not_planted(demo_build, monkeypatch):
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))
    cards = query.impact("public")
    told = {(card.evaluation, one.metric): one.direction for card in cards for one in card.findings if one.direction}
    assert set(told) <= set(EFFECTS)
    assert told["second-chance-policy", "block_recidivism_30d"] == "down"
