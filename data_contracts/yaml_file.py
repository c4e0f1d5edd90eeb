"""Reads a YAML file that a person edits into a checked model, and says every fault with its line.

It touches only the file it is given.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.constructor import ConstructorError

from data_contracts.faults import Faults, UserFault

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]

DEEPEST = 500
LONGEST_NUMBER = 100  # signs; whoever counts so far writes text
MOST_BYTES = 8_000_000
MOST_DEEP = 100_000  # signs of a text whose parts may stand deeper than DEEPEST: it is read slowly
BRACKET = re.compile(r"[\[\]{}]")
MOST_PARTS = 200_000  # the demo's plan has a thousand; aliases of aliases of aliases would fill the memory


@dataclass(frozen=True)
class YamlFile:
    """The data of a YAML file, and the line on which each part of it stands (counted from 1)."""

    path: str
    data: Any
    lines: Mapping[Place, int]

    def line(self, place: Sequence[str | int]) -> int:
        """The line of the innermost part of `place` that the file has."""
        known = tuple(place)
        while known and known not in self.lines:
            known = known[:-1]
        return self.lines.get(known, 1)

    def where(self, place: Sequence[str | int]) -> str:
        return f"{self.path}:{self.line(place)}"


class _Loader(yaml.SafeLoader):
    """Safe YAML in which only true and false are truth values, as in YAML 1.2: `on`, `yes` and `no` are words."""


class _FastLoader(yaml.CSafeLoader):
    """The same, ten times as fast; it dies of parts that stand in one another some ten thousand deep."""


def _date_or_text(loader: Any, node: yaml.ScalarNode) -> Any:
    """A day that no calendar has, such as 2026-02-30, stays text: whoever wanted a date says so, with its line."""
    try:
        return loader.construct_yaml_timestamp(node)
    except (ValueError, AttributeError):  # PyYAML's own answer to !!timestamp before what is none
        return node.value


def _whole(loader: Any, node: yaml.ScalarNode) -> Any:
    return _number(node, loader.construct_yaml_int)


def _fraction(loader: Any, node: yaml.ScalarNode) -> Any:
    return _number(node, loader.construct_yaml_float)


def _number(node: yaml.ScalarNode, construct: Callable[[yaml.ScalarNode], Any]) -> Any:
    if len(node.value) > LONGEST_NUMBER:
        raise ConstructorError(None, None, f"a number of {len(node.value)} signs", node.start_mark)
    try:
        return construct(node)
    except ValueError as error:
        raise ConstructorError(None, None, "it is called a number and is none", node.start_mark) from error


for _one in (_Loader, _FastLoader):
    _one.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:bool"]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    _one.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
    _one.add_constructor("tag:yaml.org,2002:timestamp", _date_or_text)
    _one.add_constructor("tag:yaml.org,2002:int", _whole)
    _one.add_constructor("tag:yaml.org,2002:float", _fraction)


def load(path: Path, fault: type[UserFault], shown_as: str | None = None) -> YamlFile:
    """The file's data with its lines; `fault` where it is missing, no YAML, or says a key twice."""
    name = shown_as or str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise fault(name, f"{path.stat().st_size:,} bytes", f"at most {MOST_BYTES:,}: people edit it", "Split it.")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise fault(name, "the file is not there", "a YAML file", "Make it, or correct the path.") from error
    except UnicodeDecodeError as error:
        raise fault(name, f"byte {error.start} is not UTF-8", "a text file in UTF-8", "Save it as UTF-8.") from error
    loader: Any = None
    try:
        is_flat = _is_flat(text)
        if not is_flat and len(text) > MOST_DEEP:
            raise fault(name, "parts inside one another without end", "a few steps", "Write it flatter.")
        loader = (_FastLoader if is_flat else _Loader)(text)
        root = loader.get_single_node()
        lines: dict[Place, int] = {}
        _note_lines(root, (), lines, name, fault)
        data = loader.construct_document(root) if root is not None else None
    except yaml.YAMLError as error:
        raise _syntax_fault(name, error, fault) from error
    except RecursionError as error:
        raise fault(name, "parts inside one another without end", "a few steps", "Write it flatter.") from error
    finally:
        if loader is not None:
            loader.dispose()
    return YamlFile(name, data, lines)


def _is_flat(text: str) -> bool:
    """Whether no part of the text can stand deeper than DEEPEST: by brackets, indentation and dashes, quoted or not."""
    opened = text.count("[") + text.count("{")
    return all(
        len(line) - len(line.lstrip()) + 2 * line.count("- ") + 2 * line.count("? ") < DEEPEST
        for line in text.split("\n")
    ) and (opened < DEEPEST or _deepest_bracket(text) < DEEPEST)


def _deepest_bracket(text: str) -> int:
    depth = deepest = 0
    for sign in BRACKET.findall(text):
        depth = depth + 1 if sign in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def read(path: Path, model: type[Model], fault: type[UserFault], shown_as: str | None = None) -> Model:
    """The file as a `model`; all its faults at once, each with its line and, for a wrong key, the nearest right one."""
    file = load(path, fault, shown_as)
    return check(file, model, fault)


def check(file: YamlFile, model: type[Model], fault: type[UserFault]) -> Model:
    """The file's data as a `model`, or every fault of it."""
    try:
        return model.model_validate(file.data if file.data is not None else {})
    except ValidationError as error:
        faults = [_model_fault(file, dict(one), model, fault) for one in error.errors()]
        raise Faults(sorted(faults, key=lambda one: int(one.where.rsplit(":", 1)[1]))) from error


def _note_lines(
    node: yaml.Node | None, place: Place, lines: dict[Place, int], name: str, fault: type[UserFault]
) -> None:
    if node is None:
        return
    if len(lines) > MOST_PARTS:
        raise fault(name, f"more than {MOST_PARTS} parts, aliases written out", "a file that people edit", "Split it.")
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            word = str(key.value)
            line = key.start_mark.line + 1
            if word in seen:
                raise fault(f"{name}:{line}", f'the key "{word}" stands twice', "each key once", "Remove one of them.")
            seen.add(word)
            lines[(*place, word)] = line
            _note_lines(value, (*place, word), lines, name, fault)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, (*place, index), lines, name, fault)


def _syntax_fault(name: str, error: yaml.YAMLError, fault: type[UserFault]) -> UserFault:
    mark = getattr(error, "problem_mark", None)
    where = f"{name}:{mark.line + 1}" if mark else name
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    return fault(where, str(problem), "valid YAML", "Mend the line; indentation is the usual cause.")


def _model_fault(file: YamlFile, error: Mapping[str, Any], model: type[BaseModel], fault: type[UserFault]) -> UserFault:
    place: Place = tuple(error["loc"])
    word = ".".join(str(part) for part in place) or "the file"
    if error["type"] == "extra_forbidden":
        keys = sorted(_known_keys(model, place[:-1]))
        near = difflib.get_close_matches(str(place[-1]), keys, n=1)
        remedy = f'Did you mean "{near[0]}"?' if near else "Remove it."
        return fault(file.where(place), f'the key "{word}" is not known', f"one of {', '.join(keys)}", remedy)
    if error["type"] == "missing":
        return fault(file.where(place[:-1]), f'"{word}" is missing', "every required key", f'Add "{place[-1]}".')
    found = f"{word} is {error['input']!r}" if not isinstance(error["input"], dict | list) else word
    return fault(file.where(place), found, str(error["msg"]).removeprefix("Value error, "), "Correct it.")


def _known_keys(model: type[BaseModel], place: Place) -> set[str]:
    """The keys that the part of the model at `place` knows; the whole model's where the part cannot be told."""
    here: Any = model
    for part in place:
        if isinstance(part, int):
            continue
        fields = here.model_fields if isinstance(here, type) and issubclass(here, BaseModel) else {}
        found = fields.get(part)
        inner = _inner_model(found.annotation) if found else None
        if inner is None:
            break
        here = inner
    return {field.alias or name for name, field in here.model_fields.items()}


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        inner = _inner_model(argument)
        if inner is not None:
            return inner
    return None
