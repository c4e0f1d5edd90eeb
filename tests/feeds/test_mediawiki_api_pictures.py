"""What a wiki says of the present replaces what it said before, and is asked for no more often than is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from etl.feed import Piece
from etl.formats import api_pictures
from tests.delivered import broken
from tests.feeds.api_pieces import Core, event, events, line
from tests.feeds.api_wiki import Wiki, answers
from tests.server import Reply, as_json
from tests.tables import rows

JAN = "2026-01-{:02}T00:00:00Z"


class Lists(Wiki):
    """A wiki that lists blocks, two an answer."""

    listed: tuple[dict[str, Any], ...] = ()

    def answer(self, asked: Any) -> Reply:
        first = int(asked.query.get("bkcontinue", 0))
        content: dict[str, Any] = {"query": {"blocks": self.listed[first : first + 2]}}
        if first + 2 < len(self.listed):
            content["continue"] = {"bkcontinue": str(first + 2)}
        return as_json(content)


def block(number: int, target: str | None = "Ben", day: int = 1, **more: Any) -> dict[str, Any]:
    found = {
        "id": number, "user": target, "timestamp": JAN.format(day), "expiry": "infinity", "automatic": target is None,
        "hidden": False, "partial": False, **more,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def listing(*blocks: dict[str, Any], at: str = JAN.format(20), more: bool = False) -> bytes:
    onward = {"continue": {"bkcontinue": "1|2"}} if more else {}
    return line({"curtimestamp": at, "query": {"blocks": list(blocks)}, **onward})


def lists(count: int) -> Lists:
    wiki = Lists()
    wiki.listed = tuple(block(number) for number in range(1, count + 1))
    return wiki


def ids(pieces: list[Piece]) -> list[int]:
    return [one["id"] for answer in answers(pieces) for one in answer["query"]["blocks"]]


def test_a_picture_is_one_piece_that_replaces_the_one_before() -> None:
    (piece,) = lists(5).fetch(what="blocks")
    assert (ids([piece]), piece.replaces, piece.cursor["is_whole"]) == ([1, 2, 3, 4, 5], True, True)


def test_a_large_picture_comes_in_pieces_of_which_the_first_replaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_pictures, "PIECE_BYTES", 1)
    pieces = lists(5).fetch(what="blocks")
    assert [piece.replaces for piece in pieces] == [True, False, False]
    assert [piece.cursor["is_whole"] for piece in pieces] == [False, False, True]
    assert ids(pieces) == [1, 2, 3, 4, 5]


def test_a_picture_is_taken_again_when_it_is_old_or_was_not_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_pictures, "PIECE_BYTES", 1)
    wiki = lists(3)
    part, whole = wiki.fetch(what="blocks")
    assert wiki.fetch(whole.cursor, "blocks") == []
    assert ids(wiki.fetch(part.cursor, "blocks")) == [1, 2, 3]
    wiki.now += timedelta(hours=21)
    assert ids(wiki.fetch(whole.cursor, "blocks")) == [1, 2, 3]
    assert wiki.fetch(whole.cursor, "blocks", pictures_every_hours=24) == []


def in_force(tmp_path: Path, pieces: list[bytes], *logged: dict[str, Any], as_of: str = "2026-02-01") -> Any:
    """(target, listed, logged) of every row, and the rules that it warns of. The log begins on 1 January."""
    first, last = (
        event(1, title="User:First", timestamp=JAN.format(1)),
        event(99, title="User:Last", timestamp=JAN.format(25)),
    )
    core = Core(tmp_path).pieces([line(events(first, *logged, last))]).pieces(pieces, "blocks")
    models = ("core_block_event", "core_block_spell", "core_block", "core_block_in_force")
    with core.made(as_of, *models) as connection:
        found = rows(connection, "core_block_in_force", "is_listed", "is_logged")
        return found, broken(connection, "core_block_in_force", severity="warning")


FOREVER = {"duration": "infinity", "flags": [], "sitewide": True}
LISTED = "a block that the wiki lists stands in its log"
LOGGED = "a block that the log leaves in force is in the wiki's list"


def test_a_block_of_list_and_log_is_in_order(tmp_path: Path) -> None:
    ben = event(2, timestamp=JAN.format(3), params=FOREVER)
    assert in_force(tmp_path, [listing(block(7, day=3))], ben) == ([(True, True)], [])


def test_a_block_that_only_the_list_has_is_warned_of(tmp_path: Path) -> None:
    assert in_force(tmp_path, [listing(block(7, day=3))]) == ([(True, False)], [LISTED])


def test_a_block_that_only_the_log_has_is_warned_of(tmp_path: Path) -> None:
    ben = event(2, timestamp=JAN.format(3), params=FOREVER)
    assert in_force(tmp_path, [listing(block(8, "First"))], ben) == (
        [(True, False), (False, True)][::-1],
        [LISTED, LOGGED],
    )


@pytest.mark.parametrize(
    "left_out",
    [
        block(7, None, day=3),  # an autoblock
        block(7, day=3, hidden=True),  # set together with hiding the name
        block(7, timestamp="2025-12-31T00:00:00Z"),  # from before our log
        block(7, day=26),  # from after its last event
    ],
)
def test_what_the_log_cannot_have_is_not_compared(tmp_path: Path, left_out: dict[str, Any]) -> None:
    assert in_force(tmp_path, [listing(left_out)]) == ([], [])


def test_a_picture_that_is_not_whole_or_from_after_what_is_known_is_not_compared(tmp_path: Path) -> None:
    ben = event(2, timestamp=JAN.format(3), params=FOREVER)
    assert in_force(tmp_path, [listing(block(8, "Cho", day=3), more=True)], ben) == ([], [])
    assert in_force(tmp_path, [listing(block(8, "Cho", day=3), at="2026-02-01T00:00:00Z")], ben) == ([], [])


def test_a_block_that_was_lifted_or_ran_out_before_the_list_is_not_wanted_there(tmp_path: Path) -> None:
    set_, lifted = event(2, timestamp=JAN.format(3), params=FOREVER), event(3, "block/unblock", timestamp=JAN.format(4))
    over = event(4, title="User:Cho", timestamp=JAN.format(5))  # for a week
    other = block(9, "Dee", day=6)
    dee = event(5, title="User:Dee", timestamp=JAN.format(6), params=FOREVER)
    assert in_force(tmp_path, [listing(other)], set_, lifted, over, dee) == ([(True, True)], [])
