"""Events and trainings: files of the Programs & Events Dashboard and tables of the CampaignEvents extension.

It loads counts, times and hashed names. Who registered privately is not loaded at all, nor is any free text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from pydantic import Field, model_validator

from etl.feed import Batch, Delivery, Landed, LandedFile
from etl.formats import retention_report
from etl.formats.batches import Row, batches
from etl.formats.cells import Cells, Unreadable, csv_cells, is_json, json_cells, outcomes
from etl.formats.delimited import Layout
from etl.formats.drift import Promise, watched
from etl.formats.known_days import KnownDays
from etl.formats.wording import Named, Part, Text, Until

Kind = Literal["courses", "students", "retention", "events", "participants", "contributions"]
COURSE_COUNTS = {
    "participants": "editors", "new_editors": "new_editors", "articles_edited": "articles_edited",
    "articles_created": "articles_created", "bytes_added": "bytes_added", "references_added": "references_added",
    "edits": "total_edits",
}  # fmt: skip
COURSE_WANTED = ("course_slug", "start_date", "end_date", "editors")
COURSE_OTHERS = ("home_wiki", "new_or_returning", "training_completion_rate", *COURSE_COUNTS.values())
STUDENT_WANTED = ("username", "enrollment_timestamp")
STUDENT_OTHERS = ("registered_during_project", "completed_training_modules_count", "assigned_training_modules_count")
EVENT_WANTED = ("event_id", "event_start_utc", "event_end_utc")
EVENT_OTHERS = (
    "event_page_wiki", "event_status", "event_meeting_type", "event_is_test_event", "event_deleted_at",
)  # fmt: skip
PARTICIPANT_WANTED = ("cep_event_id", "cep_user_id", "cep_private", "cep_registered_at", "cep_unregistered_at")
CONTRIBUTION_WANTED = ("cec_event_id", "cec_user_id", "cec_wiki", "cec_timestamp", "cec_deleted")
CONTRIBUTION_OTHERS = ("cec_bytes_delta", "cec_links_delta", "cec_references_delta")
BECOMES = {
    "course_slug": "event", "start_date": "starts_at", "end_date": "ends_at", "editors": "participants",
    "training_completion_rate": "training_share", **{column: name for name, column in COURSE_COUNTS.items()},
    "username": "participant", "enrollment_timestamp": "registered_at", "registered_during_project": "is_new",
    "event_id": "event", "event_start_utc": "starts_at", "event_end_utc": "ends_at", "event_meeting_type": "format",
    "event_status": "state", "cep_event_id": "event", "cep_user_id": "participant",
    "cep_registered_at": "registered_at", "cep_unregistered_at": "left_at",
    "cec_event_id": "event", "cec_user_id": "participant", "cec_wiki": "wiki",
    "cec_timestamp": "edited_at", "cec_deleted": "is_deleted", "cec_bytes_delta": "bytes_delta",
}  # fmt: skip
FORMATS = {1: "in_person", 2: "online", 3: "both"}
STATES = {1: "open", 2: "closed", 3: "draft", 4: "canceled"}
LAST_SECOND = time(23, 59, 59)  # as the Dashboard writes the end of a day
RETURN_WINDOW, SURVIVAL_WINDOW = timedelta(days=31), timedelta(days=91)  # 30 and 90 days, and one more to count them


class Course(Part):
    """A file about one course, which says neither of which nor when it was: the settings do."""

    course: Text
    starts_on: date
    ends_on: date
    files: Named

    @model_validator(mode="after")
    def _in_order(self) -> "Course":
        if self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        return self


class Dashboard(Part):
    """Files of the Programs & Events Dashboard. courses: course CSV, of one course or of a campaign."""

    courses: Named | None = None
    students: tuple[Course, ...] = ()
    retention: tuple[Course, ...] = ()


class CampaignEvents(Part):
    """Exported tables of the CampaignEvents extension, as CSV or JSON with the names of its columns."""

    events: Named | None = None
    participants: Named | None = None
    contributions: Named | None = None

    @model_validator(mode="after")
    def _events_are_there(self) -> "CampaignEvents":
        if self.events is None and (self.participants or self.contributions):
            raise ValueError("events is missing: without it nobody knows when an event was")
        return self


class Settings(Part):
    """Where the files are. wikis: what the files call a wiki (en.wikipedia.org) to what the program calls it.

    until: the last day of which the files tell, or `received`: the day on which each of them came in.
    """

    dashboard: Dashboard = Dashboard()
    campaign_events: CampaignEvents = CampaignEvents()
    wikis: Mapping[str, str] = Field(default_factory=dict)
    until: Until = None


class _Told(Part):
    """What is told of a delivery."""

    kind: Kind
    wikis: Mapping[str, str]
    until: Until
    course: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per kind of file, and per course where a file is about one; files are read one at a time."""
    board, campaign = settings.dashboard, settings.campaign_events
    found = [_delivery(settings, "courses", board.courses)] if board.courses else []
    for kind in ("students", "retention"):
        for one in getattr(board, kind):
            found.append(_delivery(settings, kind, one.files, one.model_dump(mode="json", exclude={"files"})))
    for kind in ("events", "participants", "contributions"):
        files = getattr(campaign, kind)
        found += [_delivery(settings, kind, files)] if files else []
    return found


def _delivery(settings: Settings, kind: str, files: tuple[str, ...], more: Mapping[str, Any] = {}) -> Delivery:
    told = settings.model_dump(mode="json", include={"wikis", "until"})
    return Delivery("events", files, {"kind": kind, **told, **more})


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one file, and the days of which it tells."""
    (file,) = landed.files
    told = _Told.model_validate(landed.delivery.told)
    known = KnownDays(file, told.until)
    kind = _KINDS[told.kind]
    reading = _Reading(told, known)
    found = batches(
        kind.table, kind.columns, outcomes(kind.cells(file, kind.table), lambda cells: kind.rows(reading, cells))
    )
    yield from watched(file, [("its export", name) for name in BECOMES], Promise(kind.table, BECOMES), found)
    yield known.batch("raw_events_day")


@dataclass(frozen=True)
class _Reading:
    """How the rows of one file are read: what is told of it, and the days that it is seen to tell of."""

    told: _Told
    known: KnownDays

    @property
    def seen_until(self) -> date | None:
        return self.known.told_until

    def wiki(self, name: str | None) -> str | None:
        return None if name is None else self.told.wikis.get(name, name)

    def course(self, cells: Cells) -> Row:
        """Which course a row is about, as the settings say it; a course lasts to the end of its last day."""
        starts, ends = self.told.starts_on, self.told.ends_on
        if starts is None or ends is None:
            raise ValueError("a file about one course without its days")
        ended_at = datetime.combine(ends, LAST_SECOND)
        self.known.see(starts, ends)
        line = {"line": cells.line, "event": self.told.course, "told_until_on": self.seen_until}
        return {**line, "starts_at": datetime.combine(starts, time()), "ends_at": ended_at}


def _course_rows(reading: _Reading, cells: Cells) -> Iterable[Row]:
    starts, ends = _present(cells, "start_date"), _present(cells, "end_date")
    reading.known.see(starts.date(), ends.date())
    counts = {name: cells.whole(column) for name, column in COURSE_COUNTS.items()}
    yield {
        "line": cells.line,
        "event": cells.wanted("course_slug"),
        "wiki": reading.wiki(cells.text("home_wiki")),
        "cohort": cells.text("new_or_returning"),
        "starts_at": starts,
        "ends_at": ends,
        **counts,
        "training_share": cells.number("training_completion_rate"),
        "told_until_on": reading.seen_until,
    }


def _student_rows(reading: _Reading, cells: Cells) -> Iterable[Row]:
    enrolled = _present(cells, "enrollment_timestamp")
    reading.known.see(enrolled.date())
    yield {
        **reading.course(cells),
        "participant": cells.wanted("username"),
        "registered_at": enrolled,
        "left_at": None,
        "is_new": cells.truth("registered_during_project"),
        "completed_modules": cells.whole("completed_training_modules_count"),
        "assigned_modules": cells.whole("assigned_training_modules_count"),
        "platform": "dashboard",
    }


def _retention_rows(reading: _Reading, cells: Cells) -> Iterable[Row]:
    course = reading.course(cells)
    row = retention_report.participant(cells)
    closed = [RETURN_WINDOW] if row["sessions_after"] is not None else []
    closed += [SURVIVAL_WINDOW] if row["edits_in_days_60_to_90"] is not None else []
    reading.known.see(*(course["ends_at"].date() + window for window in closed))
    yield {**course, **row}


def _event_rows(reading: _Reading, cells: Cells) -> Iterable[Row]:
    starts, ends = _present(cells, "event_start_utc"), _present(cells, "event_end_utc")
    reading.known.see(starts.date(), ends.date())
    yield {
        "line": cells.line,
        "event": cells.wanted("event_id"),
        "wiki": reading.wiki(cells.text("event_page_wiki")),
        "starts_at": starts,
        "ends_at": ends,
        "format": _code(cells, "event_meeting_type", FORMATS),
        "state": _code(cells, "event_status", STATES),
        "is_test": cells.truth("event_is_test_event") or False,
        "deleted_at": cells.moment("event_deleted_at"),
        "told_until_on": reading.seen_until,
    }


def _participant_rows(reading: _Reading, cells: Cells) -> Iterable[Row]:
    """A person who registered privately leaves nothing here, not even a refusal."""
    is_private = cells.truth("cep_private")
    if is_private is None:
        raise Unreadable("cep_private is present", "cep_private: empty")
    if is_private:
        return
    registered, left = _present(cells, "cep_registered_at"), cells.moment("cep_unregistered_at")
    reading.known.see(registered.date(), left.date() if left else None)
    yield {
        "line": cells.line,
        "event": cells.wanted("cep_event_id"),
        "participant": cells.wanted("cep_user_id"),
        "starts_at": None,
        "ends_at": None,
        "registered_at": registered,
        "left_at": left,
        "is_new": None,
        "completed_modules": None,
        "assigned_modules": None,
        "platform": "campaign_events",
        "told_until_on": reading.seen_until,
    }


def _contribution_rows(reading: _Reading, cells: Cells) -> Iterable[Row]:
    edited = _present(cells, "cec_timestamp")
    reading.known.see(edited.date())
    is_deleted = cells.truth("cec_deleted")
    if is_deleted is None:
        raise Unreadable("cec_deleted is present", "cec_deleted: empty")
    yield {
        "line": cells.line,
        "contribution": cells.text("cec_id"),
        "event": cells.wanted("cec_event_id"),
        "participant": cells.wanted("cec_user_id"),
        "wiki": reading.wiki(cells.wanted("cec_wiki")),
        "edited_at": edited,
        "bytes_delta": cells.whole("cec_bytes_delta"),
        "links_delta": cells.whole("cec_links_delta"),
        "references_delta": cells.whole("cec_references_delta"),
        "is_deleted": is_deleted,
        "told_until_on": reading.seen_until,
    }


def _present(cells: Cells, column: str) -> datetime:
    found = cells.moment(column)
    if found is None:
        raise Unreadable(f"{column} is present", f"{column}: empty")
    return found


def _code(cells: Cells, column: str, words: Mapping[int, str]) -> str | None:
    code = cells.whole(column)
    if code is not None and code not in words:
        raise Unreadable(f"{column} is one of {', '.join(map(str, words))}", f"{column}: {len(str(code))} digits")
    return None if code is None else words[code]


def _retention_cells(file: LandedFile, table: str) -> Any:
    return retention_report.cells(file)


def _dashboard(wanted: tuple[str, ...], others: Iterable[str]) -> Callable[[LandedFile, str], Any]:
    named = [("the Dashboard's export", name) for name in wanted]
    return lambda file, table: csv_cells(file, Layout(), named, others, promise=Promise(table, BECOMES))


def _table(wanted: tuple[str, ...], others: Iterable[str]) -> Callable[[LandedFile, str], Any]:
    """A table of the extension, as CSV or JSON; NULL is how MediaWiki's own tools write what is not there."""
    named = [("the extension's table", name) for name in wanted]
    return lambda file, table: (
        json_cells(file, (*wanted, *others))
        if is_json(file)
        else csv_cells(file, Layout(), named, others, ("", "null"), Promise(table, BECOMES))
    )


@dataclass(frozen=True)
class _Kind:
    """A kind of file: the table it goes to, its columns, and how its rows are read."""

    table: str
    columns: tuple[str, ...]
    cells: Callable[[LandedFile, str], Any]
    rows: Callable[[_Reading, Cells], Iterable[Row]]


_COURSE = ("line", "event", "wiki", "cohort", "starts_at", "ends_at", *COURSE_COUNTS, "training_share", "told_until_on")
_PARTICIPANT = (
    "line", "platform", "event", "starts_at", "ends_at", "participant", "registered_at", "left_at", "is_new",
    "completed_modules", "assigned_modules", "told_until_on",
)  # fmt: skip
_RETENTION = ("line", "event", "starts_at", "ends_at", *retention_report.COLUMNS, "told_until_on")
_EVENT = (
    "line", "event", "wiki", "starts_at", "ends_at", "format", "state", "is_test", "deleted_at", "told_until_on",
)  # fmt: skip
_CONTRIBUTION = (
    "line", "contribution", "event", "participant", "wiki", "edited_at", "bytes_delta", "links_delta",
    "references_delta", "is_deleted", "told_until_on",
)  # fmt: skip
_KINDS: Mapping[str, _Kind] = {
    "courses": _Kind("raw_events_course", _COURSE, _dashboard(COURSE_WANTED, COURSE_OTHERS), _course_rows),
    "students": _Kind("raw_events_participant", _PARTICIPANT, _dashboard(STUDENT_WANTED, STUDENT_OTHERS), _student_rows
    ),
    "retention": _Kind("raw_events_retention", _RETENTION, _retention_cells, _retention_rows),
    "events": _Kind("raw_events_event", _EVENT, _table(EVENT_WANTED, EVENT_OTHERS), _event_rows),
    "participants": _Kind("raw_events_participant", _PARTICIPANT, _table(PARTICIPANT_WANTED, ()), _participant_rows),
    "contributions": _Kind(
        "raw_events_contribution", _CONTRIBUTION,
        _table(CONTRIBUTION_WANTED, ("cec_id", *CONTRIBUTION_OTHERS)), _contribution_rows,
    ),
}  # fmt: skip
