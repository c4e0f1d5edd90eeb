"""How Zendesk is fetched: cursor and pages by time, pace, duplicates, a cursor that is gone, and no text or token anywhere."""

import base64
import itertools
import json
from datetime import datetime

import duckdb
import pytest

from data_contracts.faults import FeedFault
from etl.feed import Delivery
from etl.sources import zendesk
from etl.web import Refused
from tests.cases import make_cases
from tests.delivered import landed, load_feed
from tests.server import as_json, half, page, status
from tests.tables import rows

NOW = datetime(2026, 10, 20, 12)
TICKETS, EVENTS = "/api/v2/incremental/tickets/cursor.json", "/api/v2/incremental/ticket_metric_events.json"
SECRETS = {"ZENDESK_EMAIL": "bot@desk.example", "ZENDESK_TOKEN": "tok-4711-secret"}
START = 1790812800  # 2026-10-01


@pytest.fixture(autouse=True)
def secrets(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def desk(server):
    """`desk(series, cursor)` fetches that series to its end, without waiting; the pieces."""

    def desk(series="tickets", cursor=None, web=None, **changes):
        said = {"desk": "safety", "base": server.url(""), "start": "2026-10-01", "queues": {7: "threats"}, **changes}
        found = zendesk.downloads(zendesk.Settings.model_validate({"desks": [said]}))
        (download,) = [one for one in found if one.series == f"safety/{series}"]
        desk.told = download.told
        pace = zendesk.Pace(10, lambda: 0.0, lambda _: None)
        return list(zendesk.fetch(download, cursor, web or server.web(clock=lambda: NOW), pace))

    return desk


def ticket(number, changed="2026-10-02T00:00:00Z", **more):
    stamp = int((datetime.fromisoformat(changed).replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds())
    return {
        "id": number, "created_at": "2026-10-01T00:00:00Z", "updated_at": changed, "generated_timestamp": stamp,
        "status": "open", "subject": "Ada Example hits me", "description": "Every night.", "requester_id": 77001,
        "group_id": 7, "via": {"channel": "email", "source": {"from": {"address": "ada@mail.example"}}}, **more,
    }  # fmt: skip


def tickets(*listed, after="c", end=False, url=None):
    return as_json({"tickets": listed, "after_cursor": after, "after_url": url, "end_of_stream": end})


def event(number, at="2026-10-02T00:00:00Z", kind="activate", **more):
    return {"id": number, "ticket_id": 1, "metric": "reply_time", "instance_id": 1, "type": kind, "time": at, **more}


def events(*listed, end=START + 90, **more):
    return as_json({"ticket_metric_events": listed, "end_time": end, "count": len(listed), **more})


def in_pieces(pieces, name="tickets"):
    lines = [json.loads(line) for piece in pieces for line in piece.content.splitlines()]
    return [one["id"] for line in lines for one in line["answer"][name]]


def loaded(tmp_path, told, *pieces):
    """A database with these pieces, each landed as a file of its own."""
    connection = duckdb.connect()
    given = []
    for place, piece in enumerate(pieces):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}-{place}.jsonl"
        path.write_bytes(piece.content)
        given.append(landed(Delivery("zendesk", ("safety/tickets",), told), path))
    load_feed(connection, zendesk, given)
    make_cases(connection, "2026-10-20")
    return connection


def test_pages_are_asked_for_from_the_start_to_the_end_of_the_stream(server, desk):
    server.script(TICKETS, tickets(ticket(1), ticket(2), after="c1"), tickets(ticket(3), after="c2", end=True))
    pieces = desk()
    assert in_pieces(pieces) == [1, 2, 3]
    assert [one.query.get("start_time", one.query.get("cursor")) for one in server.asked] == [str(START), "c1"]
    assert {one.query["include"] for one in server.asked} == {"metric_sets"}
    assert [piece.cursor["after"] for piece in pieces] == ["c1", "c2"]
    wanted = base64.b64encode(b"bot@desk.example/token:tok-4711-secret").decode()
    assert {one.headers["authorization"] for one in server.asked} == {f"Basic {wanted}"}


def test_the_next_fetch_goes_on_at_the_cursor_and_what_adds_nothing_makes_no_piece(server, desk):
    server.script(TICKETS, tickets(after="c9", end=True))
    assert desk(cursor={"after": "c2", "until": START, "words": zendesk.Desk(desk="d").reading().digest}) == []
    assert [one.query["cursor"] for one in server.asked] == ["c2"]


def test_an_interrupted_fetch_is_taken_up_again_after_any_piece(server, desk, tmp_path):
    pages = {str(START): "c1", "c1": "c2", "c2": "c3"}

    def answer(asked):
        place = asked.query.get("cursor", asked.query.get("start_time"))
        number = list(pages).index(place) + 1
        return tickets(ticket(number), after=pages[place], end=number == 3)

    server.handle(TICKETS, answer)
    whole = desk()
    for place, piece in enumerate(whole):
        assert in_pieces([*whole[: place + 1], *(desk(cursor=piece.cursor) if place < 2 else [])]) == [1, 2, 3]


def test_no_text_person_or_token_stands_in_a_piece_cursor_or_setting_told(server, desk):
    emergency = ticket(2, subject="Incident Reporting System emergency report", tags=["ada-example"])
    server.script(TICKETS, tickets(ticket(1), emergency, "Ada Example", end=True))
    (piece,) = desk()
    kept = piece.content.decode() + json.dumps(dict(piece.cursor)) + json.dumps(dict(desk.told))
    for word in ("Ada", "ada", "night", "77001", "mail.example"):
        assert word not in kept
    assert "emergency report" not in piece.content.decode()
    for secret in SECRETS.values():
        assert secret not in kept
    assert [one["is_emergency"] for one in json.loads(piece.content)["answer"]["tickets"][:2]] == [False, True]


@pytest.mark.parametrize("number", [400, 404, 410, 422])
def test_a_cursor_that_is_gone_starts_again_a_little_before_what_it_had_come_to(server, desk, tmp_path, number):
    server.script(TICKETS, tickets(ticket(1), ticket(2, "2026-10-05T00:00:00Z"), end=True))
    (first,) = desk()
    server.script(TICKETS, status(500))
    second = Replayed(
        server, status(number), tickets(ticket(2, "2026-10-05T00:00:00Z"), ticket(3, "2026-10-06T00:00:00Z"), end=True)
    )
    (again,) = desk(cursor=first.cursor)
    until = int((datetime(2026, 10, 5) - datetime(1970, 1, 1)).total_seconds())
    assert second.queries == [{"cursor": "c"}, {"start_time": str(until - 3600)}]
    connection = loaded(tmp_path, desk.told, first, again)
    assert len(rows(connection, "core_case", "case_key")) == 3  # the second came twice and is one case


class Replayed:
    """Scripts tickets anew, in front of what was scripted before."""

    def __init__(self, server, *replies):
        left = list(replies)
        self.queries = []

        def answer(asked):
            self.queries.append({name: asked.query[name] for name in ("cursor", "start_time") if name in asked.query})
            return left.pop(0) if len(left) > 1 else left[0]

        server.handle(TICKETS, answer)
        server._routes.insert(0, server._routes.pop())


def test_a_cursor_that_is_gone_again_and_again_is_a_fault_and_no_circle(server, desk):
    server.script(TICKETS, status(422))
    with pytest.raises(Refused):
        desk(cursor={"after": "c2", "until": START, "words": zendesk.Desk(desk="d").reading().digest})
    assert len(server.asked) == 2


def test_other_words_for_emergencies_fetch_all_anew_in_place_of_what_there_was(server, desk):
    server.script(TICKETS, tickets(ticket(1), after="c1"), tickets(ticket(2), end=True))
    first = desk()
    assert [piece.replaces for piece in first] == [False, False]
    again = desk(cursor=first[-1].cursor, emergency={"subjects": "threat"})
    assert [piece.replaces for piece in again] == [True]
    assert server.asked[-1].query["start_time"] == str(START)


def test_a_next_page_on_another_server_is_not_followed(server, desk):
    server.script(TICKETS, tickets(ticket(1), after=None, url="https://evil.example/next?cursor=c2"))
    with pytest.raises(FeedFault, match="another server"):
        desk(web=server.web("evil.example", clock=lambda: NOW))
    assert len(server.asked) == 1


def test_a_next_page_told_by_its_address_only_is_followed_on_the_same_server(server, desk):
    server.script(
        TICKETS, tickets(ticket(1), after=None, url=server.url(f"{TICKETS}?cursor=c2")), tickets(ticket(2), end=True)
    )
    assert in_pieces(desk()) == [1, 2]
    assert server.asked[1].query["cursor"] == "c2"


def test_a_cursor_that_does_not_move_is_a_fault_and_no_circle(server, desk):
    server.script(TICKETS, tickets(ticket(1), after="c1"))
    with pytest.raises(FeedFault, match="begins where this one began"):
        desk()
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "failure", [status(429, retry_after=1), status(503), half(tickets(ticket(9)))], ids=["429", "503", "half a body"]
)
def test_a_failure_that_passes_costs_nothing(server, desk, failure):
    server.script(TICKETS, failure, tickets(ticket(1), end=True))
    assert in_pieces(desk()) == [1]


@pytest.mark.parametrize(
    "failure",
    [status(401), status(403), page(), as_json([1]), as_json({"tickets": {}}), as_json({"error": "InvalidValue"})],
    ids=["401", "403", "a page for people", "a list", "no list of tickets", "an error"],
)
def test_a_failure_that_stays_is_a_fault_without_the_token(server, desk, failure):
    server.script(TICKETS, failure)
    with pytest.raises(FeedFault) as caught:
        desk()
    assert server.host in caught.value.where
    assert not [secret for secret in SECRETS.values() if secret in str(caught.value)]


def test_credentials_that_are_not_there_are_named_and_nobody_is_asked(server, desk, monkeypatch):
    monkeypatch.delenv("ZENDESK_TOKEN")
    with pytest.raises(FeedFault, match="no ZENDESK_TOKEN"):
        desk()
    assert server.asked == []


def test_ten_questions_a_minute_are_ten_in_every_minute():
    times, now = [], [0.0]

    def wait(seconds):
        now[0] += seconds

    pace = zendesk.Pace(10, lambda: now[0], wait)
    for busy_s in itertools.islice(itertools.cycle((0.0, 1.5, 9.0)), 30):
        pace.keep()
        times.append(now[0])
        now[0] += busy_s
    assert times[0] == 0
    assert all(sum(start <= one < start + 60 for one in times) <= 10 for start in times)
    assert times[-1] < 30 * 9  # nobody waits after an answer that took longer than the pace wants


def test_events_are_paged_by_time_and_what_a_page_repeats_is_dropped(server, desk):
    server.script(
        EVENTS,
        events(event(1), event(2), end=START + 90, end_of_stream=False),
        events(event(2), event(3), end=START + 200, end_of_stream=True),
    )
    pieces = desk("ticket_metric_events")
    assert in_pieces(pieces, "ticket_metric_events") == [1, 2, 3]
    assert [one.query["start_time"] for one in server.asked] == [str(START), str(START + 90)]
    assert {one.query["include_changes"] for one in server.asked} == {"true"}
    assert desk("ticket_metric_events", pieces[-1].cursor) == []  # the server repeats its last page


def test_an_event_that_is_taken_back_is_news(server, desk):
    breach = event(5, kind="breach")
    server.script(EVENTS, events(breach), events({**breach, "deleted": True}))
    (first,) = desk("ticket_metric_events")
    (second,) = desk("ticket_metric_events", first.cursor)
    assert json.loads(second.content)["answer"]["ticket_metric_events"][0]["deleted"] is True


def test_what_is_younger_than_a_minute_is_not_asked_for(server, desk):
    last = int((NOW - datetime(1970, 1, 1)).total_seconds()) - 59
    assert desk("ticket_metric_events", {"end_time": last, "seen": []}) == []
    assert server.asked == []


def test_a_page_full_of_one_second_is_a_fault_and_no_circle(server, desk):
    server.script(EVENTS, events(*(event(number) for number in range(1000)), end=START))
    with pytest.raises(FeedFault, match="begins where this one began"):
        desk("ticket_metric_events")


def test_pieces_in_any_order_and_repeated_make_the_same_cases(server, desk, tmp_path):
    """The last copy of a ticket counts, by what it says of itself: changed by a person, or by the system alone."""
    solved = {"ticket_id": 1, "updated_at": "2026-10-03T00:00:00Z", "solved_at": "2026-10-03T00:00:00Z"}
    bumped = int((datetime(2026, 10, 8) - datetime(1970, 1, 1)).total_seconds())
    server.script(
        TICKETS,
        tickets(ticket(1), ticket(2), after="c1"),
        tickets(ticket(1, "2026-10-03T00:00:00Z", status="solved", metric_set=solved), after="c2"),
        tickets(ticket(2, priority="urgent", generated_timestamp=bumped), ticket(3, status="deleted"), after="c3"),
        tickets(ticket(3, "2026-10-01T12:00:00Z"), end=True),
    )
    pieces = desk()
    wanted = [("urgent", "open", None), (None, "closed", datetime(2026, 10, 3))]
    for order in (pieces, pieces[::-1], [*pieces[2:], *pieces, *pieces[:1]]):
        found = rows(loaded(tmp_path, desk.told, *order), "core_case", "priority", "state", "resolved_at")
        assert sorted(found, key=str) == sorted(wanted, key=str)


def test_a_desk_with_a_server_has_two_series_or_one():
    said = {"desk": "safety", "base": "https://example.zendesk.com/"}
    both = zendesk.downloads(zendesk.Settings.model_validate({"desks": [said]}))
    assert [one.series for one in both] == ["safety/tickets", "safety/ticket_metric_events"]
    (one,) = zendesk.downloads(zendesk.Settings.model_validate({"desks": [{**said, "targets": False}]}))
    assert one.told["base"] == "https://example.zendesk.com"
