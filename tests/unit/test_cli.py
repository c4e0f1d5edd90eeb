"""The verbs of the command line: what they print, and how they end."""

import ast
import json
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from dashboard import cli
from dashboard.terminal import serve, texts
from dashboard.terminal.bars import Bars
from data_contracts.faults import DefinitionFault
from etl import examine, pipeline
from etl.summary import BuildSummary, FeedSummary, Quarantined, Warned
from metrics import query

MADE = BuildSummary(
    "b000007", True, "Pigeon Care", True, datetime(2026, 3, 3), (FeedSummary("tickets", 1, 1234, 2, 1),),
    (Quarantined("tickets", "opened is a time", 1),), 99, (Warned("core_case", "r", 3, "contract:20: r"),), {"landing": 0.1},
)  # fmt: skip


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Runs a verb as the entry point does; the exit code, what was printed, and what was complained."""
    monkeypatch.setenv("UPSTANDER_HOME", str(tmp_path))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["upstander", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["build"], 11),
        (["check"], 11),
        (["ask", "blocks_set"], 13),
        (["ask", "bloks_set"], 10),
        (["explain", "bloks_set"], 10),
        (["app"], 13),
    ],
)
def test_a_fault_is_told_on_the_error_stream_with_its_own_exit_code(run, words, code):
    ended, out, err = run(*words)
    assert (ended, out) == (code, "")
    assert "Traceback" not in err
    assert err.count("\n") >= 2


def test_a_place_that_is_no_folder_is_told_without_a_traceback(run, tmp_path):
    (tmp_path / "file").write_text("")
    ended, out, err = run("--home", str(tmp_path / "file" / "home"), "init")
    assert (ended, out) == (15, "")
    assert "a file stands where a folder is needed" in err
    assert "Traceback" not in err


def test_init_makes_an_instance_that_check_can_read(run, tmp_path):
    assert run("init")[0] == 0
    assert (tmp_path / "secret.key").exists()
    ended, out, _ = run("check", "--json")
    assert ended == 0
    assert json.loads(out)["feeds"] == []


def test_every_commented_line_of_new_settings_is_right_once_it_is_uncommented(tmp_path):
    text = Path(examine.__file__).with_name("new_instance.yml").read_text(encoding="utf-8")
    bare = (
        text.replace("wikis: []", "wikis:")
        .replace("feeds: {}", "feeds:")
        .replace("\n# network", "\nnetwork")
        .replace("\n#  ", "\n  ")
        .replace("\n#\n", "\n")
    )
    (tmp_path / "upstander.yml").write_text(bare, encoding="utf-8")
    assert sorted(pipeline.settings(tmp_path).chosen()) == list(pipeline.FEEDS)


@pytest.mark.parametrize("verb", ["init", "demo"])
def test_a_program_that_is_there_is_never_written_over(run, tmp_path, verb):
    (tmp_path / "upstander.yml").write_text("program: Mine\n")
    ended, _, err = run(verb)
    assert ended == 11
    assert "there is a program here already" in err
    assert (tmp_path / "upstander.yml").read_text() == "program: Mine\n"


def test_home_can_be_named_on_the_command_line(run, tmp_path):
    assert run("--home", str(tmp_path / "other"), "init")[0] == 0
    assert (tmp_path / "other/upstander.yml").exists()


def test_build_prints_a_summary_for_people_and_json_for_programs(run, monkeypatch):
    monkeypatch.setattr(pipeline, "build", lambda home, force, offline, watcher: MADE)
    _, out, err = run("build")
    for part in (
        "b000007 published",
        "invented",
        "1 x tickets: opened is a time",
        "3 x core_case: contract:20",
        "1,234",
    ):
        assert part in out
    assert err == ""
    assert json.loads(run("build", "--json")[1])["feeds"][0] == {
        "feed": "tickets", "files": 1, "bytes": 1234, "rows": 2, "rejected": 1,
    }  # fmt: skip


def test_the_summary_of_a_build_that_was_not_needed_says_so():
    assert "still in force" in texts.summary(BuildSummary(**{**MADE.__dict__, "is_new": False}))


def test_check_names_overdue_reviews_and_broken_rules():
    found = examine.Examination(
        "P", ("plan",), 2, 30, 4, 5, (("blocks_set", date(2026, 1, 1)),), "b000001", ("core_case: 3 x r",)
    )
    assert "review overdue since 2026-01-01: blocks_set" in texts.examination(found)
    assert "broken: core_case: 3 x r" in texts.examination(found)


def test_ask_passes_its_options_on(run, monkeypatch):
    asked = {}

    def ask(metric, **options):
        asked.update(options, metric=metric)
        raise DefinitionFault("asked", "enough")

    monkeypatch.setattr(query, "ask", ask)
    run(
        "ask",
        "blocks_set",
        "--by",
        "month",
        "--split",
        "wiki",
        "--where",
        "scope=partial",
        "--start",
        "2026-01-01",
        "--audience",
        "program",
        "--as-of",
        "2026-10-01",
    )
    assert asked == {
        "metric": "blocks_set", "by": "month", "split": ["wiki"], "where": {"scope": "partial"}, "start": "2026-01-01",
        "end": None, "audience": "program", "as_of": "2026-10-01",
    }  # fmt: skip


def test_a_condition_without_equals_sign_is_refused():
    with pytest.raises(DefinitionFault, match="dimension=value"):
        texts.pairs(["wiki"])


def test_explain_says_what_a_metric_does_not_say_and_its_sql(run):
    ended, out, _ = run("explain", "blocks_set")
    assert ended == 0
    assert "It does not say" in out
    assert "FROM mart_block" in out
    assert json.loads(run("explain", "blocks_set", "--json")[1])["sources"] == ["mediawiki_logging", "mediawiki_api"]


def test_explain_writes_the_sql_in_the_dialect_that_is_asked_for(run):
    duckdb, spark = (run("explain", "blocks_set", "--dialect", one)[1] for one in ("duckdb", "spark"))
    assert duckdb == run("explain", "blocks_set")[1]
    assert "$as_of" in duckdb
    assert ":as_of" in spark
    assert "$as_of" not in spark
    ended, _, err = run("explain", "blocks_set", "--dialect", "sprak")
    assert ended == 10
    assert 'did you mean "spark"?' in err


def test_progress_is_quiet_where_nobody_watches(capsys):
    with Bars() as bars:
        bars.stage("reading")
        bars.reading("tickets", "a.csv", 10, 100, 5)
        bars.waiting("process 1")
    assert capsys.readouterr().err == "Another build is under way (process 1); this one waits for it.\n"


def test_the_app_listens_here_only_and_sends_nothing_out(monkeypatch):
    monkeypatch.setattr(serve.connect, "current", lambda home: {"build": "b000001"})
    command = serve.command("127.0.0.1", 8501)
    assert {"--server.address=127.0.0.1", "--browser.gatherUsageStats=false", "--client.showErrorDetails=none"} <= set(
        command
    )


def test_a_verb_is_at_most_fifteen_lines_and_has_help():
    tree = ast.parse(Path(cli.__file__).read_text(encoding="utf-8"))
    for verb in [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]:
        assert ast.get_docstring(verb), verb.name
        assert (verb.end_lineno or 0) - verb.body[0].lineno < 15, verb.name
