"""Finds two versions of a definition: the one that lies there, and an older one from a file or from git.

It reads definitions only; what the two say of the same rows is `difference`'s.
"""

import re
import subprocess
import tempfile
from dataclasses import fields
from pathlib import Path

from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault
from metrics import catalog
from metrics.question import near
from metrics.semantic.model import Metric
from metrics.semantic.parse import parse

REVISION = re.compile(r"[\w@][\w./~^@{}-]*")
SECONDS = 30  # git answers at once, or waits for something that nobody will give it


def current(name: str) -> Metric:
    """The definition as it lies in the folder now, whatever its status; DefinitionFault where there is none."""
    names = sorted(path.stem for path in catalog.HERE.glob("*.yml"))
    if name not in names:
        raise DefinitionFault(_shown(name), "there is no such metric", near(name, names), "Name one that there is.")
    return parse(yaml_file.load(catalog.HERE / f"{name}.yml", DefinitionFault, _shown(name)), catalog.marts())


def older(name: str, against: str) -> Metric:
    """The definition in the file `against`, or in git's revision of that name.

    Raises DefinitionFault where neither is there, where it cannot be read any more, or where it is another metric.
    """
    path = Path(against)
    if path.suffix in (".yml", ".yaml") or path.is_file():
        file = yaml_file.load(path, DefinitionFault)
    else:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "old.yml"
            copy.write_bytes(_in_git(name, against))
            file = yaml_file.load(copy, DefinitionFault, f"{against}:{_shown(name)}")
    metric = parse(file, catalog.marts())
    if metric.id != name:
        raise DefinitionFault(file.where(("id",)), f'it defines "{metric.id}"', f'a version of "{name}"', "Name that.")
    return metric


def keys_that_differ(old: Metric, new: Metric) -> tuple[str, ...]:
    """The keys of the definition that say something else, as they are written."""
    names = [one.name for one in fields(Metric) if getattr(old, one.name) != getattr(new, one.name)]
    return tuple("from" if name == "source" else name for name in names)


def _in_git(name: str, revision: str) -> bytes:
    wanted = "a file ending in .yml, or a revision that has the metric, such as main or HEAD~1"
    if not REVISION.fullmatch(revision):
        raise DefinitionFault(f"--against {revision}", "it is neither a file nor a revision", wanted, "Name one.")
    words = ["git", "-C", str(catalog.HERE), "show", "--no-textconv", f"{revision}:./{name}.yml"]
    try:
        told = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)
    except FileNotFoundError as error:
        raise DefinitionFault(f"--against {revision}", "git is not installed", wanted, "Name a file.") from error
    if told.returncode:
        reason = (told.stderr.decode("utf-8", "replace").strip().splitlines() or ["git found nothing"])[0]
        raise DefinitionFault(f"--against {revision}", reason, wanted, "Name one that has it.")
    return told.stdout


def _shown(name: str) -> str:
    return f"metrics/definitions/{name}.yml"
