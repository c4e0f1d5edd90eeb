"""What `upstander feed new` prints: what was guessed, what to check, and what to put where.

It touches nothing. Of what stands in a sheet it tells periods and counts, and no cell of a note.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from etl.feed_new import Proposal


def told(one: Proposal) -> str:
    """The proposal in the order in which a person goes on."""
    lines = [f"{one.contract} is written. It takes the columns of the sheet for:"]
    width = max((len(guessed.column.header) for guessed in one.guess.columns), default=0)
    for guessed in one.guess.columns:
        role = guessed.column.role + (" (key)" if guessed.column.is_key else "")
        lines.append(f"  {guessed.column.header:<{width}}  {role:<12}  {guessed.why}")
    doubts = _doubts(one)
    lines += ["", "Please check:", *(f"  - {doubt}" for doubt in doubts)] if doubts else []
    lines += [
        "",
        f"{one.rows:,} rows of the sheet can be read so, and {len(one.refused):,} are refused in part or whole.",
    ]
    lines += [f"  {count:,} x {rule}" for rule, count in Counter(reject.rule for reject in one.refused).most_common()]
    where = (
        "to feeds: in upstander.yml"
        if "spreadsheet:" in one.settings
        else "to feeds: spreadsheet: sheets: in upstander.yml"
    )
    lines += ["", f"Add this {where}:", one.settings, "", "Then run `upstander build`, and ask:"]
    lines += [f"  {question}" for question in one.questions]
    return "\n".join(lines)


def values(one: Proposal) -> Mapping[str, Any]:
    """The same for programs."""
    columns = [
        {"header": guessed.column.header, "name": guessed.column.name, "role": guessed.column.role, "why": guessed.why}
        for guessed in one.guess.columns
    ]
    return {
        "sheet": one.sheet, "contract": one.contract, "columns": columns, "check": list(_doubts(one)),
        "rows": one.rows, "refused": len(one.refused), "settings": one.settings, "questions": list(one.questions),
    }  # fmt: skip


def _doubts(one: Proposal) -> list[str]:
    return [*one.doubts, *_of_columns(one)]


def _of_columns(one: Proposal) -> Iterator[str]:
    for guessed in one.guess.columns:
        for doubt in guessed.doubts:
            yield f"{guessed.column.header}: {doubt}"
