"""What an HEIC photo says of itself: EXIF and size, from the boxes of its container (ISO/IEC 23008-12, 14496-12).

The picture is coded in HEVC, whose decoders carry patents and their own licences; its metadata are plain bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_MOST: Final = 4_096
_EXIF_BYTES: Final = 2_000_000


@dataclass(frozen=True)
class Metadata:
    """EXIF as Pillow loads it (beginning with ``Exif\\0\\0``), empty where there is none; width and height."""

    exif: bytes
    size: tuple[int, int] | None


def is_heif(start: bytes) -> bool:
    """Whether a file begins as one."""
    if start[4:8] != b"ftyp" or len(start) < 12:
        return False
    size = int.from_bytes(start[:4], "big")
    brands = {start[at : at + 4] for at in range(8, min(size, 128), 4) if at != 12}
    return bool(brands & BRANDS)


def metadata(data: bytes) -> Metadata | None:
    """What the container says; None where it is broken or cut off."""
    try:
        meta = next((body for kind, body in _boxes(data, 0, len(data)) if kind == b"meta"), None)
        if meta is None:
            return None
        start, end = meta[0] + 4, meta[1]
        boxes = dict(_boxes(data, start, end))
        size = _size(data, boxes.get(b"iprp"))
        item = _exif_item(data, boxes.get(b"iinf"))
        extent = None if item is None else _extent(data, boxes.get(b"iloc"), item)
    except (struct.error, IndexError, ValueError):
        return None
    if extent is None:
        return Metadata(b"", size)
    offset, length = extent
    if offset + length > len(data) or not 10 < length <= _EXIF_BYTES:
        return None
    skip = struct.unpack_from(">I", data, offset)[0]
    tiff = data[offset + 4 + skip : offset + length]
    return Metadata(b"Exif\0\0" + tiff, size)


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """The boxes between two places: kind, and where the body begins and ends."""
    at = start
    for _ in range(_MOST):
        if at + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            size = struct.unpack_from(">Q", data, at + 8)[0]
            head = 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise ValueError("a box that is longer than what holds it")
        yield kind, (at + head, at + size)
        at += size


def _size(data: bytes, iprp: tuple[int, int] | None) -> tuple[int, int] | None:
    """The largest of the sizes: a photo is tiled, and the whole is larger than a tile."""
    if iprp is None:
        return None
    ipco = dict(_boxes(data, *iprp)).get(b"ipco")
    sizes = [
        struct.unpack_from(">II", data, start + 4)
        for kind, (start, _) in (_boxes(data, *ipco) if ipco else ())
        if kind == b"ispe"
    ]
    if not sizes:
        return None
    width, height = max(sizes, key=lambda one: one[0] * one[1])
    return int(width), int(height)


def _exif_item(data: bytes, iinf: tuple[int, int] | None) -> int | None:
    if iinf is None:
        return None
    start, end = iinf
    start += 6 if data[start] == 0 else 8
    for kind, (at, _) in _boxes(data, start, end):
        if kind == b"infe" and data[at] in (2, 3):
            wide = data[at] == 3
            number = struct.unpack_from(">I" if wide else ">H", data, at + 4)[0]
            place = at + (8 if wide else 6) + 2
            if data[place : place + 4] == b"Exif":
                return int(number)
    return None


def _extent(data: bytes, iloc: tuple[int, int] | None, wanted: int) -> tuple[int, int] | None:
    """Where an item's bytes are: the first extent, counted from the file's beginning."""
    if iloc is None:
        return None
    at, _ = iloc
    version = data[at]
    sizes, more = data[at + 4], data[at + 5]
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size = more & 15 if version in (1, 2) else 0
    at += 6
    wide = version == 2
    count = int.from_bytes(data[at : at + (4 if wide else 2)], "big")
    at += 4 if wide else 2
    for _ in range(min(count, _MOST)):
        number = int.from_bytes(data[at : at + (4 if wide else 2)], "big")
        at += 4 if wide else 2
        method = int.from_bytes(data[at : at + 2], "big") & 15 if version in (1, 2) else 0
        at += (2 if version in (1, 2) else 0) + 2
        base = int.from_bytes(data[at : at + base_size], "big")
        at += base_size
        extents = int.from_bytes(data[at : at + 2], "big")
        at += 2
        for place in range(min(extents, _MOST)):
            at += index_size
            offset = int.from_bytes(data[at : at + offset_size], "big")
            at += offset_size
            length = int.from_bytes(data[at : at + length_size], "big")
            at += length_size
            if number == wanted and place == 0 and method == 0:
                return base + offset, length
    return None
