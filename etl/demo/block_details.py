"""What the blocks of the demo program say: reason, flags, restricted pages, hidden parts. It writes no log items."""

from dataclasses import dataclass

from etl.demo import log_text
from etl.demo.arrivals import Generator, pick
from etl.demo.blocks import Flags, Kind, Numbers, Performer, Spells
from etl.demo.log_text import Value
from etl.demo.wikis import Wiki

REASONS_OF_PEOPLE = {
    "vandalism": 0.42,
    "harassment": 0.12,
    "spam": 0.12,
    "sockpuppetry": 0.10,
    "edit_warring": 0.06,
    "open_proxy": 0.02,
    "username": 0.05,
    "": 0.07,
}
REASONS_OF_PARTIAL = {"edit_warring": 0.5, "harassment": 0.22, "vandalism": 0.08, "": 0.2}
REASONS_OF_BOT = {"vandalism": 1.0}
REASONS_OF_PROXY_BOT = {"open_proxy": 1.0}
WITHOUT_COMMENT = 0.04

FLAGS = {
    Kind.ACCOUNT: {"nocreate": 0.70, "nocreate,nousertalk": 0.12, "nocreate,noemail": 0.10, "noautoblock": 0.08},
    Kind.TEMPORARY: {"nocreate": 0.90, "nocreate,nousertalk": 0.10},
    Kind.ADDRESS: {"anononly,nocreate": 0.80, "nocreate": 0.15, "anononly": 0.05},
    Kind.RANGE: {"anononly,nocreate": 0.60, "nocreate": 0.40},
}
TALK_NAMESPACES = (1, 3, 5)
ACTIONS = ("create", "move", "upload")


@dataclass(frozen=True)
class Details:
    """Lists in the order of the blocks. restrictions: of each block, should it be partial."""

    comments: list[str]
    flags: list[str]
    restrictions: list[Value]
    is_action_hidden: list[bool]
    is_performer_hidden: list[bool]
    is_comment_hidden: list[bool]
    ends_by_clock: list[bool]


def details(rng: Generator, wiki: Wiki, spells: Spells) -> Details:
    size = len(spells.chain)
    hidden = {
        part: rng.random(size) < share for part, share in (("action", 0.004), ("performer", 0.003), ("comment", 0.006))
    }
    return Details(
        comments=_comments(rng, wiki, spells),
        flags=_flags(rng, spells.kind),
        restrictions=_restrictions(rng, wiki, size),
        is_action_hidden=hidden["action"].tolist(),
        is_performer_hidden=hidden["performer"].tolist(),
        is_comment_hidden=hidden["comment"].tolist(),
        ends_by_clock=(rng.random(size) < 0.015).tolist(),
    )


def _comments(rng: Generator, wiki: Wiki, spells: Spells) -> list[str]:
    comments = [""] * len(spells.chain)
    by_person = spells.performer >= 0
    for reasons, rows in (
        (REASONS_OF_PEOPLE, by_person & ~spells.is_partial),
        (REASONS_OF_PARTIAL, by_person & spells.is_partial),
        (REASONS_OF_BOT, spells.performer == Performer.BOT),
        (REASONS_OF_PROXY_BOT, spells.performer == Performer.PROXY_BOT),
    ):
        texts, shares = [""], [WITHOUT_COMMENT]
        for reason, share in reasons.items():
            known = [log_text.comment(text) for text in wiki.words["reasons"][reason]]
            texts += known
            shares += [share / len(known)] * len(known)
        _fill(comments, rows, [texts[drawn] for drawn in pick(rng, int(rows.sum()), shares).tolist()])
    return comments


def _flags(rng: Generator, kind: Numbers) -> list[str]:
    flags = [""] * len(kind)
    for one, shares in FLAGS.items():
        rows, words = kind == one, list(shares)
        drawn = pick(rng, int(rows.sum()), list(shares.values()))
        _fill(flags, rows, [words[place] for place in drawn.tolist()])
    return flags


def _fill(column: list[str], rows: Flags, values: list[str]) -> None:
    for row, value in zip(rows.nonzero()[0].tolist(), values, strict=True):
        column[row] = value


def _restrictions(rng: Generator, wiki: Wiki, size: int) -> list[Value]:
    """What a block covers should it be partial: mostly one page."""
    prefixes, pages = log_text.prefixes(wiki), wiki.words["pages"]
    shapes = pick(rng, size, [0.60, 0.15, 0.10, 0.05, 0.10]).tolist()
    drawn = rng.integers(0, len(pages), size).tolist()
    return [_restriction(shape, prefixes, pages, page) for shape, page in zip(shapes, drawn, strict=True)]


def _restriction(shape: int, prefixes: dict[int, str], pages: list[str], page: int) -> Value:
    namespaces: Value = [TALK_NAMESPACES[page % 3]]
    match shape:
        case 0:
            return {"pages": [pages[page]]}
        case 1:
            return {"pages": [pages[page], prefixes[1] + pages[page], pages[(page + 1) % len(pages)]]}
        case 2:
            return {"namespaces": namespaces}
        case 3:
            return {"pages": [pages[page]], "namespaces": namespaces}
        case _:
            return {"actions": [ACTIONS[page % 3]]}
