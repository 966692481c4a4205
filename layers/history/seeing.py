"""Which changes a reader may see: those of records that they may see before the change, after it and now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.access import Reader, secrecy_codes, visible
from layers.history.log import LAYER_OF, LogRow, State
from layers.history.reach import MEDIA_OWNERS, counties_of
from layers.index import Index

_OWNERS = {
    "place_name": ("place", "place_uuid"),
    "line_stake": ("boundary_line", "line_uuid"),
    "document of a line": ("boundary_line", "line_uuid"),
    "document of a tripoint": ("tripoint", "tripoint_uuid"),
}


def sees_all(reader: Reader) -> bool:
    """Whether nothing is hidden from a reader."""
    return reader.clearance == 2 and reader.scope is None


def may_see(index: Index, row: LogRow, states: Iterable[State | None], *, reader: Reader) -> bool:
    """Whether a reader may see a change, given what stood before and after it."""
    if sees_all(reader) or row.uuid is None:
        return True
    known = [state for state in states if state]
    if not _states_open(index, row.table, known, reader=reader):
        return False
    if row.table in LAYER_OF and not present_open(index, row.table, [row.uuid], reader=reader)[0]:
        return False
    return all(_owner_open(index, row.table, state, reader=reader) for state in known)


def record_open(index: Index, table: str, state: State, *, reader: Reader) -> bool:
    """Whether a reader may see a record in a state, and the record that it belongs to."""
    if sees_all(reader):
        return True
    return _states_open(index, table, [state], reader=reader) and _owner_open(index, table, state, reader=reader)


def _states_open(index: Index, table: str, states: Sequence[State], *, reader: Reader) -> bool:
    if not states:
        return True
    levels = secrecy_codes([one.get("secrecy") for one in states], [one.get("is_public") for one in states])
    counties = None
    if reader.scope is not None:
        counties = as_table([counties_of(index, table, one) for one in states])
    return bool(visible(levels, counties, reader=reader).all())


def as_table(counties: Sequence[Sequence[str | None]]) -> NDArray[np.str_]:
    """County codes of records as `visible` takes them: shape (n, k), empty where a record has fewer than others."""
    width = max((len(codes) for codes in counties), default=0) or 1
    return np.array([[code or "" for code in codes] + [""] * (width - len(codes)) for codes in counties], dtype=np.str_)


def present_open(index: Index, table: str, uuids: Sequence[str], *, reader: Reader) -> NDArray[np.bool_]:
    """Which records a reader may see as they stand; those that are gone count as open: what they were decides."""
    if sees_all(reader):
        return np.ones(len(uuids), dtype=bool)
    columns = index.layer(LAYER_OF[table].key)
    key = ("open", reader.audience)
    open_rows = columns.cache.get(key)
    if open_rows is None:
        open_rows = columns.remember(key, columns.open_to(reader))
    assert isinstance(open_rows, np.ndarray)
    rows = (columns.row_of(uuid) for uuid in uuids)
    return np.array([row is None or bool(open_rows[row]) for row in rows], dtype=bool)


def _owner_open(index: Index, table: str, state: State, *, reader: Reader) -> bool:
    """Whether the record that a row belongs to is open too."""
    if table == "medium":
        _, owned = MEDIA_OWNERS.get(str(state.get("owner")), ("", ""))
        medium_of = state.get("owner_uuid")
        return (
            not owned
            or not isinstance(medium_of, str)
            or bool(present_open(index, owned, [medium_of], reader=reader)[0])
        )
    if table == "boundary_document":
        table = "document of a line" if state.get("line_uuid") else "document of a tripoint"
    owner: tuple[Any, ...] = _OWNERS.get(table, LAYER_OF[table].within if table in LAYER_OF else ())
    if not owner or owner[0] not in LAYER_OF:
        return True
    uuid = state.get(owner[1])
    return not isinstance(uuid, str) or bool(present_open(index, owner[0], [uuid], reader=reader)[0])
