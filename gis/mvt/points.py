"""Points: the whole layer is written in one sweep of numpy, whatever the number of features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gis.mvt.tile import EXTENT
from gis.mvt.values import Column, dictionaries
from gis.mvt.wire import Rows, varint, varint_sizes, zigzag


def layer_message(name: str, features: bytes, keys: bytes, values: bytes) -> bytes:
    """A `Tile.layers` field of version 2 around ready features, keys and values."""
    title = name.encode()
    body = b"\x78\x02\x0a" + varint(len(title)) + title + features + keys + values + b"\x28" + varint(EXTENT)
    return b"\x1a" + varint(len(body)) + body


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
    rows = Rows(px.size)
    ids = ids.astype(np.int64, copy=False)
    id_sizes = varint_sizes(ids)

    has = [index >= 0 for index in indexes]
    index_sizes = [varint_sizes(np.maximum(index, 0)) for index in indexes]
    tags_length = np.zeros(px.size, dtype=np.int64)
    for present, size in zip(has, index_sizes, strict=True):
        tags_length += present * (1 + size)
    tags_length_sizes = varint_sizes(tags_length)
    tagged: NDArray[np.bool_] = tags_length > 0

    zx, zy = zigzag(px), zigzag(py)
    zx_sizes, zy_sizes = varint_sizes(zx), varint_sizes(zy)
    geometry_length = 1 + zx_sizes + zy_sizes
    length = 1 + id_sizes + tagged * (1 + tags_length_sizes + tags_length) + 2 + 2 + geometry_length

    rows.constant(0x12)  # Layer.features
    rows.varint(length, varint_sizes(length))
    rows.constant(0x08)  # Feature.id
    rows.varint(ids, id_sizes)
    rows.constant(0x12, where=tagged)  # Feature.tags
    rows.varint(tags_length, tags_length_sizes, where=tagged)
    for key, (index, present, size) in enumerate(zip(indexes, has, index_sizes, strict=True)):
        rows.constant(key, where=present)
        rows.varint(index, size, where=present)
    rows.constant(0x18)  # Feature.type
    rows.constant(1)
    rows.constant(0x22)  # Feature.geometry
    rows.varint(geometry_length, np.ones(px.size, dtype=np.int64))
    rows.constant(9)  # MoveTo, once
    rows.varint(zx, zx_sizes)
    rows.varint(zy, zy_sizes)
    return layer_message(name, rows.tobytes(), keys, values)
