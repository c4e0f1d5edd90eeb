"""What the survey feed hands over of both tools' exports, and what it refuses."""

import csv
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from etl.sources import survey
from tests.delivered import drained, faulty, landed, load_feed, rejects_of, rows_of
from tests.tables import rows

SAMPLES = Path(__file__).parent / "samples"
STRATA = SAMPLES / "survey-strata.csv"
QUALTRICS = {
    "wave": "2026-spring", "tool": "qualtrics", "responses": "q.csv", "strata": "strata.csv", "closed_on": "2026-04-12",
    "stratum": {"wiki": "Q_wiki", "edit_bucket": "Q_edits"}, "token": "ResponseId",
    "measures": [
        {"measure": "felt_unsafe", "question": "Q3", "yes": ["Yes", "نعم"], "no": ["No", "Not sure"]},
        {"measure": "knows_where_to_report", "question": "Q4", "yes": ["Yes"], "no": ["No"]},
    ],
}  # fmt: skip
LIMESURVEY = {
    "wave": "2026-autumn", "tool": "limesurvey", "responses": "l.csv", "strata": "strata.csv", "closed_on": "2026-09-12",
    "stratum": {"wiki": "wiki", "edit_bucket": "edits"},
    "measures": [
        {"measure": "felt_unsafe", "question": "Q1", "yes": ["Yes"], "no": ["No", "Not sure"]},
        {"measure": "was_told_why", "question": "Q2[SQ001]", "yes": "Y", "no": "N"},
    ],
}  # fmt: skip


def delivery(settings, **changes):
    (one,) = survey.deliveries(survey.Settings.model_validate({"waves": [{**settings, **changes}]}))
    return one


def read(settings, path, strata=STRATA, **changes):
    return drained(survey.read(landed(delivery(settings, **changes), path, strata)))


def answers(batches):
    return rows_of(batches, "raw_survey_answer", "respondent", "stratum", "measure", "is_yes")


def changed(folder, name, change, encoding="utf-8"):
    """The sample of that name with its records changed by `change`, as a file in the folder."""
    with (SAMPLES / name).open(encoding="utf-8-sig", newline="") as text:
        records = list(csv.reader(text))
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as text:
        csv.writer(text).writerows(change(records))
    return path


@pytest.fixture
def written(tmp_path):
    return partial(changed, tmp_path)


def test_qualtrics_complete_answers_of_known_strata_become_yes_or_no_by_measure():
    batches, fault = read(QUALTRICS, SAMPLES / "survey-qualtrics.csv")
    assert fault is None
    assert answers(batches) == [
        ("R_1", "en.demo / 5-99", "felt_unsafe", True),
        ("R_1", "en.demo / 5-99", "knows_where_to_report", True),
        ("R_2", "en.demo / 5-99", "felt_unsafe", False),
        ("R_2", "en.demo / 5-99", "knows_where_to_report", False),
        ("R_3", "en.demo / 100-999", "felt_unsafe", False),  # not sure is no yes
        ("R_3", "en.demo / 100-999", "knows_where_to_report", True),
        ("R_6", "ar.demo / 5-99", "felt_unsafe", True),
        ("R_6", "ar.demo / 5-99", "knows_where_to_report", True),
        ("R_7", "ar.demo / 5-99", "felt_unsafe", True),  # did not answer the second question: no row
        ("R_9", "ar.demo / 5-99", "felt_unsafe", False),  # -99: saw it and passed over
        ("R_10", "en.demo / 100-999", "knows_where_to_report", False),
    ]


def test_qualtrics_previews_unfinished_strange_strata_and_strange_words_are_refused_and_counted():
    batches, _ = read(QUALTRICS, SAMPLES / "survey-qualtrics.csv")
    rule = "the answer to Q3 is one of the words for yes and no of felt_unsafe"
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)] == [
        (9, "the response is no preview, test or spam", "Status: preview, test or spam"),
        (10, "the response is complete", "Finished: no"),
        (13, "the stratum is in the strata file, with people in it", "Q_wiki: aa.aaaa; Q_edits: 9999+"),
        (15, rule, "Q3: Aaaaaaa aa aaa aa"),
    ]


def test_the_rest_of_the_row_its_wave_and_its_end():
    batches, _ = read(QUALTRICS, SAMPLES / "survey-qualtrics.csv")
    columns = ("line", "wave", "wiki", "edit_bucket", "closed_at")
    assert rows_of(batches, "raw_survey_answer", *columns)[0] == (
        6, "2026-spring", "en.demo", "5-99", datetime(2026, 4, 12, 23, 59, 59),
    )  # fmt: skip


def test_a_legacy_export_has_no_import_ids_and_loses_no_response(written):
    legacy = written("survey-qualtrics.csv", lambda records: records[:2] + records[3:])
    assert answers(read(QUALTRICS, legacy)[0]) == answers(read(QUALTRICS, SAMPLES / "survey-qualtrics.csv")[0])


def test_codes_in_place_of_texts_say_the_same(written):
    codes = {"IP Address": "0", "Survey Preview": "1", "True": "1", "False": "0"}
    coded = written(
        "survey-qualtrics.csv", lambda records: [[codes.get(cell, cell) for cell in row] for row in records]
    )
    found, _ = read(QUALTRICS, coded)
    assert answers(found) == answers(read(QUALTRICS, SAMPLES / "survey-qualtrics.csv")[0])


def test_previews_are_known_by_their_channel_where_the_export_has_no_status(written):
    path = written("survey-qualtrics.csv", lambda records: [row[:2] + row[3:] for row in records])
    batches, _ = read(QUALTRICS, path)
    assert rejects_of(batches)[0].excerpt == "DistributionChannel: preview, test or spam"
    assert answers(batches) == answers(read(QUALTRICS, SAMPLES / "survey-qualtrics.csv")[0])


def test_a_token_tells_people_apart_and_without_one_a_response_stands_for_itself(written):
    names = {"ResponseId": "Ref", "R_1": "person", "R_2": "person"}  # column 5 is the response's number
    path = written("survey-qualtrics.csv", lambda records: [[*row, names.get(row[5], "")] for row in records])
    batches, _ = read(QUALTRICS, path, token="Ref")
    assert answers(batches)[:3] == [
        ("person", "en.demo / 5-99", "felt_unsafe", False),  # R_2, the last of the two
        ("person", "en.demo / 5-99", "knows_where_to_report", False),
        ("R_3", "en.demo / 100-999", "felt_unsafe", False),
    ]


def test_ragged_rows_and_other_words_for_finished_are_refused_and_the_rest_goes_on(written):
    path = written("survey-qualtrics.csv", lambda records: [*records[:3], records[3][:4], *records[5:]])
    changed = path.read_text(encoding="utf-8").replace("100,True,R_3", "100,Wahr,R_3")
    path.write_text(changed, encoding="utf-8")
    batches, _ = read(QUALTRICS, path)
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)][:2] == [
        (6, "the row has 12 fields, as the header has", "4 fields"),
        (7, "Finished is True or False", "Finished: Aaaa"),
    ]
    assert {row[0] for row in answers(batches)} == {"R_6", "R_7", "R_9", "R_10"}


def test_limesurvey_counts_submitted_responses_and_of_one_token_the_last():
    batches, fault = read(LIMESURVEY, SAMPLES / "survey-limesurvey.csv")
    assert fault is None
    assert answers(batches) == [
        ("tD", "ar.demo / 5-99", "felt_unsafe", False),
        ("tD", "ar.demo / 5-99", "was_told_why", False),
        ("tA", "en.demo / 5-99", "felt_unsafe", False),  # said yes at first; was not asked the second question now
        ("6", "en.demo / 100-999", "felt_unsafe", True),  # without tokens each response stands for itself
        ("6", "en.demo / 100-999", "was_told_why", True),
        ("7", "en.demo / 100-999", "felt_unsafe", False),
        ("7", "en.demo / 100-999", "was_told_why", False),
        ("tE", "ar.demo / 5-99", "was_told_why", True),
        ("tB", "en.demo / 5-99", "felt_unsafe", True),
    ]


def test_limesurvey_incomplete_replaced_and_placeless_responses_are_refused_and_counted():
    batches, _ = read(LIMESURVEY, SAMPLES / "survey-limesurvey.csv")
    again = "of several responses with one token the last counts"
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [
        (4, "the response is complete"),
        (2, again),
        (10, "the stratum is in the strata file, with people in it"),
        (3, again),
    ]


def test_strata_are_kept_with_their_populations_also_where_nobody_answered():
    batches, _ = read(QUALTRICS, SAMPLES / "survey-qualtrics.csv")
    columns = ("line", "wave", "stratum", "wiki", "edit_bucket", "population")
    assert rows_of(batches, "raw_survey_stratum", *columns) == [
        (2, "2026-spring", "en.demo / 5-99", "en.demo", "5-99", 900),
        (3, "2026-spring", "en.demo / 100-999", "en.demo", "100-999", 300),
        (4, "2026-spring", "ar.demo / 5-99", "ar.demo", "5-99", 400),
        (5, "2026-spring", "ar.demo / 100-999", "ar.demo", "100-999", 50),
    ]


def test_what_a_wave_does_not_tell_apart_is_all_and_populations_add_up():
    batches, _ = read(QUALTRICS, SAMPLES / "survey-qualtrics.csv", stratum={"wiki": "Q_wiki"})
    columns = ("stratum", "wiki", "edit_bucket", "population")
    assert rows_of(batches, "raw_survey_stratum", *columns) == [
        ("en.demo", "en.demo", "all", 1200),
        ("ar.demo", "ar.demo", "all", 450),
    ]
    batches, _ = read(QUALTRICS, SAMPLES / "survey-qualtrics.csv", stratum={})
    assert rows_of(batches, "raw_survey_stratum", *columns) == [("all", "all", "all", 1650)]
    assert {row[1] for row in answers(batches)} == {"all"}


def test_answers_are_stored_without_names_tokens_and_texts(connection):
    given = landed(delivery(LIMESURVEY), SAMPLES / "survey-limesurvey.csv", STRATA)
    load_feed(connection, survey, [given])
    stored = str(connection.execute("SELECT * FROM raw_survey_answer").fetchall())
    assert not [word for word in ("tA", "tE", "Ada", "thought") if word in stored]
    assert len(rows(connection, "raw_survey_answer", "line")) == 9
    assert len(rows(connection, "raw_survey_stratum", "line")) == 4
    assert len(rows(connection, "quarantine", "line")) == 4


def test_a_question_that_is_not_there_is_named_with_the_nearest(written):
    path = written(
        "survey-limesurvey.csv", lambda records: [[c.replace("Q2[SQ001]", "Q2_SQ001") for c in r] for r in records]
    )
    with faulty(
        "survey-limesurvey.csv:1", 'no column "Q2[SQ001]" (measures: was_told_why)', 'Did you mean "Q2_SQ001"?'
    ):
        list(survey.read(landed(delivery(LIMESURVEY), path, STRATA)))


def test_an_export_of_the_other_tool_is_named():
    with faulty('no column "Finished" (tool: qualtrics)'):
        list(survey.read(landed(delivery(QUALTRICS), SAMPLES / "survey-limesurvey.csv", STRATA)))
    with faulty('no column "submitdate" (tool: limesurvey)'):
        list(survey.read(landed(delivery(LIMESURVEY), SAMPLES / "survey-qualtrics.csv", STRATA)))


def test_an_export_whose_header_rows_were_taken_out_is_named_and_no_response_is_lost_in_silence(written):
    path = written("survey-qualtrics.csv", lambda records: records[:1] + records[3:])
    with faulty("survey-qualtrics.csv:2", "a response where the question texts stand"):
        list(survey.read(landed(delivery(QUALTRICS), path, STRATA)))


def test_header_rows_alone_are_no_survey(written):
    path = written("survey-qualtrics.csv", lambda records: records[:3])
    with faulty("header rows and no responses"):
        list(survey.read(landed(delivery(QUALTRICS), path, STRATA)))


def test_an_export_cut_short_gives_what_could_be_read_and_names_the_line(tmp_path):
    whole = (SAMPLES / "survey-limesurvey.csv").read_bytes()
    path = tmp_path / "l.csv"
    path.write_bytes(whole[: whole.index(b'"8","2026')] + b'"8","2026-09')
    batches, fault = read(LIMESURVEY, path)
    assert [row[0] for row in answers(batches)] == ["tB", "tD", "tD", "tA", "6", "6", "7", "7"]
    assert (fault.where, fault.found) == ("l.csv:9", "the file ends inside quotes that begin here")


def test_a_byte_that_is_not_in_the_encoding_is_refused_where_it_is_read(written):
    path = written("survey-qualtrics.csv", lambda records: records, encoding="utf-8")
    content = path.read_bytes()
    path.write_bytes(content.replace("نعم".encode(), b"Na\xefve").replace(b"I wrote to Ada", b"\xef\xef"))
    batches, _ = read(QUALTRICS, path)
    assert [one.line for one in rejects_of(batches) if one.rule == "text in utf-8 without NUL"] == [11]
    assert ("R_1", "en.demo / 5-99", "felt_unsafe", True) in answers(batches)  # its free text is not looked at


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("en.demo,5-99,10", "a stratum stands once in its file"),
        ("fr.demo,5-99,many", "population is a whole number"),
        ("fr.demo,5-99,-1", "population is a whole number"),
        ("fr.demo,,10", "a stratum says its wiki and edit_bucket"),
        ("fr.demo,5-99", "the row has 3 fields, as the header has"),
    ],
)
def test_a_line_of_strata_that_cannot_be_read_is_refused(tmp_path, line, rule):
    path = tmp_path / "strata.csv"
    path.write_text(STRATA.read_text() + line + "\n")
    batches, fault = read(QUALTRICS, SAMPLES / "survey-qualtrics.csv", path)
    assert fault is None
    assert [(one.line, one.rule) for batch in batches if batch.file == 1 for one in batch.rejects] == [(6, rule)]
    assert len(rows_of(batches, "raw_survey_stratum", "line")) == 4


def test_a_stratum_without_people_is_kept_and_has_no_answers(tmp_path):
    path = tmp_path / "strata.csv"
    path.write_text(STRATA.read_text().replace("100-999,300", "100-999,0"))
    batches, _ = read(QUALTRICS, SAMPLES / "survey-qualtrics.csv", path)
    assert ("en.demo / 100-999", 0) in rows_of(batches, "raw_survey_stratum", "stratum", "population")
    assert "en.demo / 100-999" not in {row[1] for row in answers(batches)}
    assert len(rejects_of(batches)) == 5  # R_3 and R_10 now for their stratum


def test_strata_without_populations_are_named(tmp_path):
    path = tmp_path / "strata.csv"
    path.write_text("wiki,edit_bucket,people\nen.demo,5-99,900\n")
    with faulty("strata.csv:1", 'no column "population"'):
        list(survey.read(landed(delivery(QUALTRICS), SAMPLES / "survey-qualtrics.csv", path)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tool": "forms"}, "google_forms"),
        ({"closed_on": "soon"}, "closed_on"),
        ({"measures": []}, "measures"),
        ({"measures": [{"measure": "m", "question": "Q", "yes": ["Yes"], "no": ["yes"]}]}, "yes is both yes and no"),
        ({"measures": [{"measure": "m", "question": "Q", "yes": [], "no": ["No"]}]}, "yes and no need an answer each"),
        ({"measures": [QUALTRICS["measures"][0]] * 2}, "each measure once; felt_unsafe"),
        ({"stratum": {"country": "Q9"}}, "country"),
    ],
)
def test_settings_that_cannot_be_are_told_in_words(changes, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  pydantic's error is a ValueError
        delivery(QUALTRICS, **changes)
    assert words in str(caught.value)


def test_a_wave_stands_once():
    with pytest.raises(ValueError, match="each wave once; 2026-spring"):
        survey.Settings.model_validate({"waves": [QUALTRICS, QUALTRICS]})


def test_a_pattern_that_fits_several_files_is_a_fault():
    with faulty("wave 2026-spring", "3 files", "two: responses and strata"):
        list(survey.read(landed(delivery(QUALTRICS), STRATA, STRATA, STRATA)))
