"""The reference manual of all metrics, written from definitions, contracts and specs; nobody edits it.

`python -m metrics.workbench` writes it, and the JSON Schema of definitions, anew. It reads no build.
"""

import ast
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from data_contracts import load as contracts
from metrics import catalog
from metrics.semantic import schema
from metrics.semantic.model import AUDIENCES, Metric
from metrics.workbench import method

MANUAL, SCHEMA = catalog.HERE.parent / "MANUAL.md", catalog.HERE / "schema.json"
SPECS = catalog.HERE.parents[1] / "tests" / "spec"
TITLES = {
    "prevalence": "Prevalence and perception",
    "moderation": "Moderation",
    "cases": "Reports, cases and who answers them",
    "moderators": "Administrators",
    "community": "Community health",
    "program": "Program delivery",
    "outreach": "Outreach, contacts and training",
}
INTRODUCTION = """# The metrics

Written by `python -m metrics.workbench` from `metrics/definitions`, the contracts of the marts, and `tests/spec`.
A period that is not over, or whose windows are open, is marked as such; what is missing or withheld is never 0.
"""
BETTER = {"higher": "more", "lower": "less", "neither": "cannot tell: neither way is better by itself"}


@dataclass(frozen=True)
class Example:
    """One test of a spec: its name as a sentence, how it reckons, the rows, how they are asked, and what comes out.

    exposure: the rows that stand below the line, of a rate; else empty.
    """

    sentence: str
    reckoned: str
    table: str
    asked: str
    values: str
    exposure: str = ""


def write() -> tuple[Path, ...]:
    """Writes both files anew."""
    MANUAL.write_text(text(catalog.definitions(), SPECS), encoding="utf-8")
    SCHEMA.write_text(schema.text(), encoding="utf-8")
    return MANUAL, SCHEMA


def text(metrics: Mapping[str, Metric], specs: Path) -> str:
    """The manual: a section for each group, in the order in which a reader asks, and in it its metrics."""
    groups = list(catalog.GROUPS)
    ordered = sorted(metrics.values(), key=lambda one: (groups.index(catalog.group(one)), one.title.casefold(), one.id))
    lines = [INTRODUCTION]
    for slug, several in groupby(ordered, key=catalog.group):
        lines.append(f"## {TITLES[slug]}\n")
        for metric in several:
            lines += [*_section(metric, example(specs / f"test_{metric.id}.py")), ""]
    return "\n".join(lines).rstrip() + "\n"


def example(spec: Path) -> Example | None:
    """The first test of a spec that says of a small table what comes out of it; None where there is none."""
    if not spec.exists():
        return None
    source = spec.read_text(encoding="utf-8")
    module = ast.parse(source)
    tests = [one for one in module.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    return next((found for test in tests if (found := _example(test, _named(module.body), source))), None)


def _example(test: ast.FunctionDef, named: Mapping[str, ast.expr], source: str) -> Example | None:
    """The first check of a test that holds what `spec` makes of a table against the values that are meant."""
    named = {**named, **_named(test.body)}
    for one in test.body:
        check = one.test if isinstance(one, ast.Assert) else None
        if not isinstance(check, ast.Compare):
            continue
        call, values = (named.get(ast.unparse(side), side) for side in (check.left, check.comparators[0]))
        if not isinstance(values, ast.Dict) or not values.keys:
            continue
        match call:
            case ast.Call(func=ast.Name("spec"), args=[given], keywords=asked):
                table = _table(given, named)
                below = [word.value for word in asked if word.arg == "exposure"]
                said = [word for word in asked if word.arg != "exposure"]
                if table:
                    return Example(
                        test.name.removeprefix("test_").replace("_", " ").capitalize() + ".",
                        ast.get_docstring(test) or "",
                        table,
                        ", ".join(f"{word.arg}={ast.unparse(word.value)}" for word in said).replace("'", '"'),
                        _dedented(ast.get_source_segment(source, values) or ""),
                        _table(below[0], named) if below else "",
                    )
    return None


def _table(given: ast.expr, named: Mapping[str, ast.expr]) -> str:
    """The text of a table, written on the spot or behind a name; "" of anything else."""
    found = named.get(ast.unparse(given), given)
    return textwrap.dedent(str(found.value)).strip() if isinstance(found, ast.Constant) else ""


def _named(body: list[ast.stmt]) -> dict[str, ast.expr]:
    """What stands behind the names that are given in a module or test."""
    plain = {ast.unparse(one.targets[0]): one.value for one in body if isinstance(one, ast.Assign)}
    typed = {ast.unparse(one.target): one.value for one in body if isinstance(one, ast.AnnAssign) and one.value}
    return {**plain, **typed}


def _dedented(segment: str) -> str:
    """A piece of source whose first line has lost its indentation already."""
    first, newline, rest = segment.partition("\n")
    return first + newline + textwrap.dedent(rest)


def _section(metric: Metric, shown: Example | None) -> Iterator[str]:
    yield from (f"### {metric.title}", "", f"`{metric.id}`, {metric.status}. {metric.question}", "")
    yield from (f"- **{word}:** {said}" for word, said in _facts(metric))
    if metric.caveats:
        yield from ("", "Know before using it:", "")
        yield from (f"- {caveat}" for caveat in metric.caveats)
    if shown is not None:
        yield from (
            "",
            f"For example: {shown.sentence} {shown.reckoned}".rstrip(),
            "",
            "```text",
            shown.table,
            "```",
            "",
        )
        if shown.exposure:
            yield from ("and below the line", "", "```text", shown.exposure, "```", "")
        yield from (f"With `{shown.asked}` this gives", "", "```python", shown.values, "```")


def _facts(metric: Metric) -> Iterator[tuple[str, str]]:
    yield "Why", metric.why
    yield "It does not say", metric.not_this
    yield "How", " ".join(method.sentences(metric))
    yield "A row", "; ".join(f"of `{mart}`: {contracts.tables('marts')[mart].grain}" for mart in metric.sources)
    yield "From", ", ".join(f"`{feed}`" for feed in metric.feeds(catalog.marts()))
    yield "Unit and direction", f"{metric.unit}; better: {BETTER[metric.better]}"
    if metric.read_with is not None:
        read_with = [metric.read_with.exposure, metric.read_with.prevalence]
        named = " and ".join(f"`{one}`" for one in read_with if one is not None)
        yield "Read it with", f"{named}: by itself it cannot tell whether harm rose or fell"
    yield "Told by", ", ".join(grain.replace("_", " ") for grain in metric.grains)
    yield "Split by", ", ".join(f"`{name}`" for name in metric.dimensions) or "nothing"
    yield "Settled", method.settled(metric)
    yield "Smallest group shown", _groups(metric)
    for target in metric.targets:
        yield f"Target for the year to {target.fiscal_year}", f"{target.value:g}"
    for one in metric.published:
        yield "Published by others", f"{one.value:g} for {one.period} ({one.source})"
    yield (
        "Answers for it",
        (
            f"{metric.owner}; written by {metric.written_by}, checked by {metric.checked_by} on {metric.reviewed_on}, "
            f"to be looked at again by {metric.review_again_by}"
        ),
    )
    for change in metric.changes:
        yield f"Version {change.version}, {change.on}", f"{change.why} Moves: {change.moves}."


def _groups(metric: Metric) -> str:
    if not any(metric.release.values()):
        return "any: it is not about persons"
    return ", ".join(f"{metric.release[audience]} for {audience}" for audience in AUDIENCES)
