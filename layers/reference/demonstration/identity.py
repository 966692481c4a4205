"""Permanent identifiers and streams of chance that depend on the seed and on a key alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

#: Name space of the demonstration's uuids (version 5).
_NAMESPACE = bytes.fromhex("5d1b1b5e8c0e5f0a9a70370700370700")


def uuid_of(table: str, key: str) -> str:
    """The uuid (version 5, RFC 9562) of a row: the same for the same table and key in every build."""
    digest = bytearray(hashlib.sha1(_NAMESPACE + f"{table}/{key}".encode(), usedforsecurity=False).digest()[:16])
    digest[6] = (digest[6] & 0x0F) | 0x50
    digest[8] = (digest[8] & 0x3F) | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def uuids_of(table: str, keys: Iterable[object]) -> list[str]:
    """`uuid_of` for many keys."""
    return [uuid_of(table, str(key)) for key in keys]


class Chance:
    """Independent random streams by name: a change in one part leaves the others as they were."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def stream(self, name: str) -> np.random.Generator:
        """The generator of the part called ``name``, always from its beginning."""
        digest = hashlib.sha256(f"{self.seed}/{name}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "big"))
