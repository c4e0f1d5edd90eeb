"""Reads an iCalendar file (RFC 5545) into its events and time zones, each as the few properties that shifts need.

It understands no value. No other property of an event is looked at: descriptions, places and alarms stay unread.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from data_contracts.faults import FeedFault
from etl.feed import LandedFile
from etl.formats.content_lines import ContentLine, content_lines, text

DEEPEST = 8
MOST_EVENTS = 200_000
READ = frozenset(
    (
        "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "STATUS",
        "SUMMARY", "ATTENDEE", "CATEGORIES", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "TZID", "TZOFFSETFROM",
        "TZOFFSETTO",
    )
)  # fmt: skip
NAMES = ("NAME", "X-WR-CALNAME")


@dataclass(frozen=True)
class Component:
    """An event, a time zone or a part of one: its properties by name, and the parts in it."""

    kind: str
    line: int
    properties: dict[str, list[ContentLine]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[ContentLine]:
        return self.properties.get(name, [])

    def first(self, name: str) -> ContentLine | None:
        return next(iter(self.all(name)), None)

    def said(self, name: str) -> str:
        """The text of the property; "" where there is none."""
        found = self.first(name)
        return text(found.value) if found else ""


@dataclass(frozen=True)
class Calendar:
    """One calendar of a file. zones: its own time zones, by their names."""

    name: str
    events: tuple[Component, ...]
    zones: Mapping[str, Component]


def calendars(file: LandedFile) -> Iterator[Calendar]:
    """The calendars of a file, one after the other; FeedFault where it is none, is damaged or ends too early."""
    stack: list[Component] = []
    events = 0
    last = 1
    for line in content_lines(file):
        last = line.line
        if not stack and not (line.name == "BEGIN" and _word(line) == "VCALENDAR"):
            raise FeedFault(
                f"{file.name}:{line.line}", "it is no calendar", "BEGIN:VCALENDAR", "Export it as iCalendar (.ics)."
            )
        if line.name == "BEGIN":
            events += _word(line) == "VEVENT"
            _check_size(file, line, len(stack), events)
            part = Component(_word(line), line.line)
            if stack:
                stack[-1].parts.append(part)
            stack.append(part)
        elif line.name == "END":
            ended = stack.pop()
            if ended.kind != _word(line):
                raise FeedFault(
                    f"{file.name}:{line.line}", f"END:{_word(line)[:40]}", f"END:{ended.kind}", "Export it again."
                )
            if not stack:
                yield _calendar(ended)
        elif line.name in READ or (line.name in NAMES and len(stack) == 1):
            stack[-1].properties.setdefault(line.name, []).append(line)
        elif not line.name:  # which property it was, nobody can tell
            stack[-1].properties.setdefault("", []).append(line)
    if stack:
        where, found = f"{file.name}:{last}", f"the file ends inside {stack[-1].kind}, begun on line {stack[-1].line}"
        raise FeedFault(where, found, f"END:{stack[0].kind}", "It was cut short: export or fetch it again.")


def _calendar(whole: Component) -> Calendar:
    zones = {zone.said("TZID"): zone for zone in whole.parts if zone.kind == "VTIMEZONE"}
    events = tuple(event for event in whole.parts if event.kind == "VEVENT")
    name = next((whole.said(name) for name in NAMES if whole.said(name)), "")
    return Calendar(name, events, zones)


def _word(line: ContentLine) -> str:
    return line.value.strip().upper()


def _check_size(file: LandedFile, line: ContentLine, depth: int, events: int) -> None:
    if depth >= DEEPEST:
        found = f"more than {DEEPEST} parts inside one another"
        raise FeedFault(f"{file.name}:{line.line}", found, "a calendar of events", "Export it again.")
    if events > MOST_EVENTS:
        found = f"more than {MOST_EVENTS:,} events"
        raise FeedFault(f"{file.name}:{line.line}", found, "the calendar of a rota", "Export a part of it.")
