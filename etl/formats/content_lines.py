"""Reads the content lines of calendars and address books (RFC 5545, RFC 6350), folded lines put together.

It knows no property: each line is a name, its parameters and its value, with the line of the file on which it began.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from data_contracts.faults import FeedFault
from etl.feed import LandedFile
from etl.formats.opening import pieces

LONGEST = 1 << 20  # bytes of one unfolded line; pictures and attachments can be longer, and nobody looks at those
LONGEST_HEAD = 1 << 10  # bytes of a name and its parameters, as far as they are looked at for how the value is written
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_QUOTED = b"QUOTED-PRINTABLE"
_LINE = re.compile(
    r'(?:[A-Za-z0-9-]+\.)?(?P<name>[A-Za-z0-9-]+)(?P<params>;(?:[^":]|"[^"]*")*)?:(?P<value>.*)', re.DOTALL
)
_PARAM = re.compile(r';(?P<name>[^=;:"]+)(?:=(?P<value>(?:"[^"]*"|[^;:"])*))?')
_WORD = re.compile(r'"([^"]*)"|([^,"]+)')
_ESCAPED = re.compile(r"\\([nN,;:\\])")


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One line: name in capitals, without its group. broken: why its value cannot be used, empty where it can."""

    line: int
    name: str
    value: str = ""
    params: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broken: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The value as a list of texts: "a,b\\,c" is a and b,c."""
        return tuple(text(one) for one in re.split(r"(?<!\\),", self.value) if one.strip())

    def said(self, name: str) -> str:
        """The first value of a parameter; "" where it has none."""
        return next(iter(self.params.get(name, ())), "")


def content_lines(file: LandedFile) -> Iterator[ContentLine]:
    """Every line of the file but empty ones; FeedFault where it is empty, packed in a strange way or in UTF-16."""
    for line, raw in _unfolded(file):
        if raw.strip():
            yield _parsed(line, raw)


def text(value: str) -> str:
    """A text value without its escapes."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _unfolded(file: LandedFile) -> Iterator[tuple[int, bytes]]:
    """Lines put together; within quoted-printable also those that end in "=" (vCard 2.1)."""
    began, held, is_quoted = 1, bytearray(), False
    for line, raw in _physical(file):
        if held and is_quoted and held.endswith(b"="):
            more = b"\r\n" + raw
        elif held and raw[:1] in (b" ", b"\t"):
            more = raw[1:]
        else:
            if held:
                yield began, bytes(held)
            began, held, more, is_quoted = line, bytearray(), raw, False
        ends_head = b":" in more and b":" not in held[:LONGEST_HEAD]
        held += more[: LONGEST + 1 - len(held)]
        is_quoted = is_quoted or (ends_head and _QUOTED in held.partition(b":")[0].upper())
    yield began, bytes(held)


def _physical(file: LandedFile) -> Iterator[tuple[int, bytes]]:
    line, rest = 0, b""
    for piece, _ in pieces(file):
        if not line and not rest:
            if piece.startswith(_WIDE):
                raise FeedFault(file.name, "it looks like UTF-16", "a file in UTF-8", "Export or save it as UTF-8.")
            piece = piece.removeprefix(_BOM)
        *whole, rest = (rest + piece).split(b"\n")
        rest = rest[: LONGEST + 1]
        for one in whole:
            line += 1
            yield line, one.removesuffix(b"\r")
    if rest:
        yield line + 1, rest.removesuffix(b"\r")


def _parsed(line: int, raw: bytes) -> ContentLine:
    if len(raw) > LONGEST:
        found = _LINE.match(raw[:200].decode("utf-8", "replace"))
        return ContentLine(line, found["name"].upper() if found else "", broken=f"a line has at most {LONGEST} bytes")
    decoded = raw.decode("utf-8", "surrogateescape")
    found = _LINE.match(decoded)
    if found is None:
        return ContentLine(line, "", broken="a line is a name, a colon and a value")
    broken = "the text is UTF-8 without NUL" if _is_undecoded(decoded) else ""
    return ContentLine(line, found["name"].upper(), found["value"], _params(found["params"] or ""), broken)


def _is_undecoded(decoded: str) -> bool:
    return "\0" in decoded or any("\udc80" <= sign <= "\udcff" for sign in decoded)


def _params(told: str) -> Mapping[str, tuple[str, ...]]:
    params: dict[str, tuple[str, ...]] = {}
    for found in _PARAM.finditer(told):
        words = tuple(quoted or plain for quoted, plain in _WORD.findall(found["value"] or ""))
        name = found["name"].strip().upper()
        params[name] = params.get(name, ()) + words
    return params
