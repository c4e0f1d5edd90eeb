"""What the movement metrics hand over, what may still move in them, and where their figures do not agree."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from etl.sources import movement_metrics
from tests.delivered import broken, drained, faulty, landed, load_feed, rejects_of, rows_of, run
from tests.mutated import mutations, read_all
from tests.tables import raw, rows

SAMPLE = Path(__file__).parent / "samples" / "movement_metrics.tsv"
MADE = ("core_movement_metric", "mart_movement", "mart_movement_difference")


HISTORIES = """
    wiki   | known_until_at
    -------+---------------
    enwiki | 2026-03-01
    frwiki | 2026-03-01
    """


def delivery():
    (one,) = movement_metrics.deliveries(movement_metrics.Settings(files=("a",)))
    return one


def read(path=SAMPLE):
    return drained(movement_metrics.read(landed(delivery(), path)))


@pytest.fixture
def made(connection):
    """The models made from the raw figures that are given as text."""

    def made(text, as_of="2026-12-01", editors="", histories=""):
        raw(connection, "raw_movement_metrics", text)
        raw(connection, "core_editor_month", editors, {"editor_kind": "account", "month_at": datetime(2026, 1, 1)})
        raw(connection, "core_history_file", histories)
        for name in MADE:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        run(connection, as_of, *MADE)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def test_a_month_has_a_row_per_figure_and_none_for_an_empty_cell():
    batches, fault = read()
    assert fault is None
    found = rows_of(batches, "raw_movement_metrics", "line", "month_on", "measure", "value")
    january = {measure: value for line, month, measure, value in found if month == date(2026, 1, 1)}
    assert january["active_editors"] == 100.0
    assert january["new_editor_retention"] == 0.06
    assert "anonymous_edits" not in january
    assert len(rows_of(batches, "raw_movement_metrics_day", "day_on")) == 90


def test_columns_that_came_or_went_are_told_and_the_others_read(tmp_path):
    path = tmp_path / "metrics.tsv"
    path.write_text(SAMPLE.read_text(encoding="utf-8").replace("revert_rate", "reverted_rate"), encoding="utf-8")
    batches, fault = read(path)
    assert fault is None
    told = {(one.rule.split(":")[0], one.excerpt) for one in rejects_of(batches)}
    assert ("every column of the contract is there", "revert_rate: renamed") in told
    assert ("every column of the file is known", "column 8: reverted_rate") in told
    assert len(rows_of(batches, "raw_movement_metrics", "line")) > 10


def test_without_the_column_that_everything_rests_on_it_is_another_file(tmp_path):
    path = tmp_path / "metrics.tsv"
    path.write_text("month\tdiversity\n2026-01-01\t0.5\n", encoding="utf-8")
    with faulty("active_editors", "metrics.tsv:1"):
        raise read(path)[1]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("2026-01-02\t1\t1\t1", "month is the first day of a month"),
        ("2027-01-01\t1\t1\t1", "month is not after the receipt of its file"),
        ("2026-01-01\tmany\t1\t1", "active_editors is a number"),
        ("2026-01-01\t1e400\t1\t1", "active_editors is a number"),
        ("2026-01-01\tnan\t1\t1", "active_editors is a number"),
    ],
)
def test_a_month_that_cannot_be_read_is_refused(row, rule, tmp_path):
    path = tmp_path / "metrics.tsv"
    path.write_text(f"month\tactive_editors\tnew_active_editors\treturning_active_editors\n{row}\n", encoding="utf-8")
    batches, _ = read(path)
    assert rule in [one.rule for one in rejects_of(batches)]
    assert rows_of(batches, "raw_movement_metrics", "line") == []


def test_half_an_editor_and_a_share_above_1_are_set_aside(connection, tmp_path):
    path = tmp_path / "metrics.tsv"
    header = "month\tactive_editors\tnew_active_editors\treturning_active_editors\trevert_rate\tnet_new_content_pages\n"
    path.write_text(header + "2026-01-01\t6.5\t2\t-1\t1.2\t-7\n", encoding="utf-8")
    load_feed(connection, movement_metrics, [landed(delivery(), path)])
    assert rows(connection, "raw_movement_metrics", "measure") == [("net_new_content_pages",), ("new_active_editors",)]


def test_the_newest_month_open_windows_and_figures_that_files_tell_differently_are_marked(made):
    answer = made("""
        month_on   | measure              | value | _file
        -----------+----------------------+-------+------
        2025-12-01 | new_editor_retention | 0.05  | new
        2026-01-01 | new_editor_retention | 0.06  | new     # its 60 days end on 1 April, a day too late
        2026-03-01 | active_editors       | 90    | new
        2026-03-01 | new_editor_retention | 0.07  | new
        2026-02-01 | active_editors       | 80    | new
        2026-01-01 | active_editors       | 70    | new
        2026-01-01 | active_editors       | 71    | old
        2026-02-01 | active_editors       | 80    | old
    """)
    months = {one: datetime(2026, one, 1) for one in (1, 2, 3)}
    assert answer("mart_movement", "measure", "month_at", "value", "state") == [
        ("active_editors", months[1], 70.0, "restated"),
        ("active_editors", months[2], 80.0, "settled"),
        ("active_editors", months[3], 90.0, "provisional"),
        ("new_editor_retention", datetime(2025, 12, 1), 0.05, "settled"),
        ("new_editor_retention", months[1], 0.06, "provisional"),
        ("new_editor_retention", months[3], 0.07, "provisional"),
    ]


def test_our_own_count_is_of_accounts_with_five_edits_of_content_on_all_wikis_together(made):
    answer = made(
        """
        month_on   | measure            | value
        -----------+--------------------+------
        2026-01-01 | active_editors     | 3
        2026-01-01 | new_active_editors | 1
        """,
        editors="""
        wiki   | editor_key | content_edit_count | editor_kind | registered_at
        -------+------------+--------------------+-------------+--------------
        enwiki | ana        | 3                  | account     | 2026-01-02
        frwiki | ana        | 2                  | account     | 2026-01-09    # five together, new on both
        enwiki | ben        | 5                  | account     | 2026-01-03
        frwiki | ben        | 1                  | account     | 2020-01-01    # registered before, elsewhere
        enwiki | cho        | 4                  | account     |
        enwiki | dee        | 90                 | bot         |
        """,
        histories=HISTORIES,
    )
    assert answer("mart_movement_difference", "measure", "compared_with", "theirs", "ours", "difference") == [
        ("active_editors", "our_own_count", 3.0, 2.0, 1.0),
        ("new_active_editors", "our_own_count", 1.0, 1.0, 0.0),
    ]


def test_a_month_that_the_history_of_one_wiki_does_not_reach_is_not_counted_by_us(made):
    figures = """
        month_on   | measure        | value
        -----------+----------------+------
        2026-01-01 | active_editors | 3
        2026-02-01 | active_editors | 3
        """
    editors = """
        wiki   | editor_key | content_edit_count | month_at
        -------+------------+--------------------+-----------
        enwiki | ana        | 5                  | 2026-01-01
        frwiki | ben        | 5                  | 2026-01-01
        enwiki | ana        | 5                  | 2026-02-01
        """
    months = [datetime(2026, 1, 1), datetime(2026, 2, 1)]
    lagging = HISTORIES.replace("frwiki | 2026-03-01", "frwiki | 2026-02-01")
    for histories, counted in ((HISTORIES, months), (lagging, months[:1]), ("", [])):
        answer = made(figures, editors=editors, histories=histories)
        assert [month for (month,) in answer("mart_movement_difference", "month_at")] == counted


def test_figures_that_should_agree_are_held_against_each_other(connection):
    raw(connection, "core_editor_month")
    raw(connection, "core_history_file")
    load_feed(connection, movement_metrics, [landed(delivery(), SAMPLE)])
    run(connection, "2026-12-01", *MADE)
    found = rows(connection, "mart_movement_difference", "compared_with", "month_at", "theirs", "ours", "difference")
    assert found == [
        ("anonymous_and_non_anonymous", datetime(2026, 2, 1), 5000.0, 5000.0, 0.0),  # January does not tell them apart
        ("anonymous_and_non_anonymous", datetime(2026, 3, 1), 5000.0, 4990.0, 10.0),
        ("new_and_returning", datetime(2026, 1, 1), 100.0, 100.0, 0.0),
        ("new_and_returning", datetime(2026, 2, 1), 110.0, 110.0, 0.0),
        ("new_and_returning", datetime(2026, 3, 1), 120.0, 121.0, -1.0),
    ]
    warned = broken(connection, "mart_movement_difference", severity="warning")
    assert warned == ["new and returning editors make the active ones"]


def test_the_foundations_own_file_loads_whole_and_its_editors_add_up(shared, connection):
    path = shared("data/wmf-movement-metrics/editing_metrics.tsv")
    raw(connection, "core_editor_month")
    raw(connection, "core_history_file")
    load_feed(connection, movement_metrics, [landed(delivery(), path)])
    assert rows(connection, "quarantine", "rule") == []
    run(connection, "2024-03-01", *MADE)
    assert broken(connection, *MADE, severity="warning") == []
    figures = {row[:2]: row[2] for row in rows(connection, "mart_movement", "measure", "month_at", "value")}
    months = {month for _, month in figures}
    assert len(months) == 278
    last = datetime(2024, 2, 1)
    assert (figures["active_editors", last], figures["new_active_editors", last]) == (87553.0, 14747.0)
    assert round(figures["revert_rate", datetime(2023, 9, 1)], 5) == 0.04457
    assert sum(measure == "anonymous_edits" for measure, _ in figures) == 68  # 210 of 278 months are empty
    compared = rows(connection, "mart_movement_difference", "compared_with", "difference")
    assert [sum(1 for name, one in compared if name == which and one) for which in ("new_and_returning", "anonymous_and_non_anonymous")] == [0, 68]  # fmt: skip


@settings(max_examples=40)
@given(content=mutations(SAMPLE.read_bytes()))
def test_a_spoilt_file_gives_rows_refusals_or_a_fault(content, tmp_path_factory):
    read_all(movement_metrics, delivery(), tmp_path_factory.mktemp("spoilt") / "metrics.tsv", content)
