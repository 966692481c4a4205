"""What revisions build with: tables of either home by a short description."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import Column, Identity, Index, Integer, MetaData, Table, Text

from layers.register import geopackage
from layers.register.engine import raw_file
from layers.register.tables import GEOMETRY_COLUMN
from layers.register.types import Date, Flag, Geometry, Json, Real, UtcTime, Uuid

KINDS: dict[str, type[Any]] = {
    "text": Text, "int": Integer, "real": Real, "flag": Flag, "date": Date, "time": UtcTime, "uuid": Uuid, "json": Json,
}  # fmt: skip


def column(kind: str, name: str) -> Column[Any]:
    """A column of a kind: text, int, real, flag, date, time, uuid or json."""
    return Column(name, KINDS[kind])


def make_tracked_table(name: str, title: str, geometry: str | None, described: str) -> None:
    """Make a table with fid, geom if it has a geometry, uuid, version, changed and the columns that are described.

    Parameters
    ----------
    described
        ``kind name name; kind name``. Columns of kind uuid get an index.
    """
    body = [column(kind, one) for kind, names in _groups(described) for one in names]
    place: list[Column[Any]] = [Column(GEOMETRY_COLUMN, Geometry(geometry))] if geometry else []
    tracking = [column("uuid", "uuid"), column("int", "version"), column("time", "changed")]
    indexes = [Index(f"ix_{name}_uuid", "uuid")]
    indexes += [Index(f"ix_{name}_{one.name}", one.name) for one in body if isinstance(one.type, Uuid)]
    key = Column("fid", Integer, Identity(always=False), primary_key=True)
    _make(Table(name, MetaData(), key, *place, *tracking, *body, *indexes, sqlite_autoincrement=True), title, geometry)


def make_log(name: str, title: str, described: str) -> None:
    """Make the change log: numbered rows, found by uuid."""
    body = [column(kind, one) for kind, names in _groups(described) for one in names]
    key = Column("seq", Integer, Identity(always=False), primary_key=True)
    _make(Table(name, MetaData(), key, *body, Index(f"ix_{name}_uuid", "uuid"), sqlite_autoincrement=True), title, None)


def _groups(described: str) -> list[tuple[str, list[str]]]:
    parts = [part.split() for part in described.split(";")]
    return [(part[0], part[1:]) for part in parts if part]


def _make(table: Table, title: str, geometry: str | None) -> None:
    connection = op.get_bind()
    table.create(connection)
    if connection.dialect.name == "sqlite":
        place = {GEOMETRY_COLUMN: geometry} if geometry else None
        geopackage.enter(raw_file(connection), table.name, title=title, geometry=place)
