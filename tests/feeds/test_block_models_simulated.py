"""The block models against a plain simulation: one target at a time, one log item after the other, as a wiki would keep it."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import pyarrow

from tests.block_log import LOG, run_log_models
from tests.tables import raw, rows

BEGIN, AS_OF = datetime(2026, 1, 1), datetime(2026, 3, 1)
COLUMNS = ("log_id", "ended_at", "ended_by", "expires_at", "reblock_count", "was_extended", "was_widened")


@dataclass(frozen=True)
class Item:
    target_key: str
    log_id: int
    occurred_at: datetime
    log_action: str
    expires_at: datetime | None
    is_sitewide: bool
    block_id: int | None
    target_count: int | None


@dataclass
class Spell:
    log_id: int
    block_id: int | None
    expires_at: datetime | None
    is_sitewide: bool
    ended_at: datetime | None = None
    ended_by: str | None = None
    reblock_count: int = 0
    was_extended: bool = False
    was_widened: bool = False

    def end(self, at: datetime, by: str) -> None:
        self.ended_at, self.ended_by = at, by

    def change(self, item: Item) -> None:
        self.reblock_count += 1
        later = item.expires_at is None or (self.expires_at is not None and item.expires_at > self.expires_at)
        self.was_extended |= self.expires_at is not None and later
        self.was_widened |= item.is_sitewide and not self.is_sitewide
        self.expires_at, self.is_sitewide = item.expires_at, item.is_sitewide


def test_spells_are_what_a_wiki_would_have_kept() -> None:
    items = random_log(random.Random(20261121), targets=400)
    connection = duckdb.connect()
    raw(connection, "raw_mediawiki_logging", "", LOG)
    told = [
        {**LOG, **vars(item), "line": 1, "_file": "file", "is_indefinite": item.expires_at is None} for item in items
    ]
    connection.register("told", pyarrow.Table.from_pylist(told))
    connection.execute("INSERT INTO raw_mediawiki_logging BY NAME SELECT * FROM told")
    run_log_models(connection, AS_OF.isoformat())
    expected = [spell for target in sorted({item.target_key for item in items}) for spell in kept(target, items)]
    assert rows(connection, "core_block", *COLUMNS) == sorted(
        (tuple(getattr(spell, column) for column in COLUMNS) for spell in expected), key=lambda row: row[0]
    )
    assert {spell.ended_by for spell in expected} == {"expiry", "unblock", "superseded", None}


def random_log(chance: random.Random, targets: int) -> list[Item]:
    """Items on a coarse clock, so that times coincide; half of the targets have numbered blocks, of which some run side by side."""
    found: list[Item] = []
    for number in range(targets):
        numbered = number % 2 == 1
        hours = sorted(chance.randrange(0, 24 * 50, 6) for _ in range(chance.randrange(1, 12)))
        for hour in hours:
            at = BEGIN + timedelta(hours=hour)
            action = chance.choice(["block", "block", "reblock", "reblock", "unblock"])
            length = chance.choice([None, 6, 24, 24, 120, 24 * 30])
            found.append(
                Item(
                    target_key=f"t{number}",
                    log_id=len(found) + 1,
                    occurred_at=at,
                    log_action=action,
                    expires_at=at + timedelta(hours=length) if length and action != "unblock" else None,
                    is_sitewide=chance.random() < 0.5,
                    block_id=chance.choice([None, 1, 2, 3]) if numbered else None,
                    target_count=chance.choice([None, 2]) if numbered and action == "block" else None,
                )
            )
    return found


def kept(target: str, items: list[Item]) -> list[Spell]:
    own = [item for item in items if item.target_key == target]
    set_here = {item.block_id for item in own if item.log_action == "block"}
    spells: list[Spell] = []
    current: dict[
        int | None, Spell
    ] = {}  # the last spell of each number; None: all that were not set under a number here
    for item in own:
        for spell in spells:
            expire(spell, item.occurred_at)
        number = item.block_id if item.block_id in set_here else None
        running = current.get(number)
        if running is not None and running.ended_at is not None:
            running = None
        if item.log_action == "unblock":
            if running is not None:
                running.end(item.occurred_at, "unblock")
            current.pop(number, None)
        elif item.log_action == "reblock" and running is not None:
            running.change(item)
        else:
            if item.log_action == "block" and item.target_count is None:
                for spell in spells:
                    if spell.ended_at is None:
                        spell.end(item.occurred_at, "superseded")
            current[number] = Spell(item.log_id, number, item.expires_at, item.is_sitewide)
            spells.append(current[number])
    for spell in spells:
        expire(spell, AS_OF - timedelta(seconds=1))
    return spells


def expire(spell: Spell, now: datetime) -> None:
    if spell.ended_at is None and spell.expires_at is not None and spell.expires_at <= now:
        spell.end(spell.expires_at, "expiry")
