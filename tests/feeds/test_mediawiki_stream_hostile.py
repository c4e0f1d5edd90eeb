"""Pieces of streams that nobody would send: rows, refusals or a fault, and never anything else."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.faults import FeedFault
from etl.feed import Batch
from etl.formats.stream_events import BLOCKS_CHANGE, RECENT_CHANGE
from etl.sources import mediawiki_stream
from tests.delivered import drained, rejects_of, rows_of
from tests.feeds.streamed import CHANGES, FULL, LOG, change, log_event, piece, sent

CHANGED = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 60), st.binary(max_size=8) | st.sampled_from([b"\0", b"[" * 5000, b"\n"])),
    min_size=1,
    max_size=5,
)  # fmt: skip


@given(changes=CHANGED, stream=st.sampled_from([RECENT_CHANGE, BLOCKS_CHANGE]))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_bytes_are_there_are_rows_refusals_or_a_fault(
    tmp_path: Path, changes: Sequence[tuple[int, int, bytes]], stream: str
) -> None:
    one = piece(tmp_path, *sent("recentchange" if stream == RECENT_CHANGE else "blocks"), stream=stream)
    content = one.files[0].path.read_bytes()
    for at, size, new in changes:
        at %= len(content) + 1
        content = content[:at] + new + content[at + size :]
    one.files[0].path.write_bytes(content)
    batches, fault = drained(mediawiki_stream.read(one))
    assert all(isinstance(batch, Batch) for batch in batches)
    assert fault is None or isinstance(fault, FeedFault)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["duration", "blocks", "name", "x"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
NAMES = (
    "log_params",
    "title",
    "user",
    "comment",
    "timestamp",
    "log_id",
    "log_type",
    "log_action",
    "meta",
    "wiki",
    "type",
)


@given(values=st.dictionaries(st.sampled_from(NAMES), ODD, min_size=1))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_log_events_with_any_values_are_rows_or_refusals(tmp_path: Path, values: Mapping[str, Any]) -> None:
    batches, fault = drained(mediawiki_stream.read(piece(tmp_path, log_event(**values))))
    assert fault is None
    assert len(rows_of(batches, LOG, "log_id")) + len(rejects_of(batches)) <= 1


@given(
    values=st.dictionaries(
        st.sampled_from(["blocks", "prior_state", "meta", "performer", "user_text"]), ODD, min_size=1
    )
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_with_any_values_are_rows_or_refusals(tmp_path: Path, values: Mapping[str, Any]) -> None:
    batches, fault = drained(mediawiki_stream.read(piece(tmp_path, {**change(FULL), **values}, stream=BLOCKS_CHANGE)))
    assert fault is None
    assert len(rows_of(batches, CHANGES, "event_id")) + len(rejects_of(batches)) <= 1
