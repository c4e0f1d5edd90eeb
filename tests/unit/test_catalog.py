"""The definitions of the project, and what happens where some of them cannot be used."""

from dataclasses import replace
from pathlib import Path

import pytest

from data_contracts.faults import Faults
from metrics import catalog

COMPANY = "read_with: {exposure: active_editors, prevalence: felt_unsafe_share}\n"
GOOD = (catalog.HERE / "blocks_set.yml").read_text(encoding="utf-8").replace(COMPANY, "")
OTHERS = {
    name: (catalog.HERE / f"{name}.yml").read_text(encoding="utf-8") for name in ("active_editors", "felt_unsafe_share")
}


def put(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def test_definitions_come_in_order_of_their_ids() -> None:
    assert list(catalog.definitions()) == sorted(catalog.definitions())
    assert len(catalog.definitions()) >= 20


def test_a_retired_definition_is_checked_and_left_out(tmp_path: Path) -> None:
    folder = put(tmp_path, blocks_set=GOOD.replace("status: live", "status: retired"))
    assert catalog.read_folder(folder, catalog.marts()) == {}
    assert list(catalog.read_folder(put(tmp_path, blocks_set=GOOD), catalog.marts())) == ["blocks_set"]


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = put(
        tmp_path,
        another=GOOD,
        blocks_set=GOOD.replace("kind: count", "kind: ratio"),
        broken=GOOD.replace("changes: [", "changes: [["),
    )
    with pytest.raises(Faults) as caught:
        catalog.read_folder(folder, catalog.marts())
    assert [one.where for one in caught.value.faults] == [
        "metrics/definitions/another.yml:1",  # its id is blocks_set
        "metrics/definitions/blocks_set.yml:1",
        "metrics/definitions/blocks_set.yml:1",
        "metrics/definitions/blocks_set.yml:19",
        "metrics/definitions/broken.yml:16",
    ]
    assert "Name the file blocks_set.yml." in str(caught.value)


def test_the_digest_changes_with_the_meaning_and_with_nothing_else(tmp_path: Path) -> None:
    metric = catalog.definitions()["blocks_set"]
    again = catalog.read_folder(put(tmp_path, blocks_set=f"# a comment\n{GOOD}"), catalog.marts())["blocks_set"]
    assert catalog.digest(again) == catalog.digest(metric)
    assert catalog.digest(replace(metric, kind="sum")) != catalog.digest(metric)
    said = {"title": "Another", "not_this": "Anything else.", "caveats": (), "better": "lower", "read_with": None}
    assert catalog.digest(replace(metric, **said)) == catalog.digest(metric)
    assert catalog.digest(replace(metric, version=2)) != catalog.digest(metric)  # it may be the code that changed


@pytest.mark.parametrize(
    ("exposure", "prevalence", "found"),
    [
        ("active_editor", "felt_unsafe_share", 'there is no other metric "active_editor"'),
        ("blocks_set", "felt_unsafe_share", 'there is no other metric "blocks_set"'),
        ("null", "felt_unsafe_share", "it is no rate of an exposure by itself"),
        ("active_editors", "active_editors", '"active_editors" is a count'),
        ("active_editors", "felt_unsafe_share", '"active_editors" is told by month only'),
    ],
)
def test_what_a_count_is_read_with_is_there_and_told_of_the_same_periods(
    tmp_path: Path, exposure: str, prevalence: str, found: str
) -> None:
    weekly = GOOD.replace("grains: [week, month, quarter, fiscal_year, total]", "grains: [week, total]")
    text = f"{weekly}read_with: {{exposure: {exposure}, prevalence: {prevalence}}}\n"
    with pytest.raises(Faults) as caught:
        catalog.read_folder(put(tmp_path, blocks_set=text, **OTHERS), catalog.marts())
    line = len(weekly.splitlines()) + 1
    assert (f"metrics/definitions/blocks_set.yml:{line}", found) in [
        (one.where, one.found) for one in caught.value.faults
    ]


def test_a_mart_has_the_columns_dimensions_and_feeds_of_its_contract() -> None:
    mart = catalog.marts()["mart_thanks"]
    assert mart.columns["thanked_at"] == "TIMESTAMP"
    assert (mart.dimensions, mart.about_persons) == ({"wiki": "large"}, True)
    assert mart.feeds[:2] == ("mediawiki_logging", "mediawiki_api")
