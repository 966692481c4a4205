"""A small drawing of how a place has moved: paths for a picture of fixed size, before and after in one frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.measure import metres_per_degree
from layers.history.states import Moved

WIDTH: Final = 240
HEIGHT: Final = 140
_MARGIN: Final = 30
_LEAST_M: Final = 20.0
"""A frame shows at least so much ground: a shift of a centimetre must not look like a journey."""
_FINE: Final = 0.3
"""Vertices nearer than this many pixels to the line between others are left out."""


@dataclass(frozen=True)
class Sketch:
    """Path data (SVG) of what was and what is, empty where there was or is nothing; points are small circles.

    ``metres`` is the length of a scale bar of ``bar`` pixels.
    """

    before: str
    after: str
    is_area: bool
    is_point: bool
    bar: float
    metres: float


def sketch(moved: Moved) -> Sketch:
    """The drawing of a change of place: where a large shape has changed a little, the part that has."""
    shapes = [shape for shape in (moved.before, moved.after) if shape is not None]
    both = shapely.GeometryCollection(shapes)
    east, north = (float(size) for size in metres_per_degree((both.bounds[1] + both.bounds[3]) / 2))
    scale = np.array([east, -north])
    plane = [shapely.transform(shape, lambda xy: xy * scale) for shape in shapes]
    west, top, right, bottom = _frame(plane)
    factor = min((WIDTH - 2 * _MARGIN) / (right - west), (HEIGHT - 2 * _MARGIN) / (bottom - top))
    offset = np.array([WIDTH / 2 - (west + right) / 2 * factor, HEIGHT / 2 - (top + bottom) / 2 * factor])
    drawn = [shapely.transform(shape, lambda xy: xy * factor + offset) for shape in plane]
    paths = [_path(shape) for shape in drawn]
    metres = _round_length(WIDTH / 3 / factor)
    return Sketch(
        before=paths[0] if moved.before is not None else "",
        after=paths[-1] if moved.after is not None else "",
        is_area=shapes[0].geom_type.endswith("Polygon"),
        is_point=shapes[0].geom_type == "Point",
        bar=round(metres * factor, 1),
        metres=metres,
    )


def _frame(shapes: list[BaseGeometry]) -> tuple[float, float, float, float]:
    around: BaseGeometry = shapely.GeometryCollection(shapes)
    if len(shapes) == 2 and shapes[0].geom_type != "Point":
        one, other = (shape.boundary if shape.geom_type.endswith("Polygon") else shape for shape in shapes)
        changed = shapely.symmetric_difference(one, other)
        around = around if changed.is_empty else changed
    west, top, right, bottom = around.bounds
    widest = max(right - west, bottom - top, _LEAST_M)
    middle = ((west + right) / 2, (top + bottom) / 2)
    wide, high = max(right - west, widest / 3), max(bottom - top, widest / 3)
    return middle[0] - wide / 2, middle[1] - high / 2, middle[0] + wide / 2, middle[1] + high / 2


def _path(shape: BaseGeometry) -> str:
    if shape.geom_type == "Point":
        x, y = shapely.get_coordinates(shape)[0]
        return f"M{x - 5:.1f} {y:.1f}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0"
    frame = shapely.box(-WIDTH, -HEIGHT, 2 * WIDTH, 2 * HEIGHT)
    parts = shapely.get_parts(shape)
    rings = shapely.get_rings(parts) if shape.geom_type.endswith("Polygon") else parts
    near = shapely.simplify(rings[shapely.intersects(rings, frame)], _FINE)
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in np.clip(shapely.get_coordinates(ring), -2000, 2000).tolist())
        for ring in near
    )


def _round_length(metres: float) -> float:
    """The next lower length of 1, 2 or 5 with zeros."""
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres))
