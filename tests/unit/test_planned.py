"""How a build counts a metric, as `upstander explain --plan` tells it."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard import cli
from dashboard.terminal import plans
from metrics import catalog
from metrics.planned import Made, plan
from metrics.semantic.plan import passes
from tests.kinds import metric_of

MARTS = catalog.marts()
COUNT, RIPE, WAIT = metric_of("count"), metric_of("ratio", days=14), metric_of("duration")
ALL = passes([COUNT, RIPE, WAIT], MARTS)


def made(column: str, *, is_carried_over: bool, since: date | None, others: int = 0) -> Made:
    return Made("part_case_opened_at", column, "x", is_carried_over, since, others)


def test_a_plan_has_the_passes_of_the_metric_and_who_shares_them() -> None:
    small, large = plan(COUNT, ALL, {}).passes
    assert (small.table, small.mart, small.day, small.at) == ("part_case_opened_at", "mart_case", "opened_at", None)
    assert large.split == ("language",)
    assert small.shared_with == ("a_ratio",)
    assert [(part.name, part.made) for part in small.parts] == [("value", None)]
    assert "urgency = 'emergency'" in small.parts[0].text
    (wait, _) = plan(WAIT, ALL, {}).passes
    assert (wait.at, wait.shared_with) == ("first_response_hours", ())
    assert [part.name for part in wait.parts] == ["event", "censored"]


def test_any_of_the_small_dimensions_that_a_metric_has_are_summed_from_parts_together() -> None:
    found = plan(metric_of("count", dimensions=("queue", "urgency", "language")), ALL, {})
    assert found.from_parts == (("queue", "urgency"), ("language",))


def test_the_text_says_what_is_scanned_kept_shared_and_carried_over() -> None:
    told = {
        ("part_case_opened_at", name): made(name, is_carried_over=True, since=date(2026, 1, 6), others=2)
        for name in ("a_ratio__numerator", "a_ratio__denominator")
    }
    text = plans.text(plan(RIPE, ALL, told))
    assert text.startswith(f"{RIPE.title} (a_ratio) is counted in 2 tables of daily parts, each filled by one scan")
    assert "scan of      mart_case, for one other metric too: a_count" in text
    carried = (
        "carried over from the one before, and counted anew on days from 2026-01-06 on and 2 before, of which rows"
    )
    assert text.count(carried) == 1  # once for both parts of a table
    assert text.count("last build   does not have it") == 1  # the table of the large dimension
    assert "and by       first_response_hours: the whole distribution is kept" in plans.text(plan(WAIT, ALL, {}))
    assert "scanned some days at a time" in plans.text(plan(WAIT, ALL, {}))
    assert "some days at a time" not in plans.text(plan(RIPE, ALL, {}))
    assert "for this metric alone" in plans.text(plan(WAIT, ALL, {}))
    anew = {("part_case_opened_at", "a_count__value"): made("a_count__value", is_carried_over=False, since=None)}
    assert "last build   counted on all days" in plans.text(plan(COUNT, ALL, anew))


def test_programs_get_the_same(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.app, ["--home", str(tmp_path), "explain", "--plan", "cases_open", "--json"])
    said = json.loads(done.output)
    assert {one["day"] for one in said["passes"]} == {"opened_at", "closed_at"}
    assert said["passes"][0]["parts"][0]["made"] is None


def test_the_plan_of_a_build_says_how_it_was_made(demo_build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))
    done = CliRunner().invoke(cli.app, ["explain", "--plan", "blocks_set"])
    assert done.exit_code == 0
    assert "last build   counted on all days" in done.output
    assert "does not have it" not in done.output
