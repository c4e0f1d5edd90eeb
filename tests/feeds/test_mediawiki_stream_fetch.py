"""Listening to the public streams: what lands, where a run ends, and how the next one goes on."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from etl.feed import Delivery, Piece
from etl.formats import stream_listening
from etl.formats.stream_events import BLOCKS_CHANGE, RECENT_CHANGE
from etl.sources import mediawiki_stream
from tests.delivered import drained, faulty, landed, rows_of
from tests.server import Reply, Server, reset, status, stream

SAMPLES = Path(__file__).parent / "samples"
START = datetime(2026, 11, 21, 10)
NOW = datetime(2026, 11, 21, 12)
WIKIS = [{"wiki": "xx.demo", "database": "xxwiki"}]
EVENTS = {"Content-Type": "text/event-stream; charset=utf-8"}
PATH = "/v2/stream/mediawiki.recentchange"


def sample(name: str) -> bytes:
    return (SAMPLES / f"mediawiki_stream-{name}.sse").read_bytes()


def position(number: int) -> str:
    return json.dumps([{"topic": "eqiad.mediawiki.recentchange", "partition": 0, "offset": number}])


def event(log_id: int, at: datetime = START, last_id: str | None = None, **changes: Any) -> bytes:
    content = {
        "meta": {"dt": at.isoformat() + "Z", "domain": "xx.wikipedia.org"}, "type": "log", "wiki": "xxwiki",
        "log_id": log_id, "log_type": "thanks", "log_action": "thank", "title": "User:Ana", "user": "Ben", "comment": "",
        "timestamp": 1795255200, "log_params": [], **changes,
    }  # fmt: skip
    return f"id: {last_id or position(log_id)}\ndata: {json.dumps(content)}\n\n".encode()


def fetched(
    server: Server,
    cursor: Mapping[str, Any] | None = None,
    name: str = RECENT_CHANGE,
    now: Any = lambda: NOW,
    **changes: Any,
) -> list[Piece]:
    told = {"wikis": WIKIS, "server": server.url(""), "quiet_seconds": 0.2, **changes}
    chosen = mediawiki_stream.Settings.model_validate(told)
    (download,) = [one for one in mediawiki_stream.downloads(chosen) if one.series == name]
    return list(mediawiki_stream.fetch(download, cursor, server.web(clock=now)))


def answers(pieces: list[Piece]) -> list[Any]:
    return [json.loads(line)["answer"] for one in pieces for line in one.content.splitlines()]


def log_ids(pieces: list[Piece]) -> list[int]:
    return [one["log_id"] for one in answers(pieces) if "log_id" in one]


# what lands


def test_only_log_events_of_the_programs_wikis_and_kept_logs_land(server: Server) -> None:
    server.script(PATH, stream(sample("recentchange")), stream())
    pieces = fetched(server)
    assert log_ids(pieces) == [101, 102, 103, 104, 105, 107, 108]
    landed_text = b"".join(one.content for one in pieces)
    for name in (b"Elsewhere", b"Canary", b"Somebody", b"patrol"):
        assert name not in landed_text


def test_changes_of_blocks_land_but_not_those_of_hidden_users(server: Server) -> None:
    server.script("/v2/stream/mediawiki.user-blocks-change", stream(sample("blocks")), stream())
    pieces = fetched(server, name=BLOCKS_CHANGE)
    users = [one["user_text"] for one in answers(pieces) if "user_text" in one]
    assert users == ["Ana Example", "Ana Example", "Cho Example", "~2026-12345-6"]
    assert b"Hidden" not in b"".join(one.content for one in pieces)


def test_a_hidden_name_in_the_state_before_does_not_land_either(server: Server) -> None:
    hidden = event(1, prior_state={"blocks": {"name": True}}, blocks={}, user_text="Hidden Example", database="xxwiki")
    server.script("/v2/stream/mediawiki.user-blocks-change", stream(hidden), stream())
    assert b"Hidden" not in fetched(server, name=BLOCKS_CHANGE)[0].content


def test_what_landed_can_be_read(server: Server, tmp_path: Path) -> None:
    server.script(PATH, stream(sample("recentchange")), stream())
    (piece,) = fetched(server)
    (tmp_path / "piece").write_bytes(piece.content)
    chosen = mediawiki_stream.Settings.model_validate({"wikis": WIKIS})
    told = mediawiki_stream.downloads(chosen)[0].told
    batches, fault = drained(
        mediawiki_stream.read(landed(Delivery("mediawiki_stream", ("x",), told), tmp_path / "piece"))
    )
    assert fault is None
    assert len(rows_of(batches, "raw_mediawiki_stream_log", "log_id")) == 7
    assert rows_of(batches, "raw_mediawiki_stream_read", "seen_at") == [(START,), (START + timedelta(seconds=10),)]


def test_data_of_several_lines_lands_as_one(server: Server) -> None:
    whole = event(1).decode()
    split = whole.replace('"log_id"', '\ndata: "log_id"').encode()
    server.script(PATH, stream(split), stream())
    assert log_ids(fetched(server)) == [1]


def test_an_event_that_is_no_json_leaves_a_trace_and_nothing_of_itself(server: Server) -> None:
    server.script(PATH, stream(b"data: {secret\n\n", b"event: error\ndata: [1]\n\n", event(2)), stream())
    pieces = fetched(server)
    assert answers(pieces)[0] == {"unreadable_bytes": 7}
    assert log_ids(pieces) == [2]
    assert b"secret" not in pieces[0].content


# where a run begins and ends


def test_the_first_run_begins_some_hours_ago_and_the_next_where_it_was_left(server: Server) -> None:
    server.script(PATH, stream(event(1)), stream())
    (piece,) = fetched(server, begin_hours=6)
    assert server.asked[0].query == {"since": "2026-11-21T06:00:00Z"}
    assert "last-event-id" not in server.asked[0].headers
    assert piece.cursor == {"last_event_id": position(1), "until": "2026-11-21T10:00:00"}
    fetched(server, piece.cursor)
    assert server.asked[-1].query == {}
    assert server.asked[-1].headers["last-event-id"] == position(1)


def test_a_run_ends_with_an_event_as_young_as_itself(server: Server) -> None:
    late = [event(1), event(2, NOW - timedelta(seconds=6)), event(3, NOW - timedelta(seconds=5)), event(4, NOW)]
    server.script(PATH, stream(*late))
    assert log_ids(fetched(server)) == [1, 2, 3]
    assert len(server.asked) == 1


def test_a_connection_that_ends_before_is_taken_up_again_where_it_was_left(server: Server) -> None:
    server.script(
        PATH, stream(b"retry: 1500\n", event(1)), stream(event(2), event(9)[:-20]), status(503), stream(event(3, NOW))
    )
    assert log_ids(fetched(server)) == [1, 2, 3]
    assert [one.headers.get("last-event-id") for one in server.asked] == [None, position(1), position(2), position(2)]
    assert server.waits[0] == 1.5


def test_a_stream_that_is_quiet_ends_the_run(server: Server) -> None:
    def pieces() -> Iterator[bytes]:
        yield event(1)
        server.ending.wait(5)

    server.script(PATH, Reply(headers=EVENTS, pieces=pieces()), stream())
    assert log_ids(fetched(server)) == [1]


def test_signs_of_life_are_no_events(server: Server) -> None:
    times = iter(NOW + timedelta(seconds=0.05 * step) for step in range(1000))

    def pieces() -> Iterator[bytes]:
        yield event(1)
        while not server.ending.wait(0.01):
            yield b":\n\n"

    server.script(PATH, Reply(headers=EVENTS, pieces=pieces()))
    assert log_ids(fetched(server, now=lambda: next(times))) == [1]
    assert len(server.asked) == 1


def test_a_run_ends_when_it_has_been_long_or_large_enough(server: Server) -> None:
    server.script(PATH, stream(*[event(number) for number in range(1, 9)]))
    assert log_ids(fetched(server, most_megabytes=0.0005)) == [1, 2]
    times = iter(NOW + timedelta(seconds=step) for step in range(1000))
    assert len(log_ids(fetched(server, now=lambda: next(times), longest_minutes=0.2, quiet_seconds=60))) < 8


def test_long_runs_land_in_pieces_each_with_its_place(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_listening, "SEEN", 3)
    server.script(PATH, stream(*[event(number) for number in range(1, 8)]), stream())
    pieces = fetched(server)
    assert [one.cursor["last_event_id"] for one in pieces] == [position(3), position(6), position(7)]
    assert [log_ids([one]) for one in pieces] == [[1, 2, 3], [4, 5, 6], [7]]


def test_pieces_are_of_bounded_size(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_listening, "PIECE", 700)
    server.script(PATH, stream(*[event(number) for number in range(1, 8)]), stream())
    pieces = fetched(server)
    assert len(pieces) > 2
    assert max(len(one.content) for one in pieces) < 2000


def test_a_run_that_saw_others_only_remembers_its_place_and_says_what_it_saw(server: Server) -> None:
    others = [event(number, START + timedelta(hours=number), wiki="yywiki") for number in (1, 2)]
    server.script(PATH, stream(*others), stream())
    pieces = fetched(server, now=lambda: NOW + timedelta(days=1))
    assert answers(pieces) == [
        {"read_from": "2026-11-21T11:00:00Z", "read_until": "2026-11-21T12:00:00Z", "has_gap": False}
    ]
    assert pieces[0].cursor["last_event_id"] == position(2)


def test_nothing_new_makes_no_piece(server: Server) -> None:
    server.script(PATH, stream(b":ok\n\n"))
    assert fetched(server, {"last_event_id": position(1), "until": "2026-11-21T10:00:00"}) == []


# what goes wrong


@pytest.mark.parametrize(("left_at", "has_gap"), [("2026-11-21T03:59:59", True), ("2026-11-21T04:00:00", False)])
def test_what_was_missed_while_nobody_listened_is_marked(server: Server, left_at: str, has_gap: bool) -> None:
    server.script(PATH, stream(event(1, START), event(2, NOW)))
    (piece,) = fetched(server, {"last_event_id": position(0), "until": left_at})
    assert answers([piece])[-1] == {
        "read_from": f"{left_at}Z",
        "read_until": "2026-11-21T12:00:00Z",
        "has_gap": has_gap,
    }


@pytest.mark.parametrize("number", [400, 404, 410])
def test_a_place_that_the_server_no_longer_knows_is_found_by_time(server: Server, number: int) -> None:
    server.handle(PATH, lambda asked: status(number) if "last-event-id" in asked.headers else stream(event(2, NOW)))
    (piece,) = fetched(server, {"last_event_id": position(1), "until": "2026-11-21T09:30:00"})
    assert server.asked[1].query == {"since": "2026-11-21T09:30:00Z"}
    assert log_ids([piece]) == [2]


@pytest.mark.parametrize("last_id", ["7", "{}", "[[1]]", "[", "x" * 10, '[{"topic": "ü"}]', "[" * 5000])
def test_an_id_that_is_no_place_is_not_remembered(server: Server, last_id: str) -> None:
    server.script(PATH, stream(event(1), event(2, START + timedelta(seconds=1), last_id)), stream())
    (piece,) = fetched(server)
    assert piece.cursor == {"last_event_id": position(1), "until": "2026-11-21T10:00:01"}


@pytest.mark.parametrize(("reply", "words"), [(status(403), "403"), (status(500), "500"), (reset(), "broke off")])
def test_a_server_that_does_not_let_us_in_is_a_fault(server: Server, reply: Reply, words: str) -> None:
    server.script(PATH, reply)
    with faulty(PATH, words):
        fetched(server)


def test_what_had_landed_before_a_fault_stays(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_listening, "SEEN", 1)
    server.script(PATH, stream(event(1)), status(403))
    chosen = mediawiki_stream.Settings.model_validate({"wikis": WIKIS, "server": server.url(""), "quiet_seconds": 0.2})
    running = mediawiki_stream.fetch(mediawiki_stream.downloads(chosen)[0], None, server.web(clock=lambda: NOW))
    assert next(running).cursor["last_event_id"] == position(1)
    with faulty("403"):
        next(running)


def test_an_event_without_a_time_that_can_be_read_ends_no_run_and_moves_the_place(server: Server) -> None:
    odd = event(1, meta={"dt": "tomorrow", "domain": "xx.wikipedia.org"})
    server.script(PATH, stream(odd), stream())
    (piece,) = fetched(server)
    assert log_ids([piece]) == [1]
    assert piece.cursor == {"last_event_id": position(1), "until": None}
    again = fetched(server, {"last_event_id": "", "until": None}, begin_hours=2)
    assert server.asked[-1].query == {"since": "2026-11-21T10:00:00Z"}
    assert again == []


def test_a_server_that_ends_every_connection_is_not_asked_for_ever(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_listening, "CONNECTIONS", 3)
    server.script(PATH, stream(event(1)))
    fetched(server)
    assert len(server.asked) == 3


def test_expressions_that_are_none_are_refused() -> None:
    for told in ({"wikis": WIKIS, "reasons": {"a": "("}}, {"wikis": [{"wiki": "x", "reasons": {"a": "("}}]}):
        with pytest.raises(ValueError, match="a regular expression"):
            mediawiki_stream.Settings.model_validate(told)
