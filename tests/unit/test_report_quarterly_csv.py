"""The CSV of the quarterly report: exactly the numbers that the report shows, in cells that no spreadsheet runs."""

import csv
import io
from collections import Counter

import pytest

from dashboard.reports import quarterly_csv, quarterly_page
from dashboard.reports.community_text import Amount
from dashboard.reports.quarterly_content import QuarterlyContent
from metrics.answer import Figure
from tests import answers
from tests.quarterly import BEFORE, QUARTER, content, counts, figure, measure, table, texts


def rows(told: QuarterlyContent, **wanted: str) -> list[dict[str, str]]:
    found = list(csv.DictReader(io.StringIO(quarterly_csv.write(told))))
    return [row for row in found if all(row[key] == value for key, value in wanted.items())]


def cells(told: QuarterlyContent, **wanted: str) -> list[str]:
    return [f"{row['group']} {row['period']} {row['value']} {row['state']}" for row in rows(told, **wanted)]


def test_a_measure_has_its_quarters_its_bounds_and_its_target():
    (before, now) = rows(content(), part="measure")
    assert (now["period"], now["value"], now["low"], now["high"], now["target"], now["unit"]) == (
        "2027Q1", "26", "25", "27", "25", "percent",
    )  # fmt: skip
    assert (before["period"], before["value"], before["target"]) == ("2026Q4", "30", "")
    assert (now["first_day"], now["last_day"]) == ("2026-07-01", "2026-09-30")


def test_a_measures_number_has_the_id_of_its_receipt_and_a_tables_has_none():
    told = content()
    ids = [row["receipt"] for row in rows(told, part="measure")]
    assert ids == [told.measures[0].released.receipt(one) for one in told.measures[0].released.figures]
    assert {row["receipt"] for row in rows(told) if row["part"] != "measure"} == {""}


def test_a_table_has_every_cell_and_every_total():
    tables = {"blocks_set": table(counts(great=[500, 400, 300], still=[0, 0, 0], tiny=[9, 20, 30]))}
    assert cells(content(tables=tables), part="table") == [
        "great 2026-07 withheld withheld", "still 2026-07 0 final", "tiny 2026-07 withheld withheld",
        "all 2026-07 509 final",
        "great 2026-08 400 final", "still 2026-08 0 final", "tiny 2026-08 20 final", "all 2026-08 420 final",
        "great 2026-09 withheld withheld", "still 2026-09 0 final", "tiny 2026-09 withheld withheld",
        "all 2026-09 330 final",
        "great 2027Q1 1200 final", "still 2027Q1 0 final", "tiny 2027Q1 59 final", "all 2027Q1 1259 final",
    ]  # fmt: skip


def test_a_count_stands_with_that_of_the_quarter_before():
    assert cells(content(), part="count") == ["all 2027Q1 1259 final", "all 2026Q4 1259 final"]


@pytest.mark.parametrize(
    ("found", "value"),
    [
        (figure(QUARTER, "withheld"), "withheld"),
        (figure(QUARTER, "no_data"), "no data"),
        (figure(QUARTER, "too_early"), "too early to say"),
        (figure(QUARTER, 0.0), "0"),
    ],
)
def test_what_is_not_there_is_written_in_words_and_zero_is_zero(found: Figure, value: str):
    assert rows(content(measures=(measure(now=found),)), part="measure")[-1]["value"] == value


def test_few_rows_set_aside_are_withheld():
    assert [(row["id"], row["value"], row["state"]) for row in rows(content(), part="rows set aside")] == [
        ("tickets", "fewer than 10", "withheld")
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_title_of_the_plan_is_no_formula(sign: str):
    assert rows(content(measures=(measure(f"{sign}1+1"),)), part="measure")[0]["title"] == f"'{sign}1+1".replace(
        "\r", "\n"
    )


def test_the_numbers_are_exactly_those_of_the_report():
    """As a set: the report tells some of them twice. The minimum is no number of the report but part of its words."""
    several = content(
        measures=(measure(), measure("Other", now=figure(QUARTER, 0.171), before=figure(BEFORE, "withheld"))),
        before={"blocks_set": table(counts(great=[77, 88, 99]))},
        quarantine=answers.listing("quarantine", {"feed": "tickets", "file": "a", "rule": "b", "row_count": 123}),
    )
    page = quarterly_page.page(several)
    shown = {
        place.digits
        for text in texts(page)
        for name, place in text.places
        if isinstance(place, Amount) and name != "minimum"
    }
    numbers = [row[column] for row in rows(several) for column in ("value", "low", "high", "target")]
    told = {one for one in numbers if one and one != "withheld"}
    assert Counter(shown) == Counter(told)
