"""GeoPackage geometry blobs and shapely geometries, one at a time and a column at once.

A blob is a header of 8 bytes (``GP``, version, flags, srs_id), an optional envelope and ISO well-known binary
(OGC 12-128r18, clause 2.1.3). Points are written without an envelope, everything else with the one in x and y, as
GDAL does.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

SRS_ID = 4490
"""EPSG code of everything that is stored."""

ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_POINT = np.dtype(
    [
        ("magic", "S2"),
        ("version", "u1"),
        ("flags", "u1"),
        ("srs", "<i4"),
        ("order", "u1"),
        ("kind", "<u4"),
        ("x", "<f8"),
        ("y", "<f8"),
    ]
)
_POINT_BYTES = _POINT.itemsize
_POINT_HEAD = struct.pack("<2sBBiBI", b"GP", 0, 1, SRS_ID, 1, 1)
_ENVELOPE = struct.Struct("<2sBBi4d")

Geometries = NDArray[np.object_]


def wkb_offset(blob: bytes) -> int:
    """Where the well-known binary begins.

    Raises
    ------
    ValueError
        If the header is not a GeoPackage's.
    """
    if len(blob) < 13 or blob[:2] != b"GP":
        raise ValueError("not a GeoPackage geometry")
    indicator = (blob[3] >> 1) & 7
    if indicator >= len(ENVELOPE_BYTES):
        raise ValueError("unknown envelope in a GeoPackage geometry")
    return 8 + ENVELOPE_BYTES[indicator]


def header_srs(blob: bytes) -> int:
    """The srs_id in a blob's header."""
    return int.from_bytes(blob[4:8], "little" if blob[3] & 1 else "big", signed=True)


def decode(blob: bytes | None) -> shapely.Geometry | None:
    """One geometry; None stays None."""
    return None if blob is None else shapely.from_wkb(blob[wkb_offset(blob) :])


def encode(geometry: shapely.Geometry | None) -> bytes | None:
    """One blob; None stays None."""
    return encode_all(np.array([geometry], dtype=object))[0]


def decode_all(blobs: Sequence[bytes | None]) -> Geometries:
    """Geometries of a column of blobs, in the same order; None stays None, and what is broken becomes it.

    One broken row must not make the whole table unreadable; `check_register` names it.

    Points as this program and GDAL write them are read in one go, whatever else through GEOS.
    """
    missing = np.fromiter((blob is None for blob in blobs), dtype=bool, count=len(blobs))
    present: list[bytes] = [blob for blob in blobs if blob is not None] if missing.any() else list(blobs)  # type: ignore[arg-type]
    found = _decode_present(present)
    if not missing.any():
        return found
    out: Geometries = np.full(len(blobs), None, dtype=object)
    out[~missing] = found
    return out


def _decode_present(blobs: list[bytes]) -> Geometries:
    joined = b"".join(blobs)
    # Every header is compared below, so a mixture of lengths that happens to add up is still seen.
    if len(joined) == _POINT_BYTES * len(blobs) and all(len(blob) == _POINT_BYTES for blob in blobs):
        heads = np.frombuffer(joined, dtype=np.uint8).reshape(len(blobs), _POINT_BYTES)[:, : len(_POINT_HEAD)]
        if (heads == np.frombuffer(_POINT_HEAD, dtype=np.uint8)).all():
            points = np.frombuffer(joined, dtype=_POINT)
            if np.isfinite(points["x"]).all():  # an empty point is NaN, NaN
                return np.asarray(shapely.points(points["x"], points["y"]), dtype=object).reshape(len(blobs))
    wkbs = np.empty(len(blobs), dtype=object)
    wkbs[:] = [_wkb(blob) for blob in blobs]
    return np.asarray(shapely.from_wkb(wkbs, on_invalid="ignore"), dtype=object).reshape(len(blobs))


def _wkb(blob: bytes) -> bytes | None:
    try:
        return blob[wkb_offset(blob) :]
    except ValueError:
        return None


def encode_all(geometries: Geometries) -> list[bytes | None]:
    """Blobs of a column of geometries, in the same order; None stays None."""
    if len(geometries) == 0:
        return []
    kinds = shapely.get_type_id(geometries)
    if (kinds == 0).all() and not shapely.is_empty(geometries).any() and not shapely.has_z(geometries).any():
        return _encode_points(geometries)
    bounds = shapely.bounds(geometries)
    empty = shapely.is_empty(geometries)
    wkbs = shapely.to_wkb(geometries, byte_order=1, flavor="iso")
    blobs: list[bytes | None] = []
    for wkb, box, is_empty, kind in zip(wkbs, bounds.tolist(), empty.tolist(), kinds.tolist(), strict=True):
        if wkb is None:
            blobs.append(None)
        elif is_empty:
            blobs.append(struct.pack("<2sBBi", b"GP", 0, 0x11, SRS_ID) + wkb)
        elif kind == 0:
            blobs.append(struct.pack("<2sBBi", b"GP", 0, 1, SRS_ID) + wkb)
        else:
            min_x, min_y, max_x, max_y = box
            blobs.append(_ENVELOPE.pack(b"GP", 0, 3, SRS_ID, min_x, max_x, min_y, max_y) + wkb)
    return blobs


def _encode_points(geometries: Geometries) -> list[bytes | None]:
    points = np.empty(len(geometries), dtype=_POINT)
    raw = points.view(np.uint8).reshape(len(points), _POINT_BYTES)
    raw[:, : len(_POINT_HEAD)] = np.frombuffer(_POINT_HEAD, dtype=np.uint8)
    points["x"] = shapely.get_x(geometries)
    points["y"] = shapely.get_y(geometries)
    joined = points.tobytes()
    return [joined[at : at + _POINT_BYTES] for at in range(0, len(joined), _POINT_BYTES)]


def bounds_of(blob: bytes | None) -> tuple[float, float, float, float] | None:
    """West, south, east, north of one blob, from its envelope where it has one; None if empty, missing or broken."""
    if blob is None:
        return None
    try:
        start = wkb_offset(blob)
    except ValueError:
        return None
    if blob[3] & 0x10:
        return None
    if start > 8:
        order = "<" if blob[3] & 1 else ">"
        min_x, max_x, min_y, max_y = struct.unpack_from(order + "4d", blob, 8)
    elif len(blob) == _POINT_BYTES and blob[8] == 1:
        min_x, min_y = max_x, max_y = struct.unpack_from("<2d", blob, 13)
    else:
        try:
            min_x, min_y, max_x, max_y = shapely.from_wkb(blob[start:]).bounds
        except (shapely.errors.GEOSException, ValueError):
            return None
    return None if min_x != min_x else (min_x, min_y, max_x, max_y)
