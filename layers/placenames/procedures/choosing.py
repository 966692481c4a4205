"""The places that an application may be about, by what somebody types: part of the name, or the place-name code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.access import Reader
from layers.history.log import State, present_states
from layers.index import Index
from layers.placenames.procedures.judging import LAYER
from layers.records import Context
from layers.register.tables import TABLES

MOST = 12
_CODE_DIGITS = 20


@dataclass(frozen=True)
class Choice:
    """A place with what tells it from others of its name."""

    uuid: str
    name: str
    kind: str
    where: str


def places_called(index: Index, text: str, *, reader: Reader) -> list[Choice]:
    """At most a dozen places that the reader may see: those of that very name first, then those that begin with it.

    Parameters
    ----------
    text
        Part of a name, or a code of 20 digits; empty finds nothing.
    """
    text = text.strip()
    if not text:
        return []
    columns = index.layer(LAYER)
    names = columns["name"].dictionary.values
    hits = [name for name in names if isinstance(name, str) and text in name]
    mask = columns["name"].isin(hits) & columns.open_to(reader)
    rows = np.flatnonzero(mask)
    if len(text) == _CODE_DIGITS and text.isdigit():
        rows = np.concatenate([rows, _of_code(index, text, reader=reader)])
    found = columns["name"].values(rows)
    ranks = np.nan_to_num(columns["rank"].numbers()[rows], nan=99.0).tolist()
    keys = [(name != text, not str(name).startswith(text), rank) for name, rank in zip(found, ranks, strict=True)]
    order = sorted(range(len(rows)), key=keys.__getitem__)[:MOST]
    context = Context.of(index, reader=reader)
    uuids = columns.uuid[rows[order]].tolist()
    with index.held() as connection:
        states = present_states(index.register, connection, "place", uuids)
    return [_choice(context, uuid, states[uuid]) for uuid in uuids if uuid in states]


def _choice(context: Context, uuid: str, state: State) -> Choice:
    known = context.classes.get(str(state.get("class_code")))
    codes = [str(state[name]) for name in ("county_code", "town_code") if state.get(name)]
    where = "".join(context.divisions.name_of(code) for code in codes)
    return Choice(uuid, str(state.get("name") or ""), known.title if known is not None else "", where)


def _of_code(index: Index, code: str, *, reader: Reader) -> NDArray[np.intp]:
    """Rows of the places with a code."""
    columns = index.layer(LAYER)
    with index.held() as connection:
        statement = TABLES["place"].select().with_only_columns(TABLES["place"].c.uuid)
        uuids = connection.execute(statement.where(TABLES["place"].c.place_code == code)).scalars().all()
    rows = [row for uuid in uuids if (row := columns.row_of(uuid)) is not None]
    open_ = columns.open_to(reader)
    return np.array([row for row in rows if open_[row]], dtype=np.intp)
