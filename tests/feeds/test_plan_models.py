"""What the plan says on a given day: what was not known by then is not there, and what is late is told."""

from datetime import datetime

import duckdb
import pytest
import sqlglot

from data_contracts import load, rules
from etl.sources import plan
from etl.warehouse.order import MODELS, run_models
from etl.warehouse.order import models as read_models
from etl.warehouse.pseudonym import Pseudonym
from etl.warehouse.quarantine import create_quarantine, quarantine_breaking_rows
from etl.warehouse.raw import create_raw
from etl.warehouse.raw import load as load_raw
from tests.feeds.test_plan import SAMPLE, landed
from tests.tables import raw, rows

MARTS = sorted(name for name, table in load.tables("marts").items() if table.feeds == ("plan",))
GIVEN = {"title": "T", "pillar": "tools", "owner": "lead"}


@pytest.fixture
def mart():
    """Runs the models of the plan on raw tables given as text; the answer reads columns of a mart."""

    def mart(as_of: str = "2026-11-19", **texts: str):
        connection = duckdb.connect()
        for name, table in load.of_feed("plan").items():
            given = {key: value for key, value in GIVEN.items() if table.column(key)}
            raw(connection, name, texts.get(name.removeprefix("raw_plan_"), ""), given)
        run_models(connection, datetime.fromisoformat(as_of), [model for model in read_models() if model.name in MARTS])
        return lambda name, *columns: rows(connection, f"mart_{name}", *columns)

    return mart


PROJECT = """
    project | starts_on  | ends_on
    --------+------------+-----------
    p       | 2026-01-01 | 2026-12-31
"""


def test_a_milestone_is_due_from_the_end_of_its_day_and_on_time_until_then(mart):
    answer = mart(project=PROJECT, milestone="""
        project | milestone | planned_on | actual_on
        --------+-----------+------------+-----------
        p       | a         | 2026-11-18 | 2026-11-18   # done on its day
        p       | b         | 2026-11-18 |
        p       | c         | 2026-11-17 | 2026-11-18
        p       | d         | 2026-11-19 | 2026-11-10   # done early, not due before the day is over
    """)  # fmt: skip
    assert answer("milestone", "milestone", "is_due", "is_on_time", "state") == [
        ("a", True, True, "done"),
        ("b", True, False, "late"),
        ("c", True, False, "done"),
        ("d", False, None, "done"),
    ]


def test_days_late_are_to_the_day_done_else_expected_else_now_and_unknown_where_nothing_tells(mart):
    answer = mart(project=PROJECT, milestone="""
        project | milestone | planned_on | forecast_on | actual_on
        --------+-----------+------------+-------------+-----------
        p       | a         | 2026-11-10 | 2026-11-15  | 2026-11-08   # what is done needs no forecast
        p       | b         | 2026-11-10 | 2026-11-30  |
        p       | c         | 2026-11-10 | 2026-11-12  |              # the forecast passed
        p       | d         | 2026-11-10 |             |
        p       | e         | 2026-12-10 | 2026-12-20  |
        p       | f         | 2026-12-10 | 2026-12-01  |
        p       | g         | 2026-12-10 |             |
        p       | h         | 2026-11-29 | 2026-11-11  |              # expected early, but not done yet
    """)  # fmt: skip
    assert answer("milestone", "milestone", "days_late", "state") == [
        ("a", -2.0, "done"),
        ("b", 20.0, "late"),
        ("c", 9.0, "late"),
        ("d", 9.0, "late"),
        ("e", 10.0, "slipping"),
        ("f", -9.0, "on_track"),
        ("g", None, "on_track"),
        ("h", -10.0, "on_track"),
    ]


def test_a_milestone_done_after_as_of_is_not_done_yet(mart):
    milestone = """
        project | milestone | planned_on | actual_on
        --------+-----------+------------+-----------
        p       | a         | 2026-11-01 | 2026-11-19
    """
    before = mart("2026-11-19", project=PROJECT, milestone=milestone)
    after = mart("2026-11-20", project=PROJECT, milestone=milestone)
    assert before("milestone", "actual_at", "state", "days_late") == [(None, "late", 18.0)]
    assert after("milestone", "actual_at", "state", "days_late") == [(datetime(2026, 11, 19), "done", 18.0)]


def test_a_project_goes_by_its_dates_unless_the_plan_says_more(mart):
    answer = mart(project="""
        project | starts_on  | ends_on    | state
        --------+------------+------------+-------
        a       | 2026-11-19 | 2027-01-31 |
        b       | 2026-11-18 | 2027-01-31 |
        c       | 2026-01-01 | 2026-11-18 |
        d       | 2026-01-01 | 2026-11-19 |        # its last day is not over
        e       | 2026-01-01 | 2026-06-30 | done
    """)  # fmt: skip
    assert answer("project", "project", "state") == [
        ("a", "planned"),
        ("b", "running"),
        ("c", "overrun"),
        ("d", "running"),
        ("e", "done"),
    ]


def test_each_number_of_people_holds_until_the_next_and_days_end_before_as_of(mart):
    answer = mart("2026-07-05", staffing="""
        role     | kind    | starts_on  | people
        ---------+---------+------------+-------
        engineer | planned | 2026-07-01 | 2
        engineer | planned | 2026-07-03 | 3
        engineer | filled  | 2026-06-01 | 0.5
        engineer | filled  | 2026-07-04 | 3
        engineer | filled  | 2026-08-01 | 4
        writer   | planned | 2026-07-05 | 1          # from as_of on
        writer   | filled  | 2026-07-05 | 0
    """)  # fmt: skip
    assert answer("staffing_day", "role", "day_at", "planned_people", "filled_people") == [
        ("engineer", datetime(2026, 7, 1), 2.0, 0.5),
        ("engineer", datetime(2026, 7, 2), 2.0, 0.5),
        ("engineer", datetime(2026, 7, 3), 3.0, 0.5),
        ("engineer", datetime(2026, 7, 4), 3.0, 3.0),
    ]


def test_a_day_that_is_not_over_has_no_staffing_yet(mart):
    answer = mart("2026-07-02 12:00", staffing="""
        role     | kind    | starts_on  | people
        ---------+---------+------------+-------
        engineer | planned | 2026-07-01 | 2
        engineer | filled  | 2026-07-01 | 2
    """)  # fmt: skip
    assert answer("staffing_day", "day_at") == [(datetime(2026, 7, 1),)]


def test_only_booked_months_before_as_of_have_a_row_and_0_is_booked(mart):
    answer = mart("2026-09-01", program="""
        currency
        --------
        USD
    """, budget_month="""
        budget_line | month_on   | planned_amount | spent_amount
        ------------+------------+----------------+-------------
        a           | 2026-06-01 | 10             | 0
        a           | 2026-07-01 | 10             | -3
        a           | 2026-08-01 | 10             |
        a           | 2026-09-01 | 10             | 5
    """)  # fmt: skip
    assert answer("budget_month", "line", "month_at", "spent_amount", "currency") == [
        ("a", datetime(2026, 6, 1), 0.0, "USD"),
        ("a", datetime(2026, 7, 1), -3.0, "USD"),
    ]


def test_a_risk_is_there_from_its_day_on_and_open_until_it_is_closed(mart):
    answer = mart(risk="""
        risk | severity | opened_on  | closed_on
        -----+----------+------------+-----------
        a    | low      | 2026-11-01 | 2026-11-18
        b    | low      | 2026-11-01 | 2026-11-19
        c    | low      | 2026-11-18 |
        d    | low      | 2026-11-19 |
    """)  # fmt: skip
    assert answer("risk", "risk", "closed_at") == [("a", datetime(2026, 11, 18)), ("b", None), ("c", None)]


def test_an_escalation_waits_to_its_answer_or_to_as_of(mart):
    answer = mart(escalation="""
        escalation | to_role | raised_on  | answered_on
        -----------+---------+------------+------------
        a          | sponsor | 2026-11-01 | 2026-11-04
        b          | sponsor | 2026-11-01 | 2026-11-19
        c          | sponsor | 2026-11-01 |
        d          | sponsor | 2026-11-19 |
    """)  # fmt: skip
    assert answer("escalation", "escalation", "answered_at", "is_answered", "waiting_days") == [
        ("a", datetime(2026, 11, 4), True, 3.0),
        ("b", None, False, 18.0),
        ("c", None, False, 18.0),
    ]


def test_a_decision_taken_after_as_of_is_open_and_has_no_outcome(mart):
    answer = mart(decision="""
        decision | question | asked_on   | needed_by  | decided_on | outcome
        ---------+----------+------------+------------+------------+--------
        a        | Q        | 2026-11-01 | 2026-11-10 | 2026-11-11 | yes
        b        | Q        | 2026-11-01 | 2026-11-10 | 2026-11-19 | no
        c        | Q        | 2026-11-20 | 2026-11-30 |            |
    """)  # fmt: skip
    assert answer("decision", "decision", "is_decided", "outcome", "waiting_days") == [
        ("a", True, "yes", 10.0),
        ("b", False, None, 18.0),
    ]


def test_a_rollout_is_there_once_it_started(mart):
    answer = mart(rollout="""
        rollout | wiki    | started_on
        --------+---------+-----------
        a       | en.demo | 2026-11-18
        b       | ar.demo | 2026-11-19
    """)  # fmt: skip
    assert answer("rollout", "rollout", "wiki") == [("a", "en.demo")]


def test_a_rollout_that_is_judged_is_there_before_it_started(mart):
    answer = mart(
        rollout="""
            rollout | wiki    | started_on
            --------+---------+-----------
            a       | en.demo | 2026-11-18
            b       | ar.demo | 2026-11-19
        """,
        evaluation_rollout="""
            evaluation | rollout
            -----------+--------
            tool       | a
            tool       | b
        """,
    )
    assert answer("evaluation_rollout", "rollout", "wiki", "has_started") == [
        ("a", "en.demo", True),
        ("b", "ar.demo", False),
    ]


@pytest.mark.parametrize("name", MARTS)
def test_a_model_makes_exactly_the_columns_and_types_of_its_contract_and_can_be_said_in_spark(name):
    connection = duckdb.connect()
    for table in load.of_feed("plan"):
        raw(connection, table)
    run_models(connection, datetime(2026, 11, 19), [model for model in read_models() if model.name == name])
    made = [(column, kind) for column, kind, *_ in connection.execute(f'DESCRIBE "{name}"').fetchall()]
    assert made == [(column.stored, column.type) for column in load.tables("marts")[name].columns]
    spark = sqlglot.transpile((MODELS / f"{name}.sql").read_text(encoding="utf-8"), read="duckdb", write="spark")
    assert "GENERATE_SERIES" not in spark[0]
    sqlglot.parse_one(spark[0], dialect="spark")


def broken(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    table = load.tables("marts")[name]
    return [rule.name for rule in rules.rules(table) if connection.execute(rule.breaking.sql("duckdb")).fetchall()]


@pytest.fixture
def sample_warehouse():
    """The sample as it stands on 2026-11-19, through the feed, the raw tables, the quarantine and the models."""
    connection, delivered = duckdb.connect(), landed(SAMPLE)
    contract = load.of_feed("plan")
    for table in contract.values():
        create_raw(connection, table)
    create_quarantine(connection)
    loaded = load_raw(connection, contract, delivered, plan.read(delivered), Pseudonym(b"k" * 16))
    names = {one.file.sha256: one.file.name for one in loaded}
    for table in contract.values():
        assert quarantine_breaking_rows(connection, table, names, "nowhere") == 0, table.name
    run_models(connection, datetime(2026, 11, 19), [model for model in read_models() if model.name in MARTS])
    return connection


def test_the_sample_keeps_the_contract_of_every_raw_table_and_mart(sample_warehouse):
    assert {name: broken(sample_warehouse, name) for name in MARTS} == {name: [] for name in MARTS}
    assert rows(sample_warehouse, "mart_milestone", "milestone", "state", "days_late") == [
        ("first-training", "done", -3.0),
        ("report-design", "done", 4.0),
        ("report-everywhere", "on_track", None),
        ("report-pilot", "late", 44.0),
    ]


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("milestone", "milestone | is_due | is_on_time\n-\nm | yes | ", "a milestone is judged once it is due and not before"),
        ("milestone", "milestone | state\n-\nm | done", "a milestone is done if it has a day done"),
        ("milestone", "milestone | state | is_due\n-\nm | late | no", "a late milestone is due"),
        ("milestone", "milestone | state | planned_at\n-\nm | slipping | 2026-01-01", "a slipping milestone is expected after its plan"),
        ("milestone", "milestone | is_due\n-\nm | yes", "the days of a milestone that is due or done are known"),
        ("milestone", "milestone | state | planned_at | forecast_at | days_late\n-\nm | late | 2026-01-01 | 2026-01-03 | 9", "a late milestone is expected for a day that has not passed"),
        ("project", "project | starts_at | ends_at\n-\np | 2026-02-01 | 2026-01-01", "a project ends on or after its first day"),
        ("staffing_day", "role | day_at\n-\na | 2026-02-01 10:00", "a day begins at midnight"),
        ("staffing_day", "role | day_at\n-\na | 2026-02-01", "filled_people is present"),
        ("budget_month", "line | month_at\n-\na | 2026-02-02", "a month is its first day"),
        ("risk", "risk | opened_at | closed_at\n-\nr | 2026-02-02 | 2026-02-01", "a risk closes on or after the day it opened"),
        ("escalation", "escalation | is_answered\n-\ne | yes", "an answered escalation has the day of its answer"),
        ("decision", "decision | is_decided | decided_at\n-\nd | yes | 2026-01-01", "a decision has its day and its outcome once it is taken and not before"),
        ("target", "measure | starts_on | ends_on\n-\nm | 2026-02-01 | 2026-01-01", "a target ends on or after its first day"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_breaks_its_rule(name, text, rule):
    connection = duckdb.connect()
    raw(connection, f"mart_{name}", text)
    assert rule in broken(connection, f"mart_{name}")
