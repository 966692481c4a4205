"""Column types: GeoPackage's own on the file, the database's own on PostGIS, the same Python values from both.

Dates and times are text in Python too (``YYYY-MM-DD``, ``2026-01-02T03:04:05.678Z``): nothing above counts with them
row by row, and text goes to pages, tiles and files as it is.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, DateTime, Dialect, Double, Integer, String, Text
from sqlalchemy import types as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

if TYPE_CHECKING:  # the office has these types too, and no geometry: numpy and shapely come with the first one
    import shapely

    from layers.register import blob

__all__ = ["Date", "Flag", "Geometry", "Integer", "Json", "Real", "Text", "UtcTime", "Uuid"]


def _on_gpkg(dialect: Dialect) -> bool:
    return dialect.name == "sqlite"


class _Named(UserDefinedType[Any]):
    """A GeoPackage type by its name; SQLite keeps the value as it is given."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: object) -> str:
        return self.name


class Uuid(TypeDecorator[str]):
    """A uuid as text of 36 characters: GDAL drops SQLAlchemy's own Uuid columns."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_Named("TEXT(36)") if _on_gpkg(dialect) else String(36))


class Json(TypeDecorator[Any]):
    """Any JSON value; text on the file."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if _on_gpkg(dialect) else JSONB(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or not _on_gpkg(dialect):
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return json.loads(value) if isinstance(value, str) and _on_gpkg(dialect) else value


class Date(TypeDecorator[str]):
    """A day as text ``YYYY-MM-DD``; takes dates too."""

    impl = sql.Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_Named("DATE") if _on_gpkg(dialect) else sql.Date())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if isinstance(value, str):
            value = dt.date.fromisoformat(value)
        if isinstance(value, dt.datetime):
            value = value.date()
        return value.isoformat() if value is not None and _on_gpkg(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - as the base has it
        return value.isoformat() if isinstance(value, dt.date) else value


class UtcTime(TypeDecorator[str]):
    """A moment as UTC text to the millisecond, ending in Z; takes aware datetimes too."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_Named("DATETIME") if _on_gpkg(dialect) else DateTime(timezone=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if isinstance(value, str):
            value = dt.datetime.fromisoformat(value)
        return utc_text(value) if value is not None and _on_gpkg(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - as the base has it
        return utc_text(value) if isinstance(value, dt.datetime) else value


def utc_text(moment: dt.datetime) -> str:
    """The moment as ``2026-01-02T03:04:05.678Z``; without a zone it is taken as UTC."""
    zone = dt.UTC
    moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Flag(TypeDecorator[bool]):
    """True, false or unknown."""

    impl = Boolean
    cache_ok = True


class Real(TypeDecorator[float]):
    """A number of 8 bytes, called REAL on the file."""

    impl = Double
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_Named("REAL") if _on_gpkg(dialect) else Double())


class Geometry(TypeDecorator["shapely.Geometry"]):
    """A shapely geometry in EPSG:4490: a GeoPackage blob on the file, a PostGIS geometry on PostgreSQL.

    Parameters
    ----------
    kind
        ``POINT``, ``LINESTRING``, ``MULTILINESTRING`` or ``MULTIPOLYGON``.
    """

    impl = sql.LargeBinary
    cache_ok = True

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        from layers.register import blob

        return dialect.type_descriptor(
            _Named(self.kind if _on_gpkg(dialect) else f"geometry({self.kind},{blob.SRS_ID})")
        )

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        import numpy as np

        from layers.register import blob

        if _on_gpkg(dialect):
            return blob.encode(value)
        return ewkb_hex(np.array([value], dtype=object))[0]

    def process_result_value(self, value: Any, dialect: Dialect) -> shapely.Geometry | None:
        if value is None:
            return None
        import shapely

        from layers.register import blob

        return blob.decode(value) if _on_gpkg(dialect) else shapely.from_wkb(value)


def ewkb_hex(geometries: blob.Geometries) -> list[str | None]:
    """What PostGIS takes as a geometry's text; None stays None."""
    import shapely

    from layers.register import blob

    with_srs = shapely.set_srid(geometries, blob.SRS_ID)
    return list(shapely.to_wkb(with_srs, hex=True, include_srid=True))
