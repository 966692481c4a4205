"""Each test breaks a register in one way and sees that flaw, and no other."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import psycopg
import pytest
import shapely
from shapely import LineString, Point, Polygon

from layers.register import Register, check_register, create_register
from layers.register.geopackage import register_functions

SQUARE = Polygon([(118, 36), (119, 36), (119, 37), (118, 37)])
HEAD = struct.pack("<2sBBi", b"GP", 0, 1, 4490)


def fill(register: Register) -> None:
    """A few features of each kind, whole."""
    with register.writing() as connection:
        county = register.insert(
            connection, "division", {"code": "370781", "name": "青州市", "geom": Point(118.5, 36.7)}
        )
        register.insert(connection, "division_area", {"division_uuid": county, "geom": SQUARE})
        line = register.insert(connection, "boundary_line", {"name": "a", "geom": LineString([(118, 36), (119, 37)])})
        stake = register.insert(connection, "stake", {"line_uuid": line, "geom": Point(118, 36)})
        register.insert(connection, "line_stake", {"line_uuid": line, "stake_uuid": stake})
        for number in range(3):
            values = {"name": f"{number}", "county_code": "370781", "geom": Point(118.5, 36.5 + number / 10)}
            register.insert(connection, "place", values)


@pytest.fixture
def whole(gpkg: Register, path: Path) -> Path:
    """A register without flaw."""
    fill(gpkg)
    gpkg.close()
    assert check_register(path) == []
    return path


def silently(path: Path, *statements: str | tuple[str, tuple[object, ...]]) -> None:
    """Write past all triggers."""
    connection = sqlite3.connect(path, isolation_level=None)
    register_functions(connection)
    tables = {table for (table,) in connection.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")}
    kept = []
    for table in tables:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        )
        for name, text in rows.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
            kept.append(text)
    for statement in statements:
        if isinstance(statement, str):
            connection.execute(statement)
        else:
            connection.execute(*statement)
    for text in kept:
        connection.execute(text)
    connection.close()


def loudly(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    register_functions(connection)
    connection.execute(statement)
    connection.close()


def found(path: Path) -> list[tuple[str, str, str]]:
    flaws = check_register(path)
    assert all("%(" not in flaw.message and flaw.advice for flaw in flaws)
    return [(flaw.rule, flaw.severity, flaw.where) for flaw in flaws]


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("UPDATE place SET uuid = NULL WHERE fid = 1", ("row-unstamped", "error", "place")),
        ("UPDATE place SET changed = NULL WHERE fid = 2", ("row-unstamped", "error", "place")),
        ("UPDATE place SET version = 9 WHERE fid = 1", ("log-version", "error", "change_log")),
        ("DELETE FROM change_log WHERE seq = 2", ("log-version", "error", "change_log")),
        ("UPDATE change_log SET op = 'delete' WHERE layer = 'place'", ("log-version", "error", "change_log")),
        ("UPDATE change_log SET op = 'upsert' WHERE seq = 1", ("log-row", "error", "change_log")),
        ("UPDATE change_log SET at = '2099-01-01T00:00:00.000Z' WHERE seq = 1", ("log-time", "warning", "change_log")),
        ("UPDATE sqlite_sequence SET seq = 90 WHERE name = 'change_log'", ("log-last", "error", "change_log")),
        ("UPDATE stake SET line_uuid = '7'", ("reference", "error", "stake.line_uuid")),
        ("DELETE FROM division_area", None),
        ("UPDATE place SET county_code = '370799' WHERE fid = 3", ("reference", "warning", "place.county_code")),
        ("DELETE FROM rtree_place_geom WHERE id = 2", ("rtree-rows", "error", "place")),
        ("INSERT INTO rtree_place_geom VALUES (99, 1, 1, 1, 1)", ("rtree-rows", "error", "place")),
        ("UPDATE rtree_place_geom SET minx = 10, maxx = 11 WHERE id = 2", ("rtree-box", "error", "place")),
        ("UPDATE gpkg_contents SET max_y = 36.6 WHERE table_name = 'place'", ("gpkg-extent", "warning", "place")),
        ("UPDATE gpkg_contents SET srs_id = 4326 WHERE table_name = 'place'", ("gpkg-contents", "error", "place")),
        ("DELETE FROM gpkg_contents WHERE table_name = 'dataset'", ("gpkg-contents", "error", "dataset")),
        ("UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY' WHERE table_name = 'place'",
         ("gpkg-geometry-column", "error", "place")),
        ("UPDATE gpkg_geometry_columns SET z = 1 WHERE table_name = 'stake'",
         ("gpkg-geometry-column", "error", "stake")),
        ("DELETE FROM gpkg_extensions WHERE table_name = 'place'", ("gpkg-extension", "error", "place")),
        ("UPDATE gpkg_spatial_ref_sys SET definition = 'undefined' WHERE srs_id = 4490",
         ("gpkg-srs", "error", "gpkg_spatial_ref_sys")),
        ("PRAGMA user_version = 7", ("gpkg-version", "error", "file")),
        ("INSERT INTO gpkg_geometry_columns VALUES ('lost', 'geom', 'POINT', 4490, 0, 0)",
         ("foreign-key", "error", "gpkg_geometry_columns")),
        ("INSERT INTO change_context VALUES ('stamping', NULL)", ("context-left", "error", "change_context")),
        ("UPDATE alembic_version SET version_num = '0000'", ("revision", "warning", "0000")),
        ("ALTER TABLE place DROP COLUMN meaning", ("column-missing", "error", "place.meaning")),
        ("UPDATE place SET geom = NULL WHERE fid = 1", ("geometry-missing", "warning", "place")),
    ],
)  # fmt: skip
def test_one_flaw_is_one_finding(whole: Path, statement: str, flaw: tuple[str, str, str] | None) -> None:
    silently(whole, statement)
    seen = set(found(whole))
    if flaw is None:
        # A row deleted past the triggers is in the log's eyes still there.
        assert seen == {("rtree-rows", "error", "division_area"), ("log-version", "error", "change_log")}
        return
    allowed = {flaw}
    if flaw[0] == "geometry-missing":
        allowed.add(("rtree-rows", "error", "place"))
    if flaw[0] == "column-missing":
        allowed |= {("trigger-changed", "error", f"dijie_place_{event}") for event in ("update", "delete")}
    if flaw[0] == "row-unstamped" and "uuid" in statement:
        allowed.add(("log-version", "error", "change_log"))
    assert flaw in seen
    assert seen <= allowed


@pytest.mark.parametrize(
    ("wkb", "rule"),
    [
        (shapely.to_wkb(LineString([(118, 36), (119, 37)])), "geometry-type"),
        (shapely.to_wkb(Point(118, 36, 5), flavor="iso"), "geometry-height"),
        (shapely.to_wkb(Point()), "geometry-empty"),
        (shapely.to_wkb(Point(40419585.333, 4064705.797)), "geometry-range"),
        (shapely.to_wkb(Point(118, float("inf"))), "geometry-range"),
    ],
)
def test_geometries_that_a_table_cannot_hold(whole: Path, wkb: bytes, rule: str) -> None:
    loudly(whole, f"UPDATE place SET geom = x'{(HEAD + wkb).hex()}' WHERE fid = 1")
    seen = set(found(whole))
    assert (rule, "error", "place") in seen
    assert {one for one, _, _ in seen} <= {rule, "gpkg-extent", "rtree-box"}


@pytest.mark.parametrize(
    "stored",
    [
        b"not a geometry",
        struct.pack("<2sBBi", b"GP", 0, 1, 4326) + shapely.to_wkb(Point(118, 36)),
        HEAD + shapely.to_wkb(Point(118, 36))[:12],
        struct.pack("<2sBBi", b"GP", 0, 0x0F, 4490) + shapely.to_wkb(Point(118, 36)),
    ],
)
def test_blobs_that_are_no_geometries(whole: Path, stored: bytes) -> None:
    silently(whole, ("UPDATE place SET geom = ? WHERE fid = 1", (stored,)))
    seen = {rule for rule, _, where in found(whole) if where == "place"}
    assert "geometry-header" in seen
    assert seen <= {"geometry-header", "rtree-rows"}


def test_an_envelope_that_lies(whole: Path) -> None:
    wkb = shapely.to_wkb(LineString([(118, 36), (119, 37)]))
    stored = struct.pack("<2sBBi4d", b"GP", 0, 3, 4490, 118, 118.5, 36, 37) + wkb
    silently(whole, ("UPDATE boundary_line SET geom = ?", (stored,)))
    assert found(whole) == [("geometry-envelope", "error", "boundary_line")]


@pytest.mark.parametrize(
    ("statements", "flaw"),
    [
        (["DROP TRIGGER dijie_place_update"], ("trigger-missing", "error", "dijie_place_update")),
        (["DROP TRIGGER rtree_stake_geom_delete"], ("trigger-missing", "error", "rtree_stake_geom_delete")),
        (
            ["DROP TRIGGER dijie_place_delete",
             "CREATE TRIGGER dijie_place_delete AFTER DELETE ON place BEGIN SELECT 1; END"],
            ("trigger-changed", "error", "dijie_place_delete"),
        ),
        (
            ["CREATE TRIGGER shadow AFTER DELETE ON place BEGIN SELECT 1; END"],
            ("trigger-unknown", "warning", "shadow"),
        ),
        (["DROP TABLE rtree_place_geom"], ("rtree-missing", "error", "place")),
    ],
)  # fmt: skip
def test_triggers_and_indexes_that_are_missing(whole: Path, statements: list[str], flaw: tuple[str, str, str]) -> None:
    for statement in statements:
        loudly(whole, statement)
    assert found(whole) == [flaw]


def test_a_uuid_that_two_rows_share(whole: Path) -> None:
    silently(whole, "UPDATE place SET uuid = (SELECT uuid FROM place WHERE fid = 1) WHERE fid = 2")
    assert ("uuid-shared", "error", "place") in found(whole)


def test_a_table_that_is_missing(whole: Path) -> None:
    loudly(whole, "DROP TABLE dataset")
    assert ("table-missing", "error", "dataset") in found(whole)


def test_errors_stand_before_warnings(whole: Path) -> None:
    silently(whole, "UPDATE place SET county_code = 'x', uuid = NULL")
    severities = [severity for _, severity, _ in found(whole)]
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}


@pytest.mark.xdist_group("postgis")
@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("DROP TRIGGER dijie_track ON place", ("trigger-missing", "error", "place.dijie_track")),
        ("ALTER TABLE place DISABLE TRIGGER dijie_turn", ("trigger-missing", "error", "place.dijie_turn")),
        ("CREATE OR REPLACE FUNCTION dijie_take_turn() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
         ("trigger-changed", "error", "dijie_take_turn")),
        ("DROP INDEX ix_place_geom", ("index-missing", "error", "place")),
        ("ALTER TABLE tripoint ALTER geom TYPE geometry(Point, 4326) USING ST_SetSRID(geom, 4326)",
         ("geometry-column", "error", "tripoint")),
        ("UPDATE place SET geom = NULL WHERE fid = 1", ("geometry-missing", "warning", "place")),
        ("UPDATE place SET geom = ST_SetSRID(ST_MakePoint(400, 20), 4490) WHERE fid = 1",
         ("geometry-range", "error", "place")),
        ("UPDATE place SET geom = 'SRID=4490;POINT EMPTY' WHERE fid = 1", ("geometry-empty", "error", "place")),
        ("UPDATE stake SET line_uuid = '7'", ("reference", "error", "stake.line_uuid")),
        ("SET LOCAL dijie.loading = 'on'; UPDATE place SET version = 9 WHERE fid = 1",
         ("log-version", "error", "change_log")),
        ("SET LOCAL dijie.loading = 'on'; UPDATE place SET changed = NULL", ("row-unstamped", "error", "place")),
        ("DELETE FROM change_log WHERE seq = 1", ("log-version", "error", "change_log")),
        ("INSERT INTO change_log (seq, layer, uuid, op, version, at) VALUES (99, 'place', 'x', 'delete', 1, now())",
         ("log-last", "error", "change_log")),
        ("ALTER TABLE place DROP COLUMN meaning", ("column-missing", "error", "place.meaning")),
        ("DROP TABLE dataset", ("table-missing", "error", "dataset")),
    ],
)  # fmt: skip
def test_one_flaw_on_a_server(server_url: str, statement: str, flaw: tuple[str, str, str]) -> None:
    with create_register(server_url) as register:
        fill(register)
    assert check_register(server_url) == []
    with psycopg.connect(server_url) as connection:
        connection.execute(statement)
    assert [(one.rule, one.severity, one.where) for one in check_register(server_url)] == [flaw]
