"""Server-Sent Events: what a client must make of lines, by the HTML standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats import sse
from etl.formats.sse import Event


def events(text: bytes) -> list[Event]:
    return [one for one in sse.events(iter(text.split(b"\n")[:-1])) if one is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"data: a\n\n", [Event("message", b"a", "")]),
        (b"data:a\n\n", [Event("message", b"a", "")]),
        (b"data:  a\n\n", [Event("message", b" a", "")]),  # one blank goes, others stay
        (b"data: a\ndata: b\ndata\n\n", [Event("message", b"a\nb\n", "")]),
        (b"data\n\n", [Event("message", b"", "")]),
        (b"event: error\ndata: a\n\ndata: b\n\n", [Event("error", b"a", ""), Event("message", b"b", "")]),
        (b"id: 7\ndata: a\n\ndata: b\n\n", [Event("message", b"a", "7"), Event("message", b"b", "7")]),
        (b"id: 7\ndata: a\n\nid\ndata: b\n\n", [Event("message", b"a", "7"), Event("message", b"b", "")]),
        (b"id: 7\nid: 8\x009\ndata: a\n\n", [Event("message", b"a", "7")]),  # an id with NUL is none
        (b"id: 7\n\ndata: a\n\n", [Event("message", b"a", "7")]),  # an id without data stays, too
        (b"event: x\n\ndata: a\n\n", [Event("message", b"a", "")]),  # a kind without data does not
        (b"retry: 1500\ndata: a\n\n", [Event("message", b"a", "", 1500)]),
        (b"retry: 1.5\nretry: -1\nretry: " + b"9" * 5000 + b"\ndata: a\n\n", [Event("message", b"a", "")]),
        (b": comment\ndata: a\n:\n\n", [Event("message", b"a", "")]),
        (b"other: x\ndatum: y\ndata: a\n\n", [Event("message", b"a", "")]),
        (b"\xef\xbb\xbfdata: a\n\n", [Event("message", b"a", "")]),
        (b"data: \xff\n\n", [Event("message", b"\xff", "")]),
        (b"id: \xff\ndata: a\n\n", [Event("message", b"a", "\ufffd")]),
        (b"data: a\n", []),  # cut short
        (b"\n\n\n", []),
    ],
)
def test_lines_make_events(text: bytes, expected: list[Event]) -> None:
    assert events(text) == expected


def test_comments_and_events_without_data_are_signs_of_life() -> None:
    assert list(sse.events(iter([b":ok", b"", b"id: 7", b""]))) == [None, None, None]


def test_data_without_an_end_does_not_fill_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LONGEST", 100)
    lines = [b"data: " + b"x" * 60, b"data: " + b"x" * 60, b"id: 7", b"", b"data: next", b""]
    assert list(sse.events(iter(lines))) == [Event("message", None, "7"), Event("message", b"next", "7")]


@given(st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line)))
def test_any_lines_make_events_or_signs_of_life(lines: list[bytes]) -> None:
    assert all(one is None or isinstance(one, Event) for one in sse.events(iter(lines)))
