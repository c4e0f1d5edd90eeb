"""What files of model scores hand over, what they refuse, and that no word of anybody's passes."""

import gzip
from datetime import datetime
from pathlib import Path

import pytest
import sqlglot
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from etl.feed import Batch
from etl.sources import comment_scores
from etl.warehouse.order import MODELS
from tests.delivered import broken, drained, faulty, landed, load_feed, rejects_of, rows_of, run
from tests.tables import raw, rows

SAMPLE = Path(__file__).parent / "samples/comment_scores.tsv"
SETTINGS = {
    "files": ["scores.tsv"], "wiki": "en.demo",
    "columns": {
        "id": "rev_id", "at": "timestamp", "score": "attack", "page": "ns", "author": "author", "model": "version",
        "weight": "sampling_weight",
    },
    "models": [{"model": "v1", "threshold": 0.425}, {"model": "v2", "threshold": 0.3, "since": "2015-02-01"}],
    "authors": {"registered": ["user"], "anonymous": ["anon"]},
}  # fmt: skip
TABLE = "raw_comment_scores"
MADE = ("core_comment_score", "mart_comment_score")
GIVEN = {
    "wiki": "en.demo", "comment": "c", "commented_at": "2015-01-05", "model": "v1", "score": "0.5", "threshold": "0.425",
    "weight": "1", "page_kind": "user_talk", "author_kind": "anonymous", "is_in_force": "yes",
}  # fmt: skip


def delivery(**changes):
    (one,) = comment_scores.deliveries(comment_scores.Settings.model_validate({**SETTINGS, **changes}))
    return one


def read(path, **changes):
    return drained(comment_scores.read(landed(delivery(**changes), path)))


@pytest.fixture
def table(tmp_path):
    def table(*lines, **changes):
        path = tmp_path / "scores.tsv"
        path.write_text("\n".join("\t".join(line.split("|")) for line in lines) + "\n", encoding="utf-8")
        return read(path, **changes)

    return table


@pytest.fixture
def made(connection):
    """The models made from scores as text; the answer reads columns of the mart."""

    def made(scores, as_of="2016-01-01"):
        raw(connection, TABLE, scores, GIVEN)
        run(connection, as_of, *MADE)
        return lambda *columns: rows(connection, "mart_comment_score", *columns)

    return made


def test_scores_by_page_author_time_and_version():
    batches, fault = read(SAMPLE)
    assert fault is None
    columns = ("line", "comment", "page_kind", "author_kind", "commented_at", "model", "score", "weight", "is_in_force")
    assert rows_of(batches, TABLE, *columns)[:1] + rows_of(batches, TABLE, *columns)[7:] == [
        (2, "1001", "article_talk", "registered", datetime(2015, 1, 5, 10), "v1", 0.425, 10, True),
        (9, "1007", "user_talk", "anonymous", datetime(2015, 2, 1), "v1", 0.7, 2.5, False),  # v2 counts by then
        (10, "1007", "user_talk", "anonymous", datetime(2015, 2, 1), "v2", 0.4, 2.5, True),
        (11, "1008", "user_talk", None, datetime(2015, 2, 1), "v2", 0.3, 2.5, True),  # nobody's word: unknown
    ]


def test_what_is_refused_and_why():
    batches, _ = read(SAMPLE)
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)] == [
        (12, "score is a number from 0 to 1", "score: 9.9"),
        (13, "the model is one that the settings have a threshold for", "model: a9"),
        (14, "at is a month or a time as in %Y-%m-%d %H:%M:%S", "at: aaaa"),
        (15, "weight is over 0", "weight: 0"),
    ]


@pytest.mark.parametrize(
    "column", ["comment", "Comment", "text", "clean_diff", "user_text", "page_title", "ip", "User-Name"]
)
def test_a_column_that_is_called_like_text_or_people_refuses_the_file(table, column):
    batches, fault = table(f"id|at|score|{column}", "1|2015-01|0.5|x", columns=BARE, models=ONE)
    assert batches == []
    assert (fault.where, fault.found) == ("scores.tsv:1", f"columns of text or people: {column}")
    assert "landing" in fault.remedy


@pytest.mark.parametrize("cell", ["you are so stupid", "x" * 65])
def test_a_sentence_in_any_column_refuses_the_file_whatever_the_column_is_called(table, cell):
    batches, fault = table("id|at|score|c4", "1|2015-01|0.5|x", f"2|2015-01|0.5|{cell}", columns=BARE, models=ONE)
    assert rows_of(batches, TABLE, "comment") == [("1",)]
    assert (fault.where, fault.found) == ("scores.tsv:3", 'the column "c4" holds text')
    assert cell not in str(fault)


BARE = {"id": "id", "at": "at", "score": "score"}
ONE = [{"model": "v1", "threshold": 0.5}]


def test_a_file_of_three_columns_is_enough(table):
    batches, fault = table("id|at|score", "1|2015-01|0.5", columns=BARE, models=ONE)
    assert fault is None
    columns = ("wiki", "page_kind", "author_kind", "model", "threshold", "weight")
    assert rows_of(batches, TABLE, *columns) == [("en.demo", None, None, "v1", 0.5, 1.0)]


def test_a_time_of_many_words_is_a_time(table):
    batches, fault = table(
        "id|at|score",
        "1|Mon, 05 Jan 2015 23:30:00 +0100|0.5",
        columns=BARE,
        models=ONE,
        format="%a, %d %b %Y %H:%M:%S %z",
    )
    assert fault is None
    assert rows_of(batches, TABLE, "commented_at") == [(datetime(2015, 1, 5, 22, 30),)]


def test_namespaces_kinds_and_wikis_by_the_words_of_the_file(table):
    columns = {**BARE, "page": "ns", "author": "who", "wiki": "db"}
    lines = (
        "id|at|score|ns|who|db",
        "1|2015-01|0.5|3|bot|dewiki",
        "2|2015-01|0.5|Projekt|IP|frwiki",
        "3|2015-01|0.5|||enwiki",
    )
    told = {"pages": {"article_talk": ["Projekt"]}, "authors": {"anonymous": ["ip"]}, "wikis": {"dewiki": "de.demo"}}
    batches, _ = table(*lines, columns=columns, models=ONE, wiki=None, **told)
    assert rows_of(batches, TABLE, "wiki", "page_kind", "author_kind") == [
        ("de.demo", "user_talk", "bot"),
        ("frwiki", "article_talk", "anonymous"),
        ("enwiki", None, None),
    ]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("|2015-01|0.5", "id is one word"),
        ("a b|2015-01|0.5", "id is one word"),
        ("1|2015-13|0.5", "at is a month or a time as in %Y-%m-%d %H:%M:%S"),
        ("1|1999-01|0.5", "at is a time between 2001 and the receipt of the file"),
        ("1|2031-01|0.5", "at is a time between 2001 and the receipt of the file"),
        ("1|2015-01|nan", "score is a number from 0 to 1"),
        ("1|2015-01|0_1", "score is a number from 0 to 1"),
        ("1|2015-01|٠", "score is a number from 0 to 1"),
        ("1|2015-01", "the row has 3 fields, as the header has"),
        ("1\0|2015-01|0.5", "id is one word"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_and_the_rest_goes_on(table, line, rule):
    batches, fault = table("id|at|score", line, "2|2015-01|0.5", columns=BARE, models=ONE)
    assert fault is None
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(2, rule)]
    assert rows_of(batches, TABLE, "comment") == [("2",)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"models": []}, "models"),
        ({"models": [{"model": "v1", "threshold": 0}]}, "threshold"),
        ({"models": [ONE[0], ONE[0]]}, "each model once"),
        ({"models": [ONE[0], {"model": "v2", "threshold": 0.5}]}, "each since of models once"),
        ({"models": [{**ONE[0], "since": "2015-01-01"}]}, "the first version counts from the beginning"),
        ({"models": [{**ONE[0], "since": "2015-01-01T00:00:00+01:00"}]}, "without an offset"),
        ({"wiki": None}, "whose comments they are"),
        ({"columns": {**SETTINGS["columns"], "wiki": "db"}}, "whose comments they are"),
        ({"columns": {**BARE}}, "which one scored"),
        ({"pages": {"village_pump": ["4"]}}, "is none of article_talk"),
        ({"columns": {**BARE, "text": "comment"}}, "text"),
    ],
)
def test_settings_that_cannot_be_are_told_in_words(changes, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  pydantic's error is a ValueError
        delivery(**changes)
    assert words in str(caught.value)


def test_a_missing_column_and_a_cut_file_are_named(tmp_path, table):
    with faulty('no column "sampling_weight"', "scores.tsv:1"):
        raise table("rev_id|timestamp|attack|ns|author|version", "1|2015-01|0.5|1|user|v1")[1]
    (tmp_path / "s.tsv.gz").write_bytes(gzip.compress(SAMPLE.read_bytes())[:-9])
    assert "cut short" in read(tmp_path / "s.tsv.gz")[1].found


def test_a_comment_counts_once_by_the_version_in_force(connection):
    load_feed(connection, comment_scores, [landed(delivery(), SAMPLE), landed(delivery(), SAMPLE)])
    run(connection, "2026-11-19", *MADE)
    assert len(rows(connection, "core_comment_score", "comment_key")) == 9  # 1007 by two versions
    assert rows(connection, "mart_comment_score", "commented_at", "model", "score", "is_attack", "stratum_population")[
        :2
    ] == [
        (datetime(2015, 1, 5, 10), "v1", 0.425, True, 40.0),  # at the threshold is an attack
        (datetime(2015, 1, 6, 10), "v1", 0.424, False, 40.0),
    ]
    assert [
        row[1:] for row in rows(connection, "mart_comment_score", "commented_at", "model", "weighted_score")[-2:]
    ] == [
        ("v2", 0.75),
        ("v2", 1.0),
    ]


def test_no_number_of_a_comment_passes_the_door(connection):
    load_feed(connection, comment_scores, [landed(delivery(), SAMPLE)])
    stored = {str(cell) for row in connection.execute(f"SELECT * FROM {TABLE}").fetchall() for cell in row}
    assert not {str(number) for number in range(1001, 1013)} & stored


def test_a_stratum_is_a_month_of_one_kind_and_weight_and_stands_for_the_sum_of_its_weights(made):
    answer = made("""
        comment | commented_at | weight | page_kind
        --------+--------------+--------+-------------
        a       | 2015-01-05   | 10     | user_talk
        b       | 2015-01-31   | 10     | user_talk
        c       | 2015-01-31   | 2      | user_talk
        d       | 2015-02-01   | 10     | user_talk
        e       | 2015-02-01   | 10     |
        """)
    assert answer("stratum", "stratum_population") == [
        ("en.demo / 2015-01-01 / user_talk / anonymous / v1 / 10.0", 20.0),
        ("en.demo / 2015-01-01 / user_talk / anonymous / v1 / 10.0", 20.0),
        ("en.demo / 2015-01-01 / user_talk / anonymous / v1 / 2.0", 2.0),
        ("en.demo / 2015-02-01 / unknown / anonymous / v1 / 10.0", 10.0),
        ("en.demo / 2015-02-01 / user_talk / anonymous / v1 / 10.0", 10.0),
    ]


def test_a_comment_that_was_scored_twice_counts_with_its_highest_score_and_is_warned_of(made, connection):
    answer = made("""
        comment | score | commented_at
        --------+-------+-------------
        a       | 0.2   | 2015-01-05
        a       | 0.6   | 2015-01-05
        b       | 0.2   | 2016-01-05
        """)
    assert answer("score") == [(0.6,)]  # and b is not written yet
    assert "a stratum has two comments or more" not in broken(connection, *MADE, severity="warning")


@pytest.mark.parametrize("name", MADE)
def test_the_models_carry_over_to_spark(name):
    text = (MODELS / f"{name}.sql").read_text(encoding="utf-8")
    (spark,) = sqlglot.transpile(text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert sqlglot.parse_one(spark, dialect="spark").named_selects


@given(data=st.data())
@hypothesis_settings(max_examples=40)
def test_whatever_happens_to_the_bytes_only_rows_refusals_and_faults_come_out(data, tmp_path_factory):
    content = bytearray(SAMPLE.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    path = tmp_path_factory.mktemp("changed") / "scores.tsv"
    path.write_bytes(bytes(content))
    batches, _ = read(path)
    assert all(isinstance(one, Batch) for one in batches)
