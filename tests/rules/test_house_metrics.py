"""A metric is one definition, one spec and one golden file, under one name."""

import re

import pytest

from metrics import catalog
from tests.rules.project import ROOT

NAMES = sorted(path.stem for path in catalog.HERE.glob("*.yml"))


def test_there_are_metrics_and_the_catalogue_has_them_all() -> None:
    assert len(NAMES) >= 20
    assert set(catalog.definitions()) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_has_a_spec_of_two_tests_or_more(name: str) -> None:
    spec = (ROOT / f"tests/spec/test_{name}.py").read_text(encoding="utf-8")
    assert len(re.findall(r"^def test_", spec, re.MULTILINE)) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_has_its_sql_as_it_was_read_in_review(name: str) -> None:
    assert (ROOT / f"tests/golden/{name}.sql").stat().st_size > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_count_of_reports_is_read_with_its_exposure_and_with_a_survey(name: str) -> None:
    metric = catalog.definitions().get(name)
    if metric is None or metric.status != "live" or not metric.counts_reports:
        return
    assert metric.read_with is not None, "reports are not harm: name `read_with`"
    assert metric.has_exposure or metric.read_with.exposure in catalog.definitions()
    assert catalog.definitions()[metric.read_with.prevalence].kind == "survey_share"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_a_metric_are_sentences(name: str) -> None:
    metric = catalog.definitions().get(name)
    if metric is None:
        return
    assert metric.question.endswith("?")
    assert metric.caveats, "somebody has to know something before using it"
    for said in (metric.why, metric.not_this, *metric.caveats):
        assert said.endswith(".")
        assert len(said.split()) >= 6, f"too short to say anything: {said}"


def test_every_metric_has_a_group_in_the_catalogue() -> None:
    marts = {mart for names in catalog.GROUPS.values() for mart in names}
    assert {one.source for one in catalog.definitions().values()} <= marts <= set(catalog.marts())
    assert set(catalog.definitions()) >= catalog.OF_MODERATORS


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_fits_a_screen(name: str) -> None:
    assert len((catalog.HERE / f"{name}.yml").read_text(encoding="utf-8").splitlines()) <= 60
