"""What servers send: packed, endless, cut, slow, or not what was asked for."""

import gzip
import threading
from collections.abc import Iterator

import httpx
import pytest

from etl.web import Limits, Refused, bodies
from tests.delivered import faulty as fault
from tests.server import Reply, Server, as_json, bomb, packed, page, slow, status, stream


def test_packed_answers_are_unpacked(server: Server) -> None:
    members = gzip.compress(b'{"a": ') + gzip.compress(b"1}")
    server.script("/a", packed(as_json([1] * 100_000)))
    server.script("/b", Reply(200, members, {"Content-Encoding": "gzip"}))
    server.script("/c", Reply(200, b"", {"Content-Encoding": "gzip"}))
    assert server.web().get(server.url("/a")).json() == [1] * 100_000
    assert server.web().get(server.url("/b")).json() == {"a": 1}
    assert server.web().get(server.url("/c")).content == b""
    assert server.asked[0].headers["accept-encoding"] == "gzip"


def test_a_gzip_bomb_is_left_before_it_fills_memory(server: Server) -> None:
    server.script("/a", bomb(megabytes=32))
    with fault("more than 1000000 bytes"):
        server.web(limits=Limits(answer_bytes=1_000_000)).get(server.url("/a"))
    assert len(server.asked) == 1


def test_a_bomb_is_unpacked_piece_by_piece() -> None:
    bombed = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(bomb(8).body))
    assert max(len(piece) for piece in bodies.unpacked(bombed)) <= 1 << 18


def test_an_answer_packed_in_a_way_that_was_not_asked_for_is_refused(server: Server) -> None:
    server.script("/a", Reply(200, b"(", {"Content-Encoding": "zstd"}))
    with fault("packed in a way that was not asked for"):
        server.web().get(server.url("/a"))


def test_an_answer_that_trickles_ends(server: Server) -> None:
    server.script("/a", stream(b"[1,", b"2,", b"3]"))
    times = iter(range(0, 1000, 50))
    with fault("comes too slowly"):
        server.web(limits=Limits(whole_s=40), ticks=lambda: float(next(times))).get(server.url("/a"))


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (page(), "its answer is no JSON: 37 bytes of text/html; charset=utf-8"),
        (Reply(200, b""), "its answer is no JSON: 0 bytes of no known type"),
        (Reply(200, b'{"a": NaN}'), "its answer is no JSON"),
        (Reply(200, b"\xff\xfe\xfa"), "its answer is no JSON"),
        (Reply(200, b"9" * 5000), "its answer is no JSON"),
        (Reply(200, b"[" * 200_000), "nested too deeply"),
        (Reply(200, b'{"a":' * 200_000), "nested too deeply"),
    ],
)
def test_an_answer_that_is_no_json_is_a_fault(server: Server, reply: Reply, words: str) -> None:
    server.script("/a", reply)
    with fault(f"http://{server.host}/a", words, "Wanted: JSON"):
        server.web().get(server.url("/a")).json()


def test_cookies_are_handed_over_and_not_sent_again(server: Server) -> None:
    server.script("/a", Reply(200, b"{}", {"Set-Cookie": "session=abc; Path=/; HttpOnly"}))
    web = server.web()
    answer = web.get(server.url("/a"))
    web.get(server.url("/a"))
    assert answer.cookies == {"session": "abc"}
    assert "set-cookie" not in answer.headers
    assert all("cookie" not in one.headers for one in server.asked)


def test_at_most_three_connections_are_open_at_once(server: Server) -> None:
    server.script("/a", slow(as_json({}), 0.2))
    web = server.web()
    threads = [threading.Thread(target=web.get, args=(server.url("/a"),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(server.asked), server.most_at_once) == (8, 3)


@pytest.mark.parametrize(
    "pieces",
    [
        [b"a\nb\r\nc\rd\n"],
        [b"a\nb\r", b"\nc\r", b"d\r"],
        [b"a", b"", b"\nb\r", b"", b"\nc", b"\r", b"d", b"\n", b"half"],
        [bytes([sign]) for sign in b"a\nb\r\nc\rd\r\n"],
    ],
)
def test_lines_end_with_any_of_the_three_ends(pieces: list[bytes]) -> None:
    assert list(bodies.lines(iter(pieces), 10)) == [b"a", b"b", b"c", b"d"]


def test_lines_come_as_they_are_sent_and_end_with_the_connection(server: Server) -> None:
    server.script("/a", status(503), stream(b"one\n", b"two\n", b"thr"))
    with server.web().lines(server.url("/a"), {"Last-Event-ID": "[]"}) as lines:
        assert list(lines) == [b"one", b"two"]
    assert [one.headers["last-event-id"] for one in server.asked] == ["[]", "[]"]


def test_lines_of_another_type_than_wanted_are_a_fault(server: Server) -> None:
    server.script("/a", page())
    with (
        fault(server.host, "another type of content"),
        server.web().lines(server.url("/a"), kind="text/event-stream"),
    ):
        pass
    server.script("/b", stream(b"data: 1\n", kind="text/event-stream; charset=utf-8"))
    with server.web().lines(server.url("/b"), kind="text/event-stream") as lines:
        assert list(lines) == [b"data: 1"]


def test_lines_end_when_it_is_quiet(server: Server) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one\n"
        server.ending.wait(5)
        yield b"two\n"

    server.script("/a", Reply(pieces=pieces()))
    with server.web().lines(server.url("/a"), quiet_s=0.1) as lines:
        assert list(lines) == [b"one"]


def test_lines_end_when_their_time_is_over(server: Server) -> None:
    def forever() -> Iterator[bytes]:
        while not server.ending.wait(0.01):
            yield b":\n"

    times = iter(range(0, 1000, 10))
    server.script("/a", Reply(pieces=forever()))
    with server.web(ticks=lambda: float(next(times))).lines(server.url("/a"), longest_s=25) as lines:
        assert 1 <= len(list(lines)) <= 3


def test_a_line_without_an_end_does_not_fill_memory(server: Server) -> None:
    server.script("/a", stream(*[b"x" * 1000] * 100))
    with (
        fault("a line of its answer has more than 5000 bytes"),
        server.web(limits=Limits(line_bytes=5000)).lines(server.url("/a")) as lines,
    ):
        list(lines)


def test_lines_that_are_refused_keep_what_was_said(server: Server) -> None:
    server.script("/a", status(400, body=b"bad id"))
    with pytest.raises(Refused) as caught, server.web().lines(server.url("/a")):
        pass
    assert caught.value.answer.content == b"bad id"


def test_a_cookie_that_nobody_can_read_is_none(server: Server) -> None:
    server.script("/a", Reply(200, b"{}", {"Set-Cookie": "a@b=c; Path=/"}))
    assert server.web().get(server.url("/a")).cookies == {}
