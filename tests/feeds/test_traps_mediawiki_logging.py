"""Flags of blocks in the words of every age: old ones, and those of hidden blocks and names."""

import pytest

from etl.formats.log_params import block_terms


@pytest.mark.parametrize("flag", ["angry-autoblock", "hiddenname", "hiddenblock", "noautoblock", "nousertalk"])
def test_flags_of_every_age_are_read_in_both_forms(flag):
    php = f'a:2:{{s:11:"5::duration";s:5:"1 day";s:8:"6::flags";s:{len(flag) + 9}:"nocreate,{flag}";}}'
    assert [block_terms(one).flags for one in (php, f"1 day\nnocreate,{flag}")] == [("nocreate", flag)] * 2
