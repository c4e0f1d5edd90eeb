"""What was planted in the demo program's data, and what was not, so that a test can look for it.

It makes no data: the other modules read their sizes and dates from here.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Effect:
    """Something that changes: `metric` is near `before` until `since` and near `after` from then on.

    where: filters of the metric, such as (("wiki", "ru.demo"),). rollout: its id in plan.yml, before the wiki's code.
    tolerance: how far the generated data may be from `before` and `after`.
    """

    what: str
    metric: str
    where: tuple[tuple[str, str], ...]
    since: date
    before: float
    after: float
    tolerance: float
    rollout: str


@dataclass(frozen=True)
class NonEffect:
    """Something that must not seem to change at `since`: `metric` differs by no more than `tolerance` before and after.

    relative: the tolerance is a share of the value before (for counts per week), else a difference.
    """

    what: str
    metric: str
    where: tuple[tuple[str, str], ...]
    since: date
    tolerance: float
    relative: bool = False


@dataclass(frozen=True)
class Steady:
    """A share that stays near one value all the time."""

    what: str
    metric: str
    value: float
    tolerance: float


@dataclass(frozen=True)
class SurveyTruth:
    """The share among all people of the strata, not only those who answered, in one wave."""

    wave: str
    closed_on: date
    felt_unsafe: float
    witnessed_harassment: float
    knows_where_to_report: float
    trusts_process: float


@dataclass(frozen=True)
class Broken:
    """Rows of one file that were broken on purpose and belong into quarantine."""

    file: str
    rows: int
    why: str


@dataclass(frozen=True)
class Planted:
    """Everything that is known of the demo program because we put it there."""

    effects: tuple[Effect, ...]
    non_effects: tuple[NonEffect, ...]
    steady: tuple[Steady, ...]
    survey: tuple[SurveyTruth, ...]
    broken: tuple[Broken, ...]


FIRST_DAY = date(2024, 10, 1)
AS_OF = date(2026, 11, 19)  # nothing of this day or later is known

PARTIAL_SHARE = (0.05, 0.25)
PARTIAL_SINCE = {"ar.demo": date(2025, 9, 15), "ja.demo": date(2026, 2, 16)}

REBLOCKED_WITHIN_30D = (0.30, 0.18)
POLICY_SINCE = {"ru.demo": date(2025, 12, 1)}

FIRST_RESPONSE_MEDIAN_HOURS = (30.0, 16.0)
TRIAGE_SINCE = date(2026, 3, 2)

REPORT_BUTTON_SINCE = date(2026, 6, 8)
REPORT_BUTTON_FACTOR = 2.0

EMERGENCY_SHARE = 0.02
EMERGENCIES_ACKNOWLEDGED_SHARE = 0.90  # within an hour; the others wait for more than a day

TICKETS_WITH_BAD_TIMES = 7
TICKETS_OUT_OF_ORDER = 5
CUT_LOG_PARAMETERS = 3

REPORTS_THROUGH_SHARE = 0.80  # of those who start to write; the rest is given up, or turned away
REPORTS_ABANDONED_SHARE = 0.14
CUT_EVENTS = 4

HISTORY_UNTIL = date(2026, 11, 1)  # the newest history dumps end with October
RETAINED_SHARE = 0.07  # of the accounts that edit in their first 30 days come back in the next 30
EDITS_TOLD_TWICE = 4
STRAY_TABS = 3

SURVEY_PREVIEWS = 4  # of each Qualtrics wave
SURVEY_INCOMPLETE = 40  # of each wave
SURVEY_REPEATED_TOKENS = 9  # of each wave: people who answered twice, their first answers

SURVEY = (
    SurveyTruth("2025-spring", date(2025, 4, 13), 0.22, 0.31, 0.38, 0.36),
    SurveyTruth("2025-autumn", date(2025, 10, 12), 0.19, 0.29, 0.43, 0.38),
    SurveyTruth("2026-spring", date(2026, 4, 12), 0.17, 0.27, 0.52, 0.41),
    SurveyTruth("2026-autumn", date(2026, 10, 18), 0.17, 0.26, 0.58, 0.43),
)


def _partial_blocks(wiki: str, rollout: str) -> Effect:
    what = f"The partial-block tool reaches {wiki}: more blocks cover only part of the wiki."
    return Effect(what, "partial_block_share", (("wiki", wiki),), PARTIAL_SINCE[wiki], *PARTIAL_SHARE, 0.025, rollout)


def _no_partial_blocks(wiki: str, since: date) -> NonEffect:
    where = (("wiki", wiki), ("performer_kind", "person"))
    return NonEffect(f"The partial-block tool did not reach {wiki}.", "partial_block_share", where, since, 0.025)


def _recidivism_elsewhere(wiki: str) -> NonEffect:
    what = f"The second-chance policy is not in force on {wiki}."
    return NonEffect(what, "block_recidivism_30d", (("wiki", wiki),), POLICY_SINCE["ru.demo"], 0.04)


def _not_to_count(wave: str) -> Broken:
    """Autumn waves are LimeSurvey's, which exports no previews."""
    rows = SURVEY_INCOMPLETE + SURVEY_REPEATED_TOKENS + (0 if "autumn" in wave else SURVEY_PREVIEWS)
    return Broken(
        f"feeds/survey-{wave}.csv", rows, "unfinished, previews, and first answers of those who answered twice"
    )


PLANTED = Planted(
    effects=(
        _partial_blocks("ar.demo", "partial-blocks-ar"),
        _partial_blocks("ja.demo", "partial-blocks-ja"),
        Effect(
            "The second-chance policy on ru.demo: fewer of those whose block ended are blocked again.",
            "block_recidivism_30d",
            (("wiki", "ru.demo"),),
            POLICY_SINCE["ru.demo"],
            *REBLOCKED_WITHIN_30D,
            0.03,
            "second-chance-policy",
        ),
        Effect(
            "The help desk sorts cases on arrival: the median first response is halved.",
            "first_response_median_hours",
            (),
            TRIAGE_SINCE,
            *FIRST_RESPONSE_MEDIAN_HOURS,
            2.0,
            "help-desk-triage",
        ),
        Effect(
            "The report button doubles the cases opened in a week. Reports are not harm.",
            "cases_opened",
            (),
            REPORT_BUTTON_SINCE,
            67.0,
            134.0,
            10.0,
            "report-button",
        ),
    ),
    non_effects=(
        *(_no_partial_blocks(wiki, PARTIAL_SINCE["ar.demo"]) for wiki in ("en.demo", "hi.demo", "ru.demo")),
        *(_recidivism_elsewhere(wiki) for wiki in ("en.demo", "ja.demo", "ar.demo")),
        NonEffect(
            "The report button does not change who feels unsafe: the wave after it says what the wave before it said.",
            "felt_unsafe_share",
            (),
            REPORT_BUTTON_SINCE,
            0.01,
        ),
        NonEffect(
            "Twice the cases do not slow the first response.",
            "first_response_median_hours",
            (),
            REPORT_BUTTON_SINCE,
            2.0,
        ),
        NonEffect(
            "Temporary accounts are not new editors: people register as often as before.",
            "new_accounts",
            (("wiki", "en.demo"), ("account_kind", "self_made")),
            date(2026, 2, 1),
            0.08,
            relative=True,
        ),
    ),
    steady=(
        Steady(
            "Nine of ten emergencies are acknowledged within an hour.",
            "emergencies_acknowledged_share",
            EMERGENCIES_ACKNOWLEDGED_SHARE,
            0.04,
        ),
        Steady(
            "Four of five who start a report get it through.", "report_submission_share", REPORTS_THROUGH_SHARE, 0.04
        ),
        Steady(
            "Of the newcomers who edit in their first month seven of a hundred do in the next.",
            "new_editor_retention_share",
            RETAINED_SHARE,
            0.012,
        ),
        Steady("One of seven gives a report up.", "report_abandonment_share", REPORTS_ABANDONED_SHARE, 0.04),
    ),
    survey=SURVEY,
    broken=(
        Broken("feeds/tickets.csv", TICKETS_WITH_BAD_TIMES, "a time that is none"),
        Broken("feeds/tickets.csv", TICKETS_OUT_OF_ORDER, "a response or resolution before the case was opened"),
        *(_not_to_count(one.wave) for one in SURVEY),
        Broken(
            f"feeds/ru-{AS_OF:%Y%m%d}-pages-logging.xml.gz", CUT_LOG_PARAMETERS, "block parameters that were cut off"
        ),
        Broken("feeds/2026-10.en.demo.2026.tsv.gz", STRAY_TABS, "a text with a tab that was not escaped"),
        Broken("feeds/2026-10.en.demo.2026.tsv.gz", EDITS_TOLD_TWICE, "an edit that stands there twice"),
        Broken("feeds/editors.jsonl", 1, "an answer that says that there is nothing"),
        Broken("feeds/incident-reports.jsonl.gz", CUT_EVENTS, "events that were cut off"),
    ),
)
