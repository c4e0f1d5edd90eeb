"""Writes a page as wikitext for Meta-Wiki, ready to be marked for translation; it touches no file.

Units stand in <translate>, with blank lines between them, and get their ids from the Translate extension, never here.
What needs no translation stands in <tvar>: where only numbers change, every translation stays as it was. Numbers, days
and languages are written by the wiki, as the reader's language does: {{formatnum:}}, {{#time:}}, {{#language:}}.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from dashboard.reports.community_text import (
    Amount,
    Block,
    Bullets,
    Cell,
    Day,
    Grid,
    Heading,
    Language,
    Link,
    Month,
    Name,
    Page,
    Paragraph,
    Picture,
    Place,
    Text,
    Words,
    cell_texts,
)

READER: Final = "{{PAGELANGUAGE}}"
BOX: Final = "border:2px solid #8a3a00; background:#fff3d6; color:#6b2d00; padding:0.5em"
# What could be markup in words that are not ours. Anywhere: brackets, braces, bars, tags, quotes, signatures, switches
# such as __NOTOC__, variables such as $1, header cells. At the beginning: lists, headings, rows of tables.
_MARKUP: Final = re.compile(
    r"[\[\]{}|<>&]|''+|~~~+|__+|\$(?=\w)|!!|^[*#:;=+!-]|=$|(?<=:)//|\b(?:ISBN|RFC|PMID)(?= )", re.IGNORECASE
)


def write(page: Page) -> str:
    """The page as wikitext; the same page gives the same text."""
    lines = ["<languages/>"]
    if page.banner:
        lines += [f'<div style="{BOX}">', *_units([f"'''{_words(page.banner)}'''"]), "</div>"]
    for run in _runs(page.blocks):
        lines += ["", *_written(run)]
    lines += ["", *_units([_words(page.stamp)])]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Words of somebody else on one line, so that nothing in them is markup."""
    return _MARKUP.sub(lambda found: "".join(f"&#{ord(one)};" for one in found[0]), " ".join(text.split()))


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Headings and paragraphs that follow each other go into one pair of tags; anything else stands alone."""
    run: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            run.append(block)
            continue
        if run:
            yield run
        run = []
        if not isinstance(block, Picture):
            yield [block]
    if run:
        yield run


def _written(run: list[Block]) -> list[str]:
    first = run[0]
    if isinstance(first, Bullets):
        return [f"* {_inline(one)}" for one in first.items]
    if isinstance(first, Grid):
        return list(_grid(first))
    return _units([_unit(block) for block in run])


def _units(units: Sequence[str]) -> list[str]:
    return ["<translate>", "\n\n".join(units), "</translate>"]


def _unit(block: Block) -> str:
    if isinstance(block, Heading):
        marks = "=" * block.level
        return f"{marks} {_words(block.text)} {marks}"
    return _words(block.text) if isinstance(block, Paragraph) else ""


def _grid(grid: Grid) -> Iterator[str]:
    yield '{| class="wikitable"'
    yield f"|+ {_inline(grid.caption)}"
    for cell in grid.columns:
        yield f'! scope="col" | {_cell(cell)}'
    for row in grid.rows:
        yield "|-"
        yield f'! scope="row" | {_cell(row[0])}'
        for at, cell in enumerate(row[1:], start=1):
            align = 'style="text-align:end" | ' if at in grid.numbers else ""
            yield f"| {align}{_cell(cell)}"
    yield "|}"


def _cell(cell: Cell) -> str:
    return "<br />".join(_inline(text) for text in cell_texts(cell))


def _inline(text: Text) -> str:
    """The text as a unit of its own within a line; bare where it has nothing to translate."""
    if text.has_words:
        return f"<translate>{_words(text)}</translate>"
    return "".join(_ours(part) if isinstance(part, str) else _bare(part[1]) for part in text.parts())


def _words(text: Text) -> str:
    """The text between its tags: words as they are, places as variables."""
    return "".join(_ours(part) if isinstance(part, str) else _variable(*part) for part in text.parts())


def _ours(part: str) -> str:
    """Words of our own: they hold no markup but links, and a space that must not break is written out."""
    return part.replace("\u00a0", "&nbsp;")


def _variable(name: str, place: Place | Words) -> str:
    return _bare(place) if isinstance(place, Words) else f'<tvar name="{name}">{_bare(place)}</tvar>'


def _bare(place: Place | Words) -> str:
    match place:
        case Amount():
            return f"{{{{formatnum:{place.digits}}}}}"
        case Day(day=day):
            return f"{{{{#time:j xg Y|{day.isoformat()}|{READER}}}}}"
        case Month(day=day):
            return f"{{{{#time:F Y|{day:%Y-%m}|{READER}}}}}"
        case Language(code=code):
            return f"{{{{#language:{code}|{READER}}}}}" if re.fullmatch(r"[a-zA-Z][\w-]*", code) else escape(code)
        case Link(page=target):
            return target
        case Name(text=text, language=language, direction=direction):
            marks = "".join(f' {key}="{value}"' for key, value in (("lang", language), ("dir", direction)) if value)
            return f"<bdi{marks}>{escape(text)}</bdi>" if marks else escape(text)
        case Words(text=text):
            return escape(text)
