"""Asks servers over HTTP: allowed hosts only, politely, and again where a failure may pass.

It knows no feed. Credentials travel in headers and stand in no error, log or address that it hands out.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a server said. url: as asked, without secrets; received_at: UTC."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    received_at: datetime

    def json(self) -> Any:
        """The content as JSON; FeedFault where it is none."""
        raise NotImplementedError


class Web:
    """The network as one instance may use it: at most three connections, and a name by which it is known."""

    def __init__(self, hosts: Collection[str], contact: str) -> None:
        raise NotImplementedError

    def get(self, url: str, params: Mapping[str, str | int] = {}, headers: Mapping[str, str] = {}) -> Answer:
        """The answer with status 200; FeedFault where none came after all attempts, or where asking again is no use."""
        raise NotImplementedError

    def post(self, url: str, form: Mapping[str, str | int], headers: Mapping[str, str] = {}) -> Answer:
        """As `get`, with a form in the body."""
        raise NotImplementedError

    @contextmanager
    def lines(self, url: str, headers: Mapping[str, str] = {}) -> Iterator[Iterator[bytes]]:
        """The lines of an answer that does not end, as they come."""
        raise NotImplementedError
