"""Why something is not told, in words that stand behind a colon: no funnel, no outlook, no verdict.

It decides nothing: whoever computes says which of the reasons it is.
"""

from collections.abc import Mapping
from typing import Final

from dashboard.charts import words
from metrics import comparison, finding, outlook
from metrics.finding import Finding

UNLIKE_THE_WHOLE: Final = "too many periods are withheld, and those that may be shown are not like the others"
NO_FUNNEL: Final[Mapping[comparison.Why, str]] = {
    "no_share": "it is no share of cases, so its size does not say how much chance leaves",
    "not_counted": "it is no share of counted cases, so its size does not say how much chance leaves",
    "no_period": "no period is settled yet",
    "too_few": "it takes three that may be shown",
    "no_whole": "some are withheld, and so is what all have together",
}
NO_OUTLOOK: Final[Mapping[outlook.NoOutlookWhy, str]] = {
    "neither": "neither higher nor lower is better, so there is nothing to be ahead of",
    "no_target": "there is no target for exactly this",
    "no_periods": "there is one figure for the whole time, and so no way to go",
    "withheld": UNLIKE_THE_WHOLE,
}
NO_CHANCE: Final[Mapping[outlook.NoChanceWhy, str]] = {
    "over": "the time of the target is over",
    "no_value": "no value is settled yet",
    "new_usual": "the control chart says that something changed, so the past says little of what is to come",
    "gap": "a value is missing, and those after it are too few",
    "few": "too few values are settled",
    "far": "its end is further off than half of what is known",
}
NO_VERDICT: Final[Mapping[finding.Reason, str]] = {
    "not_begun": "it has not begun yet",
    "elsewhere": "it is judged on a wiki that it has not reached",
    "no_metric": "the catalogue has no such metric, or not by these periods or parts",
    "at_once": "something else that is judged by this metric began at the same time: {other}",
    "no_figures": "there are no settled figures to compare",
    "withheld": UNLIKE_THE_WHOLE,
    "too_little_before": "too little is known of the time before",
    "too_little_after": "it began too recently",
    "nothing_to_compare": "no wiki is left to compare with",
    "as_before": "the same computation finds as much in the time before, when nothing began",
    "neither": "whether that is better, this metric does not say",
    "statistics": "the statistics give none: {why}",
}


def no_verdict(one: Finding) -> str:
    """Why a finding has none, with what else began or the statistics' own sentence; "" where it has one."""
    if one.reason is None:
        return ""
    return NO_VERDICT[one.reason].format(other=words.listed([cut.title for cut in one.basis.cut]), why=one.why)
