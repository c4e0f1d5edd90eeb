"""Every parser of the project as a function of bytes, with the samples it is fed first: what `python -m tests.fuzz` fuzzes.

The feeds stand in `upstander.yml` beside this; whoever adds a feed adds it there.
"""

import bz2
import csv
import gzip
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import openpyxl
import zstandard

from data_contracts import load as contracts
from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault, UserFault
from etl import pipeline
from etl.feed import Batch, Delivery, Landed, LandedFile
from etl.formats import opening, unpacking
from etl.warehouse import correct
from etl.warehouse.pseudonym import Pseudonym
from etl.warehouse.quarantine import notes_of_rejects
from etl.warehouse.raw import Loaded, to_arrow
from metrics import catalog
from metrics.semantic.parse import parse

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLES = ROOT / "tests/feeds/samples"
LONGEST_FAULT = 100_000
OTHER_SAMPLES = {"2026-10.en.demo.all-time.tsv": "mediawiki_history.tsv"}
BREAKING = "FUZZ_A_PARSER_THAT_BREAKS"
KEY = Pseudonym(b"a key for tests")
RECEIVED = datetime(2026, 11, 20)


@dataclass(frozen=True)
class Parser:
    """One way into the project. run: what is done with a file of these bytes; it raises nothing but what is a bug."""

    name: str
    seeds: tuple[bytes, ...]
    run: Callable[[bytes], None]


@cache
def parsers() -> Mapping[str, Parser]:
    """Every parser by its name: the feed and its file, or the kind of file that people edit."""
    folder = Path(tempfile.mkdtemp(prefix="fuzzed-", dir=_memory()))
    found = [*_of_feeds(folder), *_of_people(folder), *_of_packings(folder)]
    if BREAKING in os.environ:
        found.append(Parser("broken on purpose", (b"abc",), _break))
    return {one.name: one for one in found}


def _break(content: bytes) -> None:
    """A parser with a bug, to see that bugs are found."""
    if b"\0" in content:
        len(content) // 0


def _memory() -> Path | None:
    """Where files are written fastest: they are written anew some thousand times a second."""
    here = Path("/dev/shm")
    return here if here.is_dir() else None


def _of_feeds(folder: Path) -> Iterator[Parser]:
    for name, chosen in pipeline.settings(HERE).chosen().items():
        feed = pipeline.feed(name)
        for delivery in feed.deliveries(chosen):
            if delivery.files[-1].endswith(".xlsx"):
                yield from _of_workbook(folder, delivery)
            elif delivery.together:
                for place, file in enumerate(delivery.files):
                    yield _parser(folder, delivery, place, sample(file))
            else:
                for file in delivery.files:
                    yield _parser(folder, replace(delivery, files=(file,)), 0, sample(file))
        asking = pipeline.fetching(name)
        for download in asking.downloads(chosen) if asking else ():
            delivery = Delivery(name, (download.series,), download.told)
            yield _parser(folder, delivery, 0, piece(name, download.series))


def _of_workbook(folder: Path, delivery: Delivery) -> Iterator[Parser]:
    """A workbook as it is, and the parts of its archive."""
    place = len(delivery.files) - 1
    yield _parser(folder, delivery, place, _workbook())
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
        with zipfile.ZipFile(io.BytesIO(_workbook())) as archive:
            seed = archive.read(name)
        whole = _parser(folder, delivery, place, _workbook())
        yield Parser(f"{whole.name}/{name}", (seed,), partial(_read_part, whole, name))


def _read_part(whole: Parser, name: str, content: bytes) -> None:
    whole.run(_with_part(_workbook(), name, content))


def _parser(folder: Path, delivery: Delivery, place: int, seed: bytes) -> Parser:
    """The parser of one file of a delivery; the others are their samples."""
    name = f"{delivery.feed}/{delivery.files[place]}"
    here = Path(tempfile.mkdtemp(dir=folder))
    paths = [here / Path(file).name for file in delivery.files]
    for path, file in zip(paths, delivery.files, strict=True):
        path.write_bytes(seed if path == paths[place] else sample(file))
    return Parser(name, (seed,), partial(_read, delivery, paths, place))


def _read(delivery: Delivery, paths: list[Path], place: int, content: bytes) -> None:
    """As a build reads it: every row fits its contract, and what is refused can be shown to people."""
    paths[place].write_bytes(content)
    files = tuple(LandedFile(path, path.name, "0" * 64, path.stat().st_size, RECEIVED) for path in paths)
    tables = contracts_of(delivery.feed)
    try:
        for batch in pipeline.feed(delivery.feed).read(Landed(delivery, files)):
            _check(tables, delivery.feed, files, batch)
    except UserFault as fault:
        _check_letter(fault)


def _check(tables: Mapping[str, contracts.Table], feed: str, files: tuple[LandedFile, ...], batch: Batch) -> None:
    to_arrow(tables[batch.table], batch.columns, "0" * 64, KEY)
    notes_of_rejects([Loaded(feed, files[batch.file], 0, batch.rejects)])
    for one in batch.rejects:
        said = f"{one.rule} {one.excerpt}"
        if not said.isprintable():
            raise AssertionError(f"a refusal that cannot be shown: {said!r}")


def _check_letter(fault: UserFault) -> None:
    letter = str(fault)
    letter.encode()
    if not letter.replace("\n", "").isprintable() or len(letter) > LONGEST_FAULT:
        raise AssertionError(f"a fault that cannot be shown: {letter[:2000]!r}")


@cache
def contracts_of(feed: str) -> Mapping[str, contracts.Table]:
    return contracts.of_feed(feed)


def sample(file: str) -> bytes:
    """A file that the settings beside this name."""
    if file.endswith(".xlsx"):
        return _workbook()
    return (SAMPLES / OTHER_SAMPLES.get(file, file)).read_bytes()


@cache
def _workbook() -> bytes:
    """The sample of a spreadsheet as a workbook."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    for number, row in enumerate(csv.reader(io.StringIO(sample("spreadsheet-trainings.csv").decode()))):
        shown = [int(cell) if cell.isdecimal() else cell or None for cell in row]
        book.active.append([datetime.fromisoformat(row[0]) if number else row[0], *shown[1:]])
    book.save(content)
    return content.getvalue()


def _with_part(workbook: bytes, name: str, part: bytes) -> bytes:
    """The workbook with another part of its archive, packed as it should be: what unpacking hides is fuzzed too."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(content, "w") as new:
        for one in old.namelist():
            new.writestr(one, part if one == name else old.read(one))
    return content.getvalue()


def piece(feed: str, series: str) -> bytes:
    """A landed piece of a series, made of the feed's sample."""
    if feed != "mediawiki_stream":
        lines = (SAMPLES / f"{feed}.jsonl").read_bytes()
        kind = series.rsplit("/", 1)[-1].encode()
        kept = [line for line in lines.splitlines(keepends=True) if kind in line]
        return b"".join(kept) or lines
    name = "recentchange" if "recentchange" in series else "blocks"
    text = (SAMPLES / f"{feed}-{name}.sse").read_text(encoding="utf-8")
    told = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    frame = {"asked": {"stream": series}, "at": "2026-11-20T10:05:00Z"}
    return "".join(json.dumps({**frame, "answer": one}) + "\n" for one in told).encode()


def _of_people(folder: Path) -> Iterator[Parser]:
    """Files that people edit, each alone in a folder."""
    definitions = tuple(path.read_bytes() for path in sorted((ROOT / "metrics/definitions").glob("*.yml"))[:4])
    sources = tuple(path.read_bytes() for path in sorted((ROOT / "data_contracts/sources").glob("*.yaml"))[:2])
    correction = (
        b"on: 2026-11-12\nby: data steward\nwhy: A test account reported itself.\nfeed: tickets\ntable: raw_tickets\n"
        b"where: {desk: trust-and-safety, line: [4, 5]}\nset: {queue: other}\nrows: 2\n"
    )
    for name, file, seeds, read in (
        ("upstander.yml", "upstander.yml", ((HERE / "upstander.yml").read_bytes(),), _read_settings),
        ("definition", "definition.yml", definitions, _read_definition),
        ("correction", "corrections/one.yml", (correction,), _read_correction),
        ("contract", "sources/one.odcs.yaml", sources, _read_contract),
    ):
        path = folder / name.replace(".", "-") / file
        path.parent.mkdir(parents=True)
        yield Parser(name, seeds, partial(_read_written, path, read))


def _read_written(path: Path, read: Callable[[Path], object], content: bytes) -> None:
    path.write_bytes(content)
    try:
        read(path)
    except UserFault as fault:
        _check_letter(fault)


def _read_settings(path: Path) -> None:
    for name, chosen in pipeline.settings(path.parent).chosen().items():
        pipeline.feed(name).deliveries(chosen)
        asking = pipeline.fetching(name)
        if asking:
            asking.downloads(chosen)


def _read_definition(path: Path) -> None:
    parse(yaml_file.load(path, DefinitionFault), catalog.marts())


def _read_correction(path: Path) -> None:
    correct.read(path.parents[1], contracts_tables())


def _read_contract(path: Path) -> None:
    contracts.read_contract(path)


@cache
def contracts_tables() -> Mapping[str, contracts.Table]:
    return contracts.tables("sources")


def _of_packings(folder: Path) -> Iterator[Parser]:
    """Packed files, whatever is in them."""
    plain = (SAMPLES / "tickets.csv").read_bytes()
    seeds = (gzip.compress(plain, mtime=0), bz2.compress(plain), zstandard.compress(plain))
    for name, read in (("packed", opening.pieces), ("packed by bzip2", unpacking.pieces)):
        path = folder / name.replace(" ", "-")
        yield Parser(name, seeds if name == "packed" else seeds[1:2], partial(_unpack, path, read))


def _unpack(path: Path, read: Callable[[LandedFile], Iterator[tuple[bytes, int]]], content: bytes) -> None:
    path.write_bytes(content)
    try:
        for _ in read(LandedFile(path, path.name, "0" * 64, len(content), RECEIVED)):
            pass
    except UserFault as fault:
        _check_letter(fault)
