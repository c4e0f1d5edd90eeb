"""upstander.yml: what stands in it, and how its faults are told."""

from datetime import datetime

import pytest
from pydantic import BaseModel, ConfigDict

from data_contracts.faults import FeedFault, UserFault
from etl.instance import read


class Pigeons(BaseModel):
    """A feed of the tests."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    files: tuple[str, ...]


@pytest.fixture
def instance(tmp_path):
    def instance(text: str):
        (tmp_path / "upstander.yml").write_text(text, encoding="utf-8")
        return read(tmp_path, {"pigeons": Pigeons, "plan": Pigeons})

    return instance


def test_what_is_not_said_has_the_value_that_the_design_gives(instance):
    one = instance("program: Safer Wikis\nfeeds: {plan: {files: [plan.yml]}}\n")
    assert (one.fiscal_year_start, one.week_start, one.as_of, one.invented) == (7, "monday", None, False)


def test_only_the_feeds_that_are_named_are_chosen(instance):
    one = instance("program: P\nfeeds: {plan: {files: [plan.yml]}}\n")
    assert {name: settings.files for name, settings in one.chosen().items()} == {"plan": ("plan.yml",)}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-19", datetime(2026, 11, 19)),
        ("2026-11-19 06:30:00", datetime(2026, 11, 19, 6, 30)),
        ("2026-11-19T06:30:00+02:00", datetime(2026, 11, 19, 4, 30)),
    ],
)
def test_as_of_is_utc_and_a_day_means_its_midnight(instance, written, meant):
    assert instance(f"program: P\nas_of: {written}\nfeeds: {{}}\n").as_of == meant


def test_all_faults_of_the_file_are_said_at_once_with_line_and_near_key(instance):
    with pytest.raises(UserFault) as caught:
        instance("program: P\nfiscal_year_strat: 7\nweek_start: friday\nfeeds:\n  pigeons:\n    file: [a.csv]\n")
    text = str(caught.value)
    assert 'upstander.yml:2\n  the key "fiscal_year_strat" is not known' in text
    assert 'Did you mean "fiscal_year_start"?' in text
    assert "upstander.yml:3\n  week_start is 'friday'" in text
    assert 'Did you mean "files"?' in text
    assert caught.value.exit_code == 11


def test_a_feed_that_nobody_wrote_is_named_with_those_there_are(instance):
    with pytest.raises(UserFault, match=r"(?s)pigeon.*pigeons, plan"):
        instance("program: P\nfeeds: {pigeon: {files: [a]}}\n")


def test_a_wiki_named_twice_is_refused(instance):
    wiki = "{id: a, name: A, language: en}"
    with pytest.raises(UserFault, match="a stands more than once"):
        instance(f"program: P\nwikis: [{wiki}, {wiki}]\nfeeds: {{}}\n")


def test_without_the_file_the_two_ways_to_make_it_are_told(tmp_path):
    with pytest.raises(FeedFault, match="upstander demo"):
        read(tmp_path, {})


class Budget(BaseModel):
    """A feed that counts in fiscal years."""

    fiscal_year_start: int = 7


@pytest.mark.parametrize(("said", "start"), [("{}", 10), ("{fiscal_year_start: 4}", 4)])
def test_a_feed_takes_the_programs_fiscal_year_unless_it_says_its_own(tmp_path, said, start):
    (tmp_path / "upstander.yml").write_text(f"program: P\nfiscal_year_start: 10\nfeeds: {{budget: {said}}}\n")
    chosen = read(tmp_path, {"budget": Budget}).chosen()["budget"]
    assert chosen == Budget(fiscal_year_start=start)
