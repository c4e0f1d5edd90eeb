"""Reads a mediawiki_history dump into Arrow tables of the columns that are wanted, typed, a piece at a time.

A piece in which all is usual is cut by its bytes; another is read by Arrow; and one that Arrow does not read whole,
line by line, so that only the lines at fault are refused. All three make the same of a line. What stands in other
columns is not looked at. Some megabytes are held, whatever the size of the file.
"""

import re
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject, shape
from etl.formats import opening, unpacking
from etl.formats.history_columns import COLUMNS, FIRST_SNAPSHOTS, PROMISE, nearest
from etl.formats.history_fields import TEXT, Fields, Unusual, framed, unframed

BLOCK = 2 << 20  # what is cut at once then lies in the caches of the processor
LONGEST_LINE = 16 << 20
MOST_REFUSED = 100_000  # lines; beyond that the file is not what it says
LOOKED_AT = 100  # lines that tell how many columns a file has
TYPES: Mapping[str, pa.DataType] = {
    "wiki_db": pa.string(),
    "event_entity": pa.string(),
    "event_type": pa.string(),
    "event_timestamp": pa.timestamp("us"),
    "event_user_text": pa.string(),
    "event_user_groups_historical": pa.string(),
    "event_user_is_bot_by_historical": pa.string(),
    "event_user_is_bot_by": pa.string(),
    "event_user_is_anonymous": pa.bool_(),
    "event_user_is_temporary": pa.bool_(),
    "event_user_is_cross_wiki": pa.bool_(),
    "event_user_registration_timestamp": pa.timestamp("us"),
    "event_user_creation_timestamp": pa.timestamp("us"),
    "event_user_first_edit_timestamp": pa.timestamp("us"),
    "page_namespace_is_content_historical": pa.bool_(),
    "page_namespace_is_content": pa.bool_(),
    "user_text": pa.string(),
    "user_groups_historical": pa.string(),
    "user_is_created_by_self": pa.bool_(),
    "user_is_created_by_system": pa.bool_(),
    "user_is_created_by_peer": pa.bool_(),
    "user_is_anonymous": pa.bool_(),
    "user_is_temporary": pa.bool_(),
    "revision_id": pa.int64(),
    "revision_is_identity_reverted": pa.bool_(),
    "revision_seconds_to_identity_revert": pa.int64(),
    "revision_is_identity_revert": pa.bool_(),
}
CERTAIN: Mapping[pa.DataType, re.Pattern[str]] = {  # what Arrow reads for sure; of all else it is asked
    pa.string(): re.compile(r".*"),
    pa.bool_(): re.compile(r"true|false|"),
    pa.int64(): re.compile(r"(-?[0-9]{1,18})?"),
    pa.timestamp("us"): re.compile(
        r"(20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]) ([01][0-9]|2[0-3])(:[0-5][0-9]){2}\.0)?"
    ),
}


@dataclass(frozen=True)
class Rows:
    """Lines of the file. table: the columns of TYPES, texts as dictionaries, and `line`. done: bytes read so far."""

    table: pa.Table
    rejects: tuple[Reject, ...]
    done: int


def rows(file: LandedFile) -> Generator[Rows, None, None]:
    """The lines in the order of the file.

    Raises FeedFault, after what could be read, for files that are damaged or cut short, have a number of columns that
    nobody knows, or have no line, or too many others, besides those that cannot be read.
    """
    read, refused, reading, block = 0, 0, None, b""
    for block, done in _blocks(file):
        reading = reading or _Reading.of(file, block)
        found = reading.rows(block, read + refused + 1, done)
        read, refused = read + found.table.num_rows, refused + len(found.rejects)
        yield found
        if refused > MOST_REFUSED or not read:
            raise _unreadable(file, found.rejects[-1])
    if not unframed(block).endswith(b"\n") and found.rejects and found.rejects[-1].line == read + refused:
        raise FeedFault(file.name, "it is cut short: its last line has no end", opening.WHOLE, opening.AGAIN)


def _blocks(file: LandedFile) -> Iterator[tuple[bytes, int]]:
    """Whole lines, some megabytes of them at a time, framed; only the last may have no end."""
    gathered, size, done = list[bytes](), 0, 0
    for piece, done in unpacking.pieces(file):
        size += len(piece)
        end = piece.rfind(b"\n") + 1
        if size >= BLOCK and end:
            yield framed((*gathered, memoryview(piece)[:end])), done
            gathered, size = [piece[end:]], len(piece) - end
            continue
        gathered.append(piece)
        if size > LONGEST_LINE:
            found = f"a line of more than {LONGEST_LINE >> 20} MB"
            raise FeedFault(file.name, found, "a mediawiki_history dump", "Put the right file there.")
    if any(gathered):
        yield framed(gathered), done


class _Unreadable(Exception):
    """Why a line cannot be read: the rule it breaks and the redacted excerpt."""

    def __init__(self, rule: str, excerpt: str) -> None:
        super().__init__(rule, excerpt)
        self.rule, self.excerpt = rule, excerpt


@dataclass(frozen=True)
class _Reading:
    """How the lines of one file are read: the names of its columns, and where those stand that are wanted."""

    names: tuple[str, ...]
    places: Mapping[str, int]

    @classmethod
    def of(cls, file: LandedFile, block: bytes) -> "_Reading":
        """By the number of columns that most of the first lines have."""
        first = [line.split(b"\t") for line in unframed(block).split(b"\n", LOOKED_AT)[:LOOKED_AT] if line]
        counts = Counter(len(fields) for fields in first)
        count = max(counts, key=lambda one: (counts[one], one), default=0)
        if count not in COLUMNS:
            raise _unknown_columns(file, next((fields for fields in first if len(fields) == count), []))
        names = COLUMNS[count]
        return cls(names, {name: names.index(name) for name in TYPES if name in names})

    def rows(self, block: bytes, first: int, done: int) -> Rows:
        """The lines of a framed block, of which the first has the number `first`."""
        try:
            table = self._cut(Fields.of(block, len(self.names)))
        except Unusual:
            return self._read(unframed(block), first, done)
        return Rows(_numbered(table, np.arange(first, first + table.num_rows)), (), done)

    def _cut(self, fields: Fields) -> pa.Table:
        columns: dict[str, pa.Array] = {}
        for kind, cut in ((pa.bool_(), fields.flags), (pa.timestamp("us"), fields.times), (pa.int64(), fields.numbers)):
            names = [name for name in self.places if TYPES[name] == kind]
            columns.update(zip(names, cut([self.places[name] for name in names]), strict=True))
        columns.update({name: fields.texts(self.places[name]) for name in self.places if TYPES[name] == pa.string()})
        rows = len(fields.before)
        return pa.table({name: columns.get(name, pa.nulls(rows, TYPES[name])) for name in TYPES})

    def _read(self, block: bytes, first: int, done: int) -> Rows:
        if b"\0" not in block and b"\r" not in block:
            try:
                table = self._table(block)
            except pa.ArrowInvalid:
                return self._line_by_line(block, first, done)
            if not table.column("wiki_db").null_count:  # perhaps an empty line, which Arrow takes for a line of nothing
                return Rows(_numbered(table, np.arange(first, first + table.num_rows)), (), done)
        return self._line_by_line(block, first, done)

    def _table(self, block: bytes) -> pa.Table:
        """The wanted columns; those that this number of columns does not have are empty."""
        table = csv.read_csv(
            pa.BufferReader(block),
            csv.ReadOptions(column_names=self.names, use_threads=False, block_size=len(block) + 1),
            csv.ParseOptions(delimiter="\t", quote_char=False, double_quote=False, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=dict(TYPES),
                include_columns=list(TYPES),
                include_missing_columns=True,
                null_values=[""],
                true_values=["true"],
                false_values=["false"],
                strings_can_be_null=True,
            ),
        )
        texts = {name: table.column(name).dictionary_encode() for name in TYPES if TYPES[name] == pa.string()}
        return pa.table({name: texts.get(name, table.column(name)) for name in TYPES})

    def _line_by_line(self, block: bytes, first: int, done: int) -> Rows:
        kept, numbers, rejects = list[bytes](), list[int](), list[Reject]()
        for number, line in enumerate(block.removesuffix(b"\n").split(b"\n"), start=first):
            try:
                kept.append(self._checked(line.removesuffix(b"\r")))
                numbers.append(number)
            except _Unreadable as why:
                rejects.append(Reject(number, why.rule, why.excerpt))
                if len(rejects) > MOST_REFUSED:
                    break
        table = self._table(b"\n".join(kept) + b"\n") if kept else self._empty()
        return Rows(_numbered(table, numbers), tuple(rejects), done)

    def _empty(self) -> pa.Table:
        return pa.table({name: pa.nulls(0, TEXT if kind == pa.string() else kind) for name, kind in TYPES.items()})

    def _checked(self, line: bytes) -> bytes:
        """The line itself, if Arrow can read it."""
        fields = line.split(b"\t")
        if len(fields) != len(self.names):
            raise _Unreadable(f"a line has {len(self.names)} columns", f"{len(fields)} columns")
        if b"\0" in line or b"\r" in line:
            raise _Unreadable("text has no NUL and no bare carriage return", "one of them")
        doubtful = [name for name, place in self.places.items() if not _is_certain(name, fields[place])]
        if doubtful:
            try:
                self._table(line + b"\n")
            except pa.ArrowInvalid as error:
                raise _why(doubtful, self.places, fields) from error
        return line


def _is_certain(name: str, field: bytes) -> bool:
    try:
        return CERTAIN[TYPES[name]].fullmatch(field.decode()) is not None
    except UnicodeDecodeError:
        return False


def _why(doubtful: Sequence[str], places: Mapping[str, int], fields: Sequence[bytes]) -> _Unreadable:
    name = doubtful[0]
    kind = {pa.string(): "text in UTF-8", pa.bool_(): "true or false", pa.int64(): "a whole number"}
    wanted = kind.get(TYPES[name], "a time such as 2019-01-01 00:00:00.0")
    return _Unreadable(f"{name} is {wanted}", f"{name}: {shape(fields[places[name]].decode('utf-8', 'replace'))}")


def _numbered(table: pa.Table, lines: Sequence[int] | NDArray[np.int64]) -> pa.Table:
    return table.append_column("line", pa.array(lines, pa.int64()))


def _unknown_columns(file: LandedFile, fields: Sequence[bytes]) -> FeedFault:
    """Both lists, so that whoever reads it sees which column is new or gone."""
    near = nearest(len(fields))
    seen = ", ".join(shape(field.decode("utf-8", "replace"), 12) or "-" for field in fields[:200])
    known = ", ".join(f"{count} (since {FIRST_SNAPSHOTS[count]})" for count in sorted(COLUMNS))
    return FeedFault(
        file.name,
        f"its lines have {len(fields)} columns, which look like: {seen}",
        f"{known} columns, as of {PROMISE.source()}; the nearest, {near}, are: {', '.join(COLUMNS[near])}",
        "Take a snapshot of a known form, or teach etl/formats/history_columns.py the new one.",
    )


def _unreadable(file: LandedFile, last: Reject) -> FeedFault:
    column = last.excerpt.partition(":")[0]
    is_retyped = column in TYPES
    return FeedFault(
        f"{file.name}:{last.line}",
        f"line after line cannot be read, at last: {last.rule} ({last.excerpt})",
        f"what becomes {PROMISE.told(('', column))}" if is_retyped else f"a dump as of {PROMISE.source()}",
        "See whether the column is re-typed, or get the file again." if is_retyped else opening.AGAIN,
    )
