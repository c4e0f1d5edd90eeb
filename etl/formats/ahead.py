"""Makes values in a thread of their own while earlier ones are being used, in the same order.

It pays where the work is done outside of Python: unpacking, scanning, loading. It knows nothing of the values.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")

_END = object()


def ahead(source: Generator[T, None, None], steps: int = 2) -> Iterator[T]:
    """The values of `source`, of which up to `steps` are made in advance; a fault is raised in its place among them.

    Whoever stops early leaves the thread to end by itself: waiting for it could wait for ever, as a generator that is
    forgotten may be ended at any moment, by any thread.
    """
    making = _Making(source)
    Thread(target=making.run, name="ahead", daemon=True).start()
    try:
        for _ in range(steps):
            making.asked.put(True)
        while (value := making.made.get()) is not _END:
            making.asked.put(True)
            yield value
        if making.fault is not None:
            raise making.fault
    finally:
        making.asked.put(False)


@dataclass
class _Making(Generic[T]):
    """What the thread does: a value for each that is asked for, until there are no more or nobody wants them."""

    source: Generator[T, None, None]
    asked: "SimpleQueue[bool]" = field(default_factory=SimpleQueue)
    made: "SimpleQueue[T]" = field(default_factory=SimpleQueue)
    fault: BaseException | None = None

    def run(self) -> None:
        with self:
            while self.asked.get():
                self.made.put(next(self.source))
        self.source.close()
        self.made.put(_END)  # type: ignore[arg-type]

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> bool:
        self.fault = None if kind is StopIteration else fault
        return True
