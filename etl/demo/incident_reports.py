"""The demo program's report form: feeds/incident-reports.jsonl.gz, events of pages and of the server. It reads no case.

A sample of people's steps is recorded; the server's own events are all there. As in any stream some events come twice,
some late, and some are trials.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl.demo.arrivals import DAY, END, START, Generator, arrivals, pick, seconds, stream
from etl.demo.planted import CUT_EVENTS, REPORT_BUTTON_SINCE, REPORTS_ABANDONED_SHARE, REPORTS_THROUGH_SHARE
from etl.demo.wikis import Wiki, wikis

FILE = "feeds/incident-reports.jsonl.gz"
STREAM_NAME = "mediawiki.product_metrics.incident_reporting_system_interaction"
SCHEMA = "/analytics/product_metrics/web/base/1.3.0"
STREAM = 103
REPORTS_PER_WEEK = 90
FORMS_PER_WEEK = 160
SAMPLE_RATE = 0.25
WIKIS = {"en.demo": 0.46, "ru.demo": 0.20, "ja.demo": 0.18, "ar.demo": 0.16}  # where the form is switched on
BEHAVIOURS = {
    "intimidation": 0.21, "trolling": 0.17, "hate-or-discrimination": 0.14, "vandalism": 0.12,
    "disruptiveediting": 0.10, "something-else": 0.08, "sexual-harassment": 0.06, "userdispute": 0.05,
    "doxing": 0.04, "sockpuppetry": 0.02, "spam": 0.01,
}  # fmt: skip
BUCKETS = {"1-4 edits": 0.10, "5-99 edits": 0.34, "100-999 edits": 0.31, "1000+ edits": 0.25}
HARMS = {"physical": 0.5, "self": 0.3, "public": 0.2}
STARTED, EMERGENCY, WENT_BACK, FOLLOWED_LINK = 0.70, 0.08, 0.12, 0.45
LEFT_AT_ONCE = ("cancel", "close")
DETAILS = (
    "They follow me from page to page.",
    "It has gone on for weeks and nobody answers.",
    "Please do not tell them.",
)


@dataclass(frozen=True)
class Event:
    """One event. at: when it was received; wrong: by how many seconds the clock of the device is off."""

    wiki: Wiki
    at: int
    action: str
    source: str
    subtype: str = ""
    context: str = ""
    funnel: str = ""
    kind: str = ""
    position: int | None = None
    bucket: str = ""
    wrong: int = 0
    domain: str = ""


def write_incident_reports(home: Path, seed: int) -> None:
    """The stream from the day of the report button on, as it was received."""
    rng = stream(seed, STREAM)
    found = [*_submits(rng), *_steps(rng), *_canaries()]
    order = sorted(range(len(found)), key=lambda place: (found[place].at, place))
    lines = [_line(rng, number, found[place]) for number, place in enumerate(order)]
    late = [lines[place] for place in range(0, len(lines), 300)]  # received in time, written to the file at its end
    again = [lines[place] for place in range(7, len(lines), 60)]  # delivered twice
    kept = [line for place, line in enumerate(lines) if place % 300]
    cut = [line[:120] for line in lines[500 : 500 + CUT_EVENTS]]
    text = "\n".join([*kept[:2000], *cut, *kept[2000:], *again, *late, ""])
    (home / FILE).write_bytes(gzip.compress(text.encode(), mtime=0))


def _submits(rng: Generator) -> Iterator[Event]:
    """What the server took, of everybody: no emergencies."""
    since = seconds(REPORT_BUTTON_SINCE)
    at = arrivals(rng, _from_start_to_end(REPORTS_PER_WEEK), since, zone=2)
    where, what, who = (_words(rng, len(at), shares) for shares in (WIKIS, BEHAVIOURS, BUCKETS))
    numbers = rng.integers(9_000_000, 9_900_000, len(at)).tolist()
    known = {wiki.id: wiki for wiki in wikis()}
    for row, moment in enumerate(at.tolist()):
        said: dict[str, Any] = {"type": what[row], "reportedUserId": numbers[row]}
        if what[row] == "something-else":
            said["somethingElseDetails"] = DETAILS[row % len(DETAILS)] * (1 + row % 9)
        context = json.dumps(said, separators=(",", ":"))[:200]
        yield Event(known[where[row]], moment, "submit", "api", context=context, bucket=who[row])


def _steps(rng: Generator) -> Iterator[Event]:
    """The steps of a sample of people, from opening the form to wherever they came."""
    since = seconds(REPORT_BUTTON_SINCE)
    at = arrivals(rng, _from_start_to_end(FORMS_PER_WEEK * SAMPLE_RATE), since, END - 3600, zone=2)
    where, who = (_words(rng, len(at), shares) for shares in (WIKIS, BUCKETS))
    known = {wiki.id: wiki for wiki in wikis()}
    first = rng.integers(0, 2, len(at)) + rng.integers(0, 8, len(at)) * (rng.random(len(at)) < 0.15)
    wrong = rng.integers(-400, 2, len(at)) * DAY * (rng.random(len(at)) < 0.03)
    for row, moment in enumerate(at.tolist()):
        opened = Event(known[where[row]], moment, "view", "form", funnel=f"demo-{row:06d}", bucket=who[row])
        steps = [opened, *(replace(step, wiki=opened.wiki) for step in _path(rng, opened))]
        for place, step in enumerate(steps):
            moment += int(rng.integers(2, 90)) if place else 0
            yield replace(step, at=moment, funnel=opened.funnel, bucket=opened.bucket,
                          position=int(first[row]) + place, wrong=int(wrong[row]))  # fmt: skip


def _path(rng: Generator, opened: Event) -> list[Event]:
    """What comes behind the first page."""

    def step(action: str, source: str, subtype: str = "", context: str = "", kind: str = "") -> Event:
        return replace(opened, action=action, source=source, subtype=subtype, context=context, kind=kind)

    if rng.random() >= STARTED:
        return [step("click", "form", LEFT_AT_ONCE[int(rng.integers(2))])]
    through, left = REPORTS_THROUGH_SHARE, REPORTS_THROUGH_SHARE + REPORTS_ABANDONED_SHARE
    fate = rng.random()
    if rng.random() < EMERGENCY:
        harm = json.dumps({"harm_option": _words(rng, 1, HARMS)[0]})
        name = json.dumps({"addl_info": True, "reported_user": opened.wiki.account(int(rng.integers(900)))})
        sent = [step("click", "submit_report", "submit_report", name, "emergency")]
        told = [step("view", "submitted", kind="emergency"), step("click", "submitted", "close", kind="emergency")]
        ends = sent + told if fate < through else [step("click", "submit_report", "close", kind="emergency")]
        chosen = [step("click", "form", "continue", harm, "emergency")]
        return chosen + (ends if fate < left else sent)
    chosen = [step("click", "form", "continue", '{"harm_option":"na"}', "non-emergency")]
    if rng.random() < WENT_BACK:
        chosen += [step("click", "describe_unacceptable_behavior", "back", kind="non-emergency"), *chosen]
    behaviour = _words(rng, 1, BEHAVIOURS)[0]
    sent = [step("click", "describe_unacceptable_behavior", "continue", behaviour, "non-emergency")]
    told = [step("view", f"get_support_{behaviour}", kind="non-emergency")]
    if rng.random() < FOLLOWED_LINK:
        told.append(step("click", f"get_support_{behaviour}", context="/wiki/Project:Help", kind="non-emergency"))
    ends = (
        sent + told
        if fate < through
        else [step("click", "describe_unacceptable_behavior", "close", kind="non-emergency")]
    )
    return chosen + (ends if fate < left else sent)


def _canaries() -> Iterator[Event]:
    """One trial a day, to see that the stream flows."""
    for moment in range(seconds(REPORT_BUTTON_SINCE), END, DAY):
        yield Event(wikis()[0], moment, "view", "form", funnel="canary", position=0, domain="canary")


def _line(rng: Generator, number: int, event: Event) -> str:
    key = f"{number:08x}-0000-4000-8000-{int(rng.integers(2**40)):012x}"
    meta = {"id": key, "dt": _clock(event.at), "domain": event.domain or event.wiki.id, "stream": STREAM_NAME}
    said: dict[str, Any] = {
        "$schema": SCHEMA,
        "meta": meta,
        "dt": _clock(event.at + event.wrong),
        "action": event.action,
    }
    told = {
        "action_source": event.source,
        "action_subtype": event.subtype,
        "action_context": event.context,
        "funnel_name": event.kind,
        "funnel_entry_token": event.funnel,
    }
    said |= {name: word for name, word in told.items() if word}
    if event.position is not None:
        said["funnel_event_sequence_position"] = event.position
    said["mediawiki"] = {"database": f"{event.wiki.code}demowiki"}
    said["performer"] = {"edit_count_bucket": event.bucket, "is_temp": False, "is_bot": False}
    said["sample"] = {"unit": "session", "rate": 1 if event.action == "submit" else SAMPLE_RATE}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _from_start_to_end(per_week: float) -> float:
    return per_week * (END - START) / (7 * DAY)


def _words(rng: Generator, size: int, shares: dict[str, float]) -> list[str]:
    words = list(shares)
    return [words[place] for place in pick(rng, size, list(shares.values())).tolist()]


def _clock(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
