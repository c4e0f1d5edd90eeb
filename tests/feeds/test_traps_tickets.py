"""Corrections of tickets: one that cannot be read is told before anything is built."""

from datetime import date

import pytest

from data_contracts.faults import UserFault
from etl.examine import examine
from tests.unit.test_correct import CORRECTION
from tests.unit.test_pipeline import SETTINGS, put


def test_a_look_over_an_instance_tells_corrections_that_cannot_be_read(tmp_path):
    put(tmp_path / "upstander.yml", SETTINGS)
    put(tmp_path / "corrections/clock.yml", CORRECTION)
    assert examine(tmp_path, date(2026, 11, 21)).build is None
    put(tmp_path / "corrections/other.yml", CORRECTION.replace('case: "1"', 'ticket: "1"'))
    with pytest.raises(UserFault, match="raw_tickets has no column ticket"):
        examine(tmp_path, date(2026, 11, 21))
