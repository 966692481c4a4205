"""Carrying out what an undo has planned: a few rows one by one, many of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, delete, select

from gis.errors import N_, Conflict
from layers import days
from layers.history.log import State
from layers.register import TABLES, Register, geopackage
from layers.register.engine import raw_file
from layers.register.frames import CRS
from layers.register.tables import GEOMETRY_COLUMN, references
from layers.register.values import to_array

_ONE_BY_ONE = 50
_MANY = 500


class StillNeeded(Conflict):
    """A record that others belong to and that has no dates by which it could be closed."""

    code = "still-needed"


@dataclass(frozen=True)
class Action:
    """One row to be written; ``present`` is the whole row before it, of an update."""

    kind: Literal["insert", "update", "delete"]
    table: str
    uuid: str
    values: State
    present: State = field(default_factory=dict)


def carry_out(register: Register, connection: Connection, actions: Sequence[Action]) -> int:
    """Write everything; the number of records that were closed because others belong to them.

    Records come before those that refer to them, and go after them.
    """
    closed = 0
    for table in TABLES:
        own = [action for action in actions if action.table == table and action.kind != "delete"]
        if len(own) > _ONE_BY_ONE:
            _at_once(register, connection, table, own)
            continue
        for action in own:
            _one(register, connection, action)
    for table in reversed(list(TABLES)):
        uuids = [action.uuid for action in actions if action.table == table and action.kind == "delete"]
        if uuids:
            closed += _take_away(register, connection, table, uuids)
    return closed


def _one(register: Register, connection: Connection, action: Action) -> None:
    if action.kind == "insert":
        register.insert(connection, action.table, {**action.values, "uuid": action.uuid})
    else:
        register.update(connection, action.table, action.uuid, action.values)


def _at_once(register: Register, connection: Connection, table: str, actions: Sequence[Action]) -> None:
    fresh = [{**action.values, "uuid": action.uuid} for action in actions if action.kind == "insert"]
    changed = [action for action in actions if action.kind == "update"]
    names = sorted({name for action in changed for name in action.values})
    rows = [
        {"uuid": action.uuid, **{name: {**action.present, **action.values}.get(name) for name in names}}
        for action in changed
    ]
    register.merge(connection, table, _frame(table, fresh), _frame(table, rows))


def _frame(table: str, rows: Sequence[State]) -> pd.DataFrame | None:
    if not rows:
        return None
    columns = TABLES[table].columns
    names = list(dict.fromkeys(name for row in rows for name in row))
    data: dict[str, Any] = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if name == GEOMETRY_COLUMN:
            data[name] = gpd.GeoSeries(values, crs=CRS)
        else:
            data[name] = to_array(values, columns[name].type)
    frame = pd.DataFrame(data)
    return gpd.GeoDataFrame(frame, geometry=GEOMETRY_COLUMN) if GEOMETRY_COLUMN in data else frame


def _take_away(register: Register, connection: Connection, table: str, uuids: Sequence[str]) -> int:
    """Delete rows; those that others refer to are closed by today's date instead, and counted."""
    needed = _referred_to(connection, table, uuids)
    target = TABLES[table]
    if needed and "valid_to" not in target.columns:
        raise StillNeeded(
            N_("Other records still belong to %(uuid)s in %(table)s."),
            hint=N_("Take those away first."),
            uuid=sorted(needed)[0],
            table=table,
        )
    today = days.today().isoformat()
    for uuid in sorted(needed):
        register.update(connection, table, uuid, {"valid_to": today})
    free = [uuid for uuid in uuids if uuid not in needed]
    for start in range(0, len(free), _MANY):
        connection.execute(delete(target).where(target.columns.uuid.in_(free[start : start + _MANY])))
    if register.home == "gpkg" and free:
        geopackage.touched(raw_file(connection), table, None)
    return len(needed)


def _referred_to(connection: Connection, table: str, uuids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for name, other in TABLES.items():
        for column, target, key in references(other):
            if target != table or key != "uuid":
                continue
            source = TABLES[name].columns[column]
            for start in range(0, len(uuids), _MANY):
                part = uuids[start : start + _MANY]
                found.update(connection.execute(select(source).where(source.in_(part)).distinct()).scalars())
    return found
