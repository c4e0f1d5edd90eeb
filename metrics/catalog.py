"""All metric definitions of the project, checked against the contracts of the marts they read.

It touches its own YAML and the contracts; it computes nothing.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from data_contracts import load as contracts
from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault, Faults, UserFault
from metrics.semantic.model import WORDS, Mart, Metric
from metrics.semantic.parse import parse

HERE = Path(__file__).parent / "definitions"
# What metrics are about, in the order in which a reader asks: slug to the marts whose rows it is told from.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "prevalence": ("mart_survey_answer", "mart_comment_score"),
    "moderation": ("mart_block", "mart_block_end", "mart_statement"),
    "cases": (
        "mart_report_funnel", "mart_report_submission", "mart_case", "mart_case_spell", "mart_case_target",
        "mart_appeal_received", "mart_appeal_decision", "mart_rota_hour", "mart_rota_gap", "mart_rota_shift",
        "mart_transparency_count", "mart_transparency_kind",
    ),
    "moderators": ("mart_admin_spell",),
    "community": (
        "mart_editor_month", "mart_new_editor", "mart_account", "mart_edit", "mart_thanks", "mart_editor_count",
        "mart_movement",
    ),
    "program": (
        "mart_milestone", "mart_task", "mart_budget_month", "mart_staffing_day", "mart_risk", "mart_escalation",
        "mart_decision",
    ),
    "outreach": (
        "mart_contact", "mart_event", "mart_event_participant", "mart_event_new_editor", "mart_event_retention",
        "mart_event_contribution", "mart_hand_count", "mart_hand_person",
    ),
}  # fmt: skip
# Those about administrators that are told from marts of everybody.
OF_MODERATORS = frozenset({
    "active_admins", "admin_active_share", "admin_can_intervene_share", "admin_has_resources_share",
    "admin_recognises_harassment_share", "block_top10_share",
})  # fmt: skip


@cache
def marts() -> Mapping[str, Mart]:
    """The marts by name, as their contracts describe them."""
    return {table.name: mart_of(table) for table in contracts.tables("marts").values()}


def mart_of(table: contracts.Table) -> Mart:
    """A contract's table in the words of the metrics."""
    return Mart(
        name=table.name,
        columns={column.stored: column.type for column in table.columns},
        dimensions={column.stored: column.dimension for column in table.columns if column.dimension},
        about_persons=table.about_persons,
        feeds=table.feeds,
        event_time=table.event_time,
        meanings={column.stored: column.description for column in table.columns if column.dimension},
    )


@cache
def definitions() -> Mapping[str, Metric]:
    """Every live or draft definition by id; the faults of all files at once."""
    return read_folder(HERE, marts())


def read_folder(folder: Path, known: Mapping[str, Mart]) -> Mapping[str, Metric]:
    """The definitions of a folder by id, in order of their ids; Faults with every fault of every file."""
    found: dict[str, Metric] = {}
    files: dict[str, yaml_file.YamlFile] = {}
    faults: list[UserFault] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            file, metric = _read(path, known)
        except Faults as several:
            faults.extend(several.faults)
        except DefinitionFault as one:
            faults.append(one)
        else:
            if metric.status != "retired":
                found[metric.id], files[metric.id] = metric, file
    faults.extend(fault for name in found if not faults for fault in _unread(found[name], files[name], found))
    if faults:
        raise Faults(faults)
    return found


def group(metric: Metric) -> str:
    """What a metric is about, as a slug of GROUPS."""
    if metric.id in OF_MODERATORS:
        return "moderators"
    return next((slug for slug, names in GROUPS.items() if metric.source in names), "program")


def has_group(metric: Metric) -> bool:
    """Whether a group was made for what it is told from; the others are put with the program's."""
    return metric.id in OF_MODERATORS or any(metric.source in names for names in GROUPS.values())


def digest(metric: Metric) -> str:
    """What changes when, and only when, the meaning of a definition changes; words that are said of it do not."""
    meaning = {name: said for name, said in vars(metric).items() if name not in WORDS}
    return hashlib.sha256(repr(meaning).encode()).hexdigest()[:16]


def _unread(metric: Metric, file: yaml_file.YamlFile, known: Mapping[str, Metric]) -> Iterator[DefinitionFault]:
    """What it is to be read with, where there is none, it is of another kind, or never of the same periods."""
    if metric.read_with is None:
        return
    for key, name in (("exposure", metric.read_with.exposure), ("prevalence", metric.read_with.prevalence)):
        other, where = known.get(name or ""), file.where(("read_with", key))
        if name is None:
            if not metric.has_exposure:
                found, wanted = "it is no rate of an exposure by itself", "a metric of those among whom it can happen"
                yield DefinitionFault(where, found, wanted, "Name one.")
        elif other is None or name == metric.id:
            yield DefinitionFault(
                where, f'there is no other metric "{name}"', "the id of one", "Name one that there is."
            )
        elif key == "prevalence" and other.kind != "survey_share":
            yield DefinitionFault(where, f'"{name}" is a {other.kind}', "a survey_share", "Name a share of a survey.")
        elif not set(other.grains) & set(metric.grains):
            found = f'"{name}" is told by {" and ".join(other.grains)} only'
            yield DefinitionFault(where, found, "one that has a period in common with it", "Name another.")


def _read(path: Path, known: Mapping[str, Mart]) -> tuple[yaml_file.YamlFile, Metric]:
    file = yaml_file.load(path, DefinitionFault, f"metrics/definitions/{path.name}")
    metric = parse(file, known)
    if metric.id != path.stem:
        raise DefinitionFault(
            file.where(("id",)),
            f'id "{metric.id}" in {path.name}',
            "the file's own name",
            f"Name the file {metric.id}.yml.",
        )
    return file, metric
