"""Every number of a metric on a page is one click from its receipt, and the receipt is that of the number."""

import ast
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pytest
from lxml import html

from dashboard.charts import words
from metrics import query
from tests.pages.conftest import Open, text

WIDGETS: Final = Path(__file__).parents[2] / "dashboard" / "widgets"
WITHOUT: Final = {
    ("number.py", "number"),  # writes the link
    ("answer.py", "file_bytes"),  # a file, which has the ID in a column of its own
    ("attention.py", "measures"),  # the whole line is a link to the metric
    ("why.py", "_with_interval"),  # becomes the text of a link
    ("waves.py", "_told"),  # the words of a picture, beside a table of links
}
SHOWN: Final = {
    "this_week": {}, "cases": {}, "blocks": {}, "survey": {}, "community": {}, "impact": {}, "catalogue": {},
    "metric": {"metric": "block_recidivism_30d", "by": "month", "split": "wiki", "view": "course"},
    "program": {"part": "resources"},
}  # fmt: skip
COLUMNS: Final = {"Last value", "Value", "Before", "After", "Share", "Used", "Said before", "Said since"}


def drawn(told: str) -> Any:
    return html.fromstring(f"<div>{told}</div>")


def links(page: Any) -> list[tuple[str, str]]:
    """What each link to a receipt says, and the ID that it leads to."""
    found = page.xpath(".//a[starts-with(@href, 'receipt?id=')]")
    return [(one.text_content(), unquote(one.get("href").partition("=")[2])) for one in found]


@pytest.mark.parametrize(("page", "address"), SHOWN.items(), ids=list(SHOWN))
def test_numbers_in_cards_and_tables_lead_to_their_receipts(open_page: Open, page: str, address: dict[str, str]):
    found = drawn(text(open_page(page, **address)))
    cards = found.xpath(".//*[@class='up-value']//strong")
    cells = [one for one in found.xpath(".//td") if one.get("data-name") in COLUMNS]
    assert cards or cells
    for one in (*cards, *cells):
        is_number = any(letter.isdigit() for letter in one.text_content())
        assert not is_number or links(one), one.text_content()


@pytest.mark.parametrize(("page", "address"), SHOWN.items(), ids=list(SHOWN))
def test_a_receipt_is_that_of_the_number_that_leads_to_it(open_page: Open, page: str, address: dict[str, str]):
    found = links(drawn(text(open_page(page, **address))))
    assert found
    for told, name in found[:: max(1, len(found) // 12)]:
        receipt = query.receipt(name, audience="program")
        figure = receipt.figure
        assert figure is not None
        if figure.value is None:
            assert told.replace("\u00a0", " ") in (words.absent(figure.state), "not reached yet")
        else:
            assert words.number(figure.value, receipt.metric.unit).replace("\u00a0", " ") in told


def test_a_change_and_what_it_is_made_of_lead_to_their_receipts(open_page: Open):
    page = drawn(text(open_page("metric", metric="block_recidivism_30d", by="month", why="performer_kind")))
    (change,) = [one for one in page.xpath(".//p") if one.text_content().startswith("From ")]
    assert len(links(change)) == 2
    groups = [name for _, name in links(page) if "performer_kind=" in name]
    assert groups


def test_no_widget_writes_a_figure_without_its_receipt():
    found = set()
    for path in WIDGETS.glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and "words.figure(" in ast.unparse(function):
                found.add((path.name, function.name))
    assert found == WITHOUT
