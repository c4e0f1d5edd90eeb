"""Of which days something is known: by feed, by mart, and wiki by wiki where it is delivered so.

It touches nothing: what a build says of its feeds comes in. What a period's state is made of it says `evaluate`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

Span = tuple[date, date]
Row = tuple[str, str | None, date, date]  # feed, wiki or None for the whole feed, first and last day

DAY = timedelta(days=1)
NEVER: Span = (date.max, date.min)  # of days of which nothing is known
QUIET = timedelta(days=14)  # who is silent for so long before others or the build end is quiet, not missing


@dataclass(frozen=True)
class Delivered:
    """A wiki of a feed whose deliveries themselves say of which days they tell.

    left_on: the last day of the wiki in the program, so that of later days nothing more is to come; None: it goes on.
    """

    feed: str
    wiki: str
    left_on: date | None = None


@dataclass(frozen=True)
class Coverage:
    """Of which days something is known: first and last, over all and by member of a dimension such as wiki.

    ends: the last day of each member that is delivered by itself and of which more is to come: what is told of all
    members together is whole until the first of these days. left: members that were there once, and are not any more.
    """

    whole: Span
    members: Mapping[str, Span] = field(default_factory=dict)
    ends: Mapping[str, date] = field(default_factory=dict)
    left: frozenset[str] = frozenset()

    def of(self, group: Collection[str]) -> Span:
        return next((self.members[name] for name in group if name in self.members), self.whole)

    def takes_in_all(self, group: Collection[str]) -> bool:
        """Whether a group is of all members together, however it is split by other dimensions."""
        return not any(name in self.members for name in group)

    def whole_until(self, group: Collection[str]) -> date:
        """The last day until which all is known that a group takes in."""
        return self._first_end if self.takes_in_all(group) else self.of(group)[1]

    @cached_property
    def _first_end(self) -> date:
        return min([self.whole[1], *self.ends.values()])

    @property
    def awaited(self) -> Mapping[str, date]:
        """The members of which less is known than of others, with the last day of each."""
        return {name: end for name, end in sorted(self.ends.items()) if end < self.whole[1]}


def coverage(rows: Iterable[Row], delivered: Iterable[Delivered], as_of: date) -> Mapping[str, Coverage]:
    """Feed -> Coverage.

    rows: the days on which something happened, and those of which deliveries say that they tell. as_of: the first day
    of which nothing is known. Where deliveries say nothing, a short silence is taken for quiet, and a long one for the
    end: of a wiki beside others, and of a whole feed beside the build. What is delivered ends where it says.
    """
    whole: dict[str, Span] = {}
    members: dict[str, dict[str, Span]] = {}
    for feed, wiki, first, last in rows:
        if wiki is not None:
            members.setdefault(feed, {})[wiki] = (first, last)
        known = whole.get(feed, (first, last))
        whole[feed] = (min(known[0], first), max(known[1], last))
    told: dict[str, list[Delivered]] = {}
    for one in delivered:
        told.setdefault(one.feed, []).append(one)
    return {
        feed: _delivered(Coverage(span, members.get(feed, {})), told[feed], as_of) if feed in told
        else _quiet_filled(Coverage(span, members.get(feed, {})), as_of)
        for feed, span in whole.items()
    }  # fmt: skip


def merged(several: Sequence[Coverage]) -> Coverage:
    """What any of several feeds covers that tell of the same things."""
    members: dict[str, Span] = {}
    for one in several:
        for name, (first, last) in one.members.items():
            known = members.get(name, (first, last))
            members[name] = (min(known[0], first), max(known[1], last))
    spans = [one.whole for one in several]
    whole = (min(first for first, _ in spans), max(last for _, last in spans))
    # Of a member that a feed knows only by what happened, nobody can say that something is missing.
    ends = {
        name: last
        for name, (_, last) in members.items()
        if all(name in one.ends for one in several if name in one.members)
    }
    return Coverage(whole, members, ends, frozenset().union(*(one.left for one in several)))


def common(several: Sequence[Coverage]) -> Coverage:
    """What all of several marts cover: a rate is known of days of which both its sides are."""
    return _of_all(several, _shared, min)


def reach(several: Sequence[Coverage]) -> Coverage:
    """From the first to the last day that any of several marts covers."""
    return _of_all(several, lambda spans: (min(first for first, _ in spans), max(last for _, last in spans)), max)


def shared_members(several: Sequence[Coverage]) -> frozenset[str]:
    """The members of which all of several marts tell, as far as they tell of any, and that are still there.

    Who left is in none of the periods: else the figures of before and after would be of different members.
    """
    told = [frozenset(one.members) for one in several if one.members]
    here = frozenset[str]().union(*told).intersection(*told)
    return here if len(several) == 1 else here.difference(*(one.left for one in several))


def from_day(one: Coverage, first: date) -> Coverage:
    """The coverage where nothing is known before the day."""
    members = {name: (max(first, a), z) for name, (a, z) in one.members.items()}
    return replace(one, whole=(max(first, one.whole[0]), one.whole[1]), members=members)


def narrowed(one: Coverage, members: Collection[str]) -> Coverage:
    """The coverage of a question about some members only."""
    return replace(one, whole=one.of(members), ends=one.ends if one.takes_in_all(members) else {})


def _of_all(
    several: Sequence[Coverage], join: Callable[[Sequence[Span]], Span], pick: Callable[[Iterable[date]], date]
) -> Coverage:
    members = {name: join([one.of((name,)) for one in several]) for one in several for name in one.members}
    awaited = shared_members(several).intersection(name for one in several for name in one.ends)
    ends = {name: pick(one.ends.get(name, one.whole[1]) for one in several) for name in awaited}
    left = frozenset[str]().union(*(one.left for one in several))
    return Coverage(join([one.whole for one in several]), members, ends, left)


def _shared(spans: Sequence[Span]) -> Span:
    first, last = max(first for first, _ in spans), min(last for _, last in spans)
    return (first, last) if first <= last else NEVER


def _delivered(one: Coverage, told: Iterable[Delivered], as_of: date) -> Coverage:
    """A feed whose deliveries say to which day they tell. Who left is awaited until what is there reaches that day."""
    known = {wiki.wiki: wiki.left_on for wiki in told if wiki.wiki in one.members}
    ends = {
        name: one.members[name][1]
        for name, left_on in known.items()
        if left_on is None or one.members[name][1] < left_on
    }
    left = frozenset(name for name, left_on in known.items() if left_on is not None and left_on < as_of)
    return replace(one, ends=ends, left=left)


def _quiet_filled(one: Coverage, as_of: date) -> Coverage:
    """A feed that is known by what happened, with the days on which it was only quiet."""
    last = one.whole[1]
    members = {name: (a, last if last - z <= QUIET else z) for name, (a, z) in one.members.items()}

    def until_now(span: Span) -> Span:
        return (span[0], as_of - DAY) if DAY < as_of - span[1] <= QUIET + DAY else span

    return Coverage(until_now(one.whole), {name: until_now(span) for name, span in members.items()})
