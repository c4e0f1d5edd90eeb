"""A wiki's api.php as a test scripts it: a log that grows, hides and answers page by page, and the errors of MediaWiki."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from etl.feed import Piece
from etl.sources import mediawiki_api as feed
from etl.web import Answer
from tests.feeds.api_pieces import API, downloads
from tests.server import Asked, Reply, Server, as_json

PATH = "/w/api.php"
NOW = datetime(2026, 3, 10, 6)


def error(code: str, info: str = "", **headers: Any) -> Reply:
    """As MediaWiki says it: with status 200."""
    return as_json({"error": {"code": code, "info": info, "docref": "See api.php"}}, **headers)


@dataclass
class Wiki:
    """The events stand in `log`; page: how many an answer holds. failing: what is answered first, in its order."""

    server: Server | None = None
    log: list[dict[str, Any]] = field(default_factory=list)
    page: int = 500
    failing: list[Reply] = field(default_factory=list)
    now: datetime = NOW
    unknown: tuple[str, ...] = ()  # logs that it does not have
    forgotten: int = 0  # how many times it does not know where to go on

    def __post_init__(self) -> None:
        self.web: Any = Direct(self)
        if self.server is not None:
            self.server.handle(PATH, self.answer)
            self.web = self.server.web(clock=lambda: self.now)

    def answer(self, asked: Asked) -> Reply:
        if self.failing:
            return self.failing.pop(0)
        if "lecontinue" in asked.query and self.forgotten:
            self.forgotten -= 1
            return error("badcontinue", "Invalid continue param.")
        if asked.query.get("letype") in self.unknown:
            return error("badvalue", f'Unrecognized value for parameter "letype": {asked.query["letype"]}.')
        return self._log(asked) if asked.query.get("list") == "logevents" else as_json({"query": {}})

    def fetch(self, cursor: Any = None, what: str = "logevents", **told: Any) -> list[Piece]:
        """Everything behind the cursor, as one run gets it."""
        return [*feed.fetch(self.download(what, **told), cursor, self.web)]

    def download(self, what: str = "logevents", **told: Any) -> Any:
        return downloads(self.server.url(PATH) if self.server else API, **told)[what]

    def _log(self, asked: Asked) -> Reply:
        query = asked.query
        began = query.get("lestart", "")
        found = [one for one in self.log if one["type"] == query["letype"] and one["timestamp"] >= began]
        found.sort(key=lambda one: (one["timestamp"], one["logid"]))
        if "lecontinue" in query:
            at, _, number = query["lecontinue"].partition("|")
            found = [one for one in found if (_digits(one["timestamp"]), one["logid"]) >= (at, int(number))]
        content: dict[str, Any] = {
            "batchcomplete": True,
            "curtimestamp": f"{self.now:%Y-%m-%dT%H:%M:%SZ}",
            "query": {"logevents": found[: self.page]},
        }
        if len(found) > self.page:
            following = found[self.page]
            content["continue"] = {
                "lecontinue": f"{_digits(following['timestamp'])}|{following['logid']}",
                "continue": "-||",
            }
        return as_json(content)


class Direct:
    """A wiki asked without a network, for tests that ask it many thousand times."""

    def __init__(self, wiki: "Wiki") -> None:
        self._wiki = wiki

    def now(self) -> datetime:
        return self._wiki.now

    def get(self, url: str, params: Mapping[str, Any], headers: Mapping[str, str] = {}, **_: Any) -> Answer:
        query = {name: str(value) for name, value in params.items()}
        reply = self._wiki.answer(Asked("GET", PATH, query, headers))
        return Answer(url, reply.status, reply.headers, reply.body, self._wiki.now)


def numbers(pieces: Iterable[Piece]) -> list[int]:
    """The numbers of all log events in the pieces, in their order."""
    return [one["logid"] for answer in answers(pieces) for one in answer["query"]["logevents"]]


def answers(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    return [one["answer"] for one in lines(pieces) if "query" in one["answer"]]


def told(pieces: Iterable[Piece]) -> list[tuple[str | None, str | None]]:
    """From when to when each piece says that the wiki has told everything."""
    said = [one["answer"] for one in lines(pieces) if "query" not in one["answer"]]
    return [(one["told_from"], one["told_until"]) for one in said]


def lines(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    return [json.loads(one) for piece in pieces for one in piece.content.splitlines()]


def _digits(timestamp: str) -> str:
    return "".join(sign for sign in timestamp if sign.isdigit())
