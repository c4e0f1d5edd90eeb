"""Starts an instance: an empty one to fill in, or the demo program.

It never writes over a program that somebody may have filled in.
"""

from pathlib import Path

from data_contracts.faults import FeedFault
from etl import demo
from etl.instance import SETTINGS
from etl.warehouse.pseudonym import make_key

TEMPLATE = Path(__file__).with_name("new_instance.yml")
MARK = "invented: true"


def start(home: Path) -> None:
    """Folders, a key, and settings with every part written out behind a #."""
    _refuse_another(home, also_demo=True)
    (home / "feeds").mkdir(parents=True, exist_ok=True)
    (home / SETTINGS).write_bytes(TEMPLATE.read_bytes())
    make_key(home)


def start_demo(home: Path) -> None:
    """The demo program's folder with a key; a demo that is there is written anew."""
    _refuse_another(home, also_demo=False)
    home.mkdir(parents=True, exist_ok=True)
    demo.write(home)
    make_key(home)


def _refuse_another(home: Path, *, also_demo: bool) -> None:
    path = home / SETTINGS
    if path.exists() and (also_demo or MARK not in path.read_text(encoding="utf-8")):
        remedy = "Name another folder by --home or UPSTANDER_HOME."
        raise FeedFault(str(path), "there is a program here already", "an empty folder", remedy)
