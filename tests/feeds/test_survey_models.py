"""What becomes of survey answers: waves that were closed, weighted by strata, without anybody's key."""

import csv
from datetime import datetime

import pytest
import sqlglot

from data_contracts import load
from etl.sources import survey
from etl.warehouse.order import MODELS
from metrics.stats.survey import SurveyDesign
from tests.delivered import broken, landed, load_feed, run
from tests.feeds.test_survey import LIMESURVEY, QUALTRICS, SAMPLES, STRATA, delivery
from tests.tables import raw, rows

MADE = ("core_survey_answer", "mart_survey_answer")
GIVEN = {
    "wave": "w",
    "measure": "felt_unsafe",
    "wiki": "all",
    "edit_bucket": "all",
    "stratum": "s",
    "is_yes": "yes",
    "closed_at": "2026-01-31T23:59:59",
}


def without_quicksurveys(connection):
    for name in ("raw_quicksurveys_answer", "raw_quicksurveys_stratum"):
        raw(connection, name)


@pytest.fixture
def made(connection):
    """The models made from answers and strata as text; the answer reads columns of one of them."""

    def made(answers, strata, as_of="2026-03-01"):
        raw(connection, "raw_survey_answer", answers, GIVEN)
        raw(connection, "raw_survey_stratum", strata, {"wave": "w", "wiki": "all", "edit_bucket": "all"})
        without_quicksurveys(connection)
        for name in MADE:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        run(connection, as_of, *MADE)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def test_an_answer_has_the_population_of_its_stratum_in_its_wave(made):
    answer = made(
        """
        respondent | wave | stratum
        -----------+------+--------
        a          | w    | s
        b          | w    | t
        c          | v    | s
        """,
        """
        wave | stratum | population
        -----+---------+-----------
        w    | s       | 100
        w    | t       | 30
        v    | s       | 7
        """,
    )
    assert answer("mart_survey_answer", "wave", "stratum", "stratum_population") == [
        ("v", "v / s", 7),
        ("w", "w / s", 100),
        ("w", "w / t", 30),
    ]


def test_a_wave_that_is_not_closed_does_not_exist_yet(made):
    answers = """
        respondent | wave | closed_at
        -----------+------+--------------------
        a          | w    | 2026-01-31T23:59:59
        b          | v    | 2026-02-28T23:59:59
    """
    strata = """
        wave | stratum | population
        -----+---------+-----------
        w    | s       | 100
        v    | s       | 100
    """
    assert made(answers, strata, as_of="2026-02-28T23:59:59")("mart_survey_answer", "wave") == [("w",)]
    assert made(answers, strata, as_of="2026-03-01")("mart_survey_answer", "wave") == [("v",), ("w",)]


def test_an_answer_whose_stratum_went_missing_breaks_the_contract(made):
    with pytest.raises(AssertionError, match="stratum_population is present"):
        made(
            """
            respondent | stratum
            -----------+--------
            a          | t
            """,
            """
            stratum | population
            --------+-----------
            s       | 100
            """,
        )


def test_more_answers_than_people_and_single_answers_are_warned_of(made, connection):
    made(
        """
        respondent | stratum
        -----------+--------
        a          | small
        b          | small
        c          | small
        d          | large
        """,
        """
        stratum | population
        --------+-----------
        small   | 2
        large   | 900
        """,
    )
    assert broken(connection, "mart_survey_answer", severity="warning") == [
        "a stratum has no more answers than people",
        "a stratum has two answers or more to a measure",
    ]


def test_the_mart_has_no_column_that_tells_a_person():
    assert [column.stored for column in load.tables("marts")["mart_survey_answer"].columns] == [
        "closed_at", "wave", "wiki", "edit_bucket", "measure", "stratum", "stratum_population", "is_yes",
    ]  # fmt: skip


def test_both_tools_come_together_in_one_mart(connection):
    given = [
        landed(delivery(QUALTRICS), SAMPLES / "survey-qualtrics.csv", STRATA),
        landed(delivery(LIMESURVEY), SAMPLES / "survey-limesurvey.csv", STRATA),
    ]
    load_feed(connection, survey, given)
    without_quicksurveys(connection)
    run(connection, "2026-11-19", *MADE)
    found = connection.execute(
        "SELECT wave, closed_at, COUNT(*), SUM(CAST(is_yes AS BIGINT)) FROM mart_survey_answer"
        " WHERE measure = 'felt_unsafe' GROUP BY ALL ORDER BY wave"
    ).fetchall()
    assert found == [
        ("2026-autumn", datetime(2026, 9, 12, 23, 59, 59), 5, 2),
        ("2026-spring", datetime(2026, 4, 12, 23, 59, 59), 6, 3),
    ]


@pytest.fixture
def community_insights(shared, tmp_path):
    """The 115 real strata of Community Insights, and two invented responses in each: yes from 1200 edits on, else no."""
    with (shared("data/wmf-survey-sampling") / "strata-populations.tsv").open(encoding="utf-8") as text:
        wide = list(csv.DictReader(text, delimiter="\t"))
    strata = [(row["project_group"], bucket, row[bucket]) for row in wide for bucket in list(row)[1:]]
    with (tmp_path / "strata.tsv").open("w", encoding="utf-8") as text:
        csv.writer(text, delimiter="\t").writerows([("wiki", "edit_bucket", "population"), *strata])
    said = [(group, bucket, "Yes" if bucket == "1200+" else "No") for group, bucket, _ in strata for _ in range(2)]
    with (tmp_path / "l.csv").open("w", encoding="utf-8") as text:
        header = ("id", "submitdate", "wiki", "edits", "Q1")
        csv.writer(text).writerows([header, *((i, "2024-03-01", *one) for i, one in enumerate(said))])
    changed = delivery(LIMESURVEY, strata_delimiter="\t", measures=LIMESURVEY["measures"][:1])
    return landed(changed, tmp_path / "l.csv", tmp_path / "strata.tsv"), strata


def test_the_real_strata_weight_answers_to_their_populations(connection, community_insights):
    given, strata = community_insights
    load_feed(connection, survey, [given])
    without_quicksurveys(connection)
    run(connection, "2026-11-19", *MADE)
    assert connection.execute("SELECT COUNT(*), SUM(population)::BIGINT FROM raw_survey_stratum").fetchall() == [
        (115, 34144)
    ]
    found = rows(connection, "mart_survey_answer", "stratum", "stratum_population", "is_yes")
    assert len(found) == 230
    design = SurveyDesign([people / 2 for _, people, _ in found], strata=[stratum for stratum, _, _ in found])
    expected = sum(int(people) for _, bucket, people in strata if bucket == "1200+") / 34144
    assert design.share([yes for _, _, yes in found]).value == pytest.approx(expected)
    assert expected == 11363 / 34144


@pytest.mark.parametrize("name", MADE)
def test_the_models_carry_over_to_spark(name):
    text = (MODELS / f"{name}.sql").read_text(encoding="utf-8")
    (spark,) = sqlglot.transpile(text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert sqlglot.parse_one(spark, dialect="spark").named_selects[-1] == "is_yes"
