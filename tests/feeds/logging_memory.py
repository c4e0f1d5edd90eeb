"""Reads one dump in a process of its own and prints its rows and the megabytes that it took at most."""

import resource
import sys
from pathlib import Path

from etl.feed import Landed
from etl.sources import mediawiki_logging as feed
from tests.feeds.logging_reader import landed_file


def peak_megabytes() -> int:
    """What the kernel noted of this program alone; ru_maxrss may be that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) >> 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)


if __name__ == "__main__":
    settings = feed.Settings.model_validate({"wikis": [{"wiki": "demo", "files": ["log"]}]})
    landed = Landed(feed.deliveries(settings)[0], (landed_file(Path(sys.argv[1])),))
    rows = sum(len(batch.columns["line"]) for batch in feed.read(landed) if batch.table == feed.TABLE)
    sys.stdout.write(f"{rows} {peak_megabytes()}")
