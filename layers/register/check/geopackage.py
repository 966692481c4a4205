# ruff: noqa: S608 - table and column names are our own, every value is bound
"""What only a file can have wrong: pages, `gpkg_*` tables, triggers, geometry blobs, R-trees, extents."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.findings import Finding, Severity
from layers.register import blob, geopackage
from layers.register.check.geometry import check_geometries
from layers.register.tables import GEOMETRY_COLUMN, TABLES, TRACKED
from layers.register.triggers import CONTEXT_TABLE, change_triggers, columns_of

_REPORT = "Restore the register from its last backup, or copy its layers into a new one."
_UPGRADE = "Copy its layers into a new register; what is missing cannot be put back by hand."


def integrity(connection: sqlite3.Connection) -> list[Finding]:
    """Whether SQLite can read every page and index."""
    try:
        lines = [line for (line,) in connection.execute("PRAGMA integrity_check(20)") if line != "ok"]
    except sqlite3.DatabaseError as error:
        lines = [str(error)]
    return [_error("integrity", "file", "The file is damaged: %(reason)s.", _REPORT, reason=line) for line in lines]


def container(connection: sqlite3.Connection) -> Iterator[Finding]:
    """The GeoPackage's own tables, foreign keys, and every trigger as it was written."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if not 10200 <= version < 20000:
        yield _error(
            "gpkg-version", "file", "The file calls itself GeoPackage version %(version)s.", _UPGRADE, version=version
        )
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchall():
        yield _error(
            "foreign-key",
            table,
            "Row %(row)s of %(table)s refers to a row that %(parent)s does not hold.",
            _UPGRADE,
            row=row,
            table=table,
            parent=parent,
        )
    yield from _system(connection)
    contents = {
        row[0]: row[1:] for row in connection.execute("SELECT table_name, data_type, srs_id FROM gpkg_contents")
    }
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for name in (name for name in TABLES if name in present):
        wanted = ("features", blob.SRS_ID) if TABLES[name].info["geometry"] else ("attributes", None)
        if contents.get(name) != wanted:
            yield _error(
                "gpkg-contents",
                name,
                "%(table)s is not entered in gpkg_contents as %(kind)s.",
                _UPGRADE,
                table=name,
                kind=wanted[0],
            )
        yield from _geometry_column(connection, name)
    yield from _triggers(connection, present)
    if connection.execute(f"SELECT count(*) FROM {CONTEXT_TABLE}").fetchone()[0]:
        yield _error(
            "context-left",
            CONTEXT_TABLE,
            "%(table)s is not empty: changes are not logged as they should be.",
            "Empty the table.",
            table=CONTEXT_TABLE,
        )


def _system(connection: sqlite3.Connection) -> Iterator[Finding]:
    found = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (blob.SRS_ID,),
    ).fetchone()
    if found is None or found[0].upper() != "EPSG" or found[1] != blob.SRS_ID or "CGCS2000" not in found[2]:
        yield _error("gpkg-srs", "gpkg_spatial_ref_sys", "EPSG:4490 is not defined as it should be.", _UPGRADE)


def _geometry_column(connection: sqlite3.Connection, name: str) -> Iterator[Finding]:
    rows = connection.execute(
        "SELECT column_name, upper(geometry_type_name), srs_id, z, m FROM gpkg_geometry_columns WHERE table_name = ?",
        (name,),
    ).fetchall()
    kind = TABLES[name].info["geometry"]
    wanted = [(GEOMETRY_COLUMN, kind, blob.SRS_ID, 0, 0)] if kind else []
    declared = columns_of(connection, name).get(GEOMETRY_COLUMN)
    if rows != wanted or declared != kind:
        yield _error(
            "gpkg-geometry-column",
            name,
            "The geometry column of %(table)s should be %(kind)s in EPSG:4490.",
            _UPGRADE,
            table=name,
            kind=kind or "-",
        )
    if not kind:
        return
    extension = connection.execute(
        "SELECT 1 FROM gpkg_extensions WHERE table_name = ? AND column_name = ? "
        "AND extension_name = 'gpkg_rtree_index'",
        (name, GEOMETRY_COLUMN),
    ).fetchone()
    if extension is None:
        yield _error(
            "gpkg-extension", name, "The R-tree of %(table)s is not entered in gpkg_extensions.", _UPGRADE, table=name
        )


def _triggers(connection: sqlite3.Connection, present: set[str]) -> Iterator[Finding]:
    for table in (name for name in TRACKED if name in present):
        wanted = change_triggers(connection, table)
        if TABLES[table].info["geometry"]:
            wanted |= geopackage.rtree_triggers(table, GEOMETRY_COLUMN)
        found = dict(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,))
        )
        for name, statement in wanted.items():
            if name not in found:
                yield _error(
                    "trigger-missing",
                    name,
                    "The trigger %(trigger)s of %(table)s is missing.",
                    _UPGRADE,
                    trigger=name,
                    table=table,
                )
            elif not geopackage.same_sql(found[name], statement):
                yield _error(
                    "trigger-changed",
                    name,
                    "The trigger %(trigger)s is not as this program made it.",
                    _UPGRADE,
                    trigger=name,
                    table=table,
                )
        # GDAL adds triggers of its own to count features; anybody else's may do anything.
        for name in found.keys() - wanted.keys():
            if not name.startswith("trigger_"):
                yield _finding(
                    "trigger-unknown",
                    "warning",
                    name,
                    "%(table)s has a foreign trigger: %(trigger)s.",
                    "Find out which program made it.",
                    trigger=name,
                    table=table,
                )


def spatial(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Geometries one by one, the R-trees against them, and the extents in the contents."""
    for name, table in TABLES.items():
        if table.info["geometry"] and GEOMETRY_COLUMN in columns_of(connection, name):
            yield from _layer(connection, name, table.info["geometry"])


def _layer(connection: sqlite3.Connection, name: str, kind: str) -> Iterator[Finding]:
    rows = connection.execute(f'SELECT fid, {GEOMETRY_COLUMN} FROM "{name}" ORDER BY fid').fetchall()
    fids = np.array([fid for fid, _ in rows], dtype=np.int64)
    blobs = [stored for _, stored in rows]
    sound = np.array([_is_sound(stored) for stored in blobs], dtype=bool)
    if not sound.all():
        yield _error(
            "geometry-header",
            name,
            "%(count)s blobs of %(table)s are no geometries in EPSG:4490, first fid %(fid)s.",
            "Save those features again with QGIS, or delete them.",
            count=int((~sound).sum()),
            table=name,
            fid=int(fids[~sound][0]),
        )
    geometries = blob.decode_all([stored if good else None for stored, good in zip(blobs, sound, strict=True)])
    yield from check_geometries(name, kind, fids[sound], geometries[sound])
    boxes = shapely.bounds(geometries)
    has: NDArray[np.bool_] = np.asarray(~np.isnan(boxes).any(axis=1))
    yield from _envelopes(name, blobs, boxes, fids, has)
    yield from _rtree(connection, name, fids[has], boxes[has])
    yield from _extent(connection, name, boxes[has])


def _is_sound(stored: object) -> bool:
    if stored is None:
        return True
    if not isinstance(stored, bytes):
        return False
    try:
        start = blob.wkb_offset(stored)
        return blob.header_srs(stored) == blob.SRS_ID and shapely.from_wkb(stored[start:]) is not None
    except (ValueError, shapely.errors.GEOSException):
        return False


def _envelopes(
    name: str, blobs: list[bytes], boxes: NDArray[np.float64], fids: NDArray[np.int64], has: NDArray[np.bool_]
) -> Iterator[Finding]:
    told = [blob.bounds_of(blobs[at]) or (np.nan,) * 4 for at in np.flatnonzero(has)]
    wrong: NDArray[np.bool_] = (np.array(told, dtype=np.float64).reshape(-1, 4) != boxes[has]).any(axis=1)
    if wrong.any():
        yield _error(
            "geometry-envelope",
            name,
            "The envelopes of %(count)s geometries of %(table)s are wrong, first fid %(fid)s.",
            "Save those features again with QGIS, or delete them.",
            count=int(wrong.sum()),
            table=name,
            fid=int(fids[has][wrong][0]),
        )


def _rtree(
    connection: sqlite3.Connection, name: str, fids: NDArray[np.int64], boxes: NDArray[np.float64]
) -> Iterator[Finding]:
    index = geopackage.rtree(name, GEOMETRY_COLUMN)
    advice = _REPORT
    try:
        rows = connection.execute(f'SELECT id, minx, miny, maxx, maxy FROM "{index}" ORDER BY id').fetchall()
    except sqlite3.DatabaseError:
        yield _error("rtree-missing", name, "%(table)s has no R-tree.", advice, table=name)
        return
    found = np.array(rows, dtype=np.float64).reshape(-1, 5)
    ids = found[:, 0].astype(np.int64)
    for wrong, template in (
        (np.setdiff1d(fids, ids), "%(count)s features of %(table)s are not in its R-tree, first fid %(fid)s."),
        (np.setdiff1d(ids, fids), "The R-tree of %(table)s has %(count)s entries too many, first fid %(fid)s."),
    ):
        if len(wrong):
            yield _error("rtree-rows", name, template, advice, count=len(wrong), table=name, fid=int(wrong[0]))
    both, ours, theirs = np.intersect1d(fids, ids, return_indices=True)
    box, entry = boxes[ours], found[theirs, 1:]
    # Entries are 32-bit, rounded outwards: they hold the box and are hardly larger.
    slack = 1e-4
    loose = (entry[:, :2] > box[:, :2]).any(axis=1) | (entry[:, 2:] < box[:, 2:]).any(axis=1)
    with np.errstate(invalid="ignore"):  # infinite coordinates are another finding
        far = (np.abs(entry - box) > slack).any(axis=1)
    wrong = both[loose | far]
    if len(wrong):
        yield _error(
            "rtree-box",
            name,
            "The R-tree of %(table)s is wrong for %(count)s features, first fid %(fid)s.",
            advice,
            count=len(wrong),
            table=name,
            fid=int(wrong[0]),
        )


def _extent(connection: sqlite3.Connection, name: str, boxes: NDArray[np.float64]) -> Iterator[Finding]:
    found = connection.execute(
        "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?", (name,)
    ).fetchone()
    if found is None or not len(boxes):
        return
    box = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    told = np.array(found, dtype=np.float64)
    if not ((told[:2] <= box[:2]) & (told[2:] >= box[2:])).all():
        yield _finding(
            "gpkg-extent",
            "warning",
            name,
            "The extent of %(table)s in gpkg_contents is too small.",
            "Save any feature of the layer with QGIS: it writes the extent anew.",
            table=name,
        )


def _error(rule: str, where: str, template: str, advice: str, **params: object) -> Finding:
    return _finding(rule, "error", where, template, advice, **params)


def _finding(rule: str, severity: Severity, where: str, template: str, advice: str, **params: object) -> Finding:
    return Finding(rule=rule, severity=severity, where=where, template=template, params=params, advice=advice)
