"""The demo program's contacts: feeds/contacts.vcf, as an address book exports it. Nobody in it exists."""

from datetime import date, timedelta
from pathlib import Path

from etl.demo.arrivals import Generator, pick, stream
from etl.demo.planted import AS_OF, FIRST_DAY

FILE = "feeds/contacts.vcf"
STREAM = 102
PEOPLE = 180
GIVEN = ("Abena", "Boris", "Chandra", "Dalia", "Emeka", "Farah", "Goro", "Hana", "Imani", "Jamal", "Kamala", "Leila")
FAMILY = ("Ashgrove", "Brightwater", "Coldstone", "Dustfield", "Eastmere", "Farhill", "Greenlow", "Highfen")
COMMUNITIES = {"en.demo": 0.34, "ru.demo": 0.19, "ja.demo": 0.17, "ar.demo": 0.14, "hi.demo": 0.11, "sw.demo": 0.05}
ROLES = {"administrator": 0.46, "mediator": 0.22, "organiser": 0.20, "translator": 0.12}
REFUSED, EXPIRED = 14, 9  # the last ones of the book


def write_contacts(home: Path, seed: int) -> None:
    """The book as it would be exported at the end of what is known."""
    rng = stream(seed, STREAM)
    (home / FILE).write_bytes("".join(_cards(rng)).encode())


def _cards(rng: Generator) -> list[str]:
    wikis = pick(rng, PEOPLE, list(COMMUNITIES.values()))
    roles = pick(rng, PEOPLE, list(ROLES.values()))
    silent = rng.exponential(95, PEOPLE).astype(int)
    known = rng.integers(0, (AS_OF - FIRST_DAY).days, PEOPLE)
    is_never = rng.random(PEOPLE) < 0.12
    cards = []
    for number in range(PEOPLE):
        since = FIRST_DAY + timedelta(days=int(known[number]))
        last = max(since, AS_OF - timedelta(days=1 + int(silent[number])))
        wiki = list(COMMUNITIES)[wikis[number]]
        spoken = [] if is_never[number] else [f"X-LAST-CONTACT:{last.isoformat()}"]
        role = list(ROLES)[roles[number]]
        cards.append(_card(number, [f"ORG:{wiki}", f"LANG:{wiki[:2]}", f"ROLE:{role}", f"X-SINCE:{since}", *spoken]))
    return cards


def _card(number: int, said: list[str]) -> str:
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
    name = f"{given} {family}" + (" the Younger" if number >= len(GIVEN) * len(FAMILY) else "")
    refused = number >= PEOPLE - REFUSED
    is_over = not refused and number >= PEOPLE - REFUSED - EXPIRED
    lines = [
        "BEGIN:VCARD", "VERSION:4.0", f"FN:{name}", f"N:{family};{given};;;", *said,
        f"EMAIL:contact{number}@example.org", f"X-CONSENT:{'no' if refused else 'yes'}",
        f"X-KEEP-UNTIL:{date(2026, 3, 31) if is_over else date(2031, 12, 31)}",
        "NOTE:Invented\\, like everything in this file.", "END:VCARD",
    ]  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines)
