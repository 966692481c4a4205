"""Points of a shapefile, all at once.

OGR takes a step for each point; the file is a header and records of one length, which numpy writes in one sweep.
Source: ESRI Shapefile Technical Description, July 1998, pages 3 to 5 and 23.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_POINT: Final = 1
_HEADER_BYTES: Final = 100
_RECORD: Final = np.dtype([("number", ">i4"), ("words", ">i4"), ("type", "<i4"), ("x", "<f8"), ("y", "<f8")])
_ENTRY: Final = np.dtype([("offset", ">i4"), ("words", ">i4")])
_CONTENT_WORDS: Final = 10


def write_points(path: Path, points: NDArray[np.float64]) -> list[Path]:
    """Write the .shp and .shx of points.

    Parameters
    ----------
    path
        The .shp file; the .shx stands beside it.
    points
        Shape (rows, 2), finite, easting or longitude first.

    Returns
    -------
    list of Path
        Both files.
    """
    count = len(points)
    records = np.empty(count, dtype=_RECORD)
    records["number"] = np.arange(1, count + 1)
    records["words"] = _CONTENT_WORDS
    records["type"] = _POINT
    records["x"], records["y"] = points[:, 0], points[:, 1]
    entries = np.empty(count, dtype=_ENTRY)
    entries["offset"] = (_HEADER_BYTES + np.arange(count) * _RECORD.itemsize) // 2
    entries["words"] = _CONTENT_WORDS
    index = path.with_suffix(".shx")
    path.write_bytes(_header(points, count * _RECORD.itemsize) + records.tobytes())
    index.write_bytes(_header(points, count * _ENTRY.itemsize) + entries.tobytes())
    return [path, index]


def _header(points: NDArray[np.float64], body_bytes: int) -> bytes:
    box = np.zeros(8, dtype="<f8")
    if len(points):
        box[:2], box[2:4] = points.min(axis=0), points.max(axis=0)
    first = np.array([9994, 0, 0, 0, 0, 0, (_HEADER_BYTES + body_bytes) // 2], dtype=">i4")
    return first.tobytes() + np.array([1000, _POINT], dtype="<i4").tobytes() + box.tobytes()
