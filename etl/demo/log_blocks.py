"""The block log of a demo wiki: one item per block, change and unblock, in every form that its parameters have had.

It draws no blocks (blocks.py) and knows nothing of the other logs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime

import numpy as np

from etl.demo import log_text
from etl.demo.arrivals import END, Generator, arrivals, few_do_most, pick, seconds
from etl.demo.block_details import Details, details
from etl.demo.blocks import Change, Performer, Spells
from etl.demo.durations import DURATIONS, INFINITE
from etl.demo.log_text import Value, action, comment, contributor, params, php, title
from etl.demo.planted import CUT_LOG_PARAMETERS
from etl.demo.wikis import Wiki

Item = tuple[int, str]  # when, and the log item after its timestamp

BOTS = {"en.demo": ("ShieldBot", 90_001), "ru.demo": ("ЩитBot", 90_001)}
PROXY_BOT_NUMBER = 90_002
OLD_FORM_UNTIL = {"en.demo": seconds(date(2024, 11, 15))}  # parameters in lines, not yet serialised
EMPTY_FORM_UNTIL = {"en.demo": seconds(date(2024, 10, 15))}  # before that, nothing where a block never ends
BLOCK_NUMBERS_SINCE = seconds(date(2025, 7, 15))  # MediaWiki 1.44
CUT_SINCE = {"ru.demo": seconds(date(2025, 3, 1))}
SECOND_BLOCKS = 500_000  # numbers of blocks set while another one was in force
SUPPRESSED_PER_BLOCK = 1 / 500


@dataclass(frozen=True, slots=True)
class _Block:
    """What one item of the block log says of the block. restrictions: None where it covers the whole wiki."""

    at: int
    duration: str
    flags: str
    restrictions: Value
    number: int
    count: int = 1


@dataclass(frozen=True)
class _Columns:
    """Spells as lists, which are faster than arrays to read one by one."""

    told: Details
    set_at: list[int]
    duration: list[int]
    term_at: list[int]
    is_partial: list[bool]
    change: list[int]
    changed_at: list[int]
    changed_duration: list[int]
    unblocked_at: list[int]


def block_items(rng: Generator, wiki: Wiki, spells: Spells, targets: list[str]) -> Iterator[Item]:
    """All items of the block log, in no order."""
    blocks = _columns(spells, details(rng, wiki, spells))
    told, user, by = blocks.told, log_text.prefixes(wiki)[2], performers(wiki)
    unblocks = [comment(text) for text in wiki.words["comments"]["unblock"]]
    lifters = pick(rng, len(targets), few_do_most(wiki.volume.admins)).tolist()
    numbers = (np.argsort(np.argsort(spells.set_at, kind="stable")) + 1).tolist()
    cut = _cut(wiki, spells)
    for row, (number, who) in enumerate(zip(numbers, spells.performer.tolist(), strict=True)):
        name, hidden = title(user + targets[row]), told.is_action_hidden[row]
        start = log_text.HIDDEN_CONTRIBUTOR if told.is_performer_hidden[row] else by[who]
        start += log_text.HIDDEN_COMMENT if told.is_comment_hidden[row] else told.comments[row]
        for act, block in _acts(blocks, row, number):
            text = _params(wiki, block)
            said = name + params(text[: len(text) // 2] if row in cut else text)
            yield block.at, start + action("block", act) + (log_text.HIDDEN_ACTION if hidden else said)
        if blocks.unblocked_at[row] < END:
            at = blocks.unblocked_at[row]
            start = by[lifters[row]] + unblocks[number % len(unblocks)] + action("block", "unblock")
            yield at, start + (log_text.HIDDEN_ACTION if hidden else name + params(_unblocked(number, at)))


def _columns(spells: Spells, told: Details) -> _Columns:
    names = (one.name for one in fields(_Columns) if one.name != "told")
    return _Columns(told, **{name: getattr(spells, name).tolist() for name in names})


def performers(wiki: Wiki) -> dict[int, str]:
    """Administrators by number from 0, and the bots."""
    names = {place: contributor(wiki.account(place), place + 1) for place in range(wiki.volume.admins)}
    if wiki.id in BOTS:
        names[Performer.BOT] = contributor(*BOTS[wiki.id])
    if wiki.proxy_bot:
        names[Performer.PROXY_BOT] = contributor(wiki.proxy_bot, PROXY_BOT_NUMBER)
    return names


def _cut(wiki: Wiki, spells: Spells) -> set[int]:
    """Blocks whose parameters are cut off: the first ones after a day that nobody changed."""
    since = CUT_SINCE.get(wiki.id)
    if since is None:
        return set()
    rows = np.flatnonzero((spells.set_at >= since) & (spells.change == Change.NONE) & ~spells.is_partial)
    return set(rows[np.argsort(spells.set_at[rows], kind="stable")][:CUT_LOG_PARAMETERS].tolist())


def _acts(blocks: _Columns, row: int, number: int) -> Iterator[tuple[str, _Block]]:
    """The block, and what it was changed to if that is known yet."""
    told, code, term = blocks.told, blocks.duration[row], blocks.term_at[row]
    flags, restrictions = told.flags[row], told.restrictions[row] if blocks.is_partial[row] else None
    never = code == INFINITE
    text = _clock(term) if told.ends_by_clock[row] and not never else DURATIONS[code].text
    yield "block", _Block(blocks.set_at[row], text, flags, restrictions, number)
    at, change = blocks.changed_at[row], blocks.change[row]
    if change == Change.NONE or at >= END:
        return
    rest = "infinity" if never else _clock(term)
    match change:
        case Change.LONGER:
            yield "reblock", _Block(at, DURATIONS[blocks.changed_duration[row]].text, flags, restrictions, number)
        case Change.SUPERSEDED:
            longer = DURATIONS[blocks.changed_duration[row]].text
            yield "block", _Block(at, longer, flags, restrictions, number + SECOND_BLOCKS, 2)
        case Change.SCOPE:
            other = told.restrictions[row] if restrictions is None else None
            yield "reblock", _Block(at, rest, flags, other, number)
        case _:
            more = ",".join(dict.fromkeys([*flags.split(","), "noemail", "nousertalk"]))
            yield "reblock", _Block(at, rest, more, restrictions, number)


def _unblocked(number: int, at: int) -> str:
    return php({"blockId": number} if at >= BLOCK_NUMBERS_SINCE else [])


def _clock(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _params(wiki: Wiki, block: _Block) -> str:
    if block.restrictions is None and block.at < OLD_FORM_UNTIL.get(wiki.id, 0):
        if block.duration == "infinity":
            return "" if block.at < EMPTY_FORM_UNTIL[wiki.id] else "indefinite"
        return f"{block.duration}\n{block.flags}"
    said: dict[str, Value] = {
        "5::duration": block.duration,
        "6::flags": block.flags,
        "sitewide": block.restrictions is None,
    }
    if block.restrictions is not None:
        said["7::restrictions"] = block.restrictions
    if block.at >= BLOCK_NUMBERS_SINCE:
        said["blockId"] = block.number
        if block.count > 1:
            said["finalTargetCount"] = block.count
    return php(said)


def suppression_items(rng: Generator, wiki: Wiki) -> Iterator[Item]:
    """The few blocks that hide an account's name, and log items that were hidden: they stand in the suppression log."""
    prefixes, why = log_text.prefixes(wiki), comment(wiki.words["comments"]["suppress"][0])
    by = contributor(wiki.account(0), 1)
    said = php({"5::duration": "infinity", "6::flags": "nocreate,noemail,hiddenname", "sitewide": True})
    hidden = php({"4::ids": [7], "5::ofield": 0, "6::nfield": 15})
    for number, at in enumerate(arrivals(rng, wiki.volume.blocked * SUPPRESSED_PER_BLOCK).tolist()):
        name = title(f"{prefixes[2]}{wiki.account(100 + number)}!")
        yield at, by + why + action("suppress", "block") + name + params(said)
        yield at + 60, by + why + action("suppress", "event") + title(f"{prefixes[-1]}Log/block") + params(hidden)
