"""What every parser gets from whoever means harm: none dies of it, none takes long, and what it says can be shown."""

import time

import pytest

from tests.fuzz.parsers import parsers

NAMES = tuple(parsers())
LONGEST_S = 5
ENTITIES = "".join(f'<!ENTITY e{one} "{f"&e{one - 1};" * 10}">' for one in range(1, 10))
ALIASES = "".join(f"a{one}: &a{one} [{', '.join([f'*a{one - 1}'] * 10)}]\n" for one in range(1, 10))
HOSTILE = {
    "nothing": b"",
    "NUL bytes": b"\0" * 50_000,
    "no encoding": b"\xff\xfe\xfd\x80" * 5_000,
    "a line without an end": b"x" * 2_000_000,
    "many lines": b"\n" * 200_000,
    "blanks between words": (b"x" + b" " * 100_000 + b"y,") * 5,
    "a heading of blanks": b"## " + b" " * 300_000 + b"x\n",
    "folded lines": b"BEGIN:VCALENDAR\nX:1\n" + b" x\n" * 40_000,
    "soft breaks": b"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:=\n" + b"=\n" * 40_000,
    "many columns": b"," * 100_000 + b"\n" + b"1," * 1_000,
    "quotes without an end": b'"' + b"a\n" * 30_000,
    "lists in lists": b"[" * 200_000,
    "objects in objects": b'{"a":' * 200_000,
    "balanced lists": b"[" * 100_000 + b"]" * 100_000,
    "elements in elements": b"<a>" * 100_000,
    "an entity bomb": f'<!DOCTYPE a [<!ENTITY e0 "lol">{ENTITIES}]><mediawiki>&e9;</mediawiki>'.encode(),
    "an external entity": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><mediawiki>&e;</mediawiki>',
    "aliases of aliases": f"a0: &a0 lol\n{ALIASES}".encode(),
    "a tag that makes objects": b"!!python/object/apply:os.system ['exit 1']",
    "numbers of many digits": b'{"a": ' + b"9" * 100_000 + b"}\n",
    "formulas": b"=cmd|' /C calc'!A0,@SUM(1),+1,-1\n" * 1_000,
    "terminal escapes": b"\x1b]0;evil\x07\x1b[2J,\xe2\x80\xae\n" * 1_000,
    "a zip archive": b"PK\x03\x04" + b"\0" * 1_000,
    "gzip of nothing known": b"\x1f\x8b\x08\x00" + b"\0" * 1_000,
    "bzip2 of nothing known": b"BZh9" + b"\0" * 1_000,
    "calendars in calendars": b"BEGIN:VCALENDAR\r\n" * 20_000,
    "cards in cards": b"BEGIN:VCARD\r\n" * 20_000,
}


@pytest.mark.parametrize("name", NAMES)
def test_no_hostile_file_gets_a_parser_to_do_anything_but_refuse_it(name: str) -> None:
    parser = parsers()[name]
    slow = {}
    for kind, content in HOSTILE.items():
        for given in (content, parser.seeds[0] + content):
            begins = time.perf_counter()
            parser.run(given)
            slow[kind] = max(slow.get(kind, 0), time.perf_counter() - begins)
    assert not {kind: seconds for kind, seconds in slow.items() if seconds > LONGEST_S}
