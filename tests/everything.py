"""A program that has every feed, its files and answers the samples of `tests/feeds`."""

import shutil
from pathlib import Path

from etl import pipeline
from etl.feed import Piece
from etl.warehouse.land import Landing
from etl.warehouse.pseudonym import make_key
from tests.fuzz import parsers


def write(home: Path) -> None:
    """Fills the folder, as if the feeds' servers had been asked."""
    shutil.copytree(parsers.SAMPLES, home, dirs_exist_ok=True)
    shutil.copyfile(parsers.HERE / "upstander.yml", home / "upstander.yml")
    chosen = pipeline.settings(home).chosen()
    for name, settings in chosen.items():
        for delivery in pipeline.feed(name).deliveries(settings):
            for file in delivery.files:
                (home / file).write_bytes(parsers.sample(file))
        asking = pipeline.fetching(name)
        for download in asking.downloads(settings) if asking else ():
            Landing(home).keep(download, Piece(parsers.piece(name, download.series), {"from": "the beginning"}))
    make_key(home)
