"""Asks one wiki's Action API, as the public or as an account of its own, and says in words why it gets no answer.

It decides nothing about what is asked. Tokens and passwords travel in headers and forms, and stand in nothing else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data_contracts.faults import FeedFault
from etl.web import Answer, Web

LAG_S = 5  # as the movement asks of programs that can wait
_PASSING = frozenset({"maxlag", "ratelimited", "readonly"})
_WORD = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)
_ACCOUNT = "Check the account's token or password, and that it has not been withdrawn."
_REMEDIES = {
    "assertuserfailed": _ACCOUNT,
    "assertnameduserfailed": _ACCOUNT,
    "mwoauth-invalid-authorization": _ACCOUNT,
    "readapidenied": "Name an account that may read this wiki.",
    "permissiondenied": "Name an account that may see this, or ask as the public.",
    "blocked": "The account or the address is blocked: talk to the wiki.",
}


class Declined(FeedFault):
    """The wiki answered with an error of its own. code: in the wiki's word; info: as it says it to people."""

    def __init__(self, where: str, code: str, info: str = "") -> None:
        remedy = _REMEDIES.get(code, "Try again later; if it stays, look the word up in the wiki's api.php.")
        super().__init__(where, f'the wiki declined: "{code}"', "an answer", remedy)
        self.code, self.info = code, info


@dataclass(frozen=True)
class Answered:
    """An answer with what was asked and when it came (UTC, naive). text: the JSON as the wiki sent it."""

    asked: Mapping[str, str | int]
    at: datetime
    text: bytes = field(repr=False)
    content: Mapping[str, Any] = field(repr=False)

    @property
    def now(self) -> datetime:
        """By the wiki's clock, where it says so."""
        told = self.content.get("curtimestamp")
        try:
            return datetime.strptime(told, "%Y-%m-%dT%H:%M:%SZ") if isinstance(told, str) else self.at
        except ValueError:
            return self.at

    def line(self, **more: str) -> bytes:
        """The answer as a line of a piece. more: what else is told of the asking."""
        one_line = self.text if b"\n" not in self.text else json.dumps(self.content).encode()
        asked = json.dumps({**self.asked, **more})
        return f'{{"asked": {asked}, "at": "{self.at:%Y-%m-%dT%H:%M:%SZ}", "answer": '.encode() + one_line + b"}\n"


class Api:
    """One wiki's api.php. headers: by which it knows an account; empty for the public."""

    def __init__(self, web: Web, address: str, headers: Mapping[str, str] = {}) -> None:
        self._web, self._address, self._headers = web, address, headers

    def now(self) -> datetime:
        """By our clock, UTC, naive."""
        return self._web.now()

    def ask(self, **params: str | int) -> Answered:
        """One answer. A wiki that lags, limits or is being written to is asked again after the time it wants.

        Raises Declined for other errors of the wiki, FeedFault where the server gives no answer.
        """
        asked: dict[str, str | int] = {"action": "query", **params, "format": "json", "formatversion": 2}
        sent = {**asked, "maxlag": LAG_S, "curtimestamp": 1, **({"assert": "user"} if self._headers else {})}
        answer = self._web.get(self._address, sent, self._headers, later=_later)
        content = _object(answer)
        if "error" in content:
            raise Declined(answer.url, _code(content), str(content["error"]))
        return Answered(asked, answer.received_at, answer.content.strip(), content)

    def every(self, **params: str | int) -> Iterator[Answered]:
        """The answers up to the end of a list, page after page as the wiki says how to go on."""
        onward: dict[str, str | int] = {}
        while True:
            answered = self.ask(**{**params, **onward})
            yield answered
            following = answered.content.get("continue")
            if following is None:
                return
            following = _onward(self._address, following)
            if following == onward:
                raise FeedFault(self._address, "it goes on from the same place for ever", "a list that ends")
            onward = following


def bearer(token: str) -> Mapping[str, str]:
    """The headers of an owner-only OAuth 2 token."""
    return {"Authorization": f"Bearer {token}"}


def signed_in(web: Web, address: str, name: str, password: str) -> Mapping[str, str]:
    """The headers of a session, got with a bot password."""
    asked: dict[str, str | int] = {"action": "query", "meta": "tokens", "type": "login"}
    asked |= {"format": "json", "formatversion": 2}
    first = web.get(address, asked, later=_later)
    token = _object(first).get("query", {}).get("tokens", {}).get("logintoken")
    if not isinstance(token, str):
        raise FeedFault(address, "it gives no token to sign in with", "api.php of a wiki", "Look at the address.")
    form = {"action": "login", "lgname": name, "lgpassword": password, "lgtoken": token, "format": "json"}
    second = web.post(address, form, _cookies(first.cookies))
    result = _object(second).get("login", {}).get("result")
    if result != "Success":
        raise FeedFault(address, "the wiki did not let the account in", "name and password of a bot password", _ACCOUNT)
    return _cookies({**first.cookies, **second.cookies})


def _cookies(cookies: Mapping[str, str]) -> Mapping[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def _later(answer: Answer) -> str | None:
    """Why the answer is none yet, in words; None where it is one, or where waiting will not help."""
    content = answer.json() if b'"error"' in answer.content else {}  # most answers are none, and are read only once
    code = _code(content) if isinstance(content, dict) and "error" in content else ""
    if code in _PASSING or code.startswith("internal_api_error"):
        return f'the wiki wants to be asked later ("{code}")'
    return None


def _object(answer: Answer) -> Mapping[str, Any]:
    content = answer.json()
    if not isinstance(content, dict):
        raise FeedFault(answer.url, "its answer is no object", "the Action API", "The address is that of api.php.")
    return content


def _code(content: Mapping[str, Any]) -> str:
    error = content["error"]
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and _WORD.fullmatch(code) else "an unknown error"


def _onward(address: str, following: object) -> dict[str, str | int]:
    if isinstance(following, dict) and all(isinstance(one, str | int) for one in following.values()):
        return {str(name): value for name, value in following.items()}
    raise FeedFault(address, "it does not say how to go on", "a continuation as the Action API has it")
