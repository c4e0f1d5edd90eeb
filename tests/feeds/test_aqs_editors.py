"""Published numbers of editors: what is asked, what is read, and what becomes of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from data_contracts.faults import FeedFault
from etl.feed import Batch, Delivery, Piece
from etl.formats.editor_figures import ACTIVITY_LEVELS, EDITOR_TYPES
from etl.sources import aqs_editors
from tests.delivered import broken, drained, faulty, landed, load_feed, rejects_of, rows_of, run
from tests.server import Asked, Reply, Server, as_json, page, status
from tests.tables import rows

SAMPLE = Path(__file__).parent / "samples" / "aqs_editors.jsonl"
NOW = datetime(2026, 3, 5, 6)
PROJECTS = [{"wiki": "en.demo", "project": "xx.wikipedia"}]
TOLD = {"wikis": {"xx.wikipedia": "en.demo"}}
FIGURE = ("editor_type", "activity_level", "starts_on", "editors")


def item(level: str = "5..24-edits", *results: Any, editors: str = "user", **changes: Any) -> dict[str, Any]:
    return {
        "project": "xx.wikipedia", "editor-type": editors, "page-type": "content", "activity-level": level,
        "granularity": "monthly", "results": list(results), **changes,
    }  # fmt: skip


def figure(timestamp: Any, editors: Any) -> dict[str, Any]:
    return {"timestamp": timestamp, "editors": editors}


def saved(folder: Path, *contents: Any, name: str = "saved.json", **given: Any) -> Any:
    path = folder / name
    path.write_text("\n".join(json.dumps(one) for one in contents) + "\n", encoding="utf-8")
    return landed(Delivery("aqs_editors", (name,), TOLD), path, **given)


def read(one: Any) -> list[Batch]:
    batches, fault = drained(aqs_editors.read(one))
    assert fault is None
    return batches


def settings_of(server: Server, **changes: Any) -> aqs_editors.Settings:
    told = {"projects": PROJECTS, "since": "2026-01-01", "server": server.url("/api"), **changes}
    return aqs_editors.Settings.model_validate(told)


def fetched(
    server: Server, cursor: Mapping[str, Any] | None = None, now: datetime = NOW, **changes: Any
) -> list[Piece]:
    (download,) = aqs_editors.downloads(settings_of(server, **changes))
    return list(aqs_editors.fetch(download, cursor, server.web(clock=lambda: now)))


def test_the_sample_is_read_with_periods_kinds_and_levels() -> None:
    batches = read(landed(Delivery("aqs_editors", (SAMPLE.name,), TOLD), SAMPLE))
    found = rows_of(batches, "raw_aqs_editors", *FIGURE, "granularity", "ends_on", "retrieved_at")
    assert len(found) == 22
    assert found[:2] == [
        ("user", "1..4-edits", date(2026, 1, 1), 900, "monthly", date(2026, 1, 31), NOW),
        ("user", "1..4-edits", date(2026, 2, 1), 950, "monthly", date(2026, 2, 28), NOW),
    ]
    assert found[-1] == ("user", "5..24-edits", date(2026, 2, 28), 11, "daily", date(2026, 2, 28), NOW)
    assert rejects_of(batches) == []


def test_a_saved_answer_without_a_frame_is_as_old_as_its_receipt(tmp_path: Path) -> None:
    one = saved(tmp_path, {"items": [item("100..-edits", figure("20260101", 3))]}, received_at=datetime(2026, 2, 9))
    assert rows_of(read(one), "raw_aqs_editors", "starts_on", "editors", "retrieved_at") == [
        (date(2026, 1, 1), 3, datetime(2026, 2, 9))
    ]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (
            {"type": "about:blank", "title": "Not found.", "detail": "no data"},
            "the answer has figures, and is no error",
        ),
        ([], "the answer has items"),
        ({"items": "none"}, "the answer has items"),
        ({"items": [3]}, "an item is an object"),
        ({"items": [item(project="all-projects")]}, "no item is a sum over projects"),
        ({"items": [item(project="all-wikipedia-projects")]}, "no item is a sum over projects"),
        ({"items": [item(project="yy.wikipedia")]}, "the project is one of the settings"),
        ({"items": [item(granularity=None)]}, "granularity is present"),
        ({"items": [item(results={})]}, "an item has results"),
        ({"items": [item(results=[[]])]}, "a result is an object"),
        ({"items": [item("5..24-edits", figure("2026-01-01", None))]}, "editors is a whole number"),
        ({"items": [item("5..24-edits", figure("2026-01-01", 1.5))]}, "editors is a whole number"),
        ({"items": [item("5..24-edits", figure("2026-01-01", True))]}, "editors is a whole number"),
        ({"items": [item("5..24-edits", figure("2026-13-01", 1))]}, "timestamp is the beginning of a day"),
        ({"items": [item("5..24-edits", figure("2026-01-01T12:00:00Z", 1))]}, "timestamp is the beginning of a day"),
        ({"items": [item("5..24-edits", figure(None, 1))]}, "timestamp is the beginning of a day"),
        ({"items": [item("x\0y", figure("2026-01-01", 1))]}, "activity-level is a text of at most 200 characters"),
    ],
)
def test_what_is_no_figure_is_refused(tmp_path: Path, content: Any, rule: str) -> None:
    batches = read(saved(tmp_path, content))
    assert [one.rule for one in rejects_of(batches)] == [rule]
    assert rows_of(batches, "raw_aqs_editors", "editors") == []


def test_the_contract_sets_aside_periods_that_are_not_over_and_levels_that_nobody_knows(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    one = saved(
        tmp_path,
        {"items": [item("5..24-edits", figure("2026-01-01", 5), figure("2026-03-01", 2), figure("2026-01-02", 2))]},
        {"items": [item("5..99-edits", figure("2026-01-01", 7)), item("100..-edits", figure("2026-01-01", -1))]},
        received_at=NOW,
    )
    load_feed(connection, aqs_editors, [one])
    assert rows(connection, "raw_aqs_editors", "starts_on", "editors") == [(date(2026, 1, 1), 5)]
    assert connection.execute("SELECT COUNT(*) FROM quarantine").fetchall() == [(4,)]


def test_the_days_that_are_told_of_reach_from_the_first_to_the_last_of_a_month(tmp_path: Path) -> None:
    one = saved(tmp_path, {"items": [item("5..24-edits", figure("2026-01-01", 5), figure("2026-02-01", 5))]})
    assert rows_of(read(one), "raw_aqs_editors_day", "wiki", "day_on") == [
        ("en.demo", date(2026, 1, 1)),
        ("en.demo", date(2026, 1, 31)),
        ("en.demo", date(2026, 2, 1)),
        ("en.demo", date(2026, 2, 28)),
    ]


# the models


def load(connection: duckdb.DuckDBPyConnection, *given: Any, from_day: str | None = None) -> None:
    load_feed(connection, aqs_editors, given)
    connection.execute("CREATE TABLE meta_wiki (wiki VARCHAR, temporary_accounts_from DATE)")
    if from_day:
        connection.execute("INSERT INTO meta_wiki VALUES ('en.demo', ?)", [from_day])
    run(connection, "2026-03-06", "core_editor_count", "mart_editor_count")


def test_sums_of_the_source_are_not_added_to_their_parts(connection: duckdb.DuckDBPyConnection) -> None:
    load(connection, landed(Delivery("aqs_editors", (SAMPLE.name,), TOLD), SAMPLE), from_day="2026-02-10")
    found = connection.execute(
        "SELECT editor_kind, SUM(editors) FROM mart_editor_count WHERE activity <> '1_to_4' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert found == [("anonymous", 22), ("anonymous_or_temporary", 16), ("registered", 60 + 30 + 10 + 66 + 31 + 12)]
    assert broken(connection, "core_editor_count", severity="warning") == []


@pytest.mark.parametrize(
    ("from_day", "kinds"),
    [
        ("2026-02-28", ["anonymous", "anonymous_or_temporary"]),
        ("2026-02-01", ["anonymous", "anonymous_or_temporary"]),
        ("2026-03-01", ["anonymous", "anonymous"]),
        ("2025-11-04", ["anonymous_or_temporary", "anonymous_or_temporary"]),
        (None, ["anonymous_or_temporary", "anonymous_or_temporary"]),
    ],
)
def test_the_series_breaks_in_the_month_in_which_temporary_accounts_begin(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, from_day: str | None, kinds: list[str]
) -> None:
    months = item("5..24-edits", figure("2026-01-01", 20), figure("2026-02-01", 15), editors="anonymous")
    load(connection, saved(tmp_path, {"items": [months]}), from_day=from_day)
    found = connection.execute("SELECT editor_kind FROM mart_editor_count ORDER BY month_at").fetchall()
    assert [kind for (kind,) in found] == kinds


def test_of_several_snapshots_the_newest_counts_whatever_the_order_of_files(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    old = {"items": [item("5..24-edits", figure("2026-01-01", 20), figure("2025-12-01", 9))]}
    new = {"items": [item("5..24-edits", figure("2026-01-01", 18))]}
    given = [
        saved(tmp_path, new, name="new.json", received_at=datetime(2026, 3, 5)),
        saved(tmp_path, old, name="old.json", received_at=datetime(2026, 2, 5)),
    ]
    load(connection, *given)
    assert rows(connection, "mart_editor_count", "month_at", "editors") == [
        (datetime(2025, 12, 1), 9),
        (datetime(2026, 1, 1), 18),
    ]


def test_levels_that_do_not_make_up_the_sum_are_warned_of(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    levels = zip(ACTIVITY_LEVELS, (10, 20, 30, 40, 101), strict=True)
    items = [item(level, figure("2026-01-01", editors)) for level, editors in levels]
    load(connection, saved(tmp_path, {"items": items}))
    assert broken(connection, "core_editor_count", severity="warning") == [
        "the levels of activity make up the sum that is published"
    ]


# asking


def test_every_kind_and_level_is_asked_for_months_that_are_over(server: Server) -> None:
    server.handle("/api/*", answered)
    (piece,) = fetched(server)
    asked = [one.path.removeprefix("/api/metrics/editors/aggregate/xx.wikipedia/") for one in server.asked]
    assert asked[0] == "anonymous/content/1..4-edits/monthly/20260101/20260301"
    assert len(set(asked)) == len(EDITOR_TYPES) * len(ACTIVITY_LEVELS) == 20
    assert not [one for one in asked if one.startswith("all-")]
    assert piece.replaces
    first = json.loads(piece.content.split(b"\n")[0])
    assert (first["at"], first["asked"]["project"]) == ("2026-03-05T06:00:00Z", "xx.wikipedia")


def test_days_are_a_series_of_their_own(server: Server) -> None:
    found = aqs_editors.downloads(settings_of(server, daily=True))
    assert [one.series for one in found] == ["en.demo/monthly", "en.demo/daily"]
    server.handle("/api/*", answered)
    list(aqs_editors.fetch(found[1], None, server.web(clock=lambda: NOW)))
    assert server.asked[0].path.endswith("/daily/20260101/20260305")


def test_what_was_fetched_can_be_read(server: Server, tmp_path: Path) -> None:
    server.handle("/api/*", answered)
    (piece,) = fetched(server)
    (tmp_path / "piece").write_bytes(piece.content)
    batches = read(landed(Delivery("aqs_editors", ("en.demo/monthly",), TOLD), tmp_path / "piece"))
    assert len(rows_of(batches, "raw_aqs_editors", "editors")) == 20
    assert rejects_of(batches) == []


def test_nothing_is_kept_where_nothing_is_new_and_nobody_is_asked_twice_a_day(server: Server) -> None:
    server.handle("/api/*", answered)
    (piece,) = fetched(server)
    count = len(server.asked)
    assert fetched(server, piece.cursor) == []
    assert len(server.asked) == count
    assert fetched(server, piece.cursor, now=datetime(2026, 3, 6)) == []
    server.script("/never", status(500))
    (again,) = fetched(server, {**piece.cursor, "said": "other"}, now=datetime(2026, 4, 2))
    assert again.cursor["asked_on"] == "2026-04-02"


def test_a_kind_without_any_figure_is_left_out_and_is_not_0(server: Server) -> None:
    server.handle("/api/*/name-bot/*", lambda _: as_json({"type": "t", "title": "Not found.", "detail": "none"}, 404))
    server.handle("/api/*", answered)
    (piece,) = fetched(server)
    assert len(piece.content.splitlines()) == 15


def test_a_project_without_any_figure_is_a_fault_that_names_the_setting(server: Server) -> None:
    with faulty("feeds.aqs_editors.projects: xx.wikipedia", "no figures of this project"):
        fetched(server)


def test_what_the_api_complains_of_is_passed_on(server: Server) -> None:
    error = {"type": "about:blank", "title": "Bad request.", "detail": "start timestamp is invalid"}
    server.script("/api/*", as_json(error, 400))
    with faulty("it answered 400 Bad Request: Bad request. start timestamp is invalid"):
        fetched(server)


@pytest.mark.parametrize(
    ("reply", "words"), [(page(), "no JSON"), (status(500), "500"), (status(403, body=b"["), "403")]
)
def test_other_answers_end_in_a_fault_before_anything_lands(server: Server, reply: Reply, words: str) -> None:
    server.script("/api/*", reply)
    with faulty(words):
        fetched(server)


@pytest.mark.parametrize("project", ["all-projects", "all-wikipedia-projects", "xx.wikipedia/../..", "XX"])
def test_a_sum_over_projects_cannot_be_asked_for(project: str) -> None:
    with pytest.raises(ValidationError):
        aqs_editors.Settings.model_validate({"projects": [{"wiki": "en.demo", "project": project}]})


def test_without_since_only_files_are_read() -> None:
    told = aqs_editors.Settings.model_validate({"projects": PROJECTS, "files": ["feeds/*.json"]})
    assert aqs_editors.downloads(told) == []
    assert [one.files for one in aqs_editors.deliveries(told)] == [("feeds/*.json",)]


# hostile content


def mutated(content: bytes, changes: Sequence[tuple[int, int, bytes]]) -> bytes:
    for at, size, new in changes:
        at %= len(content) + 1
        content = content[:at] + new + content[at + size :]
    return content


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 10**6), st.integers(0, 400), st.binary(max_size=8) | st.sampled_from([b"\0", b"[" * 5000])
    ),
    min_size=1,
    max_size=5,
)


@given(changes=CHANGES)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_bytes_are_there_are_rows_refusals_or_a_fault(
    tmp_path: Path, changes: list[tuple[int, int, bytes]]
) -> None:
    path = tmp_path / "mutated"
    path.write_bytes(mutated(SAMPLE.read_bytes(), changes))
    batches, fault = drained(aqs_editors.read(landed(Delivery("aqs_editors", ("mutated",), TOLD), path)))
    assert all(isinstance(one, Batch) for one in batches)
    assert fault is None or isinstance(fault, FeedFault)


def answered(asked: Asked) -> Reply:
    """As the API answers: one item, with a figure for each month."""
    project, editors, pages, level, length, _start, _end = asked.path.rsplit("/", 7)[1:]
    results = [figure("2026-01-01T00:00:00.000Z", 12)]
    told = {"project": project, "editor-type": editors, "page-type": pages, "activity-level": level}
    return as_json({"items": [{**told, "granularity": length, "results": results}]})
