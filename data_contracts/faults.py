"""What the user can mend: a fault says where it is, what was found, what was wanted and what to do.

It touches nothing. Every room may import it; faults are shown without traceback and end the process with their code.
"""

from collections.abc import Iterable

LONGEST = 20_000  # signs of each part: who made a file does not decide how long a letter is


class UserFault(Exception):
    """A letter to the person who can mend it.

    where: file and line, column or setting. found, wanted: in the words of the format. remedy: the next step.
    """

    exit_code = 1

    def __init__(self, where: str, found: str, wanted: str = "", remedy: str = "") -> None:
        where, found, wanted, remedy = map(_printable, (where, found, wanted, remedy))
        super().__init__(where, found, wanted, remedy)
        self.where, self.found, self.wanted, self.remedy = where, found, wanted, remedy

    def __str__(self) -> str:
        lines = [self.where, f"  {self.found}"]
        if self.wanted:
            lines.append(f"  Wanted: {self.wanted}")
        if self.remedy:
            lines.append(f"  {self.remedy}")
        return "\n".join(lines)


class DefinitionFault(UserFault):
    """A metric definition or question that cannot be used."""

    exit_code = 10


class FeedFault(UserFault):
    """A feed, a file of it, its contract or its settings that cannot be used."""

    exit_code = 11


class NotReleasable(UserFault):
    """A build or report that must not go out: a check failed or a number is missing."""

    exit_code = 12


class NoBuild(UserFault):
    """There is no build to read yet."""

    exit_code = 13


class NotAllowed(UserFault):
    """The reader may not see this."""

    exit_code = 14


class DiskFault(UserFault):
    """The instance's folder cannot be written."""

    exit_code = 15


class Faults(UserFault):
    """All the faults of one file at once, in the order of the file."""

    def __init__(self, faults: Iterable[UserFault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.where, first.found, first.wanted, first.remedy)
        self.exit_code = first.exit_code

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def _printable(text: str) -> str:
    """The text without signs that a terminal obeys or that no encoding has: files can hold any, and are quoted."""
    shown = text[:LONGEST] + ("..." if len(text) > LONGEST else "")
    return shown if shown.isprintable() else "".join(one if one.isprintable() or one == "\n" else "?" for one in shown)
