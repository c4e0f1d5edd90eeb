"""Who is who in the demo program: accounts as they register, temporary accounts, addresses, and who of them is blocked.

Addresses are only of the ranges that are set aside for documentation: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24
and 2001:db8::/32.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import heappop, heappush

import numpy as np

from etl.demo.arrivals import DAY, END, START, Generator, Seconds, arrivals
from etl.demo.blocks import Kind, Spells
from etl.demo.wikis import Wiki

NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
REST = 100 * DAY  # an address is another person's only when nobody can take it for the first one's again


Chooser = Callable[[int, int], str]  # the target of a chain by its first block and the end of its last one


@dataclass(frozen=True)
class Registrations:
    """New accounts in order of time: those with a name, and temporary ones."""

    at: Seconds
    names: list[str]
    temporary_at: Seconds
    temporary_names: list[str]


def registrations(rng: Generator, wiki: Wiki, spells: Spells) -> Registrations:
    """Everybody who registers; half as many temporary accounts again as are blocked, and those."""
    at = arrivals(rng, wiki.volume.accounts, zone=wiki.volume.zone)
    names = [wiki.account(wiki.volume.editors + number) for number in range(len(at))]
    blocked = len(np.unique(spells.chain[spells.kind == Kind.TEMPORARY]))
    begin = max(wiki.temporary_accounts_from, START)
    pace = 1.5 * blocked * (END - START) / max(END - begin, DAY)
    temporary_at = arrivals(rng, pace, begin - begin % DAY, zone=wiki.volume.zone)
    return Registrations(at, names, temporary_at, list(_temporary_names(rng, temporary_at)))


def _temporary_names(rng: Generator, at: Seconds) -> Iterator[str]:
    """~2026-12345-6: the year, then a running number in groups of five digits."""
    year, number = 0, 0
    for moment, step in zip(at.tolist(), rng.integers(1, 40, len(at)).tolist(), strict=True):
        now = datetime.fromtimestamp(moment, UTC).year
        year, number = (now, number + step) if now == year else (now, 200 + step)
        digits = str(number)
        yield "-".join([f"~{now}", *(digits[place : place + 5] for place in range(0, len(digits), 5))])


def name_targets(rng: Generator, wiki: Wiki, spells: Spells, known: Registrations) -> list[str]:
    """The target of each block, the same for all blocks of a chain."""
    first = np.unique(spells.chain, return_index=True)[1]
    counts = np.diff(np.append(first, len(spells.chain)))
    ended_at = np.minimum(spells.ended_at[first + counts - 1], END)
    choose: dict[int, Chooser] = {
        Kind.ACCOUNT: _newest(known.at, known.names, lambda number: wiki.account(wiki.volume.editors - number)),
        Kind.TEMPORARY: _newest(known.temporary_at, known.temporary_names, lambda number: f"~2025-{number}"),
        Kind.ADDRESS: _addresses(rng),
        Kind.RANGE: _ranges(rng),
    }
    names = [""] * len(first)
    for place in np.argsort(spells.set_at[first], kind="stable").tolist():
        begin, end = int(spells.set_at[first[place]]), int(ended_at[place])
        names[place] = choose[int(spells.kind[first[place]])](begin, end)
    return [name for name, count in zip(names, counts.tolist(), strict=True) for _ in range(count)]


def _newest(at: Seconds, names: list[str], earlier: Callable[[int], str]) -> Chooser:
    """Who registered last and was not chosen yet; where nobody is left, one of those there earlier, numbered from 1."""
    free: list[str] = []
    arrived, old = 0, 0

    def choose(begin: int, end: int) -> str:
        nonlocal arrived, old
        while arrived < len(at) and at[arrived] < begin:
            free.append(names[arrived])
            arrived += 1
        if free:
            return free.pop()
        old += 1
        return earlier(old)

    return choose


def _addresses(rng: Generator) -> Chooser:
    """Single addresses: half of them IPv4 where one is free, else IPv6, of which there are enough for everybody."""
    singles = [f"{network}.{host}" for network in NETWORKS for host in range(1, 255)]
    return _reused(rng, singles, 0.5, lambda a, b: f"2001:DB8:{a:X}:{b:X}:0:0:0:{(a ^ b) % 251 + 1:X}")


def _ranges(rng: Generator) -> Chooser:
    """Ranges: of IPv4 from /24 to /28 where one is free, else of IPv6."""
    ranges = [
        f"{network}.{host}/{bits}"
        for network in NETWORKS
        for bits in range(24, 29)
        for host in range(0, 256, 2 ** (32 - bits))
    ]
    return _reused(rng, ranges, 0.2, lambda a, b: f"2001:DB8:{a:X}:{b:X}:0:0:0:0/64")


def _reused(rng: Generator, names: list[str], share: float, other: Callable[[int, int], str]) -> Chooser:
    """By chance one of the names that have rested; else one made of two 16-bit numbers, never the same twice."""
    rested: list[tuple[int, int, str]] = [
        (0, place, names[chosen]) for place, chosen in enumerate(rng.permutation(len(names)).tolist())
    ]
    made = 0

    def choose(begin: int, end: int) -> str:
        nonlocal made
        if rng.random() < share and rested[0][0] <= begin:
            _, place, name = heappop(rested)
            heappush(rested, (end + REST, place, name))
            return name
        made += 1
        return other(*divmod(made * 2_654_435_761 % 2**32, 2**16))  # odd, so no two of 2**32 are alike

    return choose
