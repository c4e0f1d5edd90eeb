"""How long to wait before a server is asked again.

It does not wait itself, and looks at no clock: it is told what time it is.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, wait_exponential_jitter, wait_random

_FAR = 10**9  # seconds: some 30 years, which nobody waits
_growing = wait_exponential_jitter(initial=1, max=60, exp_base=2, jitter=1)  # 1 to 2 s, 2 to 3, 4 to 5, ...
_apart = wait_random(0, 1)  # so that not all who were told the same time come at once


def asked_wait(retry_after: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` asks for: a number, or a date (RFC 9110, 10.2.3). None where it says nothing.

    now: UTC, naive, as the date is taken to be.
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text), _FAR)) if len(text) < 12 else float(_FAR)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = until.astimezone(UTC).replace(tzinfo=None) if until.tzinfo else until
    return max(0.0, (at - now).total_seconds())


def pause(state: RetryCallState, asked: float | None) -> float:
    """Seconds until the next attempt: as the server asked, else longer each time; never on the second."""
    return _growing(state) if asked is None else asked + _apart(state)


def back_at(seconds: float, now: datetime) -> str:
    """The time, in words, at which a server wants to be asked again."""
    return f"{now + timedelta(seconds=seconds):%Y-%m-%d %H:%M} UTC"
