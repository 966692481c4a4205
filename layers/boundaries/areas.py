"""A line against the two polygons that it parts: how far it lies from their common border, what would change sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis.linear import locate
from gis.measure import area_m2, distance_m, metres_per_degree

SMALLEST_M2: Final = 1.0
"""Slivers smaller than this come from rounding."""


@dataclass(frozen=True)
class Moved:
    """Ground that lies in the polygon ``held_by`` and on the other side of the line; ``at`` is a point inside."""

    held_by: str
    area_m2: float
    at: Point


@dataclass(frozen=True)
class Disagreement:
    """What a line and the border of two polygons do not have in common.

    Parameters
    ----------
    farthest_m
        How far the line goes from the border at most, at its vertices; NaN where the polygons have no border.
    moved
        Pieces of ground between line and border, the largest first.
    """

    farthest_m: float
    moved: tuple[Moved, ...]

    @property
    def area_m2(self) -> float:
        """All ground between line and border."""
        return sum(piece.area_m2 for piece in self.moved)

    def lost_by(self, code: str) -> float:
        """Square metres that a polygon holds on the other side of the line."""
        return sum(piece.area_m2 for piece in self.moved if piece.held_by == code)


def disagreement(line: LineString, polygons: Mapping[str, BaseGeometry], *, left: str, right: str) -> Disagreement:
    """Compare a line with the border of the two polygons on its sides.

    Parameters
    ----------
    line
        Longitude and latitude in degrees.
    polygons
        Areas of divisions by code; those of ``left`` and ``right`` must be there, others say whose ground lies between
        line and border where it is a third one's.

    Returns
    -------
    Disagreement
        Without ground where both agree to the square metre.

    Notes
    -----
    The border is what the outlines of both polygons share, edge by edge: neighbours of a coverage. Where the pair
    meets in several places, the pieces at which the line runs count. Line and border are tied together at the line's
    ends, and the faces between them are the ground that would change sides.
    """
    border = _border(polygons[left], polygons[right], line)
    if not border:
        return Disagreement(float("nan"), ())
    apart = _farthest(line, border)
    ties = [_tie(Point(end), border) for end in (line.coords[0], line.coords[-1])] if not line.is_closed else []
    noded = shapely.union_all([line, *border, *(tie for tie in ties if tie is not None)])
    faces = [face for face in shapely.polygonize([noded]).geoms if isinstance(face, Polygon)]
    moved = []
    for face in faces:
        size = float(area_m2(face))
        # a face that the border alone encloses is nobody's loss
        if size >= SMALLEST_M2 and shapely.intersection(face.exterior, line).length > 0:
            inside = face.representative_point()
            moved.append(Moved(_holder(inside, polygons, (left, right)), size, inside))
    moved.sort(key=lambda piece: -piece.area_m2)
    return Disagreement(apart, tuple(moved))


def _border(one: BaseGeometry, other: BaseGeometry, line: LineString) -> list[LineString]:
    """Pieces of the border of two polygons that belong to a line: those to which it is the nearest way."""
    shared = shapely.intersection(one.boundary, other.boundary)
    parts = [part for part in shapely.get_parts(shared) if isinstance(part, LineString) and part.length > 0]
    if not parts:
        return []
    merged = shapely.line_merge(shapely.multilinestrings(parts))
    pieces = [part for part in shapely.get_parts(merged) if isinstance(part, LineString)]
    if len(pieces) == 1:
        return pieces
    ends = shapely.points([line.coords[0], line.coords[-1], line.coords[len(line.coords) // 2]])
    tree = shapely.STRtree(pieces)
    near = set(tree.nearest(ends).tolist()) | set(tree.query(line, predicate="intersects").tolist())
    return [pieces[number] for number in sorted(near)]


def _farthest(line: LineString, border: Iterable[LineString]) -> float:
    points = shapely.points(shapely.get_coordinates(line))
    offsets = np.min([np.abs(locate(piece, points).offset_m) for piece in border], axis=0)
    return float(offsets.max())


def _tie(end: Point, border: list[LineString]) -> LineString | None:
    """From the line's end to the border's nearest end, or its nearest point where that is much nearer."""
    ends = [Point(piece.coords[place]) for piece in border for place in (0, -1)]
    metres = [float(distance_m(end.x, end.y, one.x, one.y)) for one in ends]
    nearest = int(np.argmin(metres))
    if metres[nearest] == 0.0:
        return None
    east, north = (float(size) for size in metres_per_degree(end.y))
    feet = [piece.interpolate(piece.project(end)) for piece in border]
    away = [float(np.hypot((foot.x - end.x) * east, (foot.y - end.y) * north)) for foot in feet]
    foot = feet[int(np.argmin(away))]
    target = foot if min(away) * 4 < metres[nearest] else ends[nearest]
    return LineString([end, target]) if not end.equals(target) else None


def _holder(inside: Point, polygons: Mapping[str, Any], sides: tuple[str, str]) -> str:
    for code in (*sides, *polygons):
        if shapely.contains(polygons[code], inside):
            return code
    return ""
