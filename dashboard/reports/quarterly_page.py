"""The quarterly report in reading order: what we did, what changed, what did not work, what is next, and the numbers.

It asks nothing. What the words mean and how to check the numbers stands in `quarterly_method`.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from dashboard.reports import quarterly_corrections
from dashboard.reports import quarterly_grids as grids
from dashboard.reports import quarterly_method as method
from dashboard.reports import quarterly_sentences as sentences
from dashboard.reports.community_text import (
    Amount,
    Block,
    Bullets,
    Cell,
    Day,
    Grid,
    Heading,
    Language,
    Month,
    Name,
    Page,
    Paragraph,
    Picture,
    Text,
    as_it_stands,
    say,
)
from dashboard.reports.quarterly_content import QuarterlyContent, Step
from dashboard.reports.quarterly_measures import Measure
from metrics.calendar import Period

NOTHING: Final = Name("–")
INVENTED: Final = "The data of this report are invented. The program, its wikis and its people do not exist."


def page(content: QuarterlyContent) -> Page:
    """The whole report in words; the same content gives the same page."""
    sections = (_lead, _did, _happened, _changed, _not_worked, _next, _by_wiki, _corrected, method.method, method.check)
    return Page(
        title=_spanned("Quarterly report, {first} to {last}", content.quarter),
        program=content.build.program,
        banner=say(INVENTED) if content.build.invented else None,
        blocks=tuple(block for section in sections for block in section(content)),
        stamp=method.stamp(content),
    )


def summary(content: QuarterlyContent) -> dict[str, Amount]:
    """The few counts with which the report begins: of targets and of milestones, where the plan has any."""
    targets = {word: Amount(len(content.with_status(word))) for word in ("met", "missed", "unclear")}
    steps = {"done": Amount(len(content.done)), "late": Amount(len(content.late))}
    return {**(targets if content.measures else {}), **(steps if content.milestones else {})}


def _lead(content: QuarterlyContent) -> Iterator[Block]:
    counted = summary(content)
    about = "This is the report of the program {program} to the communities. It is about {first} to {last}."
    span = {"first": Month(content.quarter.start), "last": Month(content.quarter.end)}
    yield Paragraph(say(about, program=Name(content.build.program), **span))
    said = (
        ("Targets that were met: {met}. Missed: {missed}. Too close to say: {unclear}.", ("met", "missed", "unclear")),
        ("Milestones done: {done}. Milestones that were late: {late}.", ("done", "late")),
    )
    if counted:
        known = [(pattern, names) for pattern, names in said if counted.keys() >= set(names)]
        yield Bullets(tuple(say(pattern, **{name: counted[name] for name in names}) for pattern, names in known))


def _did(content: QuarterlyContent) -> Iterator[Block]:
    yield Heading(2, say("What we did"))
    if content.done:
        yield _finished(content.done)
    else:
        yield Paragraph(say("We finished no milestone in this quarter."))
    if content.started:
        yield _rollouts(content)
    else:
        yield Paragraph(say("Nothing new started on a wiki in this quarter."))


def _happened(content: QuarterlyContent) -> Iterator[Block]:
    """What the program wrote down for everybody; nothing where it wrote nothing."""
    if not content.developments:
        return
    yield Heading(2, say("What happened"))
    rows = tuple(
        (
            as_it_stands(one.title),
            Day(one.day),
            as_it_stands(one.text) if one.text else NOTHING,
            Name(one.source),
        )
        for one in reversed(content.developments)
    )
    columns = (say("What"), say("Day"), say("In short"), say("Source"))
    yield Grid(say("Key developments, the oldest first"), columns, rows, (28, 12, 36, 24))


def _changed(content: QuarterlyContent) -> Iterator[Block]:
    yield Heading(2, say("What changed"))
    if content.measures:
        yield Paragraph(say("We compare this quarter with the quarter before and with the target of the plan."))
    goal = ""
    for measure in content.measures:
        if measure.standing.goal_title != goal:
            goal = measure.standing.goal_title
            yield Heading(3, as_it_stands(goal))
        yield from _measure(measure, content)
    if content.measures:
        yield Heading(3, say("The last two years"))
        yield Paragraph(_calendar(content))
        yield grids.by_quarter(content)
    if content.tables:
        yield Heading(3, say("How much happened"))
        yield Paragraph(
            say(
                "These counts are not good or bad by themselves. Reports are not harm: more reports can mean more "
                "trust. More blocks can mean more harm, or more care."
            )
        )
        yield grids.counts(content)


def _calendar(content: QuarterlyContent) -> Text:
    quarter = content.quarter
    return say(
        "A fiscal year has the name of the year in which it ends. {quarter} is {first} to {last}.",
        quarter=Name(content.name.replace("Q", " Q")),
        first=Month(quarter.start),
        last=Month(quarter.end),
    )


def _measure(measure: Measure, content: QuarterlyContent) -> Iterator[Block]:
    yield Heading(4, as_it_stands(measure.standing.title))
    yield Paragraph(as_it_stands(measure.released.metric.question))
    for dimension, member in measure.released.where:
        yield Paragraph(_only(dimension, member, content))
    yield Bullets(sentences.lines(measure))
    yield Picture(grids.chart(measure))


def _only(dimension: str, member: str, content: QuarterlyContent) -> Text:
    """What a measure is limited to."""
    if dimension == "wiki":
        wiki = content.wikis.get(member)
        name = Name(wiki.name, wiki.language, wiki.direction) if wiki else Name(member)
        return say("Only on this wiki: {wiki}.", wiki=name)
    if dimension == "language":
        return say("Only in this language: {language}.", language=Language(member))
    told = {"dimension": Name(dimension.replace("_", " ")), "member": Name(member.replace("_", " "))}
    return say("Only this part: {dimension}, {member}.", **told)


def _not_worked(content: QuarterlyContent) -> Iterator[Block]:
    yield Heading(2, say("What did not work"))
    missed, worse = content.with_status("missed"), content.worse
    if missed:
        yield Paragraph(say("We missed these targets:"))
        yield Bullets(tuple(sentences.missed(one) for one in missed))
    elif content.with_status("met") or content.with_status("unclear"):
        yield Paragraph(say("We missed no target."))
    else:
        yield Paragraph(say("No number of this quarter could be compared with a target."))
    if worse:
        yield Paragraph(say("These measures clearly got worse since the quarter before:"))
        yield Bullets(tuple(as_it_stands(one.standing.title) for one in worse))
    if content.late:
        yield _steps(say("Milestones that were late"), content.late)
    else:
        yield Paragraph(say("No milestone was late."))


def _next(content: QuarterlyContent) -> Iterator[Block]:
    yield Heading(2, say("What is next"))
    if not content.next:
        yield Paragraph(_spanned("No milestone is planned for {first} to {last}.", content.following))
        return
    yield Paragraph(
        _spanned(
            "These milestones are planned for {first} to {last}, or are late and expected then.", content.following
        )
    )
    yield _steps(say("Milestones of the next quarter"), content.next)


def _by_wiki(content: QuarterlyContent) -> Iterator[Block]:
    yield Heading(2, say("Numbers by wiki and language"))
    if not content.tables:
        yield Paragraph(say("The data have no counts for this quarter."))
        return
    yield Paragraph(say("Some numbers are withheld. “Method and limits” says why. A 0 is never withheld."))
    for table in content.tables.values():
        yield Heading(3, as_it_stands(table.metric.title))
        yield Paragraph(as_it_stands(table.metric.question))
        yield grids.by_month(table, content.wikis)


def _corrected(content: QuarterlyContent) -> Iterator[Block]:
    return quarterly_corrections.section(content.corrections)


def _finished(steps: Sequence[Step]) -> Grid:
    rows = tuple(
        (as_it_stands(one.title), as_it_stands(one.project), Day(one.planned), Day(one.done))
        for one in steps
        if one.done
    )
    columns = (say("Milestone"), say("Project"), say("Planned"), say("Done"))
    return Grid(say("Milestones that we finished"), columns, rows, (36, 32, 16, 16))


def _steps(caption: Text, steps: Sequence[Step]) -> Grid:
    rows = tuple(
        (
            as_it_stands(one.title),
            as_it_stands(one.project),
            Day(one.planned),
            Day(one.done) if one.done else say("not done"),
            _expected(one),
        )
        for one in steps
    )
    columns = (say("Milestone"), say("Project"), say("Planned"), say("Done"), say("Expected"))
    return Grid(caption, columns, rows, (34, 30, 12, 12, 12))


def _expected(one: Step) -> Cell:
    if one.done:
        return NOTHING
    return Day(one.expected) if one.expected else say("not known")


def _rollouts(content: QuarterlyContent) -> Grid:
    """What started on which wikis, those that started on one day together."""
    wikis: dict[tuple[str, str], list[Name]] = {}
    days = {}
    for one in content.started:
        key = one.title, one.started.isoformat()
        wiki = content.wikis.get(one.wiki)
        wikis.setdefault(key, []).append(Name(wiki.name, wiki.language, wiki.direction) if wiki else Name(one.wiki))
        days[key] = Day(one.started)
    rows = tuple((as_it_stands(key[0]), days[key], tuple(names)) for key, names in wikis.items())
    columns = (say("What"), say("Since"), say("Wikis"))
    return Grid(say("What is new on the wikis"), columns, rows, (40, 20, 40))


def _spanned(pattern: str, period: Period) -> Text:
    return say(pattern, first=Month(period.start), last=Month(period.end))
