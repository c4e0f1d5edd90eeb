"""The quarterly report names what was first published otherwise, and nothing that it withholds."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest

from dashboard.reports.community_text import Grid, cell_texts, plain
from dashboard.reports.quarterly_corrections import corrections, section
from metrics.answer import Figure
from metrics.restated import Restatement, Said
from tests import answers
from tests.quarterly import BEFORE, figure, measure


def said(value: float | None, build: str, cause: str | None = None) -> Said:
    one = figure(BEFORE, "withheld" if value is None else value)
    return Said(one, 1, build, datetime(2026, 10, 1), cause, None)


def restated(*values: float | None, cause: str = "data") -> list[Restatement]:
    every = [said(value, f"b00000{number}", cause if number else None) for number, value in enumerate(values)]
    return [Restatement(answers.METRIC, "quarter", (), *both) for both in pairwise(every)]


def told(found: list[Restatement], now: Figure, **more: object) -> list[list[str]]:
    """The rows of the table in words."""
    blocks = list(section(corrections([measure(before=now, **more)], found)))  # type: ignore[arg-type]
    grids = [one for one in blocks if isinstance(one, Grid)]
    return [[" ".join(map(plain, cell_texts(cell))) for cell in row] for grid in grids for row in grid.rows]


def test_a_number_stands_as_it_was_first_published_and_as_it_is_now() -> None:
    (row,) = told(restated(0.28, 0.29, 0.3), figure(BEFORE, 0.3))
    assert row == ["Blocked again", "2026 Q4", "28", "30", "Some data came late."]


def test_what_came_back_to_the_first_number_is_no_correction() -> None:
    assert told(restated(0.3, 0.29, 0.3), figure(BEFORE, 0.3)) == []


def test_what_the_report_withholds_is_not_told_here_either() -> None:
    assert told(restated(0.28, 0.3), figure(BEFORE, "withheld")) == []


def test_a_number_of_one_wiki_is_not_told_by_that_of_all() -> None:
    assert told(restated(0.28, 0.3), figure(BEFORE, 0.3), where=(("wiki", "tiny"),)) == []


def test_another_metric_is_not_concerned() -> None:
    other = [replace(one, metric=answers.metric(id="other")) for one in restated(0.28, 0.3)]
    assert told(other, figure(BEFORE, 0.3)) == []


@pytest.mark.parametrize(
    ("cause", "words"), [("definition", "We count it in another way."), ("key", "We counted people anew.")]
)
def test_each_cause_is_told_in_its_own_words(cause: str, words: str) -> None:
    (row,) = told(restated(0.28, 0.3, cause=cause), figure(BEFORE, 0.3))
    assert row[-1] == words
