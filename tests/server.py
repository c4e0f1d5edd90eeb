"""A small real HTTP server on loopback that answers what a test scripts: recorded shapes and every failure.

    def test_a_cursor_goes_on(server):                    # the fixture stands in tests/conftest.py
        server.script("/api/tickets.json", status(429, retry_after=1), as_json({"tickets": []}))
        web = server.web()                                # an etl.web.Web that may ask this server, and never sleeps
        web.get(server.url("/api/tickets.json"), headers={"Authorization": "Bearer secret"})
        assert server.waits == [approx(1, abs=1)]         # seconds that the web would have slept
        assert [asked.headers["authorization"] for asked in server.asked] == ["Bearer secret"] * 2

`script(path, *replies)`: one reply after the other, the last one again and again. `handle(path, function)`: the function
gets an `Asked` and gives a `Reply`. A `*` in a path stands for anything; what was told first goes first; other paths
are answered with 404. Replies: `as_json`, `page` (HTML), `status` (an error), `slow`, `half`, `redirect`, `packed` (gzip),
`bomb`, `reset`, `stream` (pieces, without an end that anybody could know), or a `Reply` of one's own.
`asked`: what came, in order. `most_at_once`: how many connections were open together.
"""

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from etl.web import Web


@dataclass(frozen=True)
class Asked:
    """What a client sent. headers: names in small letters; form: the fields of a body that is one."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What the server sends. pieces: instead of `body`, sent as they come; sent: how much of the body really goes out.

    delay_s: before anything is sent. is_reset: the connection is torn down instead.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Iterable[bytes] | None = None
    sent: int | None = None
    delay_s: float = 0
    is_reset: bool = False


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    """headers: with _ for -, such as retry_after="5"."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


def page(text: str = "<!DOCTYPE html><title>Sign in</title>") -> Reply:
    return Reply(200, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def status(number: int, retry_after: int | str | None = None, body: bytes = b"") -> Reply:
    return Reply(number, body, {} if retry_after is None else {"Retry-After": str(retry_after)})


def slow(reply: Reply, seconds: float) -> Reply:
    return replace(reply, delay_s=seconds)


def half(reply: Reply) -> Reply:
    """The length of the whole body is told, and half of it sent."""
    return replace(reply, sent=len(reply.body) // 2)


def redirect(to: str, number: int = 302) -> Reply:
    return Reply(number, b"", {"Location": to})


def packed(reply: Reply) -> Reply:
    return replace(
        reply, body=gzip.compress(reply.body, mtime=0), headers={**reply.headers, "Content-Encoding": "gzip"}
    )


def bomb(megabytes: int) -> Reply:
    """Few bytes that unpack to many."""
    return packed(Reply(200, bytes(megabytes << 20), {"Content-Type": "application/json"}))


def reset() -> Reply:
    return Reply(is_reset=True)


def stream(*pieces: bytes, kind: str = "text/event-stream") -> Reply:
    return Reply(200, headers={"Content-Type": kind}, pieces=pieces)


class Server:
    """What a test holds in its hand; `serving` makes and ends it."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.waits: list[float] = []
        self.unanswered = range(0)  # questions, by their number, to which a test has no answer sent
        self.most_at_once = 0
        self.ending = threading.Event()
        self._routes: list[tuple[str, Callable[[Asked], Reply]]] = []
        self._webs: list[Web] = []
        self._open = 0
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.held = self

    @property
    def host(self) -> str:
        """As it stands in `network.hosts`."""
        return f"127.0.0.1:{self._http.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def web(self, *hosts: str, **given: Any) -> Web:
        """A client that may ask this server and `hosts`. Waits are noted, not slept; given: other parts of the Web."""
        web = Web((self.host, *hosts), "https://demo.example", **{"wait": self.waits.append, **given})
        self._webs.append(web)
        return web

    def script(self, path: str, *replies: Reply) -> None:
        left = list(replies)
        self.handle(path, lambda _: left.pop(0) if len(left) > 1 else left[0])

    def handle(self, path: str, answer: Callable[[Asked], Reply]) -> None:
        self._routes.append((path, answer))

    def reply_to(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            for path, answer in self._routes:
                if fnmatchcase(asked.path, path):
                    return answer(asked)
        return as_json({"title": "Not found."}, 404)

    def connected(self, change: int) -> None:
        with self._lock:
            self._open += change
            self.most_at_once = max(self.most_at_once, self._open)

    def start(self) -> None:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.ending.set()
        for web in self._webs:
            web.close()
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    server.start()
    try:
        yield server
    finally:
        server.stop()


class _Http(ThreadingHTTPServer):
    held: Server

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of many tests, and no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out as two, and the second would wait for the first
    timeout = 30

    def setup(self) -> None:
        super().setup()
        self._held.connected(1)

    def finish(self) -> None:
        self._held.connected(-1)
        super().finish()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Tests look at `asked`."""

    @property
    def _held(self) -> Server:
        assert isinstance(self.server, _Http)
        return self.server.held

    def _answer(self) -> None:
        reply = self._held.reply_to(self._asked())
        self._held.ending.wait(reply.delay_s)
        if reply.is_reset:
            return self._tear_down()
        return self._send_pieces(reply) if reply.pieces is not None else self._send_body(reply)

    def _asked(self) -> Asked:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Asked(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers,
            dict(parse_qsl(body, keep_blank_values=True)),
        )

    def _send_body(self, reply: Reply) -> None:
        self._send_head(reply, {"Content-Length": str(len(reply.body))})
        self.wfile.write(reply.body if reply.sent is None else reply.body[: reply.sent])
        self.close_connection = self.close_connection or reply.sent is not None

    def _send_pieces(self, reply: Reply) -> None:
        self._send_head(reply, {"Connection": "close"})
        for piece in reply.pieces or ():
            if self._held.ending.is_set():
                break
            self.wfile.write(piece)
        self.close_connection = True

    def _send_head(self, reply: Reply, more: Mapping[str, str]) -> None:
        self.send_response(reply.status)
        for name, value in {**reply.headers, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def _tear_down(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()
        self.close_connection = True
