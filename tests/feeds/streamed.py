"""Events of the public streams as they lie in landing, for tests of what becomes of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from etl.feed import Batch, Delivery, Landed
from etl.formats.stream_events import RECENT_CHANGE
from etl.sources import mediawiki_stream
from tests.delivered import drained, landed

SAMPLES = Path(__file__).parent / "samples"
WIKIS = [{"wiki": "xx.demo", "database": "xxwiki", "server_name": "xx.wikipedia.org"}]
REASONS = {"harassment": "(?i)harass", "vandalism": "(?i)vandal"}
LOG, CHANGES, READ = "raw_mediawiki_stream_log", "raw_mediawiki_stream_block_change", "raw_mediawiki_stream_read"
AT = 1795255200  # 2026-11-21T10:00:00Z


def told(stream: str = RECENT_CHANGE, **changes: Any) -> Mapping[str, Any]:
    chosen = mediawiki_stream.Settings.model_validate({"wikis": WIKIS, "reasons": REASONS, **changes})
    return next(one.told for one in mediawiki_stream.downloads(chosen) if one.series == stream)


def sent(name: str) -> list[Any]:
    """The events of a recorded stream."""
    text = (SAMPLES / f"mediawiki_stream-{name}.sse").read_text(encoding="utf-8")
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def piece(folder: Path, *contents: Any, stream: str = RECENT_CHANGE, **changes: Any) -> Landed:
    path = folder / "piece"
    frame = {"asked": {"stream": stream}, "at": "2026-11-21T10:05:00Z"}
    path.write_text("".join(json.dumps({**frame, "answer": one}) + "\n" for one in contents), encoding="utf-8")
    return landed(Delivery("mediawiki_stream", (stream,), told(stream, **changes)), path)


def read(one: Landed) -> list[Batch]:
    batches, fault = drained(mediawiki_stream.read(one))
    assert fault is None
    return batches


def log_event(log_params: Any = None, **changes: Any) -> dict[str, Any]:
    event = {
        "meta": {"id": "e", "dt": "2026-11-21T10:00:00Z", "domain": "xx.wikipedia.org"}, "wiki": "xxwiki", "type": "log",
        "log_id": 5, "log_type": "block", "log_action": "block", "title": "User:Ana", "user": "Admin", "timestamp": AT,
        "comment": "", "log_params": {"duration": "1 day", "flags": "", "sitewide": True} if log_params is None else log_params,
    }  # fmt: skip
    return {**event, **changes}


def change(blocks: Any, prior: Any = None, **changes: Any) -> dict[str, Any]:
    event = {
        "meta": {"id": "b", "dt": "2026-11-21T10:00:00Z", "domain": "xx.wikipedia.org"}, "database": "xxwiki",
        "user_text": "Ana", "performer": {"user_text": "Admin", "user_is_bot": False}, "blocks": blocks,
    }  # fmt: skip
    return {**event, **({} if prior is None else {"prior_state": {"blocks": prior}}), **changes}


FULL = {
    "name": False,
    "email": False,
    "user_talk": False,
    "account_create": False,
    "sitewide": True,
    "restrictions": [],
}
PARTIAL = {**FULL, "sitewide": False, "restrictions": [{"type": "page", "value": 3}]}
