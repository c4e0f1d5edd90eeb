"""What a draft asks its writer in the places that only a person can fill, and which of it still stands there.

It touches nothing.
"""

from collections.abc import Mapping

from metrics.semantic.model import Metric

NOBODY_YET = "nobody-yet"
QUESTIONS: Mapping[str, str] = {
    "title": "What do readers call it?",
    "question": "Which one question does it answer?",
    "why": "Why should anybody care?",
    "not_this": "What does it not say, and is taken for?",
    "owner": "Which role answers for it?",
    "written_by": "Which role wrote it?",
    "caveats": "What has a reader to know before using it?",
}


def unanswered(metric: Metric) -> tuple[str, ...]:
    """The keys in which a definition still asks instead of saying."""
    asked = [key for key, question in QUESTIONS.items() if question in _said(metric, key)]
    return (*asked, *(["checked_by"] if metric.checked_by == NOBODY_YET else []))


def _said(metric: Metric, key: str) -> tuple[str, ...]:
    said = getattr(metric, key)
    return said if isinstance(said, tuple) else (said,)
