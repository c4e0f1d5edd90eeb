"""Servers that send credentials back: no token is in a fault, a log, what is printed, or any file of the instance."""

import base64
import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from data_contracts.faults import UserFault
from etl import pipeline
from etl.web import Limits
from tests.server import Asked, Reply, Server, redirect

TOKEN, EMAIL = "sesame-4711-token", "bot-of-the-desk@example.org"
SECRETS = {"DESK_EMAIL": EMAIL, "DESK_TOKEN": TOKEN, "TASKS_TOKEN": f"api-{TOKEN}", "WIKI_TOKEN": TOKEN}
SPELLED = (TOKEN, base64.b64encode(f"{EMAIL}/token:{TOKEN}".encode()).decode(), EMAIL)
PROGRAM = """\
program: Everything
network: {{hosts: ["{host}"], contact: "https://example.org/contact"}}
feeds:
  zendesk: {{desks: [{{desk: safety, base: "http://{host}", email_from: DESK_EMAIL, token_from: DESK_TOKEN, requests_a_minute: 100}}]}}
  phabricator: {{trackers: [{{tracker: tasks, base: "http://{host}", token_from: TASKS_TOKEN}}]}}
  mediawiki_api: {{wikis: [{{wiki: xx.demo, api: "http://{host}/w/api.php", token_from: WIKI_TOKEN}}]}}
"""
ECHO = f'{{"error": "{TOKEN}", "{TOKEN}": "{SPELLED[1]}", "error_info": "{TOKEN}", "error_code": "{EMAIL}"}}'.encode()
HEADERS = {"X-Echo": SPELLED[1], "Set-Cookie": f"session={TOKEN}", "WWW-Authenticate": f'Bearer error="{TOKEN}"'}


def _answering(number: int) -> Callable[[Asked], Reply]:
    return lambda asked: Reply(number, ECHO, {**HEADERS, "Content-Type": "application/json"})


def _elsewhere(asked: Asked) -> Reply:
    return redirect(f"https://elsewhere.example/{TOKEN}?{SPELLED[1]}")


def _echoed(asked: Asked) -> Reply:
    """An answer of the right shape with a token beside what is read of it. (A wiki's answers are kept as they come.)"""
    if asked.path.endswith("api.php"):
        return Reply(404)
    content = f'{{"tickets": [], "after_cursor": null, "end_of_stream": true, "result": null, "echo": "{TOKEN}"}}'
    return Reply(200, content.encode(), {**HEADERS, "Content-Type": "application/json"})


@pytest.fixture
def home(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(pipeline, "Web", lambda hosts, contact: server.web(limits=Limits(attempts=2)))
    (tmp_path / "upstander.yml").write_text(PROGRAM.format(host=server.host), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "answer",
    [*map(_answering, (400, 401, 403, 404, 429, 500, 503)), _answering(200), _elsewhere, _echoed],
    ids=["400", "401", "403", "404", "429", "500", "503", "no known answer", "another host", "echo"],
)
def test_no_credential_comes_back_into_faults_logs_output_or_landing(
    home: Path,
    server: Server,
    answer: Callable[[Asked], Reply],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    server.handle("*", answer)
    with pytest.raises(UserFault) as caught:
        pipeline.fetch(home)
    assert any(TOKEN in asked.headers.get("authorization", "") for asked in server.asked), "the token was not sent"
    told = "".join(traceback.format_exception(caught.value)) + str(caught.value) + repr(vars(caught.value))
    printed = "".join(capfd.readouterr())
    for secret in SPELLED:
        assert secret not in told
        assert secret not in caplog.text
        assert secret not in printed
        for path in home.rglob("*"):
            assert secret not in str(path)
            assert not path.is_file() or secret.encode() not in path.read_bytes()


def test_credentials_are_sent_to_the_named_host_only(home: Path, server: Server) -> None:
    server.handle("*", _elsewhere)
    with pytest.raises(UserFault, match="elsewhere"):
        pipeline.fetch(home)
    assert {asked.headers["host"] for asked in server.asked} == {server.host}
