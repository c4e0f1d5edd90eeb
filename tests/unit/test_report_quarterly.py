"""The quarterly report of the demo program, from its build to its files."""

import re
from pathlib import Path

import mwparserfromhell
import pytest

from dashboard.reports import quarterly, quarterly_measures
from data_contracts.faults import NotReleasable
from metrics import query
from metrics.answer import Listing, ReleasedTable
from metrics.calendar import Rules
from metrics.privacy import attack
from tests import answers
from tests.quarterly import BEFORE, BLOCKS_SET, QUARTER, counts, table


@pytest.fixture(autouse=True)
def _demo(demo_build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))


def test_a_quarter_becomes_three_files_and_the_same_bytes_again(tmp_path: Path):
    paths = quarterly.write("2027Q1", tmp_path / "a")
    assert [path.name for path in paths] == [
        "quarterly-2027Q1.wikitext",
        "quarterly-2027Q1.html",
        "quarterly-2027Q1.csv",
    ]
    assert [path.read_bytes() for path in paths] == [
        path.read_bytes() for path in quarterly.write("2027Q1", tmp_path / "b")
    ]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(path.name for path in paths)


def test_the_wikitext_can_be_parsed_and_every_table_is_closed(tmp_path: Path):
    text = quarterly.write("2027Q1", tmp_path)[0].read_text("utf-8")
    code = mwparserfromhell.parse(text)
    tables = code.filter_tags(matches=lambda node: node.tag == "table")
    assert len(tables) == text.count("{|") == 13
    assert all("|+ <translate>" in str(one) and 'scope="row"' in str(one) for one in tables)
    names = {str(one.name).split(":")[0] for one in code.filter_templates()}
    assert names == {"formatnum", "#time", "#language", "PAGELANGUAGE"}


def test_nothing_internal_is_told(tmp_path: Path):
    told = "".join(path.read_text("utf-8") for path in quarterly.write("2027Q1", tmp_path))
    internal = [row["title"] for name in ("risks", "escalations") for row in query.listing(name).rows]
    internal += [row["question"] for row in query.listing("decisions").rows]
    internal += [
        row["title"] for row in query.listing("developments", audience="executive").rows if "engineer" in row["title"]
    ]
    internal += ["Budget used", "Places filled", "USD", "case-worker"]
    assert [one for one in internal if one in told] == []


def test_the_smallest_wiki_cannot_be_worked_out_from_the_report():
    content = quarterly.collect("2027Q1")
    true = query.ask("blocks_set", by="month", split=["wiki"], start=QUARTER.start, end=QUARTER.end, audience="program")
    small = {(one.label, one.group): one.value for one in true.figures if one.value and one.value < 10}
    assert small, "the demo program has no small group any more"
    bounds = attack.bounds(known(content.tables["blocks_set"]))
    assert all((bounds[place][1] or 0) - bounds[place][0] >= 10 for place in small)


def known(released: ReleasedTable) -> list[attack.Relation]:
    """What a reader knows of a table: what is shown, and that every line adds up to its total."""
    told: list[attack.Relation] = [
        ({(one.label, one.group): 1.0}, one.value, one.value) for one in released.figures if one.value is not None
    ]
    groups = [(name,) for name in released.groups()]
    for label in (*released.periods(), "all"):
        told.append(({**{(label, group): 1.0 for group in groups}, (label, ()): -1.0}, 0.0, 0.0))
    for group in (*groups, ()):
        told.append(({**{(label, group): 1.0 for label in released.periods()}, ("all", group): -1.0}, 0.0, 0.0))
    return told


@pytest.mark.parametrize(
    ("quarter", "found"),
    [
        ("2027Q2", "October–December 2026 is not wholly in build"),
        ("2025Q1", "July–September 2024 is not wholly in build"),
        ("2027Q5", "no quarter such as 2027Q1"),
        ("2026-W46", "no quarter such as 2027Q1"),
        ("../2027Q1", "no quarter such as 2027Q1"),
    ],
)
def test_a_quarter_that_is_none_or_not_over_is_refused_and_the_complete_ones_are_named(
    quarter: str, found: str, tmp_path: Path
):
    with pytest.raises(NotReleasable) as refused:
        quarterly.write(quarter, tmp_path)
    assert found in str(refused.value)
    assert "one of 2025Q2, 2025Q3, 2025Q4, 2026Q1, 2026Q2, 2026Q3, 2026Q4 and 2027Q1" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def replaced(monkeypatch: pytest.MonkeyPatch, name: str, listing: Listing) -> None:
    kept = query.listing
    monkeypatch.setattr(query, "listing", lambda asked: listing if asked == name else kept(asked))


def test_a_build_without_any_data_has_no_quarter(monkeypatch: pytest.MonkeyPatch):
    replaced(monkeypatch, "published_coverage", answers.listing("published_coverage"))
    with pytest.raises(NotReleasable, match="a whole quarter, of which this build has none"):
        quarterly.collect("2027Q1")


def test_a_build_that_broke_a_rule_has_no_report(monkeypatch: pytest.MonkeyPatch):
    broken = {
        "rule": "has a key",
        "table_name": "mart_block",
        "severity": "error",
        "passed": False,
        "breaking_count": 1,
    }
    replaced(monkeypatch, "checks", answers.listing("checks", broken))
    with pytest.raises(NotReleasable, match="1 rule broken: mart_block: has a key"):
        quarterly.collect("2027Q1")


def test_a_build_that_lacks_a_feed_of_the_plans_measures_has_no_report(monkeypatch: pytest.MonkeyPatch):
    files = query.listing("feeds")
    replaced(
        monkeypatch,
        "feeds",
        Listing("feeds", files.columns, tuple(row for row in files.rows if row["feed"] != "survey"), "b"),
    )
    with pytest.raises(NotReleasable, match="nothing of quicksurveys and survey"):
        quarterly.collect("2027Q1")


def test_every_figure_is_for_the_public_and_of_the_quarter_or_before():
    content = quarterly.collect("2026Q4")
    assert (
        {one.released.audience for one in content.measures}
        == {one.audience for one in content.tables.values()}
        == {"public"}
    )
    assert all(figure.end <= BEFORE.end for one in content.measures for figure in one.released.figures)
    assert {
        len(one.released.figures) for one in content.measures if one.released.metric.id == "block_recidivism_30d"
    } == {7}


def plan(monkeypatch: pytest.MonkeyPatch, **changed: str) -> None:
    """A plan of one measure."""
    row = {"goal": "g", "goal_title": "Goal", "pillar": "tools", "owner": "policy", "measure": "m", "title": "Title",
           "metric": "blocks_set", "grain": "quarter", "filters": "{}", **changed}  # fmt: skip
    targets = answers.listing(
        "targets", {"goal": "g", "measure": "m", "starts_on": BEFORE.start, "ends_on": QUARTER.end, "value": 9.0}
    )
    kept = query.listing
    found = {"measures": answers.listing("measures", row), "targets": targets}
    monkeypatch.setattr(query, "listing", lambda asked: found.get(asked) or kept(asked))


@pytest.mark.parametrize(("wiki", "state"), [("en.demo", "final"), ("sw.demo", "withheld")])
def test_a_measure_of_one_wiki_does_not_tell_a_total_that_its_table_withholds(
    monkeypatch: pytest.MonkeyPatch, wiki: str, state: str
):
    """The table withholds the total of sw.demo here; a share of its blocks would tell of it."""
    hidden = table(counts(**{"en.demo": [500, 400, 300], "hi.demo": [2, 5, 6], "sw.demo": [1, 3, 2]}), BLOCKS_SET)
    assert hidden.at("all", "sw.demo").state == "withheld"
    plan(monkeypatch, metric="block_recidivism_30d", filters=f'{{"wiki": "{wiki}"}}')
    (one,) = quarterly_measures.measures(QUARTER, {"2027Q1": {"blocks_set": hidden}}, Rules())
    assert one.now is not None
    assert one.now.state == state


def test_a_count_is_withheld_where_the_total_of_its_table_is(monkeypatch: pytest.MonkeyPatch):
    plan(monkeypatch)
    hidden = table(counts(**{"sw.demo": [1, 3, 2]}))
    before, now = quarterly_measures.measures(QUARTER, {"2027Q1": {"blocks_set": hidden}}, Rules())[0].released.figures[
        -2:
    ]
    assert (before.state, now.state) == ("final", "withheld")


def test_a_target_for_each_week_is_not_held_against_the_count_of_a_quarter(monkeypatch: pytest.MonkeyPatch):
    plan(monkeypatch, metric="cases_open", grain="week")
    assert quarterly_measures.measures(QUARTER, {}, Rules())[0].standing.target == 9.0
    plan(monkeypatch, metric="cases_closed", grain="week")
    assert quarterly_measures.measures(QUARTER, {}, Rules())[0].standing.target is None


def test_the_html_is_one_file_that_fetches_nothing(tmp_path: Path):
    html = quarterly.write("2027Q1", tmp_path)[1].read_text("utf-8")
    assert not re.findall(r'(?:src|srcset|data)="?(?:https?:)?//|url\(|@import|<script|<link', html)
    assert html.count("<svg") == 10
