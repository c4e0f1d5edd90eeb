"""Opens pages of the app without a browser, over a real build, and reads what stands on them."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from etl import pipeline
from etl.warehouse.pseudonym import make_key

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
Open = Callable[..., AppTest]

ONE_FEED = """
program: Only Tickets
as_of: 2026-11-19
feeds:
  tickets:
    desks:
      - desk: desk
        files: [tickets.csv]
        zone: UTC
        format: "%Y-%m-%d %H:%M:%S"
        columns: {id: Ticket, opened: Created, first_response: First reply, resolved: Solved, state: State}
        closed_states: [solved]
"""


@pytest.fixture
def open_page(demo_build: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page of the demo program by its file's name, with what its address names."""
    return _opener(demo_build, monkeypatch)


@pytest.fixture
def open_page_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Open]:
    """The same for the instance in a folder."""
    return lambda home: _opener(home, monkeypatch)


@pytest.fixture(scope="session")
def tickets_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of three tickets and nothing else, of a program that is not invented."""
    home = tmp_path_factory.mktemp("tickets-only")
    (home / "upstander.yml").write_text(ONE_FEED, encoding="utf-8")
    rows = [f"{number},2026-10-0{number} 09:00:00,2026-10-0{number} 10:00:00,,new" for number in (1, 2, 3)]
    (home / "tickets.csv").write_text("\n".join(["Ticket,Created,First reply,Solved,State", *rows]), encoding="utf-8")
    make_key(home)
    pipeline.build(home)
    return home


def text(app: AppTest) -> str:
    """Everything that a page says in words, tables included; a space is a space, however wide."""
    html = [str(one.proto.body) for one in app.get("html")]
    links = [str(one.proto.label) for one in app.get("page_link")]
    told = [*(one.value for one in app.markdown), *html, *links, *(one.value for one in app.caption)]
    return "\n".join(told).replace("\u00a0", " ")


def links(app: AppTest) -> Mapping[str, str]:
    """The links of a page that lead to another without loading it anew: label to page and address."""
    return {_unmarked(one.proto.label): f"{one.proto.page}?{one.proto.query_string}" for one in app.get("page_link")}


def _unmarked(label: str) -> str:
    return label.replace("\\", "").replace("\u00a0", " ")


def charts(app: AppTest) -> list[str]:
    """The text alternatives of the charts that Plotly draws."""
    return [str(one.proto.alt) for one in app.get("plotly_chart")]


def _opener(home: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("UPSTANDER_HOME", str(home))
    st.cache_data.clear()  # builds of two instances can have one number

    def open_it(page: str, **address: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120)
        app.run()
        if page != "this_week":
            app.switch_page(f"pages/{page}.py")
        for key, value in address.items():
            app.query_params[key] = value
        return app.run()

    return open_it
