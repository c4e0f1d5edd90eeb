"""A stock of all wikis holds those of which nothing is told any more: what that may not give away, and who is in it.

Administrators of en, ja and sw since January: 3, 14 and 12. The history of en ends with January; nobody may see less than 5.
"""

from collections.abc import Callable
from datetime import date, datetime

import duckdb
import pytest

from metrics import catalog, reading
from metrics.answer import Figure
from metrics.calendar import Rules
from metrics.coverage import Delivered, coverage
from metrics.materialise import Known
from metrics.question import question
from metrics.semantic.model import Audience
from tests import engine
from tests.tables import raw

FEED, AS_OF, FIRST, LAST = "mediawiki_history", datetime(2026, 3, 1), date(2026, 1, 1), date(2026, 2, 28)
METRIC = catalog.definitions()["admins"]
Said = dict[tuple[str, ...], tuple[float | None, str]]
Asked = Callable[[date | None, tuple[str, ...], Audience], tuple[Figure, ...]]


@pytest.fixture
def asked() -> Asked:
    """The figures of months, where en has left on a day, or is awaited."""

    def of(left_on: date | None, split: tuple[str, ...], audience: Audience) -> tuple[Figure, ...]:
        rows = [(FEED, wiki, FIRST, LAST) for wiki in (None, "ja", "sw")] + [(FEED, "en", FIRST, date(2026, 1, 31))]
        delivered = [Delivered(FEED, "en", left_on), Delivered(FEED, "ja"), Delivered(FEED, "sw")]
        known = Known(AS_OF, Rules(), coverage(rows, delivered, AS_OF.date()))
        spells = [f"{wiki} | 2026-01-03 |" for wiki, count in (("en", 3), ("ja", 14), ("sw", 12)) for _ in range(count)]
        with duckdb.connect() as connection:
            raw(connection, "mart_admin_spell", "\n".join(["wiki | started_at | ended_at", "--", *spells]))
            engine.build(connection, {METRIC.id: METRIC}, {METRIC.source: catalog.marts()[METRIC.source]}, known)
            return reading.released(connection, question(METRIC.id, "month", split, None, None, None, audience), known)

    return of


def february(figures: tuple[Figure, ...]) -> Said:
    return {one.group: (one.value, one.state) for one in figures if one.label == "2026-02"}


@pytest.mark.parametrize("audience", ["program", "executive", "public"])
def test_who_is_not_known_any_more_cannot_be_worked_out_from_the_total(asked: Asked, audience: Audience) -> None:
    """29 in all less 14 and 12 would be the 3 of en, of which January says nothing either."""
    by_wiki = asked(None, ("wiki",), audience)
    assert february(by_wiki) == {("en",): (None, "no_data"), ("ja",): (14, "final"), ("sw",): (None, "withheld")}
    assert {one.n for one in by_wiki if not one.shown} == {None}
    total = 29 if audience == "program" else None
    assert february(asked(None, (), audience)) == {(): (total, "partial")}


@pytest.mark.parametrize("audience", ["program", "public"])
def test_who_left_is_in_no_stock_of_all_wikis(asked: Asked, audience: Audience) -> None:
    left_on = date(2026, 1, 31)
    assert february(asked(left_on, (), audience)) == {(): (26, "final")}
    found = february(asked(left_on, ("wiki",), audience))
    assert found == {("en",): (None, "no_data"), ("ja",): (14, "final"), ("sw",): (12, "final")}


def test_a_stock_that_leaves_out_who_left_does_not_tell_what_was_withheld_beside_them(asked: Asked) -> None:
    """In January 3 of en are withheld, and with them 12 of sw; 26 less 14 would be those of sw."""
    left_on = date(2026, 1, 31)
    january = [one.state for one in asked(left_on, (), "program") if one.label == "2026-01"]
    by_wiki = {one.group: one.state for one in asked(left_on, ("wiki",), "program") if one.label == "2026-01"}
    assert (january, by_wiki) == (["withheld"], {("en",): "withheld", ("ja",): "final", ("sw",): "withheld"})
