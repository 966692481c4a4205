"""What the register holds of some places, and what it held of them when a book was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from layers.access import Reader, secrecy_codes, visible
from layers.history.log import LOG, as_state
from layers.index import Index
from layers.placenames.formbook.cells import names_by_place
from layers.placenames.formbook.columns import stored
from layers.register import Mark
from layers.register.tables import GEOMETRY_COLUMN

_NAMES: Final = ("uuid", "place_uuid", "name", "kind", "secrecy", "is_public", "valid_to")
_MEDIA: Final = ("uuid", "owner_uuid", "title", "secrecy", "is_public")

Names = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class State:
    """Places with their further names.

    Parameters
    ----------
    frame
        ``uuid, version, geom`` and what `columns.stored` says, RangeIndex.
    names
        Kind to names by the place's uuid; ``media`` to the titles of its media.
    name_rows
        Rows of ``place_name`` that the reader sees, for who takes a name away.
    """

    frame: pd.DataFrame
    names: Names
    name_rows: pd.DataFrame


def present(index: Index, connection: Connection, uuids: Sequence[str] | None, *, reader: Reader) -> State:
    """The places as they stand, those that a reader does not see left out.

    Parameters
    ----------
    uuids
        Which, in any order; None: all.
    """
    frame = pd.DataFrame(
        index.register.frame(
            connection,
            "place",
            columns=["uuid", "version", "secrecy", "is_public", *_without(stored()), GEOMETRY_COLUMN],
            uuids=uuids,
        )
    )
    frame = frame[_open(frame, frame["county_code"], reader)].drop_duplicates("uuid").reset_index(drop=True)
    homes = frame.set_index("uuid")["county_code"]
    rows = _seen(index.frame("place_name"), _NAMES, "place_uuid", homes, reader)
    media = _seen(index.frame("medium"), _MEDIA, "owner_uuid", homes, reader)
    names: dict[str, Mapping[str, Sequence[str]]] = dict(names_by_place(rows[rows["valid_to"].isna()]))
    titles: dict[str, list[str]] = {}
    for owner, title in zip(media["owner_uuid"], media["title"], strict=True):
        titles.setdefault(owner, []).append(title if isinstance(title, str) and title else "—")
    names["media"] = titles
    return State(frame, names, rows)


def _without(names: Iterable[str]) -> list[str]:
    return [name for name in names if name not in ("secrecy", "is_public")]


def _open(frame: pd.DataFrame, counties: pd.Series[Any], reader: Reader) -> NDArray[np.bool_]:
    levels = secrecy_codes(frame["secrecy"].tolist(), frame["is_public"].tolist())
    homes = None if reader.scope is None else counties.fillna("").to_numpy(dtype=str)
    return visible(levels, homes, reader=reader)


def _seen(
    table: pd.DataFrame, columns: Sequence[str], owner: str, homes: pd.Series[Any], reader: Reader
) -> pd.DataFrame:
    """The rows of a table that belong to some places and that a reader sees."""
    rows = table.loc[table[owner].isin(homes.index).to_numpy(dtype=bool), list(columns)]
    return rows[_open(rows, rows[owner].map(homes), reader)].reset_index(drop=True)


def changed_since(connection: Connection, mark: Mark) -> dict[str, dict[str, Any]]:
    """Places changed after a state of the register: by uuid what each was then; None of one that was not there."""
    statement = select(LOG.uuid, LOG.op, LOG.before).where(LOG.seq > mark.seq, LOG.layer == "place").order_by(LOG.seq)
    found: dict[str, Any] = {}
    for uuid, op, before in connection.execute(statement):
        if uuid is not None and uuid not in found:
            found[uuid] = None if op == "insert" else as_state("place", before)
    return found


def earlier_names(connection: Connection, mark: Mark, present_rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The further names that places had then: by the uuid of each place whose names have changed since.

    Parameters
    ----------
    present_rows
        Rows of ``place_name`` as they stand.
    """
    statement = (
        select(LOG.uuid, LOG.op, LOG.before)
        .where(LOG.seq > mark.seq, LOG.layer == "place_name")
        .order_by(LOG.seq.desc())
    )
    changes = [(uuid, op, as_state("place_name", before)) for uuid, op, before in connection.execute(statement)]
    if not changes:
        return {}
    rows = {row["uuid"]: row for row in present_rows.to_dict("records")}
    touched: set[str] = set()
    for uuid, op, before in changes:
        now = rows.get(uuid)
        if now is not None:
            touched.add(now["place_uuid"])
        if op == "insert":
            rows.pop(uuid, None)
        elif before:
            rows[uuid] = {name: before.get(name) for name in _NAMES}
            touched.add(str(before.get("place_uuid")))
    then = pd.DataFrame(list(rows.values()), columns=list(_NAMES))
    return {place: then[then["place_uuid"] == place] for place in touched}


def earlier(connection: Connection, mark: Mark, now: State) -> tuple[State, set[str]]:
    """Places that have changed since a state, as they were then, and those that were not there.

    Returns
    -------
    state
        Of the changed ones alone.
    fresh
        Uuids of places that came later.
    """
    states = changed_since(connection, mark)
    names = earlier_names(connection, mark, now.name_rows)
    fresh = {uuid for uuid, state in states.items() if state is None}
    wanted = ({uuid for uuid, state in states.items() if state} | set(names)) - fresh
    current = now.frame[now.frame["uuid"].isin(wanted)]
    rows = [
        {name: states[str(row["uuid"])].get(str(name)) for name in row} if states.get(str(row["uuid"])) else row
        for row in current.to_dict("records")
    ]
    frame = pd.DataFrame(rows, columns=list(now.frame.columns), dtype=object)
    then: dict[str, dict[str, Sequence[str]]] = {}
    for kind, of_places in now.names.items():
        then[kind] = {place: listed for place, listed in of_places.items() if place not in names}
    for place, rows_then in names.items():
        for kind, found in names_by_place(rows_then[rows_then["valid_to"].isna()]).items():
            if place in found:
                then[kind][place] = found[place]
    return State(frame, then, now.name_rows), fresh
