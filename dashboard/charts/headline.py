"""What the week's headline says: which measures changed beyond chance, new ones first; pages and paper say the same.

It computes nothing. Two figures never make a headline: only what a control chart with enough values says does.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal

from dashboard.charts import signals, words
from metrics.progress import Progress

Kind = Literal["worse", "better", "unclear"]

NEW: Final[Mapping[Kind, str]] = {
    "worse": "New this week, worse: {}.",
    "better": "New this week, better: {}.",
    "unclear": "New this week, unclear whether better: {}.",
}
LASTING: Final[Mapping[Kind, str]] = {
    "worse": "Still worse: {}.",
    "better": "Still better: {}.",
    "unclear": "Still unclear whether better: {}.",
}
MOST: Final = 3
NOTHING: Final = "No measure has a settled value yet."


def headline(measures: Sequence[Progress], since: date) -> str:
    """What an executive must know of the measures, in a few sentences. since: what is settled from this day is new."""
    if all(one.last is None for one in measures):
        return NOTHING
    told = [one for one in measures if signals.run(one.course) is not None]
    new = [one for one in told if is_new(one, since)]
    lasting = [one for one in told if one not in new]
    if not told:
        return _nothing_changed(measures)
    start = [] if new else ["Nothing new this week."]
    return " ".join([*start, *_sentences(new, NEW), *_sentences(lasting, LASTING)])


def is_new(one: Progress, since: date) -> bool:
    """Whether its course says something that it did not say before, by a figure that was not settled before `since`."""
    found = signals.run(one.course)
    if found is None or not found.is_new or one.last is None:
        return False
    return one.last.end + timedelta(days=1 + one.released.metric.days_to_settle) > since


def rest(measures: Sequence[Progress]) -> str:
    """The measures of which the headline says nothing, and why; "" where there are none."""
    quiet = [one for one in measures if one.last is not None and signals.run(one.course) is None]
    usual = sum(signals.can_tell(one.course) for one in quiet)
    few = len(quiet) - usual
    parts = []
    if usual:
        parts.append(f"{words.count(usual, 'measure is', 'measures are')} within what is usual")
    if few:
        parts.append(f"{words.count(few, 'measure has', 'measures have')} too few values to tell")
    return f"{'; '.join(parts)}." if parts else ""


def outlook(measures: Sequence[Progress]) -> str:
    """The measures that will miss their target if nothing changes; "" where there are none."""
    failing = [one.title for one in measures if _will_miss(one)]
    return f"Will miss the target if nothing changes: {few_of(failing)}." if failing else ""


def few_of(titles: Sequence[str], most: int = MOST) -> str:
    """The first titles, and how many more there are."""
    if len(titles) <= most:
        return words.listed(list(titles))
    return f"{', '.join(titles[:most])} and {len(titles) - most} more"


def _will_miss(one: Progress) -> bool:
    found = signals.assurance(one.course)
    return found is not None and found.tone == "bad"


def _nothing_changed(measures: Sequence[Progress]) -> str:
    known = [one for one in measures if one.last is not None]
    usual = sum(signals.can_tell(one.course) for one in known)
    few = len(known) - usual
    if not usual:
        return f"Nothing can be told yet: {words.count(few, 'measure has', 'measures have')} too few values."
    all_of = "the one measure" if usual == 1 else f"all {usual} measures"
    if not few:
        return f"Nothing new: {all_of} {'is' if usual == 1 else 'are'} within what is usual."
    judged = f"{all_of} that can be judged {'is' if usual == 1 else 'are'} within what is usual"
    return f"Nothing new: {judged}; {few} {'has' if few == 1 else 'have'} too few values to tell."


def _sentences(measures: Sequence[Progress], patterns: Mapping[Kind, str]) -> Iterator[str]:
    found: dict[Kind, list[str]] = defaultdict(list)
    for one in measures:
        found[_kind(one)].append(f"{one.title} ({_aside(one)})")
    for kind, pattern in patterns.items():
        if found[kind]:
            yield pattern.format(few_of(found[kind]))


def _kind(one: Progress) -> Kind:
    last = one.course.last
    tone = signals.variation(one.course).tone
    if tone == "plain" or (last is not None and last.conflicts):
        return "unclear"
    return "better" if tone == "good" else "worse"


def _aside(one: Progress) -> str:
    """Since when, and what else must be known: "since 12 Oct 2026", "higher since Dec 2025, trial limits"."""
    when = signals.when(one.course)
    parts = [f"{signals.variation(one.course).words.lower()} {when}" if _kind(one) == "unclear" else when]
    if one.course.last is not None and one.course.last.conflicts:
        parts.append("another rule points the other way")
    if one.course.trial:
        parts.append("trial limits")
    return ", ".join(parts)
