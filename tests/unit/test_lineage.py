"""From a metric to feeds: exactly the columns that it uses, read from the texts of definition and models."""

import pytest

from metrics import catalog, origins
from metrics.lineage import Lineage, lineage
from metrics.origins import ROWS

ALL = catalog.definitions()


def of(metric: str, *split: str) -> Lineage:
    found = ALL[metric]
    return lineage(found, catalog.marts(), split)


def names(found: Lineage) -> set[str]:
    return {node.name for node in found.nodes}


def edges(found: Lineage) -> set[tuple[str, str]]:
    return {(one.of.name, one.rests_on.name) for one in found.edges}


def test_open_risks_rest_on_two_days_of_a_plan() -> None:
    assert edges(of("open_risks")) == {
        ("open_risks", "mart_risk.*"),
        ("open_risks", "mart_risk.opened_at"),
        ("open_risks", "mart_risk.closed_at"),
        ("mart_risk.*", "raw_plan_risk.*"),
        ("mart_risk.*", "raw_plan_risk.opened_on"),  # a risk of later than what is known is left out
        ("mart_risk.opened_at", "raw_plan_risk.opened_on"),
        ("mart_risk.closed_at", "raw_plan_risk.closed_on"),
        ("raw_plan_risk.*", "plan"),
        ("raw_plan_risk.opened_on", "plan"),
        ("raw_plan_risk.closed_on", "plan"),
    }


def test_contacts_reached_rest_on_when_they_were_spoken_to_and_on_which_entry_counts() -> None:
    raw = {"book", "person_key", "since_at", "last_contact_at", "expires_on", "line", "_file", ROWS}
    assert names(of("contacts_reached_90d_share")) == {
        "contacts_reached_90d_share",
        "mart_contact.*", "mart_contact.since_at", "mart_contact.is_reached_90d",
        "core_contact.*", "core_contact.since_at", "core_contact.last_contact_at",
        *(f"raw_contacts.{one}" for one in raw),
        "contacts",
    }  # fmt: skip
    assert ("mart_contact.since_at", "core_contact.last_contact_at") in edges(of("contacts_reached_90d_share"))
    assert "raw_contacts.community" not in names(of("contacts_reached_90d_share"))


def test_attacks_rest_on_the_threshold_and_on_what_makes_a_stratum() -> None:
    core = {"wiki", "commented_at", "page_kind", "author_kind", "model", "weight", "is_attack", "is_in_force", ROWS}
    raw = core - {"is_attack"} | {"comment_key", "score", "threshold"}
    assert names(of("attack_share")) == {
        "attack_share",
        *(f"mart_comment_score.{one}" for one in ("commented_at", "is_attack", "stratum", "stratum_population", ROWS)),
        *(f"core_comment_score.{one}" for one in core),
        *(f"raw_comment_scores.{one}" for one in raw),
        "comment_scores",
    }  # fmt: skip
    assert ("core_comment_score.is_attack", "raw_comment_scores.threshold") in edges(of("attack_share"))


def test_a_dimension_is_in_it_only_where_the_number_is_told_by_it() -> None:
    assert "mart_risk.severity" not in names(of("open_risks"))
    assert names(of("open_risks", "severity")) - names(of("open_risks")) == {
        "mart_risk.severity",
        "raw_plan_risk.severity",
    }


@pytest.mark.parametrize("metric", ALL)
def test_every_metric_reaches_a_feed_and_nothing_in_it_hangs_in_the_air(metric: str) -> None:
    found = of(metric)
    assert found.feeds
    sources, used = {one.of for one in found.edges}, {one.rests_on for one in found.edges}
    ends = {node.name for node in found.nodes if node not in sources and node.room not in ("feed", "settings")}
    assert ends <= {"core_number.*"}  # whole numbers, which nobody tells
    assert used == {node for node in found.nodes if node.room != "metric"}
    assert {one.rests_on.room for one in found.edges if one.of.room == "raw"} == {"feed"}


def test_every_column_of_it_stands_in_a_contract() -> None:
    for metric, definition in ALL.items():
        mart = catalog.marts()[definition.source]
        assert set(of(metric).columns(mart.name)) <= set(mart.columns)


def made(text: str) -> dict[str, set[str]]:
    """Of what the columns and the rows of one model over raw_plan_risk and raw_plan_goal are made."""
    found = origins.origins([("core_made", text)])
    return {column: {".".join(place) for place in places} for (_, column), places in found.items()}


def test_a_filter_a_join_and_a_grouping_decide_which_rows_there_are() -> None:
    found = made("""
        SELECT risk.owner, MAX(risk.title) AS title
        FROM raw_plan_risk AS risk
        JOIN raw_plan_goal AS goal ON goal.pillar = risk.pillar
        WHERE risk.severity = 'high'
        GROUP BY risk.owner
        """)
    assert found["owner"] == {"raw_plan_risk.owner"}
    assert found["title"] == {"raw_plan_risk.title"}
    assert found[ROWS] == {
        "raw_plan_risk.*", "raw_plan_goal.*", "raw_plan_goal.pillar", "raw_plan_risk.pillar", "raw_plan_risk.severity",
        "raw_plan_risk.owner",
    }  # fmt: skip


def test_columns_of_a_union_belong_together_by_their_place() -> None:
    found = made("SELECT risk AS one FROM raw_plan_risk UNION ALL SELECT goal AS other FROM raw_plan_goal")
    assert found == {
        "one": {"raw_plan_risk.risk", "raw_plan_goal.goal"},
        ROWS: {"raw_plan_risk.*", "raw_plan_goal.*"},
    }
    distinct = made("SELECT risk AS one FROM raw_plan_risk UNION SELECT goal AS other FROM raw_plan_goal")
    assert distinct[ROWS] == {"raw_plan_risk.*", "raw_plan_goal.*", "raw_plan_risk.risk", "raw_plan_goal.goal"}


def test_distinct_rows_are_decided_by_all_columns() -> None:
    found = made("SELECT DISTINCT risk, owner FROM raw_plan_risk")
    assert found[ROWS] == {"raw_plan_risk.*", "raw_plan_risk.risk", "raw_plan_risk.owner"}


def test_what_a_query_within_names_counts_and_so_does_what_it_takes_from_around_it() -> None:
    found = made("""
        SELECT risk.risk, (SELECT MAX(goal.title) FROM raw_plan_goal AS goal WHERE goal.pillar = risk.pillar) AS title
        FROM raw_plan_risk AS risk
        """)
    assert found["risk"] == {"raw_plan_risk.risk"}
    assert found["title"] >= {"raw_plan_goal.title", "raw_plan_goal.pillar", "raw_plan_goal.*"}
