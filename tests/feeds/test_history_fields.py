"""Cutting lines by their bytes makes of them what Arrow's reader of CSV makes of them, or leaves them to it."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.formats import history_table
from etl.formats.history_columns import COLUMNS
from etl.formats.history_fields import Fields, Unusual, framed
from tests.history_dump import edit, user_event
from tests.mutated import mutations

LINES = [
    edit("2026-01-31 23:59:59.0", "Ada \u00e9", event_user_groups_historical="sysop,bot", event_comment="a\u00a0c"),
    edit("2024-02-29 00:00:00.0", "", revision_id="1234567890123456", event_user_first_edit_timestamp=""),
    edit("1970-01-01 00:00:00.0", "~2026-1", revision_id="123456789", revision_seconds_to_identity_revert="0"),
    edit("2099-12-31 12:34:56.0", "Ada", revision_id="00000000", revision_is_identity_reverted=""),
    user_event("2001-01-15 19:27:13.0", "Ben", user_groups_historical="a", user_is_created_by_self="true"),
]
TIME = st.from_regex(
    r"(19[67]|20[0-9]|2[0-9]{2})[0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-6][0-9]:[0-6][0-9]\.0", fullmatch=True
)


def cut(content, count=78):
    """As this reader cuts it; None where it leaves it to another."""
    reading = reader(count)
    try:
        return plain(reading._cut(Fields.of(framed([content]), count)))
    except Unusual:
        return None


def by_arrow(content, count=78):
    """None where Arrow does not read it."""
    try:
        return plain(reader(count)._table(content))
    except pa.ArrowInvalid:
        return None


def reader(count):
    names = COLUMNS[count]
    return history_table._Reading(names, {name: names.index(name) for name in history_table.TYPES if name in names})


def plain(table):
    """Texts as texts."""
    return pa.table({name: table.column(name).cast(kind) for name, kind in history_table.TYPES.items()})


@pytest.mark.parametrize("count", [70, 74, 76, 78])
def test_usual_lines_are_cut_and_mean_what_arrow_reads(count):
    places = [COLUMNS[78].index(name) for name in COLUMNS[count]]
    rows = [line.rstrip("\n").split("\t") for line in LINES]
    content = "".join("\t".join(row[place] for place in places) + "\n" for row in rows).encode()
    found = cut(content, count)
    assert found is not None
    assert found.equals(by_arrow(content, count))
    assert found.num_rows == len(LINES)


@settings(max_examples=50, deadline=None)
@given(mutations("".join(LINES).encode()))
def test_whatever_is_cut_is_what_arrow_reads(content):
    found = cut(content)
    assert found is None or found.equals(by_arrow(content))


@settings(max_examples=50)
@given(
    TIME, st.integers(0, 10**18), st.text(st.characters(blacklist_characters="\t\n\r\0", codec="utf-8"), max_size=40)
)
def test_times_numbers_and_names_are_what_arrow_reads(time, number, name):
    content = edit(time, name, revision_id=str(number), event_user_registration_timestamp=time).encode()
    found, wanted = cut(content), by_arrow(content)
    assert found is None or found.equals(wanted)
    is_usual = wanted is not None and "1970" <= time < "2100" and number < 10**16 and min(name or "a") > "\t"
    assert (found is not None) == is_usual


@pytest.mark.parametrize(
    "change",
    [
        {"event_timestamp": "2026-02-29 00:00:00.0"},
        {"event_timestamp": "2026-00-10 00:00:00.0"},
        {"event_timestamp": "2026-13-10 00:00:00.0"},
        {"event_timestamp": "2026-01-00 00:00:00.0"},
        {"event_timestamp": "2026-01-01 24:00:00.0"},
        {"event_timestamp": "2026-01-01 00:60:00.0"},
        {"event_timestamp": "2026-01-01 00:00:60.0"},
        {"event_timestamp": "2026-01-01 00:00:00.00"},
        {"event_timestamp": "2026-01-01T00:00:00.0"},
        {"event_timestamp": "2026-01-01 00:00:0:.0"},
        {"event_timestamp": "2026-01-01"},
        {"revision_id": "-1"},
        {"revision_id": "1x"},
        {"revision_id": "12345678/"},
        {"revision_id": "1" * 17},
        {"revision_is_identity_revert": "truE"},
        {"revision_is_identity_revert": "truefalse"},
        {"revision_is_identity_revert": "t"},
    ],
)
def test_what_is_not_usual_is_left_to_arrow(change):
    assert cut(edit("2026-01-01 00:00:00.0", "Ada").encode()) is not None
    assert cut(edit(**{"at": "2026-01-01 00:00:00.0", "user": "Ada", **change}).encode()) is None


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"\n",
        b"x\n",
        LINES[0].encode()[:-1],
        LINES[0].replace("Ada", "A\0a").encode(),
        LINES[0].replace("\t", "\0", 1).encode(),
    ],
)
def test_no_lines_short_lines_and_signs_that_no_text_has_are_left_to_arrow(spoilt):
    assert cut(spoilt) is None
    assert cut(LINES[1].encode() + spoilt) is None or not spoilt


def test_lines_whose_fields_only_add_up_are_left_to_arrow():
    first, second = LINES[0], LINES[1]
    assert cut((first.rpartition("\t")[0] + "\n" + second[:-1] + "\tx\n").encode()) is None
