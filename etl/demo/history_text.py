"""How events stand in a mediawiki_history dump, as its writer writes them: no header, no quotes, nothing as nothing.

The columns are those of dumps since May 2026. It knows of no event and draws nothing.
"""

from datetime import UTC, datetime
from itertools import pairwise

from etl.demo.history_edits import Editor
from etl.formats.history_columns import COLUMNS

NAMES = COLUMNS[78]
# Where a line is put together: what is the same for all events of an editor or a page is written once.
PARTS = ("wiki_db", "event_user_id", "page_id", "user_id", "revision_id", "")
FLAG = ("false", "true")


def _names(first: str, last: str) -> tuple[str, ...]:
    """The columns from one to before another."""
    return NAMES[NAMES.index(first) : NAMES.index(last) if last else None]


IN_PART = {first: _names(first, last) for first, last in pairwise(PARTS)}


def part(first: str, **told: str) -> str:
    """The cells of one part of a line; what is not told is empty."""
    return "\t".join(told.get(name, "") for name in IN_PART[first])


def moment(at: int) -> str:
    """A time as the dump writes it; nothing for 0."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}.0" if at else ""


def escaped(text: str) -> str:
    """Tabs and ends of lines as two characters each. A backslash is left as it is, so that both look the same."""
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def performer(who: Editor, is_admin: bool) -> str:
    """Who did it: a person without a name is nobody, an address and whoever comes from another wiki is anonymous."""
    if who.kind == "hidden":
        return part("event_user_id")
    is_anonymous = who.kind in ("anonymous", "imported")
    bot = "group" if who.groups == "bot" else "name" if who.kind == "bot" else ""
    groups = "sysop" if is_admin else who.groups
    return part(
        "event_user_id",
        event_user_id=str(who.number or ""),
        event_user_text_historical=who.name,
        event_user_text=who.name,
        event_user_groups_historical=groups,
        event_user_groups=groups,
        event_user_is_bot_by_historical=bot,
        event_user_is_bot_by=bot,
        event_user_is_created_by_self=FLAG[not is_anonymous],
        event_user_is_created_by_system="false",
        event_user_is_created_by_peer="false",
        event_user_is_anonymous=FLAG[is_anonymous],
        event_user_is_temporary=FLAG[who.kind == "temporary"],
        event_user_is_permanent=FLAG[not is_anonymous and who.kind != "temporary"],
        event_user_is_cross_wiki=FLAG[who.kind == "imported"],
        event_user_registration_timestamp=moment(who.registered_at),
        event_user_creation_timestamp=""
        if who.kind == "account"
        else moment(who.registered_at),  # before the log began
        event_user_first_edit_timestamp=moment(who.first_edit_at),
    )


def page(number: int, title: str, namespace: int) -> str:
    content = FLAG[namespace == 0]
    return part(
        "page_id",
        page_id=str(number),
        page_title_historical=escaped(title),
        page_title=escaped(title),
        page_namespace_historical=str(namespace),
        page_namespace_is_content_historical=content,
        page_namespace=str(namespace),
        page_namespace_is_content=content,
        page_is_redirect="false",
        page_is_deleted="false",
    )


def user(name: str, number: int, *, groups: str = "", made_by: str = "", registered: str = "") -> str:
    """Whom it happened to. made_by: self, system or peer, or nothing where the dump does not say."""
    is_temporary = name.startswith("~")
    return part(
        "user_id",
        user_id=str(number),
        user_text_historical=name,
        user_text=name,
        user_groups_historical=groups,
        user_groups=groups,
        user_is_created_by_self=FLAG[made_by == "self"],
        user_is_created_by_system=FLAG[made_by == "system"],
        user_is_created_by_peer=FLAG[made_by == "peer"],
        user_is_anonymous="false",
        user_is_temporary=FLAG[is_temporary],
        user_is_permanent=FLAG[not is_temporary],
        user_registration_timestamp=registered,
        user_creation_timestamp=registered,
    )
