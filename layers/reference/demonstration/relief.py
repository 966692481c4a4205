"""A made-up relief and the grid of points over the city on which waters are found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import Delaunay

from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.identity import Chance
from layers.reference.demonstration.plane import Floats, Ints, to_plane

STEP_KM = 0.62

#: Hills and highlands: longitude, latitude, height in m, radius east–west and north–south in km. The south-west and
#: the south are high, the north is a plain that falls to the sea: the lie of the land, not its survey.
_HILLS = (
    (118.42, 36.22, 620.0, 30.0, 26.0),
    (118.25, 36.55, 420.0, 18.0, 26.0),
    (118.75, 36.20, 330.0, 22.0, 20.0),
    (118.95, 36.42, 150.0, 16.0, 22.0),
    (119.05, 35.95, 260.0, 24.0, 18.0),
    (119.60, 35.78, 230.0, 26.0, 14.0),
    (119.85, 36.15, 90.0, 20.0, 22.0),
    (119.30, 36.55, 60.0, 20.0, 20.0),
)


def height_m(xy: Floats) -> Floats:
    """Made-up height in metres at points on the plane."""
    x, y = xy[..., 0], xy[..., 1]
    height = 8.0 + np.clip(190.0 - y, 0, None) * 0.55
    for lon, lat, top, east, north in _HILLS:
        at = to_plane(lon, lat)
        height = height + top * np.exp(-(((x - at[0]) / east) ** 2) - ((y - at[1]) / north) ** 2)
    ripple = np.sin(x / 3.1 + np.sin(y / 4.7)) * np.cos(y / 2.7 + np.sin(x / 5.3))
    return np.asarray(height * (1 + 0.12 * ripple), dtype=np.float64)


@dataclass(frozen=True)
class Relief:
    """Points over the city with their neighbours.

    Attributes
    ----------
    xy, height
        Position on the plane and height.
    edges
        Pairs of neighbouring points whose connection stays in the city; no two cross. Shape (m, 2).
    town
        Town row of each point's cell.
    """

    xy: Floats
    height: Floats
    edges: Ints
    town: Ints


def survey(ground: Ground, chance: Chance) -> Relief:
    """Lay a jittered grid of about 41,000 points over the city and connect neighbours."""
    rng = chance.stream("relief")
    west, south, east, north = ground.extent
    low, high = to_plane(west, south), to_plane(east, north)
    columns, rows = (int(n) for n in np.ceil((high - low) / STEP_KM))
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2)
    xy = low + (grid + 0.5 + rng.uniform(-0.38, 0.38, grid.shape)) * STEP_KM
    town = ground.town_at(xy)
    xy, town = xy[town >= 0], town[town >= 0]
    triangles = Delaunay(xy).simplices
    edges = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    edges = np.unique(edges, axis=0).astype(np.int64)
    edges = edges[np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T) < 2.2 * STEP_KM]
    edges = edges[ground.within_city(xy[edges[:, 0]], xy[edges[:, 1]])]
    return Relief(xy, height_m(xy), edges, town)
