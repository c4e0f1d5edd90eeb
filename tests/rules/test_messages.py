"""Every text that a page asks for is there in every language, and no text is there that no page asks for."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from dashboard.widgets.language import MESSAGES
from metrics import query

DASHBOARD = Path(__file__).parents[2] / "dashboard"
SOURCES = [DASHBOARD / "app.py", *DASHBOARD.glob("pages/*.py"), *DASHBOARD.glob("widgets/*.py")]
ASKING = ("_", "sentence")
LANGUAGES = sorted(MESSAGES.glob("*.json"))


def asked(source: Path) -> Iterator[ast.expr]:
    """The first argument of every call of `_`, and of `sentence`, which asks for it with links in its gaps."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKING:
            yield node.args[0]


def keys_and_beginnings() -> tuple[set[str], set[str]]:
    """The keys that stand in the code, and the beginnings of those that it puts together."""
    keys, beginnings = set[str](), set[str]()
    for source in SOURCES:
        for key in asked(source):
            if isinstance(key, ast.JoinedStr):
                assert isinstance(key.values[0], ast.Constant), (
                    f"{source.name} asks for a text with an unknown beginning"
                )
                beginnings.add(str(key.values[0].value))
            else:
                constants = [one.value for one in ast.walk(key) if isinstance(one, ast.Constant)]
                keys |= {one for one in constants if isinstance(one, str)}
    return keys, beginnings


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)
def test_every_text_that_is_asked_for_exists(language: Path):
    there = set(json.loads(language.read_text(encoding="utf-8")))
    keys, beginnings = keys_and_beginnings()
    assert not keys - there
    assert not [one for one in beginnings if not any(key.startswith(one) for key in there)]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)
def test_no_text_is_left_over(language: Path):
    there = set(json.loads(language.read_text(encoding="utf-8")))
    keys, beginnings = keys_and_beginnings()
    assert not {key for key in there - keys if not key.startswith(tuple(beginnings))}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)
def test_every_dimension_and_pillar_of_a_metric_has_a_name(language: Path):
    there = set(json.loads(language.read_text(encoding="utf-8")))
    metrics = query.definitions().values()
    dimensions = {f"dimension-{name}" for one in metrics for name in one.dimensions}
    assert not (dimensions | {f"pillar-{one.pillar}" for one in metrics}) - there


def test_texts_of_other_languages_have_the_same_gaps():
    english = json.loads((MESSAGES / "en.json").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        texts = json.loads(language.read_text(encoding="utf-8"))
        assert {key: _gaps(one) for key, one in texts.items()} == {key: _gaps(one) for key, one in english.items()}


def _gaps(text: str | dict[str, str]) -> set[str]:
    forms = [text] if isinstance(text, str) else list(text.values())
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}
