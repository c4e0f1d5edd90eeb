"""Files spoilt on purpose: whatever comes, a feed hands over rows, refusals or one fault that a person can mend."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from hypothesis import strategies as st

from data_contracts import load
from data_contracts.faults import Faults, FeedFault
from etl.feed import Delivery
from etl.warehouse.pseudonym import Pseudonym
from etl.warehouse.raw import to_arrow
from tests.delivered import drained, landed

BAD = (
    b"\0", b"\xff\xfe", b"\xc3", b'"', b"\n", b"\r", b",", b";", b"\t", b"=cmd|' /C calc'!A0", b"-", b"1e999", b"NaN",
    b"9" * 400, b"9" * 5_000, b"x" * 1_100_000, b"[" * 3_000, b'{"a":' * 3_000, b"2026-02-30", b"99999999999999", b"\xe2\x80\xa8",
)  # fmt: skip


def mutations(sample: bytes) -> st.SearchStrategy[bytes]:
    """The sample with one to three places cut out, cut off, doubled or filled with what no file should hold."""
    place = st.integers(0, len(sample))
    change = st.tuples(st.sampled_from(("cut", "end", "double", "put", "swap")), place, place, st.sampled_from(BAD))
    return st.lists(change, min_size=1, max_size=3).map(lambda changes: changed(sample, changes))


def read_all(feed: ModuleType, delivery: Delivery, path: Path, content: bytes, *others: Path) -> None:
    """Reads it as the build does. others: files that are read together with it, before it.

    Anything but a fault of the feed, and any column that does not fit its contract, fails the test.
    """
    path.write_bytes(content)
    batches, fault = drained(feed.read(landed(delivery, *others, path)))
    assert isinstance(fault, FeedFault | Faults | None)
    tables = load.of_feed(delivery.feed)
    for batch in batches:
        to_arrow(tables[batch.table], batch.columns, "0" * 64, Pseudonym(b"a key for tests"))


def changed(sample: bytes, changes: Sequence[tuple[str, int, int, bytes]]) -> bytes:
    found = sample
    for kind, one, other, bad in changes:
        start, end = sorted((min(one, len(found)), min(other, len(found))))
        match kind:
            case "cut":
                found = found[:start] + found[end:]
            case "end":
                found = found[:start]
            case "double":
                found = found[:end] + found[start:]
            case "put":
                found = found[:start] + bad + found[start:]
            case "swap":
                found = found[:start] + bad + found[start + len(bad) :]
    return found
