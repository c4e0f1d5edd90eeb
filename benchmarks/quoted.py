"""Whether a docstring says what was measured; for the other scripts, not a benchmark itself."""

from collections.abc import Callable


def is_said(function: Callable[..., object], sentence: str) -> bool:
    """Whether the function's docstring has the sentence, however its lines are broken; prints it where it has not."""
    said = sentence in " ".join((function.__doc__ or "").split())
    if not said:
        print(f"  {function.__name__} does not say: {sentence}")
    return said
