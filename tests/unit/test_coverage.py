"""Of which days something is known: what deliveries say, what is quiet, who lags behind, and who left."""

from collections.abc import Mapping
from datetime import date

from metrics import coverage
from metrics.coverage import Coverage, Delivered

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
ENDS = {"jan": date(2026, 1, 31), "feb": date(2026, 2, 28), "mar": date(2026, 3, 31)}


def history(ends: Mapping[str, str], as_of: date = MARCH, **left: date) -> Coverage:
    """A feed that delivers a history of each wiki, to the end of a month."""
    rows = [("history", wiki, JANUARY, ENDS[month]) for wiki, month in ends.items()]
    whole = ("history", None, JANUARY, max(ENDS[month] for month in ends.values()))
    said = [Delivered("history", wiki, left.get(wiki)) for wiki in ends]
    return coverage.coverage([*rows, whole], said, as_of)["history"]


def log(*wikis: str, last: str = "feb") -> Coverage:
    """A feed that is known by what happened."""
    rows = [("log", wiki, JANUARY, ENDS[last]) for wiki in (None, *wikis)]
    return coverage.coverage(rows, [], MARCH)["log"]


def test_a_wiki_that_fell_silent_shortly_before_the_end_is_quiet_and_one_long_before_is_missing() -> None:
    first, last = JANUARY, date(2026, 3, 31)
    rows = [
        ("log", None, first, last),
        ("log", "busy", first, last),
        ("log", "quiet", first, date(2026, 3, 17)),
        ("log", "gone", first, date(2026, 3, 16)),
        ("tickets", None, date(2026, 2, 1), MARCH),
        ("tickets", None, JANUARY, date(2026, 2, 1)),
    ]
    found = coverage.coverage(rows, [], date(2026, 4, 1))
    assert found["log"].members == {"busy": (first, last), "quiet": (first, last), "gone": (first, date(2026, 3, 16))}
    assert found["log"].ends == {}  # who is silent may have nothing to tell, so that nobody waits for it
    assert found["tickets"] == Coverage((JANUARY, MARCH))


def test_a_feed_quiet_for_some_days_is_known_to_the_last_day_and_one_silent_for_long_is_not() -> None:
    def last(day: date) -> date:
        rows = [("log", None, JANUARY, day), ("log", "en", JANUARY, day)]
        found = coverage.coverage(rows, [], MARCH)["log"]
        assert found.members["en"] == found.whole
        return found.whole[1]

    assert last(date(2026, 2, 14)) == date(2026, 2, 28)
    assert last(date(2026, 2, 13)) == date(2026, 2, 13)
    assert last(date(2026, 2, 28)) == date(2026, 2, 28)


def test_what_a_delivery_tells_ends_where_it_says_and_no_day_later() -> None:
    """Ten days after the end of January nothing of February is known, though nobody was silent for long."""
    assert history({"en": "jan"}, date(2026, 2, 11)).whole == (JANUARY, ENDS["jan"])


def test_all_wikis_together_are_known_to_the_end_of_the_one_that_lags_behind() -> None:
    found = history({"en": "jan", "ja": "feb"})
    assert found.whole_until(()) == ENDS["jan"]
    assert found.whole_until(("account",)) == ENDS["jan"]  # a kind of editor, of all wikis
    assert (found.whole_until(("ja",)), found.whole_until(("account", "en"))) == (ENDS["feb"], ENDS["jan"])
    assert found.awaited == {"en": ENDS["jan"]}
    assert history({"en": "feb", "ja": "feb"}).awaited == {}


def test_nobody_waits_for_a_wiki_behind_its_last_day_in_the_program() -> None:
    lagging = {"en": "jan", "ja": "mar"}
    gone = history(lagging, date(2026, 4, 1), en=date(2026, 1, 31))
    assert (gone.whole_until(()), gone.left) == (ENDS["mar"], {"en"})
    still_awaited = history(lagging, date(2026, 4, 1), en=date(2026, 2, 10))  # ten days of it are still to come
    assert (still_awaited.whole_until(()), still_awaited.left) == (ENDS["jan"], {"en"})
    announced = history(lagging, date(2026, 4, 1), en=date(2026, 6, 30))
    assert (announced.whole_until(()), announced.left) == (ENDS["jan"], frozenset())


def test_a_wiki_that_is_not_delivered_any_more_is_not_awaited() -> None:
    """Its days are remembered from rows that were deleted; its history is not among the files any more."""
    rows = [("history", "en", JANUARY, ENDS["jan"]), ("history", "ja", JANUARY, ENDS["feb"])]
    found = coverage.coverage(rows, [Delivered("history", "ja")], MARCH)["history"]
    assert (found.whole_until(()), found.members["en"]) == (ENDS["feb"], (JANUARY, ENDS["jan"]))


def test_of_two_feeds_the_one_that_goes_by_events_does_not_let_a_wiki_wait() -> None:
    found = coverage.merged([history({"en": "jan", "ja": "feb"}), log("en")])
    assert (found.members["en"], found.ends) == ((JANUARY, ENDS["feb"]), {"ja": ENDS["feb"]})


def test_a_rate_waits_for_the_wikis_of_both_its_sides_and_for_no_other() -> None:
    editors = history({"en": "jan", "ja": "feb", "sw": "jan"})
    both = coverage.common([log("en", "ja"), editors])
    assert both.ends == {"en": ENDS["jan"], "ja": ENDS["feb"]}  # nobody knows the blocks of sw
    assert coverage.reach([log("en", "ja"), editors]).ends == {"en": ENDS["feb"], "ja": ENDS["feb"]}
    assert coverage.common([log(), editors]).ends == {"en": ENDS["jan"], "ja": ENDS["feb"], "sw": ENDS["jan"]}


def test_a_wiki_that_left_is_in_no_period_of_a_rate() -> None:
    editors = history({"en": "jan", "ja": "feb"}, en=ENDS["jan"])
    assert coverage.shared_members([log("en", "ja"), editors]) == {"ja"}
    assert coverage.common([log("en", "ja"), editors]).awaited == {}
    assert coverage.shared_members([editors]) == {"en", "ja"}  # what is counted of one mart stays counted


def test_a_question_about_one_wiki_waits_for_no_other() -> None:
    found = history({"en": "jan", "ja": "feb"})
    assert coverage.narrowed(found, ["ja"]).whole_until(()) == ENDS["feb"]
    assert coverage.narrowed(found, ["admin"]).whole_until(()) == ENDS["jan"]


def test_a_wiki_of_which_nothing_is_known_yet_is_nobody_for_whom_a_feed_waits() -> None:
    """Its delivery tells of days that the build does not know."""
    rows = [("history", None, JANUARY, ENDS["jan"])]
    found = coverage.coverage(rows, [Delivered("history", "en")], MARCH)
    assert found == {"history": Coverage((JANUARY, ENDS["jan"]))}
