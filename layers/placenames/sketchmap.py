"""A small map of the city as paths of an SVG: its counties, and places on it. It needs no script and can be printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import to_mercator
from layers import days
from layers.access import PUBLIC
from layers.index import Columns, Index

WIDTH: Final = 360
_MARGIN: Final = 8.0
_FINE: Final = 0.35
"""Of a pixel: corners nearer to a straight line than this are left out."""


@dataclass(frozen=True)
class County:
    """One county's outline as an SVG path."""

    code: str
    name: str
    path: str


@dataclass(frozen=True)
class Sketch:
    """The city's counties, and how degrees become pixels."""

    width: int
    height: int
    counties: tuple[County, ...]
    scale: float
    west: float
    north: float

    def at(self, lon: float, lat: float) -> tuple[float, float] | None:
        """Where a place lies on it; None outside, or without coordinates."""
        if not (np.isfinite(lon) and np.isfinite(lat)):
            return None
        x, y = to_mercator(np.array([lon]), np.array([lat]))
        px = (float(x[0]) - self.west) * self.scale + _MARGIN
        py = (float(y[0]) - self.north) * self.scale + _MARGIN
        return (round(px, 1), round(py, 1)) if 0 <= px <= self.width and 0 <= py <= self.height else None


EMPTY: Final = Sketch(WIDTH, WIDTH, (), 0.0, 0.0, 0.0)


def sketch(index: Index) -> Sketch:
    """The map of the city as it stands today; without counties where the register has no areas of them."""
    columns = index.layer("division-areas")
    key = ("sketch", days.today())
    found = columns.cache.get(key)
    if found is None:
        found = columns.remember(key, _drawn(columns))
    assert isinstance(found, Sketch)
    return found


def _drawn(columns: Columns) -> Sketch:
    seen = columns.seen(reader=PUBLIC, asof=days.today())
    inside = columns["inside"].isin([True]) & columns["level"].isin(["county"])
    rows = np.flatnonzero(seen & inside)
    assert columns.shapes is not None
    shapes = columns.shapes[rows]
    sound = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    rows, shapes = rows[sound], shapes[sound]
    if not rows.size:
        return EMPTY
    west, north, east, south = shapely.total_bounds(shapes)
    scale = (WIDTH - 2 * _MARGIN) / max(east - west, 1e-12)
    height = int(np.ceil((south - north) * scale + 2 * _MARGIN))
    # as a coverage: neighbours keep one border between them
    simple = shapely.coverage_simplify(shapes, _FINE / scale)
    names = zip(columns["code"].values(rows), columns["name"].values(rows), simple, strict=True)
    counties = [
        County(str(code or ""), str(name or ""), _path(shape, scale, float(west), float(north)))
        for code, name, shape in names
    ]
    return Sketch(WIDTH, height, tuple(counties), scale, float(west), float(north))


def _path(shape: Any, scale: float, west: float, north: float) -> str:
    rings: Iterable[Any] = (ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part))
    return "".join(_ring(shapely.get_coordinates(ring), scale, west, north) for ring in rings)


def _ring(points: NDArray[np.float64], scale: float, west: float, north: float) -> str:
    pixels = np.round((points - (west, north)) * scale + _MARGIN, 1)
    pairs = " ".join(f"{x:g},{y:g}" for x, y in pixels.tolist())
    return f"M{pairs}Z"
