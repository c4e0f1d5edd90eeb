"""PHP's serialised values, the parameters of log items, and the kinds of names."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import phpserialize
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats.accounts import is_bot_by_name, kind_of
from etl.formats.durations import expiry
from etl.formats.log_params import BlockTerms, NoParams, block_terms, groups, without_block_id
from etl.formats.php import DEEPEST, NotPhp, unserialize
from etl.formats.strtotime import NoDuration

Find = Callable[[str], Path]
VECTORS = "data/block-vectors/refinery_user_event_vectors.json"

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20)
keys = st.integers(-(2**31), 2**31) | st.text(max_size=10)
values = st.recursive(scalars, lambda inner: st.dictionaries(keys, inner, max_size=4), max_leaves=12)


@given(values)
def test_what_php_wrote_is_read_back_whatever_the_script(value: Any) -> None:
    assert unserialize(phpserialize.dumps(value)) == value


@given(values, st.data())
def test_a_value_that_is_cut_anywhere_is_refused(value: Any, data: st.DataObject) -> None:
    whole = phpserialize.dumps(value)
    with pytest.raises(NotPhp):
        unserialize(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        unserialize(data)
    except NotPhp:
        return


def test_a_string_is_as_long_as_its_bytes_not_as_its_characters() -> None:
    assert unserialize('s:5:"Möwe";'.encode()) == "Möwe"
    with pytest.raises(NotPhp):
        unserialize('s:4:"Möwe";'.encode())


@pytest.mark.parametrize(
    "data",
    [
        "i:1;i:2;",
        "a:2:{i:0;i:1;}",
        "a:1:{i:0;i:1;i:1;i:2;}",
        "a:1:{b:1;i:1;}",
        'O:8:"stdClass":0:{}',
        "a:1:{i:0;R:1;}",
        's:3:"a;";',
        "i:1_0;",
        "d:1_0;",
    ],
)
def test_what_php_would_not_read_and_objects_are_refused(data: str) -> None:
    with pytest.raises(NotPhp):
        unserialize(data.encode())


def test_arrays_within_arrays_have_a_depth_where_reading_ends() -> None:
    deep = "a:1:{i:0;" * DEEPEST + "i:1;" + "}" * DEEPEST
    assert unserialize(deep.encode())
    with pytest.raises(NotPhp):
        unserialize(f"a:1:{{i:0;{deep}}}".encode())


def test_a_float_and_text_that_is_not_utf_8() -> None:
    assert unserialize(b"d:0.5;") == 0.5
    with pytest.raises(NotPhp):
        unserialize(b's:1:"\xff";')


def test_the_oldest_php_form_is_a_list() -> None:
    assert block_terms('a:2:{i:0;s:5:"1 day";i:1;s:8:"nocreate";}') == BlockTerms("1 day", ("nocreate",))


def test_flags_may_be_an_array() -> None:
    params = 'a:2:{s:11:"5::duration";s:5:"1 day";s:13:"6:array:flags";a:1:{i:0;s:8:"nocreate";}}'
    assert block_terms(params).flags == ("nocreate",)


@pytest.mark.parametrize(
    "params",
    [
        "a\nb\nc",
        "1 day\nno create!",
        "a:0:",
        'a:1:{s:11:"5::duration";i:5;}',
        'a:1:{s:8:"sitewide";s:3:"yes";}',
        'a:1:{s:15:"7::restrictions";s:3:"all";}',
        'a:1:{s:15:"7::restrictions";a:1:{s:5:"pages";s:3:"Tea";}}',
        'a:1:{s:15:"7::restrictions";a:1:{s:10:"namespaces";a:1:{i:0;s:3:"Tea";}}}',
        'a:1:{s:15:"7::restrictions";a:1:{s:7:"actions";a:1:{i:0;i:5;}}}',
        'a:1:{s:7:"blockId";s:1:"x";}',
    ],
)
def test_parameters_that_are_in_no_known_form_are_refused(params: str) -> None:
    with pytest.raises(NoParams):
        block_terms(params)


@given(values, values, st.integers(0, 2**40), st.booleans())
def test_terms_are_the_same_with_the_blocks_number_taken_out_first(
    flags: Any, more: Any, number: int, has_count: bool
) -> None:
    """Whatever else stands in the array, text that looks like the number among it."""
    said = {"6::flags": flags, 's:7:"blockId";i:': more, "x": 's:7:"blockId";i:5;}', "blockId": number}
    params = phpserialize.dumps({**said, "finalTargetCount": 2} if has_count else said).decode()
    shorter, block_id = without_block_id(params)
    whole, left = unserialize(params.encode()), unserialize(shorter.encode())
    assert isinstance(whole, dict)
    assert isinstance(left, dict)
    assert whole == {**left, "blockId": block_id}


@pytest.mark.parametrize(
    "params",
    [
        'a:1:{s:7:"blockId";i:-5;}',
        'a:1:{s:7:"blockId";i:5;}x',
        's:7:"blockId";i:5;}',
        'a:2:{s:7:"blockId";i:5;s:1:"x";i:1;}',
    ],
)
def test_a_number_that_is_not_where_mediawiki_writes_it_is_left_alone(params: str) -> None:
    assert without_block_id(params) == (params, None)


def test_empty_restrictions_are_none() -> None:
    assert block_terms('a:1:{s:15:"7::restrictions";a:0:{}}').is_sitewide is True


def test_a_block_may_be_partial_with_nothing_in_it() -> None:
    terms = block_terms('a:1:{s:8:"sitewide";b:0;}')
    assert (terms.is_sitewide, terms.page_count, terms.namespaces) == (False, 0, ())


def test_block_parameters_of_the_data_lake(shared: Find) -> None:
    for vector in json.loads(shared(VECTORS).read_text(encoding="utf-8"))["params_at_20160101000000"]:
        if vector.get("error"):
            with pytest.raises((NoParams, NoDuration)):
                _block(vector["params"])
        else:
            assert _block(vector["params"]) == (vector["flags"], vector["expiry"])


def _block(params: str) -> tuple[list[str], str]:
    terms = block_terms(params)
    end = expiry(terms.duration or "", datetime(2016, 1, 1))
    return list(terms.flags), f"{end:%Y%m%d%H%M%S}" if end else "indefinite"


def test_changes_of_groups_of_the_data_lake(shared: Find) -> None:
    for vector in json.loads(shared(VECTORS).read_text(encoding="utf-8"))["groups"]:
        if vector.get("error"):
            with pytest.raises(NoParams):
                groups(vector["params"])
        elif vector["params"]:
            assert groups(vector["params"]) == (tuple(vector["old"]), tuple(vector["new"]))
        else:
            assert groups(vector["params"]) is None


def test_names_of_the_data_lake(shared: Find) -> None:
    vectors = json.loads(shared(VECTORS).read_text(encoding="utf-8"))
    assert all(is_bot_by_name(name) for name in vectors["bot_by_name"]["true"])
    assert not any(is_bot_by_name(name) for name in vectors["bot_by_name"]["false"] if name)
    assert "account" not in {kind_of(name) for name in vectors["not_accounts"]}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ben", "account"),
        ("192.0.2.1", "ipv4"),
        ("192.0.2.xxx", "ipv4"),  # as the first software hid the last part; no account may be called so
        ("192.0.2", "account"),
        ("192.0.2.1/24", "range"),
        ("Ben/24", "account"),
        ("192.0.2.1/2345", "account"),
        ("2001:db8::1", "ipv6"),
        ("::1", "ipv6"),
        ("2001:DB8:0:0:0:0:0:0/32", "range"),
        ("1:2", "account"),
        ("Ben:Cho", "account"),
        ("#123", "autoblock"),
        ("~2026-12345-6", "temporary_account"),
        ("~2026-1", "temporary_account"),
        ("~2026-123456", "account"),
        ("~2026", "account"),
        ("~٢٠٢٦-1", "account"),
    ],
)
def test_a_name_tells_what_it_stands_for(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "is_bot"),
    [("AbbottX", False), ("Botany", False), ("Bot", True), ("Cluebot NG", True), ("ROBOT-7", True), ("Botſ", True)],
)
def test_a_bot_is_known_by_where_the_word_ends(name: str, is_bot: bool) -> None:
    assert is_bot_by_name(name) is is_bot
