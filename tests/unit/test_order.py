"""The order of the SQL models is read from their own text."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from data_contracts.faults import DefinitionFault, UserFault
from etl.warehouse.order import models, run_models


@pytest.fixture
def write(tmp_path):
    def write(**texts: str) -> Path:
        for name, text in texts.items():
            (tmp_path / f"{name}.sql").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_model_comes_after_those_it_reads_whatever_its_name(write):
    folder = write(
        core_a="SELECT b FROM core_z",
        core_z="SELECT b FROM raw_x",
        mart_b="SELECT a.b FROM core_a AS a JOIN core_z USING (b)",
    )
    assert [model.name for model in models(folder, given={"raw_x"})] == ["core_z", "core_a", "mart_b"]


def test_a_cte_is_no_table_but_what_it_reads_is(write):
    folder = write(core_a="WITH spell AS (SELECT b FROM raw_x)\nSELECT b FROM spell WHERE b IN (SELECT b FROM raw_y)")
    assert models(folder, given={"raw_x", "raw_y"})[0].sources == ("raw_x", "raw_y")


def test_a_cte_with_the_name_of_a_table_hides_it_only_where_it_holds(write):
    folder = write(
        core_a="SELECT b FROM (WITH core_b AS (SELECT 1 AS b) SELECT b FROM core_b)", core_b="SELECT b FROM core_a"
    )
    assert [model.name for model in models(folder, given=())] == ["core_a", "core_b"]


def test_a_table_that_nothing_makes_is_named_with_file_line_and_near_names(write):
    folder = write(core_a="-- One row per b.\nSELECT b\nFROM raw_blok")
    with pytest.raises(UserFault) as caught:
        models(folder, given={"raw_block", "raw_case"})
    text = str(caught.value)
    assert f"{folder.name}/core_a.sql:3" in text
    assert "raw_blok" in text
    assert "Did you mean raw_block?" in text


def test_all_unknown_tables_are_said_at_once(write):
    folder = write(core_a="SELECT 1 AS b FROM raw_p", core_b="SELECT 1 AS b FROM raw_q")
    with pytest.raises(UserFault, match=r"(?s)raw_p.*raw_q"):
        models(folder, given=())


def test_models_that_read_each_other_in_a_circle_are_refused(write):
    folder = write(core_a="SELECT b FROM core_b", core_b="SELECT b FROM core_a")
    with pytest.raises(DefinitionFault, match="circle"):
        models(folder, given=())


@pytest.mark.parametrize("text", ["SELECT 1 AS a; SELECT 2 AS a", "DROP TABLE x", ""])
def test_a_file_that_is_not_one_select_is_refused(write, text):
    with pytest.raises(DefinitionFault, match="one SELECT"):
        models(write(core_a=text), given=())


def test_sql_that_cannot_be_read_is_named_with_its_line(write):
    with pytest.raises(DefinitionFault, match=r"core_a\.sql:2"):
        models(write(core_a="-- One row per b.\nSELECT b FROM (raw_x"), given={"raw_x"})


def test_as_of_is_bound_only_where_the_text_says_it(write):
    folder = write(core_a="SELECT CAST($as_of AS DATE) AS day", core_b="SELECT day FROM core_a")
    with duckdb.connect() as connection:
        run_models(connection, datetime(2026, 3, 1), models(folder, given=()))
        assert str(connection.execute("SELECT day FROM core_b").fetchall()[0][0]) == "2026-03-01"


def test_a_model_that_fails_says_its_file(write):
    folder = write(core_a="SELECT nonsense FROM raw_x")
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE raw_x (b BIGINT)")
        with pytest.raises(duckdb.BinderException) as caught:
            run_models(connection, datetime(2026, 3, 1), models(folder, given={"raw_x"}))
    assert "core_a.sql" in caught.value.__notes__[0]
