"""Rotas on the nights on which clocks change, and when somebody is wanted by the clock on the wall."""

from datetime import datetime, timedelta

import pytest

from etl.formats.calendar_file import Component
from etl.formats.calendar_times import Clocks, length
from etl.formats.content_lines import ContentLine
from etl.sources import rota
from tests.delivered import drained, landed, rows_of

NIGHTS = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:nights
DTSTART;TZID={zone}:{first}T220000
{end}
RRULE:FREQ=DAILY;COUNT=4
ATTENDEE:mailto:ana@example.org
END:VEVENT
END:VCALENDAR
"""
DTEND = "DTEND;TZID={zone}:{second}T060000"


@pytest.fixture
def nights(tmp_path):
    """The lengths in hours of four nights from 22:00 to 06:00, the first of which begins on the day given."""

    def nights(zone, first, end=DTEND):
        second = (datetime.fromisoformat(first) + timedelta(days=1)).strftime("%Y%m%d")
        ended = end.format(zone=zone, second=second)
        text = NIGHTS.format(zone=zone, first=first.replace("-", ""), end=ended)
        batches = _read(tmp_path, text, {"role": "responder"})
        spans = rows_of(batches, "raw_rota", "starts_at", "ends_at")
        return [(ends - starts).total_seconds() / 3600 for starts, ends in spans]

    return nights


def _read(folder, text, told):
    (folder / "rota.ics").write_text(text, encoding="utf-8")
    chosen = rota.Settings.model_validate({"rotas": [{"rota": "r", "files": ["rota.ics"], **told}]})
    batches, fault = drained(rota.read(landed(rota.deliveries(chosen)[0], folder / "rota.ics")))
    assert fault is None
    return batches


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/Berlin", "2026-03-27", [8, 7, 8, 8]),  # the 29th has no 02:00
        ("Europe/Berlin", "2026-10-23", [8, 9, 8, 8]),  # the 25th has two
        ("America/New_York", "2026-03-06", [8, 7, 8, 8]),
        ("America/New_York", "2026-10-30", [8, 9, 8, 8]),
        ("Asia/Kolkata", "2026-03-27", [8, 8, 8, 8]),
        ("Australia/Lord_Howe", "2026-04-03", [8, 8.5, 8, 8]),  # clocks are put back by half an hour
    ],
)
def test_a_night_is_as_long_as_the_clocks_make_it(nights, zone, first, hours):
    assert nights(zone, first) == hours


def test_a_shift_of_eight_hours_takes_eight_hours_and_one_of_a_day_a_local_day(nights):
    assert nights("Europe/Berlin", "2026-03-27", "DURATION:PT8H") == [8, 8, 8, 8]
    assert nights("Europe/Berlin", "2026-03-27", "DURATION:P1D") == [24, 23, 24, 24]
    assert nights("Europe/Berlin", "2026-10-23", "DURATION:P1DT2H") == [26, 27, 26, 26]


def test_an_end_by_another_clock_is_an_exact_length(nights):
    assert nights("Europe/Berlin", "2026-03-27", "DTEND:20260328T050000Z") == [8, 8, 8, 8]


def test_a_shift_in_the_hour_that_a_night_does_not_have_is_none(tmp_path):
    text = NIGHTS.replace("T220000", "T020000").format(
        zone="Europe/Berlin", first="20260328", end="DTEND;TZID=Europe/Berlin:20260328T030000"
    )
    spans = rows_of(_read(tmp_path, text, {"role": "responder"}), "raw_rota", "starts_at")
    assert [start.day for (start,) in spans] == [28, 30, 31]


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
def test_a_calendars_own_zone_is_what_it_says_all_year(day):
    """Berlin by its own rules since 1601, as Outlook writes it, hour by hour around a change."""
    own = _zone(
        ("DAYLIGHT", "20010325T020000", "+0100", "+0200", 3), ("STANDARD", "20011028T030000", "+0200", "+0100", 10)
    )
    clocks = Clocks("UTC", {"Night Office Time": own}, datetime(2028, 1, 1))
    for half_hours in range(96):
        told = (datetime.fromisoformat(day) + timedelta(minutes=30 * half_hours)).strftime("%Y%m%dT%H%M%S")
        assert clocks.moment(told, "Night Office Time").utc == clocks.moment(told, "Europe/Berlin").utc, told


def test_a_name_with_a_path_in_front_is_the_zone_behind_it():
    clocks = Clocks("UTC", {}, datetime(2028, 1, 1))
    for name in ("/example.org/20070129_1/Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"):
        assert clocks.moment("20260701T120000", name).utc.hour in (10, 15, 12)


@pytest.mark.parametrize("told", ["", "P", "PT", "8H", "-PT8H", "P1.5D", "PT8H0", "P" + "9" * 40 + "D"])
def test_a_duration_that_is_none_is_refused(told):
    with pytest.raises(ValueError, match="a duration is written as"):
        length(told)


WANTED = {
    "always": ({}, ["2026-03-27 21:00 to 2028-01-01 00:00"]),
    "nights": (
        {"responder": [{"from": "22:00", "to": "06:00"}]},
        ["2026-03-27 21:00 to 2026-03-28 05:00", "2026-03-28 21:00 to 2026-03-29 04:00", "2026-03-29 20:00 to 2026-03-30 04:00"],
    ),
    "halves that touch": (
        {"responder": [{"days": ["sunday"], "from": "00:00", "to": "12:00"}, {"days": ["sunday"], "from": "12:00", "to": "24:00"}]},
        ["2026-03-28 23:00 to 2026-03-29 22:00", "2026-04-04 22:00 to 2026-04-05 22:00", "2026-04-11 22:00 to 2026-04-12 22:00"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_somebody_is_wanted_by_the_clock_on_the_wall_from_the_first_shift_on(tmp_path, name):
    wanted, spans = WANTED[name]
    text = NIGHTS.format(zone="Europe/Berlin", first="20260327", end="DURATION:PT8H")
    batches = _read(tmp_path, text, {"role": "responder", "zone": "Europe/Berlin", "wanted": wanted})
    found = rows_of(batches, "raw_rota_wanted", "starts_at", "ends_at")
    assert [f"{starts:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}" for starts, ends in found[: len(spans)]] == spans


def test_a_role_without_any_shift_is_wanted_since_the_rotas_first(tmp_path):
    text = NIGHTS.format(zone="UTC", first="20260327", end="DURATION:PT8H").replace("UID:", "SUMMARY:First\nUID:")
    batches = _read(tmp_path, text, {"roles": {"first": "First", "second": "Second"}})
    first = datetime(2026, 3, 27, 22)
    assert rows_of(batches, "raw_rota_wanted", "role", "starts_at") == [("first", first), ("second", first)]


def _zone(*parts):
    lines = [
        f"BEGIN:{kind}\nDTSTART:{start}\nTZOFFSETFROM:{before}\nTZOFFSETTO:{after}\n"
        f"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH={month}\nEND:{kind}\n"
        for kind, start, before, after, month in parts
    ]
    return _parsed("".join(lines))


def _parsed(text):
    whole = Component("VTIMEZONE", 1)
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name == "BEGIN":
            whole.parts.append(Component(value, 1))
        elif name != "END":
            whole.parts[-1].properties.setdefault(name, []).append(ContentLine(1, name, value))
    return whole
