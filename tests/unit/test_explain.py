"""An answer says why it moved: through the door that gave it, for the same reader, as it was known then."""

import pickle
from dataclasses import FrozenInstanceError, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_contracts.faults import DefinitionFault, NoBuild
from metrics import query
from metrics.answer import Released
from metrics.reason import Change, Contribution, Difference, Movement, Reason, SideBySide, Unexplained
from tests import answers
from tests.restated import SETTINGS, first_build, put, second_build
from tests.small_build import publish_small_build


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_small_build(tmp_path_factory.mktemp("small"))


@pytest.fixture(autouse=True)
def in_force(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(home))


def ask(metric: str = "partial_block_share", **asked: Any) -> Released:
    """February: a.demo 3 of 33 partial, b.demo 0 of 15. March: a.demo 12 of 32, b.demo 14 of 29."""
    return query.ask(metric, by="month", **{"audience": "program", **asked})


def test_a_ratio_is_taken_apart_into_mix_and_rate_of_the_last_two_closed_periods() -> None:
    reason = ask().explain("wiki")
    found = reason.found
    assert isinstance(found, Movement)
    assert (found.change.before.label, found.change.after.label) == ("2026-02", "2026-03")
    weights = (33 / 48, 15 / 48), (32 / 61, 29 / 61)
    rates = (3 / 33, 0.0), (12 / 32, 14 / 29)
    rate = sum((rates[1][at] - rates[0][at]) * (weights[0][at] + weights[1][at]) / 2 for at in (0, 1))
    assert found.rate == pytest.approx(rate)
    assert found.mix == pytest.approx(26 / 61 - 3 / 48 - rate)
    assert [(one.group, one.before, one.after) for one in found.parts] == [
        (("b.demo",), 0.0, 14 / 29),
        (("a.demo",), 3 / 33, 12 / 32),
    ]
    assert reason.words.startswith(
        "Higher in 2026-03 than in 2026-02: more than chance. More by the groups' own change"
    )


def test_without_a_dimension_the_first_one_is_taken_that_is_not_narrowed() -> None:
    assert ask().explain().split == ("wiki",)
    narrowed = ask(where={"wiki": "a.demo"}).explain()
    assert (narrowed.split, narrowed.where) == (("target_kind",), (("wiki", "a.demo"),))
    assert ask(split=["performer_kind"]).explain().split == ("performer_kind",)


def test_an_answer_with_groups_is_explained_as_a_whole() -> None:
    reason, whole = ask(split=["wiki"], start="2026-02-01").explain(), ask().explain("wiki")
    assert reason == whole
    assert ask(split=["wiki"]).of("a.demo").explain() == whole
    assert isinstance(ask(split=["wiki"], start="2026-03-01").explain().found, Unexplained)


def test_the_periods_can_be_named() -> None:
    found = ask("blocks_set").explain("wiki", period="2026-03", against="2026-02").found
    assert found == ask("blocks_set").explain("wiki").found
    first = ask("blocks_set").explain("wiki", period="2026-02").found
    assert isinstance(first, Movement)
    assert {one.group: one.total for one in first.parts} == {("a.demo",): -27, ("b.demo",): 15}
    assert ask().explain("wiki", period="2026-03", against="2026-01").found != ask().explain("wiki").found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"split": "queue"}, '"queue" is no dimension of it'),
        ({"period": "2025-01"}, 'period="2025-01"'),
        ({"against": "yesterday"}, 'against="yesterday"'),
        ({"period": "2026-02", "against": "2026-03"}, 'against="2026-03"'),
        ({"period": "2026-02", "against": "2026-02"}, 'against="2026-02"'),
    ],
)
def test_what_there_is_not_is_refused_in_words(asked: dict[str, Any], found: str) -> None:
    with pytest.raises(DefinitionFault) as caught:
        ask().explain(**asked)
    assert found in str(caught.value)


def test_a_metric_without_dimensions_is_refused() -> None:
    with pytest.raises(DefinitionFault, match="decision_median_days has no dimension"):
        query.ask("decision_median_days", by="quarter").explain()


def test_a_median_has_no_parts_but_groups_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = Reason(*_about(), SideBySide(_change(12.0, 20.0), (), 2))
    assert reason.words == (
        "Higher in 2026-W41 than in 2026-W40: cannot tell whether it is chance. Groups do not add up to it. "
        "2 groups withheld in a period, and told of together or not at all."
    )
    assert list(reason.frame().columns)[:3] == ["wiki", "before", "after"]
    assert isinstance(ask("first_response_median_hours").explain("queue").found, SideBySide | Unexplained)


def test_what_is_withheld_is_never_in_it() -> None:
    """For the public, 3 partial blocks of February are too few; so nothing is said of what the total leaves."""
    public = ask(audience="public")
    assert public.figures[1].state == "withheld"
    assert public.explain("wiki", period="2026-02").found == Unexplained("no_value")
    assert "no settled figure" in public.explain("wiki", period="2026-02").words
    groups = ask("blocks_set", audience="public").explain("scope").found
    assert isinstance(groups, Unexplained)


def test_reasons_are_frozen_and_of_the_answers_own_reader() -> None:
    reason = ask(audience="executive").explain("wiki")
    assert (reason.audience, reason.minimum, reason.build, reason.by) == ("executive", 10, "b000001", "month")
    with pytest.raises(FrozenInstanceError):
        reason.build = "b000002"  # type: ignore[misc]


def test_what_explains_an_answer_is_no_part_of_what_it_says() -> None:
    answer = ask()
    by_hand = replace(answer, explains=None)
    assert answer == by_hand
    assert repr(answer) == repr(by_hand)
    with pytest.raises(DefinitionFault, match="not given by the door"):
        by_hand.explain()


def test_each_groups_own_value_has_the_receipt_of_the_answer_that_has_it() -> None:
    reason, parts = ask().explain("wiki"), ask(split=["wiki"])
    assert isinstance(reason.found, Movement)
    ids = {parts.receipt(one): one.value for one in parts.figures}
    for one in reason.found.parts:
        assert one.group is not None
        for period, value in ((reason.found.change.before, one.before), (reason.found.change.after, one.after)):
            assert ids[reason.receipt(period, one.group)] == value


def test_an_answer_that_was_stored_or_narrowed_still_explains_itself() -> None:
    answer = ask()
    assert pickle.loads(pickle.dumps(answer)).explain() == answer.explain() == answer.of().explain()


def test_an_answer_of_another_build_is_not_mixed_with_this_one() -> None:
    old = replace(ask(), build="b000000")
    with pytest.raises(NoBuild, match="b000001 is in force since"):
        old.explain()


def test_the_parts_come_as_a_table_in_which_all_others_have_no_group() -> None:
    parts = tuple(Contribution(group, 1.0, 2.0, None, None, None, None, 1.0) for group in (("a.demo",), None))
    table = Reason(*_about(), Movement(_change(2.0, 4.0), None, None, parts, (0.5, 0.5), 2)).frame()
    assert table["wiki"].isna().tolist() == [False, True]
    assert table["total"].tolist() == [1.0, 1.0]
    assert Reason(*_about(), Unexplained("few_left")).frame().empty


def test_words_say_the_way_and_the_greater_reason_and_never_better_or_worse() -> None:
    def told(before: float, after: float, mix: float, rate: float) -> str:
        return Movement(_change(before, after), mix, rate, (), (), 0).words

    assert told(3, 1, -1.5, -0.5).endswith("More by mix than by the groups' own change.")
    assert told(3, 1, 0.5, -2.5).startswith("Lower in 2026-W41 than in 2026-W40")
    assert told(3, 1, 0.5, -2.5).endswith("More by the groups' own change than, and the other way, by mix.")
    assert told(3, 3, 0.0, 0.0) == "The same in 2026-W41 as in 2026-W40."


def _about() -> tuple[Any, ...]:
    return answers.METRIC, "week", ("wiki",), (), "program", 5, "b000001", date(2026, 11, 19)


def _change(before: float, after: float) -> Change:
    difference = Difference(after - before, None, None, None)
    return Change(answers.figure(40, before), answers.figure(41, after), difference, False, None)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In June 32 cases of March and 12 of April were known; in July 8 and 1 more."""
    home = first_build(tmp_path_factory.mktemp("later"))
    put(home / "upstander.yml", SETTINGS.replace("as_of: 2026-06-01", "as_of: 2026-07-01"))
    return second_build(home)


def test_what_was_known_then_is_explained_by_what_was_known_then(later: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(later))

    def size(as_of: str | None) -> float | None:
        found = ask("cases_opened", as_of=as_of).explain("channel", period="2026-04", against="2026-03").found
        assert isinstance(found, Movement)
        assert sum(one.total for one in found.parts) == found.change.difference.size
        return found.change.difference.size

    assert (size(None), size("2026-06-15")) == (-27, -20)
