"""Words in headers of sheets, in small letters, by which a column is guessed.

It touches nothing.
"""

from collections.abc import Mapping

from etl.formats.sheet_contract import Span, Unit

WHO = frozenset((  # people may be named there
    "name", "names", "who", "whom", "person", "contact", "contacts", "email", "mail", "trainer", "trainers",
    "facilitator", "facilitators", "organizer", "organiser", "host", "owner", "author", "user", "username",
    "account", "phone", "address", "speaker", "speakers", "mentor", "lead", "by", "nick", "login",
))  # fmt: skip
TEXT = frozenset((
    "note", "notes", "comment", "comments", "remark", "remarks", "description", "details", "summary",
    "feedback", "link", "url", "text",
))  # fmt: skip
IDS = frozenset(("id", "no", "no.", "nr", "nr.", "#", "number", "key", "code", "ticket", "case"))
WIKIS = frozenset(("wiki", "wikis"))
WHAT = frozenset(("measure", "what", "metric", "indicator", "item"))
WHEN = frozenset(("date", "day", "when", "datum"))
STARTS = frozenset(("start", "starts", "from", "begin", "begins", "first"))
ENDS = frozenset(("end", "ends", "to", "until", "last"))
LEVELS = frozenset((  # what has a size and does not add up
    "open", "size", "balance", "backlog", "active", "current", "average", "avg", "mean", "median", "members",
    "subscribers", "followers", "stock", "level",
))  # fmt: skip
NOTHING = frozenset((  # what stands for an empty cell
    "-", "–", "—", "n/a", "na", "none", "?", "tbd", "k.a.", "x",
))  # fmt: skip
SPANS: Mapping[str, Span] = {"month": "month", "week": "week", "quarter": "quarter", "year": "year"}
UNITS: Mapping[Unit, frozenset[str]] = {
    "people": frozenset((
        "people", "persons", "participants", "attendees", "trained", "users", "editors", "volunteers",
        "members", "women", "men", "victims", "learners", "guests", "subscribers", "moderators", "mediators",
        "admins", "administrators",
    )),
    "hours": frozenset(("hours", "hour", "hrs", "h")),
    "days": frozenset(("days",)),
    "money": frozenset(("cost", "costs", "budget", "money", "spent", "eur", "usd", "amount", "€", "$")),
    "share": frozenset(("share", "percent", "percentage", "rate", "%")),
}  # fmt: skip
