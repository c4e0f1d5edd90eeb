"""The tables and charts of the quarterly report. It asks nothing and draws nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dashboard.charts import words
from dashboard.charts.chart import Chart
from dashboard.charts.compose import series
from dashboard.reports import quarterly_phrases as phrases
from dashboard.reports.community_text import Cell, Grid, Language, Month, Name, Words, as_it_stands, plain, say
from dashboard.reports.quarterly_content import QuarterlyContent, Wiki
from dashboard.reports.quarterly_figures import absent, amount, cell
from dashboard.reports.quarterly_measures import Measure
from metrics.answer import Figure, Released, ReleasedTable


def by_quarter(content: QuarterlyContent) -> Grid:
    """Every measure by quarter, as the charts draw them."""
    labels = sorted({one.label for measure in content.measures for one in measure.released.figures})
    rows = tuple(
        (
            as_it_stands(measure.standing.title),
            say(phrases.UNIT[measure.released.metric.unit]),
            *(_of_label(measure, label) for label in labels),
        )
        for measure in content.measures
    )
    columns: tuple[Cell, ...] = (say("Measure"), say("Unit"), *map(_quarter, labels))
    numbers = tuple(range(2, len(columns)))
    return Grid(say("Every measure by quarter"), columns, rows, (30, 8, *([8] * len(labels))), numbers)


def counts(content: QuarterlyContent) -> Grid:
    """The totals of the counts, this quarter and the quarter before."""
    rows = tuple(
        (
            as_it_stands(table.metric.title),
            cell(table.at(), table.metric),
            cell(before.at(), table.metric) if (before := content.before.get(name)) else say("no data"),
        )
        for name, table in content.tables.items()
    )
    columns = (say("What was counted"), say("This quarter"), say("The quarter before"))
    return Grid(say("How much happened"), columns, rows, (50, 25, 25), (1, 2))


def by_month(table: ReleasedTable, wikis: Mapping[str, Wiki]) -> Grid:
    """A count by month and wiki or language, with its totals."""
    labels = (*table.periods(), "all")
    rows = [(member(table.split, name, wikis), *_cells(table, labels, name)) for name in table.groups()]
    total: tuple[Cell, ...] = (say(phrases.ALL[table.split]), *_cells(table, labels))
    columns: tuple[Cell, ...] = (
        say(phrases.MEMBER[table.split]),
        *(Month(table.at(label).start) for label in table.periods()),
        say("Whole quarter"),
    )
    caption = say(phrases.BY[table.split], title=Words(table.metric.title))
    return Grid(caption, columns, (*rows, total), (28, *([18] * len(labels))), tuple(range(1, len(columns))))


def member(split: str, name: str, wikis: Mapping[str, Wiki]) -> Cell:
    """A wiki by its own name and its id, a language by its name."""
    if not name:
        return say("not known")
    if split == "language":
        return Language(name)
    wiki = wikis.get(name)
    if wiki is None or wiki.name == name:
        return Name(name)
    return say("{name} ({id})", name=Name(wiki.name, wiki.language, wiki.direction), id=Name(name))


def chart(measure: Measure) -> Chart:
    """The quarters of a measure as a line, with its target."""
    released, target = measure.released, measure.standing.target if measure.is_settled else None
    drawn = series(released, target)
    told = "; ".join(f"{_quarter(one.label).text} {_plain(one, released)}" for one in released.figures)
    aim = f" {words.target(measure.standing)}." if drawn.target is not None else ""
    alt = f"{measure.standing.title}, by quarter. {told}.{aim and ' Target:'}{aim}"
    return replace(drawn, title=measure.standing.title, alt=alt, notes=tuple(_notes(drawn)))


def _notes(drawn: Chart) -> Iterator[str]:
    """How to read the chart, in the words of the report."""
    points = [point for line in drawn.lines for point in line.points]
    if any(line.bands() for line in drawn.lines):
        yield "Shaded: the likely range."
    if any(point.value is None for point in points):
        yield "Gaps are not zero."
    if any(point.value is not None and not point.settled for point in points):
        yield "Hollow points are not settled."
    if drawn.axis.low > 0:
        yield "The axis does not start at 0."


def _of_label(measure: Measure, label: str) -> Cell:
    found = next((one for one in measure.released.figures if one.label == label), None)
    if found is None:
        return say(phrases.CELL["no_data"])
    return cell(found, measure.released.metric)


def _cells(table: ReleasedTable, labels: tuple[str, ...], *group: str) -> Iterator[Cell]:
    for label in labels:
        yield cell(table.at(label, *group), table.metric)


def _quarter(label: str) -> Name:
    return Name(label.replace("Q", " Q"))


def _plain(one: Figure, released: Released) -> str:
    """A figure for a text alternative, which is read in English only."""
    if one.value is None:
        return plain(absent(one, released.metric))
    unit = {"share": f"{words.NBSP}%", "hours": f"{words.NBSP}hours", "days": f"{words.NBSP}days"}
    told = amount(one.value, released.metric.unit)
    return f"{words.decimal(told.value, told.decimals)}{unit.get(released.metric.unit, '')}"
