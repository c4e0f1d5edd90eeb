"""The demo program's rota: feeds/rota.ics, written as a calendar program does, with nights that nobody takes.

Days are staffed since the help desk sorts its cases; nights since October, but not those before Saturday and Sunday, as
the plan says. It draws nothing from chance.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from etl.demo.planted import TRIAGE_SINCE

FILE = "feeds/rota.ics"
ZONE = "Europe/Berlin"
NIGHTS_SINCE = date(2026, 10, 11)  # a Sunday
PEOPLE = ("amara", "bilal", "chiyo", "dmitri", "esi")
EVERY_DAY, BEFORE_WORK, WEEKEND = "MO,TU,WE,TH,FR,SA,SU", "SU,MO,TU,WE,TH;WKST=SU", "SA,SU"
BERLIN = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Shift:
    """A shift that somebody has every so many weeks. missed: days on which nobody took it; taken: who did instead."""

    uid: str
    summary: str
    person: str
    first: date
    begin: time
    hours: int
    days: str
    weeks: int
    missed: tuple[date, ...] = ()
    taken: tuple[tuple[date, str], ...] = ()

    def event(self) -> str:
        lines = [
            *self._head(self.first),
            f"RRULE:FREQ=WEEKLY;INTERVAL={self.weeks};BYDAY={self.days}",
            *(f"EXDATE;TZID={ZONE}:{self._at(day)}" for day in self.missed),
        ]
        changes = [
            _event([*self._head(day), f"RECURRENCE-ID;TZID={ZONE}:{self._at(day)}"], self.uid, self.summary, person)
            for day, person in self.taken
        ]
        return "".join([_event(lines, self.uid, self.summary, self.person), *changes])

    def _head(self, day: date) -> list[str]:
        end = datetime.combine(day, self.begin) + timedelta(hours=self.hours)
        return [f"DTSTART;TZID={ZONE}:{self._at(day)}", f"DTEND;TZID={ZONE}:{end:%Y%m%dT%H%M%S}"]

    def _at(self, day: date) -> str:
        return f"{datetime.combine(day, self.begin):%Y%m%dT%H%M%S}"


def write_rota(home: Path) -> None:
    """The calendar as it is exported: past shifts and those that recur without end."""
    head = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Invented Rota//EN\nX-WR-CALNAME:Emergencies\n"
    events = "".join(one.event() for one in shifts())
    lunch = _event(["DTSTART;VALUE=DATE:20261127"], "lunch@rota.example.org", "Lunch of the team", "amara")
    text = f"{head}{BERLIN}{events}{lunch}END:VCALENDAR\n"
    (home / FILE).write_bytes("".join(f"{_folded(line)}\r\n" for line in text.splitlines()).encode())


def shifts() -> tuple[Shift, ...]:
    """Early and late by three people in turn, nights by two, and a backup on weekends."""
    days = [
        Shift(
            f"{name}-{turn}@rota.example.org", f"On call: {name}", PEOPLE[(turn + offset) % 3],
            TRIAGE_SINCE + timedelta(weeks=turn), time(begin), 8, EVERY_DAY, 3, MISSED.get((name, turn), ()),
            TAKEN.get((name, turn), ()),
        )
        for offset, (name, begin) in enumerate((("early", 6), ("late", 14)))
        for turn in range(3)
    ]  # fmt: skip
    nights = [
        Shift(
            f"night-{turn}@rota.example.org", "On call: night", PEOPLE[3 + turn],
            NIGHTS_SINCE + timedelta(weeks=turn), time(22), 8, BEFORE_WORK, 2, MISSED.get(("night", turn), ()),
        )
        for turn in range(2)
    ]  # fmt: skip
    backup = Shift(
        "backup@rota.example.org", "Backup: weekend", PEOPLE[3], date(2026, 3, 7), time(8), 12, WEEKEND, 1,
        MISSED["backup", 0],
    )  # fmt: skip
    return (*days, *nights, backup)


# A summer of holidays, and what nobody has taken yet in the days to come.
MISSED = {
    ("early", 0): (date(2026, 7, 6), date(2026, 7, 7)),
    ("late", 0): (date(2026, 8, 1), date(2026, 8, 2)),
    ("late", 1): (date(2026, 11, 16),),
    ("late", 2): (date(2026, 11, 27),),
    ("night", 0): (date(2026, 10, 13),),
    ("backup", 0): (date(2026, 5, 2), date(2026, 7, 18), date(2026, 7, 19), date(2026, 11, 29)),
}
TAKEN = {("early", 2): ((date(2026, 8, 12), "esi"), (date(2026, 8, 13), "esi"))}


def _event(lines: list[str], uid: str, summary: str, person: str) -> str:
    who = f'ATTENDEE;CN="{person.title()} Invented";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:{person}@example.org'
    whole = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261118T090000Z", *lines, f"SUMMARY:{summary}", who, "END:VEVENT"]
    return "\n".join([*whole, ""])


def _folded(line: str) -> str:
    """A line of at most 75 bytes, and what is left of it on lines that begin with a blank."""
    return "\r\n ".join(line[at : at + 74] for at in range(0, len(line), 74)) if len(line) > 75 else line
