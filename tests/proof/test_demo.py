"""The demo program from its files to the door: what was planted is found through `ask`, and what was not is not."""

import csv
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from dashboard.reports import quarterly, weekly
from etl.demo.planted import AS_OF, FIRST_DAY, PLANTED, REPORT_BUTTON_FACTOR, Effect, NonEffect
from etl.demo.wikis import WITHOUT_HISTORY, wikis
from etl.warehouse.connect import current
from metrics.answer import Figure
from metrics.query import ask, build, listing
from metrics.stats.interval import rate_ratio
from tests.proof.plain_text import comments_in, names_in, report_text, standing_in, telling, texts_of

DAY = timedelta(days=1)
MEASURES = ("felt_unsafe", "witnessed_harassment", "knows_where_to_report", "trusts_process")


@pytest.fixture(autouse=True)
def asked_here(demo_build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))


def total(metric: str, where: tuple[tuple[str, str], ...], start: date, end: date) -> Figure:
    (figure,) = ask(metric, by="total", where=dict(where), start=start, end=end - DAY, audience="program").figures
    return figure


def around(planted: Effect | NonEffect) -> tuple[Figure, Figure]:
    """The figure before and the one from `since` on; before begins where the last effect on this metric did."""
    earlier = [one.since for one in PLANTED.effects if one.metric == planted.metric and one.since < planted.since]
    begun = max(earlier, default=FIRST_DAY) if not planted.where else FIRST_DAY
    before = total(planted.metric, planted.where, begun, planted.since)
    return before, total(planted.metric, planted.where, planted.since, AS_OF)


def is_count(planted: Effect | NonEffect) -> bool:
    return planted.metric in ("cases_opened", "new_accounts")


def named(planted: Effect | NonEffect) -> str:
    return "-".join([planted.metric, *(value for _, value in planted.where)])


@pytest.mark.parametrize("effect", [one for one in PLANTED.effects if not is_count(one)], ids=named)
def test_a_planted_effect_is_as_large_as_it_was_made_and_beyond_chance(effect):
    before, after = around(effect)
    assert before.value == pytest.approx(effect.before, abs=effect.tolerance)
    assert after.value == pytest.approx(effect.after, abs=effect.tolerance)
    assert before.high < after.low or after.high < before.low


def test_the_report_button_doubles_the_cases_of_a_week():
    (effect,) = [one for one in PLANTED.effects if is_count(one)]
    before, after = around(effect)
    weeks = (effect.since - FIRST_DAY) / timedelta(weeks=1), (AS_OF - effect.since) / timedelta(weeks=1)
    assert before.value / weeks[0] == pytest.approx(effect.before, abs=effect.tolerance)
    assert after.value / weeks[1] == pytest.approx(effect.after, abs=effect.tolerance)
    _, low, high, _ = rate_ratio(after.value, weeks[1], before.value, weeks[0])
    assert 1 < low < REPORT_BUTTON_FACTOR < high


@pytest.mark.parametrize("effect", PLANTED.effects, ids=named)
def test_the_rollout_of_a_planted_effect_is_known_on_its_day(effect):
    started = {
        (row["wiki"], row["started_at"])
        for row in listing("rollouts").rows
        if row["rollout"].startswith(effect.rollout)
    }
    wikis = {dict(effect.where)["wiki"]} if effect.where else {row["wiki"] for row in listing("wikis").rows}
    assert started == {(wiki, datetime.combine(effect.since, time())) for wiki in wikis}


@pytest.mark.parametrize(
    "none", [one for one in PLANTED.non_effects if not is_count(one) and "felt" not in one.metric], ids=named
)
def test_where_nothing_was_planted_nothing_changes_beyond_chance(none):
    before, after = around(none)
    assert abs(after.value - before.value) <= none.tolerance
    assert before.low <= after.high
    assert after.low <= before.high


def test_people_register_as_often_as_before_temporary_accounts():
    (none,) = [one for one in PLANTED.non_effects if is_count(one)]
    before, after = around(none)
    daily = before.value / (none.since - FIRST_DAY).days, after.value / (AS_OF - none.since).days
    assert daily[1] == pytest.approx(daily[0], rel=none.tolerance)


@pytest.mark.parametrize("steady", PLANTED.steady, ids=lambda one: one.metric)
def test_a_steady_share_is_what_it_was_made(steady):
    (figure,) = ask(steady.metric, by="total", audience="program").figures
    assert figure.value == pytest.approx(steady.value, abs=steady.tolerance)
    assert figure.low < steady.value < figure.high


@pytest.mark.parametrize("truth", PLANTED.survey, ids=lambda one: one.wave)
@pytest.mark.parametrize("measure", MEASURES)
def test_the_truth_about_all_editors_lies_in_the_interval_of_those_who_answered(truth, measure):
    (figure,) = ask(f"{measure}_share", by="total", where={"wave": truth.wave}).figures
    assert figure.low <= getattr(truth, measure) <= figure.high
    assert figure.high - figure.low < 0.085
    assert figure.value == pytest.approx(getattr(truth, measure), abs=0.012)


def test_the_wave_after_the_report_button_says_what_the_wave_before_it_said():
    (none,) = [one for one in PLANTED.non_effects if one.metric == "felt_unsafe_share"]
    waves = sorted(PLANTED.survey, key=lambda one: one.closed_on)
    before = [one.wave for one in waves if one.closed_on < none.since][-1]
    after = next(one.wave for one in waves if one.closed_on >= none.since)
    shares = [
        ask(none.metric, by="total", where={"wave": wave}, audience="program").figures[0] for wave in (before, after)
    ]
    assert abs(shares[0].value - shares[1].value) <= none.tolerance


def test_the_servers_count_of_editors_is_a_little_below_our_own():
    names = ("active_editors", "active_editors_published")
    own, published = ([one.value for one in ask(name, by="month").figures if one.shown] for name in names)
    shares = [theirs / ours for ours, theirs in zip(own, published, strict=True)]
    assert len(shares) == 25
    assert 0.97 < min(shares) < max(shares) <= 1  # without the edits of deleted pages


def test_a_rate_is_that_of_the_wikis_whose_editors_are_known():
    asked = {"by": "quarter", "audience": "program"}
    rates = [one for one in ask("blocks_per_1000_active_editors", **asked).figures if one.state == "final"]
    blocks = {(one.start, one.group[0]): one for one in ask("blocks_set", split=["wiki"], **asked).figures}
    known = [wiki.id for wiki in wikis() if wiki.id != WITHOUT_HISTORY]
    assert len(rates) == 8
    for rate in rates:
        assert rate.numerator == sum(blocks[rate.start, wiki].value for wiki in known)
        assert blocks[rate.start, WITHOUT_HISTORY].state != "no_data"  # these are left out


def test_exactly_the_rows_that_were_broken_on_purpose_are_set_aside():
    found, planted = Counter[str](), Counter[str]()
    for row in listing("quarantine").rows:
        found[row["file"]] += row["row_count"]
    for broken in PLANTED.broken:
        planted[broken.file] += broken.rows
    assert found == planted


def test_no_rule_is_broken_and_the_build_says_that_everything_is_invented():
    assert [row for row in listing("checks").rows if not row["passed"]] == []
    assert build().invented
    assert ask("blocks_set").invented


def test_nobody_of_the_logs_stands_in_the_build(demo_build):
    logs = sorted((demo_build / "feeds").glob("*.xml.gz"))
    names, texts = names_in(*logs), texts_of(demo_build)
    assert len(names) > 50_000
    assert not names & texts
    assert not comments_in(*logs) & texts
    assert not standing_in("\n".join(texts), telling(names, 300))
    assert not standing_in((demo_build / current(demo_build)["file"]).read_bytes(), telling(names, 60))


def test_nothing_that_people_wrote_to_the_help_desk_or_the_survey_stands_in_the_build(demo_build):
    texts = texts_of(demo_build)
    assert (
        not {value for name, value in _told(demo_build) if name in ("Ticket", "Subject", "Q7_TEXT", "Q9[other]")}
        & texts
    )
    assert (
        not {value for name, value in _told(demo_build) if name in ("ExternalReference", "token", "ResponseId")} & texts
    )


@pytest.mark.parametrize(
    ("report", "period", "kinds"),
    [(weekly, "2026-W46", {".pdf", ".html"}), (quarterly, "2027Q1", {".wikitext", ".html", ".csv"})],
    ids=["weekly", "quarterly"],
)
def test_a_report_names_nobody_and_says_that_all_of_it_is_invented(demo_build, tmp_path, report, period, kinds):
    names = telling(names_in(*(demo_build / "feeds").glob("*.xml.gz")), 2000)
    told = {path.suffix: report_text(path) for path in report.write(period, tmp_path)}
    assert set(told) == kinds
    assert [found for text in told.values() for found in standing_in(text, names)] == []
    assert all("invented" in text.lower() for text in told.values())


def _told(home: Path) -> set[tuple[str, str]]:
    """Column and value of every cell in the help desk's and the survey's files that has one."""
    paths = [home / "feeds/tickets.csv", *(home / "feeds").glob("survey-*.csv")]
    files = [csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)) for path in paths]
    return {(name, value) for file in files for row in file for name, value in row.items() if value}
