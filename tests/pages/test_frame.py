"""What stands around a page: the way out of every fault that a person can mend, and one build per page."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.widgets.language import _
from data_contracts.faults import DefinitionFault, Faults, FeedFault
from metrics import query
from metrics.answer import Build
from tests.pages.conftest import Open, text


def test_without_a_build_the_page_says_what_to_run(open_page_of: Callable[[Path], Open], tmp_path: Path):
    app = AppTest.from_file(str(Path(__file__).parents[2] / "dashboard" / "app.py"), default_timeout=60)
    open_page_of(tmp_path)
    app.run()
    assert not app.exception
    assert [one.value for one in app.title] == [_("no-build-title")]
    assert "upstander build" in app.code[0].value
    assert str(tmp_path) in text(app)


def test_a_fault_that_a_person_can_mend_is_told_as_a_letter(open_page: Open, monkeypatch: pytest.MonkeyPatch):
    def broken(audience: str) -> None:
        raise DefinitionFault("plan.yml:7", "no metric is called block_recidivsm", "block_recidivism_30d", "Name that.")

    monkeypatch.setattr(query, "goals", broken)
    app = open_page("this_week")
    assert not app.exception
    told = text(app)
    assert all(part in told for part in ("plan.yml:7", "block_recidivsm", "block_recidivism_30d", "Name that."))
    assert "Traceback" not in told


def test_of_several_faults_all_are_told(open_page: Open, monkeypatch: pytest.MonkeyPatch):
    def broken(audience: str) -> None:
        raise Faults([FeedFault("plan.yml:7", "no owner"), FeedFault("plan.yml:9", "no title")])

    monkeypatch.setattr(query, "goals", broken)
    told = text(open_page("this_week"))
    assert "plan.yml:7" in told
    assert "plan.yml:9" in told


def test_a_page_is_never_read_from_two_builds(open_page: Open, monkeypatch: pytest.MonkeyPatch):
    """The build in force is another one after the page began: the page runs again, and shows the new one only."""
    app = open_page("data")
    seen = iter(["b000000", *["b000001"] * 100])
    real = query.build

    def switching() -> Build:
        return replace(real(), id=next(seen))

    monkeypatch.setattr(query, "build", switching)
    app.run()
    assert not app.exception
    assert "b000001" in text(app)
    assert "b000000" not in text(app)


def test_a_page_that_is_opened_first_has_the_app_around_it(open_page: Open):
    """Streamlit would run its file alone, as AppTest does at every run."""
    app = open_page("blocks")
    assert 'class="up-foot"' in text(app)
    assert 'class="up-foot"' in text(app.run())
