"""Log dumps of invented people, in MediaWiki's form, of any length; for the other scripts, not a benchmark itself."""

import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from isal import igzip

TAIL = "</mediawiki>\n"
OTHER_TYPES = ("patrol", "move", "delete", "upload", "create", "review", "massmessage", "pagetriage-curation")
WANTED_TYPES = ("block", "newusers", "thanks", "rights", "protect", "abusefilter")
COMMENTS = ("Vandalism", "[[WP:NPA|personal attacks]] & more", "spam <ad>", "edit war", "Открытый прокси", "荒らし", "")
DURATIONS = ("31 hours", "1 week", "infinity", "3 months", "72 hours", "Thu, 01 Oct 2026 15:59:15 GMT", "1 year")


def packed(path: Path, items: str, times: int) -> Path:
    """Packed in parts, one behind the other. That the numbers of items repeat is nothing to a reader."""
    part = igzip.compress(items.encode(), 3)
    head, tail = (igzip.compress(text.encode()) for text in (HEAD, TAIL))
    path.write_bytes(head + times * part + tail)
    return path


def items_of(count: int, wanted: float) -> str:
    """Log items, of which the share `wanted` is of kept types."""
    chance = random.Random(1)
    kinds = [WANTED_TYPES if chance.random() < wanted else OTHER_TYPES for _ in range(count)]
    found = (_item(number, chance, chance.choice(some)) for number, some in enumerate(kinds, start=1))
    return "".join(itertools.chain.from_iterable(found))


HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">
  <siteinfo>
    <sitename>Invented Wiki</sitename>
    <dbname>inventedwiki</dbname>
  </siteinfo>
"""


def _item(number: int, chance: random.Random, kind: str) -> Iterator[str]:
    at = datetime(2024, 1, 1) + timedelta(seconds=97 * number)
    yield f"  <logitem>\n    <id>{number}</id>\n    <timestamp>{at:%Y-%m-%dT%H:%M:%SZ}</timestamp>\n"
    performer = f"Invented Person {chance.randrange(400)}"
    yield f"    <contributor>\n      <username>{performer}</username>\n      <id>{number % 400 + 1}</id>\n"
    yield "    </contributor>\n"
    comment = chance.choice(COMMENTS)
    yield f"    <comment>{escape(comment)}</comment>\n" if comment else ""
    yield f"    <type>{kind}</type>\n    <action>{kind}</action>\n"
    title = f"198.51.{chance.randrange(256)}.{chance.randrange(256)}" if chance.random() < 0.5 else f"Made Up {number}"
    yield f"    <logtitle>User:{title}</logtitle>\n"
    yield f'    <params xml:space="preserve">{_params(kind, number, chance.choice(DURATIONS))}</params>\n  </logitem>\n'


def _params(kind: str, number: int, duration: str) -> str:
    if kind == "block":
        said = f's:11:"5::duration";s:{len(duration)}:"{duration}";s:8:"6::flags";s:8:"nocreate"'
        return f'a:4:{{{said};s:8:"sitewide";b:1;s:7:"blockId";i:{number};}}'
    if kind == "rights":
        return 'a:2:{s:12:"4::oldgroups";a:0:{}s:12:"5::newgroups";a:1:{i:0;s:5:"sysop";}}'
    return f'a:2:{{s:8:"4::curid";i:{number};s:7:"6::auto";i:0;}}'
