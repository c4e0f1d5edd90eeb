"""What a change of a definition moves: two versions over the same few hundred rows, counted by hand."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from dashboard import cli
from dashboard.terminal import workbench
from data_contracts.faults import DefinitionFault, NoBuild
from metrics import catalog
from metrics.semantic.model import Measure, Metric
from metrics.workbench import difference, versions
from tests.small_build import publish_small_build

SITEWIDE = Measure("count", "*", "scope = 'sitewide'")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_small_build(tmp_path_factory.mktemp("small"))


@pytest.fixture
def home(built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UPSTANDER_HOME", str(built))
    return built


@pytest.fixture
def own_home(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """A build of the test's own, to be changed before it is read."""
    shutil.copytree(built, tmp_path / "own")
    monkeypatch.setenv("UPSTANDER_HOME", str(tmp_path / "own"))
    (file,) = (tmp_path / "own" / "builds").glob("*.duckdb")
    with duckdb.connect(str(file)) as connection:
        yield connection


def metric(name: str = "blocks_set", **changed: object) -> Metric:
    return replace(catalog.definitions()[name], **changed)  # type: ignore[arg-type]


def moved(found: difference.Difference, **wanted: object) -> dict[tuple[str, ...], tuple[float | None, float | None]]:
    """Period and group -> was and is, of the moves that are so."""
    kept = [one for one in found.moves if all(getattr(one, key) == value for key, value in wanted.items())]
    return {(one.label, *one.group): (one.old, one.new) for one in kept}


def test_every_month_and_the_total_are_held_against_each_other_and_the_largest_move_is_first(home: Path) -> None:
    found = difference.compare_versions(metric(), metric(measure=SITEWIDE), "main")
    assert found.keys == ("measure",)
    assert moved(found, split=(), kind="changed") == {
        ("all",): (169, 120),
        ("2026-01",): (60, 40),  # 20 of them partial
        ("2026-02",): (48, 45),
        ("2026-03",): (61, 35),
    }
    assert (found.moves[0].label, found.moves[0].by) == ("all", -49)
    assert [abs(one.by or 0) for one in found.moves if one.kind == "changed"] == sorted(
        (abs(one.by or 0) for one in found.moves if one.kind == "changed"), reverse=True
    )


def test_what_one_version_withholds_is_told_of_neither(home: Path) -> None:
    """3 partial blocks of February are fewer than 5; 45 others go with them, since the total is shown."""
    found = difference.compare_versions(metric(), metric(measure=SITEWIDE), "main")
    (part,) = [one for one in found.parts if (one.grain, one.split) == ("month", ("scope",))]
    assert part.counts["withheld"] == 2
    assert not [one for one in found.moves if one.split == ("scope",) and one.label == "2026-02"]
    assert not [one for one in found.moves if one.kind == "withheld"]


def test_the_greater_of_two_smallest_groups_counts(home: Path) -> None:
    strict = metric(release={"program": 50, "executive": 50, "public": 50})
    assert moved(difference.compare_versions(strict, metric(measure=SITEWIDE), "main"), split=()) == {
        ("all",): (169, 120)  # of the months 40, 45 and 35 are left, which may be shown and are fewer than 50
    }
    assert moved(difference.compare_versions(metric(measure=SITEWIDE), strict, "main"), split=()) == {
        ("all",): (120, 169)
    }


def test_words_move_nothing_and_that_is_said(home: Path) -> None:
    found = difference.compare_versions(metric(title="Before", caveats=()), metric(), "main")
    assert (found.keys, found.moves, found.is_wording) == (("title", "caveats"), (), True)
    assert workbench.differing(found, 20).endswith("\nThe text changed, and no figure moves.")


def test_a_change_of_meaning_that_moves_nothing_is_told_with_what_is_withheld(home: Path) -> None:
    found = difference.compare_versions(metric(), metric(measure=Measure("count", "*", "scope <> 'x'")), "main")
    assert (found.moves, found.is_wording) == ((), False)
    assert workbench.differing(found, 20).endswith("\nThe text changed, and no figure that may be shown moves.")


def test_the_same_definition_says_the_same(home: Path) -> None:
    found = difference.compare_versions(metric(), metric(), "main")
    assert workbench.differing(found, 20).endswith("\nThe definitions say the same.")


def test_windows_that_are_longer_take_values_away_and_leave_others_maturing(home: Path) -> None:
    now = metric("partial_block_share")
    longer = replace(now, mature_after=timedelta(days=40))
    found = difference.compare_versions(now, longer, "main")
    assert moved(found, split=(), kind="gone") == {("2026-03",): (26 / 61, None)}
    assert moved(found, split=(), kind="state") == {("2026-02",): (3 / 48, 3 / 48)}
    assert moved(found, split=(), kind="changed") == {("all",): (49 / 169, 23 / 108)}
    back = difference.compare_versions(longer, now, "main")
    assert moved(back, split=(), kind="new") == {("2026-03",): (None, 26 / 61)}


def test_the_same_value_from_other_rows_is_told_apart(home: Path) -> None:
    everything = metric("partial_block_share", numerator=Measure("count", "*"), denominator=Measure("count", "*"))
    fewer = replace(everything, numerator=SITEWIDE, denominator=SITEWIDE)
    found = difference.compare_versions(everything, fewer, "main")
    assert moved(found, split=(), kind="rows") == {
        (label,): (1.0, 1.0) for label in ("all", "2026-01", "2026-02", "2026-03")
    }


def test_dimensions_of_one_version_only_are_named_and_not_compared(home: Path) -> None:
    found = difference.compare_versions(metric(), metric(dimensions=("wiki",), measure=SITEWIDE), "main")
    assert "scope" in found.only_old
    assert {one.split for one in found.parts} == {(), ("wiki",)}
    assert "Only the older version is split by scope" in workbench.differing(found, 20)


def test_without_a_period_in_common_there_is_nothing_to_compare(home: Path) -> None:
    with pytest.raises(DefinitionFault, match="neither months nor totals"):
        difference.compare_versions(metric(grains=("week",)), metric(), "main")


def test_a_mart_that_the_build_does_not_have_wants_a_build(own_home: duckdb.DuckDBPyConnection) -> None:
    own_home.execute("DROP TABLE mart_thanks")
    own_home.close()
    with pytest.raises(NoBuild, match="mart_thanks"):
        difference.compare_versions(metric(), metric(source="mart_thanks", at="thanked_at", dimensions=("wiki",)), "x")


def test_days_whose_rows_were_deleted_are_not_compared_and_stocks_not_at_all(
    own_home: duckdb.DuckDBPyConnection,
) -> None:
    own_home.execute("UPDATE meta_mart SET rows_from = DATE '2026-02-01' WHERE mart = 'mart_block'")
    own_home.close()
    found = difference.compare_versions(metric(), metric(measure=SITEWIDE), "main")
    assert {key[0] for key in moved(found, grain="month", split=())} == {"2026-02", "2026-03"}
    assert "only what rests on rows from 2026-02-01 on" in workbench.differing(found, 20)
    with pytest.raises(DefinitionFault, match="were deleted"):
        difference.compare_versions(metric("active_blocks"), metric("active_blocks"), "main")


@pytest.fixture
def definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of definitions in a repository of its own: as committed, partial blocks do not count."""
    folder = tmp_path / "metrics" / "definitions"
    folder.mkdir(parents=True)
    text = (catalog.HERE / "blocks_set.yml").read_text(encoding="utf-8")
    file = folder / "blocks_set.yml"
    file.write_text(text.replace('{count: "*"}', '{count: "*", where: "scope = \'sitewide\'"}'), encoding="utf-8")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "First"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalog, "HERE", folder)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["upstander", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_a_revision_of_git_is_held_against_the_file(
    home: Path, definitions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "metric", "diff", "blocks_set", "--against", "HEAD", "--most", "1") == 0
    out = capsys.readouterr().out
    assert "The definition differs in: measure." in out
    assert [line.split() for line in out.splitlines() if line.startswith("changed")] == [
        ["changed", "all", "120", "169", "+49"]
    ]
    assert "more; --json has all of them." in out


def test_a_file_is_held_against_the_definition_and_programs_are_told_all(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old.yml"
    shutil.copyfile(catalog.HERE / "blocks_set.yml", old)
    assert run(monkeypatch, "metric", "diff", "blocks_set", "--against", str(old), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["keys"], said["moves"], said["audience"]) == ([], [], "program")
    assert {"grain": "month", "split": [], "changed": 0, "new": 0, "gone": 0, "rows": 0, "state": 0, "same": 3,
            "withheld": 0} in said["counts"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "against", "found"),
    [
        ("blocks_sett", "HEAD", "there is no such metric"),
        ("../x", "HEAD", "there is no such metric"),
        ("blocks_set", "nowhere", "nowhere"),
        ("blocks_set", "--output=x", "neither a file nor a revision"),
        ("blocks_set", "HEAD:x", "neither a file nor a revision"),
        ("blocks_set", "nowhere.yml", "the file is not there"),
    ],
)
def test_a_version_that_is_not_there_is_refused(definitions: Path, name: str, against: str, found: str) -> None:
    with pytest.raises(DefinitionFault, match=found):
        difference.compare(name, against)


def test_another_metric_is_no_older_version(tmp_path: Path) -> None:
    with pytest.raises(DefinitionFault, match='it defines "cases_opened"'):
        versions.older("blocks_set", str(catalog.HERE / "cases_opened.yml"))


def test_without_git_a_file_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DefinitionFault, match="git is not installed"):
        versions.older("blocks_set", "main")


def test_a_mart_of_which_the_build_has_no_figure_yet_is_known_from_its_first_row_on(
    own_home: duckdb.DuckDBPyConnection,
) -> None:
    own_home.execute("DELETE FROM meta_mart WHERE mart = 'mart_block'")
    own_home.close()
    found = difference.compare_versions(metric(), metric(measure=SITEWIDE), "main")
    assert moved(found, split=())[("2026-01",)] == (60, 40)


def test_a_group_that_only_one_version_has_and_that_has_no_value_is_no_move(home: Path) -> None:
    """b.demo has no partial block before March, and its other months have no median of them."""
    held = Measure("value", "block_hours", "scope = 'partial'")
    now = metric(
        "block_median_hours", kind="quantile", measure=replace(held, where="scope = 'sitewide' AND wiki = 'a.demo'")
    )
    other = replace(now, measure=replace(held, where="scope = 'sitewide' AND wiki = 'b.demo'"))
    found = difference.compare_versions(now, other, "main")
    january = [one for one in found.moves if one.split == ("wiki",) and one.label == "2026-01"]
    assert [(one.kind, one.group, one.old, one.new) for one in january] == [("gone", ("a.demo",), 480.0, None)]


def test_a_change_of_unit_is_told_and_nothing_is_subtracted_in_words(home: Path) -> None:
    found = difference.compare_versions(metric(), metric(measure=SITEWIDE, unit="people"), "main")
    told = workbench.differing(found, 1)
    assert "The unit was count and is people: the numbers below are in two units." in told
    (line,) = [one for one in told.splitlines() if one.startswith("changed")]
    assert line.split() == ["changed", "all", "169", "120"]
