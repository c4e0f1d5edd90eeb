"""Reads what PHP's serialize() wrote, strictly, and writes it: every length counts bytes, and nothing may be left over.

It knows null, booleans, integers, floats, strings and arrays; objects and references are refused, so nothing is run.
"""

import re
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | dict[int | str, Value] | None"

DEEPEST = 16
_TOKEN = re.compile(rb'N;|b:([01]);|i:([+-]?\d{1,19});|s:(\d{1,9}):"|a:(\d{1,6}):\{|d:([^;{}"]{1,32});')


class NotPhp(ValueError):
    """Bytes that PHP's unserialize() would not take, or that hold an object."""


def unserialize(data: bytes) -> Value:
    """The value that `data` holds; strings as text (UTF-8), arrays as dicts in their order."""
    value, end = _value(data, 0, 0)
    if end != len(data):
        raise NotPhp("something is left over behind the value")
    return value


def serialize(value: Value) -> str:
    """The text that PHP's serialize() makes of the value."""
    match value:
        case None:
            return "N;"
        case bool():
            return f"b:{int(value)};"
        case int():
            return f"i:{value};"
        case float():
            return f"d:{value!r};"
        case str():
            return f's:{len(value.encode())}:"{value}";'
    pairs = "".join(serialize(key) + serialize(one) for key, one in value.items())
    return f"a:{len(value)}:{{{pairs}}}"


def _value(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    token = _TOKEN.match(data, at)
    if token is None:
        raise NotPhp("no value of a known type")
    end = token.end()
    match token.lastindex:
        case 1:
            return token[1] == b"1", end
        case 2:
            return int(token[2]), end
        case 3:
            return _text(data, end, int(token[3]))
        case 4:
            return _array(data, end, int(token[4]), depth + 1)
        case 5:
            return _float(token[5]), end
        case _:
            return None, end


def _text(data: bytes, at: int, length: int) -> tuple[str, int]:
    end = at + length
    if data[end : end + 2] != b'";':
        raise NotPhp("a string that is longer or shorter than it says")
    try:
        return data[at:end].decode(), end + 2
    except UnicodeDecodeError as error:
        raise NotPhp("a string that is not UTF-8") from error


def _array(data: bytes, at: int, length: int, depth: int) -> tuple[dict[int | str, Value], int]:
    if depth > DEEPEST:
        raise NotPhp(f"arrays more than {DEEPEST} deep")
    found: dict[int | str, Value] = {}
    for _ in range(length):
        key, at = _value(data, at, depth)
        if isinstance(key, bool) or not isinstance(key, int | str):
            raise NotPhp("a key that is neither a number nor a string")
        found[key], at = _value(data, at, depth)
    if data[at : at + 1] != b"}":
        raise NotPhp("an array that is longer or shorter than it says")
    return found, at + 1


def _float(text: bytes) -> float:
    try:
        return float(text.replace(b"_", b"?"))
    except ValueError as error:
        raise NotPhp("a float that is no number") from error
