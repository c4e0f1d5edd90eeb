"""Where a metric comes from: column by column from its definition over marts and core tables to raw columns and feeds.

It reads the texts of the passes and of the models, and no data. A number rests on values of columns, and on which rows
are there at all; so every table has, beside its columns, a place that stands for its rows.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Final, Literal

from sqlglot import exp

from data_contracts import load
from etl.warehouse import order
from metrics import origins
from metrics.origins import ROWS, Place
from metrics.semantic import plan, sql
from metrics.semantic.model import Mart, Metric

Room = Literal["metric", "mart", "core", "raw", "settings", "feed"]

ROOMS: Final[tuple[Room, ...]] = ("metric", "mart", "core", "raw", "settings", "feed")


@dataclass(frozen=True, order=True)
class Node:
    """A metric, a column of a table, the rows of a table (column ROWS), or a feed. column: "" of metrics and feeds."""

    room: Room
    table: str
    column: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}" if self.column else self.table


@dataclass(frozen=True, order=True)
class Edge:
    """What one node rests on."""

    of: Node
    rests_on: Node


@dataclass(frozen=True)
class Freshness:
    """A feed in a build: when its last file came, the last moment of which it tells, first and last day covered.

    files: how many; 0 and None where the build has nothing of it, or there is no build.
    """

    feed: str
    files: int = 0
    received_at: datetime | None = None
    latest_event_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Lineage:
    """Everything that a metric rests on, split by some dimensions or by none. nodes and edges: sorted.

    freshness: one for each feed, in order of their names.
    """

    metric: str
    split: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    freshness: tuple[Freshness, ...] = ()

    @property
    def feeds(self) -> tuple[str, ...]:
        return tuple(node.table for node in self.nodes if node.room == "feed")

    def tables(self, *rooms: Room) -> tuple[str, ...]:
        """The tables of some rooms, in order of their names."""
        return tuple(sorted({node.table for node in self.nodes if node.room in rooms}))

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table that the metric uses, without its rows."""
        return tuple(node.column for node in self.nodes if node.table == table and node.column not in ("", ROWS))

    def reads(self, table: str) -> tuple[str, ...]:
        """The tables or feeds right behind a table, in order of their names."""
        return tuple(sorted({one.rests_on.table for one in self.edges if one.of.table == table} - {table}))


def lineage(metric: Metric, marts: Mapping[str, Mart], split: tuple[str, ...] = ()) -> Lineage:
    """What the figures of a metric rest on. split: dimensions that they are told by; the others are not in it."""
    start = Node("metric", metric.id)
    edges = {Edge(start, _node(place)) for place in _used(metric, marts, split)}
    waiting, seen = deque(edge.rests_on for edge in edges), {start}
    while waiting:
        node = waiting.popleft()
        if node not in seen:
            seen.add(node)
            behind = _behind(node)
            edges |= {Edge(node, one) for one in behind}
            waiting.extend(behind)
    return Lineage(metric.id, split, tuple(sorted(seen)), tuple(sorted(edges)))


def _behind(node: Node) -> list[Node]:
    """What a node rests on. A column that is alike in all rows, such as NULL of what is not told, rests on them."""
    if node.room == "raw":
        return [Node("feed", feed) for feed in _feeds()[node.table]]
    places = _made_of().get((node.table, node.column), frozenset())
    rows = Node(node.room, node.table, ROWS)
    return [_node(place) for place in places] or [rows] * (node.room in ("mart", "core") and node != rows)


def _used(metric: Metric, marts: Mapping[str, Mart], split: tuple[str, ...]) -> Iterator[Place]:
    """The marts' columns that the passes of the metric read, and their rows; not what a pass makes of them itself."""
    for one in plan.adhoc(metric, marts, split):
        query = sql.parts(one)
        made = {alias.alias for alias in query.find_all(exp.Alias)} - set(one.mart.columns)
        yield one.mart.name, ROWS
        yield from ((one.mart.name, name) for name in {column.name for column in query.find_all(exp.Column)} - made)


def _node(place: Place) -> Node:
    table, column = place
    rooms: Mapping[str, Room] = {"mart": "mart", "core": "core", "raw": "raw", "meta": "settings"}
    return Node(rooms[table.partition("_")[0]], table, column)


@cache
def _feeds() -> Mapping[str, tuple[str, ...]]:
    """Raw table -> the feeds that fill it."""
    return {name: table.feeds for name, table in load.tables("sources").items()}


@cache
def _made_of() -> Mapping[Place, frozenset[Place]]:
    """Of what the columns and rows of every model are made; their texts are read once per process."""
    return origins.origins((model.name, model.sql) for model in order.models())
