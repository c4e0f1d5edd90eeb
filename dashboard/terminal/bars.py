"""Shows a build as it goes: a bar of bytes and rows per feed, on a terminal only.

It touches nothing but the terminal's error stream, so that what programs read stays clean.
"""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Bars:
    """Watches a build. Where the error stream is no terminal it says only whom it waits for."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        rows = TextColumn("{task.fields[rows]:>12,} rows")
        name, bar = TextColumn("{task.description:<18}"), BarColumn()
        self._progress = Progress(
            name, bar, DownloadColumn(), rows, TimeElapsedColumn(),
            console=self._console, disable=not self._console.is_terminal,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}
        self._files: dict[tuple[str, str], tuple[int, int, int]] = {}

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._progress.stop()

    def stage(self, name: str) -> None:
        """A new stage: what was counted belongs to the one before."""
        self._files.clear()
        self._tasks.clear()
        if not self._progress.disable:
            self._console.print(name)

    def reading(self, feed: str, file: str, done: int, total: int, rows: int = 0) -> None:
        """Bytes and rows of one file; the bar of its feed shows the sum of its files so far."""
        self._files[(feed, file)] = (done, total, rows)
        so_far = [at for (name, _), at in self._files.items() if name == feed]
        sums = [sum(column) for column in zip(*so_far, strict=True)]
        if feed not in self._tasks:
            self._tasks[feed] = self._progress.add_task(feed, rows=0)
        self._progress.update(self._tasks[feed], completed=sums[0], total=sums[1], rows=sums[2])

    def waiting(self, holder: str) -> None:
        self._console.print(f"Another build is under way ({holder}); this one waits for it.")
