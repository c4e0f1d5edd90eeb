"""However files are split, repeated, shuffled and interrupted, the build is the same, hash for hash."""

import gzip
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl import pipeline
from etl.feed import Download, Piece
from etl.pipeline import Unwatched
from etl.sources import mediawiki_api
from etl.warehouse import check
from etl.warehouse.connect import current
from etl.warehouse.land import Landing
from tests.feeds.api_pieces import event, events, line
from tests.feeds.logging_reader import dump, item
from tests.fingerprint import fingerprint

KEY = "the same key for every home of these tests"
API = "http://127.0.0.1:1/w/api.php"
SETTINGS = f"""
program: Shuffled Wikis
invented: true
as_of: 2026-03-01
wikis: [{{id: en.demo, name: Demo Wiki, language: en}}]
network: {{hosts: ["127.0.0.1:1"], contact: "https://demo.example"}}
feeds:
  mediawiki_logging: {{wikis: [{{wiki: en.demo, files: ["feeds/*.xml.gz"]}}]}}
  mediawiki_api: {{wikis: [{{wiki: en.demo, api: "{API}"}}]}}
  tickets:
    desks:
      - desk: help
        files: ["feeds/*.csv"]
        format: "%Y-%m-%d %H:%M:%S"
        columns: {{id: Ticket, opened: Created, first_response: Answered, resolved: Solved}}
  incident_reports: {{files: ["feeds/*.jsonl"]}}
"""
OF_FILES = ("quarantine", "meta_check")  # they name files and lines
START = datetime(2026, 1, 1)


class Cut(BaseException):
    """Whoever watched the build pulled the plug."""


class Impatient(Unwatched):
    """Pulls the plug at the so-many-th step of landing and reading."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def reading(self, feed: str, file: str, done: int, total: int, rows: int = 0) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cut


def at(number: int) -> datetime:
    return START + timedelta(hours=7 * number)


def logged(number: int) -> str:
    kind = ("block/block", "block/unblock", "newusers/create", "thanks/thank")[number % 4]
    return item(number + 1, kind, at=f"{at(number):%Y-%m-%dT%H:%M:%SZ}", title=f"User:Made up {number // 4 % 9}")


def asked(number: int) -> dict[str, object]:
    """The same item of the log, as the API gives it."""
    kind = ("block/block", "block/unblock", "newusers/create", "thanks/thank")[number % 4]
    named = f"User:Made up {number // 4 % 9}"
    return event(number + 1, kind, timestamp=f"{at(number):%Y-%m-%dT%H:%M:%SZ}", title=named)


def case(number: int, is_final: bool = True) -> str:
    """As it stands in the end, or in an export of the day on which it came."""
    opened = at(number)
    later = (opened + timedelta(hours=2), opened + timedelta(days=3)) if is_final else ("", "")
    return f"{number},{opened},{later[0]},{later[1]}\n"


def reported(number: int) -> str:
    seen = f"{at(number):%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps(
        {
            "$schema": "/analytics/product_metrics/web/base/1.3.0",
            "meta": {
                "id": f"00000000-0000-4000-8000-{number:012}",
                "dt": seen,
                "domain": "en.demo.example",
                "stream": "mediawiki.product_metrics.incident_reporting_system_interaction",
            },
            "dt": seen,
            "action": "click" if number % 3 else "view",
            "action_source": "form",
            "funnel_name": "non-emergency",
            "funnel_entry_token": f"funnel-{number // 3}",
            "funnel_event_sequence_position": number % 3 + 1,
            "mediawiki": {"database": "en.demo"},
            "performer": {"edit_count_bucket": "5-99 edits", "is_temp": False, "is_bot": False},
        }
    )


ROWS = 60
Chosen = Sequence[int]


def put(home: Path, name: str, content: bytes) -> None:
    path = home / "feeds" / name
    path.write_bytes(content)
    os.utime(path, (time.time() - 600,) * 2)


def of_dump(home: Path, name: str, chosen: Chosen) -> None:
    put(home, f"{name}.xml.gz", gzip.compress(dump(*map(logged, chosen)), mtime=0))


def of_api(home: Path, name: str, chosen: Chosen) -> None:
    for part in (chosen[: len(chosen) // 2], chosen[len(chosen) // 2 :]):
        content = line(events(*map(asked, part)), at="2026-02-20T00:00:00Z")
        Landing(home).keep(_download(), Piece(content, {"at": name}))


def of_desk(home: Path, name: str, chosen: Chosen) -> None:
    rows = [case(number, is_final=name == "all") for number in chosen]
    put(home, f"{name}.csv", "".join(["Ticket,Created,Answered,Solved\n", *rows]).encode())


def of_form(home: Path, name: str, chosen: Chosen) -> None:
    put(home, f"{name}.jsonl", "".join(f"{reported(number)}\n" for number in chosen).encode())


DELIVERED = (of_dump, of_api, of_desk, of_form)


def _download() -> Download:
    told = mediawiki_api.Settings.model_validate({"wikis": [{"wiki": "en.demo", "api": API}]})
    return next(one for one in mediawiki_api.downloads(told) if one.told["what"] == "logevents")


@st.composite
def arrivals(draw: st.DrawFn) -> list[tuple[int, str, tuple[int, ...]]]:
    """Files as they come: which feed's, name, rows. Each row is in one file at least; one of a desk tells the end."""
    chance = random.Random(draw(st.integers(0, 10**9)))
    found = []
    for feed in range(len(DELIVERED)):
        parts: list[list[int]] = [[] for _ in range(draw(st.integers(1, 3)))]
        for number in range(ROWS):
            for part in {chance.choice(range(len(parts))) for _ in range(chance.choice((1, 1, 2)))}:
                parts[part].append(number)
        found += [(feed, f"{feed}-{place}", tuple(part)) for place, part in enumerate(parts)]
    found.append((2, "all", tuple(range(ROWS))))
    chance.shuffle(found)
    return found


@pytest.fixture(scope="module", autouse=True)
def unchecked() -> Iterator[None]:
    """Great Expectations has nothing to say here: what the build holds is compared row for row."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSTANDER_KEY", KEY)
        patch.setattr(check, "Checker", nullcontext)
        patch.setattr(check, "check_build", lambda *given: ())
        yield


@pytest.fixture(scope="module")
def at_once() -> dict[str, tuple[int, int]]:
    """What the build holds where everything comes at once, once, in order."""
    with tempfile.TemporaryDirectory() as folder:
        home = started(Path(folder))
        for deliver in DELIVERED:
            deliver(home, "all", range(ROWS))
        return built(home)


def started(home: Path) -> Path:
    (home / "feeds").mkdir()
    (home / "upstander.yml").write_text(SETTINGS, encoding="utf-8")
    for place, deliver in enumerate(DELIVERED):
        if deliver is not of_api:
            deliver(home, f"{place}-nothing", (0,))  # every pattern fits a file
    return home


def built(home: Path) -> dict[str, tuple[int, int]]:
    pipeline.build(home, offline=True)
    return fingerprint(home / (current(home) or {})["file"], without=OF_FILES)


def test_what_comes_at_once_is_told_of_in_every_mart_of_its_feeds(at_once: dict[str, tuple[int, int]]) -> None:
    """Equal builds would say little if they were empty."""
    counts = {name: at_once[name][0] for name in ("core_log_item", "mart_block", "mart_case", "mart_report_funnel")}
    assert counts == {
        "core_log_item": ROWS,
        "mart_block": ROWS // 4,
        "mart_case": ROWS,
        "mart_report_funnel": ROWS // 3,
    }


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=arrivals(), steps=st.lists(st.integers(0, 30), min_size=2, max_size=3))
def test_deliveries_that_are_split_repeated_shuffled_and_interrupted_make_the_same_build(
    at_once: dict[str, tuple[int, int]], files: list[tuple[int, str, tuple[int, ...]]], steps: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = started(Path(folder))
        size = -(-len(files) // (len(steps) + 1))
        for place, step in enumerate([*steps, None]):
            for feed, name, rows in files[place * size : (place + 1) * size]:
                DELIVERED[feed](home, name, rows)
                if feed != 1 and step is not None and step % 2:
                    DELIVERED[feed](home, f"again-{name}", rows)  # the same bytes under another name
            if step is not None:
                with suppress(Cut):
                    pipeline.build(home, offline=True, watcher=Impatient(step))
        assert built(home) == at_once
