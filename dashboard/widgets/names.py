"""What ids are called on a page: dimensions, their members, roles, wikis. Ids in addresses stay as they are."""

from collections.abc import Mapping

from dashboard.widgets import door
from dashboard.widgets.language import _

_PLAIN = str.maketrans({one: f"\\{one}" for one in "\\`*_{}[]()#+-.!~$:<>|&"})


def dimension(name: str) -> str:
    return _(f"dimension-{name}")


def member(name: str, value: str) -> str:
    """A member of a dimension; a wiki by its own name and its id."""
    if name == "wiki" and value in wikis():
        return f"\u2068{wikis()[value]}\u2069 ({value})"  # set apart, as its script may run the other way
    return value.replace("_", " ") if value else _("member-not-known")


def chosen(where: Mapping[str, str]) -> str:
    """What an answer is narrowed to: "wiki: Demo Wiki (en.demo), scope: partial"; "" where it is not."""
    return ", ".join(f"{dimension(name)}: {member(name, value)}" for name, value in where.items())


def role(name: str) -> str:
    """A role's id in words: "trust-and-safety" is Trust and safety."""
    told = name.replace("-", " ").replace("_", " ")
    return told[:1].upper() + told[1:]


def feed(name: str) -> str:
    return name.replace("_", " ")


def wikis() -> Mapping[str, str]:
    """The wikis of the program, id to name."""
    return {str(row["wiki"]): str(row["name"]) for row in door.listing("wikis").rows}


def plain(text: str) -> str:
    """Text from a plan, a wiki or a definition for a place that reads Markdown: nothing in it is a mark."""
    return text.translate(_PLAIN)
