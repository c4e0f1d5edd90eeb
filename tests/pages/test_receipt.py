"""The Receipt page: a link from any figure leads to all that there is to say of it; a wrong ID is told as a letter."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from markupsafe import escape

from dashboard.widgets import door, restated
from metrics import query
from tests.pages.conftest import Open, links, text
from tests.restated import first_build, second_build

OpenOf = Callable[[Path], Open]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return first_build(tmp_path_factory.mktemp("once"))


@pytest.fixture(scope="module")
def twice(once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return second_build(Path(shutil.copytree(once, tmp_path_factory.mktemp("twice") / "home")))


def name_of(period: str = "2026-03", **more: object) -> str:
    """The ID of a figure of cases_opened in the instance that the environment names."""
    answer = query.ask("cases_opened", by="month", audience="program", **more)  # type: ignore[arg-type]
    return answer.receipt(next(one for one in answer.figures if one.label == period))


def test_every_value_of_a_table_leads_to_its_receipt(open_page: Open):
    told = text(open_page("metric", metric="cases_opened", by="month"))
    answer = query.ask("cases_opened", by="month", audience="program")
    for one in answer.figures:
        assert f'href="receipt?id={answer.receipt(one)}"' in told


def test_a_receipt_says_what_a_number_is_and_on_what_it_rests(once: Path, open_page_of: OpenOf):
    open_it = open_page_of(once)
    app = open_it("receipt", id=name_of())
    assert not app.exception
    told, metric = text(app), query.definitions()["cases_opened"]
    assert next(one.value for one in app.header) == metric.title
    for words in (metric.question, metric.not_this, *metric.caveats):
        assert escape(words) in told
    assert "<dd>32</dd>" in told
    assert "March 2026" in told
    assert "core_ticket" in told
    assert "until 20 May 2026" in told
    assert "said for the first time" in told
    assert "metric_part" not in app.code[0].value
    assert "mart_case" in app.code[0].value


def test_a_number_that_was_restated_says_before_and_after_and_why(once: Path, twice: Path, open_page_of: OpenOf):
    open_page_of(once)
    name = name_of()
    told = text(open_page_of(twice)("receipt", id=name))
    assert "told is what build b000001 left behind" in told
    assert "Since then build b000002 says: 40" in told
    assert "data: new or changed files of tickets" in told
    assert "<dd>32</dd>" in told


def test_a_number_whose_rows_were_deleted_says_since_when_there_are_some(
    once: Path, open_page_of: OpenOf, monkeypatch: pytest.MonkeyPatch
):
    open_it = open_page_of(once)
    name = name_of()
    found = replace(query.receipt(name), told="same", source="b000003", rows_from=date(2026, 4, 1))
    monkeypatch.setattr(door, "receipt", lambda _: found)
    told = text(open_it("receipt", id=name))
    assert "Build b000001 is gone; build b000003 was held against it and says the same of everything." in told
    assert "Not all rows of days before 1 Apr 2026 are kept" in told
    assert "<dd>32</dd>" in told
    assert "until 20 May 2026" in told


def test_a_number_of_memory_names_the_feeds_behind_it(once: Path, twice: Path, open_page_of: OpenOf):
    open_page_of(once)
    name = name_of()
    told = text(open_page_of(twice)("receipt", id=name))
    assert "<dt>feeds behind it</dt><dd>tickets, zendesk, znuny</dd>" in told.lower()


@pytest.mark.parametrize(("cause", "told"), [("key", "new key: who is who"), ("data", "data: new files")])
def test_a_restatement_is_shown_with_its_cause(twice: Path, cause: str, told: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UPSTANDER_HOME", str(twice))
    found = query.restatements("cases_opened", by="month", parts=False, audience="program")
    why = told.partition(": ")[2]
    changed = [replace(one, after=replace(one.after, cause=cause, why=why)) for one in found.found]
    assert told in restated.table(replace(found, found=tuple(changed)))


def test_a_number_that_is_not_kept_says_so_and_still_says_what_it_meant(once: Path, twice: Path, open_page_of: OpenOf):
    open_page_of(once)
    name = name_of(where={"queue": "lost"}, split=["channel"])
    told = text(open_page_of(twice)("receipt", id=name))
    assert "The number itself is not kept any more" in told
    assert escape(query.definitions()["cases_opened"].question) in told


def test_the_receipt_of_a_withheld_number_says_the_rule_and_no_number(twice: Path, open_page_of: OpenOf):
    open_it = open_page_of(twice)
    told = text(open_it("receipt", id=name_of("2026-04", where={"queue": "odd"})))
    assert "it rests on fewer than 5" in told
    assert "fewer than 5, or beside such a group" in told
    assert "<dd>3</dd>" not in told
    assert "<dd>4</dd>" not in told


def test_a_wrong_id_is_told_as_a_letter(open_page: Open):
    assert "Copy the whole ID once more." in text(open_page("receipt", id="cases_opened.v1.nonsense"))


def test_without_an_id_it_says_where_there_are_some(open_page: Open):
    app = open_page("receipt")
    assert "paste an ID" in text(app)
    assert links(app)["Find the number: all metrics"].startswith("catalogue")


def test_the_metric_page_and_the_catalogue_say_what_was_told_before(twice: Path, open_page_of: OpenOf):
    open_it = open_page_of(twice)
    told = text(open_it("metric", metric="cases_opened", by="month"))
    assert "Closed periods that were told differently before" in told
    assert "new or changed files of tickets" in told
    assert "1 more restatement is withheld" in told
    assert "2 months" in text(open_it("catalogue"))


def test_where_nothing_was_restated_the_metric_page_says_so(open_page: Open):
    assert "No closed period was ever told differently." in text(open_page("metric", metric="cases_opened"))


def test_a_page_says_nothing_of_a_restatement_of_a_small_group(twice: Path, open_page_of: OpenOf):
    told = text(open_page_of(twice)("metric", metric="cases_opened", by="month"))
    table = told[told.index("Closed periods that were told differently before") :].split("</table>")[0]
    assert "queue: lost" in table.lower()
    assert "odd" not in table
