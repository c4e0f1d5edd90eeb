"""When blocks end: the answers of PHP itself, of MediaWiki, and of the data lake's own tests."""

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats.durations import expiry
from etl.formats.strtotime import NoDuration

Find = Callable[[str], Path]
AT = datetime(2026, 1, 31, 15, 5, 38)
PHP = """
    1 second                          | 2026-01-31T15:05:39
    90 secs                           | 2026-01-31T15:07:08
    5 min                             | 2026-01-31T15:10:38
    31 hours                          | 2026-02-01T22:05:38
    1 day                             | 2026-02-01T15:05:38
    3 days                            | 2026-02-03T15:05:38
    2 weeks                           | 2026-02-14T15:05:38
    1 fortnight                       | 2026-02-14T15:05:38
    1 month                           | 2026-03-03T15:05:38
    3 months                          | 2026-05-01T15:05:38
    1 year                            | 2027-01-31T15:05:38
    10 years                          | 2036-01-31T15:05:38
    +1 week                           | 2026-02-07T15:05:38
    1 week -1 day                     | 2026-02-06T15:05:38
    2 years 6 months                  | 2028-07-31T15:05:38
    7months 3 days                    | 2026-09-03T15:05:38
    6 weeks, 5 hours, 21 minutes      | 2026-03-14T20:26:38
    1 Month                           | 2026-03-03T15:05:38
    1 weekk                           | 2026-02-07T05:05:38
    1 week z                          | 2026-02-07T15:05:38
    2 hours EST                       | 2026-01-31T22:05:38
    tomorrow                          | 2026-02-01T00:00:00
    tomorrow noon                     | 2026-02-01T12:00:00
    noon tomorrow                     | 2026-02-01T00:00:00
    midnight                          | 2026-01-31T00:00:00
    next month                        | 2026-03-03T15:05:38
    next monday                       | 2026-02-02T00:00:00
    monday                            | 2026-02-02T00:00:00
    saturday                          | 2026-01-31T00:00:00
    friday 10:00                      | 2026-02-06T10:00:00
    3 days 12:00                      | 2026-02-03T12:00:00
    Tue, 03 Mar 2026 02:19:13 GMT     | 2026-03-03T02:19:13
    3 Mar 2026 02:19:13 GMT           | 2026-03-03T02:19:13
    3 March 2026                      | 2026-03-03T00:00:00
    March 3, 2026                     | 2026-03-03T00:00:00
    March 3rd 2026 10:00              | 2026-03-03T10:00:00
    3 march                           | 2026-03-03T00:00:00
    25 december                       | 2026-12-25T00:00:00
    September 2027                    | 2027-09-01T00:00:00
    sept 2027                         | 2027-09-01T00:00:00
    march                             | 2026-03-31T00:00:00
    2026-05-09                        | 2026-05-09T00:00:00
    2026-05-09T08:22:20               | 2026-05-09T08:22:20
    2026-05-09T08:22:20Z              | 2026-05-09T08:22:20
    2026-05-09T08:22:20+02:00         | 2026-05-09T06:22:20
    2026-05-09 08:22                  | 2026-05-09T08:22:00
    2026/05/09                        | 2026-05-09T00:00:00
    5/9/2026                          | 2026-05-09T00:00:00
    5/9                               | 2026-05-09T00:00:00
    9.5.2026                          | 2026-05-09T00:00:00
    9-5-2026                          | 2026-05-09T00:00:00
    20260509                          | 2026-05-09T00:00:00
    20260509082220                    | 2026-05-09T08:22:20
    202605090822                      | 2026-05-09T08:22:00
    08:22, 9 May 2026                 | 2026-05-09T08:22:00
    08:22, 9 May 2026 (UTC)           | 2026-05-09T08:22:00
    20:59 9 May 2026                  | 2026-05-09T20:59:00
    8pm                               | 2026-01-31T20:00:00
    8:30 pm                           | 2026-01-31T20:30:00
    21:35                             | 2026-01-31T21:35:00
    2027                              | 2026-01-31T20:27:00
    2061                              | 2061-01-31T15:05:38
    31 february 2026                  | 2026-03-03T00:00:00
    29 february 2028                  | 2028-02-29T00:00:00
    24:00                             | 2026-02-01T00:00:00
    @1800000000                       | 2027-01-15T08:00:00
    1 week 25 march 2026              | 2026-04-01T00:00:00
    soon                              |
    1 wek                             |
    1 week and 2 days                 |
    indefinitely                      |
    12:00 13:00                       |
    2026-13-01                        |
"""


@pytest.mark.parametrize("line", PHP.strip().splitlines())
def test_a_duration_ends_when_php_says(line: str) -> None:
    """Answers of PHP 8.2.35, nothing where it has none:

    date_default_timezone_set("UTC"); gmdate("Y-m-d\\TH:i:s", strtotime($text, strtotime("2026-01-31T15:05:38Z")))
    """
    text, _, end = (part.strip() for part in line.partition("|"))
    if end:
        assert expiry(text, AT) == datetime.fromisoformat(end)
    else:
        with pytest.raises(NoDuration):
            expiry(text, AT)


@pytest.mark.parametrize("text", ["infinity", "infinite", "indefinite", "never", ""])
def test_some_words_mean_never(text: str) -> None:
    assert expiry(text, AT) is None


@pytest.mark.parametrize("text", ["Infinity", "infinity ", "forever"])
def test_words_that_mediawiki_would_not_have_taken_are_refused(text: str) -> None:
    with pytest.raises(NoDuration):
        expiry(text, AT)


@pytest.mark.parametrize(
    "text",
    ["10000 years", "99999999999 days", "-3000 years", "9999999999999999999 seconds", "99999999999999 days tomorrow"],
)
def test_an_end_outside_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(NoDuration):
        expiry(text, AT)


@pytest.mark.parametrize(
    "text",
    [
        "a week",
        "3 weekdays",
        "2020-W05",
        "11:03-24 days",
        "2026-0111",
        "next week",
        "yesterday",
        "2 mondays",
        "May 1ST",
    ],
)
def test_what_php_takes_and_nobody_would_guess_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(NoDuration):
        expiry(text, AT)


@given(st.integers(0, 10_000), st.integers(0, 500), st.integers(0, 5_000))
def test_lengths_add_up(hours: int, days: int, minutes: int) -> None:
    text = f"{days} days, {hours} hours {minutes} minutes"
    assert expiry(text, AT) == AT + timedelta(days=days, hours=hours, minutes=minutes)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        end = expiry(text, AT)
    except NoDuration:
        return
    assert end is None or end.tzinfo is None


def test_all_durations_of_english_wikipedia_end_when_mediawiki_says(shared: Find) -> None:
    with (shared("data/enwiki-block-log") / "durations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row["logid"] for row in rows if expiry(row["duration"], _time(row["timestamp"])) != _time(row["expiry"])]
    assert (wrong, len(rows)) == ([], 1050)


def test_lengths_of_the_data_lake_end_alike_but_for_months_and_years(shared: Find) -> None:
    """The lake counts a month as 30 days; MediaWiki goes by the calendar, and so do we."""
    vectors = json.loads(
        (shared("data/block-vectors") / "refinery_user_event_vectors.json").read_text(encoding="utf-8")
    )
    lengths = vectors["duration_from_20160101000000"].items()
    ours = {text: f"{expiry(text, datetime(2016, 1, 1)):%Y%m%d%H%M%S}" for text, _ in lengths}
    theirs = {text: end for text, end in lengths if "month" not in text and "year" not in text}
    assert {text: ours[text] for text in theirs} == theirs
    assert (ours["6 months"], ours["7 years"]) == ("20160701000000", "20230101000000")


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text[:-1]) if text else None
