"""`upstander receipt`: one number as text for people and as JSON for programs."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.terminal import receipts
from data_contracts.faults import DefinitionFault
from metrics import query
from tests.restated import first_build, second_build


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return first_build(tmp_path_factory.mktemp("once"))


@pytest.fixture(scope="module")
def names(once: Path) -> dict[str, str]:
    """IDs of the first build: of March, of April's odd cases, and of all time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSTANDER_HOME", str(once))
        month = query.ask("cases_opened", by="month", audience="program")
        odd = query.ask("cases_opened", by="month", where={"queue": "odd"}, audience="program")
        total = query.ask("cases_opened", by="total", audience="program")
    return {
        "march": month.receipt(month.figures[0]),
        "odd": odd.receipt(odd.figures[1]),
        "total": total.receipt(total.figures[0]),
    }


def printed(home: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["--home", str(home), "receipt", *words])
    if done.exception is not None:
        raise done.exception
    return done.output


@pytest.fixture(autouse=True)
def home_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", "")  # the verb sets it, and afterwards it is as it was


def test_a_number_is_told_with_all_that_it_rests_on(once: Path, names: dict[str, str]) -> None:
    told = printed(once, names["march"])
    for line in (
        names["march"],
        "  Value: 32, final",
        "  Read: read from the build",
        "  Audience: program; groups under 5 are withheld",
        "  Definition: version 1",
        "  Feed: tickets, until 20 May 2026, came ",
        "  Feed: zendesk, not in this build",
        "kept, 0 broken",
        "b000001  2026-06-01        32     first",
        "FROM mart_case",
    ):
        assert line in told


def test_what_was_said_since_stands_below(once: Path, names: dict[str, str], tmp_path: Path) -> None:
    home = second_build(Path(shutil.copytree(once, tmp_path / "home")))
    told = printed(home, names["march"])
    assert "  Value: 32, final" in told
    assert "  Read: not of the build in force" in told
    assert "b000002  2026-06-01        40     data: new or changed files of tickets" in told
    assert "Checks" not in told
    assert "  Value: not kept" in printed(home, names["total"])


def test_what_was_deleted_since_is_said(once: Path, names: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(once))
    found = replace(query.receipt(names["march"]), told="same", source="b000003", rows_from=date(2026, 4, 1))
    assert "  Rows: not all that are before 2026-04-01 are kept" in receipts.text(found)
    assert "  Read: read from a later build, which is known to say the same of everything" in receipts.text(found)
    assert (receipts.values(found)["rows_from"], receipts.values(found)["source"]) == (date(2026, 4, 1), "b000003")
    assert "  Feed: tickets\n" in receipts.text(replace(found, lineage=replace(found.lineage, freshness=())))


def test_what_is_withheld_has_no_number_in_any_form(once: Path, names: dict[str, str]) -> None:
    assert "  Value: withheld (fewer than 5, or beside such)" in printed(once, names["odd"])
    found = json.loads(printed(once, names["odd"], "--json"))
    assert (found["is_withheld"], found["figure"]["value"], found["figure"]["n"]) == (True, None, None)
    assert [one["figure"]["value"] for one in found["said"]] == [None]


def test_programs_get_the_same_as_people(once: Path, names: dict[str, str]) -> None:
    found = json.loads(printed(once, names["march"], "--json"))
    assert (found["id"], found["told"], found["figure"]["value"]) == (names["march"], "build", 32)
    assert found["named"]["metric"] == "cases_opened"
    assert "raw_tickets.opened_at" in found["rests_on"]
    assert {one["feed"] for one in found["feeds"]} == {"tickets", "zendesk", "znuny"}


def test_a_wrong_id_is_a_fault_of_its_own(once: Path) -> None:
    with pytest.raises(DefinitionFault, match="it is no ID of a number"):
        printed(once, "nonsense")


def test_every_figure_that_is_asked_for_as_json_has_its_id(once: Path, names: dict[str, str]) -> None:
    words = ["ask", "cases_opened", "--by", "month", "--audience", "program", "--json"]
    found = json.loads(CliRunner().invoke(app, ["--home", str(once), *words]).output)
    assert found["figures"][0]["receipt"] == names["march"]
