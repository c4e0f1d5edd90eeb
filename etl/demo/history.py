"""The demo wikis' histories as dumps: feeds/<snapshot>.<wiki>.<bucket>.tsv.bz2, of large wikis a file for each year.

They begin where the demo does, so that whoever was administrator then seems to be made one on the first day. One wiki
has no dump, as happens. Another has two snapshots, of which the older ends a month earlier and knows of fewer reverts.
All dumps but the newer of these were packed again by gzip, which takes a tenth of the time.
"""

import bz2
import gzip
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from etl.demo.arrivals import seconds
from etl.demo.history_edits import UNTIL
from etl.demo.history_events import Line, Past, lines
from etl.demo.planted import EDITS_TOLD_TWICE, FIRST_DAY, HISTORY_UNTIL, STRAY_TABS

FILE = "feeds/{snapshot}.{wiki}.{bucket}.tsv.{packed}"
SNAPSHOTS = {"2026-10": UNTIL, "2026-09": seconds(date(2026, 10, 1))}
TWO_SNAPSHOTS, BY_YEAR = "hi.demo", ("en.demo", "ru.demo")
AS_IT_CAME = "2026-10", "hi.demo"  # by bzip2, as dumps come
BROKEN = "en.demo"  # its last file
PACKING = 6  # of gzip, as of the logs
YEARS = [seconds(date(year, 1, 1)) for year in range(FIRST_DAY.year + 1, HISTORY_UNTIL.year + 1)]


def write_history(home: Path, told: Past) -> None:
    """The files of one wiki."""
    wiki = told.wiki.id
    for snapshot, until in list(SNAPSHOTS.items())[: 1 + (wiki == TWO_SNAPSHOTS)]:
        for bucket, some in _buckets(wiki, lines(told, until)):
            written = list(some)
            if wiki == BROKEN and bucket == str(HISTORY_UNTIL.year):
                written = _broken(written)
            is_repacked = (snapshot, wiki) != AS_IT_CAME
            name = FILE.format(snapshot=snapshot, wiki=wiki, bucket=bucket, packed="gz" if is_repacked else "bz2")
            content = "".join(line for _, line in written).encode()
            (home / name).write_bytes(
                gzip.compress(content, PACKING, mtime=0) if is_repacked else bz2.compress(content)
            )


def _buckets(wiki: str, told: Sequence[Line]) -> Iterator[tuple[str, Iterator[Line]]]:
    if wiki not in BY_YEAR:
        return iter([("all-time", iter(told))])
    return groupby(told, lambda one: str(FIRST_DAY.year + sum(one[0] >= year for year in YEARS)))


def _broken(told: list[Line]) -> list[Line]:
    """Some edits stand there twice, and of some lines a text has a tab that was not escaped."""
    edits = [place for place, (_, line) in enumerate(told[:20_000]) if "\trevision\t" in line]
    for place in edits[10 : 10 + STRAY_TABS]:
        told[place] = (told[place][0], told[place][1].replace("\t\t", "\t \t\t", 1))
    again = {place: told[place] for place in edits[100 : 100 + EDITS_TOLD_TWICE]}
    return [one for place, line in enumerate(told) for one in ([line, line] if place in again else [line])]
