"""Reads one dump in a process of its own and prints its rows and the megabytes that it took at most."""

import sys
from pathlib import Path

from etl.formats import unpacking
from etl.sources import mediawiki_history as feed
from tests.delivered import landed
from tests.feeds.logging_memory import peak_megabytes
from tests.history_dump import delivery

if __name__ == "__main__":
    if sys.argv[2] != "lbzip2":
        unpacking.shutil.which = lambda name: None
    given = landed(delivery(), Path(sys.argv[1]))
    rows = sum(len(batch.columns["line"]) for batch in feed.read(given) if batch.table == feed.EVENTS)
    sys.stdout.write(f"{rows} {peak_megabytes()}")
