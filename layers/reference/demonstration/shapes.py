"""Extents of made-up places: smooth lines, closed shapes that stay in their county."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from layers.reference.demonstration.ground import Ground
from layers.reference.demonstration.plane import Floats, Ints, smooth, to_degrees

_CORNERS = 20


def line(path: Floats, steps: int = 3) -> Any:
    """A smooth line (degrees) through every vertex of a path on the plane."""
    return shapely.linestrings(to_degrees(smooth(path, steps)))


def lines_within(ground: Ground, paths: list[Floats], steps: int = 3) -> list[Any]:
    """`line` of each path; a curve that would leave the city is drawn straight."""
    made = [line(path, steps) for path in paths]
    inside = shapely.covers(ground.city, made)
    return [curve if good else line(path, 1) for curve, good, path in zip(made, inside, paths, strict=True)]


def blobs(rng: np.random.Generator, ground: Ground, centre: Floats, town: Ints, radius_km: Floats) -> list[Any]:
    """Closed shapes about centres, each inside its county.

    A shape that would leave the county is made smaller until it fits.
    """
    count = len(centre)
    angle = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    phase = rng.uniform(0, 2 * np.pi, (count, 3, 1))
    wave = sum(
        a * np.sin(k * angle[None, :] + phase[:, n]) for n, (k, a) in enumerate(((2, 0.28), (3, 0.18), (5, 0.10)))
    )
    reach = (1 + np.asarray(wave)) * radius_km[:, None]
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    county = ground.town_county[town]
    out: list[Any] = [None] * count
    left = np.arange(count)
    for _ in range(14):
        corners = centre[left, None, :] + reach[left, :, None] * ring[None]
        shapes: Any = shapely.polygons(to_degrees(corners))
        fits = np.array([shapely.covers(ground.inner[county[row]], s) for row, s in zip(left, shapes, strict=True)])
        for row, shape, good in zip(left, shapes, fits, strict=True):
            if good:
                out[row] = shape
        left = left[~fits]
        if not len(left):
            break
        reach[left] *= 0.6
    return out


def strokes(centre: Floats, bearing: Floats, length_km: Floats, bend: Floats) -> Floats:
    """Three-point paths: shape (n, 3, 2); ``bend`` moves the middle aside, in shares of the length."""
    along = np.stack([np.cos(bearing), np.sin(bearing)], axis=-1) * (length_km / 2)[:, None]
    aside = np.stack([-np.sin(bearing), np.cos(bearing)], axis=-1) * (length_km * bend)[:, None]
    return np.stack([centre - along, centre + aside, centre + along], axis=1)


def strokes_that_fit(
    rng: np.random.Generator, ground: Ground, centre: Floats, town: Ints, length_km: Floats, bearing: Floats
) -> Floats:
    """`strokes` made shorter until both ends lie in the cell of their town."""
    length = length_km.copy()
    bend = rng.uniform(-0.06, 0.06, len(centre))
    for _ in range(12):
        path = strokes(centre, bearing, length, bend)
        good = ground.within_city(path[:, 0], path[:, 1]) & ground.within_city(path[:, 1], path[:, 2])
        for corner in range(3):
            good &= ground.belongs(path[:, corner], town)
        if good.all():
            break
        length[~good] *= 0.6
    return strokes(centre, bearing, length, bend)
