"""What QuickSurveys' events hand over in both of their shapes, what they refuse, and what becomes of the answers."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from etl.feed import Batch
from etl.sources import quicksurveys
from tests.delivered import drained, landed, load_feed, rejects_of, rows_of, run
from tests.tables import raw, rows

SAMPLES = Path(__file__).parent / "samples"
SAMPLE, STRATA = SAMPLES / "quicksurveys.jsonl", SAMPLES / "quicksurveys-strata.csv"
YES, NO, UNSURE = (f"ext-quicksurveys-safety-{word}" for word in ("yes", "no", "unsure"))
WAVE = {
    "wave": "2026-summer", "survey": "safety-2026", "files": ["feeds/quicksurveys-*.jsonl.gz"], "strata": "strata.csv",
    "opened_on": "2026-06-01", "closed_on": "2026-06-29", "wikis": {"endemowiki": "en.demo", "swdemowiki": "sw.demo"},
    "measures": [{"measure": "felt_unsafe", "yes": [YES], "no": [NO, UNSURE]}],
}  # fmt: skip
EVENT = json.loads(SAMPLE.read_text(encoding="utf-8").splitlines()[0])
MADE = ("core_survey_answer", "mart_survey_answer")


def delivery(**changes):
    (one,) = quicksurveys.deliveries(quicksurveys.Settings.model_validate({"waves": [{**WAVE, **changes}]}))
    return one


def read(*paths, strata=STRATA, **changes):
    return drained(quicksurveys.read(landed(delivery(**changes), strata, *paths)))


def answers(batches, *columns):
    return rows_of(batches, "raw_quicksurveys_answer", *(columns or ("line", "respondent", "stratum", "is_yes")))


@pytest.fixture
def written(tmp_path):
    """Events like the first of the sample with these changes inside of `event`, read."""

    def written(*changes, **settings):
        lines = [json.dumps({**EVENT, "event": {**EVENT["event"], **one}}) for one in changes]
        (tmp_path / "q.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        batches, fault = read(tmp_path / "q.jsonl", **settings)
        assert fault is None
        return batches

    return written


@pytest.fixture
def made(connection):
    """The models made of what landed; rows of the mart."""

    def made(*given, as_of="2026-11-19"):
        load_feed(connection, quicksurveys, list(given))
        for name in ("raw_survey_answer", "raw_survey_stratum"):
            raw(connection, name)
        run(connection, as_of, *MADE)
        return rows(connection, "mart_survey_answer", "wave", "stratum", "stratum_population", "is_yes")

    return made


def test_both_shapes_of_answers_become_yes_or_no_in_their_strata():
    batches, fault = read(SAMPLE)
    assert fault is None
    assert answers(batches) == [
        (1, "tok-a", "en.demo / 5-99", True),  # surveyResponseValue
        (2, "tok-b", "en.demo / 5-99", False),  # surveyAnswers
        (3, "tok-b", "en.demo / 100-999", True),
        (4, "tok-b", "en.demo / 5-99", False),
        (5, "tok-c", "sw.demo / 5-99", False),  # unsure is no yes
        (13, "tok-k", "en.demo / 5-99", False),  # of the sanitised copy
    ]


def test_what_is_refused_and_why():
    batches, _ = read(SAMPLE)
    both = "the answer is one of the keys for yes and no of felt_unsafe, and not of both"
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)] == [
        (8, both, "2 answers"),
        (9, both, "answer: a aaaa aaaaaaa aa aaa aaaaaaa"),
        (10, "the answer came while the wave was open", "on another day of 2026"),
        (11, "the answer came while the wave was open", "on another day of 2026"),
        (12, "the stratum is in the strata file, with people in it", "wiki: aa.aaaa; edit_bucket: 9999+"),
        (14, "an answer says whether somebody was logged in, or their edits", "neither"),
    ]


def test_one_answer_a_token_the_last_one_counts_and_its_stratum_is_the_persons(made):
    assert made(landed(delivery(), STRATA, SAMPLE)) == [
        ("2026-summer", "2026-summer / en.demo / 100-999", 300, True),  # tok-b's last word, in the range it had then
        ("2026-summer", "2026-summer / en.demo / 5-99", 900, False),
        ("2026-summer", "2026-summer / en.demo / 5-99", 900, True),
        ("2026-summer", "2026-summer / sw.demo / 5-99", 40, False),
    ]


def test_files_in_any_order_and_twice_change_nothing(made, connection, tmp_path):
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    parts = [tmp_path / name for name in ("b.jsonl", "a.jsonl")]
    parts[0].write_bytes(b"".join(lines[2:]))
    parts[1].write_bytes(b"".join(lines[:9]))
    found = made(landed(delivery(), STRATA, *parts))
    for name in ("raw_quicksurveys_answer", "raw_quicksurveys_stratum", "quarantine", *MADE):
        connection.execute(f"DROP TABLE {name}")
    assert made(landed(delivery(), STRATA, SAMPLE)) == found


def test_answers_of_other_questions_of_a_person_share_the_last_stratum(made, tmp_path):
    """Else a person would belong to two strata of a wave, which the contract refuses."""
    events = [
        {"surveyQuestionLabel": "q-felt", "editCountBucket": "5-99 edits"},
        {"surveyQuestionLabel": "q-seen", "editCountBucket": "100-999 edits"},
        {"surveyQuestionLabel": "q-else"},
    ]
    lines = [
        {**EVENT, "meta": {**EVENT["meta"], "dt": f"2026-06-0{day}T10:00:00Z"}, "event": {**EVENT["event"], **one}}
        for day, one in enumerate(events, start=2)
    ]
    (tmp_path / "q.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    words = {"yes": [YES], "no": [NO]}
    measures = [{"measure": name, "question": f"q-{name}", **words} for name in ("felt", "seen")]
    found = made(landed(delivery(measures=measures), STRATA, tmp_path / "q.jsonl"))
    assert found == [("2026-summer", "2026-summer / en.demo / 100-999", 300, True)] * 2


def test_people_without_an_account_are_left_out_or_a_stratum_by_themselves():
    assert 6 not in {row[0] for row in answers(read(SAMPLE)[0])}
    kept, _ = read(SAMPLE, logged_out="stratum")
    assert (6, "tok-d", "en.demo / logged out", True) in answers(kept)


def test_without_ranges_of_edits_the_wiki_is_the_stratum():
    batches, _ = read(SAMPLE, by=["wiki"])
    assert answers(batches, "line", "stratum", "edit_bucket")[0] == (1, "en.demo", "all")
    populations = rows_of(batches, "raw_quicksurveys_stratum", "stratum", "population")
    assert populations == [("en.demo", 6200), ("sw.demo", 40)]


def test_the_time_is_that_of_receipt_for_clocks_of_devices_lie():
    assert answers(read(SAMPLE)[0], "answered_at", "closed_at")[0] == (
        datetime(2026, 6, 2, 10),
        datetime(2026, 6, 29, 23, 59, 59),
    )


def test_a_wave_that_is_not_closed_does_not_exist_yet(made):
    assert made(landed(delivery(), STRATA, SAMPLE), as_of="2026-06-29") == []


def test_a_sanitised_copy_says_who_had_an_account_by_their_edits(written):
    bare = {"isLoggedIn": None, "countryCode": None, "surveyResponseFreeText": None}
    assert len(answers(written(bare))) == 1
    assert answers(written({**bare, "editCountBucket": None})) == []


def test_nobodys_words_country_page_or_token_passes_the_door(connection):
    load_feed(connection, quicksurveys, [landed(delivery(), STRATA, SAMPLE)])
    stored = str(connection.execute("SELECT * FROM raw_quicksurveys_answer").fetchall())
    stored += str(connection.execute("SELECT * FROM quarantine").fetchall())
    said = SAMPLE.read_text(encoding="utf-8")
    names = ("Ada Example", "KE", "Example_Page", "tok-a", "pv1", "watched", "5150", "minerva")
    assert all(name in said for name in names)
    assert not [name for name in names if name in stored]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"surveyResponseValue": None, "surveyAnswers": "yes"}, "surveyAnswers is a list of keys"),
        ({"surveyAnswers": [1]}, "surveyAnswers is a list of keys"),
        ({"surveyAnswers": [{"a": 1}]}, "surveyAnswers is a list of keys"),
        ({"isLoggedIn": "yes"}, "isLoggedIn is true or false"),
        ({"surveyCodeName": 5}, "surveyCodeName is a text of at most 200 characters"),
        ({"editCountBucket": "lots"}, "the stratum is in the strata file, with people in it"),
        ({"surveySessionToken": "\0"}, "surveySessionToken is a text of at most 200 characters"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(written, changes, rule):
    batches = written(changes)
    assert answers(batches) == []
    assert [one.rule for one in rejects_of(batches)] == [rule]


def test_an_answer_without_a_token_stands_for_itself_and_one_without_a_choice_says_nothing(written):
    assert answers(written({"surveySessionToken": None}), "respondent") == [("q1",)]
    assert answers(written({"surveyResponseValue": ""}, {"surveyResponseValue": None, "surveyAnswers": []})) == []
    assert answers(written({"surveyResponseValue": "SKIP"}, {}, missing=["skip"])) != []


def test_several_choices_that_are_all_yes_are_one_yes(written):
    measures = [{"measure": "harmed", "yes": ["names", "threats"], "no": ["none"]}]
    found = written({"surveyAnswers": ["Threats", "names"]}, {"surveyAnswers": ["none"]}, measures=measures)
    assert answers(found, "is_yes") == [(True,), (False,)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measures": [{"measure": "a", "yes": "y", "no": "n"}, {"measure": "b", "yes": "y", "no": "n"}]}, "needs its question"),
        ({"measures": [{"measure": "a", "question": "q", "yes": "y", "no": "n"}] * 2}, "each measure once"),
        ({"logged_out": "stratum", "by": ["wiki"]}, "needs edit_bucket"),
        ({"strata": "strata-*.csv"}, "one file is wanted"),
        ({"strata": "a.csv", "files": ["a.csv"]}, "files are those of the answers"),
        ({"country": "KE"}, "country"),
        ({"by": ["country"]}, "by"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_told_in_words(changes, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  pydantic's error is a ValueError
        delivery(**changes)
    assert words in str(caught.value)


def test_a_wave_stands_once():
    with pytest.raises(ValueError, match="each wave once; 2026-summer"):
        quicksurveys.Settings.model_validate({"waves": [WAVE, WAVE]})


def test_of_a_wave_whose_answers_were_all_deleted_the_strata_are_left():
    batches = list(quicksurveys.read(landed(delivery(), STRATA)))
    assert {one.table for one in batches} == {"raw_quicksurveys_stratum"}


def test_a_wave_of_two_feeds_breaks_the_contract(connection):
    load_feed(connection, quicksurveys, [landed(delivery(), STRATA, SAMPLE)])
    strata = {"wiki": "all", "edit_bucket": "all", "stratum": "s", "wave": "2026-summer"}
    raw(connection, "raw_survey_stratum", "population\n---\n10", strata)
    given = {**strata, "measure": "m", "is_yes": "yes", "closed_at": "2026-06-29T23:59:59"}
    raw(connection, "raw_survey_answer", "respondent\n---\na", given)
    with pytest.raises(AssertionError, match="a wave comes by one feed"):
        run(connection, "2026-11-19", *MADE)


@given(data=st.data())
@hypothesis_settings(max_examples=40)
def test_whatever_happens_to_the_bytes_only_rows_refusals_and_faults_come_out(data, tmp_path_factory):
    content = bytearray(SAMPLE.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    path = tmp_path_factory.mktemp("changed") / "q.jsonl"
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    batches, _ = read(path)
    assert all(isinstance(one, Batch) for one in batches)
