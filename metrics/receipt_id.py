"""The name of a number: which metric, version, period, group, reader and build, in signs that fit into an address.

It holds no value and no secret; its last part tells a name that was copied wrongly from a right one.

    cases_opened.v1.month.20260301.program.b000002.20260601.queue=lost.channel:web.J5QTA3WC
    metric, definition, grain, first day (of a total "first-last"), reader, build, first day that was unknown,
    dimension=group as the answer was split, dimension:member as it was narrowed, check
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import quote, unquote

from data_contracts.faults import DefinitionFault
from metrics.semantic.model import AUDIENCES, GRAINS, Audience, Grain

Pairs = tuple[tuple[str, str], ...]

LONGEST: Final = 2000
SHAPE: Final = re.compile(
    r"(?P<metric>[a-z0-9_]+)\.v(?P<version>[0-9]{1,6})\.(?P<by>[a-z_]+)\.(?P<start>[0-9]{8})(-(?P<end>[0-9]{8}))?"
    r"\.(?P<audience>[a-z]+)\.(?P<build>[A-Za-z0-9-]+)\.(?P<as_of>[0-9]{8})"
    r"(?P<pairs>(\.[a-z0-9_]+[=:][A-Za-z0-9%_~-]*)*)\.(?P<check>[A-Z2-7]{8})"
)
WHOLE: Final = "an ID as it stands beside a number: cases_opened.v1.month.20260301.program.b000002.20260601.J5QTA3WC"


@dataclass(frozen=True)
class Named:
    """Which number it is. split: dimension and group; where: dimension and member; as_of: the first unknown day.

    end: the last day of a total; None of other periods, which their grain ends.
    """

    metric: str
    version: int
    by: Grain
    start: date
    end: date | None
    split: Pairs
    where: Pairs
    audience: Audience
    build: str
    as_of: date


def written(named: Named) -> str:
    """The name as text."""
    days = f"{named.start:%Y%m%d}" + (f"-{named.end:%Y%m%d}" if named.end else "")
    parts = [named.metric, f"v{named.version}", named.by, days, named.audience, named.build, f"{named.as_of:%Y%m%d}"]
    parts += [f"{dimension}={_quoted(member)}" for dimension, member in named.split]
    parts += [f"{dimension}:{_quoted(member)}" for dimension, member in named.where]
    text = ".".join(parts)
    return f"{text}.{_check(text)}"


def read(text: str) -> Named:
    """The number that a name names; DefinitionFault where it is none, or was copied wrongly."""
    found = SHAPE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise _fault(text, "it is no ID of a number")
    if _check(text.rpartition(".")[0]) != found["check"]:
        raise _fault(text, "its check does not fit, so that a sign of it is missing or wrong")
    by = next((one for one in GRAINS if one == found["by"]), None)
    audience = next((one for one in AUDIENCES if one == found["audience"]), None)
    if by is None or audience is None or (by == "total") != bool(found["end"]):
        raise _fault(text, "it names no grain, reader or period that there is")
    return Named(
        metric=found["metric"],
        version=int(found["version"]),
        by=by,
        start=_day(found["start"], text),
        end=_day(found["end"], text) if found["end"] else None,
        split=_pairs(found["pairs"], "="),
        where=_pairs(found["pairs"], ":"),
        audience=audience,
        build=found["build"],
        as_of=_day(found["as_of"], text),
    )


def _pairs(text: str, sign: str) -> Pairs:
    parts = (part.partition(sign) for part in text.split(".") if sign in part)
    return tuple((dimension, unquote(member)) for dimension, _, member in parts)


def _quoted(member: str) -> str:
    return quote(member, safe="").replace(".", "%2E")


def _day(digits: str, text: str) -> date:
    try:
        return datetime.strptime(digits, "%Y%m%d").date()
    except ValueError as error:
        raise _fault(text, f'"{digits}" in it is no day') from error


def _check(text: str) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()[:5]).decode()


def _fault(text: str, found: str) -> DefinitionFault:
    return DefinitionFault(f'receipt("{text[:200]}")', found, WHOLE, "Copy the whole ID once more.")
