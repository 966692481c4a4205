# ruff: noqa: S608 - table and column names are our own, every value is bound
"""Triggers of the GeoPackage that stamp uuid, version and changed on a row and keep the change log.

They use SQLite's built-in functions alone, so that they run in anybody's connection: GDAL's, QGIS's, fiona's. Who, why
and batch come from `change_context`, which our own transaction fills at its beginning and empties before its end;
nobody else ever sees it filled. The same table marks that a trigger is stamping: its own UPDATE must not be taken for
another change, with ``recursive_triggers`` off or on (GDAL turns it on).

They are built from the columns that a table has, so that a migration can drop them, change the table and build them
anew.
"""

from __future__ import annotations

import sqlite3

CONTEXT_TABLE = "change_context"
CREATE_CONTEXT = f"CREATE TABLE {CONTEXT_TABLE} (key TEXT NOT NULL PRIMARY KEY, value TEXT)"

_NOW = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"
_NEW_UUID = (
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || "
    "substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
)
# A copied feature (QGIS: copy and paste, split) brings the uuid of its original: it is a feature of its own.
_GIVEN_OR_NEW = (
    'CASE WHEN length(NEW.uuid) = 36 AND NOT EXISTS (SELECT 1 FROM "{t}" WHERE uuid = NEW.uuid AND fid <> NEW.fid) '
    f"THEN NEW.uuid ELSE {_NEW_UUID} END"
)

_BEGIN_STAMP = f"INSERT INTO {CONTEXT_TABLE} VALUES ('stamping', NULL);"
_END_STAMP = f"DELETE FROM {CONTEXT_TABLE} WHERE key = 'stamping';"
_NOT_STAMPING = f"NOT EXISTS (SELECT 1 FROM {CONTEXT_TABLE} WHERE key = 'stamping')"

_INSERT = f"""CREATE TRIGGER "dijie_{{t}}_insert" AFTER INSERT ON "{{t}}" BEGIN
  {_BEGIN_STAMP}
  UPDATE "{{t}}" SET uuid = {_GIVEN_OR_NEW}, version = 1, changed = {_NOW} WHERE fid = NEW.fid;
  {_END_STAMP}
  {{log}} SELECT '{{t}}', uuid, 'insert', 1, NULL, {_NOW}, {{context}} FROM "{{t}}" WHERE fid = NEW.fid;
END"""
_UPDATE = f"""CREATE TRIGGER "dijie_{{t}}_update" AFTER UPDATE ON "{{t}}" WHEN {_NOT_STAMPING} BEGIN
  {_BEGIN_STAMP}
  UPDATE "{{t}}" SET uuid = coalesce(OLD.uuid, {_GIVEN_OR_NEW}), version = coalesce(OLD.version, 0) + 1,
    changed = {_NOW} WHERE fid = NEW.fid;
  {_END_STAMP}
  {{log}} SELECT '{{t}}', uuid, 'update', version, {{before}}, {_NOW}, {{context}} FROM "{{t}}" WHERE fid = NEW.fid;
END"""
_DELETE = f"""CREATE TRIGGER "dijie_{{t}}_delete" AFTER DELETE ON "{{t}}" BEGIN
  {{log}} SELECT '{{t}}', OLD.uuid, 'delete', OLD.version, {{before}}, {_NOW}, {{context}};
END"""

# The well-known binary behind the header and its envelope (bits 1 to 3 of the flags; bit 0 byte order, bit 4 empty).
_WKB_HEX = (
    "hex(substr(OLD.\"{c}\", CASE WHEN hex(substr(OLD.\"{c}\", 4, 1)) IN ('00', '01', '10', '11') THEN 9 "
    "WHEN hex(substr(OLD.\"{c}\", 4, 1)) IN ('02', '03', '12', '13') THEN 41 "
    "WHEN hex(substr(OLD.\"{c}\", 4, 1)) IN ('08', '09', '18', '19') THEN 73 ELSE 57 END))"
)
_GEOMETRY_TYPES = ("POINT", "LINESTRING", "POLYGON", "GEOMETRY")
_JSON_COLUMNS = frozenset({"reference_features", "attributes", "sources"})


def columns_of(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """Names and declared types of the columns that a table has now."""
    return dict(connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall())


def before(columns: dict[str, str]) -> str:
    """SQL for the row called OLD as the log keeps it: one JSON object of all its columns."""
    members = []
    for name, declared in columns.items():
        value = f'OLD."{name}"'
        if declared.upper().endswith(_GEOMETRY_TYPES):
            value = f'CASE WHEN OLD."{name}" IS NULL THEN NULL ELSE {_WKB_HEX.format(c=name)} END'
        elif declared.upper() == "BOOLEAN":
            value = f"json(CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)"
        elif name in _JSON_COLUMNS:
            value = f"CASE WHEN json_valid({value}) THEN json({value}) ELSE {value} END"
        members.append(f"'{name}', {value}")
    return f"json_object({', '.join(members)})"


def change_triggers(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """The triggers that a table should have, by its present columns: name to CREATE statement."""
    parts = {"t": table, "before": before(columns_of(connection, table))}
    # A register of the first revision, looked at before it is upgraded, knows no batches.
    keys = [key for key in ("who", "why", "batch") if key != "batch" or key in columns_of(connection, "change_log")]
    parts["log"] = f"INSERT INTO change_log (layer, uuid, op, version, before, at, {', '.join(keys)})"
    parts["context"] = ", ".join(f"(SELECT value FROM {CONTEXT_TABLE} WHERE key = '{key}')" for key in keys)
    texts = {"insert": _INSERT, "update": _UPDATE, "delete": _DELETE}
    return {f"dijie_{table}_{event}": text.format(**parts) for event, text in texts.items()}


def drop_triggers(connection: sqlite3.Connection, table: str) -> list[str]:
    """Drop every trigger of a table; give back their CREATE statements."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).fetchall()
    for name, _ in rows:
        connection.execute(f'DROP TRIGGER "{name}"')
    return [statement for _, statement in rows]


def rebuild_change_triggers(connection: sqlite3.Connection, table: str) -> None:
    """Drop our own triggers of a table, if it has them, and build them by its present columns."""
    for name, statement in change_triggers(connection, table).items():
        connection.execute(f'DROP TRIGGER IF EXISTS "{name}"')
        connection.execute(statement)
