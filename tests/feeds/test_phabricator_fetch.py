"""How Phabricator is fetched: by the time of the last change, with tags and history, and no text or token anywhere."""

import json
import re

import pytest

from data_contracts.faults import FeedFault
from etl.feed import Delivery
from etl.sources import phabricator
from tests.delivered import landed, load_feed
from tests.server import as_json, half, page, status
from tests.tables import rows

TOKEN = "api-4711secret4711secret4711sec"
START = 1788220800  # 2026-09-01
SEARCH, TAGS, HISTORY = (
    "/api/maniphest.search", "/api/project.search", "/api/maniphest.gettasktransactions"
)  # fmt: skip


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("PHABRICATOR_TOKEN", TOKEN)


class Phabricator:
    """A tracker in memory that pages as the real one does: behind the task that a page ended with, as that is now."""

    def __init__(self, server, limit=2):
        self.changed, self.limit, self.between = {}, limit, []
        for path, answer in ((SEARCH, self.search), (TAGS, self.tags), (HISTORY, self.history)):
            server.handle(path, answer)

    def search(self, asked):
        since = int(asked.form["constraints[modifiedStart]"])
        told = sorted((changed, number) for number, changed in self.changed.items() if changed >= since)
        if "after" in asked.form:
            last = int(asked.form["after"])
            told = [one for one in told if one > (self.changed[last], last)]
        numbers = [number for _, number in told[: self.limit]]
        after = str(numbers[-1]) if len(told) > self.limit else None
        answer = as_json(
            ok({"data": [self.task(one) for one in numbers], "cursor": {"after": after, "limit": self.limit}})
        )
        if self.between:
            self.between.pop(0)()
        return answer

    def task(self, number):
        fields = {
            "name": "Ada Example asks", "description": {"raw": "Ben Example was hit"}, "authorPHID": "PHID-USER-ada",
            "ownerPHID": "PHID-USER-ben", "status": {"value": "open", "name": "Open"}, "priority": {"name": "High"},
            "dateCreated": START, "dateModified": self.changed[number], "policy": {"view": "users"},
        }  # fmt: skip
        tagged = {"projects": {"projectPHIDs": [f"PHID-PROJ-{number % 2}", "PHID-PROJ-user"]}}
        return {"id": number, "type": "TASK", "phid": f"PHID-TASK-{number}", "fields": fields, "attachments": tagged}

    def tags(self, asked):
        names = {"PHID-PROJ-0": "irs", "PHID-PROJ-1": "irs", "PHID-PROJ-user": "User-AdaExample"}
        told = [value for name, value in asked.form.items() if name.startswith("constraints[phids]")]
        data = [{"type": "PROJ", "phid": one, "fields": {"name": names[one], "slug": names[one]}} for one in told]
        return as_json(ok({"data": data, "cursor": {"after": None}}))

    def history(self, asked):
        numbers = [value for name, value in asked.form.items() if name.startswith("ids[")]
        made = {"transactionType": "status", "oldValue": None, "newValue": "open", "dateCreated": str(START)}
        said = {"transactionType": "core:comment", "comments": "Ben Example says", "dateCreated": str(START)}
        return as_json(ok({
            one: [{"taskID": one, "transactionID": f"{one}2", **said}, {"taskID": one, "transactionID": f"{one}1", **made}]
            for one in numbers
        }))  # fmt: skip


def ok(result):
    return {"result": result, "error_code": None, "error_info": None}


@pytest.fixture
def tracker(server):
    """`tracker(cursor)` fetches to the end, `tracker.until_fault(words)` until then; the pieces."""

    def fetched(cursor, changes):
        said = {
            "tracker": "tasks",
            "base": server.url(""),
            "start": "2026-09-01",
            "rules": [{"tag": "^irs$", "project": "irs"}],
        }
        (download,) = phabricator.downloads(phabricator.Settings.model_validate({"trackers": [{**said, **changes}]}))
        tracker.told = download.told
        return phabricator.fetch(download, cursor, server.web())

    def tracker(cursor=None, **changes):
        return list(fetched(cursor, changes))

    def until_fault(words):
        landed = []
        with pytest.raises(FeedFault, match=words):
            landed.extend(fetched(None, {}))  # keeps what came before the fault
        return landed

    tracker.until_fault = until_fault
    return tracker


def numbers(pieces):
    """The numbers of the tasks in these pieces, in order; those that a piece repeats once."""
    lines = [json.loads(line) for piece in pieces for line in piece.content.splitlines()]
    found = [
        one["id"]
        for line in lines
        if line["asked"]["method"] == "maniphest.search"
        for one in line["answer"]["result"]["data"]
    ]
    return list(dict.fromkeys(found))


def asked(server, path=SEARCH):
    return [one.form for one in server.asked if one.path == path]


def test_tasks_come_oldest_change_first_with_their_tags_and_history(server, tracker, tmp_path, connection):
    Phabricator(server).changed.update({3: START + 10, 1: START + 20, 2: START + 30})
    pieces = tracker()
    assert numbers(pieces) == [3, 1, 2]
    first = asked(server)[0]
    assert (first["order"], first["limit"], first["attachments[projects]"]) == ("outdated", "100", "1")
    assert first["constraints[modifiedStart]"] == str(START)
    assert {one["api.token"] for one in asked(server) + asked(server, TAGS) + asked(server, HISTORY)} == {TOKEN}
    given = []
    for place, piece in enumerate(pieces):
        path = tmp_path / f"{place}.jsonl"
        path.write_bytes(piece.content)
        given.append(landed(Delivery("phabricator", ("tasks/tasks",), tracker.told), path))
    load_feed(connection, phabricator, given)
    assert len(set(rows(connection, "raw_phabricator_task", "task_key"))) == 3
    assert set(rows(connection, "raw_phabricator_tag", "project")) == {("irs",), (None,)}
    assert rows(connection, "quarantine", "rule") == []


def test_no_text_person_or_token_stands_in_a_piece_cursor_or_setting_told(server, tracker):
    Phabricator(server).changed.update({1: START + 10})
    (piece,) = tracker(titles=True)  # the task is not for everybody: no title
    kept = piece.content.decode() + json.dumps(dict(piece.cursor)) + json.dumps(dict(tracker.told))
    for word in ("Ada", "ada", "hit", "says", "User-", TOKEN, "api.token"):
        assert word not in kept


def test_the_next_fetch_begins_a_little_before_the_last_change_and_tells_only_what_is_new(server, tracker):
    there = Phabricator(server)
    there.changed.update({1: START + 1000, 2: START + 2000})
    pieces = tracker()
    assert tracker(pieces[-1].cursor) == []  # repeated by the overlap, and known
    assert asked(server)[-1]["constraints[modifiedStart]"] == str(START + 2000 - 300)
    there.changed |= {1: START + 3000, 4: START + 1990}  # a change that is written late bears an earlier time
    again = tracker(pieces[-1].cursor)
    assert sorted(set(numbers(again))) == [1, 2, 4]


def test_an_interrupted_fetch_is_taken_up_again_after_any_piece(server, tracker):
    Phabricator(server).changed.update({number: START + 1000 * number for number in range(1, 8)})
    whole = tracker()
    assert numbers(whole) == [1, 2, 3, 4, 5, 6, 7]
    for place, piece in enumerate(whole):
        assert numbers([*whole[: place + 1], *tracker(piece.cursor)]) == [1, 2, 3, 4, 5, 6, 7]


def test_a_task_that_changes_while_pages_are_read_takes_no_other_with_it(server, tracker):
    """The first page ends with task 2. It changes before the second page: behind it there is nothing any more."""
    there = Phabricator(server)
    there.changed.update({1: START + 10, 2: START + 20, 3: START + 30, 4: START + 40})
    there.between = [lambda: there.changed.update({2: START + 90})]
    assert sorted(numbers(tracker())) == [1, 2, 3, 4]


def test_more_changes_in_one_second_than_a_page_holds_are_paged_by_the_servers_cursor(server, tracker):
    Phabricator(server).changed.update({**dict.fromkeys(range(1, 8), START + 10), 8: START + 20})
    assert numbers(tracker()) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [one["after"] for one in asked(server) if "after" in one] == ["2", "4", "6"]


def test_a_cursor_that_the_server_no_longer_knows_is_a_fault_and_the_next_fetch_misses_nothing(server, tracker):
    """It happens within a second in which more changed than a page holds: what had landed stays, and its second is asked for again."""
    gone = as_json({"result": None, "error_code": "ERR-CONDUIT-CORE", "error_info": "Cursor is not valid."})
    is_gone = [True]
    there = Phabricator(server)
    there.changed.update({**dict.fromkeys(range(1, 8), START + 10), 8: START + 20})
    server.handle(SEARCH, lambda asked: gone if "after" in asked.form and is_gone else there.search(asked))
    server._routes.insert(0, server._routes.pop())
    landed = tracker.until_fault("ERR-CONDUIT-CORE")
    assert numbers(landed) == [1, 2]
    is_gone.clear()
    assert numbers([*landed, *tracker(landed[-1].cursor)]) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_only_tasks_of_some_projects_are_asked_for_where_the_settings_say_so(server, tracker):
    Phabricator(server)
    assert tracker(tasks_of=["irs", "PHID-PROJ-x"]) == []
    assert [asked(server)[0][f"constraints[projects][{place}]"] for place in (0, 1)] == ["irs", "PHID-PROJ-x"]


def test_other_rules_fetch_all_anew_in_place_of_what_there_was(server, tracker):
    Phabricator(server).changed.update({1: START + 1000})
    (first,) = tracker()
    (again,) = tracker(first.cursor, rules=[{"tag": "^User-(.*)", "project": "x"}])
    assert (first.replaces, again.replaces) == (False, True)
    assert numbers([again]) == [1]


def test_an_error_with_status_200_is_a_fault_that_does_not_quote_the_token(server, tracker):
    info = f'API token "{TOKEN}" has the wrong length.'
    server.script(SEARCH, as_json({"result": None, "error_code": "ERR-INVALID-AUTH", "error_info": info}))
    with pytest.raises(FeedFault, match=re.compile(r"ERR-INVALID-AUTH.*Check the token", re.S)) as caught:
        tracker()
    assert TOKEN not in str(caught.value)
    assert len(server.asked) == 1


def test_an_error_of_the_history_is_a_fault_and_the_page_comes_again(server, tracker):
    server.script(HISTORY, as_json({"result": None, "error_code": "ERR-CONDUIT-CORE", "error_info": "busy"}))
    Phabricator(server).changed.update({1: START + 10})
    with pytest.raises(FeedFault, match="ERR-CONDUIT-CORE"):
        tracker()


@pytest.mark.parametrize(
    "failure", [status(429, retry_after=1), status(500), half(as_json(ok({})))], ids=["429", "500", "half a body"]
)
def test_a_failure_that_passes_costs_nothing(server, tracker, failure):
    server.script(SEARCH, failure, as_json(ok({"data": [], "cursor": {"after": None}})))
    assert tracker() == []
    assert len(server.asked) == 2


ODD = {
    "a page for people": page(),
    "no result": as_json({"error_code": None}),
    "a list": as_json([]),
    "no cursor": as_json(ok({"data": []})),
    "no tasks": as_json(ok({"data": None, "cursor": {}})),
    "another order": as_json(ok({
        "data": [{"id": one, "fields": {"dateModified": START - one}} for one in (1, 2)], "cursor": {"after": None},
    })),
    "the same page for ever": as_json(ok({"data": [], "cursor": {"after": "5"}})),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_an_answer_that_is_none_is_a_fault_and_no_circle(server, tracker, kind):
    server.script(SEARCH, ODD[kind])
    with pytest.raises(FeedFault) as caught:
        tracker()
    assert server.host in caught.value.where
    assert len(server.asked) <= 2


def test_a_token_that_is_not_there_is_named_and_nobody_is_asked(server, tracker, monkeypatch):
    monkeypatch.delenv("PHABRICATOR_TOKEN")
    with pytest.raises(FeedFault, match="no PHABRICATOR_TOKEN"):
        tracker()
    assert server.asked == []
