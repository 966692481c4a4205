"""Who may read what: the reader, and the filter beneath every read.

Every function that returns register data takes a keyword ``reader`` and hands it down to here; what a reader may not
see is left out of lists, tiles, search, counts and exports alike. The reader's audience is part of every cache key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

INTERNAL_ROLES = frozenset({"planner", "clerk", "reviewer", "surveyor", "administrator"})
SECRET_ROLES = frozenset({"administrator"})

SECRECIES: tuple[str, ...] = ("public", "internal", "secret")


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: roles, the counties that the roles reach (None: all) and, for a surveyor, the side."""

    roles: frozenset[str] = field(default_factory=frozenset)
    scope: frozenset[str] | None = None
    side: str | None = None

    @property
    def clearance(self) -> int:
        """The highest secrecy that the reader may see, as a position in `SECRECIES`."""
        if self.roles & SECRET_ROLES:
            return 2
        if self.roles & INTERNAL_ROLES:
            return 1
        return 0

    @property
    def audience(self) -> str:
        """What distinguishes this reader's view from another's; equal audiences see the same bytes."""
        if self.clearance == 0:
            return "public"
        scope = "all" if self.scope is None else "+".join(sorted(self.scope))
        return f"{SECRECIES[self.clearance]}@{scope}"


PUBLIC = Reader()


@dataclass(frozen=True)
class Editor:
    """Somebody who writes: the name that stands in the change log, and what they may read and write."""

    name: str
    reader: Reader


def secrecy_codes(secrecy: Sequence[object], is_public: Sequence[object]) -> NDArray[np.int8]:
    """The clearance each record asks for: 0 public, 1 internal, 2 secret.

    A record without secrecy is public. One whose public flag is off asks for at least clearance 1. An unknown word is
    taken as secret: what nobody understands is not shown.
    """
    known: dict[object, int] = {None: 0, "": 0, "public": 0, "internal": 1, "secret": 2}
    levels = np.array([known.get(word if isinstance(word, str) else None, 2) for word in secrecy], dtype=np.int8)
    hidden = np.array([not (flag is None or flag is pd.NA or flag != flag or flag) for flag in is_public], dtype=bool)
    return np.where(hidden, np.maximum(levels, 1), levels).astype(np.int8)


def visible(levels: NDArray[np.int8], counties: NDArray[np.str_] | None, *, reader: Reader) -> NDArray[np.bool_]:
    """Which records the reader may see.

    Parameters
    ----------
    levels
        What `secrecy_codes` gave.
    counties
        County code of each record, or None where the layer has none; what is not public is limited to the scope.
    """
    public: NDArray[np.bool_] = levels == 0
    if reader.clearance == 0:
        return public
    allowed: NDArray[np.bool_] = levels <= reader.clearance
    if reader.scope is not None and counties is not None:
        allowed &= public | np.isin(counties, sorted(reader.scope))
    return allowed
