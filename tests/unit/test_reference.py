"""The slow meaning of every kind, checked against arithmetic in the head: it shares nothing with the compiler."""

from datetime import date, datetime
from typing import Any

import pytest

from metrics.semantic import reference
from metrics.semantic.model import Kind, Measure, Statistic
from tests.kinds import metric_of
from tests.tables import read_table, typed

AS_OF = datetime(2026, 3, 1)
TYPES = {
    "opened_at": "TIMESTAMP",
    "resolved_at": "TIMESTAMP",
    "queue": "VARCHAR",
    "urgency": "VARCHAR",
    "is_answered": "BOOLEAN",
    "first_response_hours": "DOUBLE",
    "resolution_hours": "DOUBLE",
}
CASES = """
    opened_at  | queue   | urgency   | is_answered | first_response_hours | resolved_at | resolution_hours
    -----------+---------+-----------+-------------+----------------------+-------------+-----------------
    2026-01-05 | threats | emergency | yes         | 2                    | 2026-01-20  | 300
    2026-01-06 | threats | ordinary  | yes         | 4                    | 2026-02-01  | 300
    2026-01-07 | outing  | ordinary  | no          | 6                    |             | 100
    2026-02-03 | outing  | emergency | no          |                      |             | 100
    2026-03-01 | threats | emergency | yes         | 1                    |             | 300              # not known yet
               | threats | emergency | yes         | 1                    |             | 300              # never
"""


def values(kind: Kind, split: tuple[str, ...] = (), text: str = CASES, **changed: Any) -> dict[Any, float]:
    rows = [{name: typed(cell, TYPES[name]) for name, cell in row.items()} for row in read_table(text)]
    labels = ["2026-01", "2026-02"]
    return reference.values(
        metric_of(kind, **changed), rows, as_of=AS_OF, name=lambda day: f"{day:%Y-%m}", labels=labels, split=split
    )


@pytest.mark.parametrize(
    ("kind", "changed", "expected"),
    [
        ("count", {}, {"2026-01": 1, "2026-02": 1}),
        ("count", {"days": 30}, {"2026-01": 1, "2026-02": 0}),
        ("count", {"measure": Measure("count", "first_response_hours")}, {"2026-01": 3, "2026-02": 0}),
        ("sum", {}, {"2026-01": 12, "2026-02": 0}),
        ("ratio", {}, {"2026-01": 2 / 3, "2026-02": 0}),
        ("ratio", {"days": 30}, {"2026-01": 2 / 3}),
        ("mean", {}, {"2026-01": 4}),
        ("quantile", {}, {"2026-01": 4}),
        ("quantile", {"statistic": Statistic(quantile=0.75)}, {"2026-01": 5}),
        ("stock", {}, {"2026-01": 2, "2026-02": 2}),
        ("duration", {}, {"2026-01": 4}),
        ("duration", {"statistic": Statistic(within=2)}, {"2026-01": 1 / 3}),
        ("duration", {"statistic": Statistic(within=3)}, {"2026-01": 1 / 3}),
        ("duration", {"statistic": Statistic(within=7)}, {}),  # nobody was followed for so long
        ("duration", {"statistic": Statistic(quantile=0.9)}, {}),
    ],
)
def test_each_kind_of_six_cases_is(kind: Kind, changed: dict[str, Any], expected: dict[str, float]) -> None:
    assert values(kind, **changed) == expected


def test_a_group_of_which_nothing_ever_counted_has_no_zeros() -> None:
    assert values("count", ("queue",)) == {
        ("2026-01", "threats"): 1,
        ("2026-02", "threats"): 0,
        ("2026-01", "outing"): 0,
        ("2026-02", "outing"): 1,
    }
    assert values("count", ("queue",), measure=Measure("count", "*", where="urgency = 'late'")) == {}
    assert values("stock", ("urgency",))["2026-02", "ordinary"] == 1
    assert values("ratio", ("queue",)) == {
        ("2026-01", "threats"): 1,
        ("2026-01", "outing"): 0,
        ("2026-02", "outing"): 0,
    }


def test_rows_that_are_not_ripe_or_do_not_say_what_is_counted_make_no_group() -> None:
    """The cases of outing are of 7 January, without an end, and of February: as of March none is 60 days old."""
    assert {group for _, group in values("count", ("queue",), measure=Measure("count", "*"), days=54)} == {"threats"}
    assert {group for _, group in values("count", ("queue",), measure=Measure("count", "resolved_at"))} == {"threats"}


def test_a_decimal_beside_a_double_is_the_double_next_to_it() -> None:
    table = """
        opened_at  | first_response_hours
        -----------+---------------------
        2026-01-05 | 0.1
    """
    for where in ("first_response_hours = 0.1", "0.1 = first_response_hours", "first_response_hours BETWEEN 0.1 AND 1"):
        assert values("count", text=table, measure=Measure("count", "*", where=where))["2026-01"] == 1


def test_a_share_within_a_limit_is_whole_once_everybody_had_their_answer() -> None:
    table = """
        opened_at  | is_answered | first_response_hours
        -----------+-------------+---------------------
        2026-01-05 | yes         | 2
        2026-01-05 | yes         | 3
    """
    assert values("duration", text=table, statistic=Statistic(within=48)) == {"2026-01": 1}


def test_a_share_is_weighted_by_the_people_of_each_stratum() -> None:
    """300 people: 2 of 2 in threats; 100: 0 of 2 in outing. In February a lone answer says nothing."""
    table = """
        opened_at  | queue   | is_answered | resolution_hours
        -----------+---------+-------------+-----------------
        2026-01-05 | threats | yes         | 300
        2026-01-05 | threats | yes         | 300
        2026-01-05 | threats |             | 300
        2026-01-05 | outing  | no          | 100
        2026-01-05 | outing  | no          | 100
        2026-02-05 | outing  | yes         | 100
    """
    assert values("survey_share", text=table) == {"2026-01": 0.75}


def test_a_lone_answer_joins_the_smallest_other_stratum() -> None:
    """The yes of spam and its 50 people join outing: 1 of 2 there, for 100 people, and 2 of 2 of 300 in threats."""
    table = """
        opened_at  | queue   | is_answered | resolution_hours
        -----------+---------+-------------+-----------------
        2026-01-05 | threats | yes         | 300
        2026-01-05 | threats | yes         | 300
        2026-01-05 | outing  | no          | 50
        2026-01-05 | spam    | yes         | 50
    """
    assert values("survey_share", text=table) == {"2026-01": 0.875}


def test_no_rows_are_0_for_what_is_counted_and_nothing_for_the_rest() -> None:
    assert values("count", text="opened_at") == {"2026-01": 0, "2026-02": 0}
    assert values("stock", text="opened_at") == {"2026-01": 0, "2026-02": 0}
    assert values("ratio", text="opened_at") == {}
    assert values("survey_share", text="opened_at") == {}


def test_a_metric_without_a_measure_has_no_values() -> None:
    assert values("mean", measure=None) == {}
    assert values("duration", measure=None) == {}
    assert reference.truth(None, {})


def test_days_are_periods_by_their_name_alone() -> None:
    found = reference.values(
        metric_of("count"),
        [{"opened_at": datetime(2026, 1, 5, 23), "urgency": "emergency"}],
        as_of=AS_OF,
        name=lambda day: "the fifth" if day == date(2026, 1, 5) else "another",
        labels=["another", "the fifth"],
    )
    assert found == {"another": 0, "the fifth": 1}
