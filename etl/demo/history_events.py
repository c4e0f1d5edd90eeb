"""What a demo wiki's history tells: its edits, who came, and who became administrator, each as a line with its time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from etl.demo import history_text as text
from etl.demo.arrivals import DAY, START, Generator, Seconds, stream
from etl.demo.blocks import spells
from etl.demo.history_edits import UNTIL, Edits, edits
from etl.demo.log_traffic import FIRST_NEW_NUMBER, how_made
from etl.demo.targets import Registrations, registrations
from etl.demo.wikis import Wiki

STREAM = 20  # of the wiki's own chance, after those of its log
MADE = ("self", "system", "peer", "peer")  # by whom accounts are made, as `how_made` numbers it
PAGES = 240  # some of them content, some not
TALK, OWN = 3, 4  # the other namespaces: talk pages of people, and the wiki's own pages
Line = tuple[int, str]  # when, and what stands in the dump


@dataclass(frozen=True)
class Past:
    """What happened on a wiki: who registered and how, what was edited, and who was made administrator and no more."""

    wiki: Wiki
    known: Registrations
    made: list[int]
    edits: Edits
    rights: tuple[tuple[int, int, bool], ...]


def past(wiki: Wiki, seed: int) -> Past:
    """Everything, with the accounts that the wiki's log tells of."""
    blocked = spells(stream(seed, wiki.number, 1), wiki)
    known = registrations(stream(seed, wiki.number, 2), wiki, blocked)
    made = how_made(stream(seed, wiki.number, 6), len(known.names))
    rng = stream(seed, wiki.number, STREAM)
    return Past(wiki, known, made, edits(rng, wiki, known), tuple(_rights(rng, wiki)))


def _rights(rng: Generator, wiki: Wiki) -> Iterator[tuple[int, int, bool]]:
    """When, whose, by their place among the people, and whether they are administrator from then on."""
    number = wiki.volume.admins
    for place in range(number):
        yield START + place, place, True
    leaving = rng.choice(np.arange(number // 2, number), number // 4, replace=False).tolist()
    for place, at in zip(leaving, rng.integers(START + 30 * DAY, UNTIL, len(leaving)).tolist(), strict=True):
        yield at, place, False
    for place, at in enumerate(rng.integers(START + 30 * DAY, UNTIL, number // 5).tolist(), start=number):
        yield at, place, True


def lines(told: Past, until: int) -> list[Line]:
    """The history as it was known at that time, in order."""
    found = [*_edits(told, until), *_accounts(told, until), *_changes_of_rights(told, until)]
    return sorted(found, key=lambda one: one[0])


def _edits(told: Past, until: int) -> Iterator[Line]:
    made, wiki = told.edits, told.wiki
    times, who = moments(made.at), made.editor.tolist()
    pages = _pages(wiki)
    page = (np.arange(len(who)) * 7919 % PAGES).tolist()
    after = (made.at[made.reverted_by] - made.at).tolist()
    people = _Performers(told)
    tail = text.part("user_id")
    said = told.wiki.words["comments"]["delete"]
    start = f"{wiki.id}\t\trevision\tcreate\t"
    rows = zip(made.at.tolist(), times, who, made.is_content.tolist(), made.is_revert.tolist(),
               made.reverted_by.tolist(), after, page, strict=True)  # fmt: skip
    for place, (at, moment, editor, is_content, is_revert, by, wait, where) in enumerate(rows):
        if at >= until:
            break
        is_undone = by >= 0 and at + wait < until
        undone = f"true\t{2 * by + 2}\t{wait}" if is_undone else "false\t\t"
        comment = said[place % len(said)] if is_revert else ""
        yield (
            at,
            (
                f"{start}{moment}\t{comment}\t{people.of(editor, at)}\t{pages[is_content][where]}\t{tail}\t"
                f"{2 * place + 2}\t\tfalse\t\tfalse{_MIDDLE}false\t\t{undone}\t{text.FLAG[is_revert]}\tfalse\t\n"
            ),
        )


_REVISION = text.IN_PART["revision_id"]
_MIDDLE = "\t" * (
    _REVISION.index("revision_is_deleted_by_page_deletion") - _REVISION.index("revision_deleted_parts_are_suppressed")
)


class _Performers:
    """The cells that tell of who edits, each written once; of administrators once as such, and once as anybody."""

    def __init__(self, told: Past) -> None:
        self._editors = told.edits.editors
        self._rights: dict[int, list[tuple[int, bool]]] = {}
        for at, place, is_admin in sorted(told.rights):
            self._rights.setdefault(place, []).append((at, is_admin))
        self._written: dict[tuple[int, bool], str] = {}

    def of(self, place: int, at: int) -> str:
        changes = self._rights.get(place, ())
        is_admin = bool(changes) and [is_so for since, is_so in ((0, False), *changes) if since <= at][-1]
        found = self._written.get((place, is_admin))
        if found is None:
            found = self._written[place, is_admin] = text.performer(self._editors[place], is_admin)
        return found


def _pages(wiki: Wiki) -> dict[bool, list[str]]:
    """Pages of content, and talk pages and the wiki's own; one title has a backslash, which nobody escapes."""
    titles = [wiki.words["pages"][number % len(wiki.words["pages"])] for number in range(PAGES)]
    named = [f"{title}_({number})".replace(" ", "_") for number, title in enumerate(titles)]
    named[0] = "C:\\temp"
    return {
        True: [text.page(number + 1, title, 0) for number, title in enumerate(named)],
        False: [
            text.page(number + PAGES + 1, title, TALK if number % 3 else OWN) for number, title in enumerate(named)
        ],
    }


def _accounts(told: Past, until: int) -> Iterator[Line]:
    """New accounts: those with a name, by whom they were made, and temporary ones."""
    known, first = told.known, FIRST_NEW_NUMBER
    start, tail = f"{told.wiki.id}\t\tuser\tcreate\t", _nothing_of("revision_id")
    named = zip(known.at.tolist(), moments(known.at), known.names, told.made, strict=True)
    for number, (at, moment, name, how) in enumerate(named, start=first):
        if at < until:
            whom = text.user(name, number, made_by=MADE[how], registered=moment)
            yield at, f"{start}{moment}\t\t{_NOBODY}\t{whom}\t{tail}"
    temporary = zip(known.temporary_at.tolist(), moments(known.temporary_at), known.temporary_names, strict=True)
    for number, (at, moment, name) in enumerate(temporary, start=5 * first):
        if at < until:
            yield at, f"{start}{moment}\t\t{_NOBODY}\t{text.user(name, number, registered=moment)}\t{tail}"


_NOBODY = f"{text.part('event_user_id')}\t{text.part('page_id')}"


def _changes_of_rights(told: Past, until: int) -> Iterator[Line]:
    tail = _nothing_of("revision_id")
    for at, place, is_admin in told.rights:
        if at < until:
            groups = "autopatrolled,sysop" if is_admin else "autopatrolled"
            whom = text.user(told.wiki.account(place), place + 1, groups=groups)
            yield at, f"{told.wiki.id}\t\tuser\taltergroups\t{text.moment(at)}\t\t{_NOBODY}\t{whom}\t{tail}"


def _nothing_of(part: str) -> str:
    """The rest of a line that has nothing more to say."""
    return text.part(part) + "\n"


def moments(at: Seconds) -> list[str]:
    """Times as the dump writes them."""
    told = np.datetime_as_string(at.astype("datetime64[s]"))
    return [f"{one[:10]} {one[11:]}.0" for one in told.tolist()]
