# ruff: noqa: S608 - table and column names are our own, every value is bound
"""Many new and changed rows at once, each with its own row in the change log, as the triggers would have written it.

The triggers are put aside inside the transaction and their work is done for all rows together: the log first, from the
rows as they stand (with the very SQL of the triggers), then the rows, then the spatial index.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import uuid
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, Table, select

from layers.register import blob, geopackage, postgis
from layers.register.engine import BATCH, WHO, WHY, raw_file, server_cursor
from layers.register.errors import DanglingReference, DuplicateUuid, NoSuchRow, UnknownColumn, WrongValue
from layers.register.loading import columns_of, copy_rows, insert_rows
from layers.register.tables import GEOMETRY_COLUMN, TABLES, TRACKING, references
from layers.register.triggers import before, drop_triggers
from layers.register.triggers import columns_of as present_columns
from layers.register.types import ewkb_hex, utc_text

Frame: TypeAlias = "pd.DataFrame | gpd.GeoDataFrame"
_FRESH: Final = ("layer", "uuid", "op", "version", "before", "at", "who", "why", "batch")
_CACHE_KIB: Final = 65_536
"""SQLite's pages in memory while many rows are merged: with its usual 2 MB, indexes are written out again and again."""
_LOG: Final = f"INSERT INTO change_log ({', '.join(_FRESH)})"


def merge_frames(connection: Connection, table: Table, inserts: Frame | None, updates: Sequence[Frame]) -> None:
    """See `Register.merge`."""
    on_file = connection.dialect.name == "sqlite"
    prepared = [_prepared(frame, table, as_text=on_file) for frame in updates if len(frame)]
    fresh = _prepared(inserts, table, as_text=on_file, new=True) if inserts is not None and len(inserts) else None
    _check(connection, table, fresh, prepared)
    (_OnFile if on_file else _OnServer)(connection, table).merge(fresh, prepared)


class _Rows:
    """Rows ready for a database: columns of equal length, the geometry apart."""

    def __init__(self, columns: dict[str, list[Any]], geometries: blob.Geometries | None) -> None:
        self.columns = columns
        self.geometries = geometries
        self.uuids: list[str] = columns["uuid"]

    @property
    def changed(self) -> list[str]:
        """Columns that an update writes."""
        return [name for name in self.columns if name not in TRACKING]


def _prepared(frame: Frame, table: Table, *, as_text: bool, new: bool = False) -> _Rows:
    own = [str(name) for name in frame.columns if name in TRACKING and name != "uuid"]
    if own or (not new and "uuid" not in frame.columns):
        raise UnknownColumn(
            "%(table)s has no column %(column)s.", hint="It has %(columns)s.",
            table=table.name, column=", ".join(own or ["uuid"]),
            columns=", ".join(one.name for one in table.columns if one.name not in TRACKING or one.name == "uuid"),
        )  # fmt: skip
    columns, geometries = columns_of(frame, table, as_text=as_text)
    if new:
        columns["uuid"] = [one or str(uuid.uuid4()) for one in columns.get("uuid", [None] * len(frame))]
    wrong = next((one for one in columns["uuid"] if not isinstance(one, str) or len(one) != 36), "")
    if wrong != "":
        raise WrongValue(
            "%(value)s is not a value for %(table)s.%(column)s.", hint="The column takes %(kind)s.",
            value=repr(wrong)[:80], table=table.name, column="uuid", kind="uuid",
        )  # fmt: skip
    return _Rows(columns, geometries)


def _check(connection: Connection, table: Table, fresh: _Rows | None, updates: Sequence[_Rows]) -> None:
    """What must hold before anything is written: each row once, changed ones there, references that lead somewhere."""
    given = [one for rows in updates for one in rows.uuids]
    new = fresh.uuids if fresh is not None else []
    there = _present(connection, table, "uuid", [*given, *new])
    missing = next((one for one in given if one not in there), None)
    if missing is not None:
        raise NoSuchRow("%(table)s holds no row %(uuid)s.", table=table.name, uuid=missing)
    seen: set[str] = set()
    for one in [*given, *new]:
        if one in seen or (one in there and len(seen) >= len(given)):
            raise DuplicateUuid(
                "%(table)s would hold the uuid %(uuid)s twice.",
                hint="Load each feature once, or leave its uuid out.",
                table=table.name,
                uuid=one,
            )
        seen.add(one)
    for column, target, key in references(table):
        if key != "uuid":
            continue
        values = {one for rows in (*updates, *([fresh] if fresh else [])) for one in rows.columns.get(column, [])}
        wanted = sorted(values - {None} - (set(new) if target == table.name else set()))
        found = _present(connection, TABLES[target], key, wanted)
        dangling = next((one for one in wanted if one not in found), None)
        if dangling is not None:
            raise DanglingReference(
                "%(table)s.%(column)s points to %(value)s, which %(target)s does not hold.",
                table=table.name,
                column=column,
                value=dangling,
                target=target,
            )


def _present(connection: Connection, table: Table, key: str, values: Sequence[str]) -> set[str]:
    """Which of the values stand in a column."""
    if not values:
        return set()
    if connection.dialect.name == "sqlite":
        statement = f'SELECT "{key}" FROM "{table.name}" WHERE "{key}" IN (SELECT value FROM json_each(?))'
        rows = raw_file(connection).execute(statement, (json.dumps(list(values)),))
        return {str(value) for (value,) in rows}
    column = table.columns[key]
    return set(connection.execute(select(column).where(column == _any(values))).scalars())


def _any(values: Sequence[str]) -> Any:
    from sqlalchemy import any_, literal
    from sqlalchemy.dialects.postgresql import ARRAY, TEXT

    return any_(literal(list(values), ARRAY(TEXT)))


def _context(connection: Connection) -> tuple[Any, ...]:
    options = connection.get_execution_options()
    return options.get(WHO), options.get(WHY), options.get(BATCH)


class _OnFile:
    """Merging into a GeoPackage."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self.raw: sqlite3.Connection = raw_file(connection)
        self.name = str(table.name)  # the driver would ask each time how to write a name of SQLAlchemy's
        self.context = _context(connection)
        self.index = geopackage.rtree(table.name, GEOMETRY_COLUMN)
        self.now = utc_text(dt.datetime.now(dt.UTC))

    def merge(self, fresh: _Rows | None, updates: Sequence[_Rows]) -> None:
        (size,) = self.raw.execute("PRAGMA cache_size").fetchone()
        self.raw.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        try:
            self._merge(fresh, updates)
        finally:
            self.raw.execute(f"PRAGMA cache_size = {size}")

    def _merge(self, fresh: _Rows | None, updates: Sequence[_Rows]) -> None:
        earlier = before(present_columns(self.raw, self.name))
        triggers = drop_triggers(self.raw, self.name)
        for rows in updates:
            self._log_updates(rows.uuids, earlier)
            self._update(rows)
        if fresh is not None:
            columns = {**fresh.columns, "version": [1] * len(fresh.uuids), "changed": [self.now] * len(fresh.uuids)}
            insert_rows(self.raw, self.name, columns, fresh.geometries)
            self.raw.execute(
                f"{_LOG} SELECT ?, value, 'insert', 1, NULL, ?, ?, ?, ? FROM json_each(?) ORDER BY key",
                (self.name, self.now, *self.context, json.dumps(fresh.uuids)),
            )
        for statement in triggers:
            self.raw.execute(statement)

    def _log_updates(self, uuids: list[str], earlier: str) -> None:
        self.raw.execute(
            f"{_LOG} SELECT ?, OLD.uuid, 'update', coalesce(OLD.version, 0) + 1, {earlier}, ?, ?, ?, ? "
            f'FROM json_each(?) AS wanted JOIN "{self.name}" AS OLD ON OLD.uuid = wanted.value ORDER BY wanted.key',
            (self.name, self.now, *self.context, json.dumps(uuids)),
        )

    def _update(self, rows: _Rows) -> None:
        columns = {name: rows.columns[name] for name in rows.changed}
        if rows.geometries is not None:
            columns[GEOMETRY_COLUMN] = blob.encode_all(rows.geometries)
        settings = "".join(f'"{name}" = ?, ' for name in columns)
        self.raw.executemany(
            f'UPDATE "{self.name}" SET {settings}version = coalesce(version, 0) + 1, changed = ? WHERE uuid = ?',
            zip(*columns.values(), [self.now] * len(rows.uuids), rows.uuids, strict=True),
        )
        bounds = None
        if rows.geometries is not None:
            bounds = self._index(rows.uuids, rows.geometries)
        geopackage.touched(self.raw, self.name, bounds)

    def _index(self, uuids: list[str], geometries: blob.Geometries) -> tuple[float, float, float, float] | None:
        found = self.raw.execute(
            f'SELECT wanted.key, t.fid FROM json_each(?) AS wanted JOIN "{self.name}" AS t ON t.uuid = wanted.value',
            (json.dumps(uuids),),
        ).fetchall()
        at, fids = np.array(found, dtype=np.int64).reshape(-1, 2).T
        boxes = shapely.bounds(geometries)[at]
        placed = ~np.isnan(boxes).any(axis=1)
        self.raw.executemany(f'DELETE FROM "{self.index}" WHERE id = ?', [(fid,) for fid in fids[~placed].tolist()])
        entries = np.column_stack([fids.astype(np.float64), boxes[:, [0, 2, 1, 3]]])[placed].tolist()
        self.raw.executemany(f'INSERT OR REPLACE INTO "{self.index}" VALUES (?, ?, ?, ?, ?)', entries)
        if not placed.any():
            return None
        west, south, east, north = shapely.total_bounds(geometries).tolist()
        return west, south, east, north


class _OnServer:
    """Merging into PostGIS."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self.connection = connection
        self.table = table
        self.name = table.name
        self.context = _context(connection)

    def merge(self, fresh: _Rows | None, updates: Sequence[_Rows]) -> None:
        earlier = postgis.BEFORE
        if self.table.info["geometry"]:
            earlier = f"{earlier} || {postgis.BEFORE_GEOMETRY}"
        with server_cursor(self.connection) as cursor:
            cursor.execute("SELECT date_trunc('milliseconds', clock_timestamp())")
            (now,) = cursor.fetchone() or (None,)
            cursor.execute("SELECT set_config('dijie.loading', 'on', true)")
            for rows in updates:
                self._stage(cursor, rows)
                cursor.execute(
                    f"{_LOG} SELECT %s, OLD.uuid, 'update', coalesce(OLD.version, 0) + 1, {earlier}, %s, %s, %s, %s "
                    f'FROM dijie_merge AS wanted JOIN "{self.name}" AS OLD ON OLD.uuid = wanted.uuid '
                    "ORDER BY wanted.dijie_at",
                    (self.name, now, *self.context),
                )
                names = [*rows.changed, *([GEOMETRY_COLUMN] if rows.geometries is not None else [])]
                settings = "".join(f'"{name}" = wanted."{name}", ' for name in names)
                cursor.execute(
                    f'UPDATE "{self.name}" AS t SET {settings}version = coalesce(t.version, 0) + 1, changed = %s '
                    "FROM dijie_merge AS wanted WHERE t.uuid = wanted.uuid",
                    (now,),
                )
                cursor.execute("DROP TABLE dijie_merge")
            if fresh is not None:
                count = len(fresh.uuids)
                columns = {**fresh.columns, "version": [1] * count, "changed": [now] * count}
                copy_rows(cursor, self.name, columns, fresh.geometries)
                with cursor.copy(f"COPY change_log ({', '.join(_FRESH)}) FROM STDIN") as copy:
                    for one in fresh.uuids:
                        copy.write_row((self.name, one, "insert", 1, None, now, *self.context))
            cursor.execute("SELECT set_config('dijie.loading', '', true)")

    def _stage(self, cursor: Any, rows: _Rows) -> None:
        """The new values in a table of this transaction, with the types of the columns that they go to."""
        columns = {"uuid": rows.uuids, **{name: rows.columns[name] for name in rows.changed}}
        if rows.geometries is not None:
            columns[GEOMETRY_COLUMN] = ewkb_hex(rows.geometries)
        names = ", ".join(f'"{name}"' for name in columns)
        cursor.execute(
            f"CREATE TEMPORARY TABLE dijie_merge ON COMMIT DROP AS "
            f'SELECT 0::bigint AS dijie_at, {names} FROM "{self.name}" WHERE false'
        )
        with cursor.copy(f"COPY dijie_merge (dijie_at, {names}) FROM STDIN") as copy:
            for number, row in enumerate(zip(*columns.values(), strict=True)):
                copy.write_row((number, *row))
        cursor.execute("ANALYZE dijie_merge")
