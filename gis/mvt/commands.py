"""Geometries in tile units as the command integers of the specification, all at once."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.mvt.wire import zigzag

Geometries = NDArray[np.object_]
Integers = NDArray[np.int64]

_MOVE_ONCE, _LINE, _CLOSE = 9, 2, 15


def drawn(parts: Geometries) -> tuple[NDArray[np.uint32], Integers]:
    """Commands of geometries with whole coordinates.

    Parameters
    ----------
    parts
        Shape (features,), points, (multi) lines and (multi) polygons, rings oriented as the specification wants. Of a
        collection the parts below its own dimension are left out.

    Returns
    -------
    commands, counts
        All command integers one after the other, and how many belong to each feature: none where repeated points
        and rings of less than one square unit leave nothing to draw.
    """
    paths, owners, closed = _paths(parts)
    coordinates, path = shapely.get_coordinates(paths, return_index=True)
    points = coordinates.astype(np.int64)
    first = np.ones(len(path), dtype=bool)
    np.not_equal(path[1:], path[:-1], out=first[1:])
    kept = first.copy()
    kept[1:] |= (points[1:] != points[:-1]).any(axis=1)
    points, path = points[kept], path[kept]
    # a ring comes back to its first point by itself
    last = np.ones(len(path), dtype=bool)
    np.not_equal(path[1:], path[:-1], out=last[:-1])
    kept = ~(last & closed[path])
    points, path = points[kept], path[kept]
    counts = np.bincount(path, minlength=len(paths))
    enough = counts >= np.where(closed, 3, np.minimum(shapely.get_dimensions(paths) + 1, 2))
    kept = enough[path]
    points, path = points[kept], (np.cumsum(enough) - 1)[path[kept]]
    return _integers(points, path, counts[enough], owners[enough], closed[enough], len(parts))


def _paths(parts: Geometries) -> tuple[Geometries, NDArray[np.intp], NDArray[np.bool_]]:
    """Points, lines and rings in the order of the features, the feature of each, and which are rings."""
    pieces, owners = shapely.get_parts(parts, return_index=True)
    dimensions = shapely.get_dimensions(pieces)
    whole = ~shapely.is_empty(pieces) & (dimensions == shapely.get_dimensions(parts)[owners])
    pieces, owners, dimensions = pieces[whole], owners[whole], dimensions[whole]
    areas = np.flatnonzero(dimensions == 2)
    if areas.size == 0:
        return pieces, owners, np.zeros(len(pieces), dtype=bool)
    rings, area = shapely.get_rings(pieces[areas], return_index=True)
    large = shapely.area(shapely.polygons(rings)) >= 1
    outer = np.ones(len(rings), dtype=bool)
    np.not_equal(area[1:], area[:-1], out=outer[1:])
    # holes of an area that is too small to be drawn are not drawn either
    large &= (outer & large)[np.flatnonzero(outer)][area]
    others = np.flatnonzero(dimensions < 2)
    places = np.concatenate((others, areas[area[large]]))
    order = np.argsort(places, kind="stable")
    paths = np.concatenate((pieces[others], rings[large]))[order]
    closed = (np.arange(len(places)) >= others.size)[order]
    return paths, owners[places[order]], closed


def _integers(
    points: Integers,
    path: NDArray[np.intp],
    counts: NDArray[np.intp],
    owners: NDArray[np.intp],
    closed: NDArray[np.bool_],
    features: int,
) -> tuple[NDArray[np.uint32], Integers]:
    """MoveTo, LineTo and ClosePath of each path; each point is a step from the one before in the same feature."""
    steps = points.copy()
    steps[1:] -= points[:-1]
    firsts = np.cumsum(counts) - counts
    starting = np.ones(len(owners), dtype=bool)
    np.not_equal(owners[1:], owners[:-1], out=starting[1:])
    steps[firsts[starting]] = points[firsts[starting]]

    sizes = 1 + 2 * counts + (counts > 1) + closed
    ends = np.cumsum(sizes)
    starts = ends - sizes
    out = np.empty(int(sizes.sum()), dtype=np.uint32)
    out[starts] = _MOVE_ONCE
    going = counts > 1
    out[starts[going] + 3] = ((counts[going] - 1) << 3) | _LINE
    out[ends[closed] - 1] = _CLOSE
    rank = np.arange(len(points)) - firsts[path]
    where = starts[path] + 1 + 2 * rank + (rank > 0)
    numbers = zigzag(steps.astype(np.int32))
    out[where] = numbers[:, 0]
    out[where + 1] = numbers[:, 1]
    return out, np.bincount(owners, weights=sizes, minlength=features).astype(np.int64)
