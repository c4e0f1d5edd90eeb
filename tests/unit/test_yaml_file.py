"""YAML that people edit: what is read, and every fault with its line."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault, Faults, FeedFault, UserFault

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in pairwise("abcdefghi")
)  # ten to the ninth


class Perch(BaseModel):
    model_config = ConfigDict(extra="forbid")
    height: int = Field(gt=0)


class Loft(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    opened: date | None = None
    perches: list[Perch] = []
    by_name: dict[str, Perch] = {}
    source: str | None = Field(default=None, alias="from")


@pytest.fixture
def loft(tmp_path: Path) -> Path:
    return tmp_path / "loft.yml"


def faults_of(path: Path, text: str) -> list[UserFault]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Faults) as caught:
        yaml_file.read(path, Loft, FeedFault, "loft.yml")
    return list(caught.value.faults)


def test_a_file_becomes_a_model(loft: Path) -> None:
    loft.write_text("name: North\nopened: 2026-02-03\nperches: [{height: 3}]\nfrom: wood\n", encoding="utf-8")
    found = yaml_file.read(loft, Loft, FeedFault)
    assert (found.name, found.opened, found.perches[0].height, found.source) == ("North", date(2026, 2, 3), 3, "wood")


def test_only_true_and_false_are_truth_values(loft: Path) -> None:
    loft.write_text("on: yes\noff: no\nready: true\n", encoding="utf-8")
    assert yaml_file.load(loft, FeedFault).data == {"on": "yes", "off": "no", "ready": True}


def test_a_day_that_no_calendar_has_stays_text_until_somebody_wants_a_date(loft: Path) -> None:
    loft.write_text("name: 2026-02-30\n", encoding="utf-8")
    assert yaml_file.read(loft, Loft, FeedFault).name == "2026-02-30"
    (fault,) = faults_of(loft, "name: North\nopened: 2026-02-30\n")
    assert fault.where == "loft.yml:2"
    assert "2026-02-30" in fault.found


def test_every_part_knows_its_line_and_what_is_not_there_that_of_what_holds_it(loft: Path) -> None:
    loft.write_text("name: North\nperches:\n  - height: 1\n  - {height: 2}\n", encoding="utf-8")
    file = yaml_file.load(loft, FeedFault, "loft.yml")
    assert [file.line(place) for place in ((), ("perches",), ("perches", 1), ("perches", 1, "height"))] == [1, 2, 4, 4]
    assert file.where(("perches", 0, "colour")) == "loft.yml:3"


def test_all_faults_are_told_at_once_in_the_order_of_the_file(loft: Path) -> None:
    text = "nmae: North\nperches:\n  - {height: 0}\n  - {hight: 2}\nzzz: 1\n"
    assert [(one.where, one.remedy) for one in faults_of(loft, text)] == [
        ("loft.yml:1", 'Add "name".'),
        ("loft.yml:1", 'Did you mean "name"?'),
        ("loft.yml:3", "Correct it."),
        ("loft.yml:4", 'Add "height".'),
        ("loft.yml:4", 'Did you mean "height"?'),
        ("loft.yml:5", "Remove it."),
    ]


def test_a_wrong_key_inside_a_named_part_is_compared_with_the_keys_of_that_part(loft: Path) -> None:
    missing, unknown = faults_of(loft, "name: N\nby_name: {a: {hight: 2}}\n")
    assert (missing.where, missing.found) == ("loft.yml:2", '"by_name.a.height" is missing')
    assert (unknown.wanted, unknown.remedy) == ("one of height", 'Did you mean "height"?')


def test_an_empty_file_is_a_model_without_its_keys(loft: Path) -> None:
    (fault,) = faults_of(loft, "")
    assert (fault.where, fault.found) == ("loft.yml:1", '"name" is missing')


@pytest.mark.parametrize(
    ("content", "where", "found"),
    [
        (b"name: a\nname: b\n", ":2", 'the key "name" stands twice'),
        (b"name: [a\nperches: b\n", ":2", "expected ',' or ']'"),
        (b"perches:\n\t- x\n", ":2", "found character"),
        (b"name: !!python/object/apply:os.system [ls]\n", ":1", "could not determine a constructor"),
        (b"name: \xff\n", "", "byte 6 is not UTF-8"),
        (None, "", "the file is not there"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(loft: Path, content: bytes | None, where: str, found: str) -> None:
    if content is not None:
        loft.write_bytes(content)
    with pytest.raises(DefinitionFault) as caught:
        yaml_file.load(loft, DefinitionFault, "loft.yml")
    assert caught.value.where == f"loft.yml{where}"
    assert found in caught.value.found
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: " + "[" * 500 + "]" * 500, "parts inside one another without end"),
        ("a: &a [*a]\n", "parts inside one another without end"),
        (BOMB, "more than 200000 parts"),
    ],
)
def test_a_file_made_to_fill_the_memory_is_refused(loft: Path, text: str, found: str) -> None:
    loft.write_text(text, encoding="utf-8")
    with pytest.raises(FeedFault, match=found):
        yaml_file.load(loft, FeedFault, "loft.yml")


def test_a_fault_reads_like_a_letter() -> None:
    fault = FeedFault("loft.yml:3", "no perch", "a perch", "Add one.")
    assert str(fault) == "loft.yml:3\n  no perch\n  Wanted: a perch\n  Add one."
    assert str(UserFault("loft.yml", "no perch")) == "loft.yml\n  no perch"
    several = Faults([fault, UserFault("b.yml", "no bird")])
    assert str(several) == f"{fault}\nb.yml\n  no bird"
    assert (several.where, several.exit_code) == ("loft.yml:3", 11)
