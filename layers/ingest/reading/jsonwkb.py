"""GeoJSON geometries to WKB, without GEOS."""

from __future__ import annotations

import struct
from typing import Any, Final

import numpy as np

_DEPTH: Final = 8
_POINT: Final = struct.Struct("<BIdd")
_HEAD: Final = struct.Struct("<BII")
_FLAT, _HIGH = 0, 1000
"""What ISO WKB adds to a type for coordinates with a height."""


class NotGeometry(ValueError):  # noqa: N818 - it says what the member is
    """A member ``geometry`` that is none."""


def to_wkb(geometry: Any, depth: int = 0) -> bytes | None:
    """A geometry as little-endian ISO WKB; None for null and for one without coordinates.

    Positions have two numbers, or three where all have; further ones are left out, as RFC 7946 has it.

    Raises
    ------
    NotGeometry
    """
    if geometry is None:
        return None
    if not isinstance(geometry, dict) or depth > _DEPTH:
        raise NotGeometry
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list):
            raise NotGeometry
        members = [part for one in parts if (part := to_wkb(one, depth + 1)) is not None]
        return _HEAD.pack(1, 7, len(members)) + b"".join(members)
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        raise NotGeometry
    if not coordinates:
        return None
    try:
        return _coordinates(kind, coordinates)
    except (TypeError, ValueError, LookupError, struct.error, OverflowError, AttributeError) as error:
        raise NotGeometry from error


def _coordinates(kind: Any, coordinates: list[Any]) -> bytes:
    if kind == "Point":
        if len(coordinates) == 2:
            return _POINT.pack(1, 1, *_numbers(coordinates))
        return _point(_positions([coordinates])[0])
    if kind == "LineString":
        return _line(_positions(coordinates))
    if kind == "MultiPoint":
        points = [_point(one) for one in _positions(coordinates)]
        return _HEAD.pack(1, 4 + _extra(points[0]), len(points)) + b"".join(points)
    if kind == "Polygon":
        return _polygon(coordinates)
    if kind == "MultiLineString":
        lines = [_line(_positions(one)) for one in coordinates if one]
        return _HEAD.pack(1, 5 + _extra(lines[0]), len(lines)) + b"".join(lines)
    if kind == "MultiPolygon":
        polygons = [_polygon(one) for one in coordinates if one]
        return _HEAD.pack(1, 6 + _extra(polygons[0]), len(polygons)) + b"".join(polygons)
    raise NotGeometry


def _numbers(position: list[Any]) -> list[float]:
    if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in position):
        raise NotGeometry
    return position


def _positions(coordinates: list[Any]) -> Any:
    """Positions as an array of two columns, or of three where each has a height."""
    width = 3 if min(map(len, coordinates)) >= 3 else 2
    array = np.array([_numbers(one[:width]) for one in coordinates], dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != width:
        raise NotGeometry
    return array


def _point(position: Any) -> bytes:
    body: bytes = position.tobytes()
    return struct.pack("<BI", 1, 1 + _kind(position)) + body


def _line(positions: Any) -> bytes:
    body: bytes = positions.tobytes()
    return _HEAD.pack(1, 2 + _kind(positions), len(positions)) + body


def _polygon(rings: list[Any]) -> bytes:
    arrays = [_positions(one) for one in rings if one]
    if len({array.shape[1] for array in arrays}) > 1:
        arrays = [array[:, :2] for array in arrays]
    body = b"".join(struct.pack("<I", len(one)) + np.ascontiguousarray(one).tobytes() for one in arrays)
    return _HEAD.pack(1, 3 + _kind(arrays[0]), len(arrays)) + body


def _kind(positions: Any) -> int:
    return _HIGH if positions.shape[-1] == 3 else _FLAT


def _extra(part: bytes) -> int:
    """What a multiple geometry's type takes over from its first part."""
    return _HIGH if int(struct.unpack_from("<I", part, 1)[0]) > _HIGH else _FLAT
