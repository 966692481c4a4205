"""Lines and polygons, and points among them: clip, scale, round, drop repeats, repair, orient, encode."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.mvt.commands import Geometries, drawn
from gis.mvt.features import heads, layer_message
from gis.mvt.points import POINT
from gis.mvt.tile import EXTENT, Tile
from gis.mvt.values import Column, dictionaries
from gis.mvt.wire import varints

__all__ = ["BUFFER", "Geometries", "encode_shapes"]

BUFFER = 80
"""Tile units beyond the edge that are kept, so that line ends and outlines of neighbouring tiles meet unseen."""


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
    commands, counts = drawn(placed)
    kept = np.flatnonzero(counts > 0)
    if kept.size == 0:
        return b""
    keys, values, indexes = dictionaries([column.taken(rows[kept]) for column in columns])
    stream, starts = varints(commands)
    ends = starts[np.cumsum(counts)[kept]]
    begins = starts[(np.cumsum(counts) - counts)[kept]]
    records, sizes = heads(ids[rows[kept]], indexes, shapely.get_dimensions(placed[kept]) + POINT, ends - begins)
    head = b"".join(records.pieces())
    head_ends = np.cumsum(sizes, dtype=np.int64)
    pieces: list[bytes] = []
    for start, end, begin, stop in zip(
        (head_ends - sizes).tolist(), head_ends.tolist(), begins.tolist(), ends.tolist(), strict=True
    ):
        pieces += (head[start:end], stream[begin:stop])
    return layer_message(name, pieces, keys, values)


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
