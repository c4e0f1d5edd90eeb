"""Survey responses as Qualtrics and LimeSurvey export them, with their habits. It draws no answers."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from etl.demo.arrivals import Generator

QUESTIONS = {
    "felt_unsafe": "In the last 30 days, have you felt unsafe or uncomfortable contributing to the wiki?",
    "witnessed_harassment": "In the last 30 days, have you seen somebody being harassed on the wiki?",
    "knows_where_to_report": "Do you know where to report harassment?",
    "trusts_process": "Do you trust that a report would be handled fairly?",
}
QUALTRICS = [
    "StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished",
    "RecordedDate", "ResponseId", "ExternalReference", "UserLanguage", "Q_wiki", "Q_edits", "Q3",
    "Q4", "Q5", "Q6", "Q7_TEXT",
]  # fmt: skip
LIMESURVEY = [
    "id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "token",
    "wiki", "edits", "Q1", "Q2[SQ001]", "Q2[SQ002]", "Q3", "Q9[other]", "interviewtime",
]  # fmt: skip


@dataclass(frozen=True)
class Response:
    """What one person sent. answers: yes, no, not sure or nothing, in the order of MEASURES."""

    token: str
    ended: int
    wiki: str
    bucket: str
    answers: tuple[str, ...]
    is_finished: bool = True
    is_preview: bool = False


def qualtrics(rng: Generator, sent: list[Response]) -> bytes:
    """Three header rows: names, question texts, ImportIds in JSON."""
    texts = dict(zip(("Q3", "Q4", "Q5", "Q6"), QUESTIONS.values(), strict=True))
    labels = [texts.get(name, name) for name in QUALTRICS]
    labels[-1] = "Is there anything you want to tell us?\n(This is not read by any program.)"
    imports = [{"ImportId": f"QID{name[1]}" if name in texts else name[:1].lower() + name[1:]} for name in QUALTRICS]
    for place in (QUALTRICS.index(name) for name in ("StartDate", "EndDate", "RecordedDate")):
        imports[place]["timeZone"] = "Etc/UTC"
    words = {"yes": "Yes", "no": "No", "not sure": "Not sure", "": ""}
    rows = [QUALTRICS, labels, [json.dumps(one, separators=(",", ":")) for one in imports]]
    for number, (one, took) in enumerate(zip(sent, rng.integers(60, 900, len(sent)).tolist(), strict=True)):
        ended = _clock(one.ended)
        rows.append(
            [
                _clock(one.ended - took),
                ended,
                "Survey Preview" if one.is_preview else "IP Address",
                f"203.0.113.{number % 254 + 1}",
                "100" if one.is_finished else "40",
                str(took),
                str(one.is_finished),
                ended,
                f"R_{number:015d}",
                one.token,
                one.wiki[:2].upper(),
                one.wiki,
                one.bucket,
                *(words[answer] for answer in one.answers),
                "Thank you for asking." if number % 40 == 0 else "",
            ]
        )
    return _sheet(rows, in_quotes=False).encode()


def limesurvey(rng: Generator, sent: list[Response]) -> bytes:
    """A byte order mark, codes for questions and answers, all in quotes; no submitdate where it was broken off."""
    words = {"yes": "Y", "no": "N", "not sure": "U", "": "N/A"}
    rows = [LIMESURVEY]
    for number, (one, took) in enumerate(zip(sent, rng.integers(60, 900, len(sent)).tolist(), strict=True), start=1):
        rows.append(
            [
                str(number),
                _clock(one.ended) if one.is_finished else "",
                "4" if one.is_finished else "2",
                one.wiki[:2],
                str(1_000_000 + 37 * number),
                _clock(one.ended - took),
                _clock(one.ended),
                one.token,
                one.wiki,
                one.bucket,
                *(words[answer] for answer in one.answers),
                "",
                str(took),
            ]
        )
    return b"\xef\xbb\xbf" + _sheet(rows, in_quotes=True).encode()


def _clock(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _sheet(rows: list[list[str]], in_quotes: bool) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL if in_quotes else csv.QUOTE_MINIMAL, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
