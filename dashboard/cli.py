"""The command line: one verb per thing a person or program asks for. What a verb does stands elsewhere.

Imports stand inside the verbs, because most of them need little and should start at once.
"""

import os
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="Sees, and proves, what an anti-harassment program changes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
report = typer.Typer(help="Write a report as files.", no_args_is_help=True)
contract = typer.Typer(help="Compare data contracts.", no_args_is_help=True)
feed = typer.Typer(help="Add a feed of one's own.", no_args_is_help=True)
metric = typer.Typer(help="Write metrics: start one, look after all, see what a change moves.", no_args_is_help=True)
app.add_typer(report, name="report")
app.add_typer(contract, name="contract")
app.add_typer(feed, name="feed")
app.add_typer(metric, name="metric")

AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON for programs.")]
Out = Annotated[Path, typer.Option(help="Folder in which the files are written.")]


@app.callback()
def instance(
    home: Annotated[Path | None, typer.Option(help="The instance's folder (default: UPSTANDER_HOME).")] = None,
) -> None:
    """Sees, and proves, what an anti-harassment program changes."""
    if home is not None:
        os.environ["UPSTANDER_HOME"] = str(home)


@app.command()
def init() -> None:
    """Start an empty instance: folders, a key, and upstander.yml to fill in."""
    from etl import new_instance
    from etl.warehouse import connect

    new_instance.start(connect.home())
    typer.echo(f"{connect.home() / 'upstander.yml'} is ready to be filled in; then run `upstander build`.")


@app.command()
def demo() -> None:
    """Write the invented demo program: six wikis, a help desk, a survey and a plan over two years."""
    from etl import new_instance
    from etl.warehouse import connect

    new_instance.start_demo(connect.home())
    typer.echo(f"The demo program is in {connect.home()}; everything in it is invented. Next: `upstander build`.")


@app.command()
def fetch(json: AsJson = False) -> None:
    """Ask the servers of the feeds for what is new, and keep it for the next build."""
    from dashboard.terminal import texts
    from dashboard.terminal.bars import Bars
    from etl import pipeline
    from etl.warehouse import connect

    with Bars() as bars:
        came = pipeline.fetch(connect.home(), watcher=bars)
    typer.echo(texts.as_json(came) if json else texts.fetched(came))


@app.command()
def build(
    force: Annotated[bool, typer.Option(help="Build even where nothing changed, and count everything anew.")] = False,
    offline: Annotated[bool, typer.Option(help="Ask no server; build from what was fetched before.")] = False,
    json: AsJson = False,
) -> None:
    """Land, load, check and compute everything, and put the new build in force."""
    from dashboard.terminal import texts
    from dashboard.terminal.bars import Bars
    from etl import pipeline
    from etl.warehouse import connect

    with Bars() as bars:
        made = pipeline.build(connect.home(), force=force, offline=offline, watcher=bars)
    typer.echo(texts.as_json(made.as_json()) if json else texts.summary(made))


@app.command()
def check(json: AsJson = False) -> None:
    """Read settings, contracts, models and definitions, and say what somebody should look at."""
    from dashboard.terminal import texts
    from etl import examine
    from etl.warehouse import connect

    found = examine.examine(connect.home(), date.today())
    typer.echo(texts.as_json(found.as_json()) if json else texts.examination(found))


@app.command()
def purge(json: AsJson = False) -> None:
    """Delete raw rows older than the limits of their feeds; closed figures stay as they are."""
    from dashboard.terminal import texts
    from etl import purge as purging
    from etl.warehouse import connect

    done = purging.purge(connect.home(), date.today())
    typer.echo(texts.as_json([asdict(one) for one in done]) if json else texts.purged(done))


@app.command()
def rekey() -> None:
    """Take a new key for names, and make everything that is kept anew with it."""
    from etl import purge as purging
    from etl.warehouse import connect

    changed = purging.rekey(connect.home())
    told = f"{changed:,} values of closed periods are told anew, with the new key as their cause" if changed else ""
    typer.echo(f"Names have a new key; nothing that is kept has the old one. {told or 'No closed value changed'}.")


@app.command()
def ask(
    metric: str,
    by: Annotated[str, typer.Option(help="week, month, quarter, fiscal_year or total.")] = "week",
    split: Annotated[list[str] | None, typer.Option(help="A dimension to split by; may be repeated.")] = None,
    where: Annotated[list[str] | None, typer.Option(help="dimension=value; may be repeated.")] = None,
    start: Annotated[str | None, typer.Option(help="First day, such as 2026-10-01.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day.")] = None,
    audience: Annotated[str, typer.Option(help="public, executive or program.")] = "public",
    as_of: Annotated[str | None, typer.Option(help="The first day that was unknown: as it was told then.")] = None,
    json: AsJson = False,
) -> None:
    """Ask for a metric's figures, as an audience may see them."""
    from dashboard.terminal import texts
    from metrics import query

    named: dict[str, Any] = {"by": by, "split": split or (), "where": texts.pairs(where or ()), "audience": audience}
    released = query.ask(metric, start=start, end=end, as_of=as_of, **named)
    typer.echo(texts.as_json(texts.answer_values(released)) if json else texts.answer(released))


@app.command()
def explain(
    metric: str,
    why: Annotated[str | None, typer.Option(help="A dimension: take the newest change apart by it instead.")] = None,
    by: Annotated[str, typer.Option(help="With --why: week, month, quarter or fiscal_year.")] = "month",
    period: Annotated[str | None, typer.Option(help="With --why: the later period, such as 2026-10.")] = None,
    against: Annotated[str, typer.Option(help="With --why: before, year_before, or an earlier period.")] = "before",
    audience: Annotated[str, typer.Option(help="With --why: public, executive or program.")] = "public",
    dialect: Annotated[str, typer.Option(help="Of the SQL: duckdb or spark.")] = "duckdb",
    plan: Annotated[bool, typer.Option("--plan", help="How builds count it: scans, parts, what is shared.")] = False,
    json: AsJson = False,
) -> None:
    """Say what a metric means, what it does not, and the SQL that computes it; or why it moved."""
    from dashboard.terminal import plans, reasons, texts
    from metrics import query

    if plan:
        planned = query.plan_of(metric)
        typer.echo(texts.as_json(plans.values(planned)) if json else plans.text(planned))
    elif why is not None:
        named: dict[str, Any] = {"by": by, "audience": audience}
        whole = query.ask(metric, **named)
        reason = whole.explain(why, period=period, against=against)
        typer.echo(texts.as_json(reasons.values(reason)) if json else reasons.told(reason, whole))
    else:
        found = query.explain(metric, dialect)
        typer.echo(texts.as_json(texts.explanation_values(found)) if json else texts.explanation(found))


@app.command()
def receipt(id: Annotated[str, typer.Argument(help="As it stands beside the number.")], json: AsJson = False) -> None:
    """Say all that there is to say of one number: what it rests on, what was said of it before, and its SQL."""
    from dashboard.terminal import receipts, texts
    from metrics import query

    found = query.receipt(id)
    typer.echo(texts.as_json(receipts.values(found)) if json else receipts.text(found))


@report.command()
def weekly(
    week: Annotated[str, typer.Option(help="An ISO week, such as 2026-W46.")], out: Out = Path("reports")
) -> None:
    """The weekly summary for executives: PDF and HTML."""
    from dashboard.reports import weekly as weekly_report

    for path in weekly_report.write(week, out):
        typer.echo(str(path))


@report.command()
def quarterly(
    quarter: Annotated[str, typer.Option(help="A fiscal quarter, such as 2027Q1.")],
    out: Out = Path("reports"),
) -> None:
    """The quarterly report for communities: wikitext, HTML and CSV."""
    from dashboard.reports import quarterly as quarterly_report

    for path in quarterly_report.write(quarter, out):
        typer.echo(str(path))


@contract.command()
def diff(old: Path, new: Path, json: AsJson = False) -> None:
    """What a new version of a contract changes, and which metrics that breaks; exit code 1 where it breaks any."""
    from dashboard.terminal import texts
    from etl import contract_change

    found = contract_change.compare(old, new)
    typer.echo(texts.as_json(found.as_json()) if json else texts.comparison(found))
    raise typer.Exit(1 if found.breaks else 0)


@feed.command()
def new(
    name: str,
    file: Path,
    tab: Annotated[str | None, typer.Option(help="The sheet of a workbook that has several.")] = None,
    header_row: Annotated[int | None, typer.Option(help="Row of a workbook in which the headers stand.", min=1)] = None,
    json: AsJson = False,
) -> None:
    """Propose the contract of a sheet (CSV, XLSX) that somebody keeps by hand, and say what upstander.yml needs."""
    from dashboard.terminal import proposals, texts
    from etl import feed_new
    from etl.warehouse import connect

    found = feed_new.propose(connect.home(), name, file, tab=tab, header_row=header_row)
    typer.echo(texts.as_json(proposals.values(found)) if json else proposals.told(found))


@metric.command(name="new")
def new_metric(
    name: str,
    mart: Annotated[str, typer.Option("--from", help="The mart whose rows it counts, such as mart_case.")],
    kind: Annotated[
        str, typer.Option(help="count, sum, ratio, mean, quantile, distinct, duration, stock or survey_share.")
    ],
    json: AsJson = False,
) -> None:
    """Start a metric: its definition with every key, and a spec that fails until the expected figures are written."""
    from dashboard.terminal import texts, workbench
    from metrics import catalog
    from metrics.workbench import draft, manual

    made = draft.draft(name, mart, kind, date.today(), definitions=catalog.HERE, specs=manual.SPECS)
    typer.echo(texts.as_json(workbench.draft_values(made)) if json else workbench.drafted(made))


@metric.command(name="check")
def check_metrics(json: AsJson = False) -> None:
    """Say which metrics need a review, words, a build, a reference or a use; exit code 1 where somebody has to act."""
    from dashboard.terminal import texts, workbench
    from metrics import catalog
    from metrics.workbench import care

    found = care.look_over(catalog.definitions(), date.today())
    typer.echo(texts.as_json(workbench.care_values(found)) if json else workbench.cared(found))
    raise typer.Exit(1 if found.is_urgent else 0)


@metric.command(name="diff")
def diff_metric(
    name: str,
    against: Annotated[str, typer.Option(help="The older version: a .yml file, or a revision of git such as main.")],
    most: Annotated[int, typer.Option(help="How many moves to print.", min=0)] = 20,
    json: AsJson = False,
) -> None:
    """Say which periods and groups a change of a definition moves, and by how much, in the build in force."""
    from dashboard.terminal import texts, workbench
    from metrics.workbench import difference

    found = difference.compare(name, against)
    typer.echo(texts.as_json(workbench.difference_values(found)) if json else workbench.differing(found, most))


@app.command(name="app")
def open_app(
    address: Annotated[str, typer.Option(help="Where it listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="On which port.")] = 8501,
) -> None:
    """Open the app on this machine."""
    from dashboard.terminal.serve import command

    words = command(address, port)
    typer.echo(f"http://{address}:{port}")
    os.execv(words[0], words)  # this process becomes the server, and ends with it


def main() -> None:
    """The entry point: a fault that a person can mend is told as a letter, and has its own exit code."""
    from data_contracts.faults import UserFault

    try:
        app()
    except UserFault as fault:
        typer.echo(str(fault), err=True)
        sys.exit(fault.exit_code)
    except OSError as error:
        from etl.warehouse import connect, disk

        told = disk.fault_of(error, connect.home())
        if told is None:
            raise
        typer.echo(str(told), err=True)
        sys.exit(told.exit_code)


if __name__ == "__main__":
    main()
