"""Every parser is fuzzed for a few seconds: nothing but rows, refusals and faults comes out, soon, and in little memory."""

import importlib.util
import os
from pathlib import Path

import pytest

from data_contracts.faults import UserFault
from etl import pipeline
from tests.fuzz import parsers as parsers_module
from tests.fuzz.parsers import SAMPLES, Parser, parsers
from tests.fuzz.runs import Outcome, fuzz

SECONDS = 3
NAMES = tuple(parsers())


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What came of every parser; as many at once as there are cores."""
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("needs atheris, which is made for Linux only")
    jobs = 2 * (os.cpu_count() or 1)  # half of the time goes into starting and ending
    return {one.name: one for one in fuzz(NAMES, SECONDS, tmp_path_factory.mktemp("fuzz"), jobs)}


@pytest.mark.parametrize("name", NAMES)
def test_no_input_gets_a_parser_to_do_anything_but_refuse_it(outcomes: dict[str, Outcome], name: str) -> None:
    assert outcomes[name].is_sound, str(outcomes[name])


def test_every_feed_is_fuzzed() -> None:
    assert {name.partition("/")[0] for name in NAMES} >= set(pipeline.FEEDS)


def test_every_sample_is_fuzzed() -> None:
    seeds = {seed for parser in parsers().values() for seed in parser.seeds}
    others = {"mediawiki_api.jsonl"}  # each of its series is fuzzed with its own lines
    made = (".sse", ".xlsx")  # seeds are made of the first and like the second
    samples = [path for path in SAMPLES.iterdir() if path.suffix not in made and path.name not in others]
    assert not [path.name for path in samples if path.read_bytes() not in seeds]


def test_the_seeds_are_read_without_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nothing behind the first fault would be fuzzed."""

    def fail(fault: UserFault) -> None:
        raise AssertionError(str(fault))

    monkeypatch.setattr(parsers_module, "_check_letter", fail)
    for name, parser in parsers().items():
        if name not in ("contract", "definition"):
            for seed in parser.seeds:
                parser.run(seed)


def test_what_breaks_a_parser_is_kept_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("needs atheris, which is made for Linux only")
    monkeypatch.setenv("FUZZ_A_PARSER_THAT_BREAKS", "1")
    (outcome,) = fuzz(["broken on purpose"], SECONDS, tmp_path / "kept")
    assert not outcome.is_sound
    assert outcome.broken_by is not None
    assert b"\0" in outcome.broken_by.read_bytes()
    assert "ZeroDivisionError" in str(outcome)


def test_a_parser_that_does_not_run_is_not_sound() -> None:
    assert not Outcome("x", 0, None, "").is_sound
    assert isinstance(next(iter(parsers().values())), Parser)
