"""Definitions that cannot be used are refused: every fault at once, each with its line and what to do."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault, Faults
from metrics.semantic.model import Change, Mart, Measure, Metric, Published, Statistic, Target
from metrics.semantic.parse import parse

GOOD = """\
id: loft_hours
title: Hours in the loft
question: How long do pigeons stay?
why: Pigeons that leave early were not well.
not_this: It does not say where they went.
pillar: tools
status: live
owner: loft-keeper
written_by: counter
checked_by: other-counter
reviewed_on: 2026-10-01
review_again_by: 2027-04-01
version: 1
changes: [{version: 1, on: 2026-10-01, why: "First.", moves: all}]
kind: count
from: mart_pigeon
at: seen_at
measure: {count: "*"}
mature_after: null
unit: count
better: neither
grains: [week, total]
dimensions: [loft]
targets: []
release: {program: 5, executive: 10, public: 10}
published: []
caveats: []
"""
COLUMNS = {
    "seen_at": "TIMESTAMP", "left_at": "TIMESTAMP", "born_on": "DATE", "loft": "VARCHAR", "hours": "DOUBLE",
    "eggs": "BIGINT", "has_left": "BOOLEAN", "keeper_key": "VARCHAR",
}  # fmt: skip
MARTS = {
    "mart_pigeon": Mart("mart_pigeon", COLUMNS, {"loft": "small"}, True, ("log",)),
    "mart_seed": Mart("mart_seed", COLUMNS, {"loft": "small"}, False, ("plan",)),
}
Read = Callable[..., Metric]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """`read(kind="sum", ...)` parses the good definition with these keys changed; None takes a key away."""

    def parsed(text: str = GOOD, **changed: str | None) -> Metric:
        lines = text.splitlines()
        for key, value in changed.items():
            name = key.rstrip("_")
            lines = [line for line in lines if not line.startswith(f"{name}:")]
            lines += [] if value is None else [f"{name}: {value}"]
        path = tmp_path / "loft_hours.yml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return parse(yaml_file.load(path, DefinitionFault, "loft_hours.yml"), MARTS)

    return parsed


def faults_of(read: Read, text: str = GOOD, **changed: str | None) -> list[str]:
    with pytest.raises(Faults) as caught:
        read(text, **changed)
    assert all(isinstance(one, DefinitionFault) and one.wanted for one in caught.value.faults)
    return [f"{one.where}: {one.found}" for one in caught.value.faults]


def test_a_good_definition_becomes_a_metric(read: Read) -> None:
    metric = read(
        kind="duration",
        measure="{duration: hours, observed: has_left, where: eggs > 0}",
        statistic="{quantile: 0.5}",
        mature_after="30 days",
        targets="[{fiscal_year: 2027, value: 12.0}]",
        published='[{value: 9.0, period: "2025", source: "Another loft"}]',
        caveats="[Pigeons come back.]",
    )
    assert metric.measure == Measure("duration", "hours", "eggs > 0", observed="has_left")
    assert metric.statistic == Statistic(quantile=0.5)
    assert metric.mature_after == timedelta(days=30)
    assert metric.targets == (Target(2027, 12.0),)
    assert metric.published == (Published(9.0, "2025", "Another loft"),)
    assert metric.changes == (Change(1, date(2026, 10, 1), "First.", "all"),)
    assert (metric.source, metric.at, metric.release["executive"]) == ("mart_pigeon", "seen_at", 10)


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("count", {"measure": "{count: eggs, where: has_left}"}),
        ("mean", {"measure": "{mean: hours}", "mature_after": "4 hours"}),
        ("quantile", {"measure": "{value: eggs}", "statistic": "{quantile: 0.9}"}),
        ("distinct", {"measure": "{distinct: loft, where: has_left}"}),
        ("duration", {"measure": "{duration: hours, observed: has_left}", "statistic": "{within: 48}"}),
        ("stock", {"measure": "{stock: seen_at, until: left_at}"}),
        ("survey_share", {"measure": "{share: has_left, stratum: loft, population: eggs}"}),
        ("sum", {"measure": "{sum: hours}", "from_": "mart_seed"}),
        ("ratio", {"measure": None, "numerator": "{count: eggs}", "denominator": '{count: "*"}'}),
        ("ratio", {"measure": None, "numerator": "{sum: eggs}", "denominator": "{sum: hours}", "from_": "mart_seed"}),
    ],
)
def test_every_kind_can_be_written(read: Read, kind: str, keys: dict[str, str | None]) -> None:
    assert read(kind=kind, **keys).kind == kind


@pytest.mark.parametrize("key", [line.split(":")[0] for line in GOOD.splitlines() if not line.startswith("measure")])
def test_a_key_that_is_missing_is_named(read: Read, key: str) -> None:
    assert faults_of(read, **{f"{key}_": None}) == [f'loft_hours.yml:1: "{key}" is missing']


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_known_one(read: Read) -> None:
    with pytest.raises(Faults) as caught:
        read(GOOD.replace("caveats: []", "caveat: []"))
    misspelt, missing = sorted(caught.value.faults, key=lambda one: one.found)[::-1]
    assert (misspelt.where, misspelt.remedy) == ("loft_hours.yml:27", 'Did you mean "caveats"?')
    assert missing.found == '"caveats" is missing'


def test_all_faults_of_a_file_are_told_at_once_from_the_top_down(read: Read) -> None:
    text = (
        GOOD.replace("other-counter", "counter")
        .replace("2027-04-01", "2026-10-01")
        .replace("version: 1\n", "version: 2\n")
    )
    text = text.replace("[loft]", "[lift]").replace("program: 5", "program: 4").replace("at: seen_at", "at: seen_on")
    assert faults_of(read, text) == [
        'loft_hours.yml:10: "counter" wrote it, too',
        "loft_hours.yml:12: it is not after reviewed_on",
        "loft_hours.yml:13: version 2 is not the last of its changes",
        'loft_hours.yml:17: names "seen_on", which mart_pigeon does not have',
        'loft_hours.yml:23: "lift" is no dimension of mart_pigeon',
        "loft_hours.yml:25: a group of 4 is too small",
    ]


def test_a_fault_says_what_is_known_and_what_is_nearest(read: Read) -> None:
    with pytest.raises(Faults) as caught:
        read(from_="mart_pidgeon")
    assert caught.value.wanted == 'one of mart_pigeon, mart_seed; did you mean "mart_pigeon"?'
    with pytest.raises(Faults) as caught:
        read(dimensions="[xyz]")
    assert caught.value.wanted == "one of loft"


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"kind": "ratio"}, ['"measure" does not belong', '"numerator" is missing', '"denominator" is missing']),
        ({"kind": "quantile", "measure": "{value: hours}"}, ['"statistic" is missing']),
        ({"statistic": "{quantile: 0.5}"}, ['"statistic" does not belong there']),
        ({"measure": None}, ['"measure" is missing']),
        (
            {"kind": "stock", "measure": "{stock: seen_at, until: left_at}", "without_rows": "unknown"},
            ["a stock without rows is unknown anyway"],
        ),
        ({"can_exceed_1": "true"}, ["it says of something else than a ratio of counts that it can exceed 1"]),
        (
            {
                "kind": "ratio",
                "measure": None,
                "numerator": "{count: '*'}",
                "denominator": "{sum: hours}",
                "can_exceed_1": "true",
            },
            ["it says of something else than a ratio of counts"],
        ),
        ({"measure": "{}"}, ["it says nothing to count"]),
        ({"measure": "{count: '*', sum: hours}"}, ["it says count and sum", "a sum does not say"]),
        ({"measure": "{mean: hours}"}, ["it says mean"]),
        ({"measure": "{count: '*', observed: has_left}"}, ['"observed" does not belong there']),
        ({"kind": "stock", "measure": "{stock: seen_at}"}, ['"until" is missing']),
        ({"kind": "survey_share", "measure": "{share: has_left, stratum: loft}"}, ['"population" is missing']),
        ({"kind": "stock", "measure": "{stock: left_at, until: left_at}"}, ["a stock changes when a row enters it"]),
        (
            {"kind": "stock", "measure": "{stock: seen_at, until: left_at}", "mature_after": "1 day"},
            ["a stock has no windows that could be open"],
        ),
        (
            {"kind": "duration", "measure": "{duration: hours, observed: has_left}", "statistic": "{}"},
            ["it has quantile and within, or neither"],
        ),
    ],
)
def test_keys_that_do_not_go_together_are_refused(read: Read, keys: dict[str, str | None], found: list[str]) -> None:
    said = faults_of(read, **keys)
    assert len(said) == len(found)
    assert all(any(word in one for one in said) for word in found), said


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"at": "born_on"}, '"born_on" is a DATE'),
        ({"at": "loft"}, '"loft" is a VARCHAR'),
        ({"kind": "mean", "measure": "{mean: loft}"}, '"loft" is a VARCHAR'),
        ({"kind": "stock", "measure": "{stock: seen_at, until: hours}"}, '"hours" is a DOUBLE'),
        ({"kind": "survey_share", "measure": "{share: eggs, stratum: loft, population: eggs}"}, '"eggs" is a BIGINT'),
        (
            {"kind": "survey_share", "measure": "{share: has_left, stratum: loft, population: loft}"},
            '"loft" is a VARCHAR',
        ),
    ],
)
def test_a_column_of_the_wrong_type_is_refused(read: Read, keys: dict[str, str], found: str) -> None:
    assert [one.split(": ", 1)[1] for one in faults_of(read, **keys)] == [found]


@pytest.mark.parametrize(
    ("measure", "found"),
    [
        ("{count: '*', where: \"hours > 3; DROP TABLE mart_pigeon\"}", "has a comment or a semicolon"),
        ("{count: '*', where: \"loft IN (SELECT name FROM raw_person)\"}", "may not stand in a condition"),
        ("{count: '*', where: \"read_csv('/etc/passwd') IS NULL\"}", "may not stand in a condition"),
        ("{count: '*', where: \"COPY mart_pigeon TO 'out.csv'\"}", "may not stand in a condition"),
        ("{count: '*', where: \"ROW_NUMBER() OVER () = 1\"}", "may not stand in a condition"),
        ("{count: '*', where: hours::INTEGER = 1}", "may not stand in a condition"),
        ("{count: '*', where: lofts = 'a'}", "is not a column here"),
        ("{count: '*', where: loft = 1}", "joins text and number"),
        ("{count: \"eggs) FROM x; --\"}", "which mart_pigeon does not have"),
        ("{count: ''}", "which mart_pigeon does not have"),
    ],
)  # fmt: skip
def test_nothing_can_be_run_from_a_definition(read: Read, measure: str, found: str) -> None:
    (said,) = faults_of(read, measure=measure)
    assert said.startswith("loft_hours.yml:27: ")
    assert found in said


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "../etc"),
        ("id", "Loft"),
        ("pillar", "politics"),
        ("status", "unknown"),
        ("kind", "magic"),
        ("unit", "eggs"),
        ("better", "maybe"),
        ("grains", "[]"),
        ("grains", "[week, hour]"),
        ("grains", "[week, week]"),
        ("dimensions", "[loft, loft]"),
        ("changes", "[]"),
        ("mature_after", "a month"),
        ("mature_after", "30"),
        ("mature_after", "99999 days"),
        ("reviewed_on", "2026-02-30"),
        ("release", "{program: -1, executive: 10, public: 10}"),
        ("statistic", "{quantile: 1.0}"),
        ("statistic", "{within: 0}"),
        ("measure", "{count: '*', having: 1}"),
        ("version", "one"),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_where_it_stands(read: Read, key: str, value: str) -> None:
    said = faults_of(read, **{key: value})
    assert said
    assert {one.split(": ")[0] for one in said} <= {"loft_hours.yml:27", "loft_hours.yml:28"}


@pytest.mark.parametrize(
    ("release", "audiences"),
    [
        ("{program: 4, executive: 10, public: 10}", 1),
        ("{program: 5, executive: 9, public: 10}", 1),
        ("{program: 5, executive: 10, public: 9}", 1),
        ("{program: 0, executive: 0, public: 0}", 3),
    ],
)
def test_no_definition_goes_below_the_floor_where_rows_are_about_persons(
    read: Read, release: str, audiences: int
) -> None:
    said = faults_of(read, release=release)
    assert [("is too small" in one) for one in said] == [True] * audiences
    assert read(release=release, from_="mart_seed").release["public"] in (0, 9, 10)


def test_sums_about_persons_are_refused_since_their_groups_could_not_be_withheld(read: Read) -> None:
    (said,) = faults_of(read, kind="sum", measure="{sum: hours}")
    assert "could not be withheld" in said


def test_different_persons_are_not_counted_for_parts_would_remember_who_they_were(read: Read) -> None:
    (said,) = faults_of(read, kind="distinct", measure="{distinct: keeper_key}")
    assert '"keeper_key" tells persons apart' in said


def test_a_ratio_of_sums_about_persons_may_be_for_its_rows_are_counted_beside_them(read: Read) -> None:
    found = read(kind="ratio", measure=None, numerator="{sum: eggs}", denominator="{sum: hours}")
    assert not found.counts_rows


def test_a_key_that_stands_twice_and_yaml_that_is_none_are_refused_with_their_line(tmp_path: Path) -> None:
    for text, where in ((GOOD + "owner: me\n", 28), (GOOD.replace("[loft]", "[loft"), 24)):
        path = tmp_path / "loft_hours.yml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DefinitionFault) as caught:
            yaml_file.load(path, DefinitionFault, "loft_hours.yml")
        assert caught.value.where == f"loft_hours.yml:{where}"
