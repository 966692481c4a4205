# ruff: noqa: S608 - table and column names are our own, every value is bound
"""Rows of both homes: tables and columns that should be there, identity, and what points where."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from gis.findings import Finding
from layers.register import postgis
from layers.register.engine import raw_file
from layers.register.tables import TABLES, TRACKED, references
from layers.register.triggers import columns_of

_UPGRADE = "Bring it up to date with `dijie register upgrade`, or restore the register from its last backup."


def present_columns(connection: Connection) -> dict[str, set[str]]:
    """Tables of the program that the register has, and the columns that each has."""
    if connection.dialect.name == "sqlite":
        raw = raw_file(connection)
        found = {name: set(columns_of(raw, name)) for name in TABLES}
        return {name: columns for name, columns in found.items() if columns}
    return {name: columns for name, columns in postgis.tables(connection).items() if name in TABLES}


def structure(connection: Connection) -> Iterator[Finding]:
    """Tables and columns that are missing."""
    present = present_columns(connection)
    for name, table in TABLES.items():
        if name not in present:
            yield Finding("table-missing", "error", name, "The table %(table)s is missing.", {"table": name}, _UPGRADE)
            continue
        for column in set(table.columns.keys()) - present[name]:
            yield Finding(
                "column-missing",
                "error",
                f"{name}.{column}",
                "%(table)s has no column %(column)s.",
                {"table": name, "column": column},
                _UPGRADE,
            )


def identity(connection: Connection) -> Iterator[Finding]:
    """Rows without a uuid, version or time, and uuids that two rows share."""
    present = present_columns(connection)
    for name in (name for name in TRACKED if name in present):
        unstamped, first = connection.exec_driver_sql(
            f'SELECT count(*), min(fid) FROM "{name}" '
            "WHERE uuid IS NULL OR length(uuid) <> 36 OR version IS NULL OR changed IS NULL"
        ).one()
        if unstamped:
            yield Finding(
                "row-unstamped",
                "error",
                name,
                "%(count)s rows of %(table)s have no uuid, version or time, first fid %(fid)s.",
                {"count": unstamped, "table": name, "fid": first},
                "Save any value of those rows once more: the triggers fill in what is missing.",
            )
        shared = connection.exec_driver_sql(
            f'SELECT uuid, count(*) FROM "{name}" WHERE uuid IS NOT NULL '
            "GROUP BY uuid HAVING count(*) > 1 ORDER BY uuid"
        ).all()
        if shared:
            yield Finding(
                "uuid-shared",
                "error",
                name,
                "%(count)s uuids of %(table)s stand on more than one row; the first is %(uuid)s.",
                {"count": len(shared), "table": name, "uuid": shared[0][0]},
                "Delete the copies and insert them anew: they get uuids of their own.",
            )


def references_hold(connection: Connection) -> Iterator[Finding]:
    """Values that point to a row which does not exist: an error by uuid, a warning by code."""
    present = present_columns(connection)
    for name in (name for name in TABLES if name in present):
        for column, target, key in references(TABLES[name]):
            if column not in present[name] or key not in present.get(target, set()):
                continue
            count, first = connection.exec_driver_sql(
                f'SELECT count(*), min("{column}") FROM "{name}" WHERE "{column}" IS NOT NULL '
                f'AND "{column}" NOT IN (SELECT "{key}" FROM "{target}" WHERE "{key}" IS NOT NULL)'
            ).one()
            if count:
                yield Finding(
                    "reference",
                    "error" if key == "uuid" else "warning",
                    f"{name}.{column}",
                    "%(count)s rows of %(table)s point by %(column)s to %(target)s rows that do not exist; "
                    "the first value is %(value)s.",
                    {"count": count, "table": name, "column": column, "target": target, "value": first},
                    "Restore the row that they belong to, correct the value or delete them.",
                )
