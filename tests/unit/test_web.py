"""Asking servers: who may be asked, what is asked again, how long is waited, and in which words it ends."""

import gzip
from datetime import datetime
from importlib.metadata import version

import httpx
import pytest

from data_contracts.faults import FeedFault
from etl.web import Answer, Limits, Refused, Web, library, waiting
from tests.delivered import faulty as fault
from tests.server import (
    Reply,
    Server,
    as_json,
    half,
    redirect,
    reset,
    serving,
    slow,
    status,
)

NOON = datetime(2026, 11, 21, 12)
SECRET = "sesame-4711"
IN_HEADER = {"Authorization": f"Bearer {SECRET}"}


# who may be asked


def test_a_host_that_is_not_listed_is_not_asked(server: Server) -> None:
    web = Web(["api.example.org"], "https://demo.example")
    with fault("may not ask", "network.hosts: api.example.org"):
        web.get(server.url("/a"))
    assert server.asked == []
    web.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://api.example.org/a", "it is not https (http)"),
        ("ftp://api.example.org/a", "it is not https (ftp)"),
        ("file:///etc/passwd", "it is not https (file)"),
        ("/a", "it is not https (no scheme)"),
        ("https://api.example.org:8443/a", 'may not ask "api.example.org:8443"'),
        ("https://api.example.org.evil.example/a", "may not ask"),
        ("https://api.example.org@evil.example/a", "a name or password in it"),
        ("https://user:word@api.example.org/a", "a name or password in it"),
        ("https://api.example.org\\@evil.example/", "a name or password in it"),
        ("https://api.exa mple.org/", "may not ask"),
        ("https://api.example.org:port/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("http://127.0.0.2/", "it is not https (http)"),
        ("http://127.0.0.1/", 'may not ask "127.0.0.1"'),
    ],
)
def test_addresses_that_look_like_allowed_ones_are_refused(server: Server, address: str, words: str) -> None:
    web = Web(["api.example.org", server.host], "https://demo.example")
    with fault(words):
        web.get(address)
    web.close()


def test_names_of_hosts_are_checked_when_the_client_is_made() -> None:
    with fault("network.hosts", "https://api.example.org"):
        Web(["https://api.example.org"], "https://demo.example")


def test_a_contact_that_cannot_stand_in_a_header_is_refused() -> None:
    with fault("network.contact"):
        Web(["api.example.org"], "me\r\nX-Evil: 1")


def test_the_client_tells_its_name_and_whom_to_write_to(server: Server) -> None:
    server.script("/a", as_json({}))
    server.web().get(server.url("/a"))
    assert server.asked[0].headers["user-agent"] == (
        f"upstander/{version('upstander')} (https://demo.example) httpx/{httpx.__version__}"
    )


# redirects


def test_a_redirect_on_the_same_host_is_followed_with_its_headers(server: Server) -> None:
    server.script("/old", redirect("/new?page=2", 308))
    server.script("/new", as_json([1]))
    assert server.web().get(server.url("/old"), headers=IN_HEADER).json() == [1]
    assert [one.headers["authorization"] for one in server.asked] == [IN_HEADER["Authorization"]] * 2
    assert server.asked[1].query == {"page": "2"}


def test_credentials_do_not_go_on_to_another_host(server: Server) -> None:
    with serving() as other:
        other.script("/new", as_json([1]))
        server.script("/old", redirect(other.url("/new")))
        headers = {**IN_HEADER, "Cookie": SECRET, "X-Own": SECRET, "Accept": "application/json"}
        assert server.web(other.host).get(server.url("/old"), headers=headers).json() == [1]
        assert SECRET not in str(other.asked[0].headers)
        assert other.asked[0].headers["accept"] == "application/json"


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("https://evil.example/a", 'leads on: the instance may not ask "evil.example"'),
        ("http://evil.example/a", "leads on: it is not https"),
        ("//evil.example/a", "leads on: it is not https"),
        ("file:///etc/passwd", "leads on: it is not https (file)"),
        ("https://evil.example:port/", "leads on to an address that cannot be read"),
    ],
)
def test_a_redirect_to_where_nobody_may_ask_is_not_followed(server: Server, to: str, words: str) -> None:
    server.script("/old", redirect(to))
    with fault("127.0.0.1", "/old", words):
        server.web().get(server.url("/old"))
    assert len(server.asked) == 1


def test_redirects_in_a_circle_end(server: Server) -> None:
    server.script("/a", redirect("/a"))
    with fault("it leads on more than 5 times"):
        server.web().get(server.url("/a"))
    assert len(server.asked) == 6


def test_a_form_is_not_carried_elsewhere(server: Server) -> None:
    server.script("/a", redirect("/b", 307))
    with fault("with what was sent in a form"):
        server.web().post(server.url("/a"), {"api.token": SECRET})
    assert [one.path for one in server.asked] == ["/a"]


# what is asked again


def test_failures_that_may_pass_are_asked_again_and_longer_each_time(server: Server) -> None:
    failures = (status(500), status(502), status(503), status(504), reset())
    server.script("/a", *failures, as_json({"n": 1}))
    assert server.web().get(server.url("/a")).json() == {"n": 1}
    assert len(server.asked) == 6
    for waited, least in zip(server.waits, (1, 2, 4, 8, 16), strict=True):
        assert least <= waited <= least + 1


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (status(429), "it answered 429 Too Many Requests"),
        (half(as_json(list(range(1000)))), "its answer broke off"),
        (reset(), "its answer broke off"),
        (slow(as_json({}), 0.4), "it did not answer in time"),
        (Reply(200, b"no gzip", {"Content-Encoding": "gzip"}), "its answer broke off, or cannot be unpacked"),
        (
            Reply(200, gzip.compress(b"[1, 2]" * 100)[:-9], {"Content-Encoding": "gzip"}),
            "its answer broke off, or cannot be unpacked",
        ),
    ],
)
def test_a_failure_that_does_not_pass_ends_in_words(server: Server, reply: Reply, words: str) -> None:
    server.script("/a", reply)
    with fault(f"{server.host}/a", words, "an answer within 3 attempts", "Try again later."):
        server.web(limits=Limits(attempts=3, read_s=0.1)).get(server.url("/a?token=" + SECRET))
    assert len(server.asked) == 3


def test_a_server_that_is_not_there_is_named(server: Server) -> None:
    with serving() as gone:
        address, host = gone.url("/a"), gone.host
    with fault(f"{host}/a", "it cannot be reached"):
        server.web(host).get(address)
    assert len(server.waits) == 5


@pytest.mark.parametrize("number", [400, 401, 403, 404, 410, 501, 204, 304])
def test_other_refusals_are_final_and_keep_what_was_said(server: Server, number: int) -> None:
    body = b"" if number in (204, 304) else b'{"detail": "no such cursor"}'
    server.script("/a", Reply(number, body))
    with pytest.raises(Refused, match=f"it answered {number}") as caught:
        server.web().get(server.url("/a"))
    assert (caught.value.status, caught.value.answer.content, caught.value.exit_code) == (number, body, 11)
    assert "no such cursor" not in str(caught.value)  # a server may quote what it was asked
    assert len(server.asked) == 1


def test_a_form_is_asked_again_with_the_same_fields(server: Server) -> None:
    server.script("/a", status(503), as_json({}))
    server.web().post(server.url("/a"), {"queryKey": "all", "limit": 100}, IN_HEADER)
    assert [one.form for one in server.asked] == [{"queryKey": "all", "limit": "100"}] * 2


def test_parameters_join_those_of_the_address(server: Server) -> None:
    server.script("/a", as_json({}))
    server.web().get(server.url("/a?cursor=x%20y"), {"limit": 5})
    assert server.asked[0].query == {"cursor": "x y", "limit": "5"}


def test_an_answer_that_says_later_is_asked_again(server: Server) -> None:
    lagging = as_json({"error": {"code": "maxlag"}}, Retry_After="7")
    server.script("/a", lagging, as_json({"ok": True}))

    def later(answer: Answer) -> str | None:
        return "it lags behind" if "error" in answer.json() else None

    assert server.web().get(server.url("/a"), later=later).json() == {"ok": True}
    assert 7 <= server.waits[0] <= 8
    server.script("/b", lagging)
    with fault("it lags behind"):
        server.web().get(server.url("/b"), later=later)


# how long is waited


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("0", 0),
        ("30", 30),
        (" 30 ", 30),
        ("Sat, 21 Nov 2026 12:01:30 GMT", 90),
        ("Saturday, 21-Nov-26 12:00:10 GMT", 10),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),  # is over
        ("Sat, 21 Nov 2026 14:00:10 +0200", 10),
        ("9" * 5000, 10**9),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣٠", None),  # digits, but none of a header
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(retry_after: str | None, seconds: float | None) -> None:
    assert waiting.asked_wait(retry_after, NOON) == seconds


def test_the_server_is_asked_again_when_it_says(server: Server) -> None:
    in_a_minute = "Sat, 21 Nov 2026 12:01:00 GMT"
    server.script("/a", status(429, 5), status(503, in_a_minute), status(429, "soon"), as_json({}))
    server.web(clock=lambda: NOON).get(server.url("/a"))
    for waited, least in zip(server.waits, (5, 60, 4), strict=True):
        assert least <= waited <= least + 1


@pytest.mark.parametrize("retry_after", [7200, "Sat, 21 Nov 2026 14:00:00 GMT"])
def test_a_wait_that_is_too_long_says_when_to_come_back(server: Server, retry_after: int | str) -> None:
    server.script("/a", status(429, retry_after))
    with fault("left alone for 7200 seconds", "at most 900 seconds", "Come back at 2026-11-21 14:00 UTC"):
        server.web(clock=lambda: NOON).get(server.url("/a"))
    assert server.waits == []


def test_the_client_closes_its_connections(server: Server) -> None:
    server.script("/a", as_json({}))
    with server.web() as web:
        web.get(server.url("/a"))
    with pytest.raises(RuntimeError):
        web.get(server.url("/a"))


def test_a_certificate_that_is_not_trusted_is_no_failure_that_passes() -> None:
    request = httpx.Request("GET", f"https://api.example.org/a?token={SECRET}")
    error = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", request=request)
    said = library.said(error)
    assert isinstance(said, FeedFault)
    assert (said.where, said.found) == ("https://api.example.org/a", "its certificate is not trusted")
    assert library.said(httpx.ConnectTimeout("")) == library.Failure("no connection in time")
