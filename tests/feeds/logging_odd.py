"""Log dumps of invented people as no MediaWiki writes them, though they are well-formed XML, for tests of the reader."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.feeds.logging_reader import HEAD, TAIL

said = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
) | st.sampled_from(
    [
        *(
            "&lt;",
            "&gt;",
            "&quot;",
            "&apos;",
            "&#039;",
            "&#39;",
            "&amp;amp;",
            "&#x41;",
            "&#60;logitem&#62;",
            ">",
            "]]&gt;",
        ),
        *(
            "\r\n",
            "\r",
            "\n",
            "\n\n  ",
            "\t",
            "<![CDATA[<type>move</type>]]>",
            "<![CDATA[</logitem>]]>",
            "<!-- note -->",
        ),
        *("<!-- </logitem> -->", "<?php ?>", "<b>bold</b>", "<b/>", "\n  logitem>", "m>"),
    ]
)
plain = st.sampled_from(["spam", "Grüße", "荒らし &amp; more", "two\nlines", ""])
TYPES = ("block", "block", "newusers", "thanks", "move", "move", "patrol", "pagetriage-curation", "rights")
ODD_TYPES = ("block", "move", "mov", "", "blo&#99;k", "blocks", "abusefilters", "move<b/>", " move ")
PARAMS = ('a:2:{s:11:"5::duration";s:5:"1 day";s:7:"blockId";i:7;}', "1 week\nnocreate", "1 week", "")
ODD_PARAMS = ("some time", 'a:1:{s:1:"é"}', 'a:1:{s:7:"blockId";i:1;}', "\n\n", "1 week\r\nnocreate")


@st.composite
def parts_of(draw: DrawFn, text: st.SearchStrategy[str], is_odd: bool) -> list[str]:
    """The parts of an item; where it is odd, some are written as MediaWiki does not write them."""
    people = [
        f"    <contributor>\n      <username>A {draw(text)}</username>\n      <id>7</id>\n    </contributor>",
        '    <contributor deleted="deleted" />',
        *(["    <contributor></contributor>", "    <contributor/>"] * is_odd),
        *(["    <contributor>\n      <ip>192.0.2.1</ip>\n    </contributor>"] * is_odd),
    ]
    comment = [
        f"    <comment>{draw(text)}</comment>",
        '    <comment deleted="deleted" />',
        *["    <comment />"] * is_odd,
    ]
    title = [f"    <logtitle>User:{draw(text)}B</logtitle>", *["    <logtitle></logtitle>"] * is_odd]
    params = draw(st.sampled_from(ODD_PARAMS if is_odd else PARAMS))
    shown = [
        f'    <params xml:space="preserve">{params}</params>',
        '    <params xml:space="preserve" />',
        *([f"    <params xml:space='preserve' >{params}</params>", "    <params/>"] * is_odd),
        *(['    <text deleted="deleted" />'] * is_odd),
    ]
    return [
        f"    <id>{draw(st.sampled_from(['1', '018', '', 'x'] if is_odd else ['1', '22']))}</id>",
        f"    <timestamp>2026-0{draw(st.integers(1, 2))}-{29 if is_odd else 28}T00:00:00Z</timestamp>",
        draw(st.sampled_from(people)),
        draw(st.sampled_from(comment)),
        f"    <type>{draw(st.sampled_from(ODD_TYPES if is_odd else TYPES))}</type>",
        f"    <action>{draw(st.sampled_from(['block', 'unblock', *['', 'rights'] * is_odd]))}</action>",
        draw(st.sampled_from(title)),
        draw(st.sampled_from(shown)),
    ]


@st.composite
def rewritten(draw: DrawFn) -> str:
    """An item some parts of which are missing, doubled, in another order, within others, or written otherwise."""
    parts = draw(parts_of(plain, is_odd=False))
    start, end = sorted((draw(st.integers(0, len(parts))), draw(st.integers(0, len(parts)))))
    some = parts[start:end]
    ways: dict[str, list[str]] = {
        "left out": [],
        "doubled": [*some, *some],
        "turned round": some[::-1],
        "within another": ["    <extra>", *some, "    </extra>"],
        "behind another": ["    <extra><type>move</type></extra>", *some],
        "with attributes": [part if "/>" in part else part.replace(">", " n=\"1\" deleted='d'>", 1) for part in some],
        "with blanks": [part if "/>" in part else part.replace(">", " \n>", 1) for part in some],
        "with lines": ["\n" + part.replace("    ", "\t") for part in some],
        "on one line": ["".join(part.strip() for part in some)],
    }
    return "\n".join([*parts[:start], *ways[draw(st.sampled_from(sorted(ways)))], *parts[end:]])


written = parts_of(plain, is_odd=False).map("\n".join)
misused = parts_of(plain, is_odd=True).map("\n".join)
telling = said.flatmap(lambda text: parts_of(st.just(text), is_odd=False)).map("\n".join)
around = st.sampled_from(
    [
        *[("  <logitem>\n", "\n  </logitem>\n")] * 8,
        *(("  <logitem >\n", "\n  </logitem>\n"), ("<logitem>", "</logitem>"), ("\n\n<logitem>", "</logitem\n>\n")),
        *(("  <!-- a -->\n  <logitem>\n", "\n  </logitem>\n"), ("<other/>  <logitem>\n", "\n  </logitem>text\n")),
    ]
)


@st.composite
def odd_dumps(draw: DrawFn) -> bytes:
    """Items as MediaWiki writes them, and among them one or two that are not, for else all would be read by the book."""
    items = [f"  <logitem>\n{one}\n  </logitem>\n" for one in draw(st.lists(written, max_size=6))]
    for _ in range(draw(st.integers(1, 2))):
        before, behind = draw(around)
        odd = draw(rewritten() | rewritten() | misused | telling)
        items.insert(draw(st.integers(0, len(items))), f"{before}{odd}{behind}")
    return (HEAD + "".join(items) + TAIL).encode()
