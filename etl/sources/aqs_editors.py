"""How many people edited a wiki: editors/aggregate of the Foundation's Analytics API, asked for or saved as files.

Each run asks for everything from `since` on and keeps it as a whole new picture: a snapshot may change any month.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from data_contracts.faults import FeedFault
from etl.feed import Batch, Delivery, Download, Landed, Piece, Reject
from etl.formats import editor_figures, json_answers
from etl.formats.editor_figures import ACTIVITY_LEVELS, EDITOR_TYPES, Gathered
from etl.web import Answer, Refused, Web

FEED = "aqs_editors"
SERVER = "https://wikimedia.org/api/rest_v1"
PAGES = "content"  # what the movement calls an active editor edits content


def _no_sum(project: str) -> str:
    if project.startswith("all-"):
        raise ValueError("one project: there is no figure of editors for several together")
    return project.removesuffix(".org")


class Project(BaseModel):
    """wiki: as the instance calls it; project: as the API does, such as de.wikipedia."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wiki: str = Field(min_length=1)
    project: Annotated[str, Field(pattern=r"^[a-z0-9.-]+$"), AfterValidator(_no_sum)]


class Settings(BaseModel):
    """The wikis; daily: also figures of single days. files: saved answers; without `since` the server is not asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    projects: tuple[Project, ...] = Field(min_length=1)
    since: date | None = None
    daily: bool = False
    server: str = SERVER
    files: tuple[str, ...] = ()


def deliveries(settings: Settings) -> list[Delivery]:
    """The saved answers, one file at a time, whichever projects are in them."""
    told = {"wikis": {one.project: one.wiki for one in settings.projects}}
    return [Delivery(FEED, settings.files, told)] if settings.files else []


def downloads(settings: Settings) -> list[Download]:
    """A series for each project and length of period."""
    if settings.since is None:
        return []
    lengths = ("monthly", "daily") if settings.daily else ("monthly",)
    return [
        Download(
            FEED,
            f"{one.wiki}/{length}",
            {
                "wikis": {one.project: one.wiki},
                "server": settings.server.rstrip("/"),
                "length": length,
                "since": settings.since.isoformat(),
            },
        )
        for one in settings.projects
        for length in lengths
    ]


def fetch(download: Download, cursor: Mapping[str, Any] | None, web: Web) -> Iterator[Piece]:
    """Everything that is over, as one piece, unless it is what came last time. Once a day is often enough."""
    (project,) = download.told["wikis"]
    today = web.now().date()
    if cursor is not None and cursor.get("asked_on") == today.isoformat():
        return
    answers = [
        answer
        for editors in EDITOR_TYPES
        for level in ACTIVITY_LEVELS
        if (answer := _ask(download.told, (project, editors, PAGES, level), today, web)) is not None
    ]
    if not answers:
        where = f"feeds.{FEED}.projects: {project}"
        remedy = "Correct its name, as in the address of its pages without .org."
        raise FeedFault(where, "the API has no figures of this project since then", "a project that it has", remedy)
    said = hashlib.sha256(b"".join(_line(asked, None, content) for asked, _, content in answers)).hexdigest()
    if cursor is None or cursor.get("said") != said:
        yield Piece(b"".join(_line(*one) for one in answers), {"asked_on": today.isoformat(), "said": said}, True)


def read(landed: Landed) -> Iterator[Batch]:
    """The figures of one file, whether fetched or saved, and the days of which it tells."""
    (file,) = landed.files
    gathered, fault = Gathered(), None
    try:
        for one in json_answers.answers(file):
            if isinstance(one, Reject):
                gathered.rejects.append(one)
            else:
                gathered.take(one.line, editor_figures.figures(one, landed.delivery.told["wikis"], file.received_at))
    except FeedFault as error:
        fault = error
    yield from gathered.batches(file.bytes)
    if fault is not None:
        raise fault


def _ask(
    told: Mapping[str, Any], wanted: tuple[str, str, str, str], today: date, web: Web
) -> tuple[Mapping[str, str], datetime, Any] | None:
    """One answer: what was asked, when it came, what it says. None where the API knows of nothing of the kind."""
    end = today.replace(day=1) if told["length"] == "monthly" else today
    asked = {
        **dict(zip(("project", "editor-type", "page-type", "activity-level"), wanted, strict=True)),
        "granularity": told["length"],
        "start": told["since"].replace("-", ""),
        "end": f"{end:%Y%m%d}",
    }
    address = f"{told['server']}/metrics/editors/aggregate/{'/'.join(asked.values())}"
    try:
        answer = web.get(address)
    except Refused as refused:
        if refused.status == 404:
            return None
        raise FeedFault(refused.where, _complaint(refused), refused.wanted, refused.remedy) from None
    return asked, answer.received_at, _figures(answer)


def _figures(answer: Answer) -> Mapping[str, Any]:
    """What the answer says, if it is one: a piece replaces all that came before, so nothing else may land."""
    content = answer.json()
    if not isinstance(content, dict) or not isinstance(content.get("items"), list):
        raise FeedFault(answer.url, "its answer has no items", "the Analytics API", "Look at feeds.aqs_editors.server.")
    return content


def _complaint(refused: Refused) -> str:
    """What the API says of a question that it does not take, as {type, title, detail}."""
    content = _object(refused.answer)
    words = [content.get(name) for name in ("title", "detail")]
    told = " ".join(word for word in words if isinstance(word, str) and word.isprintable())
    return f"{refused.found}: {told[:300]}" if told else refused.found


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        content = answer.json()
    except FeedFault:
        return {}
    return content if isinstance(content, dict) else {}


def _line(asked: Mapping[str, str], at: datetime | None, answer: Any) -> bytes:
    told = {} if at is None else {"at": at.isoformat(timespec="seconds") + "Z"}
    return json.dumps({"asked": asked, **told, "answer": answer}, ensure_ascii=False, sort_keys=True).encode() + b"\n"
