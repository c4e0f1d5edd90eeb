"""Who edits the demo's wikis and when: people, newcomers, temporary accounts, addresses and bots. It writes nothing.

The people are those of the logs: whoever registers there edits here, or does not.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from etl.demo.arrivals import DAY, END, START, Generator, Seconds, arrivals, few_do_most, pick, seconds
from etl.demo.log_traffic import FIRST_NEW_NUMBER
from etl.demo.planted import HISTORY_UNTIL, RETAINED_SHARE
from etl.demo.targets import NETWORKS, Registrations
from etl.demo.wikis import Wiki

UNTIL = seconds(HISTORY_UNTIL)
MONTHS = np.array([seconds(day) for day in np.arange("2024-10", "2026-12", dtype="datetime64[M]").astype("O").tolist()])
OFTEN_SHARE, BUSY_SHARE = 0.03, 0.005  # of people make about forty edits in a month, or about 150
CONTENT_SHARE = 0.92
TRIES_SHARE = 0.18  # of those who register edit in the first 30 days
QUICK_SHARE, QUICK, SLOW = 0.75, 900, 6 * DAY  # most reverts come within minutes
REVERTED = {"account": 0.015, "newcomer": 0.12, "temporary": 0.22, "anonymous": 0.25, "bot": 0.003, "imported": 0.0}
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Editor:
    """Somebody who edits. number: of the account, from 1, or 0; first_edit_at: 0 where it is known of nobody."""

    kind: str
    name: str
    number: int = 0
    registered_at: int = 0
    first_edit_at: int = 0
    groups: str = ""


@dataclass(frozen=True)
class Edits:
    """Edits in columns, in order of time. editor: its place; reverted_by: place of the edit that reverts it, or -1."""

    editors: tuple[Editor, ...]
    at: Seconds
    editor: Numbers
    is_content: Flags
    reverted_by: Numbers

    @property
    def is_revert(self) -> Flags:
        found = np.zeros(len(self.at), bool)
        found[self.reverted_by[self.reverted_by >= 0]] = True
        return found


def edits(rng: Generator, wiki: Wiki, known: Registrations) -> Edits:
    """Everything that is edited on a wiki, until the end of the snapshot's month."""
    groups = [
        _established(rng, wiki),
        _newcomers(rng, wiki, known),
        _temporary(rng, wiki, known),
        _addresses(rng, wiki),
        _bots(rng, wiki),
        _imported(rng, wiki),
    ]
    editors = [one for people, _, _ in groups for one in people]
    firsts = np.cumsum([0, *(len(people) for people, _, _ in groups[:-1])])
    who = np.concatenate([first + place for first, (_, place, _) in zip(firsts, groups, strict=True)])
    at = np.concatenate([moment for _, _, moment in groups])
    who, at = who[at < UNTIL], at[at < UNTIL]
    return _with_reverts(rng, wiki, tuple(editors), who, at)


People = tuple[list[Editor], Numbers, Seconds]  # who there is, and of each edit who makes it and when


def _established(rng: Generator, wiki: Wiki) -> People:
    """People of before the demo, away for months and back again; most make a few edits a month, few a great many."""
    number = wiki.volume.editors
    pace = pick(rng, number, [1 - OFTEN_SHARE - BUSY_SHARE, OFTEN_SHARE, BUSY_SHARE])
    is_here = rng.random(number) < 0.75
    who, at = list[Numbers](), list[Seconds]()
    for start, end in pairwise(MONTHS.tolist()):
        is_here = np.where(is_here, rng.random(number) < 0.95, rng.random(number) < 0.15)
        is_here[: wiki.volume.admins // 3] = True
        times = np.choose(pace, [4 + rng.geometric(0.4, number), rng.poisson(40, number), rng.poisson(150, number)])
        mine = np.repeat(np.arange(number), times * is_here)
        who.append(mine)
        at.append(_awake(rng, wiki, rng.integers(start, end, len(mine))))
    begun = START - (rng.beta(1.2, 1.0, number) * 18 * 365 * DAY).astype(np.int64) - DAY
    people = [
        Editor("account", wiki.account(place), place + 1, moment, moment + DAY // 2)
        for place, moment in enumerate(begun.tolist())
    ]
    return people, np.concatenate(who), np.concatenate(at)


def _newcomers(rng: Generator, wiki: Wiki, known: Registrations) -> People:
    """A third of those who register try it, most on the first day; few come back, and some of them stay for months."""
    people = np.flatnonzero(rng.random(len(known.at)) < TRIES_SHARE)
    begun = known.at[people]
    first = begun + np.where(pick(rng, len(people), [0.75, 0.25]) == 0, 600, 9 * DAY) * rng.exponential(1, len(people))
    more = np.repeat(np.arange(len(people)), rng.geometric(0.38, len(people)) - 1)
    tried = np.minimum(first[more] + rng.exponential(3 * DAY, len(more)), begun[more] + 29 * DAY)
    stay = np.flatnonzero(rng.random(len(people)) < RETAINED_SHARE)
    back = begun[stay] + rng.integers(31 * DAY, 59 * DAY, len(stay))
    months = rng.exponential(3, len(stay))
    often = np.repeat(np.arange(len(stay)), rng.poisson(months * rng.lognormal(np.log(4), 0.8, len(stay))))
    later = back[often] + rng.random(len(often)) * months[often] * 30 * DAY
    who = np.concatenate([np.arange(len(people)), more, stay, stay[often]])
    at = np.concatenate([np.minimum(first, begun + 29 * DAY), tried, back, later]).astype(np.int64)
    return _accounts("newcomer", known.names, known.at, people, FIRST_NEW_NUMBER, who, at), who, at


def _temporary(rng: Generator, wiki: Wiki, known: Registrations) -> People:
    """A temporary account is made by an edit; few make a second one."""
    people = np.arange(len(known.temporary_at))
    more = np.repeat(people, rng.geometric(0.6, len(people)) - 1)
    who = np.concatenate([people, more])
    at = known.temporary_at[who] + np.where(np.arange(len(who)) < len(people), 1, rng.integers(60, 9 * DAY, len(who)))
    made = _accounts("temporary", known.temporary_names, known.temporary_at, people, 5 * FIRST_NEW_NUMBER, who, at)
    return made, who, at


def _accounts(
    kind: str, names: list[str], registered: Seconds, people: Numbers, first_number: int, who: Numbers, at: Seconds
) -> list[Editor]:
    """The editors among the accounts of a list, each with its first edit."""
    first = np.full(len(people), UNTIL)
    np.minimum.at(first, who, at)
    told = zip(people.tolist(), registered[people].tolist(), first.tolist(), strict=True)
    return [Editor(kind, names[place], first_number + place, begun, edited) for place, begun, edited in told]


def _addresses(rng: Generator, wiki: Wiki) -> People:
    """Edits without an account, until there are temporary ones."""
    at = arrivals(rng, 6 * wiki.volume.editors, START, min(max(wiki.temporary_accounts_from, START), END),
                  wiki.volume.zone)  # fmt: skip
    hosts = rng.integers(1, 255, len(at)).tolist()
    names = [f"{NETWORKS[place % 3]}.{host}" for place, host in enumerate(hosts)]
    return [Editor("anonymous", name) for name in names], np.arange(len(at)), at


def _bots(rng: Generator, wiki: Wiki) -> People:
    """One that the group tells, one that only its name tells."""
    begun = START - 900 * DAY
    named = f"{wiki.words['things'][0]}bot"
    people = [
        Editor("bot", wiki.proxy_bot or "Archivist", 900_001, begun, begun + DAY, "bot"),
        Editor("bot", named, 900_002, begun, begun + DAY),
    ]
    at = arrivals(rng, 4 * wiki.volume.editors)
    return people, pick(rng, len(at), [0.8, 0.2]), at


def _imported(rng: Generator, wiki: Wiki) -> People:
    """Pages that came with their history from another wiki, and edits whose author is hidden."""
    at = arrivals(rng, 40)
    return [Editor("imported", "xx>Somebody"), Editor("hidden", "")], pick(rng, len(at), [0.6, 0.4]), at


def _with_reverts(rng: Generator, wiki: Wiki, editors: tuple[Editor, ...], who: Numbers, at: Seconds) -> Edits:
    """Some edits are reverted, by the people who do most; a revert after the snapshot has not happened."""
    chance = np.array([REVERTED.get(one.kind, 0.0) for one in editors])
    reverted = np.flatnonzero(rng.random(len(at)) < chance[who])
    wait = np.where(rng.random(len(reverted)) < QUICK_SHARE, QUICK, SLOW) * rng.exponential(1, len(reverted)) + 5
    done = at[reverted] + wait.astype(np.int64)
    reverted, done = reverted[done < UNTIL], done[done < UNTIL]
    by = pick(rng, len(done), few_do_most(max(wiki.volume.editors // 4, 1)))
    target = np.full(len(at) + len(done), -1)
    target[reverted] = len(at) + np.arange(len(done))
    whole = Edits(
        editors,
        np.concatenate([at, done]),
        np.concatenate([who, by]),
        rng.random(len(at) + len(done)) < CONTENT_SHARE,
        target,
    )
    return _in_order(whole)


def _in_order(whole: Edits) -> Edits:
    order = np.argsort(whole.at, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    target = whole.reverted_by[order]
    moved = np.where(target >= 0, place[target], -1)
    return replace(whole, at=whole.at[order], editor=whole.editor[order], is_content=whole.is_content[order],
                   reverted_by=moved)  # fmt: skip


def _awake(rng: Generator, wiki: Wiki, at: Seconds) -> Seconds:
    """The same days, at hours at which people are awake."""
    awake = 1 + 0.75 * np.cos(2 * np.pi * (np.arange(24) + wiki.volume.zone - 19) / 24)
    hour = rng.choice(24, size=len(at), p=awake / awake.sum())
    return at - at % DAY + hour * 3600 + at % 3600
