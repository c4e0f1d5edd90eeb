"""What is promised to readers is there: documents, help of every verb, and each verb in the README."""

from collections.abc import Iterator

import pytest
import typer
from click import Command, Group

from dashboard import cli
from tests.rules.project import ROOT

DOCUMENTS = (
    "README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "LICENSE", "SECURITY.md",
)  # fmt: skip


def verbs(command: Command, words: tuple[str, ...] = ("upstander",)) -> Iterator[tuple[str, Command]]:
    if isinstance(command, Group):
        for name, one in command.commands.items():
            yield from verbs(one, (*words, name))
    else:
        yield " ".join(words), command


VERBS = dict(verbs(typer.main.get_command(cli.app)))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_what_it_does_and_so_does_every_option(verb: str) -> None:
    assert VERBS[verb].help
    assert not [
        one.name for one in VERBS[verb].params if one.param_type_name == "option" and not getattr(one, "help", None)
    ]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_stands_in_the_readme(verb: str) -> None:
    assert f"`{verb}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_its_two_commands_and_they_are_in_the_makefile() -> None:
    readme, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "Makefile"))
    for target in ("run", "test"):
        assert f"make {target}" in readme
        assert f"\n{target}:" in makefile


def test_links_of_documents_lead_somewhere() -> None:
    for name in DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        targets = [part.split(")")[0].split("#")[0] for part in text.split("](")[1:]]
        assert not [one for one in targets if one and "://" not in one and not (ROOT / one).exists()], name
