"""Mapbox vector tiles: tile mathematics and a vectorised encoder, numpy and shapely only.

Specification: Mapbox Vector Tile 2.1. Coordinates that come in are Web Mercator scaled to the unit square (0, 0 is the
north-west corner), as `gis.crs.to_mercator` gives them.
"""

from gis.mvt.points import encode_points
from gis.mvt.shapes import encode_shapes
from gis.mvt.tile import EXTENT, MAX_ZOOM, BadTile, Tile, tile_at
from gis.mvt.values import Column, Encoded, coded, encoded_values

__all__ = [
    "EXTENT",
    "MAX_ZOOM",
    "BadTile",
    "Column",
    "Encoded",
    "Tile",
    "coded",
    "encode_points",
    "encode_shapes",
    "encoded_values",
    "tile_at",
]
