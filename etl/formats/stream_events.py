"""What events of the movement's public streams say, and whom of the program they concern.

It knows no connection. It turns a log event into the form that the Action API has for it, whose rules make the row.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.formats.json_answers import Unreadable, moment, part, unix_moment, word
from etl.formats.php import NotPhp, unserialize

RECENT_CHANGE, BLOCKS_CHANGE = "mediawiki.recentchange", "mediawiki.user-blocks-change"
_LISTS = {"block": ("duration", "flags"), "suppress": ("duration", "flags"), "rights": ("oldgroups", "newgroups")}


@dataclass(frozen=True)
class Addresses:
    """Which wiki of the program an event is of. by_database, by_server: names that events have -> the program's."""

    by_database: Mapping[str, str]
    by_server: Mapping[str, str]

    def wiki(self, event: Mapping[str, Any]) -> str | None:
        """The wiki; None for canary events and for all other wikis. The database counts before the server."""
        meta = event.get("meta")
        domain = meta.get("domain") if isinstance(meta, dict) else None
        if domain == "canary":
            return None
        database = next((event[key] for key in ("wiki", "database") if isinstance(event.get(key), str)), None)
        if database is not None and database in self.by_database:
            return self.by_database[database]
        servers = (event.get("server_name"), domain)
        return next((self.by_server[one] for one in servers if isinstance(one, str) and one in self.by_server), None)


def is_kept(event: Mapping[str, Any], stream: str, log_types: Collection[Any]) -> bool:
    """Log events of the kept logs, and changes of blocks; not those of users whose name is hidden."""
    if stream == RECENT_CHANGE:
        log = event.get("log_type")
        return event.get("type") == "log" and isinstance(log, str) and log in log_types
    prior = event.get("prior_state")
    states = (event.get("blocks"), prior.get("blocks") if isinstance(prior, dict) else None)
    return not any(_hides_name(state) for state in states)


def happened_at(event: Mapping[str, Any]) -> datetime | None:
    """When the event was sent, UTC; None where it does not say so in a way that can be read."""
    try:
        return moment(part(event, "meta"), "dt")
    except Unreadable:
        return None


def api_event(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The log event of a recent change as list=logevents would tell it; Unreadable where it has no time."""
    at = unix_moment(event, "timestamp")
    if at is None:
        raise Unreadable("timestamp is a time in seconds since 1970", "timestamp: nothing")
    for name in ("title", "user"):
        if word(event, name, 4000) is None:
            raise Unreadable(f"{name} is present", f"{name}: nothing")
    return {
        "logid": event.get("log_id"),
        "type": event.get("log_type"),
        "action": event.get("log_action"),
        "title": event.get("title"),
        "user": event.get("user"),
        "timestamp": at.isoformat() + "Z",
        "comment": event.get("comment"),
        "params": _params(event),
    }


def _params(event: Mapping[str, Any]) -> Mapping[str, Any] | list[Any]:
    """Parameters by name, in whichever of its forms the event has them: an object, a list, or the text of either."""
    said, log = event.get("log_params"), event.get("log_type")
    if isinstance(said, str):
        said = _unpacked(said)
    if isinstance(said, list):
        names = _LISTS.get(log if isinstance(log, str) else "")
        said = dict(zip(names, said, strict=False)) if names and said else said
        return _listed(said) if log == "rights" and isinstance(said, dict) else said
    if isinstance(said, dict):
        return {key.rpartition(":")[2]: value for key, value in said.items()}
    if said is None:
        return {}
    raise Unreadable("log_params are an object, a list or a text", f"log_params: {type(said).__name__}")


def _unpacked(text: str) -> Any:
    if not text.startswith("a:"):
        return text.split("\n") if text else []
    try:
        value = unserialize(text.encode("utf-8", "surrogatepass"))
    except NotPhp as error:
        raise Unreadable("log_params that are a text can be read", f"log_params: {len(text)} signs") from error
    if not isinstance(value, dict):
        return []
    is_list = all(isinstance(key, int) for key in value)
    return [*value.values()] if is_list else {str(key): one for key, one in value.items()}


def _listed(groups: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        name: [one.strip() for one in said.split(",") if one.strip()] if isinstance(said, str) else said
        for name, said in groups.items()
    }


def _hides_name(state: Any) -> bool:
    return isinstance(state, dict) and state.get("name") is True
