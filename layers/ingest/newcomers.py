"""What new records get that neither their file says nor follows from it: source, use, rank on the map."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from layers.ingest.draft import Draft, located

FROM_FILE: Final = "file"
_LEVEL_RANKS: Final[Mapping[str, int]] = MappingProxyType({"city": 0, "county": 1, "town": 2, "village": 5})
_LAST_RANK: Final = 5


def sourced(draft: Draft) -> None:
    """Source: the file, where it does not say another."""
    rows = np.flatnonzero(draft.fresh)
    draft.fill("source", rows, [draft.reading.file] * len(rows))


def in_use(draft: Draft) -> None:
    """A new place is in use unless it says otherwise."""
    rows = np.flatnonzero(draft.fresh)
    draft.fill("usage", rows, ["current"] * len(rows))


def seated(draft: Draft) -> None:
    """How early a map names a new division, and where its seat is from."""
    rows = np.flatnonzero(draft.fresh)
    levels = draft.column("level")[rows]
    draft.put("label_rank", rows, [_LEVEL_RANKS.get(level, _LAST_RANK) for level in levels])
    placed = rows[located(draft.places[rows])]
    draft.fill("position_source", placed, [FROM_FILE] * len(placed))
