# ruff: noqa: S608 - table and column names are our own, every value is bound
"""Many rows at once: frames into tables, with the triggers put aside and their work done here."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
from sqlalchemy import Connection, Table, insert

from layers.register import blob, geopackage
from layers.register.engine import BATCH, WHO, WHY, raw_file, server_cursor
from layers.register.errors import DuplicateUuid, UnknownColumn, UnknownTable, WrongCrs
from layers.register.tables import CHANGE_LOG, GEOMETRY_COLUMN, TABLES, TRACKED
from layers.register.triggers import drop_triggers
from layers.register.types import ewkb_hex, utc_text
from layers.register.values import as_stored, to_list

Frames = Mapping[str, pd.DataFrame | gpd.GeoDataFrame]


def load_frames(connection: Connection, frames: Frames) -> dict[str, int]:
    """See `Register.load`."""
    unknown = [name for name in frames if name not in TRACKED]
    if unknown:
        raise UnknownTable(
            "There is no table %(table)s to load.", hint="Choose from %(tables)s.",
            table=", ".join(unknown), tables=", ".join(TRACKED),
        )  # fmt: skip
    counts: dict[str, int] = {}
    on_file = connection.dialect.name == "sqlite"
    for name in TRACKED:
        if name in frames and len(frames[name]):
            table = TABLES[name]
            columns, geometries = columns_of(frames[name], table, as_text=on_file)
            _stamp(columns, len(frames[name]))
            (_load_file if on_file else _load_server)(connection, table, columns, geometries)
            _refuse_duplicates(connection, table)
            _log(connection, table)
            counts[name] = len(frames[name])
    return counts


def columns_of(
    frame: pd.DataFrame | gpd.GeoDataFrame, table: Table, *, as_text: bool
) -> tuple[dict[str, list[Any]], blob.Geometries | None]:
    """A frame's columns as a database takes them, and its geometries as the table keeps them (None: it has none).

    Raises
    ------
    UnknownColumn, WrongValue, WrongGeometry, WrongCrs
    """
    frame = _with_geometry_named(frame, table)
    unknown = [str(name) for name in frame.columns if name not in table.columns]
    if unknown:
        raise UnknownColumn(
            "%(table)s has no column %(column)s.", hint="It has %(columns)s.",
            table=table.name, column=", ".join(unknown), columns=", ".join(table.columns.keys()),
        )  # fmt: skip
    columns = {
        str(name): to_list(frame[name], table.columns[str(name)], as_text=as_text)
        for name in frame.columns
        if name != GEOMETRY_COLUMN
    }
    if GEOMETRY_COLUMN not in frame.columns:
        return columns, None
    geometries = np.array(frame[GEOMETRY_COLUMN].to_numpy(), dtype=object)
    geometries[pd.isna(geometries)] = None
    return columns, as_stored(geometries, table.info["geometry"], where=table.name)


def _stamp(columns: dict[str, list[Any]], count: int) -> None:
    """Fill in uuid, time and version where they are absent."""
    columns["uuid"] = [one or str(uuid.uuid4()) for one in columns.get("uuid", [None] * count)]
    now = utc_text(dt.datetime.now(dt.UTC))
    columns["changed"] = [one or now for one in columns.get("changed", [None] * count)]
    columns["version"] = [one or 1 for one in columns.get("version", [None] * count)]


def _with_geometry_named(frame: pd.DataFrame | gpd.GeoDataFrame, table: Table) -> pd.DataFrame | gpd.GeoDataFrame:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return frame
    if frame.crs is not None and frame.crs.to_epsg() != blob.SRS_ID:
        raise WrongCrs(
            "The rows for %(table)s are in %(found)s, and the register is in EPSG:4490.",
            hint="Transform them first: GeoDataFrame.to_crs(4490).",
            table=table.name,
            found=frame.crs.to_string(),
        )
    return frame if frame.geometry.name == GEOMETRY_COLUMN else frame.rename_geometry(GEOMETRY_COLUMN)


def _load_file(
    connection: Connection, table: Table, columns: dict[str, list[Any]], geometries: blob.Geometries | None
) -> None:
    raw = raw_file(connection)
    triggers = drop_triggers(raw, table.name)
    insert_rows(raw, table.name, columns, geometries)
    for statement in triggers:
        raw.execute(statement)


def insert_rows(
    raw: sqlite3.Connection, table: str, columns: dict[str, list[Any]], geometries: blob.Geometries | None
) -> None:
    """Rows into a table of a GeoPackage whose triggers have been put aside: with R-tree and extent."""
    if "fid" not in columns:
        columns["fid"] = _free_fids(raw, table, len(columns["uuid"]))
    fids = columns["fid"]
    if geometries is not None:
        columns[GEOMETRY_COLUMN] = blob.encode_all(geometries)
    filled = {name: values for name, values in columns.items() if values.count(None) < len(values)}
    names = ", ".join(f'"{name}"' for name in filled)
    places = ", ".join("?" for _ in filled)
    rows = zip(*filled.values(), strict=True)
    raw.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)
    bounds = None
    if geometries is not None:
        boxes = shapely.bounds(geometries)
        present = ~np.isnan(boxes).any(axis=1)
        index = geopackage.rtree(table, GEOMETRY_COLUMN)
        boxes_of = np.column_stack([np.asarray(fids, dtype=np.float64), boxes[:, [0, 2, 1, 3]]])[present].tolist()
        raw.executemany(f'INSERT INTO "{index}" VALUES (?, ?, ?, ?, ?)', boxes_of)
        if present.any():
            west, south, east, north = shapely.total_bounds(geometries).tolist()
            bounds = (west, south, east, north)
    geopackage.touched(raw, table, bounds)


def _free_fids(raw: Any, table: str, count: int) -> list[int]:
    used = raw.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()[0] or 0
    return list(range(used + 1, used + 1 + count))


def _load_server(
    connection: Connection, table: Table, columns: dict[str, list[Any]], geometries: blob.Geometries | None
) -> None:
    with server_cursor(connection) as cursor:
        cursor.execute("SELECT set_config('dijie.loading', 'on', true)")
        copy_rows(cursor, table.name, columns, geometries)
        cursor.execute("SELECT set_config('dijie.loading', '', true)")
        if "fid" in columns:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'fid'), max(fid)) FROM \"{table.name}\""
            )


def copy_rows(
    cursor: psycopg.Cursor[Any], table: str, columns: dict[str, list[Any]], geometries: blob.Geometries | None
) -> None:
    """Rows into a table of a database whose triggers have been put aside."""
    if geometries is not None:
        columns[GEOMETRY_COLUMN] = ewkb_hex(geometries)
    names = ", ".join(f'"{name}"' for name in columns)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in zip(*columns.values(), strict=True):
            copy.write_row(row)


def _refuse_duplicates(connection: Connection, table: Table) -> None:
    found = connection.exec_driver_sql(
        f'SELECT uuid FROM "{table.name}" GROUP BY uuid HAVING count(*) > 1 LIMIT 1'
    ).scalar()
    if found is not None:
        raise DuplicateUuid(
            "%(table)s would hold the uuid %(uuid)s twice.",
            hint="Load each feature once, or leave its uuid out.",
            table=table.name,
            uuid=found,
        )


def _log(connection: Connection, table: Table) -> None:
    """One row for all: readers who hold the table in memory read it anew."""
    options = connection.get_execution_options()
    entry = {
        "layer": table.name,
        "op": "load",
        "at": utc_text(dt.datetime.now(dt.UTC)),
        "who": options.get(WHO),
        "why": options.get(WHY),
        "batch": options.get(BATCH),
    }
    connection.execute(insert(TABLES[CHANGE_LOG]), entry)
