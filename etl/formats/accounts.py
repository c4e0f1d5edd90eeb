"""What a name in a log stands for: an account, a temporary one, an address, a range, an autoblock; a bot or a person.

It looks at the name only and asks no wiki.
"""

import re
import socket
from typing import Literal

Kind = Literal["account", "temporary_account", "ipv4", "ipv6", "range", "autoblock"]

_TEMPORARY = re.compile(r"~\d{4}-\d{1,5}(-\d{1,5})*", re.ASCII)
_BOT = re.compile(r"^.*bot([^a-z].*$|$)", re.IGNORECASE | re.ASCII)
_IPV4 = re.compile(
    r"\d{1,3}\.\d{1,3}\.\d{1,3}\.(?:xxx|\d{1,3})", re.ASCII
)  # as MediaWiki: it lets no account be called so
_HEX = re.compile(r"[0-9A-Fa-f:]+")
_LENGTH = re.compile(r"\d{1,3}", re.ASCII)


def kind_of(name: str) -> Kind:
    """What the name of a block's target, or of somebody who did something, stands for."""
    if _IPV4.fullmatch(name):
        return "ipv4"
    sign = name[:1]
    if sign == "#":
        return "autoblock"
    if sign == "~" and _TEMPORARY.fullmatch(name):
        return "temporary_account"
    if ":" in name and _is_ipv6(name):
        return "ipv6"
    if "/" in name and _is_range(name):
        return "range"
    return "account"


def is_bot_by_name(name: str) -> bool:
    """The rule of the movement's data lake: the word ends in "bot", or "bot" is followed by no letter."""
    return _BOT.match(name) is not None


def _is_range(name: str) -> bool:
    address, _, length = name.partition("/")
    return _LENGTH.fullmatch(length) is not None and (_IPV4.fullmatch(address) is not None or _is_ipv6(address))


def _is_ipv6(name: str) -> bool:
    if not _HEX.fullmatch(name):
        return False
    try:
        socket.inet_pton(socket.AF_INET6, name)
    except OSError:
        return False
    return True
