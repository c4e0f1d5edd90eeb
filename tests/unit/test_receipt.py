"""Receipts: every number has a name, the name leads to all that there is to say of it, and to nothing else."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import notebook_text
from data_contracts.faults import DefinitionFault
from etl.warehouse.connect import Reader
from metrics import query, receipt_id
from metrics.answer import Figure, Released
from metrics.receipt import Receipt, remembered
from metrics.receipt_id import Named
from metrics.restated import Said
from metrics.semantic.model import Audience
from tests.restated import first_build, second_build

MARCH = Named("cases_opened", 1, "month", date(2026, 3, 1), None, (), (), "program", "b000002", date(2026, 6, 1))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return first_build(tmp_path_factory.mktemp("once"))


@pytest.fixture(scope="module")
def twice(once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return second_build(Path(shutil.copytree(once, tmp_path_factory.mktemp("twice") / "home")))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    return lambda home: monkeypatch.setenv("UPSTANDER_HOME", str(home))


def asked(metric: str = "cases_opened", audience: Audience = "program", **more: Any) -> tuple[Released, Figure]:
    """An answer and its figure of March or, of a total, of all time."""
    more = {"by": "month", **more}
    answer = query.ask(metric, audience=audience, **more)
    return answer, next(one for one in answer.figures if one.label in ("2026-03", "all"))


def receipt_of(metric: str = "cases_opened", **more: Any) -> Receipt:
    answer, figure = asked(metric, **more)
    return query.receipt(answer.receipt(figure))


def test_a_name_says_which_number_it_is_and_fits_into_an_address() -> None:
    name = receipt_id.written(replace(MARCH, split=(("queue", "lost"),), where=(("channel", "e.mail"),)))
    beginning = "cases_opened.v1.month.20260301.program.b000002.20260601.queue=lost.channel:e%2Email."
    assert name.startswith(beginning)
    assert len(name) == len(beginning) + 8


MEMBERS = st.tuples(st.sampled_from(["wiki", "queue", "user_language"]), st.text(max_size=8))
MEMBERS = MEMBERS.filter(lambda pair: pair[1].isprintable())


@given(split=st.lists(MEMBERS, max_size=2), where=st.lists(MEMBERS, max_size=2), total=st.booleans())
def test_a_name_is_read_as_it_was_written(
    split: list[tuple[str, str]], where: list[tuple[str, str]], total: bool
) -> None:
    named = replace(MARCH, split=tuple(split), where=tuple(where))
    if total:
        named = replace(named, by="total", end=date(2026, 5, 31))
    assert receipt_id.read(receipt_id.written(named)) == named


@pytest.mark.parametrize("place", range(len(receipt_id.written(MARCH))))
def test_a_name_of_which_a_sign_is_wrong_is_refused(place: int) -> None:
    name = receipt_id.written(MARCH)
    wrong = name[:place] + ("1" if name[place] != "1" else "2") + name[place + 1 :]
    with pytest.raises(DefinitionFault, match="Copy the whole ID"):
        receipt_id.read(wrong)


@pytest.mark.parametrize("name", ["", "cases_opened", "x" * 3000, "../../etc/passwd", "a.v1.month.20260301.program"])
def test_what_is_no_name_is_refused_in_words(name: str) -> None:
    with pytest.raises(DefinitionFault, match="it is no ID of a number"):
        receipt_id.read(name)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"build": "b000009"}, "the newest is b000002"),
        ({"start": date(2026, 3, 2)}, "no such period or group"),
        ({"split": (("queue", "nowhere"),)}, "no such period or group"),
        ({"split": (("colour", "grey"),)}, '"colour" is no dimension of it'),
        ({"metric": "cases_opend"}, "the nearest: cases_opened"),
    ],
)
def test_a_name_of_what_there_never_was_is_refused(
    change: dict[str, Any], found: str, twice: Path, at: Callable[[Path], None]
) -> None:
    at(twice)
    with pytest.raises(DefinitionFault, match=found):
        query.receipt(receipt_id.written(replace(MARCH, **change)))


def test_a_receipt_tells_the_number_and_all_that_it_rests_on(once: Path, at: Callable[[Path], None]) -> None:
    at(once)
    answer, figure = asked()
    found = query.receipt(answer.receipt(figure))
    assert found.figure == figure
    assert (found.figure.value, found.told, found.is_withheld, found.minimum) == (32, "build", False, 5)
    assert (found.metric.id, found.is_defined_so, found.named.build, found.code) == (
        "cases_opened", True, "b000001", "one code",
    )  # fmt: skip
    assert [(one.figure.value, one.cause) for one in found.said] == [(32, None)]
    assert found.changes == ()
    (tickets,) = (one for one in found.lineage.freshness if one.feed == "tickets")
    assert (tickets.files, tickets.starts_on) == (1, date(2026, 3, 1))
    assert {one.table for one in found.checks} > {"core_ticket", "core_case", "mart_case", "metric_vintage"}
    assert "mart_block" not in {one.table for one in found.checks}
    assert found.failed == ()


def test_a_number_of_a_build_that_is_gone_is_told_from_memory_with_what_was_said_since(
    once: Path, twice: Path, at: Callable[[Path], None]
) -> None:
    at(once)
    answer, figure = asked()
    at(twice)
    found = query.receipt(answer.receipt(figure))
    assert (found.figure, found.told, found.code, found.checks) == (figure, "memory", None, ())
    assert found.lineage.freshness == ()
    assert [(one.figure.value, one.build, one.cause) for one in found.said] == [
        (32, "b000001", None),
        (40, "b000002", "data"),
    ]
    assert found.is_superseded
    assert str(found.changes[0][1].why).startswith("new or changed files of tickets")
    now = receipt_of()
    assert (now.figure.value if now.figure else None, now.told, now.is_superseded) == (40, "build", False)


@pytest.mark.parametrize(
    "more", [{"by": "total"}, {"where": {"queue": "lost"}, "split": ["channel"]}], ids=["a total", "two dimensions"]
)
def test_what_no_build_leaves_behind_is_forgotten_and_said_to_be(
    more: dict[str, Any], once: Path, twice: Path, at: Callable[[Path], None]
) -> None:
    at(once)
    answer, figure = asked(**more)
    assert query.receipt(answer.receipt(figure)).figure == figure
    at(twice)
    found = query.receipt(answer.receipt(figure))
    assert (found.figure, found.told, found.said) == (None, "forgotten", ())
    assert found.metric.question
    assert found.sql


def test_a_total_of_some_days_is_found_again(once: Path, at: Callable[[Path], None]) -> None:
    at(once)
    answer, figure = asked(by="total", start="2026-03-01", end="2026-03-31")
    found = query.receipt(answer.receipt(figure))
    assert (figure.value, found.figure) == (32, figure)


def test_what_was_known_on_a_day_is_told_as_it_was_known(twice: Path, at: Callable[[Path], None]) -> None:
    at(twice)
    answer = query.ask("cases_opened", by="month", as_of="2026-07-01", audience="program")
    found = query.receipt(answer.receipt(answer.figures[0]))
    assert (found.told, found.figure) == ("memory", answer.figures[0])


def test_what_was_told_after_the_day_asked_for_was_not_known_then() -> None:
    figure = Figure(MARCH.start, date(2026, 3, 31), "2026-03", (), 32.0, None, None, None, None, 32, "final")
    early = Said(figure, 1, "b000001", datetime(2026, 6, 1), None, None)
    late = Said(replace(figure, value=40.0), 1, "b000002", datetime(2026, 7, 1), "data", "late")
    asked = replace(MARCH, build="b000003", as_of=date(2026, 6, 15))
    assert remembered(asked, [early, late]) == figure
    assert remembered(replace(asked, as_of=date(2026, 5, 1)), [early, late]) is None


def test_nobody_sees_more_by_a_name_that_was_made_for_somebody_else(once: Path, at: Callable[[Path], None]) -> None:
    at(once)
    answer = query.ask("cases_opened", by="month", split=["queue"], audience="program")
    few = next(one for one in answer.figures if (one.label, one.group) == ("2026-04", ("lost",)))
    assert few.state == "withheld"  # beside three odd ones
    alone = query.ask("cases_opened", by="week", audience="program")
    week = next(one for one in alone.figures if one.value == 5)
    name = alone.receipt(week)
    assert query.receipt(name, audience="program").figure == week
    public = query.receipt(name, audience="public")
    assert (public.is_withheld, public.minimum, public.named.audience) == (True, 10, "public")
    assert public.figure is not None
    assert (public.figure.value, public.figure.numerator, public.figure.n) == (None, None, None)
    assert [one.figure.state for one in public.said] == ["withheld"]
    printed = query.ask("cases_opened", by="week", audience="public")
    shown = next(one for one in printed.figures if one.start == week.start)
    assert query.receipt(printed.receipt(shown), audience="program").is_withheld  # for it is the public's number


def test_the_receipt_of_what_is_withheld_holds_no_number_of_it(twice: Path, at: Callable[[Path], None]) -> None:
    at(twice)
    answer = query.ask("cases_opened", by="month", where={"queue": "odd"}, audience="program")
    (april,) = (one for one in answer.figures if one.label == "2026-04")
    found = query.receipt(answer.receipt(april))
    assert found.is_withheld
    assert [(one.figure.state, one.figure.value, one.figure.n) for one in found.said] == [("withheld", None, None)] * 2


@pytest.mark.parametrize(
    ("metric", "more", "part", "wanted"),
    [
        ("cases_opened", {}, "value", 32),
        ("cases_opened", {"split": ["queue"]}, "value", 20),  # "found", the first group
        ("cases_opened", {"where": {"queue": "lost"}}, "value", 12),
        ("cases_opened", {"by": "total"}, "value", 64),
        ("cases_open", {}, "in", 32),
        ("first_response_median_hours", {}, "event", 32),
    ],
)
def test_the_sql_of_a_receipt_gives_the_parts_of_its_number(
    metric: str, more: dict[str, Any], part: str, wanted: float, once: Path, at: Callable[[Path], None]
) -> None:
    at(once)
    found = receipt_of(metric, **more)
    with Reader(once).cursor() as cursor:
        total = 0.0
        for text in found.sql.split(";\n\n"):
            rows = cursor.execute(text, {"as_of": date(2026, 6, 1)}).fetchall()
            names = [one[0] for one in cursor.description or ()]
            told = [dict(zip(names, row, strict=True)) for row in rows]
            total += sum(row.get(f"{metric}__{part}") or 0 for row in told)
    assert total == wanted


def test_a_late_file_restates_months_and_groups_and_says_why(twice: Path, at: Callable[[Path], None]) -> None:
    at(twice)
    found = query.restatements("cases_opened", by="month", audience="program")
    assert [
        (one.split, one.after.figure.group, one.after.figure.label, one.before.figure.value, one.after.figure.value)
        for one in found.found
        if one.split in ((), ("queue",))
    ] == [
        ((), (), "2026-04", 12, 13),
        ((), (), "2026-03", 32, 40),
        (("queue",), ("lost",), "2026-03", 12, 20),
    ]
    assert {(one.after.cause, one.after.build) for one in found.found} == {("data", "b000002")}
    assert all(str(one.after.why).startswith("new or changed files of tickets") for one in found.found)
    assert found.withheld == 1  # the odd ones of April


def test_restatements_are_of_what_the_audience_may_see_on_both_sides(twice: Path, at: Callable[[Path], None]) -> None:
    at(twice)
    weeks = query.restatements("cases_opened", by="week", parts=False, audience="public")
    assert all(one.before.figure.shown and one.after.figure.shown for one in weeks.found)
    assert weeks.withheld > 0


def test_both_sides_of_a_restatement_have_their_receipts(twice: Path, at: Callable[[Path], None]) -> None:
    at(twice)
    found = query.restatements("cases_opened", by="month", audience="program")
    for one in found.found:
        for said in (one.before, one.after):
            receipt = query.receipt(found.receipt(one, said))
            assert receipt.figure == said.figure
            assert receipt.named.build == said.build


def test_nothing_is_restated_by_a_first_build(once: Path, at: Callable[[Path], None]) -> None:
    at(once)
    assert query.restatements(audience="program").found == ()


def test_restatements_of_all_metrics_hold_those_of_one(twice: Path, at: Callable[[Path], None]) -> None:
    at(twice)
    every = query.restatements(parts=False, audience="program").found
    one = query.restatements("cases_opened", parts=False, audience="program").found
    assert tuple(found for found in every if found.metric.id == "cases_opened") == one
    assert {found.metric.id for found in every} > {"cases_opened", "first_response_median_hours"}


def test_a_notebook_shows_what_every_build_said_and_why_it_was_restated(
    twice: Path, at: Callable[[Path], None]
) -> None:
    at(twice)
    told = notebook_text.receipt(receipt_of()).markdown
    assert [line[2:9] for line in told.splitlines() if line.startswith("| b0")] == ["b000001", "b000002"]
    assert "said for the first time" in told
    listed = notebook_text.restatements(query.restatements("cases_opened", by="month", audience="program")).markdown
    assert "| metric | period | group | first said | said since | why |" in listed
    assert "March 2026" in listed
    none = notebook_text.restatements(query.restatements("open_risks", audience="public")).markdown
    assert none.startswith("Nothing that this reader may see was restated.")


def test_a_notebook_hides_what_a_receipt_hides(twice: Path, at: Callable[[Path], None]) -> None:
    at(twice)
    answer = query.ask("cases_opened", by="month", split=["queue"], audience="program")
    hidden = next(one for one in answer.figures if one.state == "withheld")
    assert (
        "| Value | withheld (fewer than 5, or beside such) |"
        in notebook_text.receipt(query.receipt(answer.receipt(hidden))).markdown
    )
