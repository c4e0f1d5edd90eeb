"""English Wikipedia's block log of six months, from file to weekly summary: exactly what its README says is in it.

The log names real people. It is read where it lies; nothing of it may stand in what was made of it.
"""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from dashboard.reports import weekly
from etl import pipeline
from etl.summary import BuildSummary
from etl.warehouse import store
from etl.warehouse.connect import Reader, current
from etl.warehouse.pseudonym import Pseudonym
from metrics.query import ask, listing
from tests.proof.plain_text import comments_in, names_in, report_text, standing_in, telling, texts_of
from tests.tables import read_table

KEY = "a key for this proof alone"
FOLDER = "data/enwiki-block-log"
LOG = "enwiki-2019-10_2020-03-pages-logging.xml.gz"
WEEK = "2020-W10"

SETTINGS = """\
program: English Wikipedia block log
invented: false
wikis: [{id: enwiki, name: English Wikipedia, language: en}]
feeds:
  mediawiki_logging:
    reasons: {harassment: "(?i)harass|personal attack", proxy: "(?i)prox|webhost|colo", vandalism: "(?i)vandal"}
    wikis: [{wiki: enwiki, files: ["feeds/*.xml.gz"]}]
  plan: {files: [plan.yml]}
"""
PLAN = """\
program: {title: English Wikipedia block log, owner: program-lead, roles: [program-lead]}
pillars: [{id: tools, title: Tools}]
goals:
  - id: blocks
    title: Blocks work
    pillar: tools
    owner: program-lead
    measures:
      - {id: set, title: Blocks set, metric: blocks_set, grain: week}
      - {id: again, title: Blocked again within 30 days, metric: block_recidivism_30d, grain: week}
      - {id: partial, title: Partial share, metric: partial_block_share, grain: week}
"""

SHOWN = "NOT is_action_hidden AND NOT is_performer_hidden"
BLOCKED = "NOT is_action_hidden AND log_action IN ('block', 'reblock')"
COUNTED = {
    "log_items": "COUNT(*)",
    "block": "COUNT(*) FILTER (log_action = 'block')",
    "reblock": "COUNT(*) FILTER (log_action = 'reblock')",
    "unblock": "COUNT(*) FILTER (log_action = 'unblock')",
    "hidden_action": "COUNT(*) FILTER (is_action_hidden)",
    "hidden_performer": "COUNT(*) FILTER (is_performer_hidden)",
    "hidden_comment": "COUNT(*) FILTER (is_comment_hidden)",
    "empty_comment": "COUNT(*) FILTER (NOT has_comment AND NOT is_comment_hidden)",
    "address": f"COUNT(*) FILTER ({SHOWN} AND target_kind IN ('ipv4', 'ipv6', 'range'))",
    "range": f"COUNT(*) FILTER ({SHOWN} AND target_kind = 'range')",
    "targets": f"COUNT(DISTINCT target_key) FILTER ({SHOWN})",
    "performers": f"COUNT(DISTINCT performer_key) FILTER ({SHOWN})",
    "partial": f"COUNT(*) FILTER ({BLOCKED} AND NOT is_sitewide)",
    "never_ends": f"COUNT(*) FILTER ({BLOCKED} AND is_indefinite)",
}
KNOWN = {
    str(row["month"]): [int(str(row[name])) for name in COUNTED]
    for row in read_table("""
month   | log_items | block  | reblock | unblock | hidden_action | hidden_performer | hidden_comment | empty_comment | address | range | targets | performers | partial | never_ends
2019-10 | 42219     | 41404  | 644     | 171     | 36            | 0                | 4              | 62            | 33113   | 1624  | 41200   | 243        | 0       | 8612
2019-11 | 50992     | 50136  | 689     | 167     | 19            | 0                | 5              | 191           | 42628   | 6229  | 50038   | 251        | 0       | 7926
2019-12 | 65351     | 64229  | 963     | 159     | 23            | 0                | 7              | 94            | 56649   | 6137  | 64224   | 248        | 0       | 8295
2020-01 | 74765     | 73232  | 1286    | 247     | 14            | 0                | 1              | 105           | 65619   | 2930  | 71532   | 253        | 96      | 8616
2020-02 | 74330     | 73384  | 765     | 181     | 7             | 0                | 0              | 52            | 65596   | 2544  | 71979   | 252        | 132     | 8271
2020-03 | 58676     | 57517  | 585     | 574     | 14            | 2                | 3              | 103           | 48831   | 2073  | 56520   | 254        | 101     | 9382
all     | 366333    | 359902 | 4932    | 1499    | 113           | 2                | 20             | 607           | 312436  | 21537 | 336917  | 399        | 329     | 51102
""")
}  # fmt: skip
MONTHS = [month for month in KNOWN if month != "all"]


@dataclass(frozen=True)
class Made:
    """The instance, what its build said, and the two files that it was made from."""

    home: Path
    summary: BuildSummary
    log: Path
    durations: Path


@pytest.fixture(scope="module")
def made(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder, home = shared(FOLDER), tmp_path_factory.mktemp("enwiki")
    (home / "feeds").mkdir()
    shutil.copyfile(folder / LOG, home / "feeds" / LOG)
    (home / "upstander.yml").write_text(SETTINGS, encoding="utf-8")
    (home / "plan.yml").write_text(PLAN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSTANDER_KEY", KEY)
        return Made(home, pipeline.build(home), folder / LOG, folder / "durations.csv")


@pytest.fixture(autouse=True)
def asked_here(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(made.home))


@pytest.fixture(scope="module")
def reports(made: Made, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSTANDER_HOME", str(made.home))
        return weekly.write(WEEK, tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
def names(made: Made) -> set[str]:
    return names_in(made.log)


def rows(made: Made, query: str) -> list[tuple]:
    with Reader(made.home).cursor() as cursor:
        return cursor.execute(query).fetchall()


def stored(made: Made, query: str) -> list[tuple]:
    """The same of the rows as they were read, which stand in the feed's store."""
    with duckdb.connect(str(store.path_of(made.home, "mediawiki_logging")), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize(("asked", "table"), [(stored, "raw_mediawiki_logging"), (rows, "core_log_item")])
def test_every_month_has_exactly_what_is_known_of_it(made, asked, table):
    found = asked(
        made,
        f"SELECT COALESCE(STRFTIME(occurred_at, '%Y-%m'), 'all'), {', '.join(COUNTED.values())} "
        f"FROM {table} GROUP BY ROLLUP (STRFTIME(occurred_at, '%Y-%m')) ORDER BY 1",
    )
    assert {month: list(counts) for month, *counts in found} == KNOWN


def test_partial_blocks_are_those_with_restrictions_and_not_those_without_a_word(made):
    ((pages, namespaces, both),) = rows(
        made,
        f"""
        SELECT
          COUNT(*) FILTER (restricted_page_count > 0),
          COUNT(*) FILTER (restricted_namespaces <> ''),
          COUNT(*) FILTER (restricted_page_count > 0 AND restricted_namespaces <> '')
        FROM core_log_item
        WHERE {BLOCKED} AND NOT is_sitewide
        """,
    )
    assert (pages - both, namespaces - both, both) == (280, 33, 16)


def test_every_text_of_a_duration_ends_when_mediawiki_itself_says(made):
    ends = dict(rows(made, "SELECT log_id, STRFTIME(expires_at, '%Y-%m-%dT%H:%M:%SZ') FROM core_log_item"))
    known = list(csv.DictReader(made.durations.read_text(encoding="utf-8").splitlines()))
    wrong = [row for row in known if (ends[int(row["logid"])] or "") != row["expiry"]]
    assert (len(known), wrong) == (1050, [])


def test_one_performer_makes_most_of_the_first_month_and_two_most_of_each_month_after(made):
    shares = rows(
        made,
        """
        SELECT month_on, SUM(share) FILTER (place <= 1), SUM(share) FILTER (place <= 2)
        FROM (
          SELECT
            DATE_TRUNC('month', occurred_at) AS month_on,
            COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY month_on) AS share,
            ROW_NUMBER() OVER (PARTITION BY month_on ORDER BY COUNT(*) DESC) AS place
          FROM core_log_item
          GROUP BY month_on, performer_key
        )
        GROUP BY month_on
        ORDER BY month_on
        """,
    )
    assert round(shares[0][1], 2) == 0.62
    assert {round(two, 2) for _, _, two in shares[1:]} <= {share / 100 for share in range(71, 81)}


@pytest.mark.parametrize("audience", ["public", "executive", "program"])
def test_blocks_set_are_the_known_ones_for_every_reader(audience):
    months = ask("blocks_set", by="month", audience=audience)
    assert [one.value for one in months.figures] == [KNOWN[month][1] for month in MONTHS]
    assert {one.state for one in months.figures} == {"final"}
    (total,) = ask("blocks_set", by="total", audience=audience).figures
    assert total.value == KNOWN["all"][1]


def test_totals_from_the_first_to_the_last_day_of_a_month_are_the_months_again():
    firsts = [date.fromisoformat(f"{month}-01") for month in [*MONTHS, "2020-04"]]
    spans = [(first, after - timedelta(days=1)) for first, after in pairwise(firsts)]
    totals = [ask("blocks_set", by="total", start=start, end=end).figures[0].value for start, end in spans]
    assert totals == [KNOWN[month][1] for month in MONTHS]


def test_the_partial_share_counts_blocks_and_leaves_changed_ones_to_the_log(made):
    changed = dict(
        rows(
            made,
            f"SELECT STRFTIME(occurred_at, '%Y-%m'), COUNT(*) FROM core_log_item "
            f"WHERE {BLOCKED} AND log_action = 'reblock' AND NOT is_sitewide GROUP BY 1",
        )
    )
    asked = ask("partial_block_share", by="month", audience="program").figures
    partial = {one.label: int(one.numerator) + changed.get(one.label, 0) for one in asked}
    assert partial == {month: KNOWN[month][list(COUNTED).index("partial")] for month in MONTHS}
    hidden = [KNOWN[month][1] - one.denominator for month, one in zip(MONTHS, asked, strict=True)]
    assert sum(hidden) <= KNOWN["all"][4]  # what is hidden counts in neither part
    assert all(gone >= 0 for gone in hidden)


def test_nothing_is_set_aside_and_no_rule_is_broken(made):
    assert (made.summary.quarantined, made.summary.warnings) == ((), ())
    assert [(one.feed, one.rows, one.rejected) for one in made.summary.feeds] == [
        ("mediawiki_logging", KNOWN["all"][0], 0),
        ("plan", 6, 0),
    ]
    assert listing("quarantine").rows == ()
    assert f"{made.summary.as_of:%Y-%m-%d}" == "2020-04-01"


def test_the_weekly_summary_is_written_twice_with_the_same_bytes(reports, tmp_path):
    assert [path.name for path in reports] == [f"weekly-{WEEK}.pdf", f"weekly-{WEEK}.html"]
    assert [path.read_bytes() for path in weekly.write(WEEK, tmp_path)] == [path.read_bytes() for path in reports]


def test_the_weekly_summary_says_the_weeks_own_number(reports):
    week = next(one for one in ask("blocks_set", by="week", audience="executive").figures if one.label == WEEK)
    assert week.value > 10_000
    assert all(f"{week.value:,.0f}" in report_text(path) for path in reports)


def test_names_stand_in_the_build_as_keyed_hashes_and_nobody_in_plain(made, names):
    texts = texts_of(made.home)
    assert len(names) > KNOWN["all"][10]
    assert set(Pseudonym(KEY.encode()).hash_column(list(names))) < texts
    assert not names & texts
    assert not standing_in("\n".join(texts), telling(names, 300))
    assert not standing_in("\n".join(texts), telling(comments_in(made.log), 300))


def test_no_name_can_be_read_in_the_bytes_of_the_build_and_its_words(made, names):
    some = telling(names, 60)
    hashes = Pseudonym(KEY.encode()).hash_column(some)
    content = (made.home / current(made.home)["file"]).read_bytes()
    assert standing_in(content, hashes)  # some texts lie in the file as they are: a name could be found
    assert standing_in(content, some) == []
    assert standing_in(json.dumps(made.summary.as_json(), ensure_ascii=False), some) == []
    assert KEY.encode() not in content


def test_no_name_can_be_read_in_the_weekly_summary(names, reports):
    assert [standing_in(report_text(path), telling(names, 2000)) for path in reports] == [[], []]
