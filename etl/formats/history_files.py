"""Which files of a wiki's mediawiki_history dumps count: those of its newest whole snapshot, and of no other.

Each snapshot tells the whole history anew, in one file or in one for each year or month. It looks at names only.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from data_contracts.faults import Faults, FeedFault
from etl.feed import LandedFile, Reject

FEED = "mediawiki_history"
WANTED = "<snapshot>.<wiki>.<bucket>.tsv.bz2, such as 2026-10.enwiki.2026-09.tsv.bz2 (or .tsv, or .tsv.gz)"
FIRST = datetime(2001, 1, 1)
_NAME = re.compile(
    r"(?P<snapshot>20\d\d-(?:0[1-9]|1[0-2]))\.(?P<wiki>.+)\.(?P<bucket>all-time|20\d\d(?:-(?:0[1-9]|1[0-2]))?)"
    r"\.tsv(?:\.bz2|\.gz)?",
    re.ASCII,
)
_KINDS = {8: "all-time", 4: "year", 7: "month"}  # by the length of the bucket's name


@dataclass(frozen=True)
class HistoryFile:
    """One file. index: its place in the delivery. start, end: of the months that it tells of, the end not included."""

    index: int
    file: LandedFile
    snapshot: str
    wiki: str
    bucket: str

    @property
    def kind(self) -> str:
        return _KINDS[len(self.bucket)]

    @property
    def start(self) -> datetime:
        return (
            FIRST if self.kind == "all-time" else _month(self.bucket if self.kind == "month" else f"{self.bucket}-01")
        )

    @property
    def end(self) -> datetime:
        last = {"all-time": self.snapshot, "year": f"{self.bucket}-12", "month": self.bucket}[self.kind]
        return _month_after(min(last, self.snapshot))


@dataclass(frozen=True)
class Choice:
    """The files that count, oldest first; and for each newer snapshot that is not whole a note at one of its files."""

    files: tuple[HistoryFile, ...]
    notes: tuple[tuple[HistoryFile, Reject], ...]


def choose(files: Sequence[LandedFile], wiki: str) -> Choice:
    """The files of the newest whole snapshot.

    Raises FeedFault, or Faults, for names that say nothing or something else, for files that cannot stand beside each
    other, and where no snapshot is whole.
    """
    by_snapshot: dict[str, list[HistoryFile]] = {}
    for one in _named(files, wiki):
        by_snapshot.setdefault(one.snapshot, []).append(one)
    first: dict[str, str] = {}  # by kind
    for one in (one for some in by_snapshot.values() for one in some):
        first[one.kind] = min(one.bucket, first.get(one.kind, one.bucket))
    notes, lacking = list[tuple[HistoryFile, Reject]](), dict[str, tuple[str, ...]]()
    for snapshot in sorted(by_snapshot, reverse=True):
        whole = _without_copies(by_snapshot[snapshot])
        lacking[snapshot] = _missing(whole, first[whole[0].kind])
        if not lacking[snapshot]:
            return Choice(tuple(sorted(whole, key=lambda one: one.bucket)), tuple(notes))
        said = f"missing: {', '.join(lacking[snapshot])}"
        notes.append((whole[0], Reject(1, f"the snapshot {snapshot} of {wiki} has all its files", said)))
    raise _none_is_whole(wiki, lacking)


def _named(files: Sequence[LandedFile], wiki: str) -> list[HistoryFile]:
    faults, found = list[FeedFault](), list[HistoryFile]()
    for index, file in enumerate(files):
        name = file.name.replace("\\", "/").rpartition("/")[2]
        said = _NAME.fullmatch(name)
        if said is None:
            faults.append(FeedFault(file.name, "its name does not say what it holds", WANTED, "Name it as it came."))
            continue
        one = HistoryFile(index, file, said["snapshot"], said["wiki"], said["bucket"])
        if one.wiki != wiki:
            faults.append(_of_another_wiki(one, wiki))
        elif one.kind != "all-time" and one.bucket > one.snapshot[: len(one.bucket)]:
            found_here = f"by its name it tells of {one.bucket}, after its snapshot {one.snapshot}"
            faults.append(FeedFault(file.name, found_here, WANTED, "Name it as it came."))
        else:
            found.append(one)
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return found


def _of_another_wiki(one: HistoryFile, wiki: str) -> FeedFault:
    return FeedFault(
        one.file.name,
        f"by its name it is of the wiki {one.wiki}",
        f"files of {wiki}, as feeds.{FEED} says",
        "Correct files or wiki in upstander.yml.",
    )


def _without_copies(files: Iterable[HistoryFile]) -> list[HistoryFile]:
    """One file for each bucket, all buckets of one kind."""
    kept: dict[str, HistoryFile] = {}
    for one in files:
        other = kept.setdefault(one.bucket, one)
        if other.file.sha256 != one.file.sha256:
            found = f"it is the second file of {one.bucket} in the snapshot {one.snapshot}, unlike {other.file.name}"
            raise FeedFault(one.file.name, found, "one file for each bucket", "Take one of them out.")
    kinds: Mapping[str, HistoryFile] = {one.kind: one for one in kept.values()}
    if len(kinds) > 1:
        named = " and ".join(f"{one.file.name} ({kind})" for kind, one in kinds.items())
        snapshot = next(iter(kinds.values())).snapshot
        found = f"buckets of {len(kinds)} kinds in one snapshot: {named}"
        raise FeedFault(f"feeds.{FEED}, snapshot {snapshot}", found, "buckets of one kind", "Take the others out.")
    return list(kept.values())


def _missing(files: Sequence[HistoryFile], first: str) -> tuple[str, ...]:
    """The buckets that are not there, of those from the first that any snapshot has to the snapshot's own month."""
    kind, snapshot = files[0].kind, files[0].snapshot
    years = [f"{year:04}" for year in range(2001, int(snapshot[:4]) + 1)]
    months = [f"{year}-{month:02}" for year in years for month in range(1, 13)]
    expected = {"all-time": [first], "year": years, "month": months}[kind]
    have = {one.bucket for one in files}
    return tuple(one for one in expected if first <= one <= max(snapshot, first) and one not in have)


def _none_is_whole(wiki: str, lacking: Mapping[str, tuple[str, ...]]) -> FeedFault:
    said = "; ".join(f"{snapshot} lacks {', '.join(missing)}" for snapshot, missing in lacking.items())
    return FeedFault(
        f"feeds.{FEED}, wiki {wiki}",
        f"no snapshot has all its files: {said}",
        "every bucket from the first to the snapshot's own month",
        "Get the missing files, or name the files of an older whole snapshot.",
    )


def _month(name: str) -> datetime:
    return datetime(int(name[:4]), int(name[5:7]), 1)


def _month_after(name: str) -> datetime:
    year, month = divmod(int(name[:4]) * 12 + int(name[5:7]), 12)
    return datetime(year, month + 1, 1)
