"""Borders and tripoints out of polygons that share their edges, and what is wrong where they do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.errors import N_, Invalid
from gis.findings import Finding
from gis.measure import area_m2

IntArray = NDArray[np.int64]


class BrokenCoverage(Invalid):
    """Polygons that lie over each other have no borders."""

    code: ClassVar[str] = "coverage-broken"


@dataclass(frozen=True)
class _Edges:
    """Every edge once: vertex ids and owners on both sides, -1 where nobody is."""

    vertices: NDArray[np.float64]  # (n, 2), each once, sorted
    low: IntArray  # id of the vertex that sorts first
    high: IntArray
    left: IntArray  # owner on the left of low → high
    right: IntArray
    owners: NDArray[Any]  # keys, sorted


def shared_borders(polygons: gpd.GeoDataFrame, key: str = "code") -> gpd.GeoDataFrame:
    """Lines in which two owners meet, each once.

    Edges are matched by their exact end points: the polygons must form a coverage whose neighbours share vertices
    (`gaps_and_overlaps` says whether they do). Edge → owners, then the edges of one pair are joined end to end.

    Parameters
    ----------
    polygons
        Polygons or multipolygons, any CRS. Empty and missing geometries own nothing; rows with the same key are one
        owner.
    key
        Column that names the owner.

    Returns
    -------
    GeoDataFrame
        `left`, `right` (keys; the left one sorts first, and lies on the left of the line as it runs) and `geometry`,
        a LineString; one row per connected piece, ordered by left, right and position, whatever the order of the
        polygons. CRS of `polygons`.

    Raises
    ------
    BrokenCoverage
        If three polygons claim one edge, or two lie on the same side of it.
    """
    edges = _edges(polygons, key)
    shared = (edges.left >= 0) & (edges.right >= 0) & (edges.left != edges.right)
    low, high, left, right = edges.low[shared], edges.high[shared], edges.left[shared], edges.right[shared]
    # Let every edge run so that the owner that sorts first is on its left: then a directed merge cannot join two
    # edges whose sides are exchanged, and the sides of the whole line are known.
    turn = left > right
    start, end = np.where(turn, high, low), np.where(turn, low, high)
    one, other = np.where(turn, right, left), np.where(turn, left, right)
    pair = one * len(edges.owners) + other
    order = np.argsort(pair, kind="stable")
    pairs, place = np.unique(pair[order], return_inverse=True)
    segments = np.asarray(
        shapely.linestrings(np.stack([edges.vertices[start[order]], edges.vertices[end[order]]], axis=1))
    )
    merged = shapely.line_merge(shapely.multilinestrings(segments, indices=place), directed=True)
    lines, of = shapely.get_parts(merged, return_index=True)
    bounds = shapely.bounds(lines)
    order = np.lexsort((bounds[:, 1], bounds[:, 0], of))
    pairs, lines = pairs[of[order]], lines[order]
    return gpd.GeoDataFrame(
        {"left": edges.owners[pairs // len(edges.owners)], "right": edges.owners[pairs % len(edges.owners)]},
        geometry=lines,
        crs=polygons.crs,
    )


def tripoints(polygons: gpd.GeoDataFrame, key: str = "code") -> gpd.GeoDataFrame:
    """Points where three owners or more meet.

    Parameters
    ----------
    polygons, key
        As for `shared_borders`.

    Returns
    -------
    GeoDataFrame
        `a`, `b`, `c` (keys in sorting order; where more than three meet, the first three), `owners` (a tuple of all
        of them) and `geometry`, a Point; ordered by owners, then position.

    Raises
    ------
    BrokenCoverage
        As for `shared_borders`.
    """
    edges = _edges(polygons, key)
    sides = [side for side in (edges.left, edges.right) for _ in range(2)]
    owner = np.concatenate(sides)
    vertex = np.concatenate([edges.low, edges.high] * 2)
    claimed = owner >= 0
    meeting = np.unique(np.stack([vertex[claimed], owner[claimed]], axis=1), axis=0)
    vertices, first, count = np.unique(meeting[:, 0], return_index=True, return_counts=True)
    rows = [
        (tuple(edges.owners[meeting[at : at + number, 1]]), vertices[place])
        for place, (at, number) in enumerate(zip(first, count, strict=True))
        if number >= 3
    ]
    rows.sort(key=lambda row: (row[0], row[1]))
    points = edges.vertices[[row[1] for row in rows]] if rows else np.empty((0, 2))
    return gpd.GeoDataFrame(
        {
            "a": [row[0][0] for row in rows],
            "b": [row[0][1] for row in rows],
            "c": [row[0][2] for row in rows],
            "owners": [row[0] for row in rows],
        },
        geometry=shapely.points(points),
        crs=polygons.crs,
    )


def loose_ends(borders: gpd.GeoDataFrame, meeting: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Ends of borders at which no third owner stands: the coast, or the edge of what the data covers.

    Parameters
    ----------
    borders, meeting
        What `shared_borders` and `tripoints` gave for the same polygons.

    Returns
    -------
    GeoDataFrame
        `left`, `right`, `end` ('start' or 'end') and `geometry`, a Point. Closed borders have no ends.
    """
    open_lines = borders[~shapely.is_closed(borders.geometry.to_numpy())]
    lines = open_lines.geometry.to_numpy()
    met = {tuple(xy) for xy in shapely.get_coordinates(meeting.geometry.to_numpy())}
    rows = [
        (left, right, name, point)
        for name, index in (("start", 0), ("end", -1))
        for left, right, point in zip(
            open_lines["left"], open_lines["right"], shapely.get_point(lines, index), strict=True
        )
        if (point.x, point.y) not in met
    ]
    rows.sort(key=lambda row: row[:3])
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    return gpd.GeoDataFrame(
        {"left": list(columns[0]), "right": list(columns[1]), "end": list(columns[2])},
        geometry=list(columns[3]),
        crs=borders.crs,
    )


def gaps_and_overlaps(
    polygons: gpd.GeoDataFrame, key: str = "code", *, min_area_m2: float = 0.01, tolerance: float = 1e-9
) -> list[Finding]:
    """Find what keeps polygons from being a coverage.

    GEOS's own `coverage_is_valid(gap_width=…)` misses gaps (seen on GEOS 3.14), so: gaps are the holes of the union,
    overlaps are the pairs whose intersection has an area, and a border drawn with different vertices on its two
    sides is a single-owner edge inside the union. A gap that opens to the outside cannot be told from a bay.

    Parameters
    ----------
    polygons, key
        Valid polygons; `key` names them in the findings.
    min_area_m2
        Smaller gaps and overlaps are rounding, not flaws. Measured on the ellipsoid, or on the plane of a plane CRS.
    tolerance
        In units of the CRS: how far an edge may lie from the union's outline and still be on it.

    Returns
    -------
    list of Finding
        Rules `coverage-gap` (warning: a hole may be meant), `coverage-overlap` and `border-vertices-differ` (errors).
        `where` names the polygons concerned, joined by " / "; params hold `area_m2` (or `edges`), and `x`, `y` of a
        point at the place.
    """
    present = polygons[~(polygons.geometry.isna() | polygons.geometry.is_empty)]
    if present.empty:
        return []
    shapes = present.geometry.to_numpy()
    keys = present[key].astype(str).to_numpy()
    tree = shapely.STRtree(shapes)
    union = shapely.union_all(shapes)

    findings = []
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    holes = np.asarray([shapely.Polygon(ring) for ring in rings], dtype=object)
    for hole, area in zip(holes, _areas(holes, polygons.crs), strict=True):
        if area >= min_area_m2:
            around = tree.query(hole, predicate="dwithin", distance=tolerance)
            findings.append(_finding("coverage-gap", keys[around], hole, area_m2=round(area, 3)))

    one, other = tree.query(shapes, predicate="intersects")
    pairs = np.stack([one, other], axis=1)[one < other]
    common = shapely.intersection(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    overlaps = common[shapely.area(common) > 0]
    for pair, shape, area in zip(
        pairs[shapely.area(common) > 0], overlaps, _areas(overlaps, polygons.crs), strict=True
    ):
        if area >= min_area_m2:
            findings.append(_finding("coverage-overlap", keys[pair], shape, area_m2=round(area, 3)))

    lonely = _middles_of_single_edges(present, key)
    lonely = lonely[shapely.distance(lonely, union.boundary) > tolerance]
    lonely = (
        lonely[shapely.distance(lonely, shapely.geometrycollections(overlaps)) > tolerance] if len(overlaps) else lonely
    )
    point, place = tree.query(lonely, predicate="dwithin", distance=tolerance)
    sides: dict[tuple[str, ...], list[int]] = {}
    for number in np.unique(point):
        sides.setdefault(tuple(sorted(set(keys[place[point == number]]))), []).append(int(number))
    for names, numbers in sorted(sides.items()):
        findings.append(_finding("border-vertices-differ", np.array(names), lonely[numbers[0]], edges=len(numbers)))
    return findings


_TEMPLATES = {
    "coverage-gap": (
        N_("A gap of %(area_m2)s m² between %(where)s at %(x)s, %(y)s."),
        N_("If it is not meant, give the ground to one of them."),
    ),
    "coverage-overlap": (
        N_("%(where)s overlap on %(area_m2)s m² at %(x)s, %(y)s."),
        N_("Cut the ground from one of them."),
    ),
    "border-vertices-differ": (
        N_("%(where)s draw their border with different vertices (%(edges)s edges), first at %(x)s, %(y)s."),
        N_("Give both sides the same vertices; else no border is found there."),
    ),
}


def _finding(rule: str, keys: NDArray[Any], shape: Any, **params: object) -> Finding:
    point = shapely.point_on_surface(shape)
    where = " / ".join(sorted(set(keys)))
    template, advice = _TEMPLATES[rule]
    return Finding(
        rule,
        "warning" if rule == "coverage-gap" else "error",
        where,
        template,
        {"where": where, "x": round(point.x, 6), "y": round(point.y, 6), **params},
        advice,
    )


def _areas(shapes: NDArray[Any], crs: Any) -> NDArray[np.float64]:
    if crs is not None and not crs.is_geographic:
        return np.asarray(shapely.area(shapes))
    return np.asarray(area_m2(shapes))


def _middles_of_single_edges(polygons: gpd.GeoDataFrame, key: str) -> NDArray[Any]:
    """Middle points of the edges that only one ring has."""
    sides = _sides(polygons, key)
    _, place, count = np.unique(sides.edge, return_inverse=True, return_counts=True)
    single = count[place] == 1
    middle = (sides.vertices[sides.start[single]] + sides.vertices[sides.end[single]]) / 2
    return np.asarray(shapely.points(middle))


@dataclass(frozen=True)
class _Sides:
    """Every edge of every ring, running so that its owner lies on its left."""

    vertices: NDArray[np.float64]  # (n, 2), each once, sorted by x, then y
    start: IntArray  # vertex ids
    end: IntArray
    edge: IntArray  # the same number for both sides of an edge
    owner: IntArray
    owners: NDArray[Any]  # keys, sorted


def _sides(polygons: gpd.GeoDataFrame, key: str) -> _Sides:
    owners, owner_of_row = np.unique(polygons[key].to_numpy(dtype=object), return_inverse=True)
    parts, row = shapely.get_parts(polygons.geometry.to_numpy(), return_index=True)
    # shells counter-clockwise and holes clockwise: the inside is on the left of every ring
    rings, part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    found, vertex = np.unique(xy.view(np.complex128).ravel(), return_inverse=True)
    going = (ring[1:] == ring[:-1]) & (vertex[1:] != vertex[:-1])
    start, end = vertex[:-1][going], vertex[1:][going]
    return _Sides(
        vertices=found.view(np.float64).reshape(-1, 2),
        start=start,
        end=end,
        edge=np.minimum(start, end) * len(found) + np.maximum(start, end),
        owner=owner_of_row[row][part][ring[:-1][going]],
        owners=owners,
    )


def _edges(polygons: gpd.GeoDataFrame, key: str) -> _Edges:
    """Bring the two sides of every edge together."""
    sides = _sides(polygons, key)
    numbers, place = np.unique(sides.edge, return_inverse=True)
    low, high = np.divmod(numbers, max(len(sides.vertices), 1))
    rising = sides.start < sides.end
    left, right = np.full(len(numbers), -1), np.full(len(numbers), -1)
    for side, mine in ((left, rising), (right, ~rising)):
        if len(np.unique(place[mine])) < np.count_nonzero(mine):
            edge, count = np.unique(place[mine], return_counts=True)
            broken = edge[count > 1][0]
            x, y = sides.vertices[low[broken]]
            raise BrokenCoverage(
                "Polygons %(owners)s lie over each other at %(x)s, %(y)s.",
                hint="Ask for gaps and overlaps to see every place.",
                owners=" / ".join(str(sides.owners[owner]) for owner in np.unique(sides.owner[place == broken])),
                x=round(float(x), 6),
                y=round(float(y), 6),
            )
        side[place[mine]] = sides.owner[mine]
    return _Edges(sides.vertices, low, high, left, right, sides.owners)
