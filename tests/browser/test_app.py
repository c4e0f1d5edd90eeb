"""The app in a real browser: readable by everybody, on a phone too, nothing asked outside, one click to what explains."""

import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from etl.warehouse.connect import current

pytestmark = pytest.mark.browser
APP = Path(__file__).parents[2] / "dashboard" / "app.py"
PAGES = ("", "metric", "blocks", "cases", "survey", "community", "impact", "program", "data", "catalogue")
PARTS = (
    "program?part=milestones",
    "program?part=resources",
    "program?part=risks",
    "program?part=decisions",
    "program?part=rota",
    "program?part=contacts",
)
GROUPS = ("metric?metric=cases_opened&split=queue&view=course",)
DATA_PARTS = ("data?part=quarantine", "data?part=checks")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium; the tests are skipped, and say so, where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("needs a Chromium: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(demo_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over the demo program, started from a folder that has no settings of its own."""
    assert current(demo_build) is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}"]
    log = (tmp_path_factory.mktemp("server") / "log").open("w")
    environment = {"UPSTANDER_HOME": str(demo_build), "PATH": "/usr/bin:/bin", "HOME": str(demo_build.parent)}
    server = subprocess.Popen(command, cwd=demo_build, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)
        log.close()


@contextmanager
def opened(chromium: Any, address: str, size: dict[str, int]) -> Iterator[Any]:
    """A page of its own context; `page.asked` is every address that it asked for."""
    context = chromium.new_context(viewport=size, base_url=address)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


@pytest.fixture
def page(chromium: Any, address: str) -> Iterator[Any]:
    with opened(chromium, address, DESK) as page:
        yield page


@pytest.fixture(scope="module")
def on_a_desk(request: pytest.FixtureRequest, chromium: Any, address: str) -> Iterator[Any]:
    """The page of an address, opened once for all tests that only look at it."""
    with opened(chromium, address, DESK) as page:
        yield show(page, request.param)


@pytest.fixture(scope="module")
def on_a_phone(request: pytest.FixtureRequest, chromium: Any, address: str) -> Iterator[Any]:
    with opened(chromium, address, PHONE) as page:
        yield show(page, request.param)


def _wait_for(url: str, seconds: float = 180) -> None:
    end = monotonic() + seconds
    while monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                if answer.status == 200:
                    return
        except OSError:
            sleep(0.2)
    raise TimeoutError(f"{url} did not answer")


def show(page: Any, path: str) -> Any:
    """Opens a page and waits until it is drawn to its foot and its charts stand."""
    page.goto(f"/{path}")
    settle(page)
    return page


DRAWN = """() => {
  const app = document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]');
  const isThere = app && app.querySelector('.up-foot') && document.fonts.status === 'loaded';
  if (!isThere || app.querySelector('[data-stale=true], [data-testid=stSkeleton]')) return false;
  const charts = [...app.querySelectorAll('[data-testid=stPlotlyChart]')].map(one => one.querySelector('.main-svg'));
  if (!charts.every(one => one && one.getBoundingClientRect().width)) return false;
  const ends = one => one.playState === 'running' && one.effect.getComputedTiming().endTime < Infinity;
  return !document.getAnimations().some(ends);
}"""
STILL = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const places = () => [...document.querySelectorAll('[data-testid=stApp] *')].map(one => one.getBoundingClientRect())
    .map(box => [box.x, box.y, box.width, box.height]).join();
  const first = places();
  for (let passed = 0; passed < 6; passed++) await frame();
  return places() === first;
}"""


def settle(page: Any) -> None:
    """Waits until the script has ended, all that it sent is drawn, and nothing has moved for some frames."""
    end = monotonic() + 60
    while monotonic() < end:
        page.wait_for_function(DRAWN, polling="raf")
        if page.evaluate(STILL) and page.evaluate(DRAWN):
            return
    raise TimeoutError(f"{page.url} does not come to rest")


def test_a_page_whose_address_is_opened_first_has_the_app_around_it(page: Any):
    """First of the file on purpose: only the first request to a server meets Streamlit's old kind of pages."""
    show(page, "metric?metric=blocks_set&wiki=ru.demo")
    assert page.locator(".up-invented").count() == 1
    assert page.title() == "Metric · Upstander"
    assert "ru.demo" in page.locator("[data-testid=stMain]").inner_text()


@pytest.mark.parametrize("on_a_desk", [*PAGES, *PARTS, *DATA_PARTS, *GROUPS], indirect=True)
def test_a_page_breaks_no_rule_of_accessibility(on_a_desk: Any):
    _check(on_a_desk)


@pytest.mark.parametrize("on_a_phone", PAGES, indirect=True)
def test_nor_does_it_on_a_phone(on_a_phone: Any):
    _check(on_a_phone)


def _check(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    asked = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}  # what passed fills megabytes
    found = axe.Axe().run(page, options=asked).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.mark.parametrize("on_a_phone", [*PAGES, *PARTS, *DATA_PARTS, *GROUPS], indirect=True)
def test_a_phone_never_scrolls_sideways(on_a_phone: Any):
    boxes = "html, [data-testid=stMain], .up-stacked"
    wide = f"[...document.querySelectorAll('{boxes}')].map(e => e.scrollWidth - e.clientWidth)"
    assert max(on_a_phone.evaluate(wide)) <= 0


OVERLAPPING = """() => [...document.querySelectorAll('.js-plotly-plot, svg.up-chart')].flatMap(chart => {
  const all = [...chart.querySelectorAll('text')].filter(one => one.textContent.trim());
  const words = all.map(one => [one.textContent, one.getBoundingClientRect(), white(one)]).filter(([_, box]) => box.width > 0);
  const cut = words.filter(([_, box]) => box.left < 0 || box.right > innerWidth).map(([text]) => [text, 'is cut off']);
  function white(one) {  // between two lines, which is more in one font than in another
    const size = parseFloat(getComputedStyle(one).fontSize), lines = one.querySelectorAll('.line').length || 1;
    return Math.max(3, Math.min(one.getBoundingClientRect().height / lines - size, 0.4 * size));
  }
  const apart = (a, b, room) =>
    a.right - b.left < 2 || b.right - a.left < 2 || a.bottom - b.top < room || b.bottom - a.top < room;
  const pairs = words.flatMap(([text, box, own], at) => words.slice(at + 1)
    .filter(([_, other, its]) => !apart(box, other, 1 + Math.min(own, its))).map(([other]) => [text, other]));
  return [...cut, ...pairs];
})"""


@pytest.mark.parametrize("path", ["metric?metric=first_response_median_hours&by=week", "blocks", *GROUPS])
def test_the_words_of_charts_never_overlap_on_a_phone(page: Any, path: str):
    page.set_viewport_size(PHONE)
    show(page, path)
    page.locator(".js-plotly-plot .annotation-text").first.wait_for()
    assert page.evaluate(OVERLAPPING) == []


@pytest.mark.parametrize("on_a_desk", PAGES, indirect=True)
def test_nothing_is_asked_outside(on_a_desk: Any, address: str):
    inside = (address, address.replace("http", "ws"), "data:", "blob:")
    assert on_a_desk.asked
    assert [url for url in on_a_desk.asked if not url.startswith(inside)] == []


def test_every_chart_has_words(page: Any):
    show(page, "metric?metric=first_response_median_hours")
    label = "[...document.querySelectorAll('[data-testid=stPlotlyChart]')].map(e => (e.closest('[aria-label]') || e.querySelector('[aria-label]')).getAttribute('aria-label'))"
    texts = page.evaluate(label)
    assert texts
    assert all(text.startswith("First response, median") for text in texts)


def test_a_goal_is_one_click_from_its_metric(page: Any):
    show(page, "")
    page.locator(".up-table a", has_text="Places filled").click()
    page.wait_for_url("**metric=staffing_filled_share*")
    page.locator("h1", has_text="Metric").wait_for()


def test_what_needs_attention_is_one_click_from_its_explanation(page: Any):
    show(page, "")
    page.locator("[data-testid=stPageLink] a", has_text="Critical").first.click()
    page.wait_for_url("**part=risks*")
    page.locator("h1", has_text="Program").wait_for()
    settle(page)
    assert "An emergency at night" in page.locator("[data-testid=stMain]").inner_text()


def test_a_choice_stands_in_the_address_and_comes_back_with_it(page: Any):
    show(page, "data")
    page.get_by_text("Checks", exact=True).click()
    page.wait_for_url("**part=checks")
    settle(page)
    page.reload()
    settle(page)
    assert "Rules of the contracts" in page.locator("[data-testid=stMain]").inner_text()
    page.get_by_text("Feeds", exact=True).click()
    page.wait_for_url("**/data")
    settle(page)
    assert "Files received" in page.locator("[data-testid=stMain]").inner_text()


def test_the_browsers_back_button_undoes_a_choice(page: Any):
    show(page, "program")
    page.get_by_text("Decisions", exact=True).click()
    page.wait_for_url("**part=decisions")
    settle(page)
    page.go_back()
    page.locator(".up-drawing").wait_for()
    assert "part=" not in page.url


def test_the_file_that_is_downloaded_has_the_rows_of_the_table(page: Any):
    show(page, "metric?metric=cases_opened&by=quarter")
    with page.expect_download() as waiting:
        page.get_by_text("Download as CSV").first.click()
    rows = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    settle(page)
    answer = page.locator("[data-testid=stExpander]", has_text="The same as a table").first
    answer.locator("summary").click()
    table = answer.locator(".up-table")
    table.wait_for()
    assert len(rows) == table.locator("tr").count()  # each with its row of heads


def test_a_fault_shows_no_inside_of_the_program(page: Any):
    show(page, "metric?metric=../../etc/passwd&by='; DROP TABLE&wiki=%3Cscript%3E")
    assert "Traceback" not in page.content()
    assert page.locator("h1").inner_text() == "Metric"
