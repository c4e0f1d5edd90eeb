"""The demo wikis' editors as the Analytics API counts them: feeds/editors.jsonl, an answer a line, as it was fetched.

They are counted from the same edits, but without those of pages that were deleted since, and so are a little lower.
Answers of a month earlier come first: of their months the newer ones count.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from etl.demo.history_events import Past, moments
from etl.demo.planted import FIRST_DAY, HISTORY_UNTIL
from etl.demo.wikis import WITHOUT_HISTORY

FILE = "feeds/editors.jsonl"
FETCHED = (("2026-10-07T06:00:00Z", date(2026, 10, 1)), ("2026-11-09T06:00:00Z", HISTORY_UNTIL))
DELETED = 150  # one edit in so many is of a page that was deleted
TYPES = {
    "account": "user",
    "newcomer": "user",
    "temporary": "anonymous",
    "anonymous": "anonymous",
    "imported": "anonymous",
}
LEVELS = {"1..4-edits": (1, 5), "5..24-edits": (5, 25), "25..99-edits": (25, 100), "100..-edits": (100, 2**60),
          "all-activity-levels": (1, 2**60)}  # fmt: skip
NOT_FOUND = {
    "type": "https://mediawiki.org/wiki/HyperSwitch/errors/not_found",
    "title": "Not found.",
    "method": "get",
    "detail": "There is no data for those dates, or the project is not loaded yet.",
    "uri": f"/metrics/editors/aggregate/{WITHOUT_HISTORY}/user/content/5..24-edits/monthly/20241001/20261101",
}
Key = tuple[str, str]  # month as YYYY-MM, and type of editor


def write_aqs_editors(home: Path, told: Sequence[Past]) -> None:
    """What the server answered on two days, and once that it has nothing."""
    lines = [line for at, until in FETCHED for past in told for line in _answers(past, at, until)]
    lines.append(_line({"project": WITHOUT_HISTORY}, FETCHED[-1][0], NOT_FOUND))
    (home / FILE).write_text("".join(lines), encoding="utf-8")


def _answers(past: Past, at: str, until: date) -> Iterator[str]:
    """Everything that was asked of a wiki on one day, each type of editor and level of activity by itself."""
    counts = _edits_of_editors(past)
    for editors in ("anonymous", "group-bot", "name-bot", "user"):
        for level, (low, high) in LEVELS.items():
            asked = {"project": past.wiki.id, "editor-type": editors, "page-type": "content", "activity-level": level,
                     "granularity": "monthly"}  # fmt: skip
            found = Counter(
                month
                for (month, kind), several in counts.items()
                for number in several
                if kind == editors and low <= number < high
            )
            results = [
                {"timestamp": f"{month}-01T00:00:00.000Z", "editors": found[month]}
                for month in sorted({month for month, _ in counts})
                if date.fromisoformat(f"{month}-01") < until
            ]
            start, end = f"{FIRST_DAY:%Y%m%d}", f"{until:%Y%m%d}"
            yield _line({**asked, "start": start, "end": end}, at, {"items": [{**asked, "results": results}]})


def _edits_of_editors(past: Past) -> dict[Key, list[int]]:
    """How many edits of content each editor made, by month and type; a bot of the group is no bot by its name."""
    kept = past.edits.is_content & (np.arange(len(past.edits.at)) % DELETED > 0)
    kinds = [_type(one.kind, one.groups) for one in past.edits.editors]
    number = Counter(
        (month[:7], kinds[who], past.edits.editors[who].name)
        for month, who in zip(moments(past.edits.at[kept]), past.edits.editor[kept].tolist(), strict=True)
    )
    found: dict[Key, list[int]] = {}
    for (month, kind, _), edits in number.items():
        found.setdefault((month, kind), []).append(edits)
    return found


def _type(kind: str, groups: str) -> str:
    return TYPES.get(kind, "group-bot" if groups == "bot" else "name-bot")


def _line(asked: Mapping[str, str], at: str, answer: object) -> str:
    return json.dumps({"asked": asked, "at": at, "answer": answer}, ensure_ascii=False, sort_keys=True) + "\n"
