"""A simple plane in kilometres for laying things out.

Good to about 1 % over the city: enough to make up positions, never used to measure (that is `gis.measure`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

KM_PER_DEGREE_LAT = 110.98
KM_PER_DEGREE_LON = 111.32 * float(np.cos(np.radians(36.55)))


def to_plane(lon: Any, lat: Any) -> Floats:
    """Longitude and latitude (degrees) to x, y (km east and north of 118°E 35.5°N); shape (n, 2)."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    return np.stack([(lon - 118.0) * KM_PER_DEGREE_LON, (lat - 35.5) * KM_PER_DEGREE_LAT], axis=-1)


def to_degrees(xy: Floats) -> Floats:
    """Back to longitude and latitude, rounded to 1e-7 degrees (1 cm); shape (n, 2)."""
    lon = xy[..., 0] / KM_PER_DEGREE_LON + 118.0
    lat = xy[..., 1] / KM_PER_DEGREE_LAT + 35.5
    return np.asarray(np.round(np.stack([lon, lat], axis=-1), 7), dtype=np.float64)


def smooth(path: Floats, steps: int = 4) -> Floats:
    """A Catmull-Rom curve through every vertex of a path: what was joined at a vertex stays joined."""
    if len(path) < 3:
        return path
    before = np.vstack([2 * path[0] - path[1], path[:-2]])
    after = np.vstack([path[2:], 2 * path[-1] - path[-2]])
    start, end = path[:-1], path[1:]
    t = (np.arange(steps) / steps)[None, :, None]
    p0, p1, p2, p3 = (p[:, None, :] for p in (before, start, end, after))
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    return np.vstack([curve.reshape(-1, 2), path[-1:]])
