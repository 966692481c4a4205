"""Points: the whole layer is written in one sweep of numpy, whatever the number of features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gis.mvt.features import heads, layer_message
from gis.mvt.values import Column, dictionaries
from gis.mvt.wire import varint_sizes, zigzag

POINT = 1


def encode_points(
    name: str,
    px: NDArray[np.int32],
    py: NDArray[np.int32],
    ids: NDArray[np.int64],
    columns: Sequence[Column] = (),
) -> bytes:
    """Encode one layer of points.

    Parameters
    ----------
    name
        The layer's name in the tile.
    px, py
        Shape (features,), tile coordinates as `Tile.pixels` gives them.
    ids
        Shape (features,), not negative.
    columns
        At most 128 attributes, aligned with the features.

    Returns
    -------
    bytes
        A tile with this layer; empty where there are no features. Tiles of several layers are their bytes joined.
    """
    if px.size == 0:
        return b""
    keys, values, indexes = dictionaries(columns)
    zx, zy = zigzag(px), zigzag(py)
    zx_sizes, zy_sizes = varint_sizes(zx), varint_sizes(zy)
    rows, _ = heads(ids, indexes, POINT, np.uint8(1) + zx_sizes + zy_sizes)
    rows.constant(9)  # MoveTo, once
    rows.varint(zx, zx_sizes)
    rows.varint(zy, zy_sizes)
    return layer_message(name, rows.pieces(), keys, values)
