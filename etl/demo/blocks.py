"""Blocks of the demo program: who is blocked, for how long, what becomes of it, and who is blocked again.

A chain is one target with its blocks one after the other. Everything is drawn a generation at a time: all first blocks,
then all second ones. It does not write log items and gives nobody a name.
"""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from etl.demo import durations
from etl.demo.arrivals import BURN_IN, DAY, END, START, Generator, Seconds, arrivals, few_do_most, pick, seconds
from etl.demo.planted import PARTIAL_SHARE, PARTIAL_SINCE, POLICY_SINCE, REBLOCKED_WITHIN_30D
from etl.demo.wikis import NEVER, Wiki

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Kind(IntEnum):
    """What is blocked; an address becomes IPv4 or IPv6 when it gets its name."""

    ACCOUNT = 0
    TEMPORARY = 1
    ADDRESS = 2
    RANGE = 3


class Performer(IntEnum):
    """Who blocks, where it is not an administrator (numbered from 0)."""

    BOT = -1
    PROXY_BOT = -2


class Change(IntEnum):
    """What happens to a block in force."""

    NONE = 0
    LONGER = 1
    FLAGS = 2
    SCOPE = 3
    SUPERSEDED = 4  # a second block/block of the same target, longer than the first


@dataclass(frozen=True)
class Spells:
    """Blocks in columns. term_at: as it was set at first; ended_at: by its last term or by hand. NEVER: 2**60."""

    chain: Numbers
    kind: Numbers
    performer: Numbers
    set_at: Seconds
    duration: Numbers
    term_at: Seconds
    is_partial: Flags
    change: Numbers
    changed_at: Seconds
    changed_duration: Numbers
    unblocked_at: Seconds
    ended_at: Seconds

    def only(self, wanted: Flags) -> "Spells":
        return Spells(**{one.name: getattr(self, one.name)[wanted] for one in fields(self)})


REBLOCKED_FROM_30_TO_90_DAYS = 0.06  # of those not blocked again within 30 days
UNBLOCKED_SHARE = 0.05
CHANGED_SHARES = [0.94, 0.032, 0.018, 0.007, 0.003]  # by Change


def spells(rng: Generator, wiki: Wiki) -> Spells:
    """All blocks of a wiki from the first day to the last, by chain and time."""
    chain_kind, is_bots, is_proxy, set_at = _first_blocks(rng, wiki)
    chain = np.arange(len(set_at))
    generations: list[Spells] = []
    while len(chain):
        kind, again = chain_kind[chain], len(generations) > 0
        performer = _performers(rng, wiki, kind, is_bots[chain], is_proxy[chain], again)
        generation = _generation(rng, wiki, chain, kind, performer, set_at)
        generations.append(generation)
        chain, set_at = _blocked_again(rng, wiki, generation)
    columns = {one.name: np.concatenate([getattr(part, one.name) for part in generations]) for one in fields(Spells)}
    order = np.lexsort((columns["set_at"], columns["chain"]))
    every = Spells(**{name: values[order] for name, values in columns.items()})
    return every.only((every.set_at >= START) & (every.set_at < END))


def _first_blocks(rng: Generator, wiki: Wiki) -> tuple[Numbers, Flags, Flags, Seconds]:
    """Kind, whether a bot watches for them, whether it is a proxy, and first block of each chain."""
    size = wiki.volume
    by_people = arrivals(rng, size.blocked, BURN_IN, zone=size.zone)
    by_bot = arrivals(rng, size.blocked_by_bot, BURN_IN)
    proxies = arrivals(rng, size.proxies, BURN_IN)
    kinds = [_kinds(rng, wiki, by_people, [0.50, 0.45, 0.05]), _kinds(rng, wiki, by_bot, [0.0, 1.0, 0.0])]
    kinds.append(np.full(len(proxies), Kind.RANGE, dtype=np.int64))
    set_at = np.concatenate([by_people, by_bot, proxies])
    watched = np.repeat([False, True, False], [len(by_people), len(by_bot), len(proxies)])
    is_proxy = np.repeat([False, False, True], [len(by_people), len(by_bot), len(proxies)])
    order = np.argsort(set_at, kind="stable")
    return np.concatenate(kinds)[order], watched[order], is_proxy[order], set_at[order]


def _kinds(rng: Generator, wiki: Wiki, set_at: Seconds, shares: list[float]) -> Numbers:
    """Accounts, addresses and ranges by their shares; most addresses are temporary accounts where there are."""
    kind = np.array([Kind.ACCOUNT, Kind.ADDRESS, Kind.RANGE], dtype=np.int64)[pick(rng, len(set_at), shares)]
    hidden_address = (rng.random(len(set_at)) < 0.85) & (set_at >= wiki.temporary_accounts_from)
    return np.where((kind == Kind.ADDRESS) & hidden_address, Kind.TEMPORARY, kind)


def _performers(rng: Generator, wiki: Wiki, kind: Numbers, watched: Flags, is_proxy: Flags, again: bool) -> Numbers:
    admins = pick(rng, len(kind), few_do_most(wiki.volume.admins))
    by_bot = watched & (rng.random(len(kind)) < (0.5 if again else 0.95))
    return np.where(is_proxy, Performer.PROXY_BOT, np.where(by_bot, Performer.BOT, admins))


def _generation(rng: Generator, wiki: Wiki, chain: Numbers, kind: Numbers, performer: Numbers, at: Seconds) -> Spells:
    size = len(chain)
    duration = _durations(rng, kind, performer)
    is_partial = (performer >= 0) & (rng.random(size) < _partial_share(wiki, at))
    change, changed_at, changed_duration = _changes(rng, performer, at, duration)
    first_term = durations.ends(at, duration)
    changed_term = durations.ends(changed_at, np.maximum(changed_duration, 0))
    term = np.where(changed_duration >= 0, changed_term, first_term)
    unblocked_at = _unblocks(rng, performer, np.where(change == Change.NONE, at, changed_at), term)
    unblocked_at[change == Change.SUPERSEDED] = NEVER  # two blocks in force would need two unblocks
    return Spells(
        chain=chain,
        kind=kind,
        performer=performer,
        set_at=at,
        duration=duration,
        term_at=first_term,
        is_partial=is_partial,
        change=change,
        changed_at=changed_at,
        changed_duration=changed_duration,
        unblocked_at=unblocked_at,
        ended_at=np.minimum(term, unblocked_at),
    )


def _durations(rng: Generator, kind: Numbers, performer: Numbers) -> Numbers:
    shares = [durations.OF_ACCOUNTS, durations.OF_TEMPORARY, durations.OF_ADDRESSES, durations.OF_RANGES]
    drawn = np.choose(kind, [pick(rng, len(kind), share) for share in shares])
    by_bot, of_proxies = pick(rng, len(kind), durations.BY_BOT), pick(rng, len(kind), durations.OF_PROXIES)
    return np.where(performer == Performer.BOT, by_bot, np.where(performer == Performer.PROXY_BOT, of_proxies, drawn))


def _partial_share(wiki: Wiki, at: Seconds) -> NDArray[np.float64]:
    since = PARTIAL_SINCE.get(wiki.id)
    before, after = PARTIAL_SHARE
    return np.where(at >= (NEVER if since is None else seconds(since)), after, before)


def _changes(rng: Generator, performer: Numbers, at: Seconds, duration: Numbers) -> tuple[Numbers, Seconds, Numbers]:
    """What is changed, when, and the new duration from then on (-1 where the end stays); bots change nothing."""
    size = len(at)
    change = np.where(performer >= 0, pick(rng, size, CHANGED_SHARES), Change.NONE)
    term = np.minimum(durations.ends(at, duration), at + 20 * DAY)
    changed_at = at + 600 + ((term - at - 1200) * rng.uniform(0.02, 0.6, size)).astype(np.int64)
    extends = (change == Change.LONGER) | (change == Change.SUPERSEDED)
    change = np.where(extends & (duration >= durations.INFINITE - 1), Change.FLAGS, change)
    extends = (change == Change.LONGER) | (change == Change.SUPERSEDED)
    return change, changed_at, np.where(extends, durations.longer(rng, duration), -1)


def _unblocks(rng: Generator, performer: Numbers, since: Seconds, term: Seconds) -> Seconds:
    """When it is lifted by hand before its term, NEVER where it is not."""
    size = len(since)
    lifted = (rng.random(size) < UNBLOCKED_SHARE) & (performer >= 0)
    room = np.minimum(term, since + 60 * DAY) - since - 1200
    return np.where(lifted, since + 600 + (room * rng.uniform(0.02, 0.95, size)).astype(np.int64), NEVER)


def _blocked_again(rng: Generator, wiki: Wiki, ended: Spells) -> tuple[Numbers, Seconds]:
    """Chains that go on, and when: within 30 days by the wiki's share when the block ended, or later by a small one."""
    size = len(ended.chain)
    since = POLICY_SINCE.get(wiki.id)
    before, after = REBLOCKED_WITHIN_30D
    share = np.where(ended.ended_at >= (NEVER if since is None else seconds(since)), after, before)
    soon = rng.random(size) < share
    later = ~soon & (rng.random(size) < REBLOCKED_FROM_30_TO_90_DAYS)
    days = np.where(soon, 0.01 + 29.9 * rng.random(size) ** 1.7, rng.uniform(30.5, 89, size))
    goes_on = (soon | later) & (ended.ended_at < END)
    at = ended.ended_at[goes_on] + (days[goes_on] * DAY).astype(np.int64)
    known = at < END
    return ended.chain[goes_on][known], at[known]
