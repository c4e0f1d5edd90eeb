"""What a purge leaves as it was: every closed figure, every receipt, what was known then; and what a new key may change."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_contracts.faults import NotReleasable
from etl import pipeline, purge
from etl.made_of import rests, says_what_is_now, tables_of
from etl.warehouse.connect import Reader, current
from etl.warehouse.pseudonym import FILE, Pseudonym
from metrics import catalog, query
from metrics.answer import Figure, Released
from metrics.receipt import Receipt
from metrics.semantic.model import Grain
from tests.proof.test_purge import HORIZON, SETTINGS, TODAY, built, put, rows  # noqa: F401  built is a fixture

CLOSED = """
    SELECT metric, split, members, grain, starts_on, ends_on, label, round(value, 9), round(low, 9), round(high, 9),
        round(numerator, 9), round(denominator, 9), n
    FROM metric_value WHERE state = 'final' ORDER BY ALL
"""
LOST = (
    "SELECT metric FROM meta_metric JOIN metric_part USING (metric) JOIN meta_mart ON rows_from > day GROUP BY metric"
)
WHOLE = "SELECT DISTINCT cause FROM metric_vintage WHERE cause IS NOT NULL"
OF_REPORTS = ("reports_submitted", "report_submission_share", "report_abandonment_share")
OF_OTHERS = ("contacts_active", "block_recidivism_30d", "first_response_median_hours", "felt_unsafe_share")
Issued = Mapping[str, tuple[Figure, Receipt]]


@pytest.fixture(scope="module")
def demo(demo_build: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The demo program before and after its old rows were deleted."""
    homes = [tmp_path_factory.mktemp(name) / "home" for name in ("before", "after")]
    shutil.copytree(demo_build, homes[0])
    shutil.copytree(homes[0], homes[1])
    assert sum(one.rows for one in purge.purge(homes[1], TODAY)) > 2000
    return homes[0], homes[1]


@pytest.fixture(scope="module")
def issued(demo: tuple[Path, Path]) -> Issued:
    """IDs that the demo's pages may have shown before: of open and closed periods, of totals, split and narrowed."""
    found: dict[str, tuple[Figure, Receipt]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSTANDER_HOME", str(demo[0]))
        for name in (*OF_REPORTS, *OF_OTHERS):
            for answer in questions(name):
                for figure in answer.figures[:: max(1, len(answer.figures) // 3)]:
                    found[answer.receipt(figure)] = figure, query.receipt(answer.receipt(figure))
    return found


def questions(name: str) -> Iterator[Released]:
    metric = query.definitions()[name]
    by: Grain = "month" if "month" in metric.grains else metric.grains[0]
    for grain in dict.fromkeys((metric.grains[0], by, metric.grains[-1])):
        yield query.ask(name, by=grain, audience="program")
    dimension = metric.dimensions[0]
    split = query.ask(name, by=by, split=[dimension], audience="program")
    yield split
    yield query.ask(name, by=by, where={dimension: split.groups()[0][0]}, audience="executive")


def test_a_purge_of_the_demo_changes_no_closed_figure_of_any_metric(demo: tuple[Path, Path]) -> None:
    before, after = (rows(home, CLOSED) for home in demo)
    assert before == after
    assert len(before) > 50_000
    live = {one.id for one in query.definitions().values() if one.status == "live"}
    assert {row[0] for row in before} <= live
    assert set(OF_REPORTS) <= {name for (name,) in rows(demo[1], LOST)}
    assert rows(demo[0], LOST) == []


def test_every_receipt_still_reads_with_all_that_it_said(
    demo: tuple[Path, Path], issued: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo[1]))
    for name, (figure, before) in issued.items():
        now = query.receipt(name)
        assert (now.figure, now.told) == (figure, "same"), name
        assert (now.metric, now.named, now.sql, now.minimum) == (
            before.metric,
            before.named,
            before.sql,
            before.minimum,
        )
        assert (now.lineage.feeds, now.said, now.is_superseded) == (before.lineage.feeds, before.said, False)
        assert {one.feed for one in now.lineage.freshness} == {one.feed for one in before.lineage.freshness}


def test_a_receipt_says_of_which_days_not_all_rows_are_there(
    demo: tuple[Path, Path], issued: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {one.rows_from for _, one in issued.values()} == {None}
    monkeypatch.setenv("UPSTANDER_HOME", str(demo[1]))
    said = {(one.metric.id, one.named.start >= HORIZON, one.rows_from) for one in map(query.receipt, issued)}
    assert {found for found in said if found[0] == "reports_submitted"} == {
        ("reports_submitted", True, None), ("reports_submitted", False, HORIZON),
    }  # fmt: skip
    assert {day for name, _, day in said if name == "block_recidivism_30d"} == {None}


def test_a_number_that_was_counted_from_the_deleted_rows_themselves_is_said_not_to_be_kept(
    demo: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three dimensions together are never stored; so their numbers go with the rows, and the receipt says from when."""

    def asked() -> Released:
        dimensions = query.definitions()["reports_submitted"].dimensions
        return query.ask("reports_submitted", by="month", split=dimensions[:3], audience="program")

    monkeypatch.setenv("UPSTANDER_HOME", str(demo[0]))
    answer = asked()
    old = next(one for one in answer.figures if one.shown and one.label == "2026-07")
    new = next(one for one in answer.figures if one.label == "2026-10")
    monkeypatch.setenv("UPSTANDER_HOME", str(demo[1]))
    gone = query.receipt(answer.receipt(old))
    assert (gone.told, gone.figure, gone.rows_from) == ("forgotten", None, HORIZON)
    assert gone.metric.question
    assert query.receipt(answer.receipt(new)).figure == new


def test_a_purge_restates_nothing(demo: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo[1]))
    found = query.restatements(audience="program")
    assert (found.found, found.withheld) == ((), 0)
    assert rows(demo[1], WHOLE) == []


def test_what_was_known_then_is_what_was_known_then(demo: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def known() -> list[tuple[Figure, ...]]:
        asked: list[Mapping[str, Any]] = [{}, {"split": ["wiki"]}]
        return [
            query.ask(name, by="month", audience="program", as_of="2026-11-19", **more).figures
            for name in OF_REPORTS
            for more in asked
        ]

    monkeypatch.setenv("UPSTANDER_HOME", str(demo[0]))
    before = known()
    monkeypatch.setenv("UPSTANDER_HOME", str(demo[1]))
    assert known() == before
    assert any(one.shown for figures in before for one in figures)


@pytest.fixture(scope="module")
def feeds(every_feed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A program with every feed, before and after each of those with a limit lost all its rows."""
    before, after = (tmp_path_factory.mktemp(name) / "home" for name in ("one", "two"))
    shutil.copytree(every_feed, before)
    shutil.copytree(before, after)
    done = purge.purge(after, date(2036, 8, 1))
    assert {one.feed for one in done} == {"contacts", "incident_reports", "quicksurveys"}
    return before, after


def test_feeds_that_lost_all_their_rows_lose_no_figure(feeds: tuple[Path, Path]) -> None:
    before, after = (rows(home, CLOSED) for home in feeds)
    assert before == after
    assert {"contacts_active", "felt_unsafe_share", "reports_submitted"} <= {name for (name,) in rows(feeds[1], LOST)}
    assert rows(feeds[1], WHOLE) == []


def test_a_new_key_after_a_purge_changes_no_figure_and_no_receipt(
    feeds: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(shutil.copytree(feeds[1], tmp_path / "home"))
    monkeypatch.setenv("UPSTANDER_HOME", str(home))
    answer = query.ask("blocks_set", by="month", audience="program")
    names = [answer.receipt(one) for one in answer.figures]
    assert purge.rekey(home) == 0
    assert rows(home, CLOSED) == rows(feeds[0], CLOSED)
    assert [query.receipt(name).figure for name in names] == list(answer.figures)
    assert rows(home, WHOLE) == []


def test_refused_lines_of_one_file_are_not_those_of_the_file_beside_it(tmp_path: Path) -> None:
    """The strata of a wave lie beside its answers, and are read with them: line 2 of one is not line 2 of the other."""
    put(tmp_path / "upstander.yml", WAVE)
    put(tmp_path / "strata.csv", "wiki,edit_bucket,population\nen.demo,0-4 edits,100\nen.demo,5-99 edits,50\n")
    put(tmp_path / "answers.jsonl", '{"meta": {}}\n{"meta": 3}\n')
    (tmp_path / FILE).write_text("k" * 32)
    pipeline.build(tmp_path)
    strata = "SELECT line, stratum FROM raw_quicksurveys_stratum ORDER BY line"
    store = str(tmp_path / "prepared/quicksurveys.duckdb")
    with duckdb.connect(store, read_only=True) as connection:
        before = connection.execute(strata).fetchall()
    purge.purge(tmp_path, date(2099, 8, 1))
    with duckdb.connect(store, read_only=True) as connection:
        assert connection.execute(strata).fetchall() == before
    assert len(before) == 2


WAVE = """
program: One Wave
invented: true
as_of: 2099-07-02
wikis: [{id: en.demo, name: Demo Wiki, language: en}]
feeds:
  quicksurveys:
    waves:
      - wave: summer
        survey: safety
        files: [answers.jsonl]
        strata: strata.csv
        closed_on: 2099-06-29
        measures: [{measure: felt_unsafe, yes: ["yes"], no: ["no"]}]
"""


@pytest.fixture
def changed_by_key(
    built: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A purged instance in which, under every new key, two events that follow each other are taken for one."""
    home = Path(shutil.copytree(built, tmp_path / "home"))
    purge.purge(home, TODAY)
    old, hashed = Pseudonym((home / FILE).read_text().strip().encode()).fingerprint, Pseudonym.hash_different

    def hash_together(self: Pseudonym, names: list[str]) -> list[str]:
        return hashed(self, names) if self.fingerprint == old else [hashed(self, [paired(one)])[0] for one in names]

    def paired(name: str) -> str:
        word, _, number = name.partition("-")
        return f"event-{int(number) // 2}" if word == "event" else name

    monkeypatch.setattr(Pseudonym, "hash_different", hash_together)
    monkeypatch.setenv("UPSTANDER_HOME", str(home))
    return home


def test_what_a_new_key_changes_is_restated_with_the_key_as_cause_and_nothing_else_is(changed_by_key: Path) -> None:
    before = Reader(changed_by_key).build_id
    count = purge.rekey(changed_by_key)
    found = query.restatements(audience="program", parts=False)
    assert count > 0
    assert {one.after.cause for one in found.found} == {"key"}
    assert all(rests(one.metric.id).is_by_key for one in found.found)
    assert {one.after.figure.start >= HORIZON.replace(day=1) for one in found.found if one.by == "month"} == {True}
    months = {
        one.after.figure.label: (one.before.figure.value, one.after.figure.value)
        for one in found.found
        if one.metric.id == "reports_submitted" and one.by == "month"
    }
    assert months == {"2026-08": (31, 27), "2026-09": (30, 15)}  # of the 22 days before the horizon, parts are kept
    assert {one.before.build < before for one in found.found} == {True}


def test_where_no_name_decides_a_value_no_key_may_change_it(
    changed_by_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, in_force = (changed_by_key / FILE).read_text(), current(changed_by_key)
    monkeypatch.setattr(pipeline, "rests", lambda metric: replace(rests(metric), is_by_key=False))
    with pytest.raises(NotReleasable, match="values of closed periods changed"):
        purge.rekey(changed_by_key)
    assert (changed_by_key / FILE).read_text() == key
    assert current(changed_by_key) == in_force


def test_no_metric_over_rows_that_go_waits_for_what_comes_after_them() -> None:
    """What is still open when its row goes never closes: a window longer than rows are kept, or a stock of such things."""
    limits = {
        name: timedelta(days=min(days))
        for name in pipeline.FEEDS
        if (days := [one.retention_days for one in tables_of(name).values() if one.retention_days])
        and not says_what_is_now(name)
    }
    assert set(limits) == {"incident_reports", "quicksurveys"}
    for metric in query.definitions().values():
        for limit in [limits[feed] for feed in metric.feeds(catalog.marts()) if feed in limits]:
            assert metric.kind != "stock", metric.id
            assert (metric.mature_after or timedelta(0)) < limit, metric.id


BOOK = """
program: One Book
invented: true
as_of: {as_of}
wikis: [{{id: en.demo, name: Demo Wiki, language: en}}]
feeds:
  contacts:
    books:
      - book: people
        files: [people.csv]
        consent_given: ["yes"]
        zone: UTC
        format: "%Y-%m-%d"
        fields: {{name: Name, community: Wiki, consent: Agreed, since: Since, expires: Until}}
"""
ACTIVE = "SELECT value FROM metric_value WHERE metric = 'contacts_active' AND split = '' AND grain = 'total'"


def test_who_leaves_a_book_after_a_purge_is_no_contact_any_more_and_who_comes_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A book says who is there now, not what happened on a day, so that memory does not stand in for it."""
    monkeypatch.setattr(pipeline.check, "check_build", lambda *asked: [])

    def active(as_of: str, *people: str) -> list[tuple[float]]:
        put(tmp_path / "upstander.yml", BOOK.format(as_of=as_of))
        put(tmp_path / "people.csv", "Name,Wiki,Agreed,Since,Until\n" + "".join(f"{one}\n" for one in people))
        pipeline.build(tmp_path)
        return rows(tmp_path, ACTIVE)

    (tmp_path / FILE).write_text("k" * 32)
    stay = [f"Contact {number},en.demo,yes,2021-01-0{number}," for number in range(1, 8)]
    ending, coming = "Ada Gone,en.demo,yes,2021-01-09,2099-06-01", "Ben New,en.demo,yes,2021-02-01,"
    assert active("2099-05-01", *stay, ending) == [(8,)]
    purge.purge(tmp_path, date(2099, 5, 2))
    assert rows(tmp_path, ACTIVE) == [(8,)]
    assert active("2099-05-20", *stay, ending, coming) == [(9,)]
    assert active("2099-06-02", *stay, ending, coming) == [(8,)]
    purge.purge(tmp_path, date(2099, 6, 4))
    assert rows(tmp_path, ACTIVE) == [(8,)]
    assert active("2099-06-05", *stay[1:], coming) == [(7,)]
    leaving = "Cleo Leaving,en.demo,yes,2021-01-09,2099-06-07"
    assert active("2099-06-06", *stay, leaving) == [(8,)]
    purge.purge(tmp_path, date(2099, 6, 9))  # of a build that is some days old, so that the entry still counts in it
    assert rows(tmp_path, ACTIVE) == [(8,)]
    assert active("2099-06-07", *stay) == [(7,)]
