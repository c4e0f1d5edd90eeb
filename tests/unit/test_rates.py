"""Rates of two marts: what is refused, which wikis and days they are of, who may see them, and what is made of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault, Faults
from metrics import catalog, course, difference, materialise, movement, withhold
from metrics.answer import Figure, Released
from metrics.calendar import Rules
from metrics.coverage import NEVER, Coverage
from metrics.privacy import attack
from metrics.semantic.model import AUDIENCES, Audience
from metrics.semantic.parse import parse
from metrics.stats.interval import poisson_rate
from tests.tables import raw

RATE = catalog.definitions()["blocks_per_1000_active_editors"]
MARTS = catalog.marts()
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
AS_OF = datetime(2026, 3, 1)
Edit = Callable[..., list[str]]


@pytest.fixture
def faults(tmp_path: Path) -> Edit:
    """`faults(old=new, ...)` writes the definition of the rate with lines replaced, and reads what is said against it."""

    def read(*changes: tuple[str, str]) -> list[str]:
        text = (catalog.HERE / f"{RATE.id}.yml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / f"{RATE.id}.yml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(Faults) as caught:
            parse(yaml_file.load(path, DefinitionFault, path.name), MARTS)
        return [f"{one.where.rpartition(':')[2]}: {one.found} | {one.remedy}" for one in caught.value.faults]

    return read


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "[wiki]",
            "[wiki, scope]",
            '"scope" is a dimension of mart_block and not of mart_editor_month | Remove it: which',
        ),
        (
            "mart_editor_month",
            "mart_editor_count",
            '"wiki" of mart_block is "Database name of the wiki."; of mart_editor',
        ),
        ("[wiki]", "[]", 'both marts tell of wikis, and "wiki" is not among them | Add it.'),
        ("[month,", "[week, month,", "rows by month_at are of whole months, which no week is | Remove it."),
        ("fiscal_year]", "total]", "the two marts may be known from other days on"),
        ("mature_after: null", "mature_after: 30 days", "rows of two marts settle on days of their own"),
        ("content_edit_count >= 5", "scope = 'partial'", "narrowed by columns of its own mart, here mart_editor_month"),
        (
            'denominator: {count: "*"',
            "denominator: {sum: edit_count",
            "a sum does not say how many persons it is about",
        ),
        ('numerator: {count: "*"}', "numerator: {sum: block_hours}", "what happened is added up"),
        ('{count: "*"}', '{count: "*", from: mart_case, at: opened_at}', "numerator names a mart of its own"),
        ("from: mart_editor_month, at: month_at", "from: mart_editor_month", "denominator names a mart of its own"),
        ("from: mart_editor_month, at: month_at", "at: month_at", "denominator names a time of its own"),
        ("from: mart_editor_month", "from: mart_block", "it is the mart of the metric | Remove from and at."),
        ("from: mart_editor_month", "from: mart_editors", 'there is no mart "mart_editors"'),
        ("from: mart_editor_month, at: month_at", "from: mart_editor_month, at: wiki", '"wiki" is a VARCHAR'),
        ("unit: rate", "unit: share", "it is told per 1,000 in the unit share"),
        ("unit: rate", "unit: count", "events of one mart for an exposure of another are a rate"),
        ("program: 5", "program: 4", "a group of 4 is too small"),
    ],
)
def test_what_only_rows_side_by_side_could_say_is_refused(faults: Edit, old: str, new: str, said: str) -> None:
    assert any(said in one for one in faults((old, new))), faults((old, new))


def test_a_rate_in_one_mart_is_told_as_one_too(faults: Edit) -> None:
    below = ", from: mart_editor_month, at: month_at, where: \"editor_kind = 'account' AND content_edit_count >= 5\""
    assert [one.partition(": ")[2] for one in faults((below, ""), ("per: 1000\n", ""))] == [
        "a ratio in the unit rate | Correct it."
    ]


def coverage(first: date, last: date, **members: tuple[date, date]) -> Coverage:
    return Coverage((first, last), {name.replace("_", "."): span for name, span in members.items()})


def known(blocks: Coverage, editors: Coverage) -> materialise.Known:
    return materialise.Known(AS_OF, Rules(), {"mediawiki_logging": blocks, "mediawiki_history": editors})


SEEN = {"mart_block": JANUARY, "mart_editor_month": JANUARY}
WHOLE = (JANUARY, date(2026, 2, 28))


def test_a_rate_is_known_of_the_days_of_which_both_sides_are() -> None:
    now = known(
        coverage(date(2025, 1, 1), WHOLE[1], en_demo=WHOLE), coverage(JANUARY, date(2026, 1, 31), ja_demo=WHOLE)
    )
    found = materialise.frame_of(RATE, MARTS, now, SEEN).coverage
    assert found.whole == (JANUARY, date(2026, 1, 31))
    assert found.of(("en.demo",)) == (JANUARY, date(2026, 1, 31))  # of its editors it is known as long as of all
    never = known(coverage(JANUARY, date(2026, 1, 9)), coverage(FEBRUARY, WHOLE[1]))
    assert materialise.frame_of(RATE, MARTS, never, SEEN).coverage.whole == NEVER
    assert materialise.frame_of(RATE, MARTS, now, {"mart_block": JANUARY}).coverage.whole == NEVER


def test_a_sum_of_wikis_is_narrowed_to_those_of_which_both_sides_tell() -> None:
    both = known(coverage(*WHOLE, en_demo=WHOLE, ja_demo=WHOLE), coverage(*WHOLE, en_demo=WHOLE, sw_demo=WHOLE))
    assert materialise.only_wikis(RATE, MARTS, both, ()) == ("en.demo",)
    assert materialise.only_wikis(RATE, MARTS, both, ("wiki",)) is None
    alike = known(coverage(*WHOLE, en_demo=WHOLE), coverage(*WHOLE, en_demo=WHOLE))
    assert materialise.only_wikis(RATE, MARTS, alike, ()) is None
    desk = catalog.definitions()["cases_per_1000_active_editors"]  # a desk tells of no wiki, and so of all
    assert materialise.only_wikis(desk, MARTS, both, ()) is None


BLOCKS = """
    wiki    | set_at
    --------+-----------
    en.demo | 2026-01-03
    en.demo | 2026-01-04
    ja.demo | 2026-01-05  # of whose editors nobody tells
    """
EDITORS = """
    wiki    | month_at   | editor_kind | content_edit_count
    --------+------------+-------------+-------------------
    en.demo | 2026-01-01 | account     | 5
    en.demo | 2026-01-01 | account     | 6
    sw.demo | 2026-01-01 | account     | 7   # of whose blocks nobody tells
    """


def stored(now: materialise.Known, blocks: str = BLOCKS, editors: str = EDITORS) -> Mapping[tuple[str, str, str], Any]:
    """(split, members, label) -> value, numerator, denominator and state of the rate, as a build stores them."""
    connection = duckdb.connect()

    def run(query: str, parameters: Mapping[str, Any]) -> pa.Table:
        found = connection.sql(
            query, params={name: one for name, one in parameters.items() if f"${name}" in query} or None
        )
        return pa.table({}) if found is None else found.to_arrow_table()

    def store(name: str, table: pa.Table) -> None:
        connection.register("incoming", table)
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")

    raw(connection, "mart_block", blocks)
    raw(connection, "mart_editor_month", editors)
    materialise.materialise({RATE.id: RATE}, MARTS, now, run, store)
    rows = connection.execute(
        "SELECT split, array_to_string(members, ','), label, value, numerator, denominator, state FROM metric_value "
        "WHERE grain = 'month'"
    ).fetchall()
    connection.close()
    return {(split, members, label): tuple(said) for split, members, label, *said in rows}


def test_all_wikis_together_leave_out_what_only_one_side_knows() -> None:
    """Two blocks on two editors of en.demo; the block on ja.demo and the editor of sw.demo have no other side."""
    now = known(coverage(*WHOLE, en_demo=WHOLE, ja_demo=WHOLE), coverage(*WHOLE, en_demo=WHOLE, sw_demo=WHOLE))
    found = stored(now)
    assert found["", "", "2026-01"] == (1000, 2, 2, "final")
    assert found["wiki", "en.demo", "2026-01"] == (1000, 2, 2, "final")
    assert found["wiki", "ja.demo", "2026-01"] == (
        None,
        1,
        None,
        "no_data",
    )  # for withholding alone: `release` takes it away
    assert found["wiki", "sw.demo", "2026-01"] == (None, None, 1, "no_data")


def test_a_month_of_which_the_editors_of_one_wiki_are_still_to_come_has_no_rate_of_all() -> None:
    """In February one block on the editor of ja.demo is 1,000; with the two blocks on en.demo it would be 3,000."""
    blocks, editors = (f"{head}\n--\n{rows}" for head, rows in (
        ("wiki | set_at", "\n".join(f"{wiki} | {day}" for wiki, day in (
            ("en.demo", "2026-01-03"), ("ja.demo", "2026-01-03"), ("en.demo", "2026-02-03"), ("en.demo", "2026-02-04"),
            ("ja.demo", "2026-02-03"),
        ))),
        ("wiki | month_at | editor_kind | content_edit_count", "\n".join(f"{wiki} | {day} | account | 5" for wiki, day in (
            ("en.demo", "2026-01-01"), ("ja.demo", "2026-01-01"), ("ja.demo", "2026-02-01"),
        ))),
    ))  # fmt: skip
    spans = {"en.demo": (JANUARY, date(2026, 1, 31)), "ja.demo": WHOLE}
    now = known(
        Coverage(WHOLE, dict.fromkeys(spans, WHOLE)),
        Coverage(WHOLE, spans, {wiki: end for wiki, (_, end) in spans.items()}),
    )
    found = stored(now, blocks, editors)
    assert [found["", "", month][::3] for month in ("2026-01", "2026-02")] == [(1000, "final"), (None, "partial")]
    assert [found["wiki", wiki, "2026-02"][::3] for wiki in spans] == [(None, "no_data"), (1000, "final")]
    left = replace(now.coverage["mediawiki_history"], ends={"ja.demo": WHOLE[1]}, left=frozenset({"en.demo"}))
    found = stored(known(now.coverage["mediawiki_logging"], left), blocks, editors)
    assert [found["", "", month][::3] for month in ("2026-01", "2026-02")] == [(1000, "final"), (1000, "final")]
    assert found["", "", "2026-01"][1:3] == (1, 1)  # of ja.demo alone, before and after


def test_without_any_block_ever_nothing_is_known_and_nothing_is_zero() -> None:
    alike = known(coverage(*WHOLE, en_demo=WHOLE), coverage(*WHOLE, en_demo=WHOLE))
    assert stored(alike, "wiki | set_at") == {}
    nowhere = known(coverage(*WHOLE, ja_demo=WHOLE), coverage(*WHOLE, sw_demo=WHOLE))
    assert stored(nowhere)["", "", "2026-01"] == (None, None, None, "no_data")


def figure(group: str, events: float, exposure: float, start: date = JANUARY) -> Figure:
    low, high = poisson_rate(round(events), exposure / 1000) or (None, None)
    value = events / exposure * 1000
    members = (group,) if group else ()
    return Figure(start, start.replace(day=28), f"{start:%Y-%m}", members, value, low, high, events, exposure,
                  round(events), "final")  # fmt: skip


def hidden(*figures: Figure, audience: Any = "program") -> list[str]:
    return ["".join(one.group) for one in withhold.release(RATE, figures, audience) if one.state == "withheld"]


def test_few_events_or_few_editors_are_withheld_as_the_counts_that_they_are() -> None:
    plenty = figure("d", 70, 900)
    assert hidden(figure("a", 3, 500), figure("b", 20, 400), figure("c", 50, 300), plenty) == ["a", "b"]
    assert hidden(figure("a", 30, 4), figure("b", 20, 400), figure("c", 50, 300), plenty) == ["a", "c"]
    assert hidden(figure("a", 0, 400), plenty) == []  # nobody is a group of nobody


def test_what_the_counts_withhold_beside_a_small_group_the_rate_does_too() -> None:
    """Of the counts a and b go (3 blocks, and the next smallest), so their rates go, whatever else does."""
    several = [figure("a", 3, 500), figure("b", 20, 400), figure("c", 21, 4), figure("d", 70, 900)]
    counts = [replace(one, value=one.numerator, n=round(one.numerator or 0)) for one in several]
    of_count = withhold.release(catalog.definitions()["blocks_set"], counts, "program")
    alone = {"".join(one.group) for one in of_count if one.state == "withheld"}
    assert alone == {"a", "b"}
    assert alone <= set(hidden(*several))


def test_hours_on_call_are_a_group_of_nobody() -> None:
    load = catalog.definitions()["emergencies_per_responder_day"]
    (shown,) = withhold.release(load, [figure("", 12, 2)], "program")
    assert shown.value is not None


def released(*figures: Figure, split: tuple[str, ...] = ()) -> Released:
    return Released(RATE, "month", split, (), "program", figures, "b000001", date(2026, 4, 1), 5, False)


def test_a_rate_has_limits_of_events_for_exposure_in_its_own_unit() -> None:
    """Twelve months of 20 blocks on 200 to 365 editors: a share chart would be refused where there are more events."""
    months = [figure("", 20, 200 + 15 * at, date(2025, 1 + at, 1)) for at in range(12)]
    found = course.course(released(*months))
    assert found.chart == "u"
    center = 240 / sum(one.denominator or 0 for one in months) * 1000
    assert [place.center for place in found.places] == pytest.approx([center] * 12)
    upper = center + 3 * np.sqrt(center / (months[0].denominator or 0) * 1000)
    assert found.places[0].upper == pytest.approx(upper)


def test_two_rates_are_held_against_each_other_by_what_came_for_the_exposure() -> None:
    """Twice the blocks on twice the editors is the same rate; 135 on as many is another, though intervals overlap.

    R: poisson.test(c(135, 100), c(1000, 1000))$p.value is 0.0263; the intervals end at 122 and begin at 113.
    """
    before = figure("", 100, 1000)
    assert difference.difference(RATE, before, figure("", 200, 2000, FEBRUARY)).is_clear is False
    assert difference.difference(RATE, before, figure("", 135, 1000, FEBRUARY)).is_clear is True


def test_why_a_rate_moved_is_taken_apart_into_mix_and_rate() -> None:
    """Each wiki keeps its rate (100 and 10 per 1,000), and editors move to the wiki of the lower one: all is mix."""
    before = figure("", 110, 2000), figure("a", 100, 1000), figure("b", 10, 1000)
    after = (figure("", 80, 2600, FEBRUARY), figure("a", 60, 600, FEBRUARY), figure("b", 20, 2000, FEBRUARY))
    found = movement.movement(
        released(before[0], after[0]), released(*before[1:], *after[1:], split=("wiki",)), "before"
    )
    assert isinstance(found, movement.Movement)
    assert (found.mix, found.rate) == pytest.approx((80 / 2.6 - 55, 0))
    assert sum(one.total for one in found.parts) == pytest.approx(found.change.difference.size)


def beside(events: float | None, exposure: float | None, group: str) -> Figure:
    """What is known of a wiki of which one side alone counted, or none."""
    told = figure(group, 1, 1)
    return replace(
        told, value=None, low=None, high=None, n=None, numerator=events, denominator=exposure, state="no_data"
    )


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_one_side_counted_is_handed_to_nobody(audience: Any) -> None:
    (found,) = withhold.release(RATE, [beside(7, None, "a")], audience)
    assert (found.state, found.value, found.numerator, found.denominator, found.n) == ("no_data", *(None,) * 4)


def test_a_rate_does_not_give_away_what_its_count_withholds_of_a_wiki_without_editors() -> None:
    """Of 5, 12 and 100 blocks the count withholds 5 and 12; of the wiki with 5 nobody knows the editors.

    The rate of 12 would tell 12, and that of both wikis 112, either of which takes away the last doubt about 5.
    """
    apart = [beside(5, None, "a"), figure("b", 12, 300), figure("c", 100, 900)]
    assert hidden(*apart, audience="public") == ["b"]
    total = figure("", 112, 1200)
    assert withhold.together(RATE, [total], apart, ["b", "c"], "public") == (withhold.withheld(total),)
    many = [beside(9, None, "a"), beside(8, None, "d"), figure("b", 6, 300), figure("e", 5, 300), figure("c", 100, 900)]
    (found,) = withhold.together(RATE, [figure("", 111, 1500)], many, ["b", "c", "e"], "public")
    assert found.shown  # two are inside, with 11 blocks, and two outside, with 17


def test_what_the_team_may_not_be_told_together_nobody_is() -> None:
    """Of 3 and 5 blocks the team is told neither; the wiki with 3 is outside, so 112 in all of the others tell it."""
    apart = [beside(3, None, "a"), figure("b", 5, 300), figure("c", 15, 300), figure("d", 92, 900)]
    for audience in AUDIENCES:
        (found,) = withhold.together(RATE, [figure("", 112, 1500)], apart, ["b", "c", "d"], audience)
        assert found.state == "withheld", audience


def test_what_a_rate_was_once_is_told_to_nobody_again() -> None:
    for audience in AUDIENCES:
        told = withhold.remembered(RATE, [figure("", 112, 1200), beside(7, None, "a")], audience)
        assert [(one.state, one.numerator) for one in told] == [("withheld", None), ("no_data", None)]


COUNTS = {"events": catalog.definitions()["blocks_set"], "exposure": catalog.definitions()["active_editors"]}
# Whether a wiki's blocks are known, and its editors; how many there are; whether it left and is in no rate of all.
Known = tuple[bool, bool, int, int, bool]


def counted(side: str, wikis: Mapping[str, int], audience: Audience) -> list[attack.Relation]:
    """What a count and its total tell of the wikis of its mart."""
    told = [figure(wiki, number, 1) for wiki, number in (wikis | {"": sum(wikis.values())}).items()]
    told = [replace(one, value=one.numerator, n=round(one.numerator or 0)) for one in told]
    shown = [one for one in withhold.release(COUNTS[side], told, audience) if one.state != "withheld"]
    return [({(side, wiki): 1.0 for wiki in one.group or wikis}, one.value, one.value) for one in shown]


def rated(wikis: Mapping[str, Known], audience: Audience) -> list[attack.Relation]:
    """What the rates of wikis and of all of them together tell of both sides."""
    apart = [
        figure(wiki, x, n) if is_counted and is_covered and n
        else beside(x if is_counted else None, n if is_covered else None, wiki)
        for wiki, (is_counted, is_covered, x, n, _) in wikis.items()
    ]  # fmt: skip
    within = [wiki for wiki, (is_counted, is_covered, _, _, has_left) in wikis.items()
              if is_counted and is_covered and not has_left]  # fmt: skip
    is_whole = all(one[0] == one[1] and not one[4] for one in wikis.values())
    sums = [sum(wikis[wiki][side] for wiki in within) for side in (2, 3)]
    total = withhold.release(RATE, [figure("", *sums)] if sums[1] else [], audience)
    together = withhold.together(RATE, total, apart, None if is_whole else within, audience)
    told = [([one.group[0]], one) for one in withhold.release(RATE, apart, audience) if one.shown]
    told += [(within, one) for one in together if one.shown]
    return [
        ({(side, wiki): 1.0 for wiki in group}, number or 0, number or 0)
        for group, one in told
        for side, number in (("events", one.numerator), ("exposure", one.denominator))
    ]


@pytest.mark.parametrize("audience", AUDIENCES)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 30), st.integers(0, 30), st.booleans()), max_size=7)
)
@example([(True, False, 5, 0, False), (True, True, 12, 300, False), (True, True, 100, 900, False)])
@example([(True, True, 5, 300, True), (True, True, 12, 300, False), (True, True, 100, 900, False)])
@settings(max_examples=200, deadline=None)
def test_nobody_can_be_worked_out_of_rates_and_the_counts_of_both_their_sides(
    audience: Audience, known: list[Known]
) -> None:
    wikis = {chr(ord("a") + at): one for at, one in enumerate(known)}
    events = {wiki: one[2] for wiki, one in wikis.items() if one[0]}
    exposure = {wiki: one[3] for wiki, one in wikis.items() if one[1]}
    published = {
        reader: [*counted("events", events, reader), *counted("exposure", exposure, reader), *rated(wikis, reader)]
        for reader in AUDIENCES
    }

    def known_too_closely(relations: list[attack.Relation], few: int) -> list[attack.Cell]:
        both = (("events", events), ("exposure", exposure))
        small = [(side, wiki) for side, numbers in both for wiki, number in numbers.items() if 0 < number < few]
        return attack.known_too_closely(relations, small, few)

    assert known_too_closely(published[audience], RATE.release[audience]) == []
    assert known_too_closely(published["program"] + published[audience], RATE.release["program"]) == []
