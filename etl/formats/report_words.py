"""The words of the report form's events that pass the door; whatever else they say stays outside.

Context of an event can hold who was reported and what somebody wrote: of it only words of closed lists are read.
"""

import re
from collections.abc import Mapping
from typing import Any

from etl.formats.json_answers import parsed

BEHAVIOURS = (
    "doxing", "hate-or-discrimination", "intimidation", "sexual-harassment", "spam", "trolling", "something-else",
    "sockpuppetry", "vandalism", "userdispute", "disruptiveediting", "other",
)  # fmt: skip
EARLIER = {
    "hate-speech-or-discrimination": "hate-or-discrimination",
    "intimidation-aggression": "intimidation",
    "intimidation-agression": "intimidation",  # so spelt in the form's first version
}
EMERGENCY, ORDINARY = "immediate-threat-physical-harm", "unacceptable-user-behavior"
HARMS = {"physical": "physical", "self": "self", "public": "public"}
HARM_TYPES = {"threats-physical-harm": "physical", "threats-self-harm": "self", "threats-public-harm": "public"}
SOURCES = (
    "form", "email_verification", "describe_unacceptable_behavior", "submit_report", "submit", "submitted",
    "direct_reporting", "direct_reporting_confirmation", "api",
)  # fmt: skip
SUPPORT, ENTRY = "get_support", "entry"
SUBTYPES = ("report", "continue", "back", "cancel", "close", "submit_report", "direct_reporting")
BUCKETS = ("0", "1-4", "5-99", "100-999", "1000+")
_CUT_TYPE = re.compile(r'\s*\{\s*"type"\s*:\s*"([a-z-]{1,40})"')  # the first key; what is cut off comes behind it


def source(word: str | None) -> str | None:
    """The part of the form that an event comes from; any other name is that of a link that leads to it."""
    if word is None or word in SOURCES:
        return word
    return SUPPORT if word.startswith(f"{SUPPORT}_") else ENTRY


def subtype(word: str | None) -> str | None:
    """What was clicked; a word that is not known is "other"."""
    return word if word is None or word in SUBTYPES else "other"


def behaviour(word: str | None) -> str | None:
    """The kind of behaviour, from the closed list; a word that is not in it is "other"."""
    if word is None:
        return None
    known = EARLIER.get(word, word)
    return known if known in BEHAVIOURS else "other"


def bucket(word: str | None) -> str | None:
    """The range of a person's edits, as in "5-99 edits"; None where it is not one of the five."""
    known = (word or "").removesuffix(" edits")
    return known if known in BUCKETS else None


def submitted(context: object) -> tuple[str, str | None]:
    """Incident type and behaviour of what the server took, also where the context was cut off."""
    said = _type(context)
    if said in (EMERGENCY, ORDINARY):
        return said, None
    return ORDINARY, behaviour(said)


def harm(context: object) -> str | None:
    """The harm that is feared, where the context names one."""
    said = _object(context).get("harm_option")
    return HARMS.get(said) or HARM_TYPES.get(said) if isinstance(said, str) else None


def plain(context: object) -> str | None:
    """A context that is one word, such as a kind of behaviour; "other" for anything else that is there."""
    if not isinstance(context, str) or not context:
        return None
    return behaviour(context)


def _type(context: object) -> str | None:
    said = _object(context).get("type")
    if isinstance(said, str):
        return said
    cut = _CUT_TYPE.match(context) if isinstance(context, str) else None
    return cut[1] if cut else None


def _object(context: object) -> Mapping[str, Any]:
    if isinstance(context, dict):
        return context
    try:
        content = parsed(context.encode()) if isinstance(context, str) else None
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
