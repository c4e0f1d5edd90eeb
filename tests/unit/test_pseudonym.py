"""Names become keyed hashes, and the key stays out of builds."""

import hashlib
import hmac
import os
import stat

import pytest

from data_contracts.faults import FeedFault
from etl.warehouse import pseudonym as module
from etl.warehouse.pseudonym import Pseudonym, make_key, pseudonym


def test_a_name_becomes_the_first_128_bits_of_its_hmac_and_nothing_stays_nothing():
    expected = hmac.new(b"k" * 16, "Žofie".encode(), hashlib.sha256).hexdigest()[:32]
    assert Pseudonym(b"k" * 16).hash_column(["Žofie", None, "Žofie"]) == [expected, None, expected]


@pytest.mark.parametrize("length", [16, 63, 64, 65, 200])
def test_a_key_of_any_length_is_used_as_hmac_has_it(length):
    expected = hmac.new(b"k" * length, b"ana", hashlib.sha256).hexdigest()[:32]
    assert Pseudonym(b"k" * length).hash_column(["ana"]) == [expected]


def test_another_key_gives_another_hash_and_fingerprint():
    one, other = Pseudonym(b"k" * 16), Pseudonym(b"l" * 16)
    assert one.hash_column(["ana"]) != other.hash_column(["ana"])
    assert one.fingerprint != other.fingerprint


def test_forgetting_known_names_does_not_change_their_hash(monkeypatch):
    monkeypatch.setattr(module, "REMEMBERED", 2)
    names = ["ana", "ben", "cho", "ana"]
    hashed = Pseudonym(b"k" * 16).hash_column(names)
    assert hashed[0] == hashed[3]
    assert len(set(hashed)) == 3


def test_an_empty_name_is_a_value():
    assert Pseudonym(b"k" * 16).hash_column([""]) != [None]


def test_the_environments_key_comes_before_the_file(tmp_path, monkeypatch):
    make_key(tmp_path)
    monkeypatch.setenv("UPSTANDER_KEY", "k" * 16)
    assert pseudonym(tmp_path).fingerprint == Pseudonym(b"k" * 16).fingerprint


def test_a_made_key_is_its_owners_alone_and_is_never_made_again(tmp_path, monkeypatch):
    monkeypatch.delenv("UPSTANDER_KEY", raising=False)
    make_key(tmp_path)
    first = (tmp_path / "secret.key").read_text()
    make_key(tmp_path)
    assert (tmp_path / "secret.key").read_text() == first
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert len(pseudonym(tmp_path).hash_column(["ana"])[0] or "") == 32


def test_without_a_key_nothing_is_hashed(tmp_path, monkeypatch):
    monkeypatch.delenv("UPSTANDER_KEY", raising=False)
    with pytest.raises(FeedFault, match="no key"):
        pseudonym(tmp_path)


def test_a_short_key_is_refused_and_not_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("UPSTANDER_KEY", "hunter2")
    with pytest.raises(FeedFault, match="7 characters") as caught:
        pseudonym(tmp_path)
    assert "hunter2" not in str(caught.value)


def test_while_a_key_is_replaced_there_is_a_key_at_every_moment(tmp_path, monkeypatch):
    monkeypatch.delenv("UPSTANDER_KEY", raising=False)
    module.make_key(tmp_path)
    before, seen, replace = module.pseudonym(tmp_path).fingerprint, [], os.replace
    monkeypatch.setattr(
        module.os, "replace", lambda *paths: (seen.append((tmp_path / "secret.key").exists()), replace(*paths))
    )
    with module.replace_key(tmp_path):
        during = module.pseudonym(tmp_path).fingerprint
    assert (seen, before != during) == ([True], True)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_replacement_that_died_leaves_nothing_behind_once_there_is_another(tmp_path, monkeypatch):
    monkeypatch.delenv("UPSTANDER_KEY", raising=False)
    module.make_key(tmp_path)
    before = module.pseudonym(tmp_path).fingerprint
    for name in ("secret.key.old", "secret.key.new"):
        (tmp_path / name).write_text("left over by a process that was killed")
    with pytest.raises(ZeroDivisionError), module.replace_key(tmp_path):
        raise ZeroDivisionError
    assert module.pseudonym(tmp_path).fingerprint == before
    with module.replace_key(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
