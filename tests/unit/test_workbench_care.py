"""Which metrics need somebody: a review, words, a build, a reference, a use."""

import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard import cli
from dashboard.terminal import workbench
from metrics import catalog
from metrics.semantic.model import Published
from metrics.workbench import care, questions
from tests.small_build import publish_small_build

KNOWN = catalog.definitions()
LATEST = max(one.review_again_by for one in KNOWN.values())
EARLIEST = min(one.review_again_by for one in KNOWN.values())


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance without a build."""
    monkeypatch.setenv("UPSTANDER_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_small_build(tmp_path_factory.mktemp("small"))


def test_a_review_is_overdue_on_the_day_after_its_day() -> None:
    one = {"blocks_set": KNOWN["blocks_set"]}
    day = one["blocks_set"].review_again_by
    assert care.overdue(one, day) == ()
    assert care.overdue(one, day + timedelta(days=1)) == (("blocks_set", day),)


def test_a_draft_that_still_asks_is_named_with_what_it_asks(nowhere: Path) -> None:
    asking = replace(KNOWN["blocks_set"], title=questions.QUESTIONS["title"], checked_by=questions.NOBODY_YET)
    found = care.look_over({"blocks_set": asking}, EARLIEST)
    assert found.unanswered == (("blocks_set", ("title", "checked_by")),)
    assert found.is_urgent
    assert "still asks for title, checked_by: blocks_set" in workbench.cared(found)


def test_without_a_build_nobody_knows_what_changed_since(nowhere: Path) -> None:
    found = care.look_over({"blocks_set": KNOWN["blocks_set"]}, EARLIEST)
    assert found.changed is None
    assert not found.is_urgent
    assert "There is no build" in workbench.cared(found)


def test_a_definition_that_changed_since_the_build_or_is_new_is_named(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(built))
    known = dict(KNOWN)
    assert care.look_over(known, EARLIEST).changed == ()
    known["blocks_set"] = replace(known["blocks_set"], at="ended_at")
    known["cases_open"] = replace(known["cases_open"], title="Other words for the same")
    known["new_one"] = replace(known["cases_opened"], id="new_one")
    found = care.look_over(known, EARLIEST)
    assert found.changed == ("blocks_set", "new_one")
    assert found.is_urgent


def test_a_reference_is_wanted_of_what_others_count_as_well() -> None:
    marts = catalog.marts()
    wikis, desk = KNOWN["blocks_set"], KNOWN["cases_opened"]
    assert care.wants_reference(replace(wikis, published=()), marts)
    assert not care.wants_reference(replace(wikis, published=(Published(1.0, "2026-01", "somebody"),)), marts)
    assert not care.wants_reference(desk, marts)


def test_feeds_of_what_others_count_are_feeds() -> None:
    known = {feed for mart in catalog.marts().values() for feed in mart.feeds} | {"mediawiki_stream"}
    assert known >= care.PUBLIC_FEEDS


def test_a_draft_needs_neither_reference_nor_use(nowhere: Path) -> None:
    draft = replace(KNOWN["blocks_set"], id="new_one", status="draft", published=())
    found = care.look_over({"new_one": draft}, EARLIEST)
    assert (found.without_reference, found.unused) == ((), ())
    live = care.look_over({"new_one": replace(draft, status="live")}, EARLIEST)
    assert live.without_reference == ("new_one",)


def test_a_count_of_reports_that_is_read_with_nothing_is_named(nowhere: Path) -> None:
    alone = replace(KNOWN["cases_opened"], id="new_one", read_with=None)
    found = care.look_over({"new_one": alone, "cases_opened": KNOWN["cases_opened"]}, EARLIEST)
    assert found.unread == ("new_one",)
    assert "does not say what it is read with (1): new_one" in workbench.cared(found)


def test_a_page_a_report_a_notebook_or_the_plan_is_a_use(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "dashboard/pages/one.py": 'ask("of_a_page")  # mentions_only',
        "dashboard/reports/one.py": "METRICS = ('of_a_report',)",
        "notebooks/one.ipynb": json.dumps({"source": ['ask("of_a_notebook")']}),
        "tests/one.py": 'ask("of_a_test")',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(care, "ROOT", tmp_path)
    monkeypatch.setenv("UPSTANDER_HOME", str(built))
    names = ["of_a_page", "of_a_report", "of_a_notebook", "of_a_test", "mentions_only", "cases_opened", "blocks_set"]
    assert care.used(names) == {"of_a_page", "of_a_report", "of_a_notebook", "cases_opened"}  # the plan measures cases


def test_a_page_that_shows_a_whole_group_is_a_use_of_all_its_metrics(
    nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "dashboard/pages/one.py"
    page.parent.mkdir(parents=True)
    page.write_text('rest.show("moderation", SHOWN)', encoding="utf-8")
    monkeypatch.setattr(care, "ROOT", tmp_path)
    block = replace(KNOWN["blocks_set"], id="of_the_group", published=())
    known = {
        "of_the_group": block,
        "of_another": replace(KNOWN["cases_opened"], id="of_another"),
        "of_no_group": replace(block, id="of_no_group", source="mart_new"),
    }
    assert care.of_shown_groups(known) == {"of_the_group"}
    assert care.used(known) == set()
    found = care.look_over({name: known[name] for name in ("of_the_group", "of_another")}, EARLIEST)
    assert found.unused == ("of_another",)


def test_every_live_metric_is_in_a_group_that_a_page_shows() -> None:
    assert care.of_shown_groups(KNOWN) >= {name for name, one in KNOWN.items() if one.status == "live"}


@pytest.mark.parametrize(("today", "code"), [(EARLIEST, 0), (LATEST + timedelta(days=1), 1)])
def test_the_command_ends_with_1_where_somebody_has_to_act(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], today: date, code: int
) -> None:
    class Clock(date):
        @classmethod
        def today(cls) -> "Clock":
            return cls(today.year, today.month, today.day)

    monkeypatch.setattr(cli, "date", Clock)
    for words in ([], ["--json"]):
        monkeypatch.setattr(sys, "argv", ["upstander", "metric", "check", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert (ended.value.code or 0) == code
    *lines, said = capsys.readouterr().out.splitlines()
    assert json.loads(said)["is_urgent"] is bool(code)
    assert [line for line in lines if "review overdue since" in line][:1] == (
        [f"  review overdue since {KNOWN[min(KNOWN)].review_again_by}: {min(KNOWN)}"] if code else []
    )


def test_where_nothing_is_to_be_done_that_is_said() -> None:
    assert workbench.cared(care.Care(3, (), (), (), (), ())) == "3 metrics.\n  Nothing needs anybody."
