"""Reads a program plan with all its faults at once: of its parts, and of what the sound parts say of each other.

It touches only the file it is given.
"""

import copy
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from data_contracts import yaml_file
from data_contracts.faults import Faults, FeedFault
from data_contracts.yaml_file import Place, YamlFile
from etl.formats import plan_check
from etl.formats.plan_check import PlanFile
from etl.formats.plan_yaml import Plan


def read(path: Path, shown_as: str, fiscal_year_start: int) -> PlanFile:
    """The plan of a file; its faults in the order of the lines. fiscal_year_start: the month, 1 to 12."""
    file = yaml_file.load(path, FeedFault, shown_as)
    if file.data is None:
        raise FeedFault(shown_as, "the file is empty", "a program plan", "Write it, or fetch the file again.")
    try:
        found = PlanFile(file, yaml_file.check(file, Plan, FeedFault), fiscal_year_start)
    except Faults as wrong:
        rest = _sound_rest(file, wrong, fiscal_year_start)
        more = plan_check.faults(rest, _names(file.data)) if rest else []
        raise Faults(sorted([*wrong.faults, *more], key=_line)) from wrong
    faults = plan_check.faults(found, _names(file.data))
    if faults:
        raise Faults(sorted(faults, key=_line))
    return found


def _line(fault: Any) -> int:
    return int(fault.where.rsplit(":", 1)[1])


def _names(data: Any) -> plan_check.Names:
    """The pillars and roles that stand in the file, also where what is said of them is wrong."""
    program, pillars = data.get("program"), data.get("pillars")
    roles = program.get("roles") if isinstance(program, dict) else None
    return {
        "role": [str(one) for one in roles] if isinstance(roles, list) else [],
        "pillar": [str(one.get("id")) for one in pillars if isinstance(one, dict)] if isinstance(pillars, list) else [],
    }


def _sound_rest(file: YamlFile, wrong: Faults, fiscal_year_start: int) -> PlanFile | None:
    """The file without the entries that are wrong in themselves; None where it cannot be told apart from them."""
    cause = wrong.__cause__
    places = [error["loc"] for error in cause.errors()] if isinstance(cause, ValidationError) else []
    entries = {_entry(place) for place in places}
    if None in entries:
        return None
    for place in sorted((one for one in entries if one), reverse=True):
        file = _without(file, place)
    try:
        return PlanFile(file, Plan.model_validate(file.data), fiscal_year_start)
    except ValidationError:
        return None


def _entry(place: Place) -> Place | None:
    """The place up to its first number: the entry of a section in which it lies."""
    numbers = [at for at, part in enumerate(place) if isinstance(part, int)]
    return place[: numbers[0] + 1] if numbers else None


def _without(file: YamlFile, place: Place) -> YamlFile:
    """The file without one entry of a list; the lines of those behind it go with them."""
    *path, gone = place
    data, lines, depth = copy.deepcopy(file.data), {}, len(path)
    here = data
    for key in path:
        here = here[key]
    del here[gone]
    for at, line in file.lines.items():
        index = at[depth] if len(at) > depth and at[:depth] == tuple(path) else None
        if not isinstance(index, int) or index < int(gone):
            lines[at] = line
        elif index > int(gone):
            lines[(*at[:depth], index - 1, *at[depth + 1 :])] = line
    return YamlFile(file.path, data, lines)
