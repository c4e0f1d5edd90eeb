"""A real MediaWiki on loopback for one test run: it is started, lived in through its own API, dumped and stopped.

The header X-Test-Clock sets the wiki's clock for one request, so that half a year of history is made in seconds.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

HERE = Path(__file__).parent
CODE = Path("/usr/share/mediawiki")
PASSWORD = "sysop-Pass-12345"  # of everybody
NEEDED = "php with SQLite and Debian's MediaWiki (.ci/run installs them)"


def is_here() -> bool:
    return (
        (CODE / "maintenance/install.php").exists()
        and shutil.which("php") is not None
        and shutil.which("setsid") is not None
    )


class Refused(Exception):
    """The wiki declined."""


class Session:
    """One account at one address, as the wiki knows it."""

    def __init__(self, url: str, address: str) -> None:
        self._url, self._tokens = url, dict[str, str]()
        self._client = httpx.Client(headers={"X-Forwarded-For": address}, trust_env=False, timeout=60)

    def call(self, at: datetime | None = None, **params: Any) -> Any:
        told = {"format": "json", "formatversion": "2", **params}
        clock = {"X-Test-Clock": f"{at:%Y-%m-%dT%H:%M:%SZ}"} if at else {}
        content = self._client.post(self._url, data=told, headers=clock).json()
        if "error" in content:
            raise Refused(content["error"])
        return content

    def do(self, at: datetime | None = None, kind: str = "csrf", name: str = "token", **params: Any) -> Any:
        """An action that changes something."""
        if kind not in self._tokens:
            tokens = self.call(at, action="query", meta="tokens", type=kind)["query"]["tokens"]
            self._tokens[kind] = tokens[f"{kind}token"]
        return self.call(at, **{name: self._tokens[kind]}, **params)

    def sign_in(self, name: str, at: datetime | None = None) -> None:
        told = {"action": "clientlogin", "loginreturnurl": self._url, "username": name, "password": PASSWORD}
        self.do(at, "login", "logintoken", **told)
        self._tokens.clear()

    def close(self) -> None:
        self._client.close()


class LiveWiki:
    """The wiki, and whoever has signed in. It stands in `folder`, which is its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "wiki"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.host = f"127.0.0.1:{free.getsockname()[1]}"
        self.api = f"http://{self.host}/api.php"
        self._sessions: dict[str, Session] = {}

    def start(self) -> None:
        self._run("start.sh", str(self._folder), self.host.rpartition(":")[2])
        for _ in range(100):
            if self._answers():
                return
            time.sleep(0.1)
        raise AssertionError(f"the wiki does not answer: {self._folder / 'server.log'}")

    def stop(self) -> None:
        for session in self._sessions.values():
            session.close()
        self._run("start.sh", "--stop", str(self._folder))

    def dump(self, to: Path) -> Path:
        """The log as its public dump has it now."""
        self._run("start.sh", "--dump", str(self._folder))
        return Path(shutil.copyfile(self._folder / "pages-logging.xml.gz", to))

    def as_(self, name: str, at: datetime | None = None) -> Session:
        if name not in self._sessions:
            self._sessions[name] = Session(self.api, f"192.0.2.{len(self._sessions) + 1}")
            self._sessions[name].sign_in(name, at)
        return self._sessions[name]

    def visitor(self) -> Session:
        return self._sessions.setdefault("", Session(self.api, "192.0.2.250"))

    def connections(self) -> int:
        """How many connections to it are held now by clients of this machine."""
        port = f":{int(self.host.rpartition(':')[2]):04X}"
        sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        held = {"01", "08"}  # established, or closed by the wiki and not yet by the client
        return sum(remote.endswith(port) and state in held for _, _, remote, state, *_ in sockets)

    def inside(self, at: datetime, op: str, **job: Any) -> Any:
        """What the API cannot; inside.php says which jobs there are, and what each must be told."""
        told = json.dumps({"op": op, "clock": f"{at:%Y-%m-%dT%H:%M:%SZ}", **job})
        done = subprocess.run(
            ["php", HERE / "inside.php"], input=told + "\n", text=True, capture_output=True, env=self._env()
        )
        assert done.stdout.startswith('{"op"'), done.stdout + done.stderr
        return json.loads(done.stdout)["done"]

    def bot_password(self, name: str, grants: str) -> tuple[str, str]:
        """User name and password of a bot password of the account."""
        password = "0123456789abcdef0123456789abcdef"
        script = str(CODE / "maintenance/createBotPassword.php")
        words = ["--appid", "reader", "--grants", grants, name, password]
        done = subprocess.run(["php", script, *words], text=True, capture_output=True, env=self._env())
        assert done.returncode == 0, done.stdout + done.stderr
        return f"{name}@reader", password

    def _answers(self) -> bool:
        try:
            self.visitor().call(action="query", meta="siteinfo")
        except httpx.TransportError:
            return False
        return True

    def _env(self) -> dict[str, str]:
        return {**os.environ, "MW_CONFIG_FILE": str(self._folder / "LocalSettings.php"), "MW_INSTALL_PATH": str(CODE)}

    @staticmethod
    def _run(script: str, *words: str) -> None:
        done = subprocess.run(
            ["bash", HERE / script, *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert done.returncode == 0, done.stdout
