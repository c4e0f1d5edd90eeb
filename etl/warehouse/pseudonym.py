"""Turns names and addresses into keyed hashes at the door: one name, one hash; without the key no guess can be tested.

The key comes from the environment or a file beside the builds; it is never written into a build.
"""

import hmac
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from data_contracts.faults import FeedFault

VARIABLE = "UPSTANDER_KEY"
FILE = "secret.key"
SHORTEST = 16
BLOCK = 64  # bytes that SHA-256 takes at once
HEX_DIGITS = 32  # 128 bits of the HMAC: no two of a billion names meet by chance
REMEMBERED = 200_000  # names whose hash is kept, about 40 MB
ENOUGH = 50_000  # of them, when what is new is like nothing before


class Pseudonym:
    """Hashes columns of personal values with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        block = (sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
        self._inner, self._outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))  # as RFC 2104 has them
        self._known: dict[str, str] = {}

    def hash_column(self, values: Sequence[str | None]) -> list[str | None]:
        """HMAC-SHA-256 of each value as 32 hex digits; a missing value stays missing."""
        names = [value for value in dict.fromkeys(values) if value is not None]
        hashes = dict(zip(names, self.hash_different(names), strict=True))
        return [None if value is None else hashes[value] for value in values]

    def hash_different(self, names: Sequence[str]) -> list[str]:
        """The same of names of which none stands twice."""
        known = self._known
        new = [name for name in names if name not in known]
        hashes = self._hashes(new)
        if len(new) == len(names):
            if len(known) < ENOUGH:  # else these seem to be names that never come again, such as numbers of cases
                self._remember(dict(zip(new, hashes, strict=True)))
            return hashes
        found = dict(zip(new, hashes, strict=True))
        all_found = [known.get(name) or found[name] for name in names]
        self._remember(found)
        return all_found

    @property
    def fingerprint(self) -> str:
        """Tells one key from another, and says nothing of it."""
        return hmac.digest(self._key, b"\x00fingerprint of the key", "sha256").hex()

    def _hashes(self, names: Sequence[str]) -> list[str]:
        """Python's own HMAC takes more than twice as long; of five million names that is half of all the time."""
        inner, outer = self._inner, self._outer
        texts = [name.encode("utf-8", "surrogatepass") for name in names]
        return [sha256(outer + sha256(inner + text).digest()).hexdigest()[:HEX_DIGITS] for text in texts]

    def _remember(self, new: Mapping[str, str]) -> None:
        if len(self._known) + len(new) > REMEMBERED:
            self._known.clear()
        if len(new) <= REMEMBERED:
            self._known.update(new)


def pseudonym(home: Path) -> Pseudonym:
    """With the key of this instance: `UPSTANDER_KEY`, else the file `secret.key` in `home`."""
    said = os.environ.get(VARIABLE)
    if said is not None:
        return Pseudonym(_checked(said, VARIABLE))
    file = home / FILE
    if not file.exists():
        raise FeedFault(
            str(file),
            "there is no key to hash names with",
            f"{VARIABLE} in the environment, or the file",
            f"Put back the key that earlier builds used; without it, a new one: openssl rand -hex 32 > {FILE}",
        )
    return Pseudonym(_checked(file.read_text(encoding="utf-8").strip(), str(file)))


def make_key(home: Path) -> None:
    """Writes a new random key, readable by its owner only; a key that is there stays."""
    with suppress(FileExistsError):
        _write_key(home / FILE, f"{secrets.token_hex(32)}\n")


@contextmanager
def replace_key(home: Path) -> Iterator[None]:
    """A new key from here on; the old one again where what is done with it fails."""
    if os.environ.get(VARIABLE) is not None:
        raise FeedFault(
            VARIABLE, "the key comes from the environment", f"the file {FILE}", "Change it there, and build again."
        )
    pseudonym(home)
    file, old, new = home / FILE, home / f"{FILE}.old", home / f"{FILE}.new"
    for key, content in ((old, file.read_text(encoding="utf-8")), (new, f"{secrets.token_hex(32)}\n")):
        key.unlink(missing_ok=True)  # of a change that died
        _write_key(key, content)
    os.replace(new, file)  # at every moment there is a key; whatever dies, the next build makes all anew with it
    try:
        yield
    except BaseException:
        os.replace(old, file)
        raise
    old.unlink()


def _write_key(path: Path, content: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)


def _checked(key: str, where: str) -> bytes:
    if len(key) < SHORTEST:
        raise FeedFault(
            where,
            f"a key of {len(key)} characters",
            f"at least {SHORTEST}",
            "Take a long random one: openssl rand -hex 32",
        )
    return key.encode("utf-8")
