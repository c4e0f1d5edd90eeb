"""The door: what is asked is answered from the build in force, by whichever way is shortest, and by all alike."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_contracts.faults import DefinitionFault, NoBuild
from metrics import catalog, query
from metrics.answer import Released
from metrics.outlook import NoOutlook, Outlook
from metrics.semantic.model import Grain
from tests.small_build import publish_small_build


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_small_build(tmp_path_factory.mktemp("small"))


@pytest.fixture(autouse=True)
def in_force(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(home))


def ask(metric: str, by: Grain = "month", **asked: Any) -> Released:
    return query.ask(metric, by=by, audience=asked.pop("audience", "program"), **asked)


def values(released: Released) -> dict[Any, float | None]:
    return {(one.label, *one.group) if one.group else one.label: one.value for one in released.figures}


def test_an_answer_says_what_was_asked_and_of_which_build(home: Path) -> None:
    found = ask("blocks_set", audience="executive")
    assert values(found) == {"2026-01": 60, "2026-02": 48, "2026-03": 61}
    assert (found.build, found.as_of, found.invented) == ("b000001", date(2026, 4, 1), True)
    assert (found.metric.id, found.by, found.audience, found.minimum) == ("blocks_set", "month", "executive", 10)


def test_a_split_has_every_group_and_its_own_coverage() -> None:
    found = ask("blocks_set", split=["wiki"])
    assert values(found) == {
        ("2026-01", "a.demo"): 60, ("2026-02", "a.demo"): 33, ("2026-03", "a.demo"): 32,
        ("2026-01", "b.demo"): None, ("2026-02", "b.demo"): 15, ("2026-03", "b.demo"): 29,
    }  # fmt: skip
    assert [one.state for one in found.of("b.demo").figures] == ["no_data", "final", "final"]
    assert found.groups() == (("a.demo",), ("b.demo",))
    assert values(ask("blocks_set", split="wiki")) == values(found)


def test_a_small_group_is_withheld_with_the_smallest_other_and_the_total_is_not() -> None:
    found = ask("blocks_set", split=["scope"], audience="public", start="2026-02-01", end="2026-02-28")
    assert [(one.group, one.state) for one in found.figures] == [
        (("partial",), "withheld"),
        (("sitewide",), "withheld"),
    ]
    assert found.withheld_count == 2
    assert values(ask("blocks_set", start="2026-02-01", end="2026-02-28", audience="public")) == {"2026-02": 48}


def test_the_public_sees_withheld_where_the_program_sees_a_number() -> None:
    asked = {"where": {"wiki": "b.demo", "scope": "partial"}, "start": "2026-03-01"}
    assert values(ask("blocks_set", **asked)) == {"2026-03": 14}
    share = {"where": {"wiki": "b.demo"}, "start": "2026-03-01"}
    assert values(ask("partial_block_share", audience="public", **share)) == {"2026-03": 0.48}
    assert values(ask("partial_block_share", **share)) == {"2026-03": 14 / 29}


@pytest.mark.parametrize("metric", ["blocks_set", "active_blocks", "partial_block_share", "block_median_hours"])
@pytest.mark.parametrize("by", ["week", "month", "quarter", "fiscal_year", "total"])
def test_stored_values_and_parts_and_the_mart_give_one_answer(metric: str, by: Grain) -> None:
    """No block has a kind of target, so that asking for "unknown" changes nothing but the way the answer takes."""
    stored = ask(metric, by, split=["wiki"])
    assert stored.groups() == (("a.demo",), ("b.demo",))
    for (wiki,) in stored.groups():
        parts = ask(metric, by, where={"wiki": wiki})
        mart = ask(metric, by, where={"wiki": wiki, "target_kind": "unknown"})
        assert shown(stored.of(wiki)) == shown(parts) == shown(mart) != {}
        assert shown(ask(metric, by, split=["wiki", "target_kind"]).of(wiki, "unknown")) == shown(parts)


def shown(released: Released) -> Mapping[str, tuple[Any, ...]]:
    """What is known of each period: the value, its interval and what it rests on."""
    return {
        one.label: (one.value, one.low, one.high, one.numerator, one.denominator, one.n)
        for one in released.figures
        if one.state != "no_data"
    }


def test_two_dimensions_that_are_stored_apart_come_from_the_mart() -> None:
    found = ask("blocks_set", "total", split=["wiki", "scope"])
    assert values(found) == {
        ("all", "a.demo", "partial"): 35, ("all", "a.demo", "sitewide"): 90,
        ("all", "b.demo", "partial"): 14, ("all", "b.demo", "sitewide"): 30,
    }  # fmt: skip
    assert values(ask("blocks_set", "total", split=["wiki", "scope", "wiki"])) == values(found)


def test_a_total_is_over_the_days_asked_for() -> None:
    assert values(ask("blocks_set", "total")) == {"all": 169}
    assert values(ask("blocks_set", "total", start=date(2026, 2, 1))) == {"all": 109}
    assert values(ask("blocks_set", "total", end="2026-03-10")) == {"all": 60 + 48 + 31}
    (found,) = ask("blocks_set", "total", start=datetime(2026, 2, 10), end="2026-02-10").figures
    assert (found.start, found.end, found.value) == (date(2026, 2, 10), date(2026, 2, 10), 25)


def test_the_stock_at_a_day_counts_what_was_set_before_the_first_day_asked_for() -> None:
    """Blocks of the 10th and 11th of March, 31 and 30, are in force for 20 days: until the 30th and the 31st."""
    asked = {"start": "2026-03-15", "end": "2026-03-29"}
    assert values(ask("active_blocks", "total", **asked)) == {"all": 61}
    assert values(ask("active_blocks", "total", end="2026-03-30")) == {"all": 30}
    assert values(ask("active_blocks", "total")) == {"all": 0}


def test_only_periods_wholly_within_the_days_asked_for_are_kept() -> None:
    assert list(values(ask("blocks_set", start="2026-01-02", end="2026-03-30"))) == ["2026-02"]
    assert list(values(ask("blocks_set", start="2026-02-01"))) == ["2026-02", "2026-03"]
    assert list(values(ask("blocks_set", end="2026-02-28"))) == ["2026-01", "2026-02"]


def test_a_question_about_one_wiki_starts_with_that_wikis_log() -> None:
    assert values(ask("blocks_set", where={"wiki": "b.demo"})) == {"2026-02": 15, "2026-03": 29}


def test_a_wiki_that_was_watched_and_saw_nothing_is_0_and_a_name_that_nobody_knows_is_nothing() -> None:
    assert values(ask("blocks_set", where={"wiki": "c.demo"})) == {"2026-01": 0, "2026-02": 0, "2026-03": 0}
    found = ask("blocks_set", where={"wiki": "a.dmo"})
    assert {(one.value, one.state) for one in found.figures} == {(None, "no_data")}
    assert {one.state for one in ask("blocks_set", where={"wiki": "a.demo", "scope": "wide"}).figures} == {"no_data"}


def test_a_mart_of_which_nothing_was_ever_seen_has_no_figures() -> None:
    assert ask("thanks_given").figures == ()
    assert ask("thanks_given").last_final is None


@pytest.mark.parametrize(
    ("asked", "found", "near"),
    [
        ({"metric": "block_set"}, "there is no such metric", "the nearest: blocks_set, "),
        ({"by": "months"}, "by='months'", 'did you mean "month"?'),
        ({"split": ["wikis"]}, '"wikis" is no dimension of it', 'did you mean "wiki"?'),
        ({"where": {"scoop": "partial"}}, '"scoop" is no dimension of it', 'did you mean "scope"?'),
        ({"audience": "publik"}, "audience='publik'", 'did you mean "public"?'),
        ({"start": "yesterday"}, '"yesterday" is no day', "a day such as 2026-11-15"),
        ({"end": "2026-02-30"}, '"2026-02-30" is no day', "a day such as 2026-11-15"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest_right_one(asked: dict[str, Any], found: str, near: str) -> None:
    with pytest.raises(DefinitionFault) as caught:
        query.ask(**{"metric": "blocks_set", **asked})
    assert found in caught.value.found
    assert near in caught.value.wanted


def test_of_all_metrics_five_at_most_are_named_and_where_the_others_stand_is_said() -> None:
    with pytest.raises(DefinitionFault) as caught:
        ask("case_open")
    nearest = caught.value.wanted.partition("the nearest: ")[2].split(", ")
    assert nearest[0] == "cases_open"
    assert len(nearest) == 5
    assert "metrics/MANUAL.md" in caught.value.remedy
    with pytest.raises(DefinitionFault) as nothing_near:
        ask("zzzzzzzz")
    assert nothing_near.value.wanted.endswith(" metrics")


def test_a_grain_that_exists_but_not_for_this_metric_and_a_metric_without_dimensions_say_so() -> None:
    with pytest.raises(DefinitionFault, match="one of quarter, fiscal_year, total"):
        ask("decision_median_days", "week")
    with pytest.raises(DefinitionFault, match="it has none"):
        ask("decisions_pending", split=["wiki"])


def test_a_definition_that_changed_since_the_build_has_no_figures_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    known = catalog.definitions()
    changed = {
        **known,
        "blocks_set": replace(known["blocks_set"], version=99),
        "new": replace(known["blocks_set"], id="new"),
    }
    monkeypatch.setattr(catalog, "definitions", lambda: changed)
    with pytest.raises(NoBuild, match="it changed since the build"):
        ask("blocks_set")
    with pytest.raises(NoBuild, match="it was added since the build"):
        ask("new")
    assert ask("cases_opened").figures


def test_a_folder_without_a_build_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(tmp_path))
    for question in (
        lambda: ask("blocks_set"),
        query.build,
        lambda: query.listing("risks"),
        lambda: query.goals("public"),
    ):
        with pytest.raises(NoBuild, match="upstander build"):
            question()


def test_a_build_that_does_not_say_what_it_is_is_none(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(home, tmp_path / "copy")
    with duckdb.connect(str(copy / "builds/b000001.duckdb")) as connection:
        connection.execute("DELETE FROM meta_build")
    monkeypatch.setenv("UPSTANDER_HOME", str(copy))
    with pytest.raises(NoBuild, match="does not say what it is"):
        query.build()


def test_the_build_says_what_it_is() -> None:
    found = query.build()
    assert (found.id, found.as_of, found.program, found.invented) == (
        "b000001",
        datetime(2026, 4, 1),
        "Small Wikis",
        True,
    )
    assert (found.fiscal_year_start, found.week_start) == (7, "monday")


def test_a_listing_has_the_records_of_the_plan_in_order() -> None:
    found = query.listing("risks")
    assert [row["risk"] for row in found.rows] == ["two", "one"]  # the critical one first
    assert found.columns[:3] == ("risk", "title", "severity")
    assert list(found.frame()["title"]) == ["Two", "One"]
    with pytest.raises(DefinitionFault, match='did you mean "risks"'):
        query.listing("risk")


@pytest.mark.parametrize("name", sorted(set(query.listings.QUERIES) - {"checks"}))
def test_every_listing_can_be_had(name: str) -> None:
    found = query.listing(name)
    assert found.columns
    assert found.build == "b000001"


def test_goals_stand_in_the_order_of_the_plan_with_their_own_targets() -> None:
    partial, quick, nobody = query.goals("program")
    assert (partial.goal_title, partial.title, partial.owner) == ("Fewer blocks", "Partial blocks", "lead")
    assert partial.released.where == (("wiki", "a.demo"),)
    assert partial.target == 0.2  # the plan's for this goal, not that of another goal's measure of the same name
    assert (partial.last and partial.last.label, partial.previous and partial.previous.label) == ("2026-03", "2026-02")
    assert quick.target is None
    assert (quick.last and quick.last.value, quick.status) == (0.75, "no_target")
    assert (nobody.last, nobody.status) == (None, "no_value")  # a queue that nobody has heard of: nothing, not 0


def test_goals_can_be_looked_at_as_they_stood() -> None:
    partial = query.goals("program", until=date(2026, 2, 28))[0]
    assert (partial.last and partial.last.label) == "2026-02"
    assert partial.last
    assert partial.last.value == 3 / 33


def test_counts_come_as_a_table_with_totals() -> None:
    found = query.table("blocks_set", by="month", split="wiki", audience="program", start="2026-02-01")
    assert (found.periods(), found.groups()) == (("2026-02", "2026-03"), ("a.demo", "b.demo"))
    assert found.at("2026-03", "b.demo").value == 29
    assert found.at("2026-03").value == 61
    assert found.at("all", "a.demo").value == 65
    assert (found.at().value, found.withheld_count) == (109, 0)


def test_a_table_of_what_was_never_seen_is_empty() -> None:
    assert query.table("thanks_given", by="month", split="wiki").figures == ()


def test_a_table_is_of_counts_by_period() -> None:
    for metric, by in (("partial_block_share", "month"), ("blocks_set", "total")):
        with pytest.raises(DefinitionFault, match="counts by period"):
            query.table(metric, by=by, split="wiki")  # type: ignore[arg-type]


def test_an_explanation_has_the_sql_of_every_pass_and_the_feeds() -> None:
    found = query.explain("active_blocks")
    assert found.metric is query.definitions()["active_blocks"]
    assert set(found.sources) == {"mediawiki_logging", "mediawiki_api"}
    assert found.sql.count("CREATE TABLE part_") == 4  # in and out, small dimensions and wiki
    assert found.sql.count("JOIN meta_calendar") == 2


def test_an_answer_becomes_a_frame_with_a_row_for_each_period_and_group() -> None:
    frame = ask("blocks_set", split=["wiki"]).frame()
    assert list(frame.columns) == [
        "metric", "period", "start", "end", "wiki", "value", "low", "high", "numerator", "denominator", "n", "state",
        "error",
    ]  # fmt: skip
    assert frame.loc[3, "value"] is not None
    assert frame["value"].isna().tolist() == [False, False, False, True, False, False]
    assert ask("thanks_given").frame().empty


def test_an_answer_becomes_arrow_with_days_numbers_and_text_and_what_is_withheld_is_null() -> None:
    table = ask("blocks_set", split=["scope"], start="2026-02-01", audience="public").arrow()
    assert table.column("scope").to_pylist() == ["partial", "partial", "sitewide", "sitewide"]
    assert table.column("start").to_pylist() == [date(2026, 2, 1), date(2026, 3, 1)] * 2
    assert table.column("state").to_pylist() == ["withheld", "final"] * 2
    assert table.column("value").to_pylist() == table.column("n").to_pylist() == [None, 26, None, 35]
    assert [str(one) for one in table.schema.types] == [
        "string", "string", "date32[day]", "date32[day]", "string", *["double"] * 5, "int64", "string", "double",
    ]  # fmt: skip


def test_frame_and_arrow_have_the_same_rows_also_where_there_are_none() -> None:
    table = query.table("blocks_set", by="month", split="wiki", audience="public")
    for found in (ask("block_recidivism_30d", split=["wiki"]), ask("thanks_given", split=["wiki"]), table):
        frame, arrow = found.frame(), found.arrow()
        assert list(frame.columns) == arrow.column_names
        assert frame["start"].dtype == frame["end"].dtype == "datetime64[s]"
        assert (str(frame["value"].dtype), str(frame["n"].dtype)) == ("Float64", "Int64")
        days = {name: frame[name].dt.date for name in ("start", "end")}
        rows = frame.assign(**days).astype(object).where(frame.notna(), None).to_dict("records")
        assert rows == arrow.to_pylist()
        assert arrow.schema == replace(found, figures=found.figures[:1]).arrow().schema


def test_a_table_becomes_a_frame_whose_totals_have_no_group_or_are_over_all_periods() -> None:
    frame = query.table("blocks_set", by="month", split="wiki", audience="program").frame()
    totals = frame[frame["wiki"].isna()]
    assert totals["period"].tolist() == ["2026-01", "2026-02", "2026-03", "all"]
    assert frame.loc[frame["period"] == "all", "value"].tolist()[-1] == totals["value"].tolist()[-1]


def test_a_lineage_says_how_fresh_its_feeds_are_and_what_is_not_there_has_no_days() -> None:
    found = {one.feed: one for one in query.lineage("blocks_set").freshness}
    assert list(found) == ["mediawiki_api", "mediawiki_logging", "mediawiki_stream"]
    assert (found["mediawiki_logging"].starts_on, found["mediawiki_logging"].ends_on) == (
        date(2026, 1, 1),
        date(2026, 3, 31),
    )
    assert (found["mediawiki_stream"].files, found["mediawiki_stream"].ends_on) == (0, None)


def test_a_lineage_needs_no_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(tmp_path))
    assert [one.received_at for one in query.lineage("open_risks").freshness] == [None]


def test_a_lineage_by_a_dimension_that_the_metric_does_not_have_is_refused() -> None:
    with pytest.raises(DefinitionFault, match='"wiki" is no dimension of it'):
        query.lineage("open_risks", split=["wiki"])


def test_an_effect_and_an_outlook_are_of_the_build_in_force_and_refuse_what_cannot_be_asked() -> None:
    found = query.effect("partial_block_share", {"a.demo": date(2026, 3, 1)}, by="month", audience="program")
    assert (found.word, found.metric) == ("no verdict", "partial_block_share")
    assert found.released is not None
    assert found.released.build == "b000001"
    with pytest.raises(DefinitionFault, match="no_such"):
        query.effect("no_such", {"a.demo": date(2026, 3, 1)})


def test_an_outlook_is_of_the_plan_s_target_or_else_of_the_definition_s() -> None:
    found = query.outlook(ask("answered_within_target_share"))
    assert isinstance(found, Outlook)
    assert (found.aim.value, found.aim.ends_on) == (0.8, date(2027, 6, 30))
    assert query.outlook(ask("partial_block_share")) == NoOutlook("neither")
