"""What the weekly summary asks of the door, and when it is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.reports import releasable, weekly
from data_contracts.faults import NotReleasable, UserFault
from metrics.answer import Build, Listing, Released
from metrics.progress import Progress
from metrics.restated import Restatements
from tests.answers import BUILD, figure, listing, metric, released
from tests.weekly import CONTENT, REPEATS

LISTINGS = {
    "feeds": CONTENT.files,
    "published_coverage": CONTENT.coverage,
    "quarantine": CONTENT.quarantine,
    "checks": CONTENT.checks,
    **{name: listing(name) for name in ("projects", "milestones", "risks", "escalations", "decisions", "rollouts")},
    "developments": listing("developments"),
}


class Door:
    """Stands for `metrics.query`: says what a test tells it to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {**LISTINGS}
        self.built, self.measures, self.sources = BUILD, (REPEATS,), ("mediawiki_logging",)
        self.asked: list[Any] = []
        self.restated: list[Any] = []
        self.changed = Restatements("executive", (), 0)

    def build(self) -> Build:
        return self.built

    def listing(self, name: str, *, audience: str = "public") -> Listing:
        if audience != "public":
            self.asked.append((name, audience))
        found: Listing = self.said[name]
        return found

    def goals(self, audience: str, *, until: date) -> tuple[Progress, ...]:
        self.asked.append((audience, until))
        return self.measures

    def restatements(self, name: str, *, by: str, parts: bool, since: date, audience: str) -> Restatements:
        self.restated.append((name, by, parts, since, audience))
        return self.changed

    def phases(self, released: Released) -> tuple[Any, ...]:
        return ()

    def explain(self, name: str) -> Any:
        return type("Explanation", (), {"sources": self.sources})

    def definitions(self) -> dict[str, Any]:
        return {
            "a": metric(id="a", title="Counted"),
            "b": metric(id="b", title="Never"),
            "c": metric(id="c", grains=("month",)),
        }

    def ask(self, name: str, *, by: str, end: date, audience: str) -> Released:
        self.asked.append((name, by, end, audience))
        return (
            released(figure(45, 0.2), figure(46, 0.1 if name == "a" else 0.0))
            if name == "a"
            else released(figure(46, 0.0))
        )


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    fake = Door()
    monkeypatch.setattr(weekly, "query", fake)
    monkeypatch.setattr(releasable, "query", fake)
    return fake


def test_goals_are_asked_for_executives_and_only_up_to_sunday(door: Door) -> None:
    content = weekly.collect("2026-W46")
    assert door.asked == [("executive", date(2026, 11, 15)), ("developments", "executive")]
    assert (content.week.start, content.week.end, content.is_planned) == (date(2026, 11, 9), date(2026, 11, 15), True)


def test_corrections_are_those_since_monday_that_executives_may_see(door: Door) -> None:
    narrow = replace(REPEATS, released=replace(REPEATS.released, where=(("wiki", "en.demo"),)))
    door.measures, door.changed = (REPEATS, narrow), Restatements("executive", (), 2)
    content = weekly.collect("2026-W46")
    asked = ("block_recidivism_30d", "week")
    assert door.restated == [(*asked, parts, date(2026, 11, 9), "executive") for parts in (False, True)]
    assert content.corrections_withheld == 2  # of one wiki it would be those of other wikis, too


def test_without_goals_every_metric_that_ever_counted_anything_by_week_is_asked_for(door: Door) -> None:
    door.measures = ()
    content = weekly.collect("2026-W46")
    assert [one.title for one in content.measures] == ["Counted"]  # all 0 may be a feed without such events
    assert not content.is_planned
    asked = [one for one in door.asked if len(one) == 4]
    assert asked == [(name, "week", date(2026, 11, 15), "executive") for name in ("a", "b")]


@pytest.mark.parametrize(
    "week", ["W46", "2026-46", "2026-W60", "2025-W53", "2026-W1", "2026-W46-1", "next", "2026-10", ""]
)
def test_what_is_no_week_is_a_fault_that_shows_one(door: Door, week: str) -> None:
    with pytest.raises(UserFault, match="a week such as 2026-W46") as told:
        weekly.collect(week)
    assert told.value.exit_code == 1


@pytest.mark.parametrize("week", ["2026-W47", "2027-W01", "2026-W01", "2019-W10"])
def test_a_week_that_the_build_has_not_wholly_is_refused_and_those_it_has_are_named(door: Door, week: str) -> None:
    with pytest.raises(NotReleasable, match="2026-W02 to 2026-W46") as told:
        weekly.collect(week)
    assert told.value.exit_code == 12


@pytest.mark.parametrize("week", ["2026-W02", "2026-W46"])
def test_the_first_and_the_last_whole_week_can_be_written(door: Door, week: str) -> None:
    assert weekly.collect(week).name == week


def test_a_week_is_whole_once_its_sunday_is_over(door: Door) -> None:
    door.built = replace(BUILD, as_of=datetime(2026, 11, 16))
    assert weekly.collect("2026-W46").week.end == date(2026, 11, 15)
    door.built = replace(BUILD, as_of=datetime(2026, 11, 15, 23))
    with pytest.raises(NotReleasable, match="2026-W02 to 2026-W45"):
        weekly.collect("2026-W46")


def test_weeks_that_start_on_sunday_hold_the_monday_of_their_name(door: Door) -> None:
    door.built = replace(BUILD, week_start="sunday")
    assert weekly.collect("2026-W46").week.start == date(2026, 11, 8)
    with pytest.raises(NotReleasable, match="2026-W03 to 2026-W46"):
        weekly.collect("2026-W47")


def test_a_build_of_less_than_a_week_has_no_week_to_name(door: Door) -> None:
    day = {"feed": "mediawiki_logging", "wiki": None, "starts_on": date(2026, 11, 10), "ends_on": date(2026, 11, 18)}
    door.said["published_coverage"] = listing("coverage", day)
    with pytest.raises(NotReleasable, match="of which this build has none"):
        weekly.collect("2026-W46")


def test_a_build_without_data_has_no_summary(door: Door) -> None:
    door.said["published_coverage"] = listing("coverage")
    with pytest.raises(NotReleasable, match="no data of any feed"):
        weekly.collect("2026-W46")


def test_a_broken_rule_withholds_the_summary_and_a_warning_does_not(door: Door) -> None:
    weekly.collect("2026-W46")  # its checks have a warning
    (warning, kept) = CONTENT.checks.rows
    door.said["checks"] = listing("checks", warning, {**kept, "passed": False})
    with pytest.raises(NotReleasable, match="1 rule broken: core_block: a block ends after it was set"):
        weekly.collect("2026-W46")


def test_a_feed_that_a_planned_measure_needs_and_that_is_not_there_withholds_the_summary(door: Door) -> None:
    door.sources = ("survey",)
    with pytest.raises(NotReleasable, match="it has nothing of survey"):
        weekly.collect("2026-W46")
    empty = {"feed": "survey", "file": "a.csv", "sha256": "x", "rows": 0, "rejected": 7}
    door.said["feeds"] = listing("feeds", *CONTENT.files.rows, empty)
    with pytest.raises(NotReleasable, match="it has nothing of survey"):
        weekly.collect("2026-W46")


def test_of_feeds_that_tell_of_the_same_thing_one_is_enough_but_none_that_is_there_may_be_empty(door: Door) -> None:
    door.sources = ("survey", str(CONTENT.files.rows[0]["feed"]))
    weekly.collect("2026-W46")
    empty = {"feed": "survey", "file": "a.csv", "sha256": "x", "rows": 0, "rejected": 7}
    door.said["feeds"] = listing("feeds", *CONTENT.files.rows, empty)
    with pytest.raises(NotReleasable, match="it has nothing of survey,"):
        weekly.collect("2026-W46")


def test_two_files_are_written_under_the_name_of_the_week_and_nothing_else(door: Door, tmp_path: Path) -> None:
    out = tmp_path / "reports" / "here"
    assert weekly.write("2026-W46", out) == [out / "weekly-2026-W46.pdf", out / "weekly-2026-W46.html"]
    assert sorted(path.name for path in out.iterdir()) == ["weekly-2026-W46.html", "weekly-2026-W46.pdf"]
    assert (out / "weekly-2026-W46.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_a_refused_summary_leaves_no_file(door: Door, tmp_path: Path) -> None:
    refused: list[Callable[[], object]] = [lambda: weekly.write("2026-W47", tmp_path / "out")]
    with pytest.raises(NotReleasable):
        refused[0]()
    assert not (tmp_path / "out").exists()
