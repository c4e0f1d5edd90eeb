"""A feed is one contract, one module and one sample of a few rows, under one name."""

import pytest

from dashboard.reports import quarterly_method
from data_contracts import load
from etl import pipeline
from tests.rules.project import ROOT, modules

TYPES = {"VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP", "DATE"}


def test_every_module_and_every_contract_is_a_feed_of_the_pipeline() -> None:
    stems = {path.stem for path in modules("etl/sources")} - {"__init__"}
    contracts = {path.name.removesuffix(".odcs.yaml") for path in (ROOT / "data_contracts/sources").iterdir()}
    assert stems == contracts == set(pipeline.FEEDS)


@pytest.mark.parametrize("name", pipeline.FEEDS)
def test_every_feed_has_what_the_pipeline_asks_of_it(name: str) -> None:
    feed = pipeline.feed(name)
    assert feed.Settings.model_config["extra"] == "forbid"
    assert callable(feed.deliveries)
    assert callable(feed.read)


@pytest.mark.parametrize("name", pipeline.FEEDS)
def test_every_feed_has_a_sample_that_people_can_read(name: str) -> None:
    samples = list((ROOT / "tests/feeds/samples").glob(f"{name}*"))
    assert samples
    assert max(path.stat().st_size for path in samples) < 20_000


def test_every_feed_has_a_name_that_communities_can_read() -> None:
    assert set(quarterly_method.FEEDS) == set(pipeline.FEEDS)
    assert len(set(quarterly_method.FEEDS.values())) == len(pipeline.FEEDS)


@pytest.mark.parametrize("room", ["sources", "core", "marts"])
def test_contracts_know_six_types(room: load.Room) -> None:
    assert {column.type for table in load.tables(room).values() for column in table.columns} <= TYPES


@pytest.mark.parametrize("room", ["core", "marts"])
def test_every_model_has_a_contract_and_every_contract_a_model(room: load.Room) -> None:
    prefix = {"core": "core_", "marts": "mart_"}[room]
    models = {path.stem for path in (ROOT / "etl/models").glob(f"{prefix}*.sql")}
    assert set(load.tables(room)) == models
