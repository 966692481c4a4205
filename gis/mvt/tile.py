"""Tile mathematics in the unit square of Web Mercator."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_, Invalid

EXTENT = 4096
MAX_ZOOM = 22


class BadTile(Invalid):
    """A zoom, column or row that no tile has."""

    code = "bad-tile"


@dataclass(frozen=True)
class Tile:
    """One tile of the Web Mercator quad: zoom 0 to `MAX_ZOOM`, column x from west, row y from north.

    Raises
    ------
    BadTile
        Where z, x or y is out of range.
    """

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= MAX_ZOOM:
            raise BadTile(N_("Zoom %(z)s is outside 0 to %(max)s."), z=self.z, max=MAX_ZOOM)
        if not (0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise BadTile(
                N_("There is no tile %(x)s/%(y)s at zoom %(z)s: both run from 0 to %(last)s."),
                z=self.z,
                x=self.x,
                y=self.y,
                last=2**self.z - 1,
            )

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, north, east, south in the unit square."""
        size = 1.0 / (1 << self.z)
        return self.x * size, self.y * size, (self.x + 1) * size, (self.y + 1) * size

    @property
    def lonlat_bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        west, north, east, south = self.bounds
        return west * 360 - 180, _latitude(south), east * 360 - 180, _latitude(north)

    def holds(self, mx: NDArray[np.float64], my: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points fall into the tile, its west and north edge counted in: every point is in one tile of a zoom."""
        west, north, east, south = self.bounds
        inside: NDArray[np.bool_] = (mx >= west) & (mx < east)
        inside &= my >= north
        inside &= my < south
        return inside

    def pixels(self, mx: NDArray[np.float64], my: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Tile coordinates (0 to EXTENT - 1 inside), rounded down so that a point inside stays inside."""
        scale = float(EXTENT) * (1 << self.z)
        return (
            np.floor(mx * scale - self.x * EXTENT).astype(np.int32),
            np.floor(my * scale - self.y * EXTENT).astype(np.int32),
        )


def _latitude(my: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * my))))


def tile_at(mx: float, my: float, z: int) -> Tile:
    """The tile of that zoom that holds a point of the unit square."""
    count = 1 << z
    return Tile(z, min(int(mx * count), count - 1), min(int(my * count), count - 1))
