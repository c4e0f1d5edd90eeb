"""Recurrence rules against dateutil, and whole series against recurring-ical-events."""

from datetime import UTC, datetime
from itertools import takewhile

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from etl.formats import recurrence
from etl.formats.calendar_events import Event, Occurrence, occurrences
from etl.formats.calendar_file import Component
from etl.formats.calendar_times import Clocks
from etl.formats.content_lines import ContentLine

END = datetime(2030, 1, 1)
WEEKDAYS = recurrence.WEEKDAYS


def numbers(low: int, high: int) -> st.SearchStrategy[str]:
    one = st.integers(low, high).filter(bool) if low else st.integers(low, high)
    return st.lists(one, min_size=1, max_size=3, unique=True).map(lambda some: ",".join(map(str, some)))


def days(numbered: bool) -> st.SearchStrategy[str]:
    """All numbered or none: of a mixture dateutil keeps what is both, and the standard what is either."""
    which = st.sampled_from(["1", "2", "-1", "3", "5"]) if numbered else st.just("")
    one = st.tuples(which, st.sampled_from(WEEKDAYS)).map("".join)
    return st.lists(one, min_size=1, max_size=3, unique=True).map(",".join)


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(recurrence.FREQUENCIES))
    parts = {
        "INTERVAL": st.integers(1, 5).map(str),
        "WKST": st.sampled_from(WEEKDAYS),
        "COUNT": st.integers(1, 40).map(str),
    }
    parts |= {
        "BYMONTH": numbers(1, 12),
        "BYMONTHDAY": numbers(-31, 31),
        "BYHOUR": numbers(0, 23),
        "BYMINUTE": numbers(0, 59),
    }
    parts["BYDAY"] = days(frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()))
    if frequency == "YEARLY":
        parts |= {"BYWEEKNO": numbers(-53, 53), "BYYEARDAY": numbers(-366, 366)}
    chosen = draw(st.lists(st.sampled_from(sorted(parts)), max_size=4, unique=True))
    told = [f"{name}={draw(parts[name])}" for name in chosen]
    if any(name.startswith("BY") for name in chosen) and draw(st.booleans()):
        told.append(f"BYSETPOS={draw(numbers(-3, 3))}")
    return ";".join([f"FREQ={frequency}", *told])


@settings(max_examples=80, phases=(Phase.generate,))
@given(
    rule=rules(),
    first=st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(microsecond=0)),
)
def test_a_rule_gives_the_times_that_dateutil_gives(rule: str, first: datetime):
    found = list(recurrence.starts(recurrence.parse(rule), first, END))
    assume(found or "YEARLY" in rule)  # of the others dateutil looks at each day up to the year 9999
    try:
        peer = (
            rrulestr(f"{rule};UNTIL={END:%Y%m%dT%H%M%S}", dtstart=first)
            if "COUNT" not in rule
            else rrulestr(rule, dtstart=first)
        )
    except ValueError:  # hours that no interval of hours reaches
        return
    expected = list(takewhile(lambda at: at < END, peer))
    assert found == expected


SERIES = """DTSTART;TZID=Europe/Berlin:20260105T220000
DTEND;TZID=Europe/Berlin:20260106T060000
RRULE:FREQ=DAILY;UNTIL=20261231T000000Z;BYDAY=MO,TU,FR
RDATE;TZID=Europe/Berlin:20260110T220000,20260329T220000
EXDATE;TZID=Europe/Berlin:20260106T220000
EXDATE;TZID=Europe/Berlin:20261026T220000
"""
CHANGE = """RECURRENCE-ID;TZID=Europe/Berlin:20260220T220000
DTSTART;TZID=Europe/Berlin:20260221T000000
DTEND;TZID=Europe/Berlin:20260221T060000
"""


def component(text: str) -> Component:
    made = Component("VEVENT", 1)
    for line in text.splitlines():
        told, _, value = line.partition(":")
        name, _, zone = told.partition(";TZID=")
        made.properties.setdefault(name, []).append(ContentLine(1, name, value, {"TZID": (zone,)} if zone else {}))
    return made


def test_a_series_with_exceptions_and_a_change_is_the_one_that_recurring_ical_events_sees():
    events = "".join(f"BEGIN:VEVENT\nUID:one\n{text}END:VEVENT\n" for text in (SERIES, CHANGE))
    calendar = icalendar.Calendar.from_ical(f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n")
    expected = sorted(
        (one.start.astimezone(UTC).replace(tzinfo=None), one.end.astimezone(UTC).replace(tzinfo=None))
        for one in recurring_ical_events.of(calendar).between(datetime(2026, 1, 1), datetime(2027, 1, 1))
    )
    clocks = Clocks("UTC", {}, END)
    found = occurrences([Event(component("UID:one\n" + text), clocks) for text in (SERIES, CHANGE)], END)
    assert sorted((one.start, one.end) for one in found if isinstance(one, Occurrence)) == expected
    assert len(expected) == 155
