"""A plane for one line and what lies round it, and lines in it that find their nearest place quickly.

The plane is a transverse Mercator projection on the CGCS2000 ellipsoid whose meridian runs through the middle of what
is measured: a length in it is too long by x²/2R² at most, x being the distance from that meridian: 3 mm per kilometre
at 16 km, 31 mm at 50 km. The 3° zones, whose meridians are up to 134 km away, are ten times worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Proj
from scipy.spatial import cKDTree
from shapely.geometry import LineString

from gis.measure import GEOD, FloatArray, distance_m, metres_per_degree

IntArray = NDArray[np.int64]

DENSE_M = 500.0
"""Longest straight piece: a segment straight in degrees bends by 4 mm at most on that length below 50° of latitude."""
_CHUNK_M = 50.0
_SAMPLE_M = 20.0
_RADIUS_M = 6_371_000.0


@dataclass(frozen=True)
class Plane:
    """Metres east and north of a point, true to scale on its meridian."""

    lon: float
    lat: float

    @classmethod
    def around(cls, lonlat: FloatArray) -> Plane:
        """The plane whose origin is the middle of the extent of points (rows of longitude, latitude)."""
        low, high = lonlat.min(axis=0), lonlat.max(axis=0)
        return cls(float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)

    @cached_property
    def _projection(self) -> Proj:
        return Proj(proj="tmerc", lat_0=self.lat, lon_0=self.lon, a=GEOD.a, rf=298.257222101)

    def project(self, lonlat: FloatArray) -> FloatArray:
        """Rows of longitude and latitude in degrees to rows of east and north in metres."""
        if not len(lonlat):
            return np.empty((0, 2))
        east, north = self._projection(np.array(lonlat[:, 0]), np.array(lonlat[:, 1]))
        return np.stack([east, north], axis=1)

    def unproject(self, xy: FloatArray) -> FloatArray:
        """Rows of east and north to rows of longitude and latitude."""
        if not len(xy):
            return np.empty((0, 2))
        lon, lat = self._projection(np.array(xy[:, 0]), np.array(xy[:, 1]), inverse=True)
        return np.stack([lon, lat], axis=1)


def stretch(xy: FloatArray) -> float:
    """The greatest relative error of a length at places of a plane: 1e-5 is 1 cm in a kilometre."""
    return float((np.abs(xy[:, 0]).max() / _RADIUS_M) ** 2 / 2) if len(xy) else 0.0


class Near(NamedTuple):
    """The nearest places of a curve, aligned to the points that asked."""

    segment: IntArray
    """Segment, numbered through all parts."""
    share: FloatArray
    """Of the segment, 0 at its start and 1 at its end."""
    distance_m: FloatArray


class Around(NamedTuple):
    """Chunks near points, pair by pair, by point and then along the curve; every point has one at least."""

    points: NDArray[Any]
    point: IntArray
    chunk: IntArray
    away: FloatArray


class Curve:
    """Polylines in a plane, cut into short chunks that stand in a search tree.

    Parameters
    ----------
    parts
        Vertices of each polyline, rows of east and north. Repeated vertices are dropped, and parts without length.
    """

    def __init__(self, parts: list[FloatArray]) -> None:
        sound = [np.asarray(part, dtype=np.float64)[_fresh(part)] for part in parts]
        sound = [part for part in sound if len(part) > 1]
        count = np.array([len(part) for part in sound], dtype=np.int64)
        self.xy: FloatArray = np.concatenate(sound) if sound else np.empty((0, 2))
        last = np.cumsum(count) - 1
        inner = np.ones(len(self.xy), dtype=bool)
        inner[last] = False
        self.start: IntArray = np.flatnonzero(inner)
        """First vertex of each segment; the second is the next."""
        self.part: IntArray = np.repeat(np.arange(len(sound)), count - 1)
        """Part of each segment."""
        step = self.xy[self.start + 1] - self.xy[self.start]
        self.length: FloatArray = np.hypot(step[:, 0], step[:, 1])
        self.direction: FloatArray = step / self.length[:, None]
        self.before: FloatArray = np.concatenate([[0.0], np.cumsum(self.length)])
        """Length of all segments before each, and of all."""
        self._chunks()

    def _chunks(self) -> None:
        """Cut into chunks of about `_CHUNK_M`; a chunk is one shape of the tree."""
        cell = np.floor(self.before[:-1] / _CHUNK_M).astype(np.int64)
        new = np.ones(len(cell), dtype=bool)
        new[1:] = (cell[1:] != cell[:-1]) | (self.part[1:] != self.part[:-1])
        self.first: IntArray = np.flatnonzero(new)
        """First segment of each chunk."""
        self.until: IntArray = np.append(self.first[1:], len(cell)) if len(cell) else self.first
        sizes = self.until - self.first + 1
        owner = np.repeat(np.arange(len(self.first)), sizes)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        vertex = self.start[self.first[owner]] + within if len(owner) else owner
        self.chunks: NDArray[Any] = np.empty(0, dtype=object)
        """The chunks' shapes."""
        if len(owner):
            self.chunks = np.asarray(shapely.linestrings(self.xy[vertex], indices=owner), dtype=object)
        self.tree = shapely.STRtree(self.chunks)

    @property
    def total_m(self) -> float:
        """Length of all parts."""
        return float(self.before[-1])

    @cached_property
    def _samples(self) -> cKDTree:
        """Places along the curve, no more than `_SAMPLE_M` apart."""
        pieces = np.maximum(1, np.ceil(self.length / _SAMPLE_M)).astype(np.int64)
        segment = np.repeat(np.arange(len(pieces)), pieces)
        share = (np.arange(len(segment)) - np.repeat(np.cumsum(pieces) - pieces, pieces) + 0.5) / pieces[segment]
        return cKDTree(self.at(segment, share))

    def near(self, xy: FloatArray, more_m: float = 0.0, more_share: float = 0.0) -> Around:
        """Chunks that are hardly farther from points than the nearest one.

        Parameters
        ----------
        xy
            Finite; the curve has a length.
        more_m, more_share
            How much farther a chunk may be: so many metres or this share of the distance, whichever is more.
        """
        points = np.asarray(shapely.points(xy), dtype=object)
        # a place near by bounds the distance from above: one search finds all chunks that can matter
        bound = self._samples.query(xy)[0]
        reach = bound + np.maximum(more_m, more_share * bound) + 1e-9 * (1 + bound)
        point, chunk = self.tree.query(points, predicate="dwithin", distance=reach)
        order = np.lexsort((chunk, point))
        point, chunk = point[order], chunk[order]
        away = np.asarray(shapely.distance(self.chunks[chunk], points[point]))
        first = np.flatnonzero(np.diff(point, prepend=-1))
        least = np.minimum.reduceat(away, first)[point] if len(point) else away
        within = away <= least + np.maximum(more_m, more_share * least)
        return Around(points, point[within], chunk[within], away[within])

    def nearest(self, xy: FloatArray) -> Near:
        """The place of the curve nearest to each point; the curve has a length, the points are finite."""
        return self.nearest_of(self.near(xy))

    def nearest_of(self, around: Around) -> Near:
        """The nearest place of each point among the chunks near it; of equally near ones the first."""
        order = np.lexsort((around.chunk, around.away, around.point))
        best = order[np.flatnonzero(np.diff(around.point, prepend=-1))]
        segment, share = self.place(around.chunk[best], around.points)
        return Near(segment, share, around.away[best])

    def place(self, chunk: IntArray, points: NDArray[Any]) -> tuple[IntArray, FloatArray]:
        """Segment and share of it where chunks are nearest to points, pair by pair."""
        first = self.first[chunk]
        along = self.before[first] + shapely.line_locate_point(self.chunks[chunk], points)
        segment = np.searchsorted(self.before, along, side="right") - 1
        segment = np.clip(segment, first, self.until[chunk] - 1)
        return segment, np.clip((along - self.before[segment]) / self.length[segment], 0.0, 1.0)

    def at(self, segment: IntArray, share: FloatArray) -> FloatArray:
        """East and north of places."""
        return self.xy[self.start[segment]] + (share * self.length[segment])[:, None] * self.direction[segment]

    def left(self, segment: IntArray, share: FloatArray, xy: FloatArray) -> FloatArray:
        """1 where a point lies on the left of the curve at its nearest place, else -1.

        At a vertex the two segments' directions are added: at a sharp bend one of them alone may take the outside of
        the bend for the other side. Source: the pseudonormal of Bærentzen and Aanæs (2005).
        """
        way = self.direction[segment].copy()
        for end, neighbour in ((share <= 1e-9, segment - 1), (share >= 1 - 1e-9, segment + 1)):
            known = np.clip(neighbour, 0, len(self.part) - 1)
            there = end & (neighbour == known) & (self.part[known] == self.part[segment])
            way[there] += self.direction[known[there]]
        turned = np.hypot(way[:, 0], way[:, 1]) < 1e-9  # back the very way it came
        way[turned] = self.direction[segment[turned]]
        away = xy - self.at(segment, share)
        return np.where(way[:, 0] * away[:, 1] - way[:, 1] * away[:, 0] >= 0, 1.0, -1.0)


class PlaneLine:
    """One line in a plane, with the geodesic chainage of its vertices.

    Parameters
    ----------
    line
        Longitude and latitude in degrees, straight in degrees between its vertices.
    chainages
        Chainage of each vertex in metres (`gis.linear.vertex_chainages`).
    plane
        Where to work; None: the plane round the line.
    """

    def __init__(self, line: LineString, chainages: FloatArray, plane: Plane | None = None) -> None:
        lonlat = shapely.get_coordinates(line)
        self.plane = plane or Plane.around(lonlat)
        dense, origin = densified(lonlat)
        along = chainages[origin] + distance_m(lonlat[origin, 0], lonlat[origin, 1], dense[:, 0], dense[:, 1])
        xy = self.plane.project(dense)
        fresh = _fresh(xy)
        self.curve = Curve([xy[fresh]])
        self.chainage: FloatArray = along[fresh]
        """Chainage of each vertex of the curve."""
        self.origin: IntArray = origin[fresh]
        """The line's own vertex at or before each vertex of the curve."""
        self.total_m = float(chainages[-1])
        self.closed = bool((lonlat[0] == lonlat[-1]).all())

    def chainage_of(self, segment: IntArray, share: FloatArray) -> FloatArray:
        """Chainage of places."""
        start = self.chainage[segment]
        return start + share * (self.chainage[segment + 1] - start)

    def between(self, start_m: float, end_m: float) -> FloatArray:
        """Vertices from one chainage to another, in that direction."""
        low, high = min(start_m, end_m), max(start_m, end_m)
        first, last = np.searchsorted(self.chainage, [low, high], side="right")
        last -= int(last > first and self.chainage[last - 1] == high)
        inner = self.curve.xy[first:last]
        found = np.concatenate([self.points([low]), inner, self.points([high])])
        return found if start_m <= end_m else found[::-1]

    def points(self, chainages: Any) -> FloatArray:
        """East and north at chainages."""
        asked = np.asarray(chainages, dtype=np.float64)
        return np.stack([np.interp(asked, self.chainage, self.curve.xy[:, axis]) for axis in (0, 1)], axis=1)


def densified(lonlat: FloatArray, longest_m: float = DENSE_M) -> tuple[FloatArray, IntArray]:
    """Vertices with others between them where they are far apart, and the old vertex at or before each."""
    east, north = metres_per_degree(lonlat[:-1, 1])
    step = np.diff(lonlat, axis=0)
    pieces = np.maximum(1, np.ceil(np.hypot(step[:, 0] * east, step[:, 1] * north) / longest_m)).astype(np.int64)
    origin = np.append(np.repeat(np.arange(len(step)), pieces), len(step))
    place = np.arange(len(origin)) - np.append(np.cumsum(pieces) - pieces, pieces.sum())[origin]
    share = np.append(place[:-1] / pieces[origin[:-1]], 0.0)
    dense = lonlat[origin]
    dense[:-1] += share[:-1, None] * step[origin[:-1]]
    return dense, origin


def _fresh(xy: FloatArray) -> NDArray[np.bool_]:
    """Which vertices are not the one before again."""
    fresh = np.ones(len(xy), dtype=bool)
    fresh[1:] = (xy[1:] != xy[:-1]).any(axis=1)
    return fresh
