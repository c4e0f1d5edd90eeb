"""Makes the build: lands what feeds have, loads it, runs the models, computes the metrics, checks all, publishes.

It joins the rooms in their one order; what each step means stands in its room.
"""

import hashlib
import importlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import duckdb
import pyarrow as pa
from pydantic import BaseModel
from sqlglot import exp

from data_contracts import load as contracts
from data_contracts.faults import Faults, FeedFault, UserFault
from etl import instance
from etl.feed import Batch, Delivery, Download, Landed, Piece
from etl.instance import Instance
from etl.made_of import ROOT, SOFTWARE, Made, code_digest, rests, says_what_is_now, tables_of
from etl.summary import BuildSummary, summarise
from etl.warehouse import check, correct, happened, kept, match, meta, order, quarantine, raw, store, vintages
from etl.warehouse.build import Draft, drafting, locked, publish, withhold
from etl.warehouse.connect import attach, current
from etl.warehouse.happened import Happened
from etl.warehouse.land import Landing
from etl.warehouse.pseudonym import pseudonym
from etl.web import Web

FEEDS = tuple(sorted(path.stem for path in (ROOT / "etl/sources").glob("[!_]*.py")))
# Whose latest event dates the build, unless it is later than the receipt of its file: of the first group with any.
DATING_FEEDS = (
    ("mediawiki_logging", "mediawiki_api", "mediawiki_stream", "tickets", "zendesk", "znuny", "incident_reports"),
    ("mediawiki_history",),
    ("survey", "quicksurveys"),
    ("appeals", "comment_scores", "events", "phabricator", "spreadsheet", "transparency"),
    ("aqs_editors", "movement_metrics"),
)
PLANNED = ("survey", "quicksurveys")  # whose times are the ends of waves, as settings say them


class Feed(Protocol):
    """The three public names of a module in `etl.sources`."""

    Settings: type[BaseModel]

    def deliveries(self, settings: Any) -> list[Delivery]: ...
    def read(self, landed: Landed) -> Iterator[Batch]: ...


class FetchingFeed(Feed, Protocol):
    """A feed that asks a server."""

    def downloads(self, settings: Any) -> list[Download]: ...
    def fetch(self, download: Download, cursor: Mapping[str, Any] | None, web: Web) -> Iterator[Piece]: ...


class Watcher(Protocol):
    """Whoever watches a build: told of each stage, of bytes and rows of each file, and of waiting for another build."""

    def stage(self, name: str) -> None: ...
    def reading(self, feed: str, file: str, done: int, total: int, rows: int = 0) -> None: ...
    def waiting(self, holder: str) -> None: ...


class Unwatched:
    """Nobody watches."""

    def stage(self, name: str) -> None: ...
    def reading(self, feed: str, file: str, done: int, total: int, rows: int = 0) -> None: ...
    def waiting(self, holder: str) -> None: ...


@dataclass
class _Clock:
    """Seconds of each stage, in their order."""

    watcher: Watcher
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self.watcher.stage(name)
        start = perf_counter()
        yield
        self.seconds[name] = round(perf_counter() - start, 3)


def feed(name: str) -> Feed:
    module: Any = importlib.import_module(f"etl.sources.{name}")
    found: Feed = module
    return found


def fetching(name: str) -> FetchingFeed | None:
    """The feed, if it is one that asks a server."""
    module: Any = feed(name)
    return module if hasattr(module, "downloads") else None


def settings(home: Path) -> Instance:
    """The instance's settings, checked by the feeds they name."""
    return instance.read(home, {name: feed(name).Settings for name in FEEDS})


def fetch(home: Path, *, watcher: Watcher | None = None) -> Mapping[str, int]:
    """Asks every server of the instance for what is new and lands it; how many pieces came, by feed."""
    watcher = watcher or Unwatched()
    program = settings(home)
    with locked(home, watcher.waiting):
        return _fetch(program, Landing(home), watcher)


def build(
    home: Path,
    *,
    force: bool = False,
    offline: bool = False,
    must_match: bool = False,
    watcher: Watcher | None = None,
) -> BuildSummary:
    """Makes and publishes a new build, or leaves the last one where nothing changed that it was made of.

    force: a build even where nothing changed, of which nothing is carried over. offline: no server is asked; what
    landed before counts. must_match: NotReleasable where a value of a metric differs from the build in force.
    Raises FeedFault (or Faults) for feeds that cannot be read and NotReleasable for broken rules; either way what was
    received stays in landing and the last build in force.
    """
    clock = _Clock(watcher or Unwatched())
    program = settings(home)
    with locked(home, clock.watcher.waiting):
        if not offline and any(fetching(name) for name in program.chosen()):
            with clock.stage("fetching"):
                _fetch(program, Landing(home), clock.watcher)
        with clock.stage("landing"):
            made_of = _receive(home, program, clock.watcher)
        last = current(home) or {}
        has_last = (home / str(last.get("file"))).is_file()
        if has_last:
            vintages.keep(home, home / last["file"])
        unchanged = last.get("digest") == made_of.digest and has_last
        if unchanged and not force:
            return summarise(home / last["file"], clock.seconds, is_new=False)
        with drafting(home) as draft, check.Checker() as checker:
            before = home / last["file"] if has_last and not force else None
            as_of = _write(draft, home, made_of, before, checker, clock)
            if must_match and last:
                match.refuse_differences(draft.path, home / last["file"])
                with draft.writing() as connection:
                    meta.store_same(connection, home / last["file"])
            publish(draft, {"digest": made_of.digest, "as_of": as_of.isoformat()})
            vintages.keep(home, draft.final)
        return summarise(draft.final, clock.seconds, is_new=True)


BEFORE = "before"  # the build before, attached to the one that is made


def compute_metrics(
    connection: duckdb.DuckDBPyConnection,
    as_of: datetime,
    memory: kept.Kept = kept.NOTHING,
    before: Path | None = None,
) -> None:
    """Fills the tables of parts, `metric_value`, `meta_calendar` and `meta_metric` from the marts in the connection.

    memory: what is remembered of days whose rows were deleted. before: a build of the same software, of which all that
    did not change is carried over.
    """
    from metrics import catalog
    from metrics.carried import Before
    from metrics.materialise import Known, Remembered, materialise

    def run(query: str, values: Mapping[str, Any]) -> pa.Table:
        named = {name: value for name, value in values.items() if f"${name}" in query}
        found = connection.sql(query, params=named or None)
        return pa.table({}) if found is None else found.to_arrow_table()

    def store(name: str, table: pa.Table) -> None:
        connection.register("_computed", table)
        new = exp.select("*").from_("_computed").ctas(exp.to_identifier(name, quoted=True))
        connection.execute(new.sql("duckdb"))
        connection.unregister("_computed")

    marts, known = catalog.marts(), Known(as_of, *_known(connection, as_of))
    rows_from = kept.rows_from(memory.horizons_at(as_of, tuple(filter(says_what_is_now, FEEDS))), marts)
    remembered = Remembered(rows_from, memory.definitions, memory.parts) if memory.name else None
    if before is None:
        materialise(catalog.definitions(), marts, known, run, store, remembered)
        return
    attach(connection, before, BEFORE)
    ((then,),) = _said(connection, "as_of", "meta_build", BEFORE)
    had_no_rows = {mart for mart, day in _said(connection, "mart, rows_from", "meta_mart", BEFORE) if day}
    last = Before(BEFORE, then, frozenset(had_no_rows - rows_from.keys()), *_known(connection, then, BEFORE))
    materialise(catalog.definitions(), marts, known, run, store, remembered, last)
    connection.execute(exp.Detach(this=exp.to_identifier(BEFORE)).sql("duckdb"))


def _known(connection: duckdb.DuckDBPyConnection, as_of: datetime, build: str | None = None) -> tuple[Any, Any]:
    """The rules of a build's calendar, and what its feeds cover. build: its name where it is attached."""
    from metrics.calendar import Rules
    from metrics.coverage import Delivered, coverage

    ((start, week),) = _said(connection, "fiscal_year_start, week_start", "meta_build", build)
    spans = _said(connection, "feed, wiki, starts_on, ends_on", "meta_coverage", build)
    delivered = _said(connection, "feed, wiki, left_on", "meta_delivered", build)
    return Rules(start, week), coverage(spans, [Delivered(*one) for one in delivered], as_of.date())


def _said(
    connection: duckdb.DuckDBPyConnection, columns: str, table: str, build: str | None = None
) -> list[tuple[Any, ...]]:
    query = exp.select(*columns.split(", ")).from_(exp.table_(table, db=build))
    return connection.execute(query.sql("duckdb")).fetchall()


def _fetch(program: Instance, landing: Landing, watcher: Watcher) -> Mapping[str, int]:
    """Lands what the servers have; the faults of all feeds at once, after all that could be had has landed."""
    counts, faults = dict[str, int](), list[UserFault]()
    with ExitStack() as stack:
        network = program.network
        web = stack.enter_context(Web(network.hosts, network.contact)) if network else None
        for name, chosen in program.chosen().items():
            asking = fetching(name)
            for download in asking.downloads(chosen) if asking else ():
                try:
                    if asking is None or web is None:
                        raise _no_network(name)
                    for piece in asking.fetch(download, landing.cursor(download), web):
                        landing.keep(download, piece)
                        counts[name] = counts.get(name, 0) + 1
                        watcher.reading(name, download.series, len(piece.content), len(piece.content))
                except FeedFault as fault:
                    faults.append(fault)
    _raise(faults)
    return counts


def _no_network(name: str) -> FeedFault:
    return FeedFault(
        f"feeds.{name} in {instance.SETTINGS}",
        "it asks a server, and no server may be asked",
        "network: {hosts: [...], contact: ...}",
        "Name the hosts that may be asked, and whom their people can write to; or build with --offline.",
    )


def _receive(home: Path, program: Instance, watcher: Watcher) -> Made:
    """Lands every file of every feed; the faults of all feeds at once, after all that is there has landed."""
    landing, landed, faults = Landing(home), list[Landed](), list[UserFault]()
    for name, chosen in program.chosen().items():
        asking = fetching(name)
        landed += [one for download in (asking.downloads(chosen) if asking else ()) for one in landing.kept(download)]
        for delivery in feed(name).deliveries(chosen):
            try:
                landed += landing.land(delivery, partial(watcher.reading, name))
            except FeedFault as fault:
                faults.append(fault)
    _raise(faults)
    key, code = pseudonym(home), code_digest()
    corrections = correct.read(home, contracts.tables("sources"))
    files = [(one.delivery.feed, file.names, file.sha256) for one in landed for file in one.files]
    changed = [one.sha256 for one in corrections]
    memory = kept.read(home)
    said = json.dumps([program.model_dump_json(), files, changed, memory.name, code, key.fingerprint])
    digest = hashlib.sha256(said.encode()).hexdigest()
    return Made(program, tuple(landed), corrections, memory, key, digest, code[:12])


def _write(
    draft: Draft, home: Path, made_of: Made, before: Path | None, checker: check.Checker, clock: _Clock
) -> datetime:
    """Fills and checks the draft; NotReleasable where it breaks a rule of severity error.

    before: the build from which all that did not change may be carried over, if the same software made it.
    """
    with clock.stage("reading"):
        stores = _read(home, made_of, clock.watcher)
    with draft.writing() as connection:
        with clock.stage("models"):
            loaded = _attach(connection, stores, made_of.memory.horizons)
            tables = [table for name in made_of.program.chosen() for table in tables_of(name).values()]
            found = happened.happened(connection, tables, made_of.last_days())
            as_of = made_of.program.as_of or _as_of(found, made_of.memory)
            noted = _describe(connection, draft, made_of, loaded, found, as_of)
            order.run_models(connection, as_of, order.models())
            _detach(connection, stores)
        with clock.stage("metrics"):
            inputs = made_of.inputs(as_of)
            is_same = vintages.last_inputs(home).get(SOFTWARE) == inputs[SOFTWARE]
            compute_metrics(connection, as_of, made_of.memory, before if is_same else None)
            vintages.remember(connection, home, draft.build_id, as_of, inputs, rests)
            noted.append(vintages.unexplained(connection, draft.build_id))
    with clock.stage("checks"):
        promised = {**contracts.tables("core"), **contracts.tables("marts")}
        checks = [*noted, *check.check_build(draft.path, promised, checker)]
    with draft.writing() as connection:
        check.store(connection, checks)
    broken = check.broken_errors(checks)
    if broken:
        raise check.refusal(broken, withhold(draft))
    return as_of


def _read(home: Path, made_of: Made, watcher: Watcher) -> Mapping[str, Path]:
    """The store of each feed, with what is new read; the faults of all feeds at once."""
    stores, faults = dict[str, Path](), list[UserFault]()
    for name in made_of.program.chosen():
        try:
            stores[name] = store.update(home, made_of.wanted(name), feed(name).read, partial(watcher.reading, name))
        except FeedFault as fault:
            faults.append(fault)
        except Faults as several:
            faults.extend(several.faults)
    _raise(faults)
    return stores


def _attach(
    connection: duckdb.DuckDBPyConnection, stores: Mapping[str, Path], horizons: Mapping[str, date]
) -> tuple[raw.Loaded, ...]:
    """Every raw table of every contract: those of the program's feeds from their stores, the others empty."""
    quarantine.create_quarantine(connection)
    loaded = list[raw.Loaded]()
    for name in FEEDS:
        if name in stores:
            store.attach(connection, stores[name], name, tables_of(name), horizons.get(name))
            loaded += store.loaded(connection, name)
        else:
            for table in tables_of(name).values():
                raw.create_raw(connection, table)
    return tuple(loaded)


def _detach(connection: duckdb.DuckDBPyConnection, stores: Mapping[str, Path]) -> None:
    """No raw row stays in a build."""
    for name in FEEDS:
        if name in stores:
            store.detach(connection, name, tables_of(name))
        else:
            for table in tables_of(name).values():
                raw.drop_raw(connection, table)


def _describe(
    connection: duckdb.DuckDBPyConnection,
    draft: Draft,
    made_of: Made,
    loaded: Sequence[raw.Loaded],
    found: Sequence[Happened],
    as_of: datetime,
) -> list[check.Check]:
    """What the build says of itself, and what raw tables warn of."""
    of_feeds = {name: tuple(tables_of(name).values()) for name in made_of.program.chosen()}
    meta.store_program(connection, made_of.program, meta.Identity(draft.build_id, as_of, made_of.digest, made_of.code))
    meta.store_feeds(connection, loaded, found)
    meta.store_coverage(connection, of_feeds, as_of, made_of.memory.coverage, made_of.program.left())
    dated = [one for one in found if one.table.contract not in PLANNED]
    warned = [meta.undescribed_wikis(connection), *happened.warnings(dated)]
    for tables in of_feeds.values():
        for table in tables:
            warned += check.rules_of(connection, table, {}, only="warning")
    return warned


def _as_of(found: Sequence[Happened], memory: kept.Kept) -> datetime:
    for feeds in DATING_FEEDS:
        remembered = [datetime.combine(last, time.min) for feed, _, _, last in memory.coverage if feed in feeds]
        latest = happened.latest(one for one in found if one.table.contract in feeds)
        latest = max([*remembered, latest or datetime.min])
        if latest > datetime.min:
            return meta.midnight_after(latest)
    raise FeedFault(
        instance.SETTINGS,
        "no feed says when anything happened before its files came in, so nobody can tell what is known until when",
        "as_of, a day such as 2026-11-19",
        "Write as_of in upstander.yml, or set this machine's clock and land the files again.",
    )


def _raise(faults: Sequence[UserFault]) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise Faults(faults)
