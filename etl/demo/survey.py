"""The demo program's survey: who there is to ask, and what those say who answer. It writes no file format."""

from pathlib import Path

import numpy as np

from etl.demo.arrivals import DAY, Generator, pick, seconds, stream
from etl.demo.planted import (
    SURVEY,
    SURVEY_INCOMPLETE,
    SURVEY_PREVIEWS,
    SURVEY_REPEATED_TOKENS,
    SurveyTruth,
)
from etl.demo.survey_files import Response, limesurvey, qualtrics

BUCKETS = ("5-99", "100-999", "1000+")
POPULATIONS = {
    "en.demo": (31_000, 7_400, 1_500),
    "ru.demo": (9_800, 2_900, 720),
    "ja.demo": (10_400, 2_600, 560),
    "ar.demo": (5_200, 1_300, 290),
    "hi.demo": (3_300, 720, 130),
    "sw.demo": (420, 90, 24),
}
GROWTH = {2025: 1.0, 2026: 1.04}  # of every stratum, so that waves compare
ANSWERING = np.array([0.010, 0.050, 0.160])  # shares of a stratum by bucket: newcomers answer least
SIZES = (0.6, 0.8, 1.0, 0.95)  # of each wave
MEASURES = ("felt_unsafe", "witnessed_harassment", "knows_where_to_report", "trusts_process")
BY_BUCKET = {
    "felt_unsafe": (1.08, 0.80, 0.50),
    "witnessed_harassment": (0.90, 1.25, 1.65),
    "knows_where_to_report": (0.90, 1.25, 1.45),
    "trusts_process": (1.03, 0.92, 0.85),
}
BY_WIKI = dict(zip(POPULATIONS, (0.95, 1.10, 0.85, 1.25, 1.20, 1.00), strict=True))
HARM = ("felt_unsafe", "witnessed_harassment")  # differ by wiki
PASSED_OVER = 0.02
STREAM = 102


def write_survey(home: Path, seed: int) -> None:
    """Responses of each wave, and one file of strata for each year."""
    for year, growth in GROWTH.items():
        lines = [f"{wiki},{bucket},{people}" for (wiki, bucket), people in strata(growth).items()]
        text = "\r\n".join(["wiki,edit_bucket,population", *lines, ""])
        (home / f"feeds/strata-{year}.csv").write_text(text, encoding="utf-8", newline="")
    for number, truth in enumerate(SURVEY):
        rng = stream(seed, STREAM, number)
        sent = responses(rng, truth, SIZES[number])
        write = limesurvey if "autumn" in truth.wave else qualtrics
        (home / f"feeds/survey-{truth.wave}.csv").write_bytes(write(rng, sent))


def strata(growth: float) -> dict[tuple[str, str], int]:
    """How many people there are of each wiki and number of edits."""
    return {
        (wiki, bucket): round(people * growth)
        for wiki, counts in POPULATIONS.items()
        for bucket, people in zip(BUCKETS, counts, strict=True)
    }


def truths(truth: SurveyTruth, measure: str) -> dict[tuple[str, str], float]:
    """The share of each stratum; weighted by population they give that of the wave."""
    people = strata(1.0)
    by_bucket = dict(zip(BUCKETS, BY_BUCKET[measure], strict=True))
    shape = {(wiki, bucket): by_bucket[bucket] * (BY_WIKI[wiki] if measure in HARM else 1) for wiki, bucket in people}
    mean = sum(people[one] * shape[one] for one in people) / sum(people.values())
    return {one: getattr(truth, measure) * shape[one] / mean for one in people}


def responses(rng: Generator, truth: SurveyTruth, size: float) -> list[Response]:
    """Complete responses, and those that must not count: unfinished, previews, and what somebody said before."""
    sent: list[Response] = []
    shares = {measure: truths(truth, measure) for measure in MEASURES}
    for (wiki, bucket), people in strata(1.0).items():
        count = max(3, round(people * float(ANSWERING[BUCKETS.index(bucket)]) * size))
        columns = [_answers(rng, shares[measure][wiki, bucket], count) for measure in MEASURES]
        ended = _ends(rng, truth, count)
        for row, answers in enumerate(zip(*columns, strict=True)):
            sent.append(Response(f"{truth.wave}-{len(sent):05d}", ended[row], wiki, bucket, answers))
    return sorted(sent + _not_to_count(rng, truth, sent), key=lambda one: (one.ended, one.token))


def _answers(rng: Generator, share: float, count: int) -> list[str]:
    """As many yes as the share says, rounded by chance so that small strata are right on average, and shuffled."""
    yes = int(share * count + rng.random())
    words = ["yes"] * yes + ["no" if drawn else "not sure" for drawn in pick(rng, count - yes, [0.15, 0.85]).tolist()]
    passed = rng.random(count) < PASSED_OVER
    return ["" if passed[row] else words[place] for row, place in enumerate(rng.permutation(count).tolist())]


def _ends(rng: Generator, truth: SurveyTruth, count: int) -> list[int]:
    close = seconds(truth.closed_on) + DAY
    ends: list[int] = (close - 3600 - rng.integers(0, 14 * DAY - 7200, count)).tolist()
    return ends


def _not_to_count(rng: Generator, truth: SurveyTruth, sent: list[Response]) -> list[Response]:
    """Their answers are all yes: should they ever count, the shares show it."""
    yes = ("yes",) * len(MEASURES)
    some = [sent[place] for place in rng.permutation(len(sent)).tolist()]
    begin = seconds(truth.closed_on) - 14 * DAY
    repeated = [
        Response(one.token, begin + row, one.wiki, one.bucket, yes)
        for row, one in enumerate(some[:SURVEY_REPEATED_TOKENS])
    ]
    unfinished = [
        Response(f"{truth.wave}-u{row:04d}", one.ended, one.wiki, one.bucket, ("yes", "", "", ""), is_finished=False)
        for row, one in enumerate(some[:SURVEY_INCOMPLETE])
    ]
    if "autumn" in truth.wave:
        return repeated + unfinished  # LimeSurvey exports no previews
    previews = [
        Response(f"{truth.wave}-p{row}", begin - DAY + row, "en.demo", "5-99", yes, is_preview=True)
        for row in range(SURVEY_PREVIEWS)
    ]
    return repeated + unfinished + previews
