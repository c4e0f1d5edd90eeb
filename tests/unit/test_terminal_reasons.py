"""Why a number moved, on the command line: taken apart, side by side, or why not."""

import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard import cli
from dashboard.terminal import reasons, texts
from metrics import catalog
from metrics.answer import Released
from metrics.movement import movement
from metrics.reason import Found, Reason, Unexplained
from tests import answers

SHARE = catalog.definitions()["block_recidivism_30d"]
COUNT = catalog.definitions()["cases_opened"]
MEDIAN = catalog.definitions()["first_response_median_hours"]


def both(of: Any, *cells: tuple[int, str, float, float | None]) -> list[Released]:
    """week, group, value, and for a share among how many; the total is the group ""."""
    figures = []
    for week, group, x, n in cells:
        one = answers.figure(week, x if n is None else x / n, group=(group,) if group else ())
        figures.append(one if n is None else replace(one, numerator=x, denominator=n, n=round(n)))
    whole = [one for one in figures if not one.group]
    return [
        answers.released(*whole, of=of),
        answers.released(*(one for one in figures if one.group), of=of, split=("wiki",)),
    ]


def reason(whole: Released, found: Found) -> Reason:
    of = (whole.metric, whole.by, ("wiki",), (), whole.audience, whole.minimum, whole.build, whole.as_of)
    return Reason(*of, found)


def said(whole: Released, parts: Released) -> str:
    return reasons.told(reason(whole, movement(whole, parts)), whole).replace("\u00a0", " ")


def test_a_share_is_told_by_own_change_and_mix() -> None:
    cells = [
        (40, "", 30, 100),
        (41, "", 46, 100),
        (40, "a", 10, 50),
        (40, "b", 20, 50),
        (41, "a", 6, 20),
        (41, "b", 40, 80),
    ]
    lines = said(*both(SHARE, *cells)).splitlines()
    assert (
        lines[0]
        == "Blocked again within 30 days: 30.0 % (2026-W40) to 46.0 % (2026-W41): +16.0 points, more than chance."
    )
    assert lines[1] == "Groups' own change: +10.0 points; mix: +6.0 points."
    assert lines[3].split() == ["b", "40.0", "%", "50.0", "%", "+8.6", "points"]


def test_counts_have_no_mix_and_name_what_is_left() -> None:
    told = said(
        *both(
            COUNT,
            (40, "", 100, None),
            (41, "", 130, None),
            (40, "a", 60, None),
            (41, "a", 90, None),
            (41, "b", 10, None),
        )
    )
    assert "mix" not in told
    assert "b           none    10     +10" in told
    assert "all others  40      30     \u221210" in told


def test_medians_stand_side_by_side_and_refusals_say_why() -> None:
    told = both(MEDIAN, (40, "", 20.0, None), (41, "", 12.0, None), (40, "a", 20.0, None), (41, "a", 12.0, None))
    assert "side by side" in said(*told)
    assert "cannot tell" in said(*told)
    assert "1 group not shown in both periods." not in said(*told)
    values = reasons.values(reason(told[0], movement(*told)))
    assert json.loads(texts.as_json(values))["kind"] == "side_by_side"
    refused = reason(told[0], Unexplained("few_left"))
    assert reasons.told(refused, told[0]).startswith("First response, median. Not taken apart: what is left")
    assert (reasons.values(refused)["kind"], reasons.values(refused)["why"]) == ("not_taken_apart", "few_left")


def test_what_is_withheld_is_counted() -> None:
    cells: list[tuple[int, str, Any, float | None]] = [(40, "", 100, None), (41, "", 130, None)]
    cells += [(40, "a", 60, None), (41, "a", 90, None)]
    whole, parts = both(COUNT, *cells)
    hidden = [answers.figure(week, "withheld", group=(name,)) for week in (40, 41) for name in ("b", "c")]
    assert "2 groups withheld in a period: among all others." in said(
        whole, replace(parts, figures=(*parts.figures, *hidden))
    )
    middle, groups = both(
        MEDIAN, (40, "", 20.0, None), (41, "", 12.0, None), (40, "a", 20.0, None), (41, "a", 12.0, None)
    )
    assert "2 groups not shown in both periods." in said(middle, replace(groups, figures=(*groups.figures, *hidden)))


def test_the_verb_explains_two_periods_that_are_named(demo_build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))
    asked = ["explain", "cases_opened", "--why", "channel", "--period", "2026-09", "--against", "2026-03", "--json"]
    told = json.loads(CliRunner().invoke(cli.app, asked).output)
    assert (told["change"]["before"]["label"], told["change"]["after"]["label"]) == ("2026-03", "2026-09")
    assert (told["metric"], told["split"], told["audience"]) == ("cases_opened", ["channel"], "public")


def test_explain_says_why_for_people_and_for_programs(demo_build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))
    asked = ["explain", "cases_opened", "--why", "channel", "--audience", "program"]
    assert "adds to the change" in CliRunner().invoke(cli.app, asked).output
    assert json.loads(CliRunner().invoke(cli.app, [*asked, "--json"]).output)["kind"] == "taken_apart"
