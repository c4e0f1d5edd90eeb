"""What a server said, as feeds get it, and the fault where it will not say it.

It asks nothing itself. Headers, cookies and content are not part of what is shown of an answer.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from data_contracts.faults import FeedFault

_SHOWN_SIGNS = 60


@dataclass(frozen=True)
class Answer:
    """What a server said. url: as asked, without query; received_at: UTC, naive.

    headers: names in small letters. cookies: set by this answer, by name; none is kept or sent again unless a caller
    passes it on as a header. They, like the content, are left out of what is shown.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    received_at: datetime
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)

    def json(self) -> Any:
        """The content as JSON; FeedFault where it is none, or nested too deeply to be read."""
        try:
            return json.loads(self.content, parse_constant=_no_constant)
        except RecursionError:
            found = "its answer is nested too deeply to be read"
        except ValueError:  # no JSON, no UTF-8, or a number of thousands of digits
            found = f"its answer is no JSON: {len(self.content)} bytes of {self._type()}"
        raise FeedFault(
            self.url, found, "JSON", "Look at the address: does a program answer there, or a page for people?"
        )

    def _type(self) -> str:
        told = self.headers.get("content-type", "")[:_SHOWN_SIGNS]
        return told if told.isprintable() and told else "no known type"


class Refused(FeedFault):
    """The server answered, and will not answer otherwise when asked again. answer: what it said."""

    def __init__(self, answer: Answer, found: str, remedy: str) -> None:
        super().__init__(answer.url, found, "an answer with status 200", remedy)
        self.answer = answer

    @property
    def status(self) -> int:
        return self.answer.status


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")
