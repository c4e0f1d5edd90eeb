"""Who reads: the audience whose rules every number on the pages is released by."""

from metrics.semantic.model import Audience


def audience() -> Audience:
    """The program itself, as long as the app is open to nobody else."""
    return "program"
