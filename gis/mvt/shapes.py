"""Lines and polygons, and points among them: clip, scale, round, drop repeats, repair, orient, encode."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.mvt.points import layer_message
from gis.mvt.tile import EXTENT, Tile
from gis.mvt.values import Column, dictionaries
from gis.mvt.wire import varint, varints, zigzag

Geometries = NDArray[np.object_]

BUFFER = 80
"""Tile units beyond the edge that are kept, so that line ends and outlines of neighbouring tiles meet unseen."""

_POINT, _LINE, _POLYGON = 1, 2, 3


def encode_shapes(
    name: str,
    tile: Tile,
    geometries: Geometries,
    ids: NDArray[np.int64],
    columns: Sequence[Column] = (),
) -> bytes:
    """Encode one layer of lines or polygons.

    Parameters
    ----------
    geometries
        Shape (features,), (multi) lines, (multi) polygons or points in the unit square of Web Mercator; points are
        taken as they are, so ask `Tile.holds` first.
    ids, columns
        As for points.

    Returns
    -------
    bytes
        A tile with this layer, empty where nothing is left in it: what shrinks to less than a tile unit is left out.
    """
    placed, rows = _in_tile(tile, geometries)
    kinds, commands, counts = _commands(placed)
    kept = np.flatnonzero(counts > 0)
    if kept.size == 0:
        return b""
    keys, values, indexes = dictionaries([column.taken(rows[kept]) for column in columns])
    stream, starts = varints(commands)
    ends = np.cumsum(counts)
    features = bytearray()
    for place, row in enumerate(kept.tolist()):
        tags = b"".join(
            varint(key) + varint(int(index[place])) for key, index in enumerate(indexes) if index[place] >= 0
        )
        drawn = stream[starts[ends[row] - counts[row]] : starts[ends[row]]]
        body = b"\x08" + varint(int(ids[rows[row]]))
        if tags:
            body += b"\x12" + varint(len(tags)) + tags
        body += b"\x18" + bytes((int(kinds[row]),)) + b"\x22" + varint(len(drawn)) + drawn
        features += b"\x12" + varint(len(body)) + body
    return layer_message(name, bytes(features), keys, values)


def _in_tile(tile: Tile, geometries: Geometries) -> tuple[Geometries, NDArray[np.intp]]:
    """The geometries' parts in the tile, in whole tile units, and the row of each."""
    west, north, east, south = tile.bounds
    margin = (east - west) * BUFFER / EXTENT
    box = (west - margin, north - margin, east + margin, south + margin)
    bounds = shapely.bounds(geometries)
    near = (bounds[:, 0] <= box[2]) & (bounds[:, 2] >= box[0]) & (bounds[:, 1] <= box[3]) & (bounds[:, 3] >= box[1])
    rows = np.flatnonzero(near)
    inside = (
        (bounds[rows, 0] >= box[0])
        & (bounds[rows, 2] <= box[2])
        & (bounds[rows, 1] >= box[1])
        & (bounds[rows, 3] <= box[3])
    )
    parts = geometries[rows].copy()
    cut = np.flatnonzero(~inside & (shapely.get_dimensions(parts) > 0))
    parts[cut] = _clipped(parts[cut], box)
    scale = float(EXTENT) * (1 << tile.z)
    origin = np.array([tile.x * EXTENT, tile.y * EXTENT], dtype=np.float64)
    floors = shapely.get_dimensions(parts) == 0
    parts = shapely.transform(parts, lambda points: points * scale - origin)
    parts[~floors] = shapely.transform(parts[~floors], np.rint)
    # a point on the last unit must not be rounded into the next tile
    parts[floors] = shapely.transform(parts[floors], np.floor)
    parts = _repaired(parts)
    # of an area that a clip or the rounding has flattened to a line, or a line to a point, nothing is drawn
    full = ~shapely.is_empty(parts) & (shapely.get_dimensions(parts) == shapely.get_dimensions(geometries[rows]))
    return parts[full], rows[full]


def _clipped(parts: Geometries, box: tuple[float, float, float, float]) -> Geometries:
    try:
        return np.asarray(shapely.clip_by_rect(parts, *box), dtype=object)
    except shapely.errors.GEOSException:
        # the fast clip gives up on slivers thinner than the numbers can tell; the exact one does not
        return np.asarray(shapely.intersection(shapely.make_valid(parts), shapely.box(*box)), dtype=object)


def _repaired(parts: Geometries) -> Geometries:
    """Polygons valid and oriented: rounding can make a ring touch or cross itself."""
    polygons = np.flatnonzero(shapely.get_dimensions(parts) == 2)
    if polygons.size == 0:
        return parts
    broken = polygons[~shapely.is_valid(parts[polygons])]
    if broken.size:
        mended = shapely.make_valid(parts[broken], method="structure", keep_collapsed=False)
        # a crossing that was resolved may lie between whole units
        parts[broken] = shapely.set_precision(mended, 1.0)
    # the y axis of a tile points down: what is counter-clockwise in numbers is the clockwise ring of the specification
    parts[polygons] = shapely.orient_polygons(parts[polygons], exterior_cw=False)
    return parts


def _commands(parts: Geometries) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Kind of each part, all command integers one after the other, and how many belong to each part."""
    kinds = shapely.get_dimensions(parts) + _POINT
    counts = np.zeros(parts.size, dtype=np.int64)
    pieces: list[NDArray[np.int64]] = []
    for place, part in enumerate(parts):
        if kinds[place] == _POINT:
            step = zigzag(np.rint(shapely.get_coordinates(part)[0]).astype(np.int32))
            pieces.append(np.concatenate(([9], step)).astype(np.int64))
            counts[place] = 3
            continue
        cursor = np.zeros(2, dtype=np.int64)
        for points, closed in _paths(part, kinds[place]):
            drawn = _path(points, cursor, closed=closed)
            if drawn is None:
                continue
            pieces.append(drawn[0])
            counts[place] += drawn[0].size
            cursor = drawn[1]
    return kinds.astype(np.int64), np.concatenate(pieces) if pieces else np.empty(0, dtype=np.int64), counts


def _paths(part: shapely.Geometry, kind: int) -> list[tuple[NDArray[np.int64], bool]]:
    """Lines of a line, rings of an area without their closing point; what a clip left of lower dimension is dropped."""
    pieces = [piece for piece in shapely.get_parts(part) if not piece.is_empty]
    if kind == _LINE:
        return [(_points(piece), False) for piece in pieces]
    paths: list[tuple[NDArray[np.int64], bool]] = []
    for piece in pieces:
        if shapely.get_dimensions(piece) < 2:
            continue
        rings = shapely.get_rings(piece)
        if not _collapsed(rings[0]):
            paths.extend((_points(ring)[:-1], True) for ring in rings if not _collapsed(ring))
    return paths


def _collapsed(ring: shapely.LinearRing) -> bool:
    return bool(shapely.area(shapely.Polygon(ring)) < 1)


def _points(line: shapely.Geometry) -> NDArray[np.int64]:
    points: NDArray[np.int64] = shapely.get_coordinates(line).astype(np.int64)
    if len(points) > 1:
        points = points[np.concatenate(([True], np.any(np.diff(points, axis=0) != 0, axis=1)))]
    return points


def _path(
    points: NDArray[np.int64], cursor: NDArray[np.int64], *, closed: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """One path as command integers, and where the cursor stands after it; None where too little is left of it."""
    count = len(points)
    if count < (3 if closed else 2):
        return None
    steps = np.diff(points, axis=0, prepend=cursor[None, :])
    numbers = zigzag(steps.ravel().astype(np.int32))
    parts = [np.array([9]), numbers[:2], np.array([((count - 1) << 3) | 2]), numbers[2:]]
    if closed:
        parts.append(np.array([15]))
    return np.concatenate(parts).astype(np.int64), points[-1]
