"""The picture of a lineage: a box per table, right of all that read it, with the columns that are used."""

from datetime import date, datetime
from itertools import pairwise

import pytest
from lxml import etree

from dashboard.charts import lineage as picture
from metrics import catalog
from metrics.lineage import Edge, Freshness, Lineage, Node, lineage

METRICS = catalog.definitions()


def of(metric: str) -> Lineage:
    return lineage(METRICS[metric], catalog.marts())


@pytest.mark.parametrize("metric", ["open_risks", "cases_opened", "block_recidivism_30d", "event_participants"])
def test_every_table_has_a_box_right_of_all_that_read_it_and_none_covers_another(metric: str) -> None:
    found = of(metric)
    boxes = picture.layout(found)
    assert set(boxes) == {node.table for node in found.nodes}
    for name in boxes:
        assert all(boxes[source].left >= boxes[name].left + picture.WIDTH for source in found.reads(name))
    places = sorted((box.left, box.top, box.top + box.height) for box in boxes.values())
    for (left, _, bottom), (other, top, _) in pairwise(places):
        assert left != other or bottom < top


def test_it_is_one_element_that_says_in_words_what_it_shows() -> None:
    tree = etree.fromstring(picture.svg(of("open_risks"), "Risks & more"))
    assert tree.get("role") == "img"
    assert tree.get("aria-label") == "Risks & more rests on 2 tables and on 1 feed: plan"
    texts = [one.text for one in tree.iter("{*}text")]
    assert texts[:4] == ["open risks", "mart_risk", "closed_at", "opened_at"]


def test_many_columns_are_counted_and_long_names_are_cut() -> None:
    nodes = [Node("mart", "mart_wide", f"column_{number}") for number in range(9)]
    nodes.append(Node("mart", "mart_wide", "a_name_that_is_longer_than_any_box_is_wide"))
    start = Node("metric", "wide")
    wide = Lineage("wide", (), (start, *sorted(nodes)), tuple(Edge(start, node) for node in sorted(nodes)))
    lines = picture.layout(wide)["mart_wide"].lines
    assert lines[0] == "a_name_that_is_longer_th…"
    assert lines[-1] == "and 5 more"
    assert len(lines) == 6


def test_a_feed_says_how_fresh_it_is_or_that_it_is_not_there() -> None:
    assert picture.told(Freshness("tickets")) == ("not in this build",)
    came = datetime(2026, 11, 21, 18)
    assert picture.told(Freshness("tickets", 1, came, datetime(2026, 11, 18, 22))) == (
        "until 18 Nov 2026",
        "came 21 Nov 2026",
    )
    assert picture.told(Freshness("tickets", 1, came, None, date(2026, 1, 1), date(2026, 11, 17)))[0] == (
        "until 17 Nov 2026"
    )
    assert picture.told(Freshness("contacts", 1, came)) == ("came 21 Nov 2026",)
