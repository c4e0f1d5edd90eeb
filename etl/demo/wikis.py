"""The six wikis of the demo program: their words and size, and what `upstander.yml` says of them. It draws nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from etl.demo.arrivals import seconds

HERE = Path(__file__).parent
WITHOUT_HISTORY = "ja.demo"  # nobody makes dumps of it, so that rates per editor are those of the other five
NEVER = 2**60  # seconds: later than everything


@dataclass(frozen=True)
class Volume:
    """About how much happens on a wiki from the first day to the last. `blocked` counts people, not blocks."""

    zone: float
    admins: int
    editors: int
    blocked: int
    blocked_by_bot: int
    proxies: int
    accounts: int
    thanks: int
    protections: int
    rights: int
    other: int


VOLUMES = {
    "en.demo": Volume(-2, 45, 900, 11_000, 7_000, 1_500, 45_500, 21_000, 3_000, 700, 43_000),
    "ru.demo": Volume(3, 24, 500, 5_600, 3_000, 0, 15_500, 7_000, 1_200, 380, 17_000),
    "ja.demo": Volume(9, 18, 450, 4_800, 0, 0, 15_000, 6_500, 900, 260, 15_000),
    "ar.demo": Volume(3, 14, 320, 3_100, 0, 0, 11_000, 4_500, 600, 220, 11_000),
    "hi.demo": Volume(5.5, 8, 180, 1_400, 0, 0, 8_000, 3_000, 300, 120, 6_000),
    "sw.demo": Volume(3, 3, 40, 100, 0, 0, 700, 260, 40, 24, 500),
}


@dataclass(frozen=True)
class Wiki:
    """One wiki. number: its place in the list, from 0; proxy_bot: a bot whose name does not say so, or nothing."""

    number: int
    id: str
    name: str
    language: str
    temporary_accounts_from: int
    proxy_bot: str
    words: Mapping[str, Any]
    volume: Volume

    @property
    def code(self) -> str:
        return self.id.partition(".")[0]

    def namespaces(self) -> dict[int, str]:
        """Prefixes by number, from -2."""
        return {place - 2: word.format(project=self.name) for place, word in enumerate(self.words["namespaces"])}

    def account(self, number: int) -> str:
        """The name of the wiki's account of this number: another number, another name."""
        given, things = self.words["given"], self.words["things"]
        turn, place = divmod(number, len(given) * len(things))
        place = place * 229 % (len(given) * len(things))  # so that neighbours do not look alike
        gap = "" if self.language == "ja" else " "
        name = f"{given[place // len(things)]}{gap}{things[place % len(things)]}"
        return f"{name} {turn + 1}" if turn else name


@cache
def text_part(name: str) -> Any:
    """A YAML file of this folder."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


@cache
def wikis() -> tuple[Wiki, ...]:
    """The wikis in the order of `upstander.yml`."""
    settings, words = text_part("upstander.yml"), text_part("words.yml")
    unnamed = {log["wiki"]: log.get("bots", []) for log in settings["feeds"]["mediawiki_logging"]["wikis"]}
    return tuple(
        Wiki(
            number=number,
            id=wiki["id"],
            name=wiki["name"],
            language=wiki["language"],
            temporary_accounts_from=_start(wiki.get("temporary_accounts_from")),
            proxy_bot=next(iter(unnamed.get(wiki["id"], [])), ""),
            words=words[wiki["id"]],
            volume=VOLUMES[wiki["id"]],
        )
        for number, wiki in enumerate(settings["wikis"])
    )


def _start(day: date | None) -> int:
    return NEVER if day is None else seconds(day)
