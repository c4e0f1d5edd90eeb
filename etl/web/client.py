"""One client for all feeds: it asks allowed hosts only, waits as servers ask, and gives up in words.

It knows no feed and no file. What an exception of the HTTP library says is never passed on: it may quote a header.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_attempt

from data_contracts.faults import FeedFault
from etl.web import address, bodies, library, waiting
from etl.web.answer import Answer, Refused
from etl.web.library import Failure, Limits

_PASSING = frozenset({429, 500, 502, 503, 504})
_LEADING_ON = frozenset({301, 302, 303, 307, 308})
_REMEDIES = {401: "Check the token, and that it is still valid.", 403: "Check what the token may do."}

_GRANTED = Limits()

T = TypeVar("T")


@dataclass(frozen=True)
class _Asked:
    """One question. later: the words by which an answer with status 200 says that it must be asked again."""

    method: str
    url: httpx.URL
    headers: Mapping[str, str] = field(repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    later: Callable[[Answer], str | None] | None = None
    read_s: float | None = None


@dataclass(frozen=True)
class _Onward:
    location: str = field(repr=False)


class Web:
    """The network as one instance may use it: at most three connections, and a name by which it is known.

    hosts: names that may be asked, each with its port where that is not the usual one. contact: whom the people of the
    servers can write to. wait, clock (`now`: UTC, naive) and ticks (seconds) are the world's, or a test's.
    """

    def __init__(
        self,
        hosts: Collection[str],
        contact: str,
        *,
        limits: Limits = _GRANTED,
        wait: Callable[[float], None] = time.sleep,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hosts = address.listed(hosts)
        self._limits, self._ticks = limits, ticks
        self.now, self.wait = clock, wait
        self._client = library.client(contact, limits)

    def get(
        self,
        url: str,
        params: Mapping[str, str | int] = {},
        headers: Mapping[str, str] = {},
        *,
        later: Callable[[Answer], str | None] | None = None,
    ) -> Answer:
        """The answer with status 200; FeedFault where none came after all attempts, Refused where asking again is vain.

        params: added to those in the address. later: told of an answer with status 200, says in words why it is none
        yet (a server that lags, a limit of its own), or None; the question is asked again, after `Retry-After`.
        """
        target = address.readable(url)
        target = target.copy_merge_params({name: str(value) for name, value in params.items()}) if params else target
        return self._ask(_Asked("GET", target, library.plain(headers, target), later=later), self._whole)

    def post(
        self,
        url: str,
        form: Mapping[str, str | int],
        headers: Mapping[str, str] = {},
        *,
        later: Callable[[Answer], str | None] | None = None,
    ) -> Answer:
        """As `get`, with a form in the body. For questions only: it is sent again after a failure."""
        target = address.readable(url)
        fields = {name: str(value) for name, value in form.items()}
        return self._ask(_Asked("POST", target, library.plain(headers, target), fields, later), self._whole)

    @contextmanager
    def lines(
        self,
        url: str,
        headers: Mapping[str, str] = {},
        *,
        kind: str = "",
        quiet_s: float | None = None,
        longest_s: float | None = None,
    ) -> Iterator[Iterator[bytes]]:
        """The lines of an answer that does not end, as they come, without their ends.

        kind: the type of content that is wanted, such as text/event-stream; FeedFault where the answer is of another.
        They end when the server goes away, is quiet for `quiet_s` seconds, or `longest_s` seconds are over: what the
        reader makes of it is his, and so is asking again from where he stood. Only getting through is tried again.
        """
        target = address.readable(url)
        sent = {"Accept-Encoding": "identity", **library.plain(headers, target)}
        response = self._ask(_Asked("GET", target, sent, read_s=quiet_s), lambda response: response)
        try:
            if not response.headers.get("content-type", "").startswith(kind):
                found = "its answer is of another type of content"
                raise FeedFault(address.shown(target), found, kind, "Look at the address: what answers there?")
            yield self._lines(target, response, longest_s)
        finally:
            response.close()

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, asked: _Asked, take: Callable[[httpx.Response], T]) -> T:
        why = address.permitted(asked.url, self._hosts)
        if why:
            raise address.refusal(asked.url, why, self._hosts)
        retrying = Retrying(
            stop=stop_after_attempt(self._limits.attempts),
            wait=_pause,
            sleep=self.wait,
            retry=retry_if_result(lambda found: isinstance(found, Failure)),
            retry_error_callback=_last,
        )
        found: T | Failure = retrying(partial(self._attempt, asked, take))
        if isinstance(found, Failure):
            tries = f"{self._limits.attempts} attempts"
            raise FeedFault(address.shown(asked.url), found.found, f"an answer within {tries}", "Try again later.")
        return found

    def _attempt(self, asked: _Asked, take: Callable[[httpx.Response], T]) -> T | Failure:
        url, headers = asked.url, asked.headers
        for _ in range(self._limits.redirects + 1):
            found = self._exchange(asked, url, headers, take)
            if not isinstance(found, _Onward):
                return found
            url, headers = self._onward(asked, url, found, headers)
        raise FeedFault(address.shown(asked.url), f"it leads on more than {self._limits.redirects} times")

    def _exchange(
        self, asked: _Asked, url: httpx.URL, headers: Mapping[str, str], take: Callable[[httpx.Response], T]
    ) -> T | Failure | _Onward:
        limits = self._limits
        timeout = httpx.Timeout(asked.read_s or limits.read_s, connect=limits.connect_s)
        request = self._client.build_request(asked.method, url, headers=headers, data=asked.form, timeout=timeout)
        try:
            response = self._client.send(request, stream=True)
            try:
                found = self._judged(asked, response, take)
            except BaseException:
                response.close()
                raise
        except httpx.TransportError as error:
            found = library.said(error)
        except bodies.BrokenBody:
            found = Failure("its answer broke off, or cannot be unpacked")
        except bodies.TooMuch as error:
            found = FeedFault(address.shown(asked.url), str(error), "an answer of a size and speed that can be read")
        if isinstance(found, FeedFault):
            raise found  # out here, so that it carries no exception of the library with it
        return self._within_patience(asked, found) if isinstance(found, Failure) else found

    def _judged(
        self, asked: _Asked, response: httpx.Response, take: Callable[[httpx.Response], T]
    ) -> T | Failure | _Onward | FeedFault:
        status = response.status_code
        if status == 200:
            return self._asked_later(asked, take(response))
        if status in _LEADING_ON and "location" in response.headers:
            response.close()
            return _Onward(response.headers["location"])
        said = f"it answered {status} {httpx.codes.get_reason_phrase(status)}".rstrip()
        if status in _PASSING:
            response.close()
            return Failure(said, waiting.asked_wait(response.headers.get("retry-after"), self.now()))
        return Refused(self._whole(response), said, _REMEDIES.get(status, ""))

    def _asked_later(self, asked: _Asked, taken: T) -> T | Failure:
        words = asked.later(taken) if asked.later and isinstance(taken, Answer) else None
        if words is None or not isinstance(taken, Answer):
            return taken
        return Failure(words, waiting.asked_wait(taken.headers.get("retry-after"), self.now()))

    def _whole(self, response: httpx.Response) -> Answer:
        late_at = self._ticks() + self._limits.whole_s
        content = bodies.whole(response, self._limits.answer_bytes, lambda: self._ticks() > late_at)
        response.close()
        headers = {name: value for name, value in response.headers.items() if name != "set-cookie"}
        url = address.shown(response.request.url)
        return Answer(url, response.status_code, headers, content, self.now(), library.cookies(response))

    def _lines(self, url: httpx.URL, response: httpx.Response, longest_s: float | None) -> Iterator[bytes]:
        ends_at = None if longest_s is None else self._ticks() + longest_s
        try:
            yield from bodies.lines(self._until(bodies.unpacked(response), ends_at), self._limits.line_bytes)
            return
        except (httpx.TransportError, httpx.StreamError, bodies.BrokenBody):
            return
        except bodies.TooMuch as error:
            words = str(error)
        raise FeedFault(address.shown(url), words, f"lines of at most {self._limits.line_bytes} bytes")

    def _until(self, pieces: Iterator[bytes], ends_at: float | None) -> Iterator[bytes]:
        for piece in pieces:
            yield piece
            if ends_at is not None and self._ticks() > ends_at:
                return

    def _onward(
        self, asked: _Asked, url: httpx.URL, onward: _Onward, headers: Mapping[str, str]
    ) -> tuple[httpx.URL, Mapping[str, str]]:
        target = url.join(onward.location)  # it can be read: the library looked at it before it handed the answer over
        why = address.permitted(target, self._hosts)
        why = why or ("elsewhere with what was sent in a form" if asked.form is not None else None)
        if why:
            raise address.refusal(asked.url, f"it leads on: {why}", self._hosts)
        same = address.origin(target) == address.origin(url)
        return target, headers if same else {name: headers[name] for name in headers if name.lower() == "accept"}

    def _within_patience(self, asked: _Asked, failure: Failure) -> Failure:
        if failure.wait is None or failure.wait <= self._limits.longest_wait_s:
            return failure
        raise FeedFault(
            address.shown(asked.url),
            f"{failure.found}, and wants to be left alone for {failure.wait:.0f} seconds",
            f"a wait of at most {self._limits.longest_wait_s:.0f} seconds",
            f"Come back at {waiting.back_at(failure.wait, self.now())}.",
        )


def _pause(state: RetryCallState) -> float:
    failure = state.outcome.result() if state.outcome else None
    return waiting.pause(state, failure.wait if isinstance(failure, Failure) else None)


def _last(state: RetryCallState) -> object:
    return state.outcome.result() if state.outcome else None
