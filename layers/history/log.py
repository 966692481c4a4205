"""Rows of the change log as the database gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Connection, select

from layers.catalogue import LAYERS, Layer
from layers.register import TABLES, Register
from layers.register.tables import CHANGE_LOG, GEOMETRY_COLUMN

State = dict[str, Any]
"""A row as it was or is: column to plain value, None for what is missing; ``geom`` a shapely geometry."""

LOG = TABLES[CHANGE_LOG].columns
_LIGHT = (LOG.seq, LOG.layer, LOG.uuid, LOG.op, LOG.version, LOG.at, LOG.who, LOG.why, LOG.batch)
_MANY = 500
"""As many uuids go into one statement."""

LAYER_OF: dict[str, Layer] = {layer.table: layer for layer in LAYERS.values()}
"""The layer that a table holds, for those tables that hold one."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of the change log without what stood before; ``table`` is the log's ``layer``."""

    seq: int
    table: str
    uuid: str | None
    op: str
    version: int | None
    at: str
    who: str | None
    why: str | None
    batch: str | None


def log_rows(connection: Connection, *conditions: ColumnElement[bool], limit: int | None = None) -> list[LogRow]:
    """Rows that meet the conditions, the newest first."""
    statement = select(*_LIGHT).where(*conditions).order_by(LOG.seq.desc())
    if limit is not None:
        statement = statement.limit(limit)
    return [LogRow(*row) for row in connection.execute(statement)]


def moment(day: dt.date) -> dt.datetime:
    """When a day begins in China, where the register lives."""
    return dt.datetime.combine(day, dt.time(), dt.timezone(dt.timedelta(hours=8)))


def at_or_after(day: dt.date) -> ColumnElement[bool]:
    """Changes of that day or later."""
    return LOG.at >= moment(day)


def before_all(day: dt.date) -> ColumnElement[bool]:
    """Changes before a day begins."""
    return LOG.at < moment(day)


def states_before(connection: Connection, seqs: Sequence[int]) -> dict[int, State]:
    """What stood before each change; nothing for an insert."""
    found: dict[int, State] = {}
    for part in _parts(seqs):
        statement = select(LOG.seq, LOG.layer, LOG.before).where(LOG.seq.in_(part), LOG.before.is_not(None))
        for seq, table, before in connection.execute(statement):
            found[seq] = as_state(table, before)
    return found


def states_after(register: Register, connection: Connection, rows: Iterable[LogRow]) -> dict[int, State | None]:
    """What each change has led to: what the next change of the row found before itself, or the row as it stands.

    None after a delete, and where nobody can say it any more.
    """
    wanted = [row for row in rows if row.uuid is not None and row.op != "delete"]
    found: dict[int, State | None] = {}
    following = _following(connection, wanted)
    present: dict[str, set[str]] = {}
    for row in wanted:
        later = following.get((row.table, row.uuid or ""), [])
        after = next((before for seq, before in later if seq > row.seq), None)
        if after is not None:
            found[row.seq] = as_state(row.table, after)
        elif row.table in TABLES:
            present.setdefault(row.table, set()).add(row.uuid or "")
    for table, uuids in present.items():
        standing = present_states(register, connection, table, sorted(uuids))
        for row in wanted:
            if row.table == table and row.seq not in found:
                found[row.seq] = standing.get(row.uuid or "")
    return found


def _following(connection: Connection, rows: Sequence[LogRow]) -> dict[tuple[str, str], list[tuple[int, Any]]]:
    """For each row the changes after the earliest of these, with what stood before them, in order."""
    found: dict[tuple[str, str], list[tuple[int, Any]]] = {}
    if not rows:
        return found
    first = min(row.seq for row in rows)
    for part in _parts(sorted({row.uuid or "" for row in rows})):
        statement = (
            select(LOG.seq, LOG.layer, LOG.uuid, LOG.before)
            .where(LOG.uuid.in_(part), LOG.seq > first, LOG.before.is_not(None))
            .order_by(LOG.seq)
        )
        for seq, table, uuid, before in connection.execute(statement):
            found.setdefault((table, uuid), []).append((seq, before))
    return found


def present_states(register: Register, connection: Connection, table: str, uuids: Iterable[str]) -> dict[str, State]:
    """Rows as they stand, by uuid."""
    wanted = list(uuids)
    if not wanted:
        return {}
    arrays = register.arrays(connection, table, uuids=wanted)
    columns = [plain_values(array) for array in arrays.values()]
    rows = (dict(zip(arrays, values, strict=True)) for values in zip(*columns, strict=True))
    return {row["uuid"]: row for row in rows}


def plain_values(column: Any) -> list[Any]:
    """Python values of a series or an array, None for every kind of missing."""
    missing = pd.isna(column).tolist()
    return [None if absent else value for value, absent in zip(column.tolist(), missing, strict=True)]


def as_state(table: str, before: Any) -> State:
    """The log's JSON as a state of that table."""
    state: State = dict(before) if isinstance(before, dict) else {}
    if table in TABLES and TABLES[table].info["geometry"]:
        state[GEOMETRY_COLUMN] = geometry_of(state.get(GEOMETRY_COLUMN))
    return state


def geometry_of(text: object) -> BaseGeometry | None:
    """The geometry that the log keeps as hexadecimal WKB; None where there is none that can be read."""
    if not isinstance(text, str) or not text:
        return None
    found = shapely.from_wkb(text, on_invalid="ignore")
    return found if isinstance(found, BaseGeometry) and not found.is_empty else None


def _parts(values: Sequence[Any]) -> Iterable[list[Any]]:
    return (list(values[start : start + _MANY]) for start in range(0, len(values), _MANY))
