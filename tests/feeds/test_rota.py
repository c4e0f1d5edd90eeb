"""Rotas: which events are shifts, whose they are, what changes them, and what is refused."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.faults import FeedFault, UserFault
from etl.sources import rota
from tests.delivered import drained, faulty, landed, load_feed, rejects_of, rows_of

SAMPLE = Path(__file__).parent / "samples/rota.ics"
TOLD = {
    "rota": "emergencies", "zone": "Europe/Berlin",
    "roles": {"first-line": "(?i)^on call", "backup": "(?i)^backup"},
}  # fmt: skip
PLAIN = {"rota": "emergencies", "role": "responder"}
SHIFT = """BEGIN:VEVENT
UID:{uid}
DTSTART:20260105T080000Z
DTEND:20260105T160000Z
SUMMARY:Ana
ATTENDEE:mailto:ana@example.org
{more}END:VEVENT
"""


def calendar(*events: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events).replace("\n", "\r\n") + "END:VCALENDAR\r\n"


def shift(more: str = "", uid: str = "one", **changed: str) -> str:
    text = SHIFT.format(uid=uid, more=more and more + "\n")
    for name, value in changed.items():
        begin = text.index(f"{name}:")
        text = text[:begin] + (f"{name}{value}\n" if value else "") + text[text.index("\n", begin) + 1 :]
    return text


@pytest.fixture
def read(tmp_path):
    """The batches and the fault of calendars written as text; other words are settings of the rota."""

    def read(*texts: str | bytes, **told):
        names = [f"{number}.ics" for number in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        chosen = rota.Settings.model_validate({"rotas": [{**PLAIN, **told, "files": names}]})
        (delivery,) = rota.deliveries(chosen)
        return drained(rota.read(landed(delivery, *(tmp_path / name for name in names))))

    return read


def shifts(read_result) -> list[tuple]:
    batches, fault = read_result
    assert fault is None
    assert not rejects_of(batches)
    return sorted(rows_of(batches, "raw_rota", "starts_at", "ends_at", "person"))


def test_the_sample_is_read_by_role_person_and_time(read):
    batches, fault = read(SAMPLE.read_bytes(), **{**TOLD, "role": None})
    assert fault is None
    assert not rejects_of(batches)
    found = [
        (role, person.partition("@")[0], f"{starts:%d %H:%M}", (ends - starts).total_seconds() / 3600)
        for role, person, starts, ends in rows_of(batches, "raw_rota", "role", "person", "starts_at", "ends_at")
    ]
    assert found == [
        ("first-line", "ayo", "23 21:00", 8),
        ("first-line", "ayo", "24 21:00", 8),
        (
            "first-line",
            "ayo",
            "28 21:00",
            7,
        ),  # the clocks are put forward; the 25th is an exception, the 27th cancelled
        ("first-line", "ayo", "29 20:00", 8),
        ("first-line", "ayo", "30 20:00", 8),
        ("first-line", "ayo", "31 20:00", 8),
        ("first-line", "ayo", "01 20:00", 8),
        ("first-line", "bea", "26 22:30", 6.5),  # one night that somebody else took, later and shorter
        ("backup", "chi", "27 23:00", 47),  # two whole days in Berlin
        ("first-line", "bea", "24 05:00", 16),
        ("first-line", "bea", "25 05:00", 16),
        ("first-line", "dan", "01 16:00", 4),  # a floating time is one of Berlin
    ]


def test_names_are_hashed_at_the_door_and_nothing_else_of_an_event_is_kept(connection):
    told = {**TOLD, "files": [SAMPLE.name]}
    (delivery,) = rota.deliveries(rota.Settings.model_validate({"rotas": [told]}))
    load_feed(connection, rota, [landed(delivery, SAMPLE)])
    stored = str(connection.execute("SELECT * FROM raw_rota").fetchall())
    for word in ("ayo", "Ayo", "example.org", "555 0100", "nights", "Dentist"):
        assert word not in stored
    assert connection.execute("SELECT COUNT(*), COUNT(DISTINCT person_key) FROM raw_rota").fetchall() == [(12, 4)]
    assert connection.execute("SELECT COUNT(*) FROM quarantine").fetchall() == [(0,)]


def test_a_name_is_one_whatever_its_case_and_blanks(read):
    text = calendar(shift(SUMMARY=":ANA  maria"), shift(uid="two", SUMMARY=":Ana Maria "))
    assert {person for _, _, person in shifts(read(text, person="summary"))} == {"ana maria"}


def test_the_person_may_stand_in_a_part_of_the_summary(read):
    text = calendar(shift(SUMMARY=":On call: Ben (phone)"))
    found = shifts(read(text, person="summary", person_pattern=r"On call: (\w+)"))
    assert [person for _, _, person in found] == ["ben"]


def test_a_calendar_may_be_of_one_person_and_a_shared_event_is_then_a_shift_of_each(read):
    texts = [calendar(shift()).replace("VERSION:2.0", f"X-WR-CALNAME:{name}") for name in ("Ana", "Ben")]
    assert [person for _, _, person in shifts(read(*texts, person="calendar"))] == ["ana", "ben"]


def test_of_two_versions_of_an_event_the_later_one_counts_in_whatever_file_it_is(read):
    late = calendar(shift("SEQUENCE:3", DTEND=":20260105T120000Z"))
    early = calendar(shift("SEQUENCE:2"))
    for order in ((late, early), (early, late)):
        assert [end.hour for _, end, _ in shifts(read(*order))] == [12]


def test_a_change_may_stand_in_another_file_than_its_series(read):
    series = calendar(shift("RRULE:FREQ=DAILY;COUNT=3"))
    change = calendar(shift("RECURRENCE-ID:20260106T080000Z", DTSTART=":20260106T100000Z", DTEND=":20260106T110000Z"))
    assert [start.hour for start, _, _ in shifts(read(change, series))] == [8, 10, 8]


def test_a_change_of_all_that_follow_moves_them_all(read):
    change = shift(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260107T080000Z", DTSTART=":20260107T090000Z", DTEND=":20260107T130000Z"
    )
    found = shifts(read(calendar(shift("RRULE:FREQ=DAILY;COUNT=4"), change)))
    assert [(start.day, start.hour, end.hour) for start, end, _ in found] == [
        (5, 8, 16), (6, 8, 16), (7, 9, 13), (8, 9, 13),
    ]  # fmt: skip


def test_a_cancelled_series_has_no_shifts_but_those_that_were_changed(read):
    change = shift("RECURRENCE-ID:20260106T080000Z", DTSTART=":20260106T080000Z", DTEND=":20260106T160000Z")
    found = shifts(read(calendar(shift("RRULE:FREQ=DAILY;COUNT=3\nSTATUS:CANCELLED"), change)))
    assert [start.day for start, _, _ in found] == [6]


def test_an_exception_may_name_the_day_only(read):
    found = shifts(read(calendar(shift("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260106"))))
    assert [start.day for start, _, _ in found] == [5, 7]


def test_added_times_may_be_periods_with_an_end_or_a_duration(read):
    added = "RDATE;VALUE=PERIOD:20260107T080000Z/20260107T090000Z,20260108T080000Z/PT2H"
    found = shifts(read(calendar(shift(added))))
    assert [(end - start).total_seconds() / 3600 for start, end, _ in found] == [8, 1, 2]


def test_what_recurs_without_end_is_followed_to_the_end_of_the_year_after_receipt(read):
    found = shifts(read(calendar(shift("RRULE:FREQ=WEEKLY"))))
    assert found[-1][0] == datetime(2027, 12, 27, 8)


def test_a_shift_that_nobody_is_named_for_is_refused_once_and_leaves_a_gap(read):
    batches, fault = read(calendar(shift("RRULE:FREQ=DAILY", ATTENDEE=""), shift(uid="two")))
    assert fault is None
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(3, "a shift names a person")]
    assert len(rows_of(batches, "raw_rota", "line")) == 1
    assert rows_of(batches, "raw_rota_wanted", "starts_at") == [(datetime(2026, 1, 5, 8),)]


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ("RRULE:FREQ=SECONDLY", "a shift recurs hourly"),
        ("RRULE:FREQ=MINUTELY;COUNT=3", "a shift recurs hourly"),
        ("RRULE:FREQ=DAILY;INTERVAL=0", "INTERVAL and COUNT are numbers from 1"),
        ("RRULE:FREQ=DAILY;UNTIL=soon", "a time is written as"),
        ("RRULE:FREQ=MONTHLY;BYDAY=XX", "days of the week are MO to SU"),
        ("RRULE:FREQ=DAILY;BYEASTER=1", "a recurrence has the parts"),
        ("RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,5,10,15,20,25,30,35,40,45", "at most 96 times a day"),
        ("RDATE:20260230T080000Z", "a day is one that the calendar has"),
        ("EXDATE:never", "a time is written as"),
        ("EXRULE:FREQ=DAILY", "EXRULE was taken out"),
        ("RECURRENCE-ID;RANGE=THISANDPRIOR:20260105T080000Z", "a change is of one time"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_rule_and_without_its_words(read, more, rule):
    batches, fault = read(calendar(shift(more), shift(uid="other")))
    assert fault is None
    (reject,) = rejects_of(batches)
    assert rule in reject.rule
    assert "ana" not in reject.excerpt
    assert len(rows_of(batches, "raw_rota", "line")) == 1  # the other event is read


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"DTSTART": ""}, "an event says its DTSTART"),
        ({"DTSTART": ":20260105"}, "a shift ends after it began"),
        ({"DTSTART": ":20260105T250000Z"}, "a time is one that the day has"),
        ({"DTSTART": ":19700101T080000Z"}, "a shift begins in 2001 or later"),
        ({"DTSTART": ";TZID=Mars/Olympus:20260105T080000"}, "a time zone is one that everybody knows"),
        ({"DTSTART": ";TZID=../../etc/passwd:20260105T080000"}, "a time zone is one that everybody knows"),
        ({"DTEND": ":20260105T080000Z"}, "a shift ends after it began"),
        ({"DTEND": ""}, "a shift ends after it began"),
    ],
)
def test_an_event_without_a_time_that_can_be_known_is_no_shift_and_no_guess(read, changed, rule):
    changed = {"DTEND": ":20260101T160000Z", **changed} if changed.get("DTSTART") == ":20260105" else changed
    batches, _ = read(calendar(shift(**changed)))
    assert [rule in one.rule for one in rejects_of(batches)] == [True]
    assert not rows_of(batches, "raw_rota", "line")


def test_rules_that_never_fit_cost_no_more_than_others(read):
    """dateutil would look for each of them up to the year 9999."""
    rules = ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=7;BYDAY=TU", "FREQ=WEEKLY;BYSETPOS=9")
    events = [shift(f"RRULE:{rule}", uid=str(number)) for number, rule in enumerate(rules * 20)]
    assert len(shifts(read(calendar(*events)))) == 60  # each event's own first time


def test_an_event_that_fits_no_role_is_no_shift_and_is_not_told_of(read):
    batches, fault = read(calendar(shift(SUMMARY=":Dentist", DTSTART=":bad")), role=None, roles={"responder": "^On"})
    assert (batches, fault) == ([], None)


def test_a_role_can_be_told_by_a_category(read):
    text = calendar(shift("CATEGORIES:Team\\, west,Second line"))
    batches, _ = read(text, role=None, roles={"first": "^First", "second": "^Second"})
    assert rows_of(batches, "raw_rota", "role") == [("second",)]


def test_where_an_event_is_cut_off_what_could_be_read_is_told_and_then_the_fault(read):
    whole = calendar(shift(), shift(uid="two"))
    batches, fault = read(whole[: whole.index("UID:two") + 20])
    assert isinstance(fault, FeedFault)
    assert "the file ends inside VEVENT, begun on line 10" in fault.found
    assert fault.exit_code == 11
    assert batches == []  # a calendar counts as a whole


def test_faults_of_several_files_are_told_together(read):
    _, fault = read("BEGIN:VCARD\nEND:VCARD\n", "", calendar(shift())[:60])
    assert fault is not None
    assert all(word in str(fault) for word in ("0.ics", "it is no calendar", "1.ics", "empty", "2.ics", "ends inside"))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("Subject,Start Date\n", "it is no calendar"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "END:VCALENDAR"),
        ("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 20, "parts inside one another"),
        (calendar(shift()).encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04", "a zip archive"),
    ],
)
def test_a_file_that_is_no_calendar_says_what_it_is(read, content, found):
    _, fault = read(content)
    assert found in str(fault)


def test_lines_of_other_properties_may_be_anything(read):
    noise = b"DESCRIPTION:\xff\x00 and more\r\nATTACH:" + b"A" * (3 << 20) + b"\r\nX-ODD:;;;\r\n"
    text = calendar(shift()).encode().replace(b"UID:one\r\n", b"UID:one\r\n" + noise)
    assert len(shifts(read(text))) == 1


def test_a_calendar_without_events_is_one(read):
    assert read(calendar()) == ([], None)


def test_settings_say_what_is_wrong_with_a_rota():
    for told, said in (
        ({"role": "a", "roles": {"b": "c"}}, "either role"),
        ({}, "either role"),
        ({"role": "a", "wanted": {"b": []}}, "no role of this rota"),
        ({"roles": {"a": "("}}, "no regular expression"),
        ({"role": "a", "zone": "Berlin"}, "no time zone is called"),
        ({"role": "a", "person_pattern": "x"}, "must have a group"),
        ({"role": "a", "wanted": {"a": [{"from": "8", "to": "25:00"}]}}, "a time of the day"),
    ):
        with pytest.raises(ValueError, match=said):
            rota.Settings.model_validate({"rotas": [{"rota": "r", "files": ["r.ics"], **told}]})
    with pytest.raises(ValueError, match="each role once"):
        rota.Settings.model_validate({"rotas": [{"rota": name, "files": ["r"], "role": "a"} for name in "xy"]})


def test_more_shifts_than_anybody_works_are_a_fault_and_no_full_disk(read, monkeypatch):
    monkeypatch.setattr(rota, "MOST_SHIFTS", 100)
    with faulty("more than 100 shifts", "recurs without end"):
        _, fault = read(calendar(shift("RRULE:FREQ=HOURLY;INTERVAL=3")))
        raise fault or AssertionError("it was read")


@settings(max_examples=50)
@given(data=st.data())
def test_whatever_happens_to_its_bytes_a_calendar_is_read_refused_or_a_fault(data, tmp_path_factory):
    text = bytearray(SAMPLE.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(text) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"\0", b"\xff", b"\r\n ", b":", b";", b"99999999", b"-", b"BEGIN:VEVENT\n"])
        )
        text[at : at + data.draw(st.integers(0, 30))] = piece
    path = tmp_path_factory.mktemp("mutated") / "rota.ics"
    path.write_bytes(text)
    (delivery,) = rota.deliveries(rota.Settings.model_validate({"rotas": [{**TOLD, "files": ["rota.ics"]}]}))
    batches, fault = drained(rota.read(landed(delivery, path)))
    assert fault is None or isinstance(fault, UserFault)
    for batch in batches:
        assert len({len(values) for values in batch.columns.values()}) == 1
