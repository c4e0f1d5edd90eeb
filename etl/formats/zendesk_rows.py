"""Turns what Zendesk says of tickets into rows: times, states and short words; and takes the text out of it before.

It asks no server and opens no file. Subject and tags are looked at only to tell emergencies; people not at all.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.feed import Reject
from etl.formats.gathering import Outcome
from etl.formats.json_answers import Unreadable, moment, number, part, unix_moment, word

TICKETS, METRIC_SETS, EVENTS = "raw_zendesk_ticket", "raw_zendesk_metric_set", "raw_zendesk_metric_event"
DURATIONS = {  # column -> Zendesk's name; each in calendar and business time
    "reply": "reply_time",
    "first_resolution": "first_resolution_time",
    "full_resolution": "full_resolution_time",
    "agent_wait": "agent_wait_time",
    "requester_wait": "requester_wait_time",
    "on_hold": "on_hold_time",
}
TIMES = tuple(f"{name}_{kind}minutes" for name in DURATIONS for kind in ("", "business_"))
COLUMNS: Mapping[str, tuple[str, ...]] = {
    TICKETS: (
        "line", "desk", "case", "opened_at", "updated_at", "generated_at", "state", "is_deleted", "queue", "channel",
        "priority", "language", "satisfaction", "is_emergency",
    ),
    METRIC_SETS: ("line", "desk", "case", "updated_at", "generated_at", *TIMES, "reopens", "replies", "solved_at"),
    EVENTS: (
        "line", "desk", "case", "event", "metric", "instance", "kind", "happened_at", "target_minutes",
        "is_business_time", "is_removed",
    ),
}  # fmt: skip
STATES = {"new": "open", "open": "open", "pending": "open", "hold": "open", "solved": "closed", "closed": "closed"}
DELETED = "deleted"
SAID = {"good": "good", "good_with_comment": "good", "bad": "bad", "bad_with_comment": "bad"}
NOT_SAID = (None, "offered", "unoffered")
KEPT = ("id", "created_at", "updated_at", "generated_timestamp", "status", "priority", "group_id", "brand_id")
KINDS = frozenset(
    {"activate", "pause", "fulfill", "apply_sla", "apply_group_sla", "breach", "update_status", "measure"}
)
FLAG = "is_emergency"


@dataclass(frozen=True)
class Reading:
    """What the settings say of one desk. queue: the field that names it. latest: no time of the past can lie behind it.

    subjects: words in a subject that make an emergency, without regard to case; tags and forms: whole ones.
    """

    desk: str
    subjects: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    forms: tuple[int, ...] = ()
    queue: str = "group_id"
    queues: Mapping[str, str] | None = None
    language_field: int | None = None
    latest: datetime = datetime.max

    @property
    def digest(self) -> str:
        """Changes with all that decides what of a ticket is kept when it is fetched."""
        said = repr((self.subjects, self.tags, self.forms, self.language_field))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def outcomes(reading: Reading, line: int, content: Any) -> Iterator[Outcome]:
    """The rows of one answer: a page of tickets, of metrics or of metric events, or one ticket of an export."""
    if isinstance(content, list):
        content = {"tickets": content}
    if not isinstance(content, dict):
        yield Reject(line, "an answer is an object of tickets or metrics", type(content).__name__)
        return
    if "created_at" in content and "status" in content:
        content = {"tickets": [content]}
    readers = {
        "tickets": _ticket,
        "metric_sets": _metric_set,
        "ticket_metrics": _metric_set,
        "ticket_metric_events": _event,
    }
    known = [name for name in readers if isinstance(content.get(name), list)]
    if not known:
        yield Reject(line, "an answer holds tickets or metrics", f"{len(content)} other fields")
    for name in known:
        for one in content[name]:
            try:
                yield from readers[name](reading, line, one if isinstance(one, dict) else {})
            except Unreadable as why:
                yield Reject(line, why.rule, why.excerpt)


def without_text(reading: Reading, content: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with what is read of it and nothing else: no subject, no description, no person, no comment."""
    kept: dict[str, Any] = {name: content[name] for name in ("end_time", "count", "end_of_stream") if name in content}
    if isinstance(content.get("tickets"), list):
        kept["tickets"] = [_kept_of_ticket(reading, one) for one in content["tickets"]]
    if isinstance(content.get("metric_sets"), list):
        kept["metric_sets"] = [_kept_of_metrics(one) for one in content["metric_sets"]]
    if isinstance(content.get("ticket_metric_events"), list):
        kept["ticket_metric_events"] = [_kept_of_event(one) for one in content["ticket_metric_events"]]
    return kept


def is_emergency(reading: Reading, ticket: Mapping[str, Any]) -> bool:
    """Whether the desk's words for it stand in the subject, its tags among the tags, or its form is the ticket's."""
    if isinstance(ticket.get(FLAG), bool):
        return bool(ticket[FLAG])
    said = [ticket.get(name) for name in ("subject", "raw_subject")]
    subjects = [text.casefold() for text in said if isinstance(text, str)]
    tags = ticket.get("tags")
    tagged = {tag.casefold() for tag in tags if isinstance(tag, str)} if isinstance(tags, list) else set()
    return (
        any(words in subject for words in reading.subjects for subject in subjects)
        or not tagged.isdisjoint(reading.tags)
        or ticket.get("ticket_form_id") in reading.forms
    )


def _ticket(reading: Reading, line: int, ticket: Mapping[str, Any]) -> Iterator[Outcome]:
    case = _number_as_text(ticket, "id")
    opened, updated = _past(reading, ticket, "created_at"), _past(reading, ticket, "updated_at")
    status = word(ticket, "status")
    if status != DELETED and status not in STATES:
        raise Unreadable(f"status is one of {', '.join(STATES)}, {DELETED}", "status is another word")
    queue = _number_as_text(ticket, reading.queue) if status != DELETED else None
    yield TICKETS, {
        "line": line, "desk": reading.desk, "case": case, "opened_at": opened, "updated_at": updated,
        "generated_at": unix_moment(ticket, "generated_timestamp"),
        "state": STATES.get(status or "", "closed"), "is_deleted": status == DELETED,
        "queue": None if queue is None else (reading.queues or {}).get(queue, queue),
        "channel": word(part(ticket, "via"), "channel"), "priority": word(ticket, "priority"),
        "language": _language(reading, ticket), "satisfaction": _satisfaction(ticket),
        FLAG: is_emergency(reading, ticket),
    }  # fmt: skip
    metrics = part(ticket, "metric_set")
    if metrics:
        known = {name: ticket.get(name) for name in ("updated_at", "generated_timestamp")}
        known["ticket_id"] = ticket.get("id")
        yield from _metric_set(
            reading, line, {**known, **{name: one for name, one in metrics.items() if one is not None}}
        )


def _metric_set(reading: Reading, line: int, metrics: Mapping[str, Any]) -> Iterator[Outcome]:
    durations: dict[str, float | None] = {}
    for column, name in DURATIONS.items():
        minutes, seconds = part(metrics, f"{name}_in_minutes"), part(metrics, f"{name}_in_seconds")
        for kind, prefix in (("calendar", ""), ("business", "business_")):
            exact, rough = number(seconds, kind), number(minutes, kind)
            # What is still running is null, and stays missing: it is not 0.
            durations[f"{column}_{prefix}minutes"] = exact / 60 if exact is not None else rough
    yield METRIC_SETS, {
        "line": line, "desk": reading.desk, "case": _number_as_text(metrics, "ticket_id"),
        "updated_at": _past(reading, metrics, "updated_at"),
        "generated_at": unix_moment(metrics, "generated_timestamp"), **durations, "reopens": number(metrics, "reopens"),
        "replies": number(metrics, "replies"), "solved_at": _past(reading, metrics, "solved_at"),
    }  # fmt: skip


def _event(reading: Reading, line: int, event: Mapping[str, Any]) -> Iterator[Outcome]:
    kind = word(event, "type")
    if kind not in KINDS:
        raise Unreadable(f"type is one of {', '.join(sorted(KINDS))}", "type is another word")
    policy = part(event, "sla" if kind == "apply_sla" else "group_sla")
    business = policy.get("business_hours")
    is_business = business if isinstance(business, bool) else None
    yield EVENTS, {
        "line": line, "desk": reading.desk, "case": _number_as_text(event, "ticket_id"),
        "event": _number_as_text(event, "id"), "metric": word(event, "metric"),
        "instance": number(event, "instance_id"), "kind": kind, "happened_at": moment(event, "time"),
        "target_minutes": number(policy, "target"), "is_business_time": is_business,
        "is_removed": event.get("deleted") is True,
    }  # fmt: skip


def _past(reading: Reading, content: Mapping[str, Any], name: str) -> datetime | None:
    found = moment(content, name)
    if found is not None and found > reading.latest:
        raise Unreadable(f"{name} is not after the receipt of its file", f"{name}: year {found.year}")
    return found


def _number_as_text(content: Mapping[str, Any], name: str) -> str | None:
    found = number(content, name)
    return None if found is None else str(found)


def _language(reading: Reading, ticket: Mapping[str, Any]) -> str | None:
    if reading.language_field is None or not isinstance(ticket.get("custom_fields"), list):
        return None
    fields = [one for one in ticket["custom_fields"] if isinstance(one, dict)]
    return next((word(one, "value") for one in fields if one.get("id") == reading.language_field), None)


def _satisfaction(ticket: Mapping[str, Any]) -> str:
    rating = ticket.get("satisfaction_rating")
    score = word(part(ticket, "satisfaction_rating"), "score") if isinstance(rating, dict) else None
    return "none" if score in NOT_SAID else SAID.get(score or "", "other")


def _kept_of_ticket(reading: Reading, ticket: Any) -> dict[str, Any]:
    if not isinstance(ticket, dict):
        return {}
    kept = {name: ticket.get(name) for name in KEPT}
    kept["ticket_form_id"] = ticket.get("ticket_form_id")
    for name, within in (("via", "channel"), ("satisfaction_rating", "score")):
        told = ticket.get(name)
        kept[name] = {within: told.get(within)} if isinstance(told, dict) else None
    fields = ticket.get("custom_fields")
    listed = fields if isinstance(fields, list) and reading.language_field is not None else []
    kept["custom_fields"] = [
        {"id": one["id"], "value": one.get("value")}
        for one in listed
        if isinstance(one, dict) and one.get("id") == reading.language_field
    ]
    kept["metric_set"] = _kept_of_metrics(ticket.get("metric_set"))
    return {**kept, FLAG: is_emergency(reading, ticket)}


def _kept_of_metrics(metrics: Any) -> dict[str, Any] | None:
    if not isinstance(metrics, dict):
        return None
    durations = [f"{name}_in_{unit}" for name in DURATIONS.values() for unit in ("minutes", "seconds")]
    names = ("ticket_id", "updated_at", "reopens", "replies", "solved_at", *durations)
    return {name: metrics[name] for name in names if name in metrics}


def _kept_of_event(event: Any) -> dict[str, Any]:
    if not isinstance(event, dict):
        return {}
    names = ("id", "ticket_id", "metric", "instance_id", "type", "time", "deleted")
    kept = {name: event[name] for name in names if name in event}
    for name in ("sla", "group_sla"):
        if isinstance(event.get(name), dict):
            kept[name] = {part_: event[name].get(part_) for part_ in ("target", "business_hours")}
    return kept
