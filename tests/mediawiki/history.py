"""The half year that the test wiki has lived through, by its own API: invented people, and all that the feeds must know.

It starts no wiki. Times are those that the people see, so nothing depends on the day of the test.
"""

from datetime import datetime, timedelta
from typing import Any

from tests.mediawiki.live_wiki import PASSWORD, LiveWiki, Session

ADMIN = "Admin"
SYSOPS = ("Ada Admin", "Ben Admin")
SUPPRESSOR, RENAMER, BOT = "Sue Suppressor", "Bo Bureaucrat", "PatrolBot"
EDITORS = ("Zoë Ångström", "山田太郎", "Комаров", "عمر", "O'Neill, P.", "A B C", "Troll Three", "Sock Four")
START = datetime(2025, 1, 1)


TEMPORARY = "~2025-10001-1"


def live_through(wiki: LiveWiki) -> None:
    """Each kind of block, its changes, rights, protections, a rename, thanks, a temporary account, and what is hidden."""
    at = _people(wiki)
    for number, (target, more) in enumerate(_BLOCKS):
        set_block(wiki.as_(SYSOPS[number % 2], at), target, at + timedelta(days=2 * number, hours=3), **more)
    at += timedelta(days=2 * len(_BLOCKS))
    ada = wiki.as_(SYSOPS[0], at)
    ada.do(at, action="unblock", user=EDITORS[1], reason="appeal accepted")
    ada.do(at, action="protect", title="Main Page", protections="edit=sysop", expiry="infinite", reason="edit war")
    wiki.inside(at + timedelta(hours=1), "log", type="thanks", action="thank", actor=EDITORS[3], target=EDITORS[0])
    _hide(wiki, at + timedelta(days=1))
    wiki.inside(at + timedelta(days=2), "rename", actor=RENAMER, **{"from": "A B C", "to": "Alphabet"})
    set_block(wiki.as_(SYSOPS[1], at), "Alphabet", at + timedelta(days=3), expiry="1 day", reason="Harassment")
    wiki.inside(at + timedelta(days=4), "temporary", name=TEMPORARY)
    set_block(ada, TEMPORARY, at + timedelta(days=5))
    _block_twice(wiki, at + timedelta(days=6))


def set_block(session: Session, target: str, at: datetime | None = None, **more: Any) -> Any:
    told = {"expiry": "1 week", "reason": "Vandalism", "nocreate": "1", "allowusertalk": "1", **more}
    return session.do(at, action="block", user=target, **told)


_PARTIAL = {"partial": "1", "expiry": "never"}
_BLOCKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Troll Three", {"expiry": "31 hours", "reason": "Harassment"}),
    ("Troll Three", {"expiry": "1 month", "noemail": "1"}),
    ("Troll Three", {"expiry": "2 weeks", "reblock": "1"}),
    ("山田太郎", {"expiry": "infinite"}),
    ("Комаров", {"expiry": "2025-06-01T12:00:00Z", "reason": ""}),
    ("A B C", {"expiry": "3 days"}),
    ("عمر", {**_PARTIAL, "pagerestrictions": "Main Page"}),
    ("O'Neill, P.", {**_PARTIAL, "namespacerestrictions": "1|3", "actionrestrictions": "upload|move"}),
    ("203.0.113.7", {"expiry": "1 day", "anononly": "1"}),
    ("2001:DB8:0:0:0:0:0:7", {"expiry": "1 year", "anononly": "1"}),
    ("198.51.100.0/24", {"expiry": "6 months", "anononly": "1"}),
    ("Zoë Ångström", {"expiry": "indefinite"}),
    ("Sock Four", {"expiry": "1 week"}),
)


def _people(wiki: LiveWiki) -> datetime:
    at, admin = START, wiki.as_(ADMIN, START)
    for name in (*SYSOPS, SUPPRESSOR, RENAMER, BOT, *EDITORS):
        at += timedelta(minutes=7)
        told = {"username": name, "password": PASSWORD, "retype": PASSWORD, "createreturnurl": wiki.api}
        admin.do(at, "createaccount", "createtoken", action="createaccount", **told)
    groups = {**dict.fromkeys(SYSOPS, "sysop"), SUPPRESSOR: "suppress|sysop", RENAMER: "bureaucrat", BOT: "bot|sysop"}
    for name, added in groups.items():
        at += timedelta(minutes=7)
        admin.do(at, "userrights", action="userrights", user=name, add=added, reason="as agreed")
    return at


def _block_twice(wiki: LiveWiki, at: datetime) -> None:
    """Two blocks of one account at once, one lifted before the other, as MediaWiki 1.44 and newer write them."""
    said = {"5::duration": "2 weeks", "6::flags": "nocreate", "sitewide": True}
    days = (("block", {**said, "blockId": 901, "finalTargetCount": 1}),
            ("block", {**said, "blockId": 902, "finalTargetCount": 2, "5::duration": "1 month"}),
            ("unblock", {"blockId": 901, "finalTargetCount": 1}))  # fmt: skip
    for day, (action, params) in enumerate(days):
        told = {"type": "block", "action": action, "actor": SYSOPS[0], "target": EDITORS[6], "params": params}
        wiki.inside(at + timedelta(days=day), "log", **told)


def _hide(wiki: LiveWiki, at: datetime) -> None:
    """Three of the blocks: one admin hides a comment, then another action; the suppressor hides the whole of a third."""
    asked = {"action": "query", "list": "logevents", "letype": "block", "lelimit": "9", "leprop": "ids"}
    first, second, third, *_ = [one["logid"] for one in wiki.visitor().call(at, **asked)["query"]["logevents"]]
    told = {"action": "revisiondelete", "type": "logging", "reason": "grossly insulting name"}
    wiki.as_(SYSOPS[0], at).do(at, **told, ids=first, hide="comment")
    wiki.as_(SYSOPS[1], at).do(at, **told, ids=second, hide="content|user")
    sue = wiki.as_(SUPPRESSOR, at)
    sue.do(at, **told, ids=third, hide="content|comment|user", suppress="yes")
    set_block(sue, "Sock Four", at + timedelta(hours=1), expiry="never", hidename="1", reblock="1")
