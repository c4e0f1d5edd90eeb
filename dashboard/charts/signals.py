"""What a control chart says, in words and symbols, wherever a person reads it: pages and paper say the same.

It computes nothing and draws nothing. Where neither way is better, nothing is ever called better or worse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, Literal

from dashboard.charts import words
from metrics.course import Course, Place, Run
from metrics.stats.control_chart import FEWEST_FOR_FIRM_LIMITS, Assurance, Verdict
from metrics.stats.signals import CLOSE_POINTS, SHIFT_POINTS
from metrics.stats.spc import Chart

Tone = Literal["good", "bad", "open", "plain"]

FEWEST_TO_TELL: Final = SHIFT_POINTS  # neither a shift nor a trend can be seen in fewer values
VERDICTS: Final[Mapping[Verdict, str]] = {
    "improvement": "Better",
    "concern": "Worse",
    "high": "Higher",
    "low": "Lower",
    "common": "As usual",
}
TONES: Final[Mapping[Verdict, Tone]] = {
    "improvement": "good",
    "concern": "bad",
    "high": "plain",
    "low": "plain",
    "common": "plain",
}
ARROWS: Final = {"up": "↗", "down": "↘"}
CHARTS: Final[Mapping[Chart, str]] = {
    "xmr": "individuals chart (XmR)",
    "p": "chart of shares (p)",
    "p_prime": "chart of shares with large denominators (p′)",
    "u": "chart of rates (u)",
    "u_prime": "chart of rates with large denominators (u′)",
    "c": "chart of counts (c)",
    "g": "chart of cases between events (g)",
    "t": "chart of times between events (t)",
}
TOO_FEW: Final = "Too few values to tell"
TOO_MANY_WITHHELD: Final = "Too many periods are withheld to tell"
CANNOT_TELL: Final = "whether that is better it cannot tell"


@dataclass(frozen=True)
class Sign:
    """A symbol and the words that say the same; tone: its colour, which never carries it alone."""

    symbol: str
    words: str
    tone: Tone

    def __str__(self) -> str:
        return f"{self.symbol} {self.words}"


ASSURANCES: Final[Mapping[Assurance, Sign]] = {
    "pass": Sign("◎", "Will meet the target", "good"),
    "fail": Sign("△", "Will miss the target", "bad"),
    "inconsistent": Sign("◇", "May or may not meet the target", "open"),
}


def run(course: Course) -> Run | None:
    """What the course says at its end, where enough values stand behind it."""
    return course.run if can_tell(course) else None


def can_tell(course: Course) -> bool:
    """Whether the last phase has so many settled values, and so few withheld ones, that anything can be said."""
    return course.known_count >= FEWEST_TO_TELL and not course.is_selective


def variation(course: Course) -> Sign:
    """Direction and verdict of the newest settled value: "↘ Better", "↗ Higher", "≈ As usual"."""
    found = run(course)
    if found is not None:
        return Sign(ARROWS[found.direction], VERDICTS[found.verdict], TONES[found.verdict])
    if course.last is None:
        return Sign("○", "No value yet", "plain")
    if can_tell(course):
        return Sign("≈", VERDICTS["common"], "plain")
    return Sign("○", TOO_FEW if course.known_count < FEWEST_TO_TELL else TOO_MANY_WITHHELD, "plain")


def assurance(course: Course) -> Sign | None:
    """Whether the target will be met if nothing changes; None where it has none, or too few values tell.

    None, too, where something has changed and the newest value is on the other side of the target than all that was
    usual: the limits hold what was before.
    """
    if course.assurance is None or not can_tell(course) or _is_outdated(course):
        return None
    return ASSURANCES[course.assurance]


def _is_outdated(course: Course) -> bool:
    value = course.last.figure.value if course.last is not None else None
    if course.run is None or course.assurance == "inconsistent" or value is None or course.target is None:
        return False
    better, target = course.released.metric.better, course.target
    is_met = value <= target if better == "lower" else value >= target
    return is_met == (course.assurance == "fail")


def outlook(course: Course) -> str:
    """The assurance with its reason: "Will meet the target if nothing changes: all that is usual lies below it."."""
    found = assurance(course)
    if found is None:
        return ""
    below = (course.assurance == "pass") == (course.released.metric.better == "lower")
    side = "on both sides of it" if course.assurance == "inconsistent" else "below it" if below else "above it"
    usual = "what is usual lies" if course.assurance == "inconsistent" else "all that is usual lies"
    return f"{found.words} if nothing changes: {usual} {side}."


def brief(course: Course) -> str:
    """Symbol, verdict and since when, where space is short: "↘ Better since 12 Oct 2026"."""
    return f"{variation(course)} {when(course)}".strip()


def when(course: Course) -> str:
    """Since when, as "since 12 Oct 2026" or "since Oct 2026"; of one period alone "in week 46"; "" where nothing is."""
    found = run(course)
    if found is None:
        return ""
    first = _members(course, found)[0].figure
    by, metric = course.released.by, course.released.metric
    if found.periods == 1:
        return f"in {'the wave of ' if metric.kind == 'survey_share' else ''}{words.short_period(first, by)}"
    return f"since {words.day(first.start) if by == 'week' else words.short_period(first, by)}"


def sentence(course: Course) -> str:
    """What the course says: "Better since 12 Oct 2026: 8 weeks above the mean."."""
    if course.last is None:
        return "No settled value yet."
    if course.known_count < FEWEST_TO_TELL:
        return f"{TOO_FEW}: {_known(course)}."
    if course.is_selective:
        return f"{TOO_MANY_WITHHELD}: those that may be shown are not like the others."
    found = run(course)
    if found is None:
        return f"No change beyond the usual{_usual(course)}.{_trial(course)}"
    cannot = f"; {CANNOT_TELL}" if course.released.metric.better == "neither" else ""
    conflict = " Another rule points the other way." if course.last.conflicts else ""
    lead = f"{VERDICTS[found.verdict]} {when(course)}"
    return f"{lead}: {_rule(course, found)}{cannot}.{conflict}{_trial(course)}"


def notes(course: Course) -> tuple[str, ...]:
    """How to read it: which chart and why, what cannot be compared, and which limits are old."""
    if course.last is None:
        return ()
    apart = [
        f"Values before {words.day(one.starts_on)} mean something else: {one.why}."
        for one in course.phases
        if not one.is_comparable
    ]
    drawn = course.why if course.is_selective else f"Drawn as {CHARTS[course.chart]}. {course.why}"
    return (drawn, *apart, *_lasting(course))


def _lasting(course: Course) -> Sequence[str]:
    """Limits that still hold what was before say little; but that there is another usual is for somebody to decide."""
    found = run(course)
    if found is None or found.periods < FEWEST_FOR_FIRM_LIMITS:
        return ()
    since = f"This has lasted for {_periods(course, found.periods)}, and the limits still hold what was before"
    return (f"{since}: where the reason is known, a phase in the plan draws them anew.",)


def _known(course: Course) -> str:
    """ "5 of 13", or "5 of 13 since 2 Mar 2026" where what came before has limits of its own."""
    begun = max((one.starts_on for one in course.phases), default=None)
    since = "" if begun is None else f" since {words.day(begun)}"
    return f"{course.known_count} of {FEWEST_FOR_FIRM_LIMITS}{since}"


def _trial(course: Course) -> str:
    return f" Trial limits, which may still move: {_known(course)} values." if course.trial else ""


def _usual(course: Course) -> str:
    """Between which values: ": between 11.2 % and 14.0 %"; what no value can be is left out."""
    last, metric = course.last, course.released.metric
    if last is None or last.lower is None or last.upper is None:
        return ""
    values = [one.value for one in course.released.figures if one.value is not None]
    lower, upper = words.number(last.lower, metric.unit), words.number(last.upper, metric.unit)
    has_floor = last.lower > 0 or min(values) < 0
    has_ceiling = last.upper < 1 or metric.unit != "share" or max(values) > 1
    if lower == upper:
        return f": {lower}"
    if has_floor and has_ceiling:
        return f": between {lower} and {upper}"
    return f": up to {upper}" if has_ceiling else f": {lower} or more" if has_floor else ""


def _rule(course: Course, found: Run) -> str:
    """By which rule, over how many periods: "8 weeks above the mean"."""
    members, is_up = _members(course, found), found.direction == "up"
    side, limit = "above" if is_up else "below", "upper" if is_up else "lower"
    same = sum(one.signal == found.signal for one in members)
    match found.signal:
        case "shift":
            beyond = sum(1 for _ in takewhile(lambda one: _is_beyond(one, is_up), reversed(members)))
            return f"{_periods(course, beyond)} {side} the mean"
        case "trend":
            return f"{_periods(course, max(same, SHIFT_POINTS))} {'rising' if is_up else 'falling'}"
        case "outside":
            many = f"{same} of " if same < len(members) else ""
            told = "" if len(members) == 1 else f"{many}{_periods(course, len(members))} "
            return f"{told}{side} the {limit} limit"
        case "two_of_three":
            all_close = same == len(members) >= CLOSE_POINTS
            told = _periods(course, same) if all_close else f"two of three {_noun(course, CLOSE_POINTS)}"
            return f"{told} near the {limit} limit"


def _members(course: Course, found: Run) -> Sequence[Place]:
    return [one for one in course.places if one.is_settled][-found.periods :]


def _is_beyond(place: Place, is_up: bool) -> bool:
    value, center = place.figure.value, place.center
    return value is not None and center is not None and (value > center if is_up else value < center)


def _periods(course: Course, count: int) -> str:
    return f"{count} {_noun(course, count)}"


def _noun(course: Course, count: int) -> str:
    noun = "wave" if course.released.metric.kind == "survey_share" else words.GRAIN_WORDS[course.released.by]
    return noun if count == 1 else f"{noun}s"
