"""The Program page: what is late stands first, and each part has an address."""

import pytest

from tests.pages.conftest import Open, links, text

PARTS = {
    "timeline": "Button in the mobile app",
    "milestones": "▲ Late",
    "resources": "▲ Short",
    "rota": "▲ 40.0 h open",
    "contacts": "Wiki ya Mfano",
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


def test_gaps_of_the_rota_to_come_stand_before_everything_else_with_their_hours(open_page: Open):
    told = text(open_page("program", part="rota"))
    assert told.index("Fri 20 Nov, 21:00") < told.index("Hours on call until 2 Dec 2026")
    assert "16.0 h" in told  # the evening and the night of the 27th are one gap
    assert "336 h" in told  # fourteen days


def test_contacts_are_counted_for_all_and_by_what_the_address_names(open_page: Open):
    app = open_page("program", part="contacts", split="role")
    told = text(app)
    assert any("metric=contacts_active" in address for address in links(app).values())
    assert ">157</a>" in told
    assert ">mediator<" in told


def test_a_program_without_a_rota_is_not_told_that_everything_is_covered(open_page_of, tickets_only):
    app = open_page_of(tickets_only)("program", part="rota")
    assert not app.exception
    assert "The build has no rota" in text(app)
    assert "at every hour" not in text(app)
