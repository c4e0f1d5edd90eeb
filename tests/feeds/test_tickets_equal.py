"""Rows of exports read thousands at once are what they are when read one by one, whatever is in the file."""

import gzip
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.faults import UserFault
from etl.feed import LandedFile, Reject
from etl.formats import delimited, delimited_blocks, times
from etl.formats.delimited import Layout
from etl.formats.ticket_rows import COLUMNS, Reading
from etl.formats.times_at_once import EPOCH, NONE, Clocks
from etl.sources import tickets
from tests.delivered import RECEIVED, drained, rejects_of, values_of
from tests.mutated import mutations

SAMPLE = (Path(__file__).parent / "samples" / "tickets.csv").read_bytes()
HEADER = ("Nr", "Opened", "Text", "Reply", "Queue", "Solved", "Closed", "State", "Mood", "Urgent")
FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%y%m%d%H%M", "%Y-%m-%dT%H:%M:%S.%f%z", "%d %b %Y",
    "%Y-%m-%dT%H:%M:%S%z",
)  # fmt: skip
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca")
WORDS = (
    "",
    " ",
    "?",
    "N/A",
    "n/a",
    "solved",
    "Solved ",
    "SOLVED",
    "new",
    "Good",
    "bad",
    "yes",
    "Straße",
    "ſolved",
    "a\u00a0",
    "\ufeff",
)
ODD = (
    'a "quoted" word',
    "two\nlines",
    "two\r\nlines",
    "one\rreturn",
    "a,b;c\td",
    "\0",
    "=1+1",
    "x" * 300,
    "\u2028",
    '"',
    '""',
)

moments = st.one_of(
    st.datetimes(datetime(2001, 1, 1), datetime(2026, 11, 1)),
    st.datetimes(datetime(2026, 3, 29), datetime(2026, 3, 30)),
    st.datetimes(datetime(2025, 10, 26), datetime(2025, 10, 26, 6)),
)
far = st.datetimes(datetime(1969, 12, 25), datetime(2101, 2, 1))
words = st.sampled_from(WORDS)
any_words = st.one_of(words, st.sampled_from(ODD), st.text(max_size=4))
offsets = st.sampled_from(("UTC", "Asia/Kolkata", "America/St_Johns"))


def times_of(form: str, moments: st.SearchStrategy[datetime] = moments) -> st.SearchStrategy[str]:
    """Moments so written, and sometimes nothing."""
    found = st.builds(lambda moment, name: moment.replace(tzinfo=times.zone(name)).strftime(form), moments, offsets)
    return st.one_of(found, found, found, st.just(""))


def any_times_of(form: str) -> st.SearchStrategy[str]:
    odd = st.sampled_from(
        ("", " ", "?", "soon", "2026-02-30 10:00:00", "2026-13-01 10:00:00", "2026-1-5 3:4:5", "2026-01-05 24:00:00",
         "2026-01-05 23:60:00", "9999-01-01 00:00:00", "0000-00-00 00:00:00", "2026-01-05 10:00:00 (Europe/Rome)",
         "05.01.2026 10:00", "01/05/2026 00:30:00 PM", "01/05/2026 12:30:00 am", "2026-01-05T10:00:00Z",
         "2026-01-05T10:00:00+25:00", "２０２６-01-05 10:00:00", "2026-02-29 10:00:00"),
    )  # fmt: skip
    return st.one_of(times_of(form), times_of(form, far), odd, times_of(form).map(lambda text: f" {text}"))


@st.composite
def exports(draw: st.DrawFn) -> tuple[bytes, dict[str, object]]:
    """A file, and what the settings say of it."""
    form, delimiter = draw(st.sampled_from(FORMATS)), draw(st.sampled_from((",", ";", "\t")))
    encoding = draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "ascii")))
    end = draw(st.sampled_from(("\n", "\n", "\n", "\r\n", "\r")))
    quoting = draw(st.sampled_from(("needed", "needed", "all", "all", "none")))
    usual, odd, ragged = _row(words, times_of(form)), _row(any_words, any_times_of(form)), st.lists(words).map(tuple)
    rows = st.one_of(usual, usual, usual, usual, usual, _row(any_words, times_of(form)), odd, ragged)
    found = draw(st.lists(rows, min_size=1, max_size=12))
    lines = [delimiter.join(written(one, delimiter, quoting) for one in cells) for cells in (HEADER, *found)]
    text = end.join(lines) + draw(st.sampled_from((end, "")))
    missing = draw(st.sampled_from(([""], ["", "?"], ["n/a", "0000-00-00 00:00:00", "05.01.2026 10:00"])))
    told = {"format": form, "delimiter": delimiter, "encoding": encoding, "zone": draw(st.sampled_from(ZONES))}
    return text.encode(encoding, "replace"), {**told, "missing": missing, **draw(st.sampled_from(KINDS))}


def _row(word: st.SearchStrategy[str], time: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.tuples(word, time, word, time, word, time, time, word, word, word)


def written(cell: str, delimiter: str, quoting: str) -> str:
    is_needed = any(sign in cell for sign in f'{delimiter}"\r\n')
    if quoting == "all" or (quoting == "needed" and is_needed):
        return '"' + cell.replace('"', '""') + '"'
    return cell


PLAIN = {"id": "Nr", "opened": "Opened", "first_response": "Reply", "queue": "Queue"}
KINDS = (
    {"columns": {"id": "Nr", "opened": "Opened"}},
    {"columns": {**PLAIN, "resolved": ["Solved", "Closed"], "channel": ["Queue", "Mood"]}},
    {"columns": {**PLAIN, "state": "State"}, "closed_states": ["solved"], "unanswered_states": ["new", "?"]},
    {
        "columns": {**PLAIN, "id": ["Nr", "Queue"], "satisfaction": "Mood", "emergency": "Urgent"},
        "satisfaction": {"good": "good", "bad": "bad", "none": "n/a"}, "emergency": ["yes"],
    },
)  # fmt: skip


def one_by_one(file: LandedFile, desk: tickets.Desk):
    """Rows, refusals and the fault, by the reader that looks at one record at a time."""
    rows, rejects = [], []
    try:
        records = delimited.records(file, Layout(desk.delimiter, desk.encoding))
        header = [name.strip() for name in next(records).fields]
        places = delimited.check_columns(file, Layout(desk.delimiter), header, desk.columns.wanted())
        clock = times.Clock(desk.zone, desk.format)
        reading = Reading(desk, desk.columns.mapped(), places, clock, file.received_at + tickets.AHEAD)
        for record in records:
            outcome = reading.outcome(record)
            if isinstance(outcome, Reject):
                rejects.append(outcome)
            else:
                rows.append(tuple(outcome[name] for name in COLUMNS))
    except UserFault as fault:
        return rows, rejects, str(fault)
    return rows, rejects, None


def at_once(file: LandedFile, desk: tickets.Desk):
    batches, fault = drained(tickets._batches(file, desk))
    rows = [row for one in batches for row in zip(*(values_of(one, name) for name in COLUMNS), strict=True)]
    return rows, rejects_of(batches), None if fault is None else str(fault)


def check(path: Path, content: bytes, told: dict[str, object]) -> None:
    path.write_bytes(content)
    desk = tickets.Desk.model_validate({"desk": "d", "files": ["desk.csv"], **told})
    file = LandedFile(path, "desk.csv", "0" * 64, len(content), RECEIVED)
    theirs, ours = one_by_one(file, desk), at_once(file, desk)
    assert theirs[:2] == ours[:2]
    assert (theirs[2] is None) == (ours[2] is None)
    assert theirs[2] is None or "there is no column" in theirs[2] or theirs[2] == ours[2]


@pytest.fixture(params=[(3 << 20, 500), (60, 2), (400, 1)], ids=["one block", "blocks of a row", "small blocks"])
def _sizes(request, monkeypatch):
    """Of what is cut at once, and read one by one where something is odd."""
    block, some = request.param
    monkeypatch.setattr(delimited_blocks, "BLOCK", block)
    monkeypatch.setattr(delimited_blocks, "ONE_BY_ONE", some)


FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.mark.usefixtures("_sizes")
@FEW
@given(exports())
def test_any_export_is_read_at_once_as_one_by_one(tmp_path, export):
    check(tmp_path / "desk.csv", *export)


TIME = b"2026-01-01 10:00:00"


@pytest.mark.usefixtures("_sizes")
@pytest.mark.parametrize(
    "rows",
    [
        b'A,TIME,say "so",TIME,safety\nB,TIME,,TIME,x\n',
        b'A,TIME,"say ""so""",TIME,"a ""b"""\n"B",TIME,,TIME,x\n',
        b'"A""1",TIME,,,\n"""A""",TIME,,,\n"",TIME,,,\n',
        b"A,TIME,,,\r\n\r\n\nB,TIME,,TIME,x\r\n",
        b'A,TIME,"two\n\nlines\r\nand three",,"q\nr"\nB,TIME,,TIME,x\n',
        b" A,TIME,,,x\nA ,TIME,,, x \nN/A,TIME,,n/A,\n?,TIME,,?,?\n",
        b"A\r,TIME,,,x\nB,TIME,,,y\n",
        b"A,TIME,,,x\rB,TIME,,,y\n",
        b"\xc3\x84,TIME,,,\xc3\x84\n\xff,TIME,,,x\nA,TIME,\xff,,\xff\n",
        b"A\0,TIME,,,x\nB,TIME,\0,,x\nC,TIME,,,\0\n",
        b"A,TIME\nB,TIME,,,x,,\nC,TIME,,,x\n,,,,\n,\n",
        b"A,TIME," + b"x" * 140_000 + b",,x\nB,TIME,,,y\n",
        b'A,TIME,"' + b"x\n" * 70_000 + b'",,x\nB,TIME,,,y\n',
        b"A,2025-10-26 02:50:00,,2025-10-26 02:10:00,x\nB,2026-03-29 02:30:00,,2026-03-29 02:10:00,x\n",
        b"A,2026-11-20 23:00:00,,2026-11-21 01:00:01,x\nB,2026-11-22 00:00:00,,,x\n",
        b"A,TIME,,,x\nB,TIME",
        b"A,TIME,,,x\nB,TIME,,,y",
        b'A,TIME,,,x\nB,TIME,,,"y',
    ],
)
def test_what_is_odd_in_an_export_is_read_as_one_by_one(tmp_path, rows):
    told = {"columns": PLAIN, "missing": ["", "?", "n/a"], "zone": "Europe/Berlin"}
    check(tmp_path / "desk.csv", b"Nr,Opened,Text,Reply,Queue\n" + rows.replace(b"TIME", TIME), told)


@pytest.mark.usefixtures("_sizes")
@FEW
@given(mutations(SAMPLE), st.booleans())
def test_a_spoilt_export_is_read_at_once_as_one_by_one(tmp_path, content, is_packed):
    columns = {
        "id": "Ticket",
        "opened": "Created",
        "first_response": "First reply",
        "resolved": "Solved",
        "queue": "Queue",
    }
    check(tmp_path / "desk.csv", gzip.compress(content) if is_packed else content, {"columns": columns})


def test_what_stands_before_a_damage_of_a_packed_file_is_handed_over(tmp_path):
    content = gzip.compress(
        b"Nr,Opened\n" + b"".join(b"%d,2026-01-01 10:00:00\n" % (row * row) for row in range(30_000))
    )
    path = tmp_path / "desk.csv"
    path.write_bytes(content[:-20_000])
    desk = tickets.Desk.model_validate(
        {"desk": "d", "files": ["desk.csv"], "columns": {"id": "Nr", "opened": "Opened"}}
    )
    rows, rejects, fault = at_once(LandedFile(path, "desk.csv", "", path.stat().st_size, RECEIVED), desk)
    assert len(rows) > 10_000
    assert rejects == []
    assert "it is cut short" in fault


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_many_times_are_read_as_each_of_them(form, data):
    """In any zone, knowing what they follow; those that are not sure are left."""
    clock = times.Clock(data.draw(st.sampled_from(sorted(available_timezones()))), form)
    texts = data.draw(st.lists(any_times_of(form), min_size=1, max_size=20))
    before = data.draw(st.lists(st.none() | moments, min_size=len(texts), max_size=len(texts)))
    ends = np.cumsum([len(one.encode()) for one in texts])
    starts = ends - [len(one.encode()) for one in texts]
    found = Clocks.of(clock).utc("".join(texts).encode(), starts, ends, np.array([*map(micros, before)]))
    for text, earliest, one in zip(texts, before, found.tolist(), strict=True):
        assert one in (NONE, micros(moment(clock, text, earliest)))


def micros(moment: datetime | None) -> int:
    return NONE if moment is None else (moment - EPOCH) // timedelta(microseconds=1)


def moment(clock: times.Clock, text: str, not_before: datetime | None) -> datetime | None:
    try:
        return clock.utc(text, not_before)
    except ValueError:
        return None


@pytest.mark.parametrize(("form", "count"), [*zip(FORMATS, (1, 1, 1, 1, 6, 0, 3), strict=True), ("%d/%m/%Y (UTC)", 0)])
def test_a_form_is_known_where_each_part_has_its_place(form, count):
    assert len(Clocks.of(times.Clock("UTC", form)).forms) == count


def test_times_of_the_usual_form_are_all_read_at_once(tmp_path):
    """The night on which the clocks go back included: a reply at 02:10 to what was asked at 02:50 is of the second hour."""
    text = b"2025-10-26 02:50:00|2025-10-26 02:10:00"
    clocks = Clocks.of(times.Clock("Europe/Berlin", "%Y-%m-%d %H:%M:%S"))
    (opened,) = clocks.utc(text, np.array([0]), np.array([19]), np.array([NONE]))
    (reply,) = clocks.utc(text, np.array([20]), np.array([39]), np.array([opened]))
    assert (opened, reply) == (micros(datetime(2025, 10, 26, 0, 50)), micros(datetime(2025, 10, 26, 1, 10)))
