# ruff: noqa: S608 - table and column names are our own, every value is bound
"""What makes an SQLite file a GeoPackage: the `gpkg_*` tables, R-trees with their triggers, and their upkeep.

OGC 12-128r18. The file says version 1.3, which GDAL 3.6 (Debian, QGIS) reads without a warning, and has the R-tree
triggers of 1.4: those of 1.3 corrupt the index on an upsert (annex F.3 of 1.4).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping

from layers.register import blob
from layers.register.blob import SRS_ID

APPLICATION_ID = 0x47504B47
USER_VERSION = 10300
EXTENSION_DEFINITION = "http://www.geopackage.org/spec120/#extension_rtree"

_EPSG_4490 = (
    'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,'
    'AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],'
    'AUTHORITY["EPSG","4490"]]'
)
_EPSG_4326 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SYSTEMS = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
    ("WGS 84 geodetic", 4326, "EPSG", 4326, _EPSG_4326, "required in every GeoPackage"),
    ("China Geodetic Coordinate System 2000", SRS_ID, "EPSG", SRS_ID, _EPSG_4490, "what this register is stored in"),
)

_BASE = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""

_RTREE_ROW = 'ST_MinX(NEW."{g}"), ST_MaxX(NEW."{g}"), ST_MinY(NEW."{g}"), ST_MaxY(NEW."{g}")'
_NEW_HAS = '(NEW."{g}" NOTNULL AND NOT ST_IsEmpty(NEW."{g}"))'
_NEW_HAS_NOT = '(NEW."{g}" ISNULL OR ST_IsEmpty(NEW."{g}"))'
_OLD_HAS = '(OLD."{g}" NOTNULL AND NOT ST_IsEmpty(OLD."{g}"))'
_OLD_HAS_NOT = '(OLD."{g}" ISNULL OR ST_IsEmpty(OLD."{g}"))'
_RTREE_TRIGGERS = {
    "insert": f"""AFTER INSERT ON "{{t}}" WHEN {_NEW_HAS}
      BEGIN INSERT OR REPLACE INTO "{{r}}" VALUES (NEW."fid", {_RTREE_ROW}); END""",
    "update6": f"""AFTER UPDATE OF "{{g}}" ON "{{t}}" WHEN OLD."fid" = NEW."fid" AND {_NEW_HAS} AND {_OLD_HAS}
      BEGIN UPDATE "{{r}}" SET minx = ST_MinX(NEW."{{g}}"), maxx = ST_MaxX(NEW."{{g}}"),
        miny = ST_MinY(NEW."{{g}}"), maxy = ST_MaxY(NEW."{{g}}") WHERE id = NEW."fid"; END""",
    "update7": f"""AFTER UPDATE OF "{{g}}" ON "{{t}}" WHEN OLD."fid" = NEW."fid" AND {_NEW_HAS} AND {_OLD_HAS_NOT}
      BEGIN INSERT INTO "{{r}}" VALUES (NEW."fid", {_RTREE_ROW}); END""",
    "update2": f"""AFTER UPDATE OF "{{g}}" ON "{{t}}" WHEN OLD."fid" = NEW."fid" AND {_NEW_HAS_NOT}
      BEGIN DELETE FROM "{{r}}" WHERE id = OLD."fid"; END""",
    "update5": f"""AFTER UPDATE ON "{{t}}" WHEN OLD."fid" != NEW."fid" AND {_NEW_HAS}
      BEGIN DELETE FROM "{{r}}" WHERE id = OLD."fid";
        INSERT OR REPLACE INTO "{{r}}" VALUES (NEW."fid", {_RTREE_ROW}); END""",
    "update4": f"""AFTER UPDATE ON "{{t}}" WHEN OLD."fid" != NEW."fid" AND {_NEW_HAS_NOT}
      BEGIN DELETE FROM "{{r}}" WHERE id IN (OLD."fid", NEW."fid"); END""",
    "delete": """AFTER DELETE ON "{t}" WHEN OLD."{g}" NOT NULL
      BEGIN DELETE FROM "{r}" WHERE id = OLD."fid"; END""",
}


def rtree(table: str, geometry: str) -> str:
    """Name of a table's R-tree."""
    return f"rtree_{table}_{geometry}"


def rtree_triggers(table: str, geometry: str) -> dict[str, str]:
    """The R-tree's triggers: name to CREATE statement."""
    index = rtree(table, geometry)
    return {
        f"{index}_{event}": f'CREATE TRIGGER "{index}_{event}" ' + body.format(t=table, g=geometry, r=index)
        for event, body in _RTREE_TRIGGERS.items()
    }


def same_sql(left: str, right: str) -> bool:
    """Whether two statements differ in white space only (SQLite keeps a statement as it was written)."""
    return re.sub(r"\s+", "", left) == re.sub(r"\s+", "", right)


def lay_base(connection: sqlite3.Connection) -> None:
    """Make an empty database a GeoPackage without contents."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _BASE.split(";")[:-1]:
        connection.execute(statement)
    connection.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SYSTEMS)


def enter(connection: sqlite3.Connection, table: str, *, title: str, geometry: Mapping[str, str] | None) -> None:
    """Enter an existing table in the contents, with an R-tree if it has a geometry.

    Parameters
    ----------
    geometry
        The geometry column's name and type, ``{"geom": "POINT"}``, or None.
    """
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?)",
        (table, "features" if geometry else "attributes", table, title, SRS_ID if geometry else None),
    )
    for column, kind in (geometry or {}).items():
        connection.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)", (table, column, kind, SRS_ID))
        connection.execute(
            "INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', ?, 'write-only')",
            (table, column, EXTENSION_DEFINITION),
        )
        connection.execute(f'CREATE VIRTUAL TABLE "{rtree(table, column)}" USING rtree(id, minx, maxx, miny, maxy)')
        for statement in rtree_triggers(table, column).values():
            connection.execute(statement)


def touched(connection: sqlite3.Connection, table: str, bounds: tuple[float, float, float, float] | None) -> None:
    """Note in the contents that a table has changed; its extent grows by the bounds (west, south, east, north)."""
    now = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"
    if bounds is None:
        connection.execute(f"UPDATE gpkg_contents SET last_change = {now} WHERE table_name = ?", (table,))
        return
    west, south, east, north = bounds
    connection.execute(
        f"UPDATE gpkg_contents SET last_change = {now}, min_x = min(ifnull(min_x, ?1), ?1), "
        "min_y = min(ifnull(min_y, ?2), ?2), max_x = max(ifnull(max_x, ?3), ?3), max_y = max(ifnull(max_y, ?4), ?4) "
        "WHERE table_name = ?5",
        (west, south, east, north, table),
    )


def _st_is_empty(value: bytes | None) -> int | None:
    return None if value is None else int(blob.bounds_of(value) is None)


def _st_bound(position: int, value: bytes | None) -> float | None:
    bounds = blob.bounds_of(value)
    return None if bounds is None else bounds[position]


def register_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the five functions that the R-tree triggers call; without them it could not write."""
    connection.create_function("ST_IsEmpty", 1, _st_is_empty, deterministic=True)
    connection.create_function("ST_MinX", 1, lambda value: _st_bound(0, value), deterministic=True)
    connection.create_function("ST_MinY", 1, lambda value: _st_bound(1, value), deterministic=True)
    connection.create_function("ST_MaxX", 1, lambda value: _st_bound(2, value), deterministic=True)
    connection.create_function("ST_MaxY", 1, lambda value: _st_bound(3, value), deterministic=True)
