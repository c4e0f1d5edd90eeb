"""The tools' own habits: order and clocks of exports, spam, anonymised copies, forms; and bytes that went wrong."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from etl.feed import Batch
from tests.delivered import rejects_of
from tests.feeds.test_survey import LIMESURVEY, QUALTRICS, SAMPLES, STRATA, answers, changed, read


@pytest.fixture
def written(tmp_path):
    return partial(changed, tmp_path)


def test_of_an_export_that_stands_newest_first_the_last_answer_by_time_counts(written):
    """In the order of the sample tA said no last; turned round, their first answer stands last in the file."""
    turned = written("survey-limesurvey.csv", lambda records: [records[0], *records[:0:-1]])
    found, _ = read(LIMESURVEY, turned)
    assert sorted(answers(found)) == sorted(answers(read(LIMESURVEY, SAMPLES / "survey-limesurvey.csv")[0]))
    again = "of several responses with one token the last counts"
    assert [one.line for one in rejects_of(found) if one.rule == again] == [10, 11]  # the earlier ones of tA and tB


def test_a_response_behind_the_last_day_does_not_count_any_more():
    batches, _ = read(QUALTRICS, SAMPLES / "survey-qualtrics.csv", closed_on="2026-04-07")
    late = [
        (one.line, one.excerpt) for one in rejects_of(batches) if one.rule == "the response came before the wave closed"
    ]
    assert late == [(12, "1 days later"), (13, "2 days later")]
    assert "R_6" in {row[0] for row in answers(batches)}  # of the last day itself


def test_the_last_day_is_that_of_the_clock_that_the_export_names_in_its_third_row(written):
    """An evening of the last day in Denver is the next day in UTC: the day is the one that people saw."""
    evening = [["2026-04-02 10:05:00", "2026-04-12 23:30:00"]]
    path = written(
        "survey-qualtrics.csv", lambda records: [[dict(evening).get(cell, cell) for cell in row] for row in records]
    )
    batches, _ = read(QUALTRICS, path)
    assert answers(batches) == answers(read(QUALTRICS, SAMPLES / "survey-qualtrics.csv")[0])


def test_a_limesurvey_that_keeps_no_times_has_complete_responses_of_1980(written):
    def without_times(records):
        return [records[0], *([row[0], row[1] and "1980-01-01 00:00:00", *row[2:]] for row in records[1:])]

    found, _ = read(LIMESURVEY, written("survey-limesurvey.csv", without_times))
    assert answers(found) == answers(
        read(LIMESURVEY, SAMPLES / "survey-limesurvey.csv")[0]
    )  # then the file's order counts


@pytest.mark.parametrize("status", ["Spam", "8", "Survey Preview Spam", "Imported Spam", "17", "Survey Test", "2"])
def test_spam_and_tests_of_every_name_are_refused(written, status):
    path = written(
        "survey-qualtrics.csv",
        lambda records: [[status if cell == "IP Address" else cell for cell in row] for row in records],
    )
    batches, _ = read(QUALTRICS, path)
    assert answers(batches) == []


def test_an_anonymised_export_has_no_addresses_and_says_the_same(written):
    """Qualtrics then leaves the columns of the person empty; the response's own number stays."""
    path = written(
        "survey-qualtrics.csv",
        lambda records: [[*row, "IPAddress" if place == 0 else "*******"] for place, row in enumerate(records)],
    )
    assert answers(read(QUALTRICS, path)[0]) == answers(read(QUALTRICS, SAMPLES / "survey-qualtrics.csv")[0])


FORMS = {
    "wave": "admins-2026", "tool": "google_forms", "responses": "f.csv", "strata": "strata.csv", "closed_on": "2026-05-31",
    "stratum": {"wiki": "Which wiki?"},
    "measures": [{"measure": "confident", "question": "Do you feel confident?", "yes": ["Yes"], "no": ["No"]}],
}  # fmt: skip


def test_a_google_form_has_one_row_of_questions_and_every_response_is_complete(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(
        "Timestamp,Email Address,Which wiki?,Do you feel confident?,Anything else?\r\n"
        '2024/03/01 10:00:00 AM GMT+1,ada@example.org,en.demo,Yes,"I wrote\r\nto Ben"\r\n'
        "2024/03/01 10:01:00 AM GMT+1,ada@example.org,en.demo,No,\r\n"
        ",ben@example.org,en.demo,No,\r\n"
    )
    batches, fault = read(FORMS, path)
    assert fault is None
    assert answers(batches) == [("line 2", "en.demo", "confident", True), ("line 4", "en.demo", "confident", False)]
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(5, "the response is complete")]
    assert answers(read(FORMS, path, token="Email Address")[0])[0] == ("ada@example.org", "en.demo", "confident", False)


def test_no_answer_about_yes_no_and_unsure_is_lost_where_each_is_a_measure(written):
    """Harassment is reported as yes, unsure and no apart: three measures of one question, which sum to everybody."""
    words = {"felt": "Yes", "unsure": "Not sure", "did_not": "No"}
    measures = [
        {"measure": name, "question": "Q3", "yes": [word], "no": [one for one in words.values() if one != word]}
        for name, word in words.items()
    ]
    sample = written("survey-qualtrics.csv", lambda records: [row for row in records if "نعم" not in row])
    found = answers(read(QUALTRICS, sample, measures=measures)[0])
    said = [measure for _, _, measure, is_yes in found if is_yes]
    assert len(said) == len({row[0] for row in found}) == 5
    assert {name: said.count(name) for name in words} == {"felt": 2, "unsure": 1, "did_not": 2}


@given(data=st.data())
@hypothesis_settings(max_examples=40)
def test_whatever_happens_to_the_bytes_only_rows_refusals_and_faults_come_out(data, tmp_path_factory):
    settings, name = data.draw(
        st.sampled_from([(QUALTRICS, "survey-qualtrics.csv"), (LIMESURVEY, "survey-limesurvey.csv")])
    )
    folder = tmp_path_factory.mktemp("changed")
    for source in (SAMPLES / name, STRATA):
        content = bytearray(source.read_bytes())
        for _ in range(data.draw(st.integers(0, 4))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
        (folder / source.name).write_bytes(bytes(content))
    batches, _ = read(settings, folder / name, folder / STRATA.name)
    assert all(isinstance(one, Batch) for one in batches)
