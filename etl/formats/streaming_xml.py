"""Reads the items of a log dump with a streaming XML parser alone, whatever the file holds, and says where it is wrong.

Entities are never resolved, nothing is fetched, and one item is held at a time.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from data_contracts.faults import FeedFault
from etl.formats.log_items import LogItems, log_items
from etl.formats.opening import AGAIN, WHOLE

WANTED = "a log dump of MediaWiki (pages-logging.xml), plain or packed with gzip, bzip2 or zstd"
NAME_IT = "Correct the name of the file in upstander.yml."
SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
LATEST_START = 8 << 20  # bytes in which `<mediawiki>` must have begun
_END = re.compile(r"</mediawiki\s*>\s*\Z")
_PLACE = re.compile(r", line \d+, column \d+\Z")


def is_whole(root: bytes) -> bool:
    """Whether the first tag is XML by itself: no sign, name or prefix in it that a parser refuses."""
    try:
        etree.fromstring(root + b"</mediawiki>", etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError:
        return False
    return True


class StreamingReader:
    """Takes the text of a dump piece by piece, from its start or from behind an item.

    name: of the file, for faults; root: the first tag, where the text begins behind it; count, newlines: items and line
    breaks before the text. fault: why the reading ended; nothing may be fed behind it.
    """

    def __init__(self, name: str, root: bytes = b"", count: int = 0, newlines: int = 0) -> None:
        self.fault: FeedFault | None = None
        self._name, self._count, self._lines_before = name, count, newlines - root.count(b"\n")
        self._parser = etree.XMLPullParser(("start", "end"), tag=("{*}mediawiki", "{*}logitem", "{*}page"), **SAFE)
        self._is_dump, self._read, self._last = False, 0, b""
        if root:
            self._parser.feed(root)

    def feed(self, text: bytes) -> LogItems:
        """The items that end in this text."""
        try:
            self._parser.feed(text)
        except etree.XMLSyntaxError as error:
            self.fault = self._not_xml(error.lineno, error.msg)
        fatal = next((entry for entry in self._parser.feed_error_log if entry.level_name == "FATAL"), None)
        if fatal is not None:
            self.fault = self._not_xml(fatal.line, fatal.message)
        self._read, self._last = self._read + len(text), (self._last + text)[-64:]
        found = self._items()
        if not self._is_dump and (self.fault or self._read > LATEST_START):
            self.fault = FeedFault(self._name, "it is no log dump of MediaWiki", WANTED, NAME_IT)
        return found

    def finish(self) -> None:
        """Says that the text has ended, which may be too early."""
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            entry = next(iter(self._parser.feed_error_log), None)
            line, message = (entry.line, entry.message) if entry is not None else (error.lineno, error.msg)
            self.fault = self._not_xml(line, message) if self._has_end() else self._cut_short(line)
        if not self._is_dump:
            self.fault = FeedFault(self._name, "it is no log dump of MediaWiki", WANTED, NAME_IT)

    def _items(self) -> LogItems:
        ended: list[Any] = []
        events: Iterator[tuple[str, Any]] = self._parser.read_events()
        for event, element in events:
            name = etree.QName(element).localname
            if name == "page":
                self.fault = FeedFault(self._name, "it holds pages, not log items", WANTED, NAME_IT)
                break
            self._is_dump = self._is_dump or (name == "mediawiki" and element.getparent() is None)
            if name == "logitem" and event == "end" and self._is_dump:
                if next(element.iter(etree.Entity), None) is not None:
                    self.fault = self._own_entity(element.sourceline)
                    break
                ended.append(_without_namespace(element))
        found = log_items(ended, range(self._count + 1, self._count + len(ended) + 1))
        self._count += len(ended)
        for element in ended:
            _forget(element)
        return found

    def _has_end(self) -> bool:
        return _END.search(self._last.decode("utf-8", "replace")) is not None

    def _where(self, line: int | None) -> str:
        return f"{self._name}:{line + self._lines_before}" if line else self._name

    def _not_xml(self, line: int | None, message: str | None) -> FeedFault:
        found = f"XML that cannot be read: {_PLACE.sub('', message or 'no reason is known').strip()}"
        return FeedFault(self._where(line), found, "well-formed XML, as MediaWiki writes it", AGAIN)

    def _cut_short(self, line: int | None) -> FeedFault:
        return FeedFault(self._where(line), "the file is cut short", f"{WHOLE}, up to </mediawiki>", AGAIN)

    def _own_entity(self, line: int | None) -> FeedFault:
        found = "an item with an entity that the file itself declares"
        return FeedFault(self._where(line), found, "the five entities of XML", "Get the dump from the wiki itself.")


def _without_namespace(element: Any) -> Any:
    for part in element.iter(etree.Element):
        part.tag = etree.QName(part).localname
    return element


def _forget(element: Any) -> None:
    """Lets go of an item that was read, and of all before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
