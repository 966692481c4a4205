"""Linear reference: chainage along a boundary line in geodesic metres, points, pieces and stakes at chainages.

A line is a LineString in longitude and latitude, straight between its vertices as every GIS draws it. The chainage of
a point on it is the sum of the geodesic lengths of the segments before it, and the geodesic distance from the last
vertex. So the chainage of the end is `gis.measure.length_m` of the line.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, overload

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from gis.crs import STORAGE
from gis.errors import Invalid
from gis.linear.plane import PlaneLine
from gis.measure import FloatArray, NotGeographic, distance_m, metres_per_degree

#: A chainage may miss the line's ends by this much (rounding of stored values) and is set on the end.
END_TOLERANCE_M = 0.001
_CELLS = 400_000  # point × segment pairs worked on at a time: a few tens of megabytes
_BLOCK = 50_000  # points looked up in the tree at a time
_WIDEST_DEG = 6.0


class NotALine(Invalid):
    """A linear reference needs one LineString with a length."""

    code: ClassVar[str] = "not-a-line"


class OffTheLine(Invalid):
    """A chainage before the start or after the end."""

    code: ClassVar[str] = "off-the-line"


class Located(NamedTuple):
    """Where points lie along a line, aligned to the points; NaN for missing ones."""

    chainage_m: FloatArray
    offset_m: FloatArray
    """Distance from the line, positive on its left."""


def vertex_chainages(line: LineString) -> FloatArray:
    """Chainage of every vertex in metres, the first 0."""
    xy = _vertices(line)
    steps = distance_m(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
    return np.concatenate([[0.0], np.cumsum(steps)])


def locate(line: LineString, points: Any) -> Located:
    """Chainage and offset of the place on the line that is nearest to each point.

    Parameters
    ----------
    line
        Longitude and latitude in degrees; where it comes back to itself the first of equally near places counts.
    points
        GeoSeries, array or list of points, or one. Missing and empty ones give NaN.

    Returns
    -------
    Located
        Arrays as long as `points`.

    Raises
    ------
    NotALine
        If the line is none, empty, not finite or without length.
    NotGeographic
        If a GeoSeries of points has plane coordinates.

    Notes
    -----
    Nearness is judged in the plane that touches the ellipsoid at each point: exact for offsets of up to some
    kilometres. Many points are looked up in a search tree (`gis.linear.plane`); few, or points spread over more than
    six degrees, are compared with every segment, in blocks.
    """
    xy = _vertices(line)
    chainages = vertex_chainages(line)
    given = _coordinates(points)
    chainage, offset = np.full(len(given), np.nan), np.full(len(given), np.nan)
    rows = np.flatnonzero(np.isfinite(given).all(axis=1))
    block = max(1, _CELLS // (len(xy) - 1))
    tree = _tree(line, xy, chainages, given[rows]) if len(rows) > block else None
    for first in range(0, len(rows), _BLOCK if tree else block):
        some = rows[first : first + (_BLOCK if tree else block)]
        segment = _found(tree, given[some]) if tree else _nearest(xy, given[some])
        share, offset[some] = _measured(xy, given[some], segment)
        foot = xy[segment] + share[:, None] * (xy[segment + 1] - xy[segment])
        chainage[some] = chainages[segment] + distance_m(xy[segment, 0], xy[segment, 1], foot[:, 0], foot[:, 1])
    return Located(chainage, offset)


@overload
def chainage(line: LineString, points: Point) -> float: ...
@overload
def chainage(line: LineString, points: Any) -> FloatArray: ...
def chainage(line: LineString, points: Any) -> float | FloatArray:
    """Chainage in metres of the place on the line that is nearest to each point; see `locate`."""
    along = locate(line, points).chainage_m
    return float(along[0]) if isinstance(points, BaseGeometry) else along


@overload
def point_at(line: LineString, chainage_m: float) -> Point: ...
@overload
def point_at(line: LineString, chainage_m: FloatArray | list[float]) -> NDArray[Any]: ...
def point_at(line: LineString, chainage_m: Any) -> Any:
    """Points of the line at chainages.

    Parameters
    ----------
    line
        Longitude and latitude in degrees.
    chainage_m
        Metres from the start, one or an array.

    Returns
    -------
    Point, or array of Point

    Raises
    ------
    NotALine
        As for `locate`.
    OffTheLine
        If a chainage is not finite or lies more than 1 mm beyond an end.
    """
    found: Any = shapely.points(_places(line, np.atleast_1d(np.asarray(chainage_m, dtype=np.float64)))[1])
    return found if np.ndim(chainage_m) else found[0]


def substring(line: LineString, start_m: float, end_m: float) -> LineString:
    """Piece of the line between two chainages, in the line's direction, with all vertices between.

    Raises
    ------
    NotALine
        If the line is none, or the piece has no length.
    OffTheLine
        If a chainage is off the line.
    """
    if not start_m < end_m:
        raise NotALine(
            "There is no piece of line from %(start)s to %(end)s m.",
            hint="The start comes before the end.",
            start=start_m,
            end=end_m,
        )
    return split(line, [start_m, end_m])[0 if start_m <= END_TOLERANCE_M else 1]


def split(line: LineString, chainages_m: ArrayLike) -> list[LineString]:
    """Cut the line at chainages.

    Parameters
    ----------
    line
        Longitude and latitude in degrees.
    chainages_m
        Metres from the start, in any order. Cuts at the ends (within 1 mm) and repeated cuts cut nothing off.

    Returns
    -------
    list of LineString
        Pieces in order, one more than the cuts that cut; each begins with the very point that ends the one before.

    Raises
    ------
    NotALine, OffTheLine
        As for `point_at`.
    """
    xy, along = _vertices(line), vertex_chainages(line)
    cuts = np.unique(np.asarray(chainages_m, dtype=np.float64))
    segment, at = _places(line, cuts)
    inner = (cuts > END_TOLERANCE_M) & (cuts < along[-1] - END_TOLERANCE_M)
    segment, at = segment[inner], at[inner]
    starts = [xy[:1], *(point[None] for point in at)]
    ends = [*(point[None] for point in at), xy[-1:]]
    begin = [1, *(segment + 1)]
    until = [*(segment + 1), len(xy) - 1]
    pieces = []
    for start, first, last, end in zip(starts, begin, until, ends, strict=True):
        points = np.concatenate([start, xy[first:last], end])
        new = np.concatenate([[True], (points[1:] != points[:-1]).any(axis=1)])
        pieces.append(LineString(points[new]))
    return pieces


def stations(line: LineString, spacing_m: float) -> gpd.GeoDataFrame:
    """Stakes spread evenly over the line, both ends among them.

    Parameters
    ----------
    line
        Longitude and latitude in degrees (EPSG:4490).
    spacing_m
        The distance along the line that two neighbours have at most.

    Returns
    -------
    GeoDataFrame
        `serial` (from 1), `chainage_m` and `geometry`, EPSG:4490; at least two rows.

    Raises
    ------
    NotALine
        If the line is none.
    Invalid
        If the spacing is not a positive number.
    """
    if not (np.isfinite(spacing_m) and spacing_m > 0):
        raise Invalid("A spacing of %(spacing)s m is not possible.", hint="Give a positive number.", spacing=spacing_m)
    whole = float(vertex_chainages(line)[-1])
    # a line of exactly n spacings gets n intervals whatever the last bit says
    count = max(1, int(np.ceil(whole / spacing_m - 1e-9)))
    along = np.linspace(0.0, whole, count + 1)
    return gpd.GeoDataFrame(
        {"serial": np.arange(1, count + 2), "chainage_m": along}, geometry=point_at(line, along), crs=STORAGE
    )


def _vertices(line: LineString) -> FloatArray:
    sound = isinstance(line, LineString) and not line.is_empty
    xy = shapely.get_coordinates(line) if sound else np.empty((0, 2))
    if not sound or not np.isfinite(xy).all() or (xy == xy[0]).all():
        raise NotALine(
            "A chainage needs one line with a length, and this is %(what)s.",
            hint="Join the parts of a line to one, or take them one by one.",
            what=getattr(line, "geom_type", type(line).__name__)
            if not sound
            else "a line without length or finite place",
        )
    return xy


def _coordinates(points: Any) -> FloatArray:
    if isinstance(points, gpd.GeoSeries) and points.crs is not None and not points.crs.is_geographic:
        raise NotGeographic(
            "A chainage is measured on the ellipsoid, and %(crs)s has plane coordinates.",
            hint="Transform to EPSG:4490 first.",
            crs=points.crs.name,
        )
    if isinstance(points, BaseGeometry):
        points = [points]
    array = np.asarray(points, dtype=object)
    kind = shapely.get_type_id(array)
    if (kind > 0).any():
        what = array[kind > 0][0].geom_type
        raise Invalid("A %(what)s has no one chainage.", hint="Ask for points.", what=what)
    xy = np.full((len(array), 2), np.nan)
    there = ~(shapely.is_missing(array) | shapely.is_empty(array))
    xy[there] = shapely.get_coordinates(array[there])
    return xy


def _tree(line: LineString, xy: FloatArray, chainages: FloatArray, points: FloatArray) -> PlaneLine | None:
    """The line in its plane, None where line and points reach too far for one."""
    low, high = np.minimum(xy.min(axis=0), points.min(axis=0)), np.maximum(xy.max(axis=0), points.max(axis=0))
    return PlaneLine(line, chainages) if (high - low).max() <= _WIDEST_DEG and np.abs([low, high]).max() < 180 else None


def _found(tree: PlaneLine, points: FloatArray) -> NDArray[np.int64]:
    """The line's own segment that is nearest to each point, by the tree."""
    near = tree.curve.nearest(tree.plane.project(points))
    return tree.origin[near.segment]


def _nearest(xy: FloatArray, points: FloatArray) -> NDArray[np.int64]:
    """The segment that is nearest to each point, by all distances."""
    east, north = metres_per_degree(points[:, 1])
    scale = np.stack([east, north], axis=1)[:, None, :]
    start = (xy[:-1] - points[:, None, :]) * scale
    step = (xy[1:] - xy[:-1])[None] * scale
    square = (step**2).sum(axis=2)
    share = np.clip(-(start * step).sum(axis=2) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    foot = start + share[:, :, None] * step
    return np.asarray(np.argmin(np.hypot(foot[:, :, 0], foot[:, :, 1]), axis=1), dtype=np.int64)


def _measured(xy: FloatArray, points: FloatArray, segment: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Share of a segment (0 to 1) and signed distance of the place on it that is nearest to each point."""
    east, north = metres_per_degree(points[:, 1])
    scale = np.stack([east, north], axis=1)
    start = (xy[segment] - points) * scale
    step = (xy[segment + 1] - xy[segment]) * scale
    square = (step**2).sum(axis=1)
    share = np.clip(-(start * step).sum(axis=1) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    foot = start + share[:, None] * step
    # the point is the origin: it lies on the left where turning from the way to it goes counter-clockwise
    way = _way(xy, segment, share, scale)
    left = way[:, 1] * foot[:, 0] - way[:, 0] * foot[:, 1] >= 0
    return share, np.where(left, 1.0, -1.0) * np.hypot(foot[:, 0], foot[:, 1])


def _way(xy: FloatArray, segment: NDArray[np.int64], share: FloatArray, scale: FloatArray) -> FloatArray:
    """Direction of the line at places; at a vertex the sum of both segments' (see `Curve.left`)."""

    def direction(of: NDArray[np.int64]) -> FloatArray:
        step = (xy[of + 1] - xy[of]) * scale
        return np.asarray(step / np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-300)[:, None])

    way = direction(segment)
    other = np.clip(np.where(share == 0.0, segment - 1, segment + 1), 0, len(xy) - 2)
    both = way + direction(other)
    bend = ((share == 0.0) | (share == 1.0)) & (np.hypot(both[:, 0], both[:, 1]) > 1e-9)
    return np.where(bend[:, None], both, way)


def _places(line: LineString, chainages_m: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Segment and coordinates of chainages."""
    xy, along = _vertices(line), vertex_chainages(line)
    off = ~((chainages_m >= -END_TOLERANCE_M) & (chainages_m <= along[-1] + END_TOLERANCE_M))
    if off.any():
        raise OffTheLine(
            "Chainage %(chainage)s m is off a line of %(length)s m.",
            hint="Chainages run from 0 to the length of the line.",
            chainage=round(float(chainages_m[off][0]), 3),
            length=round(float(along[-1]), 3),
        )
    segment = np.clip(np.searchsorted(along, chainages_m, side="right") - 1, 0, len(xy) - 2)
    start, step = xy[segment], xy[segment + 1] - xy[segment]
    length = along[segment + 1] - along[segment]
    wanted = np.clip(chainages_m - along[segment], 0.0, length)
    whole = np.where(length > 0, length, 1.0)
    share = wanted / whole
    # The geodesic distance from the vertex grows almost, not quite, evenly with the share: three steps of correction
    # leave less than a micrometre on a segment of 50 km.
    for _ in range(3):
        at = start + share[:, None] * step
        share = np.clip(share + (wanted - distance_m(start[:, 0], start[:, 1], at[:, 0], at[:, 1])) / whole, 0.0, 1.0)
    # the ends of a segment are its vertices, bit for bit
    return segment, np.where((share == 1.0)[:, None], xy[segment + 1], start + share[:, None] * step)
