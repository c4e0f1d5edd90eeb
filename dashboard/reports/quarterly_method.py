"""How the quarterly report is made and what it cannot say: for readers who want to check it. It asks nothing."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from dashboard.reports.community_text import (
    Amount,
    Block,
    Bullets,
    Cell,
    Day,
    Grid,
    Heading,
    Link,
    Name,
    Paragraph,
    Text,
    Words,
    as_it_stands,
    say,
)
from dashboard.reports.plan_records import day_of
from dashboard.reports.quarterly_content import QuarterlyContent
from dashboard.reports.quarterly_grids import member

MINIMUM: Final = 10  # of rows set aside too: some of them tell of people
GUIDELINES: Final = Link(
    "foundation:Special:MyLanguage/Legal:Data publication guidelines",
    "https://foundation.wikimedia.org/wiki/Special:MyLanguage/Legal:Data_publication_guidelines",
)
FEEDS: Final[Mapping[str, str]] = {
    "mediawiki_logging": "Public logs of the wikis",
    "mediawiki_api": "Public logs of the wikis, from their API",
    "mediawiki_stream": "Public logs of the wikis, as they happen",
    "mediawiki_history": "Public history of edits and accounts",
    "aqs_editors": "Published numbers of editors, by wiki",
    "movement_metrics": "Published numbers of the movement",
    "incident_reports": "Reports through the form on the wikis",
    "appeals": "Appeals",
    "transparency": "Requests and statements of reasons",
    "comment_scores": "Scores of comments, without their text",
    "quicksurveys": "Short surveys on the wikis",
    "events": "Events",
    "phabricator": "Public tasks",
    "zendesk": "Help desk (Zendesk)",
    "znuny": "Help desk (Znuny)",
    "tickets": "Help desk",
    "survey": "Survey",
    "plan": "Plan of the program",
    "rota": "Rota",
    "contacts": "Contacts in communities",
    "developments": "Log of key developments",
    "spreadsheet": "Lists kept by hand",
}
READING: Final = (
    "The likely range is a 95\u00a0% interval. Of 100 such ranges, about 95 hold the true value.",
    "A target is met or missed only if the whole likely range is on one side of it.",
    "A change is clear if it is more than chance can explain.",
    "A number is settled when its quarter is over and everything that it waits for has happened.",
    "Shares are rounded to whole percent, and times to one decimal. Days are in UTC.",
    "What is missing is not zero.",
)
SURVEY: Final = (
    "The survey asks active editors. Those who answer chose to answer.",
    "Answers are weighted, so that each group of editors counts as much as it has members.",
    "A wave of the survey counts in the quarter in which it ended.",
    "Only waves with the same questions are compared.",
)


def method(content: QuarterlyContent) -> Iterator[Block]:
    """Definitions, how the survey is done, what is withheld and why, and which data there are."""
    yield Heading(2, say("Method and limits"))
    yield Heading(3, say("How to read the numbers"))
    yield Bullets(tuple(map(say, READING)))
    if content.metrics:
        yield Heading(3, say("What the measures mean"))
        yield _definitions(content)
    if any(one.kind == "survey_share" for one in content.metrics):
        yield Heading(3, say("The survey"))
        yield Bullets(tuple(map(say, SURVEY)))
    yield Heading(3, say("Small groups"))
    yield Paragraph(
        say(
            "A number that would tell of fewer than {minimum} people or cases is withheld. The word “withheld” stands "
            "in its place. A share tells of those that it counts, and of those that it does not count.",
            minimum=Amount(max((one.release["public"] for one in content.metrics), default=MINIMUM)),
        )
    )
    yield Paragraph(
        say(
            "Some greater numbers are withheld as well, so that nobody can work out a small number from the totals. "
            "Nothing tells them from the small ones."
        )
    )
    yield Paragraph(
        say(
            "We withhold them to protect people. Read more in the [[{page}|data publication guidelines]].",
            page=GUIDELINES,
        )
    )
    yield Heading(3, say("The data"))
    yield from _data(content)


def check(content: QuarterlyContent) -> Iterator[Block]:
    """Where the numbers and definitions can be had."""
    yield Heading(2, say("How to check this report"))
    yield Bullets(
        (
            say("The file {file} has every number of this report.", file=Name(f"quarterly-{content.name}.csv")),
            say(
                "The definition of each measure is public. It is in the folder {folder}.",
                folder=Name("metrics/definitions"),
            ),
            say("This command shows how a measure is computed: {command}", command=Name("upstander explain ID")),
            say(
                "This command writes this report again, from the same data: {command}",
                command=Name(f"upstander report quarterly --quarter {content.name}"),
            ),
        )
    )


def stamp(content: QuarterlyContent) -> Text:
    return say(
        "This report was made from build {build}, with data until {day}.",
        build=Name(content.build.id),
        day=Day(content.build.as_of.date() - timedelta(days=1)),
    )


def _definitions(content: QuarterlyContent) -> Grid:
    rows = tuple(
        (
            as_it_stands(metric.title),
            Name(metric.id),
            as_it_stands(metric.question),
            as_it_stands(metric.not_this),
            say("{notes}", notes=Words(" ".join(metric.caveats))) if metric.caveats else Name("–"),
        )
        for metric in content.metrics
    )
    columns = (say("Measure"), say("Id"), say("What it tells"), say("What it does not tell"), say("Take care"))
    return Grid(say("Definitions"), columns, rows, (16, 18, 20, 20, 26))


def _data(content: QuarterlyContent) -> Iterator[Block]:
    yield _coverage(content)
    yield Paragraph(
        say(
            "Rows that could not be read, or that break a rule, are set aside. They are in no number of this report. "
            "These are the rows set aside in all the data, not only in this quarter."
        )
    )
    yield _set_aside(content)


def _coverage(content: QuarterlyContent) -> Grid:
    """The days of each feed, and of each wiki that has other days than its feed."""
    whole = {row["feed"]: (row["starts_on"], row["ends_on"]) for row in content.coverage.rows if row["wiki"] is None}
    rows = tuple(
        (
            _feed(row["feed"]),
            member("wiki", row["wiki"], content.wikis) if row["wiki"] else say("all"),
            _day(row["starts_on"]),
            _day(row["ends_on"]),
        )
        for row in content.coverage.rows
        if row["wiki"] is None or (row["starts_on"], row["ends_on"]) != whole.get(row["feed"])
    )
    columns = (say("Data"), say("Wiki"), say("First day"), say("Last day"))
    return Grid(say("Days that the data cover"), columns, rows, (40, 20, 20, 20))


def _set_aside(content: QuarterlyContent) -> Grid:
    rows = tuple((_feed(feed), told) for feed, told in set_aside(content).items())
    return Grid(say("Rows set aside"), (say("Data"), say("Rows")), rows, (70, 30), (1,))


def set_aside(content: QuarterlyContent) -> Mapping[str, Amount | Text]:
    """How many rows of each feed were set aside; few are withheld."""
    counted = {str(row["feed"]): 0 for row in content.coverage.rows}
    for row in content.quarantine.rows:
        counted[row["feed"]] = counted.get(row["feed"], 0) + row["row_count"]
    few = say("fewer than {minimum}", minimum=Amount(MINIMUM))
    return {feed: few if 0 < count < MINIMUM else Amount(count) for feed, count in sorted(counted.items())}


def _feed(name: str) -> Cell:
    return say(FEEDS[name]) if name in FEEDS else Name(name)


def _day(value: object) -> Cell:
    day = day_of(value)
    return Day(day) if day else say("no data")
