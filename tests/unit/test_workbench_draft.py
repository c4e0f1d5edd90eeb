"""A metric that is started: every key is there, it can be read at once, and its spec fails until it is filled."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dashboard import cli
from data_contracts import load as contracts
from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault
from metrics import catalog
from metrics.semantic import parse, schema, written
from metrics.semantic.model import Metric
from metrics.workbench import draft, manual, questions
from tests.tables import read_table, typed

TODAY = date(2026, 11, 21)
VALIDATOR = Draft202012Validator(dict(schema.schema()))
FITTING = (
    ("mart_case", "count"),
    ("mart_budget_month", "sum"),
    ("mart_case", "mean"),
    ("mart_case", "stock"),
    ("mart_block_end", "ratio"),
    ("mart_case", "quantile"),
    ("mart_case", "distinct"),
    ("mart_block", "duration"),
    ("mart_survey_answer", "survey_share"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("definitions", "specs"):
        (tmp_path / name).mkdir()
    return tmp_path


def start(folder: Path, name: str, mart: str, kind: str) -> draft.Drafted:
    return draft.draft(name, mart, kind, TODAY, definitions=folder / "definitions", specs=folder / "specs")


def read(made: draft.Drafted) -> Metric:
    return parse.parse(yaml_file.load(made.definition, DefinitionFault), catalog.marts())


@pytest.mark.parametrize(("mart", "kind"), FITTING)
def test_a_draft_of_every_kind_can_be_read_at_once_and_has_every_key(folder: Path, mart: str, kind: str) -> None:
    made = start(folder, "a_new_one", mart, kind)
    text, metric = made.definition.read_text(encoding="utf-8"), read(made)
    assert text.startswith("# yaml-language-server: $schema=schema.json\nid: a_new_one\n")
    assert (metric.id, metric.kind, metric.source, metric.status) == ("a_new_one", kind, mart, "draft")
    required = [field.alias or name for name, field in written.Definition.model_fields.items() if field.is_required()]
    assert all(re.search(rf"^{key}: ", text, re.MULTILINE) for key in required)
    data = yaml_file.load(made.definition, DefinitionFault).data
    assert VALIDATOR.is_valid(json.loads(json.dumps(data, default=date.isoformat)))
    assert max(map(len, text.splitlines())) <= 120


def test_what_the_contract_says_is_filled_in_and_what_only_people_know_is_asked(folder: Path) -> None:
    metric = read(start(folder, "a_new_one", "mart_case", "count"))
    assert (metric.at, metric.pillar, metric.better) == ("opened_at", "response", "neither")
    assert metric.dimensions == contracts.tables("marts")["mart_case"].dimensions
    assert metric.release == {"program": 5, "executive": 10, "public": 10}
    assert (metric.reviewed_on, metric.review_again_by) == (TODAY, date(2027, 5, 21))
    assert set(questions.unanswered(metric)) == {*questions.QUESTIONS, "checked_by"}


def test_rows_fall_into_periods_by_the_time_that_other_metrics_of_the_mart_go_by(folder: Path) -> None:
    assert read(start(folder, "a_new_one", "mart_case_target", "count")).at == "decided_at"  # opened_at stands first


def test_of_what_is_not_about_persons_any_group_is_shown(folder: Path) -> None:
    assert set(read(start(folder, "a_new_one", "mart_budget_month", "sum")).release.values()) == {0}


def test_a_definition_that_was_filled_in_asks_nothing_any_more() -> None:
    metric = catalog.definitions()["cases_opened"]
    assert questions.unanswered(metric) == ()
    assert questions.unanswered(replace(metric, why=questions.QUESTIONS["why"])) == ("why",)


def test_whatever_mart_and_kind_are_named_a_draft_can_be_read_or_is_refused_with_what_is_wanted(folder: Path) -> None:
    made, refused = 0, []
    for mart in contracts.tables("marts"):
        for kind in parse.WANTED:
            name = f"{mart}_{kind}"
            try:
                drafted = start(folder, name, mart, kind)
            except DefinitionFault as fault:
                refused.append((name, fault))
            else:
                made += 1
                assert read(drafted).kind == kind
                assert len(drafted.definition.read_text(encoding="utf-8").splitlines()) <= 60
    assert [name for name, fault in refused if not fault.wanted or not fault.remedy] == []
    assert [name for name, _ in refused if list(folder.rglob(f"*{name}.*"))] == [], "half a draft"
    assert made > 100


@pytest.mark.parametrize(("mart", "kind"), FITTING)
def test_a_spec_fails_until_the_expected_figures_are_written(folder: Path, mart: str, kind: str) -> None:
    made = start(folder, "a_new_one", mart, kind)
    names: dict[str, object] = {}
    exec(compile(made.spec.read_text(encoding="utf-8"), str(made.spec), "exec"), names)
    tests = [one for name, one in names.items() if name.startswith("test_")]
    assert len(tests) == 2
    for test in tests:
        with pytest.raises(AssertionError, match="write the expected figures"):
            test(lambda *asked, **how: {})  # type: ignore[operator]
    filled = made.spec.read_text(encoding="utf-8").replace("= {}\n", '= {"2026-01": 2.0}\n')
    exec(compile(filled, str(made.spec), "exec"), names)
    names["test_say_here_which_rows_count_and_when"](lambda *asked, **how: {"2026-01": 2.0})  # type: ignore[operator]
    shown = manual.example(made.spec)
    assert shown is None  # nothing is expected yet


@pytest.mark.parametrize(("mart", "kind"), FITTING)
def test_the_rows_of_a_spec_fit_the_contract_and_the_files_are_tidy(folder: Path, mart: str, kind: str) -> None:
    made = start(folder, "a_new_one", mart, kind)
    table = made.spec.read_text(encoding="utf-8").split('"""')[3]
    for row in read_table(table):
        for name, cell in row.items():
            column = contracts.tables("marts")[mart].column(name)
            assert column is not None
            typed(cell, column.type)
    words = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--check",
        "--config",
        str(manual.SPECS.parents[1] / "pyproject.toml"),
    ]
    assert subprocess.run([*words, str(made.spec)], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "mart", "kind", "found"),
    [
        ("New One", "mart_case", "count", "it is no name"),
        ("../new", "mart_case", "count", "it is no name"),
        ("new", "mart_cases", "count", 'there is no mart "mart_cases"'),
        ("new", "mart_case", "counts", 'there is no kind "counts"'),
        ("new", "mart_case", "sum", "about persons"),
        ("new", "mart_thanks", "mean", "mart_thanks has none"),
        ("new", "mart_case", "survey_share", "mart_case has none"),
    ],
)
def test_what_cannot_be_started_is_refused_and_nothing_is_written(
    folder: Path, name: str, mart: str, kind: str, found: str
) -> None:
    with pytest.raises(DefinitionFault, match=found):
        start(folder, name, mart, kind)
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("taken", ["definitions/new.yml", "specs/test_new.py"])
def test_nothing_is_written_over(folder: Path, taken: str) -> None:
    (folder / taken).write_text("mine", encoding="utf-8")
    with pytest.raises(DefinitionFault, match="it is there already"):
        start(folder, "new", "mart_case", "count")
    assert [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()] == ["mine"]


def test_outside_a_clone_a_clone_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(DefinitionFault, match="it is not there"):
        draft.draft("new", "mart_case", "count", TODAY, definitions=tmp_path, specs=tmp_path / "specs")


def test_the_command_says_what_it_wrote_and_what_comes_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalog, "HERE", folder / "definitions")
    monkeypatch.setattr(manual, "SPECS", folder / "specs")
    words = ["upstander", "metric", "new", "new_one", "--from", "mart_case", "--kind", "count"]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    out = capsys.readouterr().out
    assert "new_one.yml is written" in out
    assert out.splitlines()[-2].strip().startswith(".venv/bin/python -m pytest ")
    assert out.splitlines()[-1].strip() == "make golden"
    monkeypatch.setattr(sys, "argv", [*words, "--json"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 10
