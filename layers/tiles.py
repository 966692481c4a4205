"""Vector tiles of the layers: which features a tile carries at which zoom, encoded by `gis.mvt`."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from gis.errors import N_
from gis.mvt import EXTENT, Column, Tile, encode_points, encode_shapes
from gis.mvt.shapes import BUFFER, Geometries
from layers.access import Reader
from layers.catalogue import LAYERS, Layer, UnknownLayer, layer_named
from layers.index import Attribute, Columns, Dictionary, Index
from layers.index.columns import Mask, Rows

WHOLE_FROM = 12
"""From this zoom every feature is there."""

MAX_TILE_ZOOM = 14
"""The deepest zoom that a map needs to ask for; deeper views are drawn from it."""

FORMAT = 2
"""Raised whenever equal features would give other bytes: part of every ETag."""

_LEVEL = 1  # gzip's quickest: level 5 takes two and a half times as long for 4 % less, as ids hardly shrink
_CELLS = 48  # cells along a tile's edge, of which each keeps its first feature of each class at low zooms
_RANKS = {0: 2, 5: 3, 7: 4, 8: 6, 9: 7, 10: 8, 11: 9}  # the last rank that a zoom shows, from that zoom on
_SIMPLIFIED_BELOW = 12


@dataclass(frozen=True)
class TileAnswer:
    """A tile ready to send: ``body`` is gzipped; an empty tile has an empty body."""

    body: bytes
    etag: str


class Tiles:
    """Tiles of an index, with the last few thousand kept encoded. Safe to share between threads."""

    def __init__(self, index: Index, *, keep_bytes: int = 20_000_000) -> None:
        self._index = index
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._keep_bytes = keep_bytes
        self._lock = threading.Lock()

    def etag(self, key: str, tile: Tile, *, reader: Reader, asof: date) -> str:
        """What names a tile's bytes: equal texts mean equal bytes. The register is asked for changes first."""
        with self._index.held():
            mark = max(self._index.layer(part).mark for part in _parts(key))
        state = hashlib.sha256(f"{mark.seq} {mark.stamp}".encode()).hexdigest()[:12]
        return f"{FORMAT}-{key}-{state}-{tile.z}.{tile.x}.{tile.y}-{asof}-{reader.audience}"

    def tile(self, key: str, tile: Tile, *, reader: Reader, asof: date) -> TileAnswer:
        """One tile.

        Raises
        ------
        UnknownLayer
            Where the catalogue has no such layer, or it has no tiles.
        """
        with self._index.held():
            return self._tile(key, tile, reader=reader, asof=asof)

    def _tile(self, key: str, tile: Tile, *, reader: Reader, asof: date) -> TileAnswer:
        etag = self.etag(key, tile, reader=reader, asof=asof)
        with self._lock:
            body = self._kept.get(etag)
            if body is not None:
                self._kept.move_to_end(etag)
                return TileAnswer(body, etag)
        raw = encoded(self._index, key, tile, reader=reader, asof=asof)
        body = gzip.compress(raw, _LEVEL, mtime=0) if raw else b""
        with self._lock:
            if etag not in self._kept:
                self._kept[etag] = body
                self._size += len(body) + 200
            while self._size > self._keep_bytes:
                _, old = self._kept.popitem(last=False)
                self._size -= len(old) + 200
        return TileAnswer(body, etag)

    def forked(self) -> None:
        """To be called in a child process."""
        self._lock = threading.Lock()


def tiled_layers() -> list[Layer]:
    """The layers that have tiles. The areas of divisions are in the tiles of ``divisions``."""
    return [layer for key, layer in LAYERS.items() if key != "division-areas"]


def _parts(key: str) -> tuple[str, ...]:
    """The layers that a tile layer is made of."""
    layer_named(key)
    if key == "division-areas":
        raise UnknownLayer(
            N_("The layer “%(layer)s” has no tiles of its own."),
            hint=N_("Its areas are in the tiles of “divisions”."),
            layer=key,
        )
    return ("divisions", "division-areas") if key == "divisions" else (key,)


def encoded(index: Index, key: str, tile: Tile, *, reader: Reader, asof: date) -> bytes:
    """One tile, not compressed."""
    _parts(key)
    layer = layer_named(key)
    if key == "divisions":
        return _divisions(index, tile, reader=reader, asof=asof)
    if tile.z < layer.min_zoom:
        return b""
    columns = index.layer(key)
    attributes = columns.tile_columns()
    seen = shown(columns, tile.z, reader=reader, asof=asof)
    if columns.shapes is None:
        rows = np.flatnonzero(seen & tile.holds(columns.mx, columns.my))
        px, py = tile.pixels(columns.mx[rows], columns.my[rows])
        return encode_points(key, px, py, columns.fid[rows], [column.taken(rows) for column in attributes])
    rows = np.flatnonzero(seen & _near(columns, tile))
    shapes = _simplified(columns.shapes[rows], tile.z)
    return encode_shapes(key, tile, shapes, columns.fid[rows], [column.taken(rows) for column in attributes])


def shown(columns: Columns, z: int, *, reader: Reader, asof: date) -> Mask:
    """Which features a zoom shows to a reader: all of them from `WHOLE_FROM` on."""
    seen = columns.seen(reader=reader, asof=asof)
    if not columns.layer.thinned or z >= WHOLE_FROM:
        return seen
    key = ("shown", z, reader.audience, asof)
    found = columns.cache.get(key)
    if found is None:
        found = columns.remember(key, _thinned(columns, seen, z))
    assert isinstance(found, np.ndarray)
    return found


def _thinned(columns: Columns, seen: Mask, z: int) -> Mask:
    """The most important feature of each class in each cell of the zoom, ranks beyond the zoom's left out."""
    rows = np.flatnonzero(seen)
    rank = columns["rank"].numbers()[rows] if "rank" in columns.attributes else np.zeros(rows.size)
    rank = np.where(np.isnan(rank), 9, rank)
    last = max((zoom, top) for zoom, top in _RANKS.items() if zoom <= z)[1]
    near = (rank <= last) & np.isfinite(columns.mx[rows])
    rows, rank = rows[near], rank[near]
    mask = np.zeros(len(columns), dtype=bool)
    if columns.shapes is not None:  # lines and areas are thinned by rank alone: a river has no cell
        mask[rows] = True
        return mask
    count = _CELLS << z
    column = (columns.mx[rows] * count).astype(np.int64)
    line = (columns.my[rows] * count).astype(np.int64)
    kind = columns[columns.layer.classed_by].codes[rows].astype(np.int64)
    cell = (kind * count + line) * count + column
    order = np.lexsort((columns.fid[rows], rank))
    _, first = np.unique(cell[order], return_index=True)
    mask[rows[order[first]]] = True
    return mask


def _near(columns: Columns, tile: Tile) -> Mask:
    """Which shapes may reach into the tile, its margin counted in."""
    found = columns.cache.get("bounds")
    if found is None:
        found = columns.remember("bounds", np.ascontiguousarray(shapely.bounds(columns.shapes).T))
    assert isinstance(found, np.ndarray)
    west, north, east, south = tile.bounds
    margin = (east - west) * BUFFER / EXTENT
    mask: Mask = (found[0] <= east + margin) & (found[2] >= west - margin)
    mask &= found[1] <= south + margin
    mask &= found[3] >= north - margin
    return mask


def _simplified(shapes: Geometries, z: int) -> Geometries:
    """The shapes, with detail below a third of a pixel of the zoom left out.

    Done for each tile: kept for all zooms it would take more room than the shapes themselves.
    """
    if z >= _SIMPLIFIED_BELOW:
        return shapes
    return np.asarray(shapely.simplify(shapes, 1 / 3 / 512 / (1 << z), preserve_topology=False), dtype=object)


def _coverage(areas: Columns, z: int) -> Geometries:
    """The areas simplified together, so that neighbours still share their border; per level, as levels overlap."""
    assert areas.shapes is not None
    if z >= _SIMPLIFIED_BELOW:
        return areas.shapes
    key = ("coverage", z)
    found = areas.cache.get(key)
    if found is None:
        found = areas.shapes.copy()
        # coverage_simplify takes the square root of the area that may be cut off a corner
        tolerance = 1 / 512 / (1 << z)
        drawn = (shapely.get_dimensions(found) == 2) & ~shapely.is_empty(found)
        for code in np.unique(areas["level"].codes):
            rows = np.flatnonzero(drawn & (areas["level"].codes == code))
            found[rows] = shapely.coverage_simplify(areas.shapes[rows], tolerance)
        areas.remember(key, found)
    assert isinstance(found, np.ndarray)
    return found


_GEOM = Dictionary()
_AREA, _SEAT = _GEOM.codes(["area", "seat"]).tolist()


def _divisions(index: Index, tile: Tile, *, reader: Reader, asof: date) -> bytes:
    """Areas and the seats of city, counties and towns in one layer; villages are among the place names."""
    areas, seats = index.layer("division-areas"), index.layer("divisions")
    area_rows = np.flatnonzero(areas.seen(reader=reader, asof=asof))
    towns_from = 8
    levels = ["city", "county", "town"] if tile.z >= towns_from else ["city", "county"]
    seat_rows = np.flatnonzero(
        seats.seen(reader=reader, asof=asof) & seats["level"].isin(levels) & tile.holds(seats.mx, seats.my)
    )
    points = np.asarray(shapely.points(seats.mx[seat_rows], seats.my[seat_rows]), dtype=object)
    shapes = np.concatenate((_coverage(areas, tile.z)[area_rows], points))
    ids = np.concatenate((areas.fid[area_rows], seats.fid[seat_rows]))
    columns = [
        _stacked(name, areas.attributes.get(source), area_rows, seats.attributes[seat_source], seat_rows)
        for name, source, seat_source in (
            ("uuid", "division_uuid", "uuid"),
            ("code", "code", "code"),
            ("name", "name", "name"),
            ("level", "level", "level"),
            ("inside", "inside", "inside"),
            ("rank", "", "label_rank"),
        )
    ]
    kinds = np.concatenate((np.full(area_rows.size, _AREA, np.int32), np.full(seat_rows.size, _SEAT, np.int32)))
    columns.append(Column("geom", kinds, _GEOM.encoded))
    return encode_shapes("divisions", tile, shapes, ids, columns)


def _stacked(name: str, first: Attribute | None, rows: Rows, second: Attribute, second_rows: Rows) -> Column:
    """Two attributes one below the other, their dictionaries joined."""
    if first is None:
        return Column(
            name,
            np.concatenate((np.full(rows.size, -1, np.int32), second.codes[second_rows])),
            second.dictionary.encoded,
        )
    offset = len(first.dictionary.encoded)
    later = second.codes[second_rows]
    codes = np.concatenate((first.codes[rows], np.where(later >= 0, later + offset, -1))).astype(np.int32)
    return Column(name, codes, first.dictionary.encoded + second.dictionary.encoded)


def tilejson(index: Index, key: str, *, reader: Reader, asof: date, url: str) -> dict[str, object]:
    """TileJSON 3.0.0 of a layer; ``url`` is the address pattern of its tiles."""
    layer = layer_named(key)
    _parts(key)
    columns = index.layer("division-areas" if key == "divisions" else key)
    seen = columns.seen(reader=reader, asof=asof)
    bounds = columns.extent(np.flatnonzero(seen)) or (-180.0, -85.0511, 180.0, 85.0511)
    return {
        "tilejson": "3.0.0",
        "name": layer.title_zh,
        "description": layer.title_en,
        "scheme": "xyz",
        "tiles": [url],
        "minzoom": layer.min_zoom,
        "maxzoom": MAX_TILE_ZOOM,
        "bounds": list(bounds),
        "vector_layers": [
            {
                "id": key,
                "description": layer.title_zh,
                "minzoom": layer.min_zoom,
                "maxzoom": MAX_TILE_ZOOM,
                "fields": {name: _type(layer, source) for name, source in layer.tiled},
            }
        ],
    }


def _type(layer: Layer, source: str) -> str:
    if source == "label_rank":
        return "Number"
    kind = layer.field(source).type
    return {"int": "Number", "float": "Number", "bool": "Boolean"}.get(kind, "String")
