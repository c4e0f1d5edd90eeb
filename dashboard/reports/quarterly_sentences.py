"""The measures of the quarterly report in whole sentences, which stand in `quarterly_phrases`. It asks nothing."""

from collections.abc import Mapping

from dashboard.charts import signals, words
from dashboard.reports import quarterly_phrases as phrases
from dashboard.reports.community_text import Month, Place, Text, Words, say
from dashboard.reports.quarterly_figures import absence, amount, form
from dashboard.reports.quarterly_measures import Measure
from metrics.answer import Figure, Released
from metrics.semantic.model import Metric


def lines(measure: Measure) -> tuple[Text, ...]:
    """One measure: this quarter, the value before, the target, and whether the change is more than chance.

    Where enough quarters are known, also whether it is more than usual.
    """
    found = [_now(measure), _before(measure), _aim(measure), _change(measure), _course(measure)]
    return tuple(one for one in found if one)


def missed(measure: Measure) -> Text:
    """A target that was not reached, said plainly."""
    now, standing = measure.now, measure.standing
    if now is None or standing.target is None:
        raise ValueError(f"{standing.title} has missed no target")
    metric = standing.released.metric
    key, value = form(now, metric)
    pattern = f"{{title}}. {phrases.NOW[key]} {_bound(metric)[metric.unit]}"
    return say(
        pattern, title=Words(standing.title), value=value, target=amount(standing.target, metric.unit, exact=True)
    )


def _now(measure: Measure) -> Text:
    now, released = measure.now, measure.released
    if now is None or now.value is None:
        key = absence(now, released.metric) if now else "no_data"
        if key == "no_data" and released.metric.kind == "survey_share":
            key = "no_survey"
        return say(phrases.ABSENT[key])
    more = {"maturing": f" {phrases.CAN_CHANGE}", "partial": f" {phrases.INCOMPLETE}"}.get(now.state, "")
    return _told(now, released, phrases.NOW, {}, more)


def _before(measure: Measure) -> Text:
    before = measure.before
    if before is None:
        return say(phrases.NO_EARLIER)
    if (measure.quarter.start - before.end).days == 1:
        return _told(before, measure.released, phrases.QUARTER_BEFORE, {})
    span: dict[str, Place] = {"first": Month(before.start), "last": Month(before.end)}
    return _told(before, measure.released, phrases.EARLIER, span)


def _told(
    one: Figure, released: Released, patterns: Mapping[str, str], span: Mapping[str, Place], more: str = ""
) -> Text:
    """A figure with its likely range, where it has one, in whole sentences."""
    unit = released.metric.unit
    key, value = form(one, released.metric)
    bounds = {"low": one.low, "high": one.high}
    known = {name: amount(bound, unit) for name, bound in bounds.items() if bound is not None}
    both = phrases.RANGE_SHARE if unit == "share" else phrases.RANGE
    likely = {("low", "high"): both, ("low",): phrases.RANGE_FROM, ("high",): phrases.RANGE_TO}.get(tuple(known), "")
    pattern = f"{patterns[key]} {likely}".rstrip() + more
    return say(pattern, value=value, **known, **span)


def _aim(measure: Measure) -> Text:
    standing, metric = measure.standing, measure.released.metric
    if not metric.judged:
        return say(phrases.NOT_JUDGED)
    if not measure.is_settled:
        return say(phrases.NOT_COMPARED)
    if standing.target is None:
        return say(phrases.NO_TARGET)
    pattern = f"{_bound(metric)[metric.unit]} {phrases.STATUS[standing.status]}"
    return say(pattern, target=amount(standing.target, metric.unit, exact=True))


def _bound(metric: Metric) -> Mapping[str, str]:
    return phrases.LEAST if metric.better == "higher" else phrases.MOST


def _change(measure: Measure) -> Text | None:
    standing = measure.standing
    if not measure.is_settled or standing.change is None:
        return None
    if abs(standing.change) < 1e-9:
        return say(phrases.CHANGE["same"])
    if standing.change_is_clear is None:
        return say(phrases.CHANGE["unknown"])
    return say(phrases.CHANGE[words.judgement(standing) if standing.change_is_clear else "chance"])


def _course(measure: Measure) -> Text | None:
    """What all its quarters say together; that it is as usual only where the change alone would say otherwise."""
    standing = measure.standing
    if not measure.is_settled or not signals.can_tell(standing.course):
        return None
    found = signals.run(standing.course)
    if found is None:
        return say(phrases.COURSE["common"]) if standing.change_is_clear else None
    return say(phrases.COURSE[found.verdict])
