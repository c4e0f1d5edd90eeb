"""What needs attention, on records written by hand: overdue by one day, late before slipping, old only where it matters."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dashboard.widgets import attention, door, freshness, names, plan
from metrics.course import course
from tests import answers


@pytest.fixture(autouse=True)
def of_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """The build knows days until 18 November 2026, and has no records but those of a test."""
    monkeypatch.setattr(door, "build", lambda: answers.BUILD)
    monkeypatch.setattr(door, "listing", answers.listing)
    monkeypatch.setattr(door, "goals", tuple)


def decision(needed_by: date, is_decided: bool = False) -> dict[str, object]:
    return {
        "question": f"by {needed_by}", "owner": "sponsor", "needed_by": needed_by, "is_decided": is_decided,
        "decided_at": datetime(2026, 11, 17) if is_decided else None, "outcome": "yes" if is_decided else None,
    }  # fmt: skip


def test_a_decision_is_overdue_the_day_after_it_was_needed(monkeypatch: pytest.MonkeyPatch):
    assert plan.is_overdue(decision(date(2026, 11, 17)))
    assert not plan.is_overdue(decision(date(2026, 11, 18)))  # the last day that the build knows


def test_a_decision_taken_is_never_overdue_however_late_it_was():
    assert not plan.is_overdue(decision(date(2026, 1, 1), is_decided=True))
    assert plan.decision_state(decision(date(2026, 1, 1), is_decided=True)).startswith("■ Decided 17")


def test_only_overdue_decisions_need_attention(monkeypatch: pytest.MonkeyPatch):
    rows = [decision(date(2026, 11, 1)), decision(date(2026, 12, 1)), decision(date(2026, 10, 1), is_decided=True)]
    monkeypatch.setattr(door, "listing", lambda name: answers.listing(name, *(rows if name == "decisions" else ())))
    (concern,) = attention.concerns()
    assert [item.text for item in concern.items] == ["▲ by 2026-11-01 Sponsor, needed by 1\u00a0Nov\u00a02026"]


def test_a_wiki_of_which_no_day_is_known_needs_attention_and_has_no_date(monkeypatch: pytest.MonkeyPatch):
    never = {"feed": "mediawiki_api", "wiki": "en.demo", "starts_on": None, "ends_on": None, "left_on": None}
    whole = {**never, "wiki": None}
    rows = {"coverage": (whole, never, {**never, "wiki": "ru.demo"}, {**never, "feed": "mediawiki_logging"})}
    monkeypatch.setattr(door, "listing", lambda name: answers.listing(name, *rows.get(name, ())))
    monkeypatch.setattr(names, "member", lambda dimension, member: member)
    api, log = (item.text for item in attention.data())
    assert api.endswith("of 2 wikis, such as en.demo, knows no whole day yet")
    assert log.endswith("of en.demo knows no whole day yet")
    assert freshness.coverage(answers.listing("coverage", never)).count("no data") == 2


def test_milestones_stand_late_slipping_to_come_and_done_from_the_newest():
    rows = [
        answers.milestone("done long ago", date(2026, 1, 1), None, date(2026, 1, 1), "done"),
        answers.milestone("done", date(2026, 9, 1), None, date(2026, 9, 1), "done"),
        answers.milestone("to come", date(2026, 12, 1), None, None, "on_track"),
        answers.milestone("slipping", date(2027, 2, 1), date(2027, 3, 1), None, "slipping"),
        answers.milestone("late", date(2026, 11, 1), None, None, "late"),
    ]
    ordered = [row["title"] for row in sorted(rows, key=plan.urgency)]
    assert ordered == ["late", "slipping", "to come", "done", "done long ago"]


def test_nothing_to_attend_to_is_nothing():
    assert attention.concerns() == ()


def test_old_data_are_a_concern_unless_they_are_invented(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attention, "now", lambda: datetime(2026, 12, 24))  # 35 days after the build's first unknown day
    assert list(attention.data()) == []
    monkeypatch.setattr(door, "build", lambda: replace(answers.BUILD, invented=False))
    assert [item.text for item in attention.data()] == ["▲ The data end 35 days ago: build again"]


USUAL = (0.20, 0.22, 0.21, 0.19, 0.20, 0.21, 0.20, 0.19, 0.21, 0.20, 0.22, 0.19, 0.20)


def course_to(last: float, **more: Any):
    weeks = [answers.figure(33 + at, value) for at, value in enumerate((*USUAL, last))]  # the last one is week 46
    return answers.progress(answers.released(*weeks, of=answers.metric(kind="mean", **more)), title="Waiting")


def test_what_became_worse_this_week_is_told_and_leads_to_its_metric():
    monday = date(2026, 11, 9)
    (item,) = attention.worsened([course_to(0.9)], monday)
    assert item.text == "↗ Waiting: Worse in week 46: above the upper limit."
    assert (item.page, item.query["by"]) == ("pages/metric.py", "week")
    for one in (course_to(0.01), course_to(0.2), course_to(0.9, better="neither")):
        assert list(attention.worsened([one], monday)) == []
    assert list(attention.worsened([course_to(0.9)], monday + timedelta(days=7))) == []  # a week later it is not new


def test_a_target_that_will_be_missed_is_told_with_those_that_are():
    off = replace(course_to(0.2), status="missed", target=0.01)
    plain, failing = (replace(off, course=course(off.released, (), target)) for target in (0.2, 0.01))
    told = [item.text for item in attention.measures([plain, failing], "missed")]
    assert [one.endswith("; will miss it if nothing changes") for one in told] == [False, True]


def test_a_measure_of_which_neither_way_is_better_is_never_off_target():
    told = answers.released(answers.figure(40, 0.3), answers.figure(41, 0.4), of=answers.metric(better="neither"))
    judged = answers.released(answers.figure(40, 0.3), answers.figure(41, 0.4))
    found = [answers.progress(told, "missed"), answers.progress(judged, "missed")]
    assert len(list(attention.measures(found, "missed"))) == 1
