# ruff: noqa: S608 - table and column names are our own, every value is bound
"""What only a database server can have wrong: triggers, their functions, geometry types, spatial indexes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from sqlalchemy import Connection

from gis.findings import Finding
from layers.register import blob, postgis
from layers.register.check.geometry import check_geometries
from layers.register.check.rows import present_columns
from layers.register.engine import server_cursor
from layers.register.tables import CHANGE_LOG, GEOMETRY_COLUMN, TABLES, TRACKED

_RESTORE = "Restore the register from its last backup, or copy its layers into a new one."


def triggers(connection: Connection) -> Iterator[Finding]:
    """Triggers that are missing or switched off, and functions that are not as this program made them."""
    found = {
        (table, name): enabled
        for table, name, enabled in connection.exec_driver_sql(
            "SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal"
        )
    }
    present = present_columns(connection)
    for table in (name for name in TRACKED if name in present):
        for name in postgis.TRIGGERS:
            if found.get((table, name)) not in ("O", "A"):
                yield Finding(
                    "trigger-missing",
                    "error",
                    f"{table}.{name}",
                    "The trigger %(trigger)s of %(table)s is missing.",
                    {"trigger": name, "table": table},
                    _RESTORE,
                )
    if "batch" not in present.get(CHANGE_LOG, {"batch"}):
        return  # of the first revision, whose functions were others; the upgrade makes them anew
    rows = connection.exec_driver_sql(
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
        "AND proname LIKE 'dijie%%'"
    )
    bodies: dict[str, str] = {row.proname: row.prosrc for row in rows}
    for name, body in postgis.BODIES.items():
        if bodies.get(name, "").strip() != body.strip():
            yield Finding(
                "trigger-changed",
                "error",
                name,
                "The function %(function)s is not as this program made it.",
                {"function": name},
                _RESTORE,
            )


def spatial(connection: Connection) -> Iterator[Finding]:
    """Geometry columns, their indexes and their values."""
    columns = {
        table: (kind, srid)
        for table, kind, srid in connection.exec_driver_sql(
            "SELECT f_table_name, type, srid FROM geometry_columns WHERE f_table_schema = current_schema() "
            f"AND f_geometry_column = '{GEOMETRY_COLUMN}'"
        )
    }
    indexed = {
        table
        for (table,) in connection.exec_driver_sql(
            "SELECT tablename FROM pg_indexes WHERE schemaname = current_schema() "
            f"AND indexdef LIKE '%%USING gist ({GEOMETRY_COLUMN})%%'"
        )
    }
    present = present_columns(connection)
    for name, table in TABLES.items():
        kind = table.info["geometry"]
        if not kind or GEOMETRY_COLUMN not in present.get(name, set()):
            continue
        if columns.get(name) != (kind, blob.SRS_ID):
            yield Finding(
                "geometry-column",
                "error",
                name,
                "The geometry column of %(table)s should be %(kind)s in EPSG:4490.",
                {"table": name, "kind": kind},
                _RESTORE,
            )
        if name not in indexed:
            yield Finding(
                "index-missing",
                "error",
                name,
                "%(table)s has no spatial index.",
                {"table": name},
                "Create it: CREATE INDEX ON the table USING gist (geom).",
            )
        with server_cursor(connection) as cursor:
            cursor.execute(f'SELECT fid, ST_AsBinary({GEOMETRY_COLUMN}) FROM "{name}" ORDER BY fid')
            rows = cursor.fetchall()
        wkbs = np.empty(len(rows), dtype=object)
        wkbs[:] = [wkb for _, wkb in rows]
        fids = np.array([fid for fid, _ in rows], dtype=np.int64)
        yield from check_geometries(name, kind, fids, np.asarray(shapely.from_wkb(wkbs), dtype=object))
