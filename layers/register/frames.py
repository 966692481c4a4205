# ruff: noqa: S608 - table and column names are our own, every value is bound
"""A table as a frame, fast: whole columns at once, past SQLAlchemy's rows."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Column, Connection, Table

from layers.register import blob
from layers.register.engine import raw_file, server_cursor
from layers.register.errors import UnknownColumn
from layers.register.tables import GEOMETRY_COLUMN
from layers.register.types import Date, Geometry, UtcTime
from layers.register.values import to_array

CRS = f"EPSG:{blob.SRS_ID}"


def read_frame(
    connection: Connection, table: Table, *, columns: Sequence[str] | None, uuids: Iterable[str] | None
) -> pd.DataFrame | gpd.GeoDataFrame:
    """See `Register.frame`."""
    chosen = _chosen(table, columns)
    with _without_collector():
        return _read(connection, table, chosen, uuids)


def read_arrays(connection: Connection, table: Table, *, uuids: Iterable[str] | None) -> dict[str, Any]:
    """See `Register.arrays`."""
    with _without_collector():
        return _arrays(connection, table, list(table.columns), uuids)


def read_columns(
    connection: Connection, table: Table, *, columns: Sequence[str], uuids: Iterable[str] | None
) -> dict[str, Sequence[Any]]:
    """See `Register.columns`."""
    chosen = _chosen(table, columns)
    with _without_collector():
        values = _values(connection, table, chosen, uuids)
    server = connection.dialect.name != "sqlite"
    return {
        column.name: _decoded(found, server=server) if isinstance(column.type, Geometry) else _all_texts(found)
        for column, found in zip(chosen, values, strict=True)
    }


def _all_texts(values: Sequence[Any]) -> Sequence[str | None]:
    """The same where all are texts or missing; what another program has left there otherwise, as text."""
    try:
        "".join(filter(None, values))  # the quickest way to look at every type
    except TypeError:
        return [None if value is None else str(value) for value in values]
    return values


def _values(
    connection: Connection, table: Table, chosen: list[Column[Any]], uuids: Iterable[str] | None
) -> list[Sequence[Any]]:
    """What the database gives, column by column."""
    key = next(iter(table.primary_key.columns)).name
    rows = (_file_rows if connection.dialect.name == "sqlite" else _server_rows)(connection, table, chosen, key, uuids)
    return list(zip(*rows, strict=True)) if rows else [() for _ in chosen]


def _read(
    connection: Connection, table: Table, chosen: list[Column[Any]], uuids: Iterable[str] | None
) -> pd.DataFrame | gpd.GeoDataFrame:
    data = _arrays(connection, table, chosen, uuids)
    frame = pd.DataFrame(data, index=pd.RangeIndex(len(next(iter(data.values()))) if data else 0), copy=False)
    return gpd.GeoDataFrame(frame, geometry=GEOMETRY_COLUMN) if GEOMETRY_COLUMN in data else frame


def _arrays(
    connection: Connection, table: Table, chosen: list[Column[Any]], uuids: Iterable[str] | None
) -> dict[str, Any]:
    values = _values(connection, table, chosen, uuids)
    server = connection.dialect.name != "sqlite"
    return {
        column.name: _geometries(found, server=server)
        if isinstance(column.type, Geometry)
        else to_array(found, column.type)
        for column, found in zip(chosen, values, strict=True)
    }


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the garbage collector: it would walk through a million new cells again and again (a third of the time)."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _chosen(table: Table, columns: Sequence[str] | None) -> list[Column[Any]]:
    if columns is None:
        return list(table.columns)
    unknown = [name for name in columns if name not in table.columns]
    if unknown:
        raise UnknownColumn(
            "%(table)s has no column %(column)s.",
            hint="It has %(columns)s.",
            table=table.name,
            column=", ".join(unknown),
            columns=", ".join(table.columns.keys()),
        )
    return [table.columns[name] for name in columns]


def _file_rows(
    connection: Connection, table: Table, chosen: list[Column[Any]], key: str, uuids: Iterable[str] | None
) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{column.name}"' for column in chosen) or "NULL"
    statement = f'SELECT {names} FROM "{table.name}"'
    cursor = raw_file(connection).cursor()
    if uuids is None:
        return cursor.execute(f'{statement} ORDER BY "{key}"').fetchall()
    wanted = json.dumps(list(uuids))
    condition = "WHERE uuid IN (SELECT value FROM json_each(?))"
    return cursor.execute(f'{statement} {condition} ORDER BY "{key}"', (wanted,)).fetchall()


def _server_rows(
    connection: Connection, table: Table, chosen: list[Column[Any]], key: str, uuids: Iterable[str] | None
) -> list[tuple[Any, ...]]:
    names = ", ".join(_server_expression(column) for column in chosen) or "NULL"
    statement = f'SELECT {names} FROM "{table.name}"'
    with server_cursor(connection) as cursor:
        if uuids is None:
            cursor.execute(f'{statement} ORDER BY "{key}"')
        else:
            cursor.execute(f'{statement} WHERE uuid = ANY(%s) ORDER BY "{key}"', (list(uuids),))
        return list(cursor.fetchall())


def _server_expression(column: Column[Any]) -> str:
    name = f'"{column.name}"'
    if isinstance(column.type, UtcTime):
        return f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
    if isinstance(column.type, Date):
        return f"to_char({name}, 'YYYY-MM-DD')"
    return f"ST_AsBinary({name})" if column.name == GEOMETRY_COLUMN else name


def _geometries(values: Sequence[Any], *, server: bool) -> Any:
    return gpd.array.GeometryArray(_decoded(values, server=server), crs=CRS)


def _decoded(values: Sequence[Any], *, server: bool) -> Any:
    if not server:
        return blob.decode_all(values)
    wkbs = np.empty(len(values), dtype=object)
    wkbs[:] = values
    return np.asarray(shapely.from_wkb(wkbs), dtype=object).reshape(len(values))
