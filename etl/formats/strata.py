"""Reads how many people each stratum of a survey has, from a delimited file with a row for each.

It knows no wave and no answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from etl.feed import LandedFile, Reject, shape
from etl.formats import delimited
from etl.formats.delimited import Layout, Record
from etl.formats.drift import Promise

DIMENSIONS = ("wiki", "edit_bucket")
POPULATION = "population"
EVERYBODY = "all"  # the member of a dimension that is not told apart
LARGEST, LONGEST_NUMBER = 10**12, 13  # the number, and its digits


@dataclass(frozen=True)
class Stratum:
    """One stratum. line: of its first row. members: by dimension. population: how many people it has."""

    line: int
    label: str
    members: Mapping[str, str]
    population: int


def label(members: Sequence[str]) -> str:
    """What a stratum is called: its members in the order of the dimensions that are told apart."""
    return " / ".join(members) or EVERYBODY


def strata(
    file: LandedFile, layout: Layout, dimensions: Sequence[str], promise: Promise | None = None
) -> Iterator[tuple[int, Stratum | Reject]]:
    """The strata that `dimensions` tell apart, with the bytes read so far; populations summed over what they do not.

    The file has the columns wiki and edit_bucket, as far as it tells them apart, and population; others are not read.
    """
    records = delimited.records(file, layout)
    header = [name.strip() for name in next(records).fields]
    wanted = [("strata", name) for name in DIMENSIONS if name in {*dimensions, *header}]
    found_at = delimited.check_columns(file, layout, header, [*wanted, ("strata", POPULATION)], promise)
    places = {name: found_at[name] for _, name in wanted}
    population = found_at[POPULATION]
    seen: set[tuple[str, ...]] = set()
    found: dict[str, Stratum] = {}
    done = 0
    for record in records:
        done = record.done
        refused = _refused(record, places, population, seen)
        if refused is not None:
            yield done, refused
            continue
        seen.add(_members(record, places))
        one = _stratum(record, {name: places[name] for name in dimensions}, population)
        held = found.get(one.label)
        found[one.label] = one if held is None else _together(held, one)
    yield from ((done, one) for one in found.values())


def _refused(record: Record, places: Mapping[str, int], population: int, seen: set[tuple[str, ...]]) -> Reject | None:
    if record.broken:
        return Reject(record.line, record.broken, f"{len(record.fields)} fields")
    undecoded = [name for name, place in places.items() if delimited.is_undecoded(record.fields[place])]
    if undecoded:
        return Reject(record.line, "text in the file's encoding, without NUL", undecoded[0])
    if "" in _members(record, places):
        return Reject(record.line, f"a stratum says its {' and '.join(places)}", "empty")
    if _members(record, places) in seen:
        return Reject(record.line, "a stratum stands once in its file", " and ".join(places) or "everybody")
    text = record.fields[population].strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER and int(text) <= LARGEST):
        return Reject(record.line, "population is a whole number", f"{POPULATION}: {shape(text)}")
    return None


def _members(record: Record, places: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(record.fields[place].strip() for place in places.values())


def _stratum(record: Record, places: Mapping[str, int], population: int) -> Stratum:
    members = {name: record.fields[place].strip() for name, place in places.items()}
    return Stratum(record.line, label(tuple(members.values())), members, int(record.fields[population]))


def _together(held: Stratum, more: Stratum) -> Stratum:
    return Stratum(held.line, held.label, held.members, held.population + more.population)
