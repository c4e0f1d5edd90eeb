"""Incident reports: what people do in the wikis' report form, and what its server took, from the form's event stream.

It loads steps, times and words of closed lists. Who was reported, what anybody wrote, and who the person is but for
the range of their edits, are not looked at.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from etl.feed import Batch, Delivery, Landed, Reject, shape
from etl.formats import report_words
from etl.formats.batches import Row, batches
from etl.formats.event_lines import Event, events
from etl.formats.json_answers import Unreadable, moment, number, part, word

TABLE = "raw_incident_reports"
COLUMNS = (
    "line", "event", "wiki", "received_at", "action", "source", "subtype", "funnel", "funnel_kind", "position",
    "incident_type", "harm", "behaviour", "edit_bucket", "is_temporary", "is_bot", "sample_unit", "sample_rate",
)  # fmt: skip
STREAMS = (
    "mediawiki.product_metrics.incident_reporting_system_interaction",
    "mediawiki.incident_reporting_system_interaction",
)
SCHEMA = re.compile(r"/analytics/product_metrics/web/base/1\.\d+\.\d+")
WIKI = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
KINDS = {"emergency": "emergency", "non-emergency": "non-emergency"}
UNITS = ("pageview", "session", "device", "user")
TESTS = (
    "canary", "test.wikipedia.org", "test2.wikipedia.org", "test.m.wikipedia.org", "test.wikidata.org",
    "beta.wmflabs.org", "beta.wmcloud.org", "testwiki", "test2wiki", "testcommonswiki", "testwikidatawiki",
)  # fmt: skip
AHEAD = timedelta(days=1)  # a receipt this far behind that of the file cannot be true; below, clocks differ


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Settings(BaseModel):
    """Where the events lie. wikis: the program's name of each database, where it is another one.

    left_out: domains, their subdomains, and databases whose events are trials.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
    wikis: Mapping[str, str] = Field(default_factory=dict)
    left_out: Annotated[tuple[str, ...], BeforeValidator(_listed)] = TESTS


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery; its files are read one at a time, in any order."""
    return [Delivery("incident_reports", settings.files, settings.model_dump(mode="json", exclude={"files"}))]


def read(landed: Landed) -> Iterator[Batch]:
    """The events of one file, in its order; those of trials are left out without a word."""
    yield from batches(TABLE, COLUMNS, _outcomes(landed))


def _outcomes(landed: Landed) -> Iterator[tuple[int, Row | Reject]]:
    (file,) = landed.files
    told = Settings.model_validate({**landed.delivery.told, "files": landed.delivery.files})
    reading = _Reading(told, file.received_at + AHEAD)
    for done, event in events(file):
        outcome = event if isinstance(event, Reject) else reading.outcome(event)
        if outcome is not None:
            yield done, outcome


@dataclass(frozen=True)
class _Reading:
    """How events are read. latest: none was received behind it."""

    told: Settings
    latest: datetime

    def outcome(self, event: Event) -> Row | Reject | None:
        """None for an event of a trial."""
        try:
            return self._row(event)
        except Unreadable as why:
            return Reject(event.line, why.rule, why.excerpt)

    def _row(self, event: Event) -> Row | None:
        content, meta = event.content, part(event.content, "meta")
        if self._is_trial(word(meta, "domain")):
            return None
        _check_stream(content, meta)
        wiki = self._wiki(content)
        if wiki is None:
            return None
        performer = part(content, "performer")
        return {
            "line": event.line,
            "event": _there("meta.id", word(meta, "id")),
            "wiki": wiki,
            "received_at": self._received_at(meta),
            "edit_bucket": report_words.bucket(word(performer, "edit_count_bucket")),
            "is_temporary": _flag(performer, "is_temp"),
            "is_bot": _flag(performer, "is_bot"),
            **_sample(part(content, "sample")),
            **_interaction(content),
        }

    def _is_trial(self, name: str | None) -> bool:
        return name is not None and any(name == one or name.endswith(f".{one}") for one in self.told.left_out)

    def _wiki(self, content: Mapping[str, Any]) -> str | None:
        database = _there("mediawiki.database", word(part(content, "mediawiki"), "database"))
        if not WIKI.fullmatch(database):
            raise Unreadable("mediawiki.database is the name of a database", f"database: {shape(database)}")
        return None if self._is_trial(database) else self.told.wikis.get(database, database)

    def _received_at(self, meta: Mapping[str, Any]) -> datetime:
        """When the server got it: the clocks of people's devices, which `dt` says, may be wrong by years."""
        received_at: datetime = _there("meta.dt", moment(meta, "dt"))
        if received_at > self.latest:
            raise Unreadable("meta.dt is not after the receipt of its file", f"meta.dt: year {received_at.year}")
        return received_at


def _check_stream(content: Mapping[str, Any], meta: Mapping[str, Any]) -> None:
    stream, schema = word(meta, "stream"), word(content, "$schema")
    if stream is not None and stream not in STREAMS:
        raise Unreadable("the event is of the report form's stream", "another stream")
    if schema is not None and not SCHEMA.fullmatch(schema):
        raise Unreadable("the schema is web/base 1", f"$schema: {shape(schema, 60)}")


def _interaction(content: Mapping[str, Any]) -> Row:
    action, said = _there("action", word(content, "action")), word(content, "action_source")
    if action not in ("view", "click", "submit"):
        raise Unreadable("action is one of view, click, submit", f"action: {shape(action)}")
    if (action == "submit") != (said == "api"):
        raise Unreadable("the server's own events, and no others, are submits by the api", "action and action_source")
    context = content.get("action_context")
    incident_type: str | None
    behaviour: str | None
    if action == "submit":
        incident_type, behaviour = report_words.submitted(context)
        kind, found, harm = None, None, None
    else:
        funnel = _there("funnel_entry_token", word(content, "funnel_entry_token"))
        kind, found = KINDS.get(word(content, "funnel_name") or ""), funnel
        incident_type = {"emergency": report_words.EMERGENCY, "non-emergency": report_words.ORDINARY}.get(kind or "")
        harm = report_words.harm(context) if said == "form" else None
        behaviour = _chosen(said, context)
    return {
        "action": action,
        "source": report_words.source(said),
        "subtype": report_words.subtype(word(content, "action_subtype")),
        "funnel": found,
        "funnel_kind": kind,
        "position": number(content, "funnel_event_sequence_position"),
        "incident_type": incident_type,
        "harm": harm,
        "behaviour": behaviour,
    }


def _chosen(said: str | None, context: object) -> str | None:
    """The behaviour that a person named: where they describe it, or by the page of support that it led to."""
    if said == "describe_unacceptable_behavior":
        return report_words.plain(context)
    if said is not None and said.startswith(f"{report_words.SUPPORT}_"):
        return report_words.behaviour(said.removeprefix(f"{report_words.SUPPORT}_"))
    return None


def _sample(sample: Mapping[str, Any]) -> Row:
    rate, unit = sample.get("rate"), word(sample, "unit")
    is_number = isinstance(rate, int | float) and not isinstance(rate, bool)
    if rate is not None and not (is_number and 0 < rate <= 1):
        raise Unreadable("sample.rate is over 0 and at most 1", f"sample.rate: {shape(rate)}")
    return {
        "sample_unit": unit if unit is None or unit in UNITS else "other",
        "sample_rate": None if rate is None else float(rate),
    }


def _flag(content: Mapping[str, Any], name: str) -> bool | None:
    value = content.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise Unreadable(f"{name} is true or false", f"{name}: {type(value).__name__}")


def _there(name: str, value: Any) -> Any:
    if value is None:
        raise Unreadable(f"{name} is there", f"{name}: missing")
    return value
