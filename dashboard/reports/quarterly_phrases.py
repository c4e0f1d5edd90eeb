"""Every sentence of the quarterly report that holds a number, whole, so that it can be translated as it stands.

It touches nothing. Keys are units, "under" and "over" for shares that would round to 0 or 100 %. A sentence never
depends on how great a number is: a translation must hold for the next quarter too.
"""

from collections.abc import Mapping
from typing import Final

NOW: Final[Mapping[str, str]] = {
    "share": "This quarter: {value}\u00a0%.",
    "under": "This quarter: less than {value}\u00a0%.",
    "over": "This quarter: more than {value}\u00a0%.",
    "hours": "This quarter, in hours: {value}.",
    "days": "This quarter, in days: {value}.",
    "people": "This quarter, in people: {value}.",
    "rate": "This quarter, as a rate: {value}.",
    "money": "This quarter, in the currency of the plan: {value}.",
    "count": "This quarter: {value}.",
}
QUARTER_BEFORE: Final[Mapping[str, str]] = {
    "share": "The quarter before: {value}\u00a0%.",
    "under": "The quarter before: less than {value}\u00a0%.",
    "over": "The quarter before: more than {value}\u00a0%.",
    "hours": "The quarter before, in hours: {value}.",
    "days": "The quarter before, in days: {value}.",
    "people": "The quarter before, in people: {value}.",
    "rate": "The quarter before, as a rate: {value}.",
    "money": "The quarter before, in the currency of the plan: {value}.",
    "count": "The quarter before: {value}.",
}
EARLIER: Final[Mapping[str, str]] = {
    "share": "The last value before this quarter is from {first} to {last}: {value}\u00a0%.",
    "under": "The last value before this quarter is from {first} to {last}: less than {value}\u00a0%.",
    "over": "The last value before this quarter is from {first} to {last}: more than {value}\u00a0%.",
    "hours": "The last value before this quarter is from {first} to {last}. In hours: {value}.",
    "days": "The last value before this quarter is from {first} to {last}. In days: {value}.",
    "people": "The last value before this quarter is from {first} to {last}. In people: {value}.",
    "rate": "The last value before this quarter is from {first} to {last}. As a rate: {value}.",
    "money": "The last value before this quarter is from {first} to {last}. In the currency of the plan: {value}.",
    "count": "The last value before this quarter is from {first} to {last}: {value}.",
}
RANGE: Final = "The likely range is from {low} to {high}."
RANGE_SHARE: Final = "The likely range is from {low}\u00a0% to {high}\u00a0%."
RANGE_FROM: Final = "It is likely to be {low} or more."
RANGE_TO: Final = "It is likely to be {high} or less."
CAN_CHANGE: Final = "This number can still change."
INCOMPLETE: Final = "The data do not cover the whole quarter."

MOST: Final[Mapping[str, str]] = {
    "share": "The target was at most {target}\u00a0%.",
    "hours": "The target, in hours, was at most {target}.",
    "days": "The target, in days, was at most {target}.",
    "people": "The target, in people, was at most {target}.",
    "rate": "The target, as a rate, was at most {target}.",
    "money": "The target, in the currency of the plan, was at most {target}.",
    "count": "The target was at most {target}.",
}
LEAST: Final[Mapping[str, str]] = {
    "share": "The target was at least {target}\u00a0%.",
    "hours": "The target, in hours, was at least {target}.",
    "days": "The target, in days, was at least {target}.",
    "people": "The target, in people, was at least {target}.",
    "rate": "The target, as a rate, was at least {target}.",
    "money": "The target, in the currency of the plan, was at least {target}.",
    "count": "The target was at least {target}.",
}
STATUS: Final[Mapping[str, str]] = {
    "met": "It was met.",
    "missed": "It was missed.",
    "unclear": "The number is too close to the target to say whether it was met.",
}
NO_TARGET: Final = "There was no target."
NOT_JUDGED: Final = "More is neither better nor worse here, so there was no target."
NOT_COMPARED: Final = "There is no settled number for this quarter, so we do not compare it with a target."

ABSENT: Final[Mapping[str, str]] = {
    "withheld": "This quarter: withheld.",
    "no_data": "This quarter: no data.",
    "no_survey": "This quarter: no value. No survey ended in it.",
    "too_early": "This quarter: too early to say.",
    "not_reached": "This quarter: not known yet. Too many cases are still open.",
}
NO_EARLIER: Final = "There is no earlier value to compare with."

CHANGE: Final[Mapping[str, str]] = {
    "same": "The number did not change.",
    "better": "The change is clear. It is an improvement.",
    "worse": "The change is clear. It got worse.",
    "rose": "The number clearly rose. That is not good or bad by itself.",
    "fell": "The number clearly fell. That is not good or bad by itself.",
    "chance": "The change may be chance.",
    "unknown": "We cannot say whether the change is more than chance.",
}
COURSE: Final[Mapping[str, str]] = {
    "improvement": "As far as so few quarters can tell, it is better than the usual ups and downs.",
    "concern": "As far as so few quarters can tell, it is worse than the usual ups and downs.",
    "high": "As far as so few quarters can tell, it is higher than the usual ups and downs.",
    "low": "As far as so few quarters can tell, it is lower than the usual ups and downs.",
    "common": "As far as so few quarters can tell, it is still within the usual ups and downs.",
}

CELL: Final[Mapping[str, str]] = {
    "under": "less than {value}",
    "over": "more than {value}",
    "withheld": "withheld",
    "no_data": "no data",
    "too_early": "too early to say",
    "not_reached": "not known yet",
    "partial": "{value} so far",
    "incomplete": "{value}, not complete",
}
UNIT: Final[Mapping[str, str]] = {
    "share": "percent",
    "hours": "hours",
    "days": "days",
    "people": "people",
    "rate": "rate",
    "money": "money",
    "count": "number",
}
BY: Final[Mapping[str, str]] = {"wiki": "{title}: by wiki and month", "language": "{title}: by language and month"}
ALL: Final[Mapping[str, str]] = {"wiki": "All wikis", "language": "All languages"}
MEMBER: Final[Mapping[str, str]] = {"wiki": "Wiki", "language": "Language"}
