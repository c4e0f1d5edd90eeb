"""The program plan: a person edits it, so every fault is told with its line, and a sound plan becomes rows."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data_contracts import load
from data_contracts.faults import FeedFault, UserFault
from etl.feed import Landed, LandedFile
from etl.sources import plan

SAMPLE = Path(__file__).parent / "samples" / "plan.yml"
HEAD = """\
program: {title: P, owner: lead, roles: [lead, policy]}
pillars: [{id: tools, title: Tools}]
"""  # whatever a test adds begins on line 3


def landed(*paths: Path, fiscal_year_start: int = 7) -> Landed:
    settings = plan.Settings(files=tuple(path.name for path in paths), fiscal_year_start=fiscal_year_start)
    when = datetime(2026, 11, 19, tzinfo=UTC)
    files = tuple(LandedFile(path, path.name, "0" * 64, path.stat().st_size, when) for path in paths)
    return Landed(plan.deliveries(settings)[0], files)


def tables(*paths: Path, fiscal_year_start: int = 7) -> dict[str, list[dict]]:
    batches = plan.read(landed(*paths, fiscal_year_start=fiscal_year_start))
    return {
        batch.table: [dict(zip(batch.columns, row, strict=True)) for row in zip(*batch.columns.values(), strict=True)]
        for batch in batches
    }


@pytest.fixture
def written(tmp_path):
    """Reads HEAD and what the test adds."""

    def written(text: str, head: str = HEAD, **told) -> dict[str, list[dict]]:
        path = tmp_path / "plan.yml"
        path.write_text(head + text, encoding="utf-8")
        return tables(path, **told)

    return written


@pytest.fixture
def faults(written):
    """The faults of HEAD and what the test adds, as (line, whole text)."""

    def faults(text: str, head: str = HEAD) -> list[tuple[int, str]]:
        with pytest.raises(UserFault) as caught:
            written(text, head)
        assert caught.value.exit_code == 11
        found = getattr(caught.value, "faults", (caught.value,))
        return [(int(one.where.removeprefix("plan.yml:")), str(one)) for one in found]

    return faults


def test_the_sample_fills_every_table_of_the_contract_with_exactly_its_columns():
    contract = load.of_feed("plan")
    found = tables(SAMPLE)
    assert set(found) == set(contract)
    for name, rows in found.items():
        assert list(rows[0]) == [column.name for column in contract[name].columns], name


def test_every_value_has_the_type_that_the_contract_says():
    python = {"VARCHAR": str, "BIGINT": int, "DOUBLE": float, "DATE": date, "BOOLEAN": bool}
    contract = load.of_feed("plan")
    for name, rows in tables(SAMPLE).items():
        for column in contract[name].columns:
            kinds = {type(row[column.name]) for row in rows} - {type(None)}
            assert kinds <= {python[column.type]}, f"{name}.{column.name}"
            assert column.required <= all(row[column.name] is not None for row in rows), f"{name}.{column.name}"


def test_a_row_has_the_line_on_which_a_person_finds_it():
    text = SAMPLE.read_text(encoding="utf-8").splitlines()
    found = tables(SAMPLE)
    for table, column in (("milestone", "milestone"), ("risk", "risk"), ("measure", "measure"), ("staffing", "people")):
        for row in found[f"raw_plan_{table}"]:
            said = str(row[column]).removesuffix(".0")
            assert said in text[row["line"] - 1], f"{said} is not on line {row['line']}"


def test_a_measure_has_its_place_in_the_plan_and_its_filters_as_json():
    measures = tables(SAMPLE)["raw_plan_measure"]
    assert [(row["measure"], row["position"], row["filters"]) for row in measures] == [
        ("repeats-30d", 1, '{"wiki": "en.demo"}'),
        ("partial-share", 2, "{}"),
    ]


@pytest.mark.parametrize(
    ("starts_in", "first", "last"),
    [
        (7, date(2026, 7, 1), date(2027, 6, 30)),
        (1, date(2027, 1, 1), date(2027, 12, 31)),
        (3, date(2026, 3, 1), date(2027, 2, 28)),
    ],
)
def test_a_fiscal_year_is_named_by_its_end(starts_in, first, last):
    target = tables(SAMPLE, fiscal_year_start=starts_in)["raw_plan_target"][-1]
    assert (target["starts_on"], target["ends_on"], target["value"]) == (first, last, 0.2)


def test_a_month_that_is_not_booked_has_no_spending_and_one_booked_with_nothing_has_0():
    months = tables(SAMPLE)["raw_plan_budget_month"]
    spent = {(row["budget_line"], row["month_on"].month): row["spent_amount"] for row in months}
    assert spent == {
        ("engineering", 7): 38500.5,
        ("engineering", 8): 42100,
        ("engineering", 9): None,
        ("training", 7): 0,
    }


def test_a_plan_needs_only_a_program_and_pillars_and_empty_sections_are_no_fault(written):
    assert set(written("goals:\nrisks: []\n")) == {"raw_plan_program", "raw_plan_pillar"}


# --- faults of one part


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("riskz: []\n", 3, 'Did you mean "risks"?'),
        ("risks:\n  - {id: a, title: A, severity: severe, pillar: tools, owner: lead, opened: 2026-01-01}\n", 4, "'critical'"),
        ("risks:\n  - {id: a, title: A, severity: low, pillar: tools, owner: lead}\n", 4, 'Add "opened"'),
        ("risks:\n  - {id: a, title: '', severity: low, pillar: tools, owner: lead, opened: 2026-01-01}\n", 4, "title"),
        ("risks:\n  - {id: A b, title: A, severity: low, pillar: tools, owner: lead, opened: 2026-01-01}\n", 4, "A b"),
        ("rollouts:\n  - {id: a, title: A, wiki: en.demo, started: 2026-02-30}\n", 4, "a day such as 2026-07-01"),
        ("rollouts:\n  - {id: a, title: A, wiki: en.demo, started: 2026-02-01 10:00:00}\n", 4, "without a time"),
        ("rollouts:\n  - id: a\n    title: A\n    wiki: en.demo\n    started: soon\n", 7, "started is 'soon'"),
        ("people:\n  - {role: a, planned: [{from: 2026-01-01, people: true}], filled: [{from: 2026-01-01, people: 1}]}\n", 4, "number"),
        ("people:\n  - {role: a, planned: [{from: 2026-01-01, people: -1}], filled: [{from: 2026-01-01, people: 1}]}\n", 4, "-1"),
        ("budget: {currency: USD, lines: [{line: a, pillar: tools, months: {2026-13: {planned: 1}}}]}\n", 3, "a month such as"),
        ("budget: {currency: dollars, lines: [{line: a, pillar: tools, months: {2026-01: {planned: 1}}}]}\n", 3, "dollars"),
        ("budget: {currency: USD, lines: [{line: a, pillar: tools, months: {2026-01: {planned: '1,000'}}}]}\n", 3, "1,000"),
        ("projects:\n  - {id: a, title: A, pillar: tools, owner: lead, starts: 2026-01-01, ends: 2026-02-01, state: late}\n", 4, "'paused', 'done' or 'stopped'"),
        ("goals:\n  - {id: a, title: A, pillar: tools, owner: lead, measures: [{id: m, title: M, metric: x, grain: day}]}\n", 4, "'month'"),
        ("rollouts:\n  - {id: a, title: A, wiki: en.demo, started: 2026-02-01\n", 5, ""),  # cut short
    ],
)  # fmt: skip
def test_what_cannot_stand_there_is_told_with_its_line(faults, text, line, says):
    ((found_line, found),) = faults(text)
    assert found_line == line
    assert says in found


# --- faults between parts


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("rollouts:\n  - {id: a, title: A, wiki: x, started: 2026-01-01}\n  - {id: a, title: B, wiki: y, started: 2026-01-01}\n", 5, 'the rollout "a" stands twice, first on line 4'),
        ("escalations: [{id: a, title: A, to: polcy, raised: 2026-01-01}]\n", 3, 'Did you mean "policy"?'),
        ("escalations: [{id: a, title: A, to: lead, raised: 2026-01-02, answered: 2026-01-01}]\n", 3, "answered 2026-01-01, before raised 2026-01-02"),
        ("risks: [{id: a, title: A, severity: low, pillar: tolls, owner: lead, opened: 2026-01-01}]\n", 3, 'Did you mean "tools"?'),
        ("risks: [{id: a, title: A, severity: low, pillar: tools, owner: anna, opened: 2026-01-01}]\n", 3, 'the role "anna" is not in program.roles'),
        ("risks: [{id: a, title: A, severity: low, pillar: tools, owner: lead, opened: 2026-01-02, closed: 2026-01-01}]\n", 3, "before opened"),
        ("projects: [{id: a, title: A, pillar: tools, owner: lead, starts: 2026-02-01, ends: 2026-01-01}]\n", 3, "ends 2026-01-01, before starts 2026-02-01"),
        ("decisions: [{id: a, question: Q, owner: lead, asked: 2026-01-02, needed_by: 2026-02-01, decided: 2026-01-01, outcome: Yes}]\n", 3, "before asked"),
        ("decisions: [{id: a, question: Q, owner: lead, asked: 2026-01-02, needed_by: 2026-02-01, decided: 2026-01-03}]\n", 3, "Add outcome."),
        ("decisions: [{id: a, question: Q, owner: lead, asked: 2026-01-02, needed_by: 2026-02-01, outcome: No}]\n", 3, "Add decided."),
        ("people: [{role: a, planned: [{from: 2026-01-01, people: 1}], filled: [{from: 2026-01-02, people: 1}]}]\n", 3, "Add {from: 2026-01-01, people: 0}"),
        ("evaluations: [{id: a, title: A, owner: lead, written: 2026-01-01, rollouts: [b], measures: [{metric: m, grain: week}]}]\n", 3, 'the rollout "b" is not in rollouts'),
        ("rollouts: [{id: a, title: A, wiki: x, started: 2026-01-01}]\nevaluations: [{id: a, title: A, owner: lead, written: 2026-01-01, rollouts: [a, a], measures: [{metric: m, grain: week}]}]\n", 4, 'names the rollout "a" twice'),
        ("phases:\n  - {id: a, metric: m, from: 2026-01-01, why: W}\n  - {id: a, metric: m, from: 2026-02-01, why: W}\n", 5, 'the phase "a" stands twice, first on line 4'),
        ("people:\n  - role: a\n    filled: [{from: 2026-01-01, people: 1}]\n    planned:\n      - {from: 2026-02-01, people: 1}\n      - {from: 2026-02-01, people: 2}\n", 8, "Sort them."),
    ],
)  # fmt: skip
def test_what_parts_say_wrongly_of_each_other_is_told_with_its_line(faults, text, line, says):
    ((found_line, found),) = faults(text)
    assert found_line == line
    assert says in found


def test_a_program_owner_is_one_of_the_roles(faults):
    head = "program: {title: P, owner: led, roles: [lead]}\npillars: [{id: tools, title: Tools}]\n"
    ((line, found),) = faults("", head)
    assert line == 1
    assert 'Did you mean "lead"?' in found


def goal(*targets: str) -> str:
    lines = "".join(f"          - {{{target}, value: 1}}\n" for target in targets)
    return f"goals:\n  - id: g\n    title: G\n    pillar: tools\n    owner: lead\n    measures:\n      - id: m\n        title: M\n        metric: x\n        grain: month\n        targets:\n{lines}"


@pytest.mark.parametrize(
    ("targets", "lines", "says"),
    [
        (("from: 2026-01-01, to: 2026-06-30", "from: 2026-06-30, to: 2026-12-31"), [15], "begins 2026-06-30, while that of line 14 holds"),
        (("from: 2026-10-01, to: 2026-10-31", "fiscal_year: 2027"), [14], "begins 2026-10-01, while that of line 15 holds"),
        (("from: 2026-01-01, to: 2026-12-31", "from: 2026-02-01, to: 2026-02-28", "from: 2026-05-01, to: 2026-05-31"), [15, 16], "line 14"),
        (("from: 2026-02-01, to: 2026-01-01",), [14], "before it begins"),
        (("from: 2026-02-01",), [14], "from and to, or fiscal_year"),
        (("from: 2026-02-01, to: 2026-03-01, fiscal_year: 2027",), [14], "not both"),
    ],
)  # fmt: skip
def test_targets_of_a_measure_have_one_period_each_and_do_not_overlap(faults, targets, lines, says):
    found = faults(goal(*targets))
    assert [line for line, _ in found] == lines
    assert all(says in text for _, text in found)


def test_targets_may_follow_each_other_without_a_gap(written):
    found = written(goal("from: 2026-07-01, to: 2026-12-31", "from: 2027-01-01, to: 2027-06-30", "fiscal_year: 2028"))
    assert len(found["raw_plan_target"]) == 3


MILESTONES = """\
projects:
  - id: p
    title: P
    pillar: tools
    owner: lead
    starts: 2026-01-01
    ends: 2026-12-31
    milestones:
      - {id: first, title: F, planned: 2026-02-01%s}
      - {id: second, title: S, planned: 2026-03-01, actual: 2026-03-05}
"""


def test_a_milestone_overdue_by_the_plans_own_latest_fact_is_done_or_has_a_forecast(faults):
    ((line, found),) = faults(MILESTONES % "")
    assert line == 11
    assert 'the milestone "first", planned for 2026-02-01, is neither done nor expected' in found


@pytest.mark.parametrize("more", [", forecast: 2026-05-01", ", actual: 2026-01-20"])
def test_a_milestone_with_a_forecast_or_a_day_done_is_no_fault(written, more):
    assert len(written(MILESTONES % more)["raw_plan_milestone"]) == 2


def test_faults_of_parts_and_between_parts_are_told_at_once_in_the_order_of_the_lines(faults):
    found = faults("""\
risks:
  - {id: a, title: A, severity: low, pillar: tools, owner: lead, opened: someday}
  - {id: b, title: B, severity: low, pillar: tools, owner: nobody, opened: 2026-01-01}
  - {id: c, title: C, severity: low, pillar: tools, owner: lead, opened: 2026-01-01, closed: tomorrow}
  - {id: b, title: D, severity: low, pillar: tools, owner: lead, opened: 2026-01-01}
""")
    assert [line for line, _ in found] == [4, 5, 6, 7]
    assert "first on line 5" in found[3][1]  # lines stay right though the wrong entries before it are left out


def test_a_pillar_that_is_wrong_in_itself_is_still_known_where_it_is_named(faults):
    head = "program: {title: P, owner: lead, roles: [lead]}\npillars: [{id: tools}, {id: policy, title: Policy}]\n"
    found = faults("risks: [{id: a, title: A, severity: low, pillar: tools, owner: lead, opened: 2026-01-01}]\n", head)
    assert [line for line, _ in found] == [2]


# --- files that are no plan


def test_an_empty_file_is_named_as_empty(tmp_path):
    (tmp_path / "plan.yml").write_text("# only a comment\n", encoding="utf-8")
    with pytest.raises(FeedFault, match="the file is empty"):
        tables(tmp_path / "plan.yml")


def test_a_file_that_is_no_plan_says_what_is_missing(faults):
    assert [line for line, _ in faults("- a\n- b\n", head="")] == [1]


def test_two_plans_are_one_too_many():
    with pytest.raises(FeedFault, match="2 files are called the plan"):
        tables(SAMPLE, SAMPLE)
