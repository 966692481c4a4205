"""What all features have in front of their geometry: length, id, tags and type, written for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.mvt.tile import EXTENT
from gis.mvt.wire import Rows, Where, narrowed, varint, varint_sizes

Sizes = NDArray[np.integer[Any]]


def heads(
    ids: NDArray[np.integer[Any]], indexes: Sequence[Sizes], kinds: NDArray[np.integer[Any]] | int, geometry: Sizes
) -> tuple[Rows, Sizes]:
    """Everything of each feature up to its geometry's commands.

    Parameters
    ----------
    ids
        Shape (features,), not negative.
    indexes
        Of each column the position of each feature's value among the tile's values, -1 for none.
    kinds
        `GeomType` of each feature, or of all.
    geometry
        Shape (features,), bytes of each feature's commands.

    Returns
    -------
    rows, sizes
        The records, to which commands of a fixed pattern may be added, and the bytes of each so far.
    """
    rows = Rows(ids.size)
    ids = narrowed(ids)
    id_sizes = varint_sizes(ids)
    # where every feature has a value, nothing has to be masked
    has: list[Where] = [True if index.min(initial=0) >= 0 else index >= 0 for index in indexes]
    places = [narrowed(np.maximum(index, 0)) for index in indexes]
    place_sizes = [varint_sizes(place) for place in places]
    tags = np.zeros(ids.size, dtype=np.uint16)
    for present, size in zip(has, place_sizes, strict=True):
        tags += (size + np.uint8(1)) * present
    tags_sizes = varint_sizes(tags)
    tagged: Where = True if any(present is True for present in has) else tags > 0
    geometry_sizes = varint_sizes(geometry)
    body = 1 + id_sizes + (1 + tags_sizes + tags) * tagged + 2 + 1 + geometry_sizes
    length = body + geometry
    length_sizes = varint_sizes(length)

    rows.constant(0x12)  # Layer.features
    rows.varint(length, length_sizes)
    rows.constant(0x08)  # Feature.id
    rows.varint(ids, id_sizes)
    rows.constant(0x12, where=tagged)  # Feature.tags
    rows.varint(tags, tags_sizes, where=tagged)
    for key, (place, present, size) in enumerate(zip(places, has, place_sizes, strict=True)):
        rows.constant(key, where=present)
        rows.varint(place, size, where=present)
    rows.constant(0x18)  # Feature.type
    if isinstance(kinds, int):
        rows.constant(kinds)
    else:
        rows.varint(kinds, np.ones(ids.size, dtype=np.uint8))
    rows.constant(0x22)  # Feature.geometry
    rows.varint(geometry, geometry_sizes)
    return rows, 1 + length_sizes + body


def layer_message(name: str, features: Sequence[bytes], keys: bytes, values: bytes) -> bytes:
    """A `Tile.layers` field of version 2 around ready features (in any number of pieces), keys and values."""
    title = name.encode()
    pieces = [b"\x78\x02\x0a", varint(len(title)), title, *features, keys, values, b"\x28", varint(EXTENT)]
    # joined once: a tile of megabytes takes longer to copy than to encode
    return b"".join([b"\x1a", varint(sum(map(len, pieces))), *pieces])
