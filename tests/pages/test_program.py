"""The Program page: what is late stands first, and each part has an address."""

import pytest

from tests.pages.conftest import Open, text

PARTS = {
    "timeline": "Button in the mobile app",
    "milestones": "▲ Late",
    "resources": "▲ Short",
    "risks": "▲ Critical",
    "decisions": "▲ Overdue",
}


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_an_address(open_page: Open, part: str):
    app = open_page("program", part=part)
    assert not app.exception
    assert PARTS[part] in text(app)


def test_late_milestones_stand_before_those_that_slip_and_those_that_are_done(open_page: Open):
    told = text(open_page("program", part="milestones"))
    assert told.index("▲ Late") < told.index("◆ Slipping") < told.index("■ Done")


def test_planned_forecast_and_actual_days_stand_side_by_side_and_what_is_not_done_says_so(open_page: Open):
    told = text(open_page("program", part="milestones"))
    assert all(f">{name}</th>" in told for name in ("Planned", "Forecast", "Actual"))
    assert "not done" in told


def test_money_is_spent_against_planned_over_booked_months_only(open_page: Open):
    told = text(open_page("program", part="resources"))
    assert "months that are booked" in told
    assert 'href="metric?metric=budget_used_share&amp;line=' in told
