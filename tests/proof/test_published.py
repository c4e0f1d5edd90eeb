"""Figures that others published come out of their own files again: from the file through a build to the one door."""

from collections.abc import Callable
from pathlib import Path

import pytest

from etl import pipeline
from etl.warehouse.pseudonym import make_key
from metrics.query import ask, definitions

FOLDER = "data/wmf-movement-metrics"
FILE = "editing_metrics.tsv"
MONTHS = 278  # 2001-01 to 2024-02
SETTINGS = """\
program: Movement metrics
invented: false
as_of: 2024-03-01
wikis: []
feeds:
  movement_metrics: {files: ["feeds/*.tsv"]}
"""
PUBLISHED = [
    (name, one)
    for name, metric in sorted(definitions().items())
    for one in metric.published
    if one.source.endswith(FILE)
]


@pytest.fixture(scope="module")
def home(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance whose only feed is the Foundation's file; that is read where it lies."""
    made = tmp_path_factory.mktemp("movement")
    (made / "feeds").mkdir()
    (made / "feeds" / FILE).symlink_to(shared(FOLDER) / FILE)
    (made / "upstander.yml").write_text(SETTINGS, encoding="utf-8")
    make_key(made)
    pipeline.build(made)
    return made


@pytest.fixture(autouse=True)
def asked_here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(home))


def by_month(metric: str) -> dict[str, float]:
    return {
        one.label: one.value for one in ask(metric, by="month", audience="program").figures if one.value is not None
    }


@pytest.mark.parametrize(("name", "one"), PUBLISHED, ids=lambda one: getattr(one, "period", one))
def test_a_published_value_is_that_of_its_month(name, one):
    """To the digit to which it was published."""
    digits = len(str(one.value).partition(".")[2]) if one.value < 1 else 0
    assert round(by_month(name)[one.period], digits) == pytest.approx(one.value, abs=1e-12)


def test_active_editors_are_new_or_returning_in_every_month_since_2001():
    names = ("movement_active_editors", "movement_new_active_editors", "movement_returning_active_editors")
    active, new, returning = (by_month(name) for name in names)
    assert len(active) == MONTHS
    assert {month: new[month] + returning[month] for month in active} == active


def test_a_quarter_of_months_is_their_mean_and_a_month_that_is_empty_is_no_value():
    months, (quarter,) = (
        by_month("movement_revert_rate"),
        [one for one in ask("movement_revert_rate", by="quarter", audience="program").figures if one.label == "2024Q2"],
    )
    assert quarter.value == pytest.approx((months["2023-10"] + months["2023-11"] + months["2023-12"]) / 3)
    retention = by_month("movement_new_editor_retention")
    assert 0 < len(retention) < MONTHS
    assert all(0 <= value <= 1 for value in retention.values())
