"""One row at a time: insert, update, delete, with what must hold between rows checked first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Table, delete, func, insert, select, update

from layers.register import geopackage
from layers.register.engine import raw_file
from layers.register.errors import (
    DanglingReference,
    DuplicateUuid,
    NoSuchRow,
    StillReferenced,
    UnknownColumn,
    VersionConflict,
    WrongValue,
)
from layers.register.tables import GEOMETRY_COLUMN, TABLES, TRACKING, references
from layers.register.values import one_value

Values = Mapping[str, Any]


def insert_row(connection: Connection, table: Table, values: Values) -> None:
    """See `Register.insert`; the uuid is among the values."""
    row = _checked(connection, table, values, settable=("uuid",))
    if len(row["uuid"]) != 36:
        raise WrongValue(
            "%(value)s is not a value for %(table)s.%(column)s.", hint="The column takes %(kind)s.",
            value=row["uuid"], table=table.name, column="uuid", kind="uuid",
        )  # fmt: skip
    if _exists(connection, table, "uuid", row["uuid"]):
        raise DuplicateUuid(
            "%(table)s would hold the uuid %(uuid)s twice.",
            hint="Load each feature once, or leave its uuid out.",
            table=table.name,
            uuid=row["uuid"],
        )
    connection.execute(insert(table), row)
    _note(connection, table, row.get(GEOMETRY_COLUMN))


def update_row(connection: Connection, table: Table, uuid: str, values: Values, version: int | None) -> int:
    """See `Register.update`."""
    row = _checked(connection, table, values, settable=())
    present = _require(connection, table, uuid, version)
    if not row:
        return present
    connection.execute(update(table).where(table.columns.uuid == uuid), row)
    _note(connection, table, row.get(GEOMETRY_COLUMN))
    return int(connection.execute(select(table.columns.version).where(table.columns.uuid == uuid)).scalar_one())


def delete_row(connection: Connection, table: Table, uuid: str, version: int | None) -> None:
    """See `Register.delete`."""
    _require(connection, table, uuid, version)
    for name, other in TABLES.items():
        for column, target, key in references(other):
            if target != table.name or key != "uuid":
                continue
            count = connection.execute(
                select(func.count()).select_from(other).where(other.columns[column] == uuid)
            ).scalar_one()
            if count:
                raise StillReferenced(
                    "%(count)s rows of %(other)s still belong to %(uuid)s in %(table)s.",
                    hint="Delete them first, or close the row by its dates instead of deleting it.",
                    count=count,
                    other=name,
                    uuid=uuid,
                    table=table.name,
                )
    connection.execute(delete(table).where(table.columns.uuid == uuid))
    _note(connection, table, None)


def _checked(connection: Connection, table: Table, values: Values, *, settable: tuple[str, ...]) -> dict[str, Any]:
    own = [name for name in TRACKING if name not in settable]
    unknown = [name for name in values if name not in table.columns or name in own or not table.info["tracked"]]
    if unknown:
        raise UnknownColumn(
            "%(table)s has no column %(column)s.", hint="It has %(columns)s.",
            table=table.name, column=", ".join(unknown),
            columns=", ".join(column.name for column in table.columns if column.name not in own),
        )  # fmt: skip
    row = {name: one_value(value, table.columns[name]) for name, value in values.items()}
    for column, target, key in references(table):
        value = row.get(column)
        if key == "uuid" and value is not None and not _exists(connection, TABLES[target], key, value):
            raise DanglingReference(
                "%(table)s.%(column)s points to %(value)s, which %(target)s does not hold.",
                table=table.name,
                column=column,
                value=value,
                target=target,
            )
    return row


def _exists(connection: Connection, table: Table, column: str, value: str) -> bool:
    found = connection.execute(select(table.columns[column]).where(table.columns[column] == value).limit(1))
    return found.first() is not None


def _require(connection: Connection, table: Table, uuid: str, version: int | None) -> int:
    # No other writer can come in between: a writing transaction holds the register from its beginning.
    found = connection.execute(select(table.columns.version).where(table.columns.uuid == uuid)).first()
    if found is None:
        raise NoSuchRow("%(table)s holds no row %(uuid)s.", table=table.name, uuid=uuid)
    present = int(found[0] or 0)
    if version is not None and version != present:
        raise VersionConflict(
            "%(uuid)s in %(table)s has changed meanwhile: it is at version %(present)s, not %(version)s.",
            hint="Read it again and repeat the change.",
            uuid=uuid,
            table=table.name,
            present=present,
            version=version,
        )
    return present


def _note(connection: Connection, table: Table, geometry: BaseGeometry | None) -> None:
    if connection.dialect.name == "sqlite":
        geopackage.touched(raw_file(connection), table.name, geometry.bounds if geometry is not None else None)
