"""Cuts the text of a log dump into items and drops those of unwanted types, without parsing, while that is certain.

Certain means: UTF-8, a plain `<mediawiki ...>` at the start, and nowhere a `<!` or `<?` (no comment, CDATA, DOCTYPE or
instruction), so that each `<` begins a tag; and in each item `<type>` stands once, with a plain word in it. It decides
nothing else: items whose type it cannot tell are kept, and what is kept is parsed elsewhere. Where most items are
wanted, dropping does not pay, and the texts are passed on whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

OPEN, CLOSE, TYPE = b"<logitem>", b"</logitem>", b"<type>"
_LEAD = b"\n  <logitem>"  # as MediaWiki writes it
_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?P<declared>[^<>]*)\?>)?\s*"
    rb"(?P<root><mediawiki(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*>)"
)
_OTHER_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_WORD = re.compile(rb"([A-Za-z0-9_-]+)</type>")
_END = re.compile(rb"\s*</mediawiki\s*>\s*")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a text. xml: the kept items in one element; lines: their ordinals in the file; count: all items.

    lines, count: None where nothing was dropped and nothing counted. size: bytes of the text; root: the tag that began
    it, if it was the first.
    """

    xml: bytes
    lines: Sequence[int] | None
    count: int | None
    size: int
    root: bytes


class Cutter:
    """Goes through one dump. root: its first tag, empty until it was seen; count, size: items and bytes behind us."""

    def __init__(self, types: frozenset[str]) -> None:
        self.root, self.count, self.size = b"", 0, 0
        self._types = frozenset(one.encode() for one in types)
        self._is_dropped: dict[bytes, bool] = {}
        self._are_most_wanted = False

    def cut(self, text: bytes) -> Kept | None:
        """What is kept of the next text, which ends behind an item; None where bytes alone cannot tell."""
        if self._are_most_wanted:
            return Kept(b"<items>%b</items>" % text, None, None, len(text), b"")
        root, body = (b"", text) if self.root else _without_head(text)
        if not body or _stands_behind_bracket(b"!", body) or _stands_behind_bracket(b"?", body):
            return None
        parts = body.split(CLOSE)
        if parts.pop() or not len(parts) == body.count(OPEN) == body.count(TYPE):
            return None
        kept = self._kept(parts)
        if kept is None:
            return None
        xml = b"<items>" + CLOSE.join([*kept.values(), b"</items>"])
        return Kept(xml, [*kept], len(parts), len(text), root)

    def _kept(self, parts: list[bytes]) -> dict[int, bytes] | None:
        """The items that are not dropped, by their ordinals; None where there is something else between items."""
        kept: dict[int, bytes] = {}
        for line, part in enumerate(parts, start=self.count + 1):
            at = part.find(TYPE) + len(TYPE)
            if at < len(TYPE) or not (part.startswith(_LEAD) or part.lstrip().startswith(OPEN)):
                return None
            word = part[at : part.find(b">", at) + 1]
            is_dropped = self._is_dropped.get(word)
            if not (self._decide(word) if is_dropped is None else is_dropped):
                kept[line] = part
        return kept

    def go_on(self, kept: Kept, count: int, wanted: int) -> None:
        """The kept items could be parsed; of `count` items so many are wanted. The next text begins behind this one."""
        self.root = self.root or kept.root
        self.count += count
        self.size += kept.size
        self._are_most_wanted = 2 * wanted > count

    def is_over(self, rest: bytes) -> bool:
        """Whether nothing but the end stands behind the last item."""
        return bool(self.root) and _END.fullmatch(rest) is not None

    def _decide(self, word: bytes) -> bool:
        plain = _WORD.fullmatch(word)
        is_dropped = plain is not None and plain[1] not in self._types
        if len(word) < 80 and len(self._is_dropped) < 1000:
            self._is_dropped[word] = is_dropped
        return is_dropped


def _stands_behind_bracket(sign: bytes, text: bytes) -> bool:
    """Whether `<` and the sign stand together; twenty times as fast as searching for both."""
    at = text.find(sign)
    while at >= 0:
        if text[at - 1 : at] == b"<":
            return True
        at = text.find(sign, at + 1)
    return False


def _without_head(text: bytes) -> tuple[bytes, bytes]:
    """The first tag and the text from the first item on; both empty where the head is not a plain one."""
    head, first = _HEAD.match(text), text.find(OPEN)
    if head is None or first < head.end() or _OTHER_ENCODING.search(head["declared"] or b""):
        return b"", b""
    between = text[head.end() : first]
    if any(sign in between for sign in (b"<!", b"<?", b"<page", CLOSE)):
        return b"", b""
    return head["root"], text[first:]
