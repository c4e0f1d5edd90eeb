"""Everything in a demo wiki's log that is no block: new accounts, thanks, rights, and what no metric asks for."""

from collections.abc import Iterator

from etl.demo import log_text
from etl.demo.arrivals import Generator, arrivals, few_do_most, pick
from etl.demo.log_blocks import Item
from etl.demo.log_text import action, comment, contributor, params, php, title
from etl.demo.targets import Registrations
from etl.demo.wikis import Wiki

FIRST_NEW_NUMBER = 100_000  # of accounts made during the demo
OLD_RIGHTS_FORM = 40  # so many of each wiki's first changes of rights stand in lines, not serialised
GROUPS = ("sysop", "rollbacker", "autopatrolled", "interface-admin")
PROTECTED = "\u200e[edit=autoconfirmed] (indefinite)\u200e[move=sysop] (indefinite)"


def new_account_items(rng: Generator, wiki: Wiki, known: Registrations) -> Iterator[Item]:
    """Accounts made by their owners, by others, or by coming from another wiki; temporary ones are always automatic."""
    user = log_text.prefixes(wiki)[2]
    actions = ("create", "autocreate", "create2", "byemail")
    how = how_made(rng, len(known.names))
    helpers = rng.integers(0, wiki.volume.editors, len(known.names)).tolist()
    for place, (at, name) in enumerate(zip(known.at.tolist(), known.names, strict=True)):
        number, act = FIRST_NEW_NUMBER + place, actions[how[place]]
        by_other = how[place] > 1
        who = contributor(wiki.account(helpers[place]), helpers[place] + 1) if by_other else contributor(name, number)
        yield at, who + _account(act, user + name, number)
    for place, (at, name) in enumerate(zip(known.temporary_at.tolist(), known.temporary_names, strict=True)):
        number = 5 * FIRST_NEW_NUMBER + place
        yield at, contributor(name, number) + _account("autocreate", user + name, number)


def how_made(rng: Generator, number: int) -> list[int]:
    """How each account was made: by its owner, at the first visit from another wiki, or in two ways by others."""
    made: list[int] = pick(rng, number, [0.80, 0.17, 0.02, 0.01]).tolist()
    return made


def _account(act: str, name: str, number: int) -> str:
    return action("newusers", act) + title(name) + params(f'a:1:{{s:9:"4::userid";i:{number};}}')


def kept_items(rng: Generator, wiki: Wiki) -> Iterator[Item]:
    """Thanks, changes of rights, protections and filters."""
    yield from _thanks(rng, wiki)
    yield from _rights(rng, wiki)
    yield from _protections(rng, wiki)
    special, by = log_text.prefixes(wiki)[-1], contributor(wiki.account(1), 2)
    for number, at in enumerate(arrivals(rng, wiki.volume.rights / 4).tolist(), start=1):
        said = title(f"{special}AbuseFilter/{number % 60 + 1}") + params(
            php({"historyId": number, "newId": number % 60 + 1})
        )
        yield at, by + action("abusefilter", "modify" if number > 60 else "create") + said


def _thanks(rng: Generator, wiki: Wiki) -> Iterator[Item]:
    user = log_text.prefixes(wiki)[2]
    at = arrivals(rng, wiki.volume.thanks, zone=wiki.volume.zone)
    people = [wiki.account(number) for number in range(wiki.volume.editors)]
    givers = pick(rng, len(at), few_do_most(len(people))).tolist()
    steps = rng.integers(1, len(people), len(at)).tolist()  # nobody thanks themselves
    tail = params("a:0:{}")
    for moment, giver, step in zip(at.tolist(), givers, steps, strict=True):
        thanked = title(user + people[(giver + step) % len(people)])
        yield moment, contributor(people[giver], giver + 1) + action("thanks", "thank") + thanked + tail


def _rights(rng: Generator, wiki: Wiki) -> Iterator[Item]:
    user, why = log_text.prefixes(wiki)[2], comment(wiki.words["comments"]["rights"][0])
    at = arrivals(rng, wiki.volume.rights, zone=wiki.volume.zone)
    by, start = contributor(wiki.account(0), 1), why + action("rights", "rights")
    whom = rng.integers(1, wiki.volume.editors, len(at)).tolist()
    for place, (moment, person) in enumerate(zip(at.tolist(), whom, strict=True)):
        group = GROUPS[(place + person) % len(GROUPS)]
        said = f"\n{group}" if place < OLD_RIGHTS_FORM else _granted(group) if place % 4 else _taken(group)
        yield moment, by + start + title(user + wiki.account(person)) + params(said)


def _granted(group: str) -> str:
    new: log_text.Value = [{"expiry": None}]
    return php({"4::oldgroups": [], "5::newgroups": [group], "oldmetadata": [], "newmetadata": new})


def _taken(group: str) -> str:
    old: log_text.Value = [{"expiry": None}]
    return php({"4::oldgroups": [group], "5::newgroups": [], "oldmetadata": old, "newmetadata": []})


def _protections(rng: Generator, wiki: Wiki) -> Iterator[Item]:
    at = arrivals(rng, wiki.volume.protections, zone=wiki.volume.zone)
    why = comment(wiki.words["comments"]["protect"][0])
    admins = pick(rng, len(at), few_do_most(wiki.volume.admins)).tolist()
    levels = [("edit", "autoconfirmed"), ("move", "sysop")]
    rules: log_text.Value = [
        {"type": what, "level": level, "expiry": "infinity", "cascade": False} for what, level in levels
    ]
    for place, (moment, admin) in enumerate(zip(at.tolist(), admins, strict=True)):
        number: dict[str, log_text.Value] = {"associated_rev_id": 1_000 + place}
        is_set = place % 5 > 0
        start = contributor(wiki.account(admin), admin + 1) + why
        start += action("protect", "protect" if is_set else "unprotect") + title(_page(wiki, place))
        said = {"4::description": PROTECTED, "5:bool:cascade": False, "details": rules, **number} if is_set else number
        yield moment, start + params(php(said))


def _page(wiki: Wiki, number: int) -> str:
    turn, place = divmod(number, len(wiki.words["pages"]))
    return f"{wiki.words['pages'][place]} ({turn + 1})"


def other_items(rng: Generator, wiki: Wiki) -> Iterator[Item]:
    """What no metric asks for: patrols, deletions, moves, uploads, renames."""
    at = arrivals(rng, wiki.volume.other, zone=wiki.volume.zone).tolist()
    kinds = pick(rng, len(at), [0.36, 0.30, 0.20, 0.125, 0.015]).tolist()
    people = pick(rng, len(at), few_do_most(wiki.volume.editors)).tolist()
    names = [contributor(wiki.account(number), number + 1) for number in range(wiki.volume.editors)]
    words, prefixes = wiki.words["comments"], log_text.prefixes(wiki)
    for place, (moment, kind, person) in enumerate(zip(at, kinds, people, strict=True)):
        yield moment, names[person] + _other(wiki, words, prefixes, kind, place)


def _other(wiki: Wiki, words: dict[str, list[str]], prefixes: dict[int, str], kind: int, place: int) -> str:
    page = _page(wiki, place)
    match kind:
        case 0:
            said = f'a:3:{{s:8:"4::curid";i:{place + 2};s:9:"5::previd";i:{place + 1};s:7:"6::auto";i:0;}}'
            return action("patrol", "patrol") + title(page) + params(said)
        case 1:
            return comment(words["delete"][place % 2 - 1]) + action("delete", "delete") + title(page) + params("a:0:{}")
        case 2:
            said = php({"4::target": f"{page} ({wiki.language})", "5::noredir": "0", "associated_rev_id": place + 1})
            return comment(words["move"][0]) + action("move", "move") + title(page) + params(said)
        case 3:
            said = php({"img_sha1": f"{place:031d}", "img_timestamp": "20250101000000"})
            return (
                comment(words["upload"][0])
                + action("upload", "upload")
                + title(f"{prefixes[6]}{page}.png")
                + params(said)
            )
        case _:
            old, new = wiki.account(place), f"{wiki.account(place)} (2)"
            said = php({"4::olduser": old, "5::newuser": new, "6::edits": place % 90})
            return action("renameuser", "renameuser") + title(prefixes[2] + old) + params(said)
