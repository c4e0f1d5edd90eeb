"""Writes the demo program as an instance folder: settings, feeds, plan, and a note that all of it is invented.

It builds nothing and makes no key: that is the warehouse's.
"""

from pathlib import Path

from etl.demo.aqs_editors import write_aqs_editors
from etl.demo.contacts import write_contacts
from etl.demo.history import write_history
from etl.demo.history_events import past
from etl.demo.incident_reports import write_incident_reports
from etl.demo.logs import write_logs
from etl.demo.rota import write_rota
from etl.demo.survey import write_survey
from etl.demo.tickets import write_tickets
from etl.demo.trainings import write_trainings
from etl.demo.wikis import HERE, WITHOUT_HISTORY, wikis

SEED = 20261118
TEXT_PARTS = {
    "upstander.yml": "upstander.yml",
    "plan.yml": "plan.yml",
    "about.md": "README.md",
    "developments.md": "feeds/developments.md",
    "trainings.odcs.yaml": "contracts/trainings.odcs.yaml",
}


def write(home: Path, seed: int = SEED) -> None:
    """The whole folder; the same seed gives the same bytes. Files that are there already are written anew."""
    for folder in ("feeds", "contracts"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    for part, name in TEXT_PARTS.items():
        (home / name).write_bytes((HERE / part).read_bytes())
    write_logs(home, seed)
    _write_edits(home, seed)
    write_tickets(home, seed)
    write_survey(home, seed)
    write_incident_reports(home, seed)
    write_rota(home)
    write_contacts(home, seed)
    write_trainings(home, seed)


def _write_edits(home: Path, seed: int) -> None:
    """What is told from edits: histories of the wikis that have one, and the server's own count of their editors."""
    told = [past(wiki, seed) for wiki in wikis() if wiki.id != WITHOUT_HISTORY]
    for one in told:
        write_history(home, one)
    write_aqs_editors(home, told)
