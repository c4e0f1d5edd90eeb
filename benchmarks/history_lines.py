"""Lines of a history dump of an invented wiki, as real ones are: how often what, how long, how many people and pages.

For `read_history.py`, not a benchmark itself.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache

from etl.formats.history_columns import COLUMNS

WIKI = "inventedwiki"
PEOPLE, PAGES = 40_000, 150_000
BASE_36 = "0123456789abcdefghijklmnopqrstuvwxyz"
SAID = """
archive bridge canton district early farm garden harbour island journal kitchen library mountain northern old parish
quarter river station theatre union valley western yard history of people from schools in league season album
list single film novel village species railway church castle election county school football women
"""
WORDS = SAID.split()
COMMENTS = (
    "", "", "/* {0} */", "/* {0} */ typo", "/* {0} */ added {1} and {0}", "fixed citation of {0}",
    "Reverted edits by [[Special:Contribs/{1}|{1}]] to the last version by {0}",
    "clean up, replaced: [[{0}]] → [[{1}]], typos fixed: {0} → {1} using [[Project:AWB|AWB]]",
    "[[WP:AES|←]]Created page with '{0} {1}\\n\\n{{{{stub}}}}'",
    "added [[Category:{0} {1}]] using [[Help:Gadget-HotCat|HotCat]]",
)  # fmt: skip
BY_ITSELF = {"_is_created_by_self": "true", "_is_created_by_system": "false", "_is_created_by_peer": "false"}
PERSON = {**BY_ITSELF, "_is_anonymous": "false", "_is_temporary": "false", "_is_permanent": "true"}
ADDRESS = {**PERSON, "_is_created_by_self": "false", "_is_anonymous": "true", "_is_permanent": "false"}
Said = Mapping[str, str]


def lines(count: int, first: int) -> Iterator[str]:
    """Lines of 78 columns: of 1,000 some 960 are edits (140 by addresses), 20 are of accounts and 20 of pages.

    One in ten names is new. first: number of the first line; the same number is the same line.
    """
    names = COLUMNS[78]
    for number in range(first, first + count):
        said = _said(number, random.Random(number))
        yield "\t".join([said.get(name, "") for name in names]) + "\n"


def _said(number: int, chance: random.Random) -> Said:
    told = {"wiki_db": WIKI, "event_timestamp": f"{datetime(2003, 1, 1) + timedelta(seconds=61 * number)}.0"}
    kind = chance.random()
    if kind < 0.02:
        event_type = chance.choice(("create", "create", "rename", "altergroups"))
        return {**told, "event_entity": "user", "event_type": event_type, **_newcomer(chance.choice(WORDS), number)}
    told |= _page(int(PAGES * chance.random() ** 3))
    told |= _address(number) if chance.random() < 0.14 else _person(int(PEOPLE * chance.random() ** 4))
    told["page_revision_count"] = str(chance.randrange(1, 4_000))
    told["page_seconds_since_previous_revision"] = str(chance.randrange(1, 90_000_000))
    if kind < 0.04:
        return {**told, "event_entity": "page", "event_type": chance.choice(("create", "move", "delete"))}
    return {**told, **_edit(chance, number)}


@cache
def _page(number: int) -> Said:
    chance = random.Random(number)
    title = "_".join(chance.choices(WORDS, k=chance.randrange(1, 5))).capitalize()
    space = "0" if chance.random() < 0.7 else chance.choice("1234")
    content = "true" if space == "0" else "false"
    made = str(datetime(2003, 1, 1) + timedelta(seconds=chance.randrange(600_000_000))) + ".0"
    return {
        "page_id": str(number + 100), "page_title_historical": title, "page_title": title,
        "page_namespace_historical": space, "page_namespace_is_content_historical": content, "page_namespace": space,
        "page_namespace_is_content": content, "page_is_redirect": "false", "page_is_deleted": "false",
        "page_creation_timestamp": made, "page_first_edit_timestamp": made,
    }  # fmt: skip


@cache
def _person(number: int) -> Said:
    chance = random.Random(-1 - number)
    is_bot = number % 50 == 7
    name = f"{chance.choice(WORDS).capitalize()} {chance.choice(WORDS)}{number}{'Bot' if is_bot else ''}"
    groups = "bot" if is_bot else "sysop,rollbacker" if number % 40 == 3 else chance.choice(("", "extendedconfirmed"))
    made = datetime(2003, 1, 1) + timedelta(seconds=chance.randrange(30_000))
    return {
        **{f"event_user{name}": value for name, value in PERSON.items()},
        "event_user_id": str(number + 7), "event_user_central_id": str(chance.randrange(1, 9_000_000)),
        "event_user_text_historical": name, "event_user_text": name, "event_user_is_cross_wiki": "false",
        "event_user_groups_historical": groups, "event_user_groups": groups,
        "event_user_is_bot_by": "name,group" if is_bot else "",
        "event_user_is_bot_by_historical": "name,group" if is_bot else "",
        "event_user_registration_timestamp": f"{made}.0",
        "event_user_creation_timestamp": f"{made + timedelta(seconds=1)}.0",
        "event_user_first_edit_timestamp": f"{made + timedelta(minutes=chance.randrange(9_000))}.0",
        "event_user_revision_count": str(chance.randrange(1, 100_000)),
        "event_user_seconds_since_previous_revision": str(chance.randrange(1, 100_000)),
    }  # fmt: skip


def _address(number: int) -> Said:
    place = number // 20  # some three edits each
    address = f"2001:DB8:{place >> 16:X}:{place & 0xFFFF:X}:0:0:0:1"
    of_event = {f"event_user{name}": value for name, value in ADDRESS.items()}
    return {**of_event, "event_user_text_historical": address, "event_user_text": address}


def _newcomer(word: str, number: int) -> Said:
    name = f"Newcomer {word} {number}"
    told = {f"user{name}": value for name, value in PERSON.items()}
    return {**told, "user_id": str(number), "user_text_historical": name, "user_text": name}


def _edit(chance: random.Random, number: int) -> Said:
    first, second = chance.choices(WORDS, k=2)
    told = {
        "event_entity": "revision", "event_type": "create", "revision_id": str(number + 1),
        "event_comment": chance.choice(COMMENTS).format(f"{first} {number % 977}", second.capitalize()),
        "revision_parent_id": str(chance.randrange(1, number + 2)),
        "revision_minor_edit": chance.choice(("true", "false", "false")),
        "revision_deleted_parts_are_suppressed": "false", "revision_text_bytes": str(chance.randrange(500, 90_000)),
        "revision_text_bytes_diff": str(chance.randrange(-200, 900)),
        "revision_text_sha1": "".join(chance.choices(BASE_36, k=31)), "revision_is_deleted_by_page_deletion": "false",
        "revision_is_identity_reverted": "false",
        "revision_is_identity_revert": "true" if chance.random() < 0.08 else "false",
        "revision_is_from_before_page_creation": "false",
        "revision_tags": chance.choice(("", "", "mobile edit,mobile web edit", "visualeditor")),
    }  # fmt: skip
    if chance.random() < 0.08:
        told["revision_is_identity_reverted"] = "true"
        told["revision_first_identity_reverting_revision_id"] = str(number + 9)
        told["revision_seconds_to_identity_revert"] = str(chance.randrange(1, 900_000))
    return told
