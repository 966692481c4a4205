"""道路街巷: streets in the grid of each town, lanes in the villages, some of which cross a river."""

from __future__ import annotations

import numpy as np
import shapely

from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.names import put_together
from layers.reference.demonstration.plane import Bools, Floats, Ints, to_plane
from layers.reference.demonstration.shapes import lines_within, strokes_that_fit
from layers.reference.demonstration.stock import STREETS
from layers.reference.demonstration.waters import Courses
from layers.reference.demonstration.world import World

URBAN, RURAL, CROSSING = 4_300, 2_050, 2_100


def _bearings(rng: np.random.Generator, world: World, town: Ints) -> tuple[Floats, Bools]:
    """Directions along each town's grid: east–west (街) or north–south (路)."""
    turn = world.chance.stream("streets/grid").normal(0, 0.12, len(world.ground.towns))
    across = rng.random(len(town)) < 0.5
    return turn[town] + np.where(across, 0.0, np.pi / 2) + rng.normal(0, 0.03, len(town)), across


def _street_names(across: Bools, length: Floats) -> list[str]:
    lane = length < 0.32
    return list(np.where(lane, "巷", np.where(across, "街", "路")).astype(object))


def make_streets(world: World, courses: Courses) -> Places:
    """8,450 streets and lanes: 4,300 where communities are, 2,050 in villages, 2,100 across a river or brook."""
    rng = world.chance.stream("streets")
    ground = world.ground
    # Towns without communities have streets too, round the committee nearest to their point.
    centre = np.unique(world.namer.nearest(ground.sites, np.arange(len(ground.sites))))
    urban = np.concatenate(
        [
            world.committees(rng, world.urban, URBAN - 1_200, twice=True),
            world.committees(rng, centre, 1_200, twice=True),
        ]
    )
    lanes = world.committees(rng, world.rural, RURAL)
    crossing, crossing_town, crossing_bearing = _over_water(rng, world, courses)
    village = np.concatenate([urban, lanes, world.namer.nearest(crossing, crossing_town)])
    town = np.concatenate([world.town[urban], world.town[lanes], crossing_town])
    bearing, across = _bearings(rng, world, town)
    middle = np.vstack(
        [
            ground.scatter(rng, world.xy[urban], world.town[urban], 0.55),
            ground.scatter(rng, world.xy[lanes], world.town[lanes], 0.12),
            crossing,
        ]
    )
    bearing[-CROSSING:] = crossing_bearing
    across[-CROSSING:] = np.abs(np.cos(crossing_bearing)) > 0.7
    length = np.concatenate(
        [
            np.clip(rng.lognormal(-0.25, 0.55, URBAN), 0.2, 3.5),
            np.clip(rng.lognormal(-1.1, 0.35, RURAL), 0.12, 0.9),
            rng.uniform(0.3, 0.7, CROSSING),
        ]
    )
    paths = strokes_that_fit(rng, ground, middle, town, length, bearing)
    # A stroke that crosses water must go through the very point: its bend is taken out.
    paths[-CROSSING:, 1] = crossing
    length = np.hypot(*(paths[:, 2] - paths[:, 0]).T)
    generic = _street_names(across, length)
    stems = world.namer.after(rng, village[:URBAN], STREETS, 0.93) + world.namer.after(
        rng, village[URBAN:], STREETS, 0.12
    )
    names = put_together(stems, generic, town)
    rank = np.where(length > 1.6, 8, 9)
    lines = lines_within(ground, list(paths))
    return Places(
        "transport/street", "transport", names, generic, "23510", rank, paths[:, 1], town, village, line=lines
    )


def _over_water(rng: np.random.Generator, world: World, courses: Courses) -> tuple[Floats, Ints, Floats]:
    """Points on rivers and brooks near villages, with the direction across the water."""
    at, owner = shapely.get_coordinates(courses.lines, return_index=True)
    same = owner[1:] == owner[:-1]
    start, end = to_plane(*at[:-1][same].T), to_plane(*at[1:][same].T)
    middle = (start + end) / 2
    town = world.ground.town_at(middle)
    near = np.hypot(*(world.xy[world.namer.nearest(middle, np.maximum(town, 0))] - middle).T)
    pool = np.flatnonzero((town >= 0) & (near < 1.4) & (np.hypot(*(end - start).T) > 0.03))
    weight = 1 / (0.2 + near[pool])
    chosen = rng.choice(pool, size=CROSSING, replace=False, p=weight / weight.sum())
    way = end[chosen] - start[chosen]
    return middle[chosen], town[chosen], np.arctan2(way[:, 1], way[:, 0]) + np.pi / 2 + rng.normal(0, 0.1, CROSSING)
