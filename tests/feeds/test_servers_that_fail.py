"""Every failure of every server that is asked: what passes costs nothing, what stays is said in words, and nothing is lost.

Each server is our own, on loopback, and answers in the shapes that the real one does.
"""

import itertools
import json
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from data_contracts.faults import FeedFault
from etl.feed import Piece
from etl.sources import aqs_editors, mediawiki_api, mediawiki_stream, phabricator, zendesk
from etl.web import Limits
from tests.server import Asked, Reply, Server, as_json, half, page, reset, slow, status, stream

NOW = datetime(2026, 10, 20, 12)
START = 1790812800  # 2026-10-01
SECRET = "sesame-4711"
RETRY_S = 0.01  # as the stream asks for
Answers = Callable[[Asked], Reply]


@dataclass(frozen=True)
class Kind:
    """How one server is set up, how it answers, and which things it tells of are in a piece."""

    feed: ModuleType
    settings: Callable[[Server], Mapping[str, Any]]
    answers: Answers
    things: Callable[[Mapping[str, Any]], list[str]]
    count: int = 3
    series: int = 0


def _tickets(asked: Asked) -> Reply:
    number = {"c1": 2, "c2": 3}.get(asked.query.get("cursor", ""), 1)
    ticket = {
        "id": number,
        "created_at": "2026-10-01T00:00:00Z",
        "updated_at": "2026-10-02T00:00:00Z",
        "status": "open",
    }
    told = {"after_cursor": f"c{number}", "after_url": None, "end_of_stream": number == 3}
    return as_json({"tickets": [{**ticket, "generated_timestamp": START + number}], **told})


def _target_events(asked: Asked) -> Reply:
    start = int(asked.query["start_time"])
    number = (start - START) // 100 + 1
    event = {"id": number, "ticket_id": 1, "metric": "reply_time", "instance_id": 1, "type": "activate"}
    told = {"count": 1, "end_time": start + 100, "end_of_stream": number == 3}
    return as_json({"ticket_metric_events": [{**event, "time": "2026-10-02T00:00:00Z"}], **told})


def _conduit(asked: Asked) -> Reply:
    result: Any = {"1": [], "2": [], "3": []}
    if asked.path.endswith("project.search"):
        result = {"data": [], "cursor": {"after": None}}
    if asked.path.endswith("maniphest.search"):
        times = {number: START + 1000 * number for number in (1, 2, 3)}
        since = int(asked.form["constraints[modifiedStart]"])
        number = min(one for one, at in times.items() if at > since)
        fields = {"status": {"value": "open"}, "dateCreated": START, "dateModified": times[number]}
        tags = {"projects": {"projectPHIDs": [f"PHID-PROJ-{number}"]}}
        task = {"id": number, "type": "TASK", "phid": f"PHID-TASK-{number}", "fields": fields, "attachments": tags}
        result = {"data": [task], "cursor": {"after": None if number == 3 else str(number)}}
    return as_json({"result": result, "error_code": None, "error_info": None})


def _editors(asked: Asked) -> Reply:
    project, editors, pages, level, length, _start, _end = asked.path.rsplit("/", 7)[1:]
    told = {"project": project, "editor-type": editors, "page-type": pages, "activity-level": level}
    results = [{"timestamp": "2026-09-01T00:00:00.000Z", "editors": 12}]
    return as_json({"items": [{**told, "granularity": length, "results": results}]})


def _stream(asked: Asked) -> Reply:
    last = json.loads(asked.headers.get("last-event-id", '[{"offset": 0}]'))[0]["offset"]
    number = min(last + 1, 3)
    at = NOW if number == 3 else NOW - timedelta(hours=3 - number)
    content = {
        "meta": {"dt": at.isoformat() + "Z", "domain": "xx.wikipedia.org"}, "type": "log", "wiki": "xxwiki",
        "log_id": number, "log_type": "thanks", "log_action": "thank", "title": "User:Ana", "user": "Ben",
        "timestamp": START, "comment": "", "log_params": [],
    }  # fmt: skip
    place = json.dumps([{"topic": "eqiad.mediawiki.recentchange", "partition": 0, "offset": number}])
    return stream(f"retry: 10\nid: {place}\ndata: {json.dumps(content)}\n\n".encode())


def _wiki(asked: Asked) -> Reply:
    number = {"b": 2, "c": 3}.get(asked.query.get("lecontinue", ""), 1)
    event = {"logid": number, "ns": 2, "title": "User:Ben", "params": {}, "type": asked.query["letype"], "action": "x"}
    told = {"curtimestamp": "2026-10-20T12:00:00Z"}
    if number < 3:
        told = {**told, "continue": {"lecontinue": "abc"[number], "continue": "-||"}}  # type: ignore[dict-item]
    at = f"2026-10-01T0{number}:00:00Z"
    return as_json({**told, "query": {"logevents": [{**event, "user": "Ada", "timestamp": at, "comment": ""}]}})


def _listed(*path: str) -> Callable[[Mapping[str, Any]], list[str]]:
    """What stands in a list within the answer, by its number."""

    def things(line: Mapping[str, Any]) -> list[str]:
        found = line["answer"]
        for name in path[:-1]:
            found = found.get(name, {}) if isinstance(found, dict) else {}
        return [str(one[path[-1]]) for one in found] if isinstance(found, list) else []

    return things


def _asked_and_items(line: Mapping[str, Any]) -> list[str]:
    return [json.dumps([line["asked"], line["answer"]], sort_keys=True)]


KINDS = {
    "zendesk tickets": Kind(
        zendesk,
        lambda server: {"desks": [{"desk": "d", "base": server.url(""), "start": "2026-10-01"}]},
        _tickets,
        _listed("tickets", "id"),
    ),
    "zendesk targets": Kind(
        zendesk,
        lambda server: {"desks": [{"desk": "d", "base": server.url(""), "start": "2026-10-01"}]},
        _target_events,
        _listed("ticket_metric_events", "id"),
        series=1,
    ),
    "phabricator": Kind(
        phabricator,
        lambda server: {"trackers": [{"tracker": "t", "base": server.url(""), "start": "2026-10-01"}]},
        _conduit,
        lambda line: _listed("result", "data", "id")(line) if line["asked"]["method"] == "maniphest.search" else [],
    ),
    "aqs": Kind(
        aqs_editors,
        lambda server: {
            "projects": [{"wiki": "en.demo", "project": "xx.wikipedia"}],
            "since": "2026-09-01",
            "server": server.url("/api"),
        },
        _editors,
        _asked_and_items,
        count=20,
    ),
    "streams": Kind(
        mediawiki_stream,
        lambda server: {
            "wikis": [{"wiki": "xx.demo", "database": "xxwiki"}],
            "server": server.url(""),
            "quiet_seconds": 0.2 if server.unanswered else 30,
        },
        _stream,
        lambda line: [str(line["answer"]["log_id"])] if "log_id" in line["answer"] else [],
    ),
    "a wiki": Kind(
        mediawiki_api,
        lambda server: {"wikis": [{"wiki": "xx.demo", "api": server.url("/api.php"), "token_from": "WIKI_TOKEN"}]},
        _wiki,
        lambda line: [f"{one['type']} {one['logid']}" for one in line["answer"].get("query", {}).get("logevents", ())],
        count=3 * len(mediawiki_api.log_types() - {"suppress"}),
    ),
}


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ZENDESK_TOKEN", "PHABRICATOR_TOKEN", "WIKI_TOKEN"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("ZENDESK_EMAIL", "bot@desk.example")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


class Patience:
    """Limits: a fifth of a second for a question that no answer comes to, and long for others, however busy all is."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def __getattr__(self, name: str) -> Any:
        return getattr(Limits(read_s=0.2 if len(self._server.asked) in self._server.unanswered else 30), name)


def fetch(kind: Kind, server: Server, cursor: Mapping[str, Any] | None = None) -> Iterator[Piece]:
    download = kind.feed.downloads(kind.feed.Settings.model_validate(kind.settings(server)))[kind.series]
    web = server.web(clock=lambda: NOW, limits=Patience(server))
    pace = [zendesk.Pace(10, lambda: 0.0, lambda _: None)] if kind.feed is zendesk else []
    found: Iterator[Piece] = kind.feed.fetch(download, cursor, web, *pace)
    return found


def things(kind: Kind, pieces: list[Piece]) -> list[str]:
    """What the pieces tell of, each once, as they overlap."""
    lines = [json.loads(line) for piece in pieces for line in piece.content.splitlines()]
    return sorted({one for line in lines for one in kind.things(line)})


def failing(kind: Kind, server: Server, failure: Reply, first: int = 0, times: int = 1) -> None:
    """The server answers as it should, but from the question numbered `first` on as many times with the failure."""
    numbers = itertools.count()
    server.unanswered = range(first, first + times) if failure is NEVER else range(0)

    def answer(asked: Asked) -> Reply:
        is_failing = first <= next(numbers) < first + times
        return (half(kind.answers(asked)) if failure is HALF else failure) if is_failing else kind.answers(asked)

    server.handle("*", answer)


def fetched(
    kind: Kind, server: Server, cursor: Mapping[str, Any] | None = None
) -> tuple[list[Piece], FeedFault | None]:
    """The pieces that landed, and the fault that ended it."""
    landed: list[Piece] = []
    try:
        landed.extend(fetch(kind, server, cursor))  # keeps what came before a fault
    except FeedFault as fault:
        return landed, fault
    return landed, None


def next_run(kind: Kind, server: Server, landed: list[Piece]) -> list[Piece]:
    return [*landed, *fetch(kind, server, landed[-1].cursor if landed else None)]


HALF = Reply()
NEVER = slow(as_json({}), 60)
FAILURES = {
    "429": status(429, retry_after=7),
    "500": status(500),
    "503": status(503, body=b"<html>"),
    "timeout": NEVER,
    "half a body": HALF,
    "torn down": reset(),
}
OTHER = {
    "a page for people": page(),
    "a list": as_json([1]),
    "null": as_json(None),
    "a word": as_json("sesame"),
    "another object": as_json({"sesame": []}),
    "no UTF-8": Reply(200, b"\xff\xfe{}"),
    "nested": Reply(200, b"[" * 100_000),
}


@pytest.fixture(params=FAILURES)
def failure(request: pytest.FixtureRequest, kind: Kind) -> Reply:
    if request.param == "half a body" and kind.feed is mediawiki_stream:
        pytest.skip("half of a stream is the end of a connection: test_mediawiki_stream_fetch.py has it")
    return FAILURES[request.param]


@pytest.mark.parametrize("first", [0, 1])
def test_a_failure_that_passes_costs_nothing(kind: Kind, server: Server, failure: Reply, first: int) -> None:
    failing(kind, server, failure, first)
    assert len(things(kind, next_run(kind, server, []))) == kind.count
    waits = [one for one in server.waits if one != RETRY_S]  # a stream waits between connections, too
    assert len(waits) == 1
    assert (7 <= waits[0] <= 8) == (failure.status == 429)


@pytest.mark.parametrize("first", [0, 1])
def test_a_failure_that_stays_is_said_in_words_and_the_next_run_loses_nothing(
    kind: Kind, server: Server, failure: Reply, first: int
) -> None:
    failing(kind, server, failure, first, times=6)
    landed, fault = fetched(kind, server)
    assert fault is not None
    assert server.host in fault.where
    assert SECRET not in "".join(traceback.format_exception(fault))
    assert len(server.asked) == first + 6
    assert sum(server.waits) < 120
    assert len(things(kind, next_run(kind, server, landed))) == kind.count


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("other", OTHER)
def test_an_answer_of_another_kind_is_a_fault_and_does_not_land(
    kind: Kind, server: Server, other: str, first: int
) -> None:
    failing(kind, server, OTHER[other], first)
    landed, fault = fetched(kind, server)
    assert fault is not None
    assert "sesame" not in "".join(traceback.format_exception(fault))
    assert len(server.asked) == first + 1
    assert b"sesame" not in b"".join(piece.content for piece in landed)
    assert len(things(kind, next_run(kind, server, landed))) == kind.count


def test_a_server_that_wants_to_be_left_alone_for_a_day_is_not_waited_for(kind: Kind, server: Server) -> None:
    failing(kind, server, status(429, retry_after=86400))
    with pytest.raises(FeedFault, match="Come back at 2026-10-21"):
        list(fetch(kind, server))
    assert server.waits == []
