"""What was planted in the demo program is in its files, and what was not is not: counted by hand, without any feed or model."""

import csv
import gzip
import io
import re
import statistics
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from etl.demo.planted import AS_OF, FIRST_DAY, PLANTED, SURVEY

HOURS = {"24 hours": 24, "31 hours": 31, "60 hours": 60, "3 days": 72, "1 week": 168, "2 weeks": 336}
MONTHS = {"1 month": 1, "3 months": 3, "6 months": 6, "1 year": 12, "2 years": 24}
NEVER = datetime.max
WINDOW = timedelta(days=30)
BERLIN = ZoneInfo("Europe/Berlin")
LATEST = datetime.combine(AS_OF, time())


@dataclass
class Spell:
    """A block as the log tells it."""

    set_at: datetime
    is_partial: bool
    by_bot: bool
    ends_at: datetime
    is_superseded: bool = False


@pytest.fixture(scope="module")
def blocks(demo_home: Path) -> dict[str, dict[str, list[Spell]]]:
    """Spells by wiki and target, in order of time."""
    paths = (demo_home / "feeds").glob("*-pages-logging.xml.gz")
    return {f"{path.name[:2]}.demo": _spells(gzip.decompress(path.read_bytes()).decode()) for path in paths}


@pytest.fixture(scope="module")
def cases(demo_home: Path) -> list[dict[str, str]]:
    """Tickets that are not broken."""
    rows = csv.DictReader(io.StringIO((demo_home / "feeds/tickets.csv").read_text(encoding="utf-8")))
    good = re.compile(r"20\d\d-(0[1-9]|1[0-2])-\d\d \d\d:\d\d:\d\d")
    times = ("Created", "First reply", "Solved")
    return [
        row
        for row in rows
        if good.fullmatch(row["Created"])
        and not row["Created"].startswith("2026-02-30")
        and all(
            row[name] == "" or (good.fullmatch(row[name]) and "2062" > row[name] >= row["Created"][:10])
            for name in times
        )
    ]


def test_partial_blocks_rise_where_the_tool_arrived_and_nowhere_else(blocks):
    for effect in _of(PLANTED.effects, "partial_block_share"):
        before, after = _partial_shares(blocks[dict(effect.where)["wiki"]], effect.since)
        assert before == pytest.approx(effect.before, abs=effect.tolerance)
        assert after == pytest.approx(effect.after, abs=effect.tolerance)
    for none in _of(PLANTED.non_effects, "partial_block_share"):
        before, after = _partial_shares(blocks[dict(none.where)["wiki"]], none.since)
        assert abs(after - before) < none.tolerance


def test_fewer_are_blocked_again_under_the_policy_and_not_elsewhere(blocks):
    (effect,) = _of(PLANTED.effects, "block_recidivism_30d")
    before, after = _blocked_again(blocks["ru.demo"], effect.since)
    assert before == pytest.approx(effect.before, abs=effect.tolerance)
    assert after == pytest.approx(effect.after, abs=effect.tolerance)
    for none in _of(PLANTED.non_effects, "block_recidivism_30d"):
        before, after = _blocked_again(blocks[dict(none.where)["wiki"]], none.since)
        assert abs(after - before) < none.tolerance


def test_temporary_accounts_take_the_place_of_addresses(blocks):
    targets = {target: spells[0].set_at for target, spells in blocks["en.demo"].items()}
    start = datetime(2026, 2, 3)
    addresses = [at for target, at in targets.items() if re.fullmatch(r"[0-9.]+|[0-9A-F:]+", target)]
    temporary = [at for target, at in targets.items() if target.startswith("~")]
    assert min(temporary) >= start
    assert _per_day(addresses, start, LATEST) < 0.3 * _per_day(addresses, datetime.combine(FIRST_DAY, time()), start)


def test_people_register_as_often_as_before_temporary_accounts(demo_home):
    (none,) = _of(PLANTED.non_effects, "new_accounts")
    text = gzip.decompress((demo_home / "feeds/en-20261119-pages-logging.xml.gz").read_bytes()).decode()
    items = [item for item in text.split("<logitem>") if "<action>create</action>" in item]
    at = [datetime.fromisoformat(_said("timestamp", item)[:-1]) for item in items]
    since = datetime.combine(none.since, time())
    before, after = _per_day(at, datetime.combine(FIRST_DAY, time()), since), _per_day(at, since, LATEST)
    assert after == pytest.approx(before, rel=none.tolerance)


def test_the_help_desk_answers_faster_since_it_sorts_and_twice_the_cases_do_not_slow_it(cases):
    (effect,) = _of(PLANTED.effects, "first_response_median_hours")
    (none,) = _of(PLANTED.non_effects, "first_response_median_hours")
    assert _median_response(cases, FIRST_DAY, effect.since) == pytest.approx(effect.before, abs=effect.tolerance)
    faster = _median_response(cases, effect.since, none.since)
    assert faster == pytest.approx(effect.after, abs=effect.tolerance)
    assert abs(_median_response(cases, none.since, AS_OF) - faster) < none.tolerance


def test_the_report_button_doubles_the_cases_and_comes_with_them(cases):
    (effect,) = _of(PLANTED.effects, "cases_opened")
    opened = [_utc(row["Created"]) for row in cases]
    since = datetime.combine(effect.since, time())
    weekly = 7 * _per_day(opened, datetime.combine(FIRST_DAY, time()), since), 7 * _per_day(opened, since, LATEST)
    assert weekly == pytest.approx((effect.before, effect.after), abs=effect.tolerance)
    assert min(_utc(row["Created"]) for row in cases if row["Channel"] == "button") >= since


def test_nine_of_ten_emergencies_are_acknowledged_within_the_hour(cases):
    steady = next(one for one in PLANTED.steady if one.metric == "emergencies_acknowledged_share")
    emergencies = [row for row in cases if row["Emergency"] == "yes"]
    quick = [row for row in emergencies if row["First reply"] and _response(row) <= 1]
    assert len(emergencies) > 120
    assert len(quick) / len(emergencies) == pytest.approx(steady.value, abs=steady.tolerance)


def test_cases_are_open_reopened_and_rated(cases):
    states = {row["State"] for row in cases}
    reopened = [row for row in cases if row["Reopened"]]
    assert states == {"New", "Open", "Solved"}
    assert len(cases) > 8_500
    assert sum(row["State"] != "Solved" for row in cases) > 150
    assert 0.03 < len(reopened) / len(cases) < 0.07
    assert any(row["State"] == "Open" and row["Reopened"] > row["Solved"] for row in reopened)


@pytest.mark.parametrize("truth", SURVEY, ids=lambda truth: truth.wave)
def test_weighted_answers_give_the_true_share_and_unweighted_ones_do_not(demo_home, truth):
    people, answers = _survey(demo_home, truth.wave)
    weighted = sum(people[one] * statistics.mean(said) for one, said in answers.items()) / sum(people.values())
    plain = statistics.mean(yes for said in answers.values() for yes in said)
    assert weighted == pytest.approx(truth.felt_unsafe, abs=0.012)
    assert plain < truth.felt_unsafe - 0.025


def test_the_wave_after_the_report_button_says_what_the_wave_before_it_said(demo_home):
    (none,) = _of(PLANTED.non_effects, "felt_unsafe_share")
    before = max((one for one in SURVEY if one.closed_on < none.since), key=lambda one: one.closed_on)
    after = min((one for one in SURVEY if one.closed_on >= none.since), key=lambda one: one.closed_on)
    assert abs(after.felt_unsafe - before.felt_unsafe) < none.tolerance


def _of(planted: tuple, metric: str) -> list:
    return [one for one in planted if one.metric == metric]


def _said(tag: str, item: str) -> str:
    return item.partition(f"<{tag}>")[2].partition("<")[0]


def _spells(text: str) -> dict[str, list[Spell]]:
    found: dict[str, list[Spell]] = {}
    for item in text.split("<logitem>"):
        title = _said("logtitle", item)
        if "<type>block</type>" not in item or not title:
            continue
        at, action = datetime.fromisoformat(_said("timestamp", item)[:-1]), _said("action", item)
        spells = found.setdefault(title.partition(":")[2], [])
        if action == "unblock":
            spells[-1].ends_at = at
        elif action == "reblock":
            spells[-1].ends_at = _ends(at, item)
        else:
            if spells and spells[-1].ends_at > at:
                spells[-1].is_superseded = True
            by_bot = _said("username", item) in ("ShieldBot", "ЩитBot", "Gatewarden")
            spells.append(Spell(at, '"sitewide";b:0;' in item, by_bot, _ends(at, item)))
    return {target: spells for target, spells in found.items() if spells}


def _ends(at: datetime, item: str) -> datetime:
    serialised = re.search(r'"5::duration";s:\d+:"(.*?)";', item)
    text = serialised.group(1) if serialised else item.partition('preserve">')[2].partition("<")[0].partition("\n")[0]
    if text in MONTHS:
        month = at.month - 1 + MONTHS[text]
        return at.replace(year=at.year + month // 12, month=month % 12 + 1, day=1) + timedelta(days=at.day - 1)
    if text in HOURS:
        return at + timedelta(hours=HOURS[text])
    return datetime.fromisoformat(text[:-1]) if text.endswith("Z") else NEVER


def _partial_shares(targets: dict[str, list[Spell]], since: date) -> tuple[float, float]:
    by_people = [one for spells in targets.values() for one in spells if not one.by_bot]
    late = [one.is_partial for one in by_people if one.set_at.date() >= since]
    return statistics.mean(one.is_partial for one in by_people if one.set_at.date() < since), statistics.mean(late)


def _blocked_again(targets: dict[str, list[Spell]], since: date) -> tuple[float, float]:
    """Of the blocks that ended at least 30 days before the end of what is known, by the day they ended."""
    ends: dict[bool, list[bool]] = {False: [], True: []}
    for spells in targets.values():
        for one, later in zip(spells, [*spells[1:], None], strict=True):
            if not one.is_superseded and one.ends_at < LATEST - WINDOW:
                again = later is not None and later.set_at < one.ends_at + WINDOW
                ends[one.ends_at.date() >= since].append(again)
    return statistics.mean(ends[False]), statistics.mean(ends[True])


def _per_day(at: list[datetime], start: datetime, end: datetime) -> float:
    return sum(start <= one < end for one in at) / (end - start).days


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def _response(row: dict[str, str]) -> float:
    return (_utc(row["First reply"]) - _utc(row["Created"])).total_seconds() / 3600


def _median_response(cases: list[dict[str, str]], start: date, end: date) -> float:
    """Cases without an answer have waited for longer than half of the others."""
    chosen = [row for row in cases if start.isoformat() <= row["Created"] < end.isoformat()]
    return statistics.median(_response(row) if row["First reply"] else float("inf") for row in chosen)


def _survey(home: Path, wave: str) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], list[bool]]]:
    """People and answers to the first question by stratum; of answers with one token the last."""
    strata = csv.DictReader((home / f"feeds/strata-{wave[:4]}.csv").read_text(encoding="utf-8").splitlines())
    people = {(row["wiki"], row["edit_bucket"]): int(row["population"]) for row in strata}
    text = (home / f"feeds/survey-{wave}.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    if "spring" in wave:
        named = [(r["ExternalReference"], r["Q_wiki"], r["Q_edits"], r["Q3"]) for r in rows if _counts(r)]
    else:
        named = [(r["token"], r["wiki"], r["edits"], r["Q1"]) for r in rows if r["submitdate"]]
    last = {token: ((wiki, bucket), said) for token, wiki, bucket, said in named}
    answers: dict[tuple[str, str], list[bool]] = {one: [] for one in people}
    for stratum, said in last.values():
        if said not in ("", "N/A"):
            answers[stratum].append(said in ("Yes", "Y"))
    return people, answers


def _counts(row: dict[str, str]) -> bool:
    return row["Finished"] == "True" and row["Status"] == "IP Address"
