"""No header, token or password is in a fault, what hangs on it, a log, or what is shown of an answer."""

import logging
import traceback

import httpx
import pytest

from data_contracts.faults import FeedFault
from etl.web import Limits
from tests.server import Reply, Server, as_json, bomb, half, page, redirect, reset, slow, status

SECRET = "sesame-4711"
IN_HEADER = {"Authorization": f"Bearer {SECRET}"}


@pytest.mark.parametrize(
    "reply",
    [
        status(403, body=SECRET.encode()),
        status(429, 7200),
        status(500),
        reset(),
        half(as_json([SECRET] * 100)),
        slow(as_json({}), 0.3),
        bomb(2),
        page(SECRET),
        redirect(f"https://evil.example/?token={SECRET}"),
        redirect(f"http://{SECRET}:{SECRET}@[::1"),
        redirect("/a"),
        Reply(200, b"{}", {"Content-Encoding": SECRET}),
    ],
    ids=lambda one: f"{one.status}, {len(one.body)} bytes",
)
def test_no_secret_is_in_faults_logs_or_what_hangs_on_them(
    server: Server, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore.connection", "httpcore.http11", "tenacity"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    server.script("/a", reply)
    web = server.web(limits=Limits(attempts=2, read_s=0.1, answer_bytes=1 << 20))
    with pytest.raises(FeedFault) as caught:
        web.get(server.url("/a"), {"token": SECRET}, {**IN_HEADER, "Cookie": f"session={SECRET}"}).json()
    assert_clean(caught.value)
    assert SECRET not in caplog.text
    assert caplog.records == []
    assert SECRET not in repr(web)


@pytest.mark.parametrize("value", [f"{SECRET}\n", f"{SECRET}\r\nX: 1", f"{SECRET}ü", f" {SECRET}", f"\0{SECRET}"])
def test_a_token_that_no_header_may_have_is_not_quoted(server: Server, value: str) -> None:
    with pytest.raises(FeedFault, match="the value of the header Authorization has signs that no") as caught:
        server.web().get(server.url("/a"), headers={"Authorization": value})
    assert_clean(caught.value)
    assert server.asked == []


@pytest.mark.parametrize(
    "address", [f"https://u:{SECRET}@api.example.org/", f"https://[::1?token={SECRET}", f"x?{SECRET}"]
)
def test_an_address_with_a_secret_is_not_quoted(server: Server, address: str) -> None:
    with pytest.raises(FeedFault) as caught:
        server.web().get(address)
    assert_clean(caught.value)


def test_an_answer_shows_neither_headers_nor_content(server: Server) -> None:
    headers = {"X-Token": SECRET, "Set-Cookie": f"session={SECRET}"}
    server.script("/a", Reply(200, SECRET.encode(), headers))
    answer = server.web().get(server.url("/a"), {"token": SECRET}, IN_HEADER)
    assert SECRET not in repr(answer)
    assert answer.url == server.url("/a")


def assert_clean(fault: BaseException) -> None:
    """The secret is nowhere: not in words, notes, causes, contexts, or the library's exceptions, which hold a request."""
    one: BaseException | None = fault
    seen: list[BaseException] = []
    while one is not None and one not in seen:
        seen.append(one)
        assert SECRET not in f"{one} {one!r} {one.args} {getattr(one, '__notes__', '')}"
        assert not isinstance(one, httpx.HTTPError | httpx.InvalidURL | UnicodeError)
        one = one.__cause__ or one.__context__
    assert SECRET not in "".join(traceback.format_exception(fault))
